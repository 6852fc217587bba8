#include "codec/cbor.h"
#include "policy/snapshot.h"
#include "policy/snapshot_form.h"

/* What is being read into what. */
typedef struct zc_snapshot_reading {
    zc_policy_state *state;
    const zc_mission *mission;
    zc_reader *in;
} zc_snapshot_reading;

static zc_result wrong(void)
{
    return zc_fail(ZC_CODEC_RANGE);
}

static zc_result enter(zc_reader *in, size_t items)
{
    size_t count;
    ZC_TRY(zc_cbor_get_array(in, items, &count));
    return count == items ? ZC_OK : wrong();
}

static zc_result get_bucket(zc_reader *in, int64_t *ret_bucket)
{
    uint64_t bucket;
    ZC_TRY(zc_cbor_get_uint_max(in, ZC_SNAPSHOT_BUCKET_MAX, &bucket));
    *ret_bucket = (int64_t)bucket;
    return ZC_OK;
}

static zc_result get_u16(zc_reader *in, size_t count, uint16_t *ret_value)
{
    uint64_t value;
    ZC_TRY(zc_cbor_get_uint_max(in, UINT16_MAX, &value));
    if (value >= count) {
        return wrong();
    }
    *ret_value = (uint16_t)value;
    return ZC_OK;
}

static zc_result get_peak(zc_reader *in, zc_peak *ret_peak)
{
    ZC_TRY(zc_cbor_get_bool(in, &ret_peak->seen));
    ZC_TRY(zc_cbor_get_int(in, &ret_peak->period));
    return zc_cbor_get_u256(in, &ret_peak->equity);
}

static zc_result get_amounts(zc_reader *in, zc_u256 *ret_amounts, size_t count)
{
    size_t items;
    ZC_TRY(zc_cbor_get_array(in, 2 * count, &items));
    for (size_t i = 0; i + 1 < items; i += 2) {
        uint16_t place;
        ZC_TRY(get_u16(in, count, &place));
        ZC_TRY(zc_cbor_get_u256(in, &ret_amounts[place]));
    }
    return items % 2 == 0 ? ZC_OK : wrong();
}

/* The rows that were free among those in use are free again. */
static void leave_free(zc_rows *rows, uint16_t from, uint16_t to)
{
    for (uint16_t at = from; at < to; at++) {
        rows->row[at].in_use = false;
        rows->row[at].next = rows->free;
        rows->free = at;
        rows->free_count++;
    }
}

static zc_result get_window(zc_reader *in, zc_window *window)
{
    ZC_TRY(get_bucket(in, &window->oldest));
    ZC_TRY(get_bucket(in, &window->newest));
    ZC_TRY(get_amounts(in, window->bucket, ZC_WINDOW_BUCKETS));
    if (window->newest < window->oldest || window->newest - window->oldest >= ZC_WINDOW_BUCKETS) {
        return wrong();
    }
    for (size_t i = 0; i < ZC_WINDOW_BUCKETS; i++) {
        ZC_TRY(zc_u256_add(&window->total, &window->bucket[i], &window->total));
    }
    return ZC_OK;
}

/* Rows come in ascending order, each at its place: charges name it. */
static zc_result get_row(const zc_snapshot_reading *reading)
{
    zc_rows *rows = &reading->state->rows;
    uint16_t at;
    uint16_t rule;
    zc_row_key key;
    ZC_TRY(enter(reading->in, ZC_SNAPSHOT_ROW));
    ZC_TRY(get_u16(reading->in, ZC_ROWS_MAX, &at));
    ZC_TRY(get_u16(reading->in, reading->mission->rule_count, &rule));
    ZC_TRY(zc_cbor_get_fixed_bytes(reading->in, key.byte, sizeof key.byte));
    if (at < rows->fresh || zc_rows_find(rows, rule, &key) != ZC_ROW_NONE) {
        return wrong();
    }
    uint16_t holes = rows->fresh;
    uint16_t free = rows->free;
    rows->fresh = at;
    rows->free = ZC_ROW_NONE; /* so that this very place is taken */
    (void)zc_rows_take(rows, reading->mission, rule, &key, 0);
    rows->free = free;
    leave_free(rows, holes, at);
    zc_row *row = &rows->row[at];
    ZC_TRY(zc_cbor_get_int(reading->in, &row->leaves_ms));
    ZC_TRY(zc_cbor_get_u256(reading->in, &row->lease_left));
    ZC_TRY(zc_cbor_get_int(reading->in, &row->lease_bucket));
    ZC_TRY(zc_cbor_get_int(reading->in, &row->lease_until_ms));
    return get_window(reading->in, &row->window);
}

static zc_result get_rows(const zc_snapshot_reading *reading)
{
    size_t count;
    ZC_TRY(zc_cbor_get_array(reading->in, ZC_ROWS_MAX, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(get_row(reading));
    }
    return ZC_OK;
}

/* Ascending by row, as the list keeps them. A charge that still counts has its row. */
static zc_result get_charges(const zc_snapshot_reading *reading, uint16_t slot)
{
    zc_reservations *table = &reading->state->reservations;
    const zc_rows *rows = &reading->state->rows;
    size_t items;
    size_t next_row = 0;
    ZC_TRY(zc_cbor_get_array(reading->in, (size_t)ZC_SNAPSHOT_CHARGE * ZC_RESERVATION_MAX_CHARGES,
                             &items));
    for (size_t i = 0; i + ZC_SNAPSHOT_CHARGE <= items; i += ZC_SNAPSHOT_CHARGE) {
        zc_charge charge = {0};
        ZC_TRY(get_u16(reading->in, ZC_ROWS_MAX, &charge.row));
        ZC_TRY(get_bucket(reading->in, &charge.bucket));
        ZC_TRY(zc_cbor_get_int(reading->in, &charge.leaves_ms));
        ZC_TRY(zc_cbor_get_u256(reading->in, &charge.amount));
        bool counts = charge.leaves_ms > reading->state->now_ms;
        bool has_row = charge.row < rows->fresh && rows->row[charge.row].in_use;
        if (charge.row < next_row || (counts && !has_row) ||
            table->charge_count == ZC_CHARGES_MAX) {
            return wrong();
        }
        next_row = (size_t)charge.row + 1;
        zc_reservations_set(table, slot, &charge);
    }
    return items % ZC_SNAPSHOT_CHARGE == 0 ? ZC_OK : wrong();
}

/* Takes this very slot, which is free. */
static void take_slot(zc_reservations *table, uint16_t slot, const zc_reservation_id *id,
                      int64_t leaves_ms)
{
    table->slot[slot].next = ZC_RESERVATION_NONE;
    table->free_slot = slot;
    (void)zc_reservations_open(table, id, leaves_ms);
    table->fresh_slot = slot >= table->fresh_slot ? (uint16_t)(slot + 1) : table->fresh_slot;
}

static zc_result get_reservation(const zc_snapshot_reading *reading,
                                 bool taken[static ZC_RESERVATIONS_MAX])
{
    zc_reservations *table = &reading->state->reservations;
    uint16_t slot;
    zc_reservation_id id;
    uint8_t digest[32];
    uint64_t principal;
    uint8_t key_id[16];
    int64_t leaves_ms;
    ZC_TRY(enter(reading->in, ZC_SNAPSHOT_RESERVATION));
    ZC_TRY(get_u16(reading->in, ZC_RESERVATIONS_MAX, &slot));
    ZC_TRY(zc_cbor_get_fixed_bytes(reading->in, id.byte, sizeof id.byte));
    ZC_TRY(zc_cbor_get_fixed_bytes(reading->in, digest, sizeof digest));
    ZC_TRY(zc_cbor_get_uint_max(reading->in, ZC_MISSION_MAX_PRINCIPALS - 1, &principal));
    ZC_TRY(zc_cbor_get_fixed_bytes(reading->in, key_id, sizeof key_id));
    ZC_TRY(zc_cbor_get_int(reading->in, &leaves_ms));
    /* Asked before all time, nothing is dropped. */
    if (taken[slot] || leaves_ms == INT64_MIN ||
        zc_reservations_find(table, &id, INT64_MIN) != ZC_RESERVATION_NONE) {
        return wrong();
    }
    taken[slot] = true;
    take_slot(table, slot, &id, leaves_ms);
    memcpy(table->slot[slot].digest, digest, sizeof digest);
    memcpy(table->slot[slot].key_id, key_id, sizeof key_id);
    table->slot[slot].principal = (uint32_t)principal;
    return get_charges(reading, slot);
}

static zc_result get_reservations(const zc_snapshot_reading *reading)
{
    zc_reservations *table = &reading->state->reservations;
    bool taken[ZC_RESERVATIONS_MAX] = {false};
    size_t count;
    ZC_TRY(zc_cbor_get_array(reading->in, ZC_RESERVATIONS_MAX, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(get_reservation(reading, taken));
    }
    for (uint16_t slot = 0; slot < table->fresh_slot; slot++) {
        if (!taken[slot]) {
            table->slot[slot].next = table->free_slot;
            table->free_slot = slot;
        }
    }
    return ZC_OK;
}

static zc_result get_feeds(const zc_snapshot_reading *reading)
{
    zc_reader *in = reading->in;
    zc_sources *sources = &reading->state->sources;
    ZC_TRY(enter(in, reading->mission->feed_count));
    for (size_t i = 0; i < reading->mission->feed_count; i++) {
        zc_feed_state *feed = &sources->feed[i];
        ZC_TRY(enter(in, ZC_SNAPSHOT_FEED));
        ZC_TRY(zc_cbor_get_bool(in, &feed->spoke));
        ZC_TRY(zc_cbor_get_uint(in, &feed->sequence));
        ZC_TRY(zc_cbor_get_int(in, &feed->time_ms));
        ZC_TRY(zc_cbor_get_bool(in, &feed->has_positions));
        ZC_TRY(zc_cbor_get_int(in, &feed->positions_ms));
        ZC_TRY(zc_cbor_get_bool(in, &feed->has_equity));
        ZC_TRY(zc_cbor_get_int(in, &feed->equity_ms));
        ZC_TRY(zc_cbor_get_u256(in, &feed->equity));
        ZC_TRY(get_amounts(in, sources->position[i], ZC_MISSION_MAX_MARKETS));
    }
    return ZC_OK;
}

static zc_result get_prices(const zc_snapshot_reading *reading)
{
    size_t count;
    ZC_TRY(zc_cbor_get_array(reading->in, ZC_MISSION_MAX_ASSETS, &count));
    for (size_t i = 0; i < count; i++) {
        uint16_t asset;
        uint64_t scale;
        ZC_TRY(enter(reading->in, ZC_SNAPSHOT_PRICE));
        ZC_TRY(get_u16(reading->in, ZC_MISSION_MAX_ASSETS, &asset));
        ZC_TRY(zc_cbor_get_uint_max(reading->in, ZC_DECIMAL_MAX_SCALE, &scale));
        zc_price_state *price = &reading->state->sources.price[asset];
        price->known = true;
        price->scale = (uint8_t)scale;
        ZC_TRY(zc_cbor_get_int(reading->in, &price->time_ms));
        ZC_TRY(zc_cbor_get_u256(reading->in, &price->price));
    }
    return ZC_OK;
}

static zc_result get_peaks(const zc_snapshot_reading *reading)
{
    size_t count;
    ZC_TRY(zc_cbor_get_array(reading->in, ZC_MISSION_MAX_RULES, &count));
    for (size_t i = 0; i < count; i++) {
        uint16_t rule;
        ZC_TRY(enter(reading->in, ZC_SNAPSHOT_PEAK));
        ZC_TRY(get_u16(reading->in, reading->mission->rule_count, &rule));
        ZC_TRY(get_peak(reading->in, &reading->state->peaks[rule]));
    }
    return ZC_OK;
}

static zc_result get_breakers(const zc_snapshot_reading *reading)
{
    ZC_TRY(enter(reading->in, reading->mission->breaker_count));
    for (size_t i = 0; i < reading->mission->breaker_count; i++) {
        zc_breaker_state *breaker = &reading->state->breakers[i];
        ZC_TRY(enter(reading->in, ZC_SNAPSHOT_BREAKER));
        ZC_TRY(get_peak(reading->in, &breaker->peak));
        ZC_TRY(get_bucket(reading->in, &breaker->newest));
        ZC_TRY(get_amounts(reading->in, breaker->highest, ZC_WINDOW_BUCKETS));
    }
    return ZC_OK;
}

static zc_result get_decimal(zc_reader *in, zc_decimal *ret_decimal)
{
    bool absent;
    uint64_t scale;
    ZC_TRY(zc_cbor_take_null(in, &absent));
    if (absent) {
        return ZC_OK;
    }
    ZC_TRY(enter(in, 2));
    ZC_TRY(zc_cbor_get_uint_max(in, ZC_DECIMAL_MAX_SCALE, &scale));
    ret_decimal->present = true;
    ret_decimal->scale = (uint8_t)scale;
    return zc_cbor_get_u256(in, &ret_decimal->units);
}

static zc_result get_review(const zc_snapshot_reading *reading)
{
    zc_reader *in = reading->in;
    uint16_t place;
    uint16_t principal;
    uint64_t use;
    ZC_TRY(enter(in, ZC_SNAPSHOT_REVIEW));
    ZC_TRY(get_u16(in, ZC_REVIEWS_MAX, &place));
    zc_review *review = &reading->state->reviews[place];
    review->in_use = true;
    ZC_TRY(zc_cbor_get_fixed_bytes(in, review->leaf, sizeof review->leaf));
    ZC_TRY(zc_cbor_get_fixed_bytes(in, review->envelope, sizeof review->envelope));
    ZC_TRY(zc_cbor_get_fixed_bytes(in, review->key_id, sizeof review->key_id));
    ZC_TRY(get_u16(in, reading->mission->principal_count, &principal));
    ZC_TRY(zc_cbor_get_uint_max(in, UINT8_MAX, &use));
    review->principal = principal;
    review->use = (uint32_t)use;
    ZC_TRY(zc_cbor_get_int(in, &review->created_ms));
    ZC_TRY(get_decimal(in, &review->price));
    ZC_TRY(get_decimal(in, &review->trigger_price));
    ZC_TRY(get_decimal(in, &review->quantity));
    ZC_TRY(get_decimal(in, &review->quote_quantity));
    ZC_TRY(zc_cbor_get_uint(in, &review->approved));
    ZC_TRY(enter(in, ZC_MISSION_MAX_PRINCIPALS));
    for (size_t i = 0; i < ZC_MISSION_MAX_PRINCIPALS; i++) {
        ZC_TRY(zc_cbor_get_int(in, &review->expires_ms[i]));
    }
    return ZC_OK;
}

static zc_result get_reviews(const zc_snapshot_reading *reading)
{
    size_t count;
    ZC_TRY(zc_cbor_get_array(reading->in, ZC_REVIEWS_MAX, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(get_review(reading));
    }
    return ZC_OK;
}

static zc_result get_head(const zc_snapshot_reading *reading)
{
    zc_policy_state *state = reading->state;
    uint64_t version;
    uint64_t mode;
    uint64_t tripped;
    ZC_TRY(enter(reading->in, ZC_SNAPSHOT_PARTS));
    ZC_TRY(zc_cbor_get_uint_max(reading->in, ZC_SNAPSHOT_VERSION, &version));
    ZC_TRY(get_bucket(reading->in, &state->now_ms));
    ZC_TRY(zc_cbor_get_uint_max(reading->in, ZC_MODE_HALTED, &mode));
    ZC_TRY(zc_cbor_get_uint_max(reading->in, ZC_POLICY_NONE, &tripped));
    if (version != ZC_SNAPSHOT_VERSION ||
        (tripped != ZC_POLICY_NONE && tripped >= reading->mission->breaker_count)) {
        return wrong();
    }
    state->mode = (zc_mode)mode;
    state->tripped = (uint16_t)tripped;
    ZC_TRY(zc_cbor_get_uint(reading->in, &state->revoked_principals));
    ZC_TRY(enter(reading->in, ZC_RULE_WORDS));
    for (size_t i = 0; i < ZC_RULE_WORDS; i++) {
        ZC_TRY(zc_cbor_get_uint(reading->in, &state->revoked_rules.word[i]));
    }
    return ZC_OK;
}

static zc_result get_history(const zc_snapshot_reading *reading)
{
    return reading->mission->risk_model_count > 0
               ? zc_risk_history_read(&reading->state->history, reading->in)
               : zc_cbor_get_null(reading->in);
}

static zc_result get_all(const zc_snapshot_reading *reading)
{
    ZC_TRY(get_head(reading));
    ZC_TRY(get_rows(reading));
    ZC_TRY(get_reservations(reading));
    ZC_TRY(get_feeds(reading));
    ZC_TRY(get_prices(reading));
    ZC_TRY(get_peaks(reading));
    ZC_TRY(get_breakers(reading));
    ZC_TRY(get_reviews(reading));
    return get_history(reading);
}

zc_result zc_policy_snapshot_read(zc_policy_state *state, const zc_mission *mission,
                                  zc_reader *reader)
{
    zc_reader in = *reader;
    zc_policy_init(state, mission);
    zc_result taken =
        get_all(&(zc_snapshot_reading){.state = state, .mission = mission, .in = &in});
    if (!zc_ok(taken)) {
        zc_policy_init(state, mission);
        return taken;
    }
    *reader = in;
    return ZC_OK;
}
