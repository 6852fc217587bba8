#include "policy/risk_history.h"

#include <string.h>

/* The window's buckets are a 31st of it, so that 32 of them cover all of it at any moment. */
static const struct {
    const char *name;
    int64_t bucket_ms;
} windows[ZC_RISK_WINDOWS] = {
    [ZC_RISK_WINDOW_HOUR] = {"hour", (INT64_C(3600000) + 30) / 31},
    [ZC_RISK_WINDOW_DAY] = {"day", (INT64_C(86400000) + 30) / 31},
    [ZC_RISK_WINDOW_MONTH] = {"month", (INT64_C(30) * 86400000 + 30) / 31},
};

const char *zc_risk_window_name(uint64_t window)
{
    return window < ZC_RISK_WINDOWS ? windows[window].name : NULL;
}

void zc_risk_history_init(zc_risk_history *history)
{
    memset(history, 0, sizeof *history);
}

static int64_t bucket_at(size_t window, int64_t now_ms)
{
    return (now_ms < 0 ? 0 : now_ms) / windows[window].bucket_ms;
}

/* The oldest bucket that counts at bucket `now` and is still there. */
static int64_t oldest_of(int64_t newest, int64_t now)
{
    int64_t latest = now > newest ? now : newest;
    return latest >= ZC_RISK_BUCKETS ? latest - ZC_RISK_BUCKETS + 1 : 0;
}

static void add_saturated(zc_u256 *sum, const zc_u256 *amount)
{
    if (!zc_ok(zc_u256_add(sum, amount, sum))) {
        *sum = ZC_U256_MAX;
    }
}

static const zc_risk_row *find_row(const zc_risk_history *history, const zc_risk_name *name)
{
    for (size_t i = 0; i < ZC_RISK_ROWS; i++) {
        const zc_risk_row *row = &history->rows[i];
        if (row->taken && memcmp(&row->name, name, sizeof *name) == 0) {
            return row;
        }
    }
    return NULL;
}

zc_risk_sum zc_risk_history_sum(const zc_risk_history *history, const zc_risk_name *row,
                                zc_risk_window window, int64_t now_ms)
{
    zc_risk_sum total = {0};
    const zc_risk_row *found = find_row(history, row);
    if (found == NULL) {
        return total;
    }
    const zc_risk_ring *ring = &found->ring[window];
    for (int64_t b = oldest_of(ring->newest, bucket_at(window, now_ms)); b <= ring->newest; b++) {
        total.count += ring->count[b % ZC_RISK_BUCKETS];
        add_saturated(&total.sum, &ring->sum[b % ZC_RISK_BUCKETS]);
    }
    return total;
}

uint64_t zc_risk_history_requests(const zc_risk_history *history, uint32_t principal,
                                  zc_risk_window window, int64_t now_ms)
{
    uint64_t total = 0;
    if (principal >= ZC_RISK_PRINCIPALS) {
        return 0;
    }
    const zc_risk_requests *requests = &history->requests[principal];
    int64_t newest = requests->newest[window];
    for (int64_t b = oldest_of(newest, bucket_at(window, now_ms)); b <= newest; b++) {
        total += requests->count[window][b % ZC_RISK_BUCKETS];
    }
    return total;
}

/* The free row, or else the one that was used longest ago. */
static zc_risk_row *take_row(zc_risk_history *history, const zc_risk_name *name)
{
    zc_risk_row *best = &history->rows[0];
    for (size_t i = 0; i < ZC_RISK_ROWS; i++) {
        zc_risk_row *row = &history->rows[i];
        if (row->taken && memcmp(&row->name, name, sizeof *name) == 0) {
            return row;
        }
        if (best->taken && (!row->taken || row->used < best->used)) {
            best = row;
        }
    }
    memset(best, 0, sizeof *best);
    best->taken = true;
    best->name = *name;
    return best;
}

/* Counts one up without passing the greatest number. */
static void count_up(uint32_t *count)
{
    *count += *count < UINT32_MAX;
}

/* The bucket to add to. Clears those that time has passed over. An earlier time than before adds to
 * the newest. */
static size_t advance(int64_t *newest, int64_t now, uint32_t *counts, zc_u256 *sums)
{
    int64_t first = now - *newest > ZC_RISK_BUCKETS ? now - ZC_RISK_BUCKETS + 1 : *newest + 1;
    for (int64_t b = first; b <= now; b++) {
        counts[b % ZC_RISK_BUCKETS] = 0;
        if (sums != NULL) {
            sums[b % ZC_RISK_BUCKETS] = ZC_U256_ZERO;
        }
    }
    *newest = now > *newest ? now : *newest;
    return (size_t)(*newest % ZC_RISK_BUCKETS);
}

void zc_risk_history_add_amount(zc_risk_history *history, const zc_risk_name *row,
                                const zc_u256 *amount, int64_t now_ms)
{
    zc_risk_row *taken = take_row(history, row);
    taken->used = ++history->clock;
    for (size_t i = 0; i < ZC_RISK_WINDOWS; i++) {
        zc_risk_ring *ring = &taken->ring[i];
        size_t at = advance(&ring->newest, bucket_at(i, now_ms), ring->count, ring->sum);
        count_up(&ring->count[at]);
        add_saturated(&ring->sum[at], amount);
    }
}

void zc_risk_history_add_request(zc_risk_history *history, uint32_t principal, int64_t now_ms)
{
    if (principal >= ZC_RISK_PRINCIPALS) {
        return;
    }
    zc_risk_requests *requests = &history->requests[principal];
    requests->last_ms = !requests->any || now_ms > requests->last_ms ? now_ms : requests->last_ms;
    requests->any = true;
    for (size_t i = 0; i < ZC_RISK_WINDOWS; i++) {
        size_t at = advance(&requests->newest[i], bucket_at(i, now_ms), requests->count[i], NULL);
        count_up(&requests->count[i][at]);
    }
}

/* The slot that holds it, or the free one where it would go. The table is never full. */
static size_t find_counterparty(const zc_risk_history *history, const zc_risk_name *name)
{
    size_t slot = ((size_t)name->byte[0] << 8 | name->byte[1]) % ZC_RISK_COUNTERPARTY_SLOTS;
    while (history->counterparties[slot].count != 0 &&
           memcmp(&history->counterparties[slot].name, name, sizeof *name) != 0) {
        slot = (slot + 1) % ZC_RISK_COUNTERPARTY_SLOTS;
    }
    return slot;
}

uint32_t zc_risk_history_met(const zc_risk_history *history, const zc_risk_name *counterparty)
{
    return history->counterparties[find_counterparty(history, counterparty)].count;
}

void zc_risk_history_add_counterparty(zc_risk_history *history, const zc_risk_name *counterparty)
{
    zc_risk_counterparty *slot = &history->counterparties[find_counterparty(history, counterparty)];
    if (slot->count == 0) {
        if (history->counterparty_count >= ZC_RISK_COUNTERPARTIES) {
            return;
        }
        slot->name = *counterparty;
        history->counterparty_count++;
    }
    count_up(&slot->count);
}

static void put_u64(zc_sha256_ctx *hash, uint64_t value)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(value >> (56 - 8 * i));
    }
    zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(bytes));
}

static void put_counts(zc_sha256_ctx *hash, int64_t newest, const uint32_t *counts)
{
    put_u64(hash, (uint64_t)newest);
    for (size_t i = 0; i < ZC_RISK_BUCKETS; i++) {
        put_u64(hash, counts[i]);
    }
}

static void put_row(zc_sha256_ctx *hash, const zc_risk_row *row)
{
    zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(row->name.byte));
    put_u64(hash, row->used);
    for (size_t i = 0; i < ZC_RISK_WINDOWS; i++) {
        put_counts(hash, row->ring[i].newest, row->ring[i].count);
        for (size_t b = 0; b < ZC_RISK_BUCKETS; b++) {
            uint8_t sum[32];
            zc_u256_to_be(&row->ring[i].sum[b], sum);
            zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(sum));
        }
    }
}

static void put_requests(zc_sha256_ctx *hash, const zc_risk_requests *requests)
{
    put_u64(hash, (uint64_t)requests->last_ms);
    for (size_t i = 0; i < ZC_RISK_WINDOWS; i++) {
        put_counts(hash, requests->newest[i], requests->count[i]);
    }
}

void zc_risk_history_hash(const zc_risk_history *history, zc_sha256_ctx *hash)
{
    zc_sha256_update(hash, zc_slice_of_text("zcp-risk-history-v1"));
    put_u64(hash, history->clock);
    for (size_t i = 0; i < ZC_RISK_PRINCIPALS; i++) {
        if (history->requests[i].any) {
            put_u64(hash, i);
            put_requests(hash, &history->requests[i]);
        }
    }
    put_u64(hash, UINT64_MAX);
    for (size_t i = 0; i < ZC_RISK_ROWS; i++) {
        if (history->rows[i].taken) {
            put_u64(hash, i);
            put_row(hash, &history->rows[i]);
        }
    }
    put_u64(hash, UINT64_MAX);
    for (size_t i = 0; i < ZC_RISK_COUNTERPARTY_SLOTS; i++) {
        if (history->counterparties[i].count != 0) {
            put_u64(hash, i);
            zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(history->counterparties[i].name.byte));
            put_u64(hash, history->counterparties[i].count);
        }
    }
    put_u64(hash, UINT64_MAX);
}
