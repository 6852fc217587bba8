#include "codec/cbor.h"
#include "policy/snapshot.h"
#include "policy/snapshot_form.h"

#define PARTS 4
#define REQUESTS (3 + 2 * ZC_RISK_WINDOWS)
#define ROW (3 + 3 * ZC_RISK_WINDOWS)
#define COUNTERPARTY 3

/* Those that are not zero, as [* place, count]. */
static zc_result put_counts(zc_writer *out, const uint32_t counts[static ZC_RISK_BUCKETS])
{
    size_t kept = 0;
    for (size_t i = 0; i < ZC_RISK_BUCKETS; i++) {
        kept += counts[i] != 0;
    }
    ZC_TRY(zc_cbor_put_array(out, 2 * kept));
    for (size_t i = 0; i < ZC_RISK_BUCKETS; i++) {
        if (counts[i] != 0) {
            ZC_TRY(zc_cbor_put_uint(out, i));
            ZC_TRY(zc_cbor_put_uint(out, counts[i]));
        }
    }
    return ZC_OK;
}

static zc_result get_counts(zc_reader *in, uint32_t ret_counts[static ZC_RISK_BUCKETS])
{
    size_t items;
    ZC_TRY(zc_cbor_get_array(in, 2 * (size_t)ZC_RISK_BUCKETS, &items));
    for (size_t i = 0; i + 1 < items; i += 2) {
        uint64_t place;
        uint64_t count;
        ZC_TRY(zc_cbor_get_uint_max(in, ZC_RISK_BUCKETS - 1, &place));
        ZC_TRY(zc_cbor_get_uint_max(in, UINT32_MAX, &count));
        ret_counts[place] = (uint32_t)count;
    }
    return items % 2 == 0 ? ZC_OK : zc_fail(ZC_CODEC_WRONG_LENGTH);
}

static zc_result put_sums(zc_writer *out, const zc_u256 sums[static ZC_RISK_BUCKETS])
{
    size_t kept = 0;
    for (size_t i = 0; i < ZC_RISK_BUCKETS; i++) {
        kept += !zc_u256_is_zero(&sums[i]);
    }
    ZC_TRY(zc_cbor_put_array(out, 2 * kept));
    for (size_t i = 0; i < ZC_RISK_BUCKETS; i++) {
        if (!zc_u256_is_zero(&sums[i])) {
            ZC_TRY(zc_cbor_put_uint(out, i));
            ZC_TRY(zc_cbor_put_u256(out, &sums[i]));
        }
    }
    return ZC_OK;
}

static zc_result get_sums(zc_reader *in, zc_u256 ret_sums[static ZC_RISK_BUCKETS])
{
    size_t items;
    ZC_TRY(zc_cbor_get_array(in, 2 * (size_t)ZC_RISK_BUCKETS, &items));
    for (size_t i = 0; i + 1 < items; i += 2) {
        uint64_t place;
        ZC_TRY(zc_cbor_get_uint_max(in, ZC_RISK_BUCKETS - 1, &place));
        ZC_TRY(zc_cbor_get_u256(in, &ret_sums[place]));
    }
    return items % 2 == 0 ? ZC_OK : zc_fail(ZC_CODEC_WRONG_LENGTH);
}

static zc_result enter(zc_reader *in, size_t items)
{
    size_t count;
    ZC_TRY(zc_cbor_get_array(in, items, &count));
    return count == items ? ZC_OK : zc_fail(ZC_CODEC_WRONG_LENGTH);
}

/* A bucket's number. Far beyond any clock, and loops over buckets still end. */
static zc_result get_bucket(zc_reader *in, int64_t *ret_bucket)
{
    uint64_t bucket;
    ZC_TRY(zc_cbor_get_uint_max(in, ZC_SNAPSHOT_BUCKET_MAX, &bucket));
    *ret_bucket = (int64_t)bucket;
    return ZC_OK;
}

static zc_result put_requests(zc_writer *out, const zc_risk_history *history)
{
    size_t count = 0;
    for (size_t i = 0; i < ZC_RISK_PRINCIPALS; i++) {
        count += history->requests[i].any;
    }
    ZC_TRY(zc_cbor_put_array(out, count));
    for (size_t i = 0; i < ZC_RISK_PRINCIPALS; i++) {
        const zc_risk_requests *requests = &history->requests[i];
        if (!requests->any) {
            continue;
        }
        ZC_TRY(zc_cbor_put_array(out, REQUESTS));
        ZC_TRY(zc_cbor_put_uint(out, i));
        ZC_TRY(zc_cbor_put_bool(out, requests->any));
        ZC_TRY(zc_cbor_put_int(out, requests->last_ms));
        for (size_t w = 0; w < ZC_RISK_WINDOWS; w++) {
            ZC_TRY(zc_cbor_put_int(out, requests->newest[w]));
            ZC_TRY(put_counts(out, requests->count[w]));
        }
    }
    return ZC_OK;
}

static zc_result get_requests(zc_reader *in, zc_risk_history *history)
{
    size_t count;
    ZC_TRY(zc_cbor_get_array(in, ZC_RISK_PRINCIPALS, &count));
    for (size_t i = 0; i < count; i++) {
        uint64_t principal;
        ZC_TRY(enter(in, REQUESTS));
        ZC_TRY(zc_cbor_get_uint_max(in, ZC_RISK_PRINCIPALS - 1, &principal));
        zc_risk_requests *requests = &history->requests[principal];
        ZC_TRY(zc_cbor_get_bool(in, &requests->any));
        ZC_TRY(zc_cbor_get_int(in, &requests->last_ms));
        for (size_t w = 0; w < ZC_RISK_WINDOWS; w++) {
            ZC_TRY(get_bucket(in, &requests->newest[w]));
            ZC_TRY(get_counts(in, requests->count[w]));
        }
    }
    return ZC_OK;
}

static zc_result put_rows(zc_writer *out, const zc_risk_history *history)
{
    size_t count = 0;
    for (size_t i = 0; i < ZC_RISK_ROWS; i++) {
        count += history->rows[i].taken;
    }
    ZC_TRY(zc_cbor_put_array(out, count));
    for (size_t i = 0; i < ZC_RISK_ROWS; i++) {
        const zc_risk_row *row = &history->rows[i];
        if (!row->taken) {
            continue;
        }
        ZC_TRY(zc_cbor_put_array(out, ROW));
        ZC_TRY(zc_cbor_put_uint(out, i));
        ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(row->name.byte)));
        ZC_TRY(zc_cbor_put_uint(out, row->used));
        for (size_t w = 0; w < ZC_RISK_WINDOWS; w++) {
            ZC_TRY(zc_cbor_put_int(out, row->ring[w].newest));
            ZC_TRY(put_counts(out, row->ring[w].count));
            ZC_TRY(put_sums(out, row->ring[w].sum));
        }
    }
    return ZC_OK;
}

static zc_result get_rows(zc_reader *in, zc_risk_history *history)
{
    size_t count;
    ZC_TRY(zc_cbor_get_array(in, ZC_RISK_ROWS, &count));
    for (size_t i = 0; i < count; i++) {
        uint64_t place;
        ZC_TRY(enter(in, ROW));
        ZC_TRY(zc_cbor_get_uint_max(in, ZC_RISK_ROWS - 1, &place));
        zc_risk_row *row = &history->rows[place];
        row->taken = true;
        ZC_TRY(zc_cbor_get_fixed_bytes(in, row->name.byte, sizeof row->name.byte));
        ZC_TRY(zc_cbor_get_uint(in, &row->used));
        for (size_t w = 0; w < ZC_RISK_WINDOWS; w++) {
            ZC_TRY(get_bucket(in, &row->ring[w].newest));
            ZC_TRY(get_counts(in, row->ring[w].count));
            ZC_TRY(get_sums(in, row->ring[w].sum));
        }
    }
    return ZC_OK;
}

static zc_result put_counterparties(zc_writer *out, const zc_risk_history *history)
{
    ZC_TRY(zc_cbor_put_array(out, history->counterparty_count));
    for (size_t i = 0; i < ZC_RISK_COUNTERPARTY_SLOTS; i++) {
        const zc_risk_counterparty *met = &history->counterparties[i];
        if (met->count != 0) {
            ZC_TRY(zc_cbor_put_array(out, COUNTERPARTY));
            ZC_TRY(zc_cbor_put_uint(out, i));
            ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(met->name.byte)));
            ZC_TRY(zc_cbor_put_uint(out, met->count));
        }
    }
    return ZC_OK;
}

/* By their places, each once: no more than half of the table is ever taken. */
static zc_result get_counterparties(zc_reader *in, zc_risk_history *history)
{
    size_t count;
    ZC_TRY(zc_cbor_get_array(in, ZC_RISK_COUNTERPARTIES, &count));
    for (size_t i = 0; i < count; i++) {
        uint64_t place;
        uint64_t times;
        ZC_TRY(enter(in, COUNTERPARTY));
        ZC_TRY(zc_cbor_get_uint_max(in, ZC_RISK_COUNTERPARTY_SLOTS - 1, &place));
        zc_risk_counterparty *met = &history->counterparties[place];
        ZC_TRY(zc_cbor_get_fixed_bytes(in, met->name.byte, sizeof met->name.byte));
        ZC_TRY(zc_cbor_get_uint_max(in, UINT32_MAX, &times));
        if (met->count != 0 || times == 0) {
            return zc_fail(ZC_CODEC_RANGE);
        }
        met->count = (uint32_t)times;
        history->counterparty_count++;
    }
    return ZC_OK;
}

zc_result zc_risk_history_write(const zc_risk_history *history, zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_array(writer, PARTS));
    ZC_TRY(zc_cbor_put_uint(writer, history->clock));
    ZC_TRY(put_requests(writer, history));
    ZC_TRY(put_rows(writer, history));
    return put_counterparties(writer, history);
}

zc_result zc_risk_history_read(zc_risk_history *history, zc_reader *reader)
{
    ZC_TRY(enter(reader, PARTS));
    ZC_TRY(zc_cbor_get_uint(reader, &history->clock));
    ZC_TRY(get_requests(reader, history));
    ZC_TRY(get_rows(reader, history));
    return get_counterparties(reader, history);
}
