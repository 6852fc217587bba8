#include "policy/feed.h"

#include <string.h>

#include "base/reader.h"
#include "codec/cbor.h"
#include "crypto/verify.h"
#include "policy/breaker.h"
#include "policy/mission_form.h"
#include "policy/recount.h"

enum { ITEM_PRICE = 1, ITEM_POSITIONS = 2, ITEM_EQUITY = 3, ITEM_SETTLEMENT = 4 };

bool zc_source_fresh(const zc_mission *mission, uint16_t feed, int64_t time_ms, int64_t now_ms)
{
    return now_ms - time_ms <= (int64_t)mission->feeds[feed].oldest_s * 1000;
}

/* One reading of a message: first to check it, with `apply` off, then to take it in. */
typedef struct feed_reading {
    zc_policy_state *state;
    const zc_mission *mission;
    uint16_t feed;
    bool any_deployment;
    bool apply;
    int64_t time_ms;
} feed_reading;

static uint16_t find_asset(const zc_mission *mission, zc_slice name)
{
    for (uint16_t i = 0; i < mission->asset_count; i++) {
        if (zc_slice_eq_text(name, mission->assets[i].name)) {
            return i;
        }
    }
    return ZC_POLICY_NONE;
}

static uint16_t find_market(const zc_mission *mission, zc_slice name)
{
    for (uint16_t i = 0; i < mission->market_count; i++) {
        if (zc_slice_eq_text(name, mission->markets[i].name)) {
            return i;
        }
    }
    return ZC_POLICY_NONE;
}

/* Prices of assets that the mission does not price by this feed are passed over: one feed serves
 * many. */
static zc_result read_price(feed_reading *reading, zc_reader *reader)
{
    zc_slice name = {0};
    zc_u256 price = ZC_U256_ZERO;
    uint64_t scale = 0;
    ZC_TRY(zc_cbor_get_text(reader, &name));
    ZC_TRY(zc_cbor_get_u256(reader, &price));
    ZC_TRY(zc_cbor_get_uint_max(reader, ZC_MISSION_MAX_SCALE, &scale));
    uint16_t asset = find_asset(reading->mission, name);
    uint16_t at = asset == ZC_POLICY_NONE ? 0 : reading->state->index.price_of[asset];
    bool ours = at != 0 && reading->mission->prices[at - 1].has_feed &&
                reading->mission->prices[at - 1].feed == reading->feed;
    if (ours && reading->apply) {
        reading->state->sources.price[asset] = (zc_price_state){
            .known = true, .scale = (uint8_t)scale, .time_ms = reading->time_ms, .price = price};
    }
    return ZC_OK;
}

/* All positions: what is not named is flat. A market that the mission does not know is refused,
 * for its position would count nowhere. */
static zc_result read_positions(feed_reading *reading, zc_reader *reader)
{
    size_t count = 0;
    zc_u256 *positions = reading->state->sources.position[reading->feed];
    zc_feed_state *feed = &reading->state->sources.feed[reading->feed];
    ZC_TRY(zc_cbor_get_array(reader, ZC_MISSION_MAX_MARKETS, &count));
    if (reading->apply) {
        memset(positions, 0, sizeof reading->state->sources.position[0]);
        feed->has_positions = true;
        feed->positions_ms = reading->time_ms;
    }
    for (size_t i = 0; i < count; i++) {
        size_t fields = 0;
        zc_slice name = {0};
        zc_u256 value = ZC_U256_ZERO;
        ZC_TRY(zc_cbor_get_array(reader, 2, &fields));
        ZC_TRY(zc_cbor_get_text(reader, &name));
        ZC_TRY(zc_cbor_get_u256(reader, &value));
        uint16_t market = find_market(reading->mission, name);
        if (fields != 2 || market == ZC_POLICY_NONE) {
            return zc_fail(ZC_POLICY_FEED_FORM);
        }
        if (reading->apply && !zc_ok(zc_u256_add(&positions[market], &value, &positions[market]))) {
            positions[market] = ZC_U256_MAX;
        }
    }
    return ZC_OK;
}

static zc_result read_equity(feed_reading *reading, zc_reader *reader)
{
    zc_u256 equity = ZC_U256_ZERO;
    zc_feed_state *feed = &reading->state->sources.feed[reading->feed];
    ZC_TRY(zc_cbor_get_u256(reader, &equity));
    if (reading->apply) {
        feed->has_equity = true;
        feed->equity_ms = reading->time_ms;
        feed->equity = equity;
        zc_breakers_see_equity(reading->state, reading->mission, reading->feed, &equity,
                               reading->time_ms);
    }
    return ZC_OK;
}

/* Gives back what of one charge was not used, as far as the limit lets it be. */
static void release(zc_policy_state *state, const zc_mission *mission, zc_charge *charge,
                    const zc_u256 *used)
{
    zc_row *row = &state->rows.row[charge->row];
    const zc_rule *rule = &mission->rules[row->rule];
    const zc_row_key key = zc_row_key_of_releases();
    zc_u256 back = ZC_U256_ZERO;
    zc_u256 room = ZC_U256_ZERO;
    if (!zc_ok(zc_u256_sub(&charge->amount, used, &back)) || zc_u256_is_zero(&back) ||
        !zc_rows_room(&state->rows, 1, state->now_ms)) {
        return;
    }
    uint16_t at = zc_rows_take(&state->rows, mission, row->rule, &key, state->now_ms);
    zc_row *released = &state->rows.row[at];
    zc_row_advance(released, mission, state->now_ms);
    if (!zc_ok(zc_u256_sub(&rule->release, &released->window.total, &room))) {
        return;
    }
    back = zc_u256_min(&back, &room);
    if (zc_u256_is_zero(&back)) {
        return;
    }
    zc_row_advance(row, mission, state->now_ms);
    if (zc_ok(zc_window_remove(&row->window, charge->bucket, &back))) {
        /* Neither can fail: both were measured. */
        (void)!zc_ok(zc_u256_sub(&charge->amount, &back, &charge->amount));
        (void)!zc_ok(zc_window_add(&released->window, &back));
        int64_t leaves = zc_row_leaves_ms(released, mission, state->now_ms);
        released->leaves_ms = leaves > released->leaves_ms ? leaves : released->leaves_ms;
    }
}

static void settle(feed_reading *reading, uint16_t slot, uint16_t asset, const zc_u256 *used)
{
    zc_policy_state *state = reading->state;
    uint16_t at = state->reservations.slot[slot].charges;
    for (; at != ZC_RESERVATION_NONE; at = state->reservations.charge[at].next) {
        zc_charge *charge = &state->reservations.charge[at];
        if (charge->leaves_ms <= state->now_ms) {
            continue;
        }
        const zc_rule *rule = &reading->mission->rules[state->rows.row[charge->row].rule];
        bool named = rule->has_release && rule->feed == reading->feed && rule->has_asset &&
                     rule->asset == asset;
        if (named) {
            release(state, reading->mission, charge, used);
        }
    }
}

static zc_result read_settlement(feed_reading *reading, zc_reader *reader)
{
    uint8_t digest[32];
    size_t count = 0;
    bool named[ZC_MISSION_MAX_ASSETS] = {false};
    ZC_TRY(zc_cbor_get_fixed_bytes(reader, digest, sizeof digest));
    ZC_TRY(zc_cbor_get_array(reader, ZC_MISSION_MAX_ASSETS, &count));
    uint16_t slot = reading->apply
                        ? zc_reservations_by_digest(&reading->state->reservations, digest)
                        : ZC_RESERVATION_NONE;
    for (size_t i = 0; i < count; i++) {
        size_t fields = 0;
        zc_slice name = {0};
        zc_u256 used = ZC_U256_ZERO;
        ZC_TRY(zc_cbor_get_array(reader, 2, &fields));
        ZC_TRY(zc_cbor_get_text(reader, &name));
        ZC_TRY(zc_cbor_get_u256(reader, &used));
        uint16_t asset = find_asset(reading->mission, name);
        if (fields != 2 || asset == ZC_POLICY_NONE || named[asset]) {
            return zc_fail(ZC_POLICY_FEED_FORM);
        }
        named[asset] = true;
        if (slot != ZC_RESERVATION_NONE) {
            settle(reading, slot, asset, &used);
        }
    }
    for (uint16_t i = 0; slot != ZC_RESERVATION_NONE && i < reading->mission->asset_count; i++) {
        if (!named[i]) {
            settle(reading, slot, i, &ZC_U256_ZERO);
        }
    }
    return ZC_OK;
}

static zc_result read_item(feed_reading *reading, zc_reader *reader)
{
    static const struct {
        size_t fields;
        uint32_t says;
        zc_result (*read)(feed_reading *, zc_reader *);
    } kinds[] = {[ITEM_PRICE] = {4, ZC_SAYS_PRICES, read_price},
                 [ITEM_POSITIONS] = {2, ZC_SAYS_POSITIONS, read_positions},
                 [ITEM_EQUITY] = {2, ZC_SAYS_EQUITY, read_equity},
                 [ITEM_SETTLEMENT] = {3, ZC_SAYS_SETTLEMENTS, read_settlement}};
    size_t fields = 0;
    uint64_t kind = 0;
    ZC_TRY(zc_cbor_get_array(reader, 4, &fields));
    ZC_TRY(zc_cbor_get_uint(reader, &kind));
    bool known = kind >= ITEM_PRICE && kind <= ITEM_SETTLEMENT;
    if (!known || fields != kinds[kind].fields ||
        (reading->mission->feeds[reading->feed].says & kinds[kind].says) == 0 ||
        (reading->any_deployment && kind != ITEM_PRICE)) {
        return zc_fail(ZC_POLICY_FEED_FORM);
    }
    return kinds[kind].read(reading, reader);
}

typedef struct feed_head {
    uint16_t feed;
    bool any_deployment;
    uint64_t sequence;
    int64_t time_ms;
    zc_reader items;
} feed_head;

static zc_result read_deployment(zc_reader *reader, const uint8_t deployment_id[static 32],
                                 feed_head *head)
{
    uint8_t id[32];
    ZC_TRY(zc_cbor_get_key_uint(reader, 3));
    ZC_TRY(zc_cbor_take_null(reader, &head->any_deployment));
    if (head->any_deployment) {
        return ZC_OK;
    }
    ZC_TRY(zc_cbor_get_fixed_bytes(reader, id, sizeof id));
    return memcmp(id, deployment_id, sizeof id) == 0 ? ZC_OK : zc_fail(ZC_POLICY_FEED_FORM);
}

/* Of whichever mission: whose word it is is only a name yet. */
static zc_result read_head(const uint8_t deployment_id[static 32], zc_slice message,
                           zc_slice *ret_name, feed_head *head)
{
    zc_reader reader = zc_reader_of(message);
    zc_slice text = {0};
    uint64_t time = 0;
    ZC_TRY(zc_mission_enter(&reader, 6));
    ZC_TRY(zc_cbor_get_key_uint(&reader, 1));
    ZC_TRY(zc_cbor_get_text(&reader, &text));
    if (message.len > ZC_FEED_MAX_BYTES || !zc_slice_eq_text(text, "zcp-feed-v1")) {
        return zc_fail(ZC_POLICY_FEED_FORM);
    }
    ZC_TRY(zc_cbor_get_key_uint(&reader, 2));
    ZC_TRY(zc_cbor_get_text(&reader, ret_name));
    ZC_TRY(read_deployment(&reader, deployment_id, head));
    ZC_TRY(zc_mission_read_number(&reader, 4, UINT64_MAX, &head->sequence));
    ZC_TRY(zc_mission_read_number(&reader, 5, INT64_MAX, &time));
    ZC_TRY(zc_cbor_get_key_uint(&reader, 6));
    head->time_ms = (int64_t)time;
    head->items = reader;
    return ZC_OK;
}

static bool find_feed(const zc_mission *mission, zc_slice name, uint16_t *ret_feed)
{
    for (uint16_t i = 0; i < mission->feed_count; i++) {
        if (zc_slice_eq_text(name, mission->feeds[i].name)) {
            *ret_feed = i;
            return true;
        }
    }
    return false;
}

static zc_result read_items(feed_reading *reading, zc_reader items)
{
    size_t count = 0;
    ZC_TRY(zc_cbor_get_array(&items, ZC_FEED_MAX_ITEMS, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(read_item(reading, &items));
    }
    return zc_reader_end(&items);
}

static zc_result check_order(const zc_policy_state *state, const zc_mission *mission,
                             const feed_head *head)
{
    const zc_feed_state *feed = &state->sources.feed[head->feed];
    if (feed->spoke && (head->sequence <= feed->sequence || head->time_ms < feed->time_ms)) {
        return zc_fail(ZC_POLICY_FEED_SEQUENCE);
    }
    bool ahead = head->time_ms > state->now_ms && head->time_ms - state->now_ms > ZC_FEED_AHEAD_MS;
    if (ahead || !zc_source_fresh(mission, head->feed, head->time_ms, state->now_ms)) {
        return zc_fail(ZC_POLICY_FEED_TIME);
    }
    return ZC_OK;
}

static bool is_signed(const zc_mission *mission, uint16_t feed, zc_slice message,
                      const uint8_t signature[static 64])
{
    return zc_ok(zc_verify_ed25519(mission->feeds[feed].pubkey, message, signature));
}

/* All of it, or nothing. */
static zc_result take_in(zc_policy_state *state, const zc_mission *mission, const feed_head *head)
{
    ZC_TRY(check_order(state, mission, head));
    feed_reading reading = {.state = state,
                            .mission = mission,
                            .feed = head->feed,
                            .any_deployment = head->any_deployment,
                            .time_ms = head->time_ms};
    ZC_TRY(read_items(&reading, head->items));
    reading.apply = true;
    ZC_TRY(read_items(&reading, head->items));
    state->sources.feed[head->feed].spoke = true;
    state->sources.feed[head->feed].sequence = head->sequence;
    state->sources.feed[head->feed].time_ms = head->time_ms;
    return ZC_OK;
}

zc_result zc_policy_feed(zc_policy_state *state, const zc_mission *mission,
                         const uint8_t deployment_id[static 32], zc_slice message,
                         const uint8_t signature[static 64], int64_t now_ms)
{
    feed_head head = {0};
    zc_slice name = {0};
    if (now_ms > state->now_ms) {
        state->now_ms = now_ms;
    }
    ZC_TRY(read_head(deployment_id, message, &name, &head));
    if (!find_feed(mission, name, &head.feed)) {
        return zc_fail(ZC_POLICY_FEED_FORM);
    }
    if (!is_signed(mission, head.feed, message, signature)) {
        return zc_fail(ZC_POLICY_FEED_SIGNATURE);
    }
    return take_in(state, mission, &head);
}

/* Equity that no feed of this mission has reported raises all peaks. */
static zc_result raise_peaks(zc_policy_state *state, const zc_mission *mission,
                             const feed_head *head)
{
    zc_reader reader = head->items;
    size_t count = 0;
    ZC_TRY(zc_cbor_get_array(&reader, ZC_FEED_MAX_ITEMS, &count));
    for (size_t i = 0; i < count; i++) {
        size_t fields = 0;
        uint64_t kind = 0;
        zc_u256 equity = ZC_U256_ZERO;
        zc_slice other;
        ZC_TRY(zc_cbor_get_array(&reader, 4, &fields));
        ZC_TRY(zc_cbor_get_uint(&reader, &kind));
        if (kind == ITEM_EQUITY) {
            ZC_TRY(zc_cbor_get_u256(&reader, &equity));
            for (uint16_t feed = 0; feed < mission->feed_count; feed++) {
                zc_breakers_see_equity(state, mission, feed, &equity, head->time_ms);
            }
            continue;
        }
        for (size_t field = 1; field < fields; field++) {
            ZC_TRY(zc_cbor_get_item(&reader, &other));
        }
    }
    return ZC_OK;
}

void zc_policy_feed_past(zc_policy_state *state, const zc_mission *mission,
                         const uint8_t deployment_id[static 32], zc_slice message,
                         const uint8_t signature[static 64], int64_t now_ms)
{
    feed_head head = {0};
    zc_slice name = {0};
    bool taken = zc_ok(zc_policy_feed(state, mission, deployment_id, message, signature, now_ms));
    if (taken || !zc_ok(read_head(deployment_id, message, &name, &head))) {
        return;
    }
    for (uint16_t i = 0; i < mission->feed_count && !taken; i++) {
        head.feed = i;
        taken = is_signed(mission, i, message, signature) && zc_ok(take_in(state, mission, &head));
    }
    if (!taken) {
        zc_result raised = raise_peaks(state, mission, &head);
        (void)raised; /* it was whole when it was logged */
    }
}
