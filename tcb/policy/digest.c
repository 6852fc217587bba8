#include <string.h>

#include "crypto/hash.h"
#include "policy/charge.h"
#include "policy/policy.h"

static void put_u64(zc_sha256_ctx *hash, uint64_t value)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(value >> (56 - 8 * i));
    }
    zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(bytes));
}

static void put_u256(zc_sha256_ctx *hash, const zc_u256 *value)
{
    uint8_t bytes[32];
    zc_u256_to_be(value, bytes);
    zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(bytes));
}

/* By rule, then by key: an order that does not depend on where rows lie. */
static int compare_rows(const zc_rows *rows, uint16_t a, uint16_t b)
{
    const zc_row *left = &rows->row[a];
    const zc_row *right = &rows->row[b];
    return left->rule != right->rule
               ? (left->rule > right->rule) - (left->rule < right->rule)
               : memcmp(left->key.byte, right->key.byte, sizeof left->key.byte);
}

/* Moves the entry at `root` down a heap whose greatest is on top. */
static void sink(const zc_rows *rows, uint16_t *order, size_t root, size_t count)
{
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        child += child + 1 < count && compare_rows(rows, order[child], order[child + 1]) < 0;
        if (compare_rows(rows, order[root], order[child]) >= 0) {
            return;
        }
        uint16_t moved = order[root];
        order[root] = order[child];
        order[child] = moved;
        root = child;
    }
}

static void sort_rows(const zc_rows *rows, uint16_t *order, size_t count)
{
    for (size_t root = count / 2; root-- > 0;) {
        sink(rows, order, root, count);
    }
    for (size_t end = count; end-- > 1;) {
        uint16_t moved = order[0];
        order[0] = order[end];
        order[end] = moved;
        sink(rows, order, 0, end);
    }
}

/* The buckets that hold something. The row was advanced. */
static void put_row(zc_sha256_ctx *hash, const zc_row *row)
{
    const zc_window *window = &row->window;
    if (zc_u256_is_zero(&window->total)) {
        return;
    }
    put_u64(hash, row->rule);
    zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(row->key.byte));
    for (int64_t b = window->oldest; b <= window->newest; b++) {
        const zc_u256 *amount = &window->bucket[(uint64_t)b % ZC_WINDOW_BUCKETS];
        if (!zc_u256_is_zero(amount)) {
            put_u64(hash, (uint64_t)b);
            put_u256(hash, amount);
        }
    }
    if (!zc_u256_is_zero(&row->lease_left)) {
        put_u256(hash, &row->lease_left);
        put_u64(hash, (uint64_t)row->lease_bucket);
        put_u64(hash, (uint64_t)row->lease_until_ms);
    }
}

static void put_rows(zc_sha256_ctx *hash, const zc_policy_state *state, const zc_mission *mission)
{
    uint16_t order[ZC_ROWS_MAX];
    size_t count = 0;
    for (uint16_t i = 0; i < state->rows.fresh; i++) {
        if (state->rows.row[i].in_use) {
            order[count++] = i;
        }
    }
    sort_rows(&state->rows, order, count);
    for (size_t i = 0; i < count; i++) {
        zc_row row = state->rows.row[order[i]];
        zc_row_advance(&row, mission, state->now_ms);
        put_row(hash, &row);
    }
    put_u64(hash, UINT64_MAX);
}

/* With the number of charges that no longer count: they take room, so they decide what is forgotten
 * when. */
static void put_reservation(zc_sha256_ctx *hash, const zc_policy_state *state,
                            const zc_reservation *slot)
{
    const zc_reservations *table = &state->reservations;
    uint16_t live[ZC_RESERVATION_MAX_CHARGES];
    size_t count = 0;
    uint64_t past = 0;
    zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(slot->id.byte));
    zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(slot->digest));
    zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(slot->key_id));
    put_u64(hash, slot->principal);
    for (uint16_t at = slot->charges; at != ZC_RESERVATION_NONE; at = table->charge[at].next) {
        if (table->charge[at].leaves_ms <= state->now_ms || count == ZC_RESERVATION_MAX_CHARGES) {
            past++;
            continue;
        }
        size_t to = count++;
        while (to > 0 && compare_rows(&state->rows, table->charge[live[to - 1]].row,
                                      table->charge[at].row) > 0) {
            live[to] = live[to - 1];
            to--;
        }
        live[to] = at;
    }
    put_u64(hash, past);
    for (size_t i = 0; i < count; i++) {
        const zc_charge *charge = &table->charge[live[i]];
        put_u64(hash, state->rows.row[charge->row].rule);
        zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(state->rows.row[charge->row].key.byte));
        put_u64(hash, (uint64_t)charge->bucket);
        put_u256(hash, &charge->amount);
    }
    put_u64(hash, UINT64_MAX);
}

static void put_peak(zc_sha256_ctx *hash, const zc_peak *peak)
{
    put_u64(hash, peak->seen);
    put_u64(hash, (uint64_t)peak->period);
    put_u256(hash, &peak->equity);
}

static void put_sources(zc_sha256_ctx *hash, const zc_policy_state *state,
                        const zc_mission *mission)
{
    for (size_t i = 0; i < mission->feed_count; i++) {
        const zc_feed_state *feed = &state->sources.feed[i];
        put_u64(hash, feed->spoke);
        put_u64(hash, feed->sequence);
        put_u64(hash, (uint64_t)feed->time_ms);
        put_u64(hash, (uint64_t)feed->has_positions);
        put_u64(hash, (uint64_t)feed->positions_ms);
        put_u64(hash, (uint64_t)feed->has_equity);
        put_u64(hash, (uint64_t)feed->equity_ms);
        put_u256(hash, &feed->equity);
        for (size_t j = 0; feed->has_positions && j < mission->market_count; j++) {
            put_u256(hash, &state->sources.position[i][j]);
        }
    }
    for (size_t i = 0; i < mission->price_count; i++) {
        const zc_price_state *price = &state->sources.price[mission->prices[i].asset];
        put_u64(hash, price->known);
        put_u64(hash, price->scale);
        put_u64(hash, (uint64_t)price->time_ms);
        put_u256(hash, &price->price);
    }
    for (size_t i = 0; i < mission->rule_count; i++) {
        if (mission->rules[i].kind == ZC_RULE_DRAWDOWN) {
            put_peak(hash, &state->peaks[i]);
        }
    }
    for (size_t i = 0; i < mission->breaker_count; i++) {
        put_peak(hash, &state->breakers[i].peak);
        put_u64(hash, (uint64_t)state->breakers[i].newest);
        for (size_t j = 0; j < ZC_WINDOW_BUCKETS; j++) {
            put_u256(hash, &state->breakers[i].highest[j]);
        }
    }
}

/* By leaf hash, and at a place that says nothing: reviews stand in the order of their leaves. */
static void put_reviews(zc_sha256_ctx *hash, const zc_policy_state *state)
{
    bool done[ZC_REVIEWS_MAX] = {false};
    for (size_t n = 0; n < ZC_REVIEWS_MAX; n++) {
        size_t least = ZC_REVIEWS_MAX;
        for (size_t i = 0; i < ZC_REVIEWS_MAX; i++) {
            bool open = state->reviews[i].in_use && !done[i];
            if (open && (least == ZC_REVIEWS_MAX ||
                         memcmp(state->reviews[i].leaf, state->reviews[least].leaf, 32) < 0)) {
                least = i;
            }
        }
        if (least == ZC_REVIEWS_MAX) {
            break;
        }
        const zc_review *review = &state->reviews[least];
        done[least] = true;
        zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(review->leaf));
        zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(review->envelope));
        put_u64(hash, review->approved);
        for (size_t i = 0; i < ZC_MISSION_MAX_PRINCIPALS; i++) {
            put_u64(hash, (uint64_t)review->expires_ms[i]);
        }
    }
    put_u64(hash, UINT64_MAX);
}

void zc_policy_digest(const zc_policy_state *state, const zc_mission *mission,
                      uint8_t ret_digest[static 32])
{
    const zc_reservations *table = &state->reservations;
    zc_sha256_ctx hash;
    zc_sha256_init(&hash);
    zc_sha256_update(&hash, zc_slice_of_text("zcp-policy-state-v2"));
    put_u64(&hash, (uint64_t)state->now_ms);
    put_u64(&hash, (uint64_t)state->mode);
    put_u64(&hash, state->tripped);
    put_u64(&hash, state->revoked_principals);
    for (size_t i = 0; i < ZC_RULE_WORDS; i++) {
        put_u64(&hash, state->revoked_rules.word[i]);
    }
    put_rows(&hash, state, mission);
    for (size_t i = 0; i < ZC_RESERVATION_HEADS; i++) {
        for (uint16_t at = table->head[i]; at != ZC_RESERVATION_NONE; at = table->slot[at].next) {
            if (table->slot[at].leaves_ms > state->now_ms) {
                put_reservation(&hash, state, &table->slot[at]);
            }
        }
    }
    put_sources(&hash, state, mission);
    put_reviews(&hash, state);
    if (mission->risk_model_count > 0) {
        zc_risk_history_hash(&state->history, &hash);
    }
    zc_sha256_final(&hash, ret_digest);
}
