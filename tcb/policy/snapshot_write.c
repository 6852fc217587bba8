#include "policy/snapshot.h"

#include "codec/cbor.h"
#include "policy/snapshot_form.h"

static zc_result put_peak(zc_writer *out, const zc_peak *peak)
{
    ZC_TRY(zc_cbor_put_bool(out, peak->seen));
    ZC_TRY(zc_cbor_put_int(out, peak->period));
    return zc_cbor_put_u256(out, &peak->equity);
}

/* Those that are not zero, as [* place, amount]. */
static zc_result put_amounts(zc_writer *out, const zc_u256 *amounts, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        kept += !zc_u256_is_zero(&amounts[i]);
    }
    ZC_TRY(zc_cbor_put_array(out, 2 * kept));
    for (size_t i = 0; i < count; i++) {
        if (!zc_u256_is_zero(&amounts[i])) {
            ZC_TRY(zc_cbor_put_uint(out, i));
            ZC_TRY(zc_cbor_put_u256(out, &amounts[i]));
        }
    }
    return ZC_OK;
}

/* The window as it stands, not advanced: all buckets are put by their place in the ring. */
static zc_result put_row(zc_writer *out, uint16_t at, const zc_row *row)
{
    ZC_TRY(zc_cbor_put_array(out, ZC_SNAPSHOT_ROW));
    ZC_TRY(zc_cbor_put_uint(out, at));
    ZC_TRY(zc_cbor_put_uint(out, row->rule));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(row->key.byte)));
    ZC_TRY(zc_cbor_put_int(out, row->leaves_ms));
    ZC_TRY(zc_cbor_put_u256(out, &row->lease_left));
    ZC_TRY(zc_cbor_put_int(out, row->lease_bucket));
    ZC_TRY(zc_cbor_put_int(out, row->lease_until_ms));
    ZC_TRY(zc_cbor_put_int(out, row->window.oldest));
    ZC_TRY(zc_cbor_put_int(out, row->window.newest));
    return put_amounts(out, row->window.bucket, ZC_WINDOW_BUCKETS);
}

static zc_result put_rows(zc_writer *out, const zc_rows *rows)
{
    size_t count = 0;
    for (uint16_t i = 0; i < rows->fresh; i++) {
        count += rows->row[i].in_use;
    }
    ZC_TRY(zc_cbor_put_array(out, count));
    for (uint16_t i = 0; i < rows->fresh; i++) {
        if (rows->row[i].in_use) {
            ZC_TRY(put_row(out, i, &rows->row[i]));
        }
    }
    return ZC_OK;
}

static zc_result put_reservation(zc_writer *out, const zc_reservations *table, uint16_t slot)
{
    const zc_reservation *reservation = &table->slot[slot];
    size_t count = 0;
    for (uint16_t at = reservation->charges; at != ZC_RESERVATION_NONE;
         at = table->charge[at].next) {
        count++;
    }
    ZC_TRY(zc_cbor_put_array(out, ZC_SNAPSHOT_RESERVATION));
    ZC_TRY(zc_cbor_put_uint(out, slot));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(reservation->id.byte)));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(reservation->digest)));
    ZC_TRY(zc_cbor_put_uint(out, reservation->principal));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(reservation->key_id)));
    ZC_TRY(zc_cbor_put_int(out, reservation->leaves_ms));
    ZC_TRY(zc_cbor_put_array(out, ZC_SNAPSHOT_CHARGE * count));
    for (uint16_t at = reservation->charges; at != ZC_RESERVATION_NONE;
         at = table->charge[at].next) {
        const zc_charge *charge = &table->charge[at];
        ZC_TRY(zc_cbor_put_uint(out, charge->row));
        ZC_TRY(zc_cbor_put_int(out, charge->bucket));
        ZC_TRY(zc_cbor_put_int(out, charge->leaves_ms));
        ZC_TRY(zc_cbor_put_u256(out, &charge->amount));
    }
    return ZC_OK;
}

/* In the order of the heap, which is then the same again. */
static zc_result put_reservations(zc_writer *out, const zc_reservations *table)
{
    ZC_TRY(zc_cbor_put_array(out, table->count));
    for (size_t i = 0; i < table->count; i++) {
        ZC_TRY(put_reservation(out, table, table->heap[i].slot));
    }
    return ZC_OK;
}

static zc_result put_feeds(zc_writer *out, const zc_sources *sources, size_t count)
{
    ZC_TRY(zc_cbor_put_array(out, count));
    for (size_t i = 0; i < count; i++) {
        const zc_feed_state *feed = &sources->feed[i];
        ZC_TRY(zc_cbor_put_array(out, ZC_SNAPSHOT_FEED));
        ZC_TRY(zc_cbor_put_bool(out, feed->spoke));
        ZC_TRY(zc_cbor_put_uint(out, feed->sequence));
        ZC_TRY(zc_cbor_put_int(out, feed->time_ms));
        ZC_TRY(zc_cbor_put_bool(out, feed->has_positions));
        ZC_TRY(zc_cbor_put_int(out, feed->positions_ms));
        ZC_TRY(zc_cbor_put_bool(out, feed->has_equity));
        ZC_TRY(zc_cbor_put_int(out, feed->equity_ms));
        ZC_TRY(zc_cbor_put_u256(out, &feed->equity));
        ZC_TRY(put_amounts(out, sources->position[i], ZC_MISSION_MAX_MARKETS));
    }
    return ZC_OK;
}

static zc_result put_prices(zc_writer *out, const zc_sources *sources)
{
    size_t count = 0;
    for (size_t i = 0; i < ZC_MISSION_MAX_ASSETS; i++) {
        count += sources->price[i].known;
    }
    ZC_TRY(zc_cbor_put_array(out, count));
    for (size_t i = 0; i < ZC_MISSION_MAX_ASSETS; i++) {
        const zc_price_state *price = &sources->price[i];
        if (price->known) {
            ZC_TRY(zc_cbor_put_array(out, ZC_SNAPSHOT_PRICE));
            ZC_TRY(zc_cbor_put_uint(out, i));
            ZC_TRY(zc_cbor_put_uint(out, price->scale));
            ZC_TRY(zc_cbor_put_int(out, price->time_ms));
            ZC_TRY(zc_cbor_put_u256(out, &price->price));
        }
    }
    return ZC_OK;
}

static zc_result put_peaks(zc_writer *out, const zc_peak *peaks, size_t rules)
{
    size_t count = 0;
    for (size_t i = 0; i < rules; i++) {
        count += peaks[i].seen;
    }
    ZC_TRY(zc_cbor_put_array(out, count));
    for (size_t i = 0; i < rules; i++) {
        if (peaks[i].seen) {
            ZC_TRY(zc_cbor_put_array(out, ZC_SNAPSHOT_PEAK));
            ZC_TRY(zc_cbor_put_uint(out, i));
            ZC_TRY(put_peak(out, &peaks[i]));
        }
    }
    return ZC_OK;
}

static zc_result put_breakers(zc_writer *out, const zc_breaker_state *breakers, size_t count)
{
    ZC_TRY(zc_cbor_put_array(out, count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(zc_cbor_put_array(out, ZC_SNAPSHOT_BREAKER));
        ZC_TRY(put_peak(out, &breakers[i].peak));
        ZC_TRY(zc_cbor_put_int(out, breakers[i].newest));
        ZC_TRY(put_amounts(out, breakers[i].highest, ZC_WINDOW_BUCKETS));
    }
    return ZC_OK;
}

static zc_result put_decimal(zc_writer *out, const zc_decimal *decimal)
{
    if (!decimal->present) {
        return zc_cbor_put_null(out);
    }
    ZC_TRY(zc_cbor_put_array(out, 2));
    ZC_TRY(zc_cbor_put_uint(out, decimal->scale));
    return zc_cbor_put_u256(out, &decimal->units);
}

static zc_result put_review(zc_writer *out, size_t place, const zc_review *review)
{
    ZC_TRY(zc_cbor_put_array(out, ZC_SNAPSHOT_REVIEW));
    ZC_TRY(zc_cbor_put_uint(out, place));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(review->leaf)));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(review->envelope)));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(review->key_id)));
    ZC_TRY(zc_cbor_put_uint(out, review->principal));
    ZC_TRY(zc_cbor_put_uint(out, review->use));
    ZC_TRY(zc_cbor_put_int(out, review->created_ms));
    ZC_TRY(put_decimal(out, &review->price));
    ZC_TRY(put_decimal(out, &review->trigger_price));
    ZC_TRY(put_decimal(out, &review->quantity));
    ZC_TRY(put_decimal(out, &review->quote_quantity));
    ZC_TRY(zc_cbor_put_uint(out, review->approved));
    ZC_TRY(zc_cbor_put_array(out, ZC_MISSION_MAX_PRINCIPALS));
    for (size_t i = 0; i < ZC_MISSION_MAX_PRINCIPALS; i++) {
        ZC_TRY(zc_cbor_put_int(out, review->expires_ms[i]));
    }
    return ZC_OK;
}

static zc_result put_reviews(zc_writer *out, const zc_review *reviews)
{
    size_t count = 0;
    for (size_t i = 0; i < ZC_REVIEWS_MAX; i++) {
        count += reviews[i].in_use;
    }
    ZC_TRY(zc_cbor_put_array(out, count));
    for (size_t i = 0; i < ZC_REVIEWS_MAX; i++) {
        if (reviews[i].in_use) {
            ZC_TRY(put_review(out, i, &reviews[i]));
        }
    }
    return ZC_OK;
}

static zc_result put_head(zc_writer *out, const zc_policy_state *state)
{
    ZC_TRY(zc_cbor_put_array(out, ZC_SNAPSHOT_PARTS));
    ZC_TRY(zc_cbor_put_uint(out, ZC_SNAPSHOT_VERSION));
    ZC_TRY(zc_cbor_put_int(out, state->now_ms));
    ZC_TRY(zc_cbor_put_uint(out, state->mode));
    ZC_TRY(zc_cbor_put_uint(out, state->tripped));
    ZC_TRY(zc_cbor_put_uint(out, state->revoked_principals));
    ZC_TRY(zc_cbor_put_array(out, ZC_RULE_WORDS));
    for (size_t i = 0; i < ZC_RULE_WORDS; i++) {
        ZC_TRY(zc_cbor_put_uint(out, state->revoked_rules.word[i]));
    }
    return ZC_OK;
}

zc_result zc_policy_snapshot_write(const zc_policy_state *state, const zc_mission *mission,
                                   zc_writer *writer)
{
    zc_writer out = *writer;
    ZC_TRY(put_head(&out, state));
    ZC_TRY(put_rows(&out, &state->rows));
    ZC_TRY(put_reservations(&out, &state->reservations));
    ZC_TRY(put_feeds(&out, &state->sources, mission->feed_count));
    ZC_TRY(put_prices(&out, &state->sources));
    ZC_TRY(put_peaks(&out, state->peaks, mission->rule_count));
    ZC_TRY(put_breakers(&out, state->breakers, mission->breaker_count));
    ZC_TRY(put_reviews(&out, state->reviews));
    ZC_TRY(mission->risk_model_count > 0 ? zc_risk_history_write(&state->history, &out)
                                         : zc_cbor_put_null(&out));
    *writer = out;
    return ZC_OK;
}
