/* What the risk model remembers of what was signed: a fixed-size part of the policy state.
 *
 * Amounts are kept by principal and asset, requests by principal, counterparties by principal.
 * Windows are conservative as those of limits are: an amount counts until all of its bucket, a
 * 31st of the window, has left.
 *
 * Rows of amounts are reused when all are taken: the one that was used longest ago is forgotten.
 * Counterparties are never forgotten; when their table is full, further ones stay new. */
#ifndef ZC_POLICY_RISK_HISTORY_H
#define ZC_POLICY_RISK_HISTORY_H

#include "base/slice.h"
#include "base/u256.h"
#include "crypto/hash.h"

#define ZC_RISK_PRINCIPALS 64
#define ZC_RISK_ROWS 64
#define ZC_RISK_BUCKETS 32
#define ZC_RISK_COUNTERPARTIES 4096
/* The table is open-addressed and never more than half full. */
#define ZC_RISK_COUNTERPARTY_SLOTS 8192

typedef enum zc_risk_window {
    ZC_RISK_WINDOW_HOUR = 0,
    ZC_RISK_WINDOW_DAY = 1,
    ZC_RISK_WINDOW_MONTH = 2, /* 30 days */
} zc_risk_window;
#define ZC_RISK_WINDOWS 3

/* Names as missions have them: "hour", "day", "month"; NULL for a number that is none. */
const char *zc_risk_window_name(uint64_t window);

/* The name of a row or of a counterparty: the first bytes of a SHA-256. */
typedef struct zc_risk_name {
    uint8_t byte[16];
} zc_risk_name;

typedef struct zc_risk_ring {
    int64_t newest; /* number of the bucket of the last addition */
    uint32_t count[ZC_RISK_BUCKETS];
    zc_u256 sum[ZC_RISK_BUCKETS]; /* stays at the greatest number when it would overflow */
} zc_risk_ring;

/* Amounts of one asset (or gas prices of one chain) that one principal moved. */
typedef struct zc_risk_row {
    bool taken;
    zc_risk_name name;
    uint64_t used; /* the history's clock of the last use: least is forgotten first */
    zc_risk_ring ring[ZC_RISK_WINDOWS];
} zc_risk_row;

typedef struct zc_risk_requests {
    bool any;
    int64_t last_ms;
    int64_t newest[ZC_RISK_WINDOWS];
    uint32_t count[ZC_RISK_WINDOWS][ZC_RISK_BUCKETS];
} zc_risk_requests;

typedef struct zc_risk_counterparty {
    zc_risk_name name;
    uint32_t count; /* 0: a free slot */
} zc_risk_counterparty;

/* About 450 KiB; zeroed, it remembers nothing. Holds no pointers. */
typedef struct zc_risk_history {
    uint64_t clock; /* observations so far */
    uint32_t counterparty_count;
    zc_risk_requests requests[ZC_RISK_PRINCIPALS];
    zc_risk_row rows[ZC_RISK_ROWS];
    zc_risk_counterparty counterparties[ZC_RISK_COUNTERPARTY_SLOTS];
} zc_risk_history;

void zc_risk_history_init(zc_risk_history *history);

/* What a window holds at `now_ms`. */
typedef struct zc_risk_sum {
    uint64_t count;
    zc_u256 sum;
} zc_risk_sum;
/* Zero for a row that is not there. */
zc_risk_sum zc_risk_history_sum(const zc_risk_history *history, const zc_risk_name *row,
                                zc_risk_window window, int64_t now_ms);
uint64_t zc_risk_history_requests(const zc_risk_history *history, uint32_t principal,
                                  zc_risk_window window, int64_t now_ms);
/* How often this counterparty was dealt with. */
uint32_t zc_risk_history_met(const zc_risk_history *history, const zc_risk_name *counterparty);

/* Additions; `now_ms` never goes backwards. */
void zc_risk_history_add_amount(zc_risk_history *history, const zc_risk_name *row,
                                const zc_u256 *amount, int64_t now_ms);
void zc_risk_history_add_request(zc_risk_history *history, uint32_t principal, int64_t now_ms);
void zc_risk_history_add_counterparty(zc_risk_history *history, const zc_risk_name *counterparty);

/* Feeds all that is remembered to `hash`, for the digest of the policy state. Equal bytes mean
 * equal histories, slot by slot. */
void zc_risk_history_hash(const zc_risk_history *history, zc_sha256_ctx *hash);

#endif
