/* A rule of the mission: its kind, whom and what it is for, and what it asks. Which fields a rule
 * has follows from its kind (mission.h). */
#ifndef ZC_POLICY_RULE_H
#define ZC_POLICY_RULE_H

#include "base/slice.h"
#include "base/u256.h"
#include "policy/mission_lists.h"
#include "wire/kinds.h"

typedef enum zc_rule_kind {
    ZC_RULE_ALLOW = 1,
    ZC_RULE_DENY = 2,
    ZC_RULE_LIMIT_PER_TX = 3,
    ZC_RULE_LIMIT_WINDOW = 4,
    ZC_RULE_LIMIT_RATE = 5,
    ZC_RULE_RESTRICT_CHAINS = 6,
    ZC_RULE_REVIEW = 7,
    ZC_RULE_HOURS = 8,
    ZC_RULE_CONFINE = 9,
    ZC_RULE_REDUCE_ONLY = 10,
    ZC_RULE_POSITION = 11,
    ZC_RULE_DRAWDOWN = 12,
    ZC_RULE_RISK = 13,
} zc_rule_kind;
#define ZC_RULE_KINDS 14

/* What a limit on amounts adds up. X(NAME, number, name) */
#define ZC_MEASURES(X)                                                                             \
    /* What leaves, is locked, may be taken, and fees, of one asset; an order's price × quantity. \
     */                                                                                            \
    X(VALUE, 1, "value")                                                                           \
    X(FEE, 2, "fee")                                                                               \
    X(ALLOWANCE, 3, "allowance")                                                                   \
    /* The most that is paid for one unit of gas, in the asset's base units. */                    \
    X(GAS_PRICE, 4, "gas-price")                                                                   \
    /* VALUE of every asset, in the reference currency. */                                         \
    X(NOTIONAL, 5, "notional")

typedef enum zc_measure_kind {
    ZC_MEASURE_NONE = 0,
#define ZC_DECLARE_MEASURE(name, number, text) ZC_MEASURE_##name = (number),
    ZC_MEASURES(ZC_DECLARE_MEASURE)
#undef ZC_DECLARE_MEASURE
} zc_measure_kind;
#define ZC_MEASURE_KINDS 6

/* What has a window of its own. X(NAME, number, name) */
#define ZC_PERS(X)                                                                                 \
    X(KEY, 1, "key")                                                                               \
    X(PRINCIPAL, 2, "principal")                                                                   \
    X(ASSET, 3, "asset")               /* NOTIONAL only */                                         \
    X(COUNTERPARTY, 4, "counterparty") /* amounts only; fees and orders belong to none */          \
    X(CHAIN, 5, "chain")               /* a chain or a venue */                                    \
    X(MARKET, 6, "market")             /* POSITION only */

typedef enum zc_per {
    ZC_PER_NONE = 0,
#define ZC_DECLARE_PER(name, number, text) ZC_PER_##name = (number),
    ZC_PERS(ZC_DECLARE_PER)
#undef ZC_DECLARE_PER
} zc_per;
#define ZC_PER_KINDS 7

/* A window that begins anew at midnight in a zone: each day, on Mondays, on the first of a month.
 */
typedef enum zc_period {
    ZC_PERIOD_NONE = 0, /* it rolls */
    ZC_PERIOD_DAY = 1,
    ZC_PERIOD_WEEK = 2,
    ZC_PERIOD_MONTH = 3,
} zc_period;

/* How an argument is held against a condition. */
typedef enum zc_test {
    ZC_TEST_IN = 1,     /* its bytes are in the list; a number as its shortest bytes, 0 as one */
    ZC_TEST_NOT_IN = 2, /* they are not */
    ZC_TEST_AT_MOST = 3,
    ZC_TEST_AT_LEAST = 4,
} zc_test;

#define ZC_USES_KNOWN 31u

/* A use's bit in zc_scope.uses: bit 0 is use 1. */
static inline uint32_t zc_use_bit(zc_use use)
{
    return UINT32_C(1) << ((unsigned)use - 1);
}

typedef struct zc_scope {
    bool principals_listed;
    bool operations_listed;
    bool assets_listed;
    uint32_t uses;                               /* zc_use_bit() */
    uint64_t principals;                         /* bit i: principal i */
    uint64_t operations;                         /* zc_operation_bit() */
    uint64_t accepted_flags;                     /* ZC_FLAG_… that an ALLOW tolerates */
    uint64_t assets[ZC_MISSION_MAX_ASSETS / 64]; /* bit i: asset i */
    zc_list keys;
    zc_list chains;
    zc_address_list contracts;
    zc_list methods;
    zc_address_list counterparties;
    bool markets_listed;
    uint64_t markets[ZC_MISSION_MAX_MARKETS / 64]; /* bit i: market i */
} zc_scope;

typedef struct zc_hours {
    uint8_t days; /* bit 0: Monday */
    uint16_t from_minute;
    uint16_t to_minute; /* at most 1440; not beyond midnight */
} zc_hours;

typedef struct zc_condition {
    char label[ZC_ARGUMENT_LABEL_SIZE]; /* empty: by index */
    uint16_t index;
    zc_test test;
    zc_u256 number;
    zc_address_list bytes;
} zc_condition;

/* Who must agree to what a REVIEW rule holds back. */
typedef struct zc_panel {
    uint32_t needed;
    uint32_t organisations;
    uint32_t valid_s;
    uint32_t range_bps;  /* an order may differ so far in price from what was approved */
    uint64_t principals; /* bit i: principal i */
} zc_panel;

/* What a RISK rule makes of a score, in millionths. */
typedef struct zc_thresholds {
    uint16_t model;
    bool has_review;
    bool has_deny;
    int64_t review_at; /* from this score on it needs the rule's panel */
    int64_t deny_at;
} zc_thresholds;

typedef struct zc_rule {
    char name[ZC_MISSION_NAME_SIZE];
    zc_rule_kind kind;
    zc_measure_kind measure;
    zc_per per;
    zc_period period;
    bool has_asset;
    bool has_amount;
    bool has_zone;
    bool has_panel;
    bool has_feed;
    bool has_lease;
    bool has_release;
    bool has_thresholds;
    uint16_t asset;
    uint16_t zone;
    uint16_t feed; /* whose word it takes; of a LIMIT_WINDOW: for releases */
    uint32_t window_s;
    uint32_t count;
    zc_u256 amount;
    zc_u256 lease;    /* budget becomes spendable in slices of this size… */
    uint32_t lease_s; /* …and for this long */
    zc_u256 release;  /* at most so much is given back within the window */
    zc_list hours;
    zc_list dates;
    zc_list conditions;
    zc_panel panel;
    zc_thresholds thresholds;
    zc_scope scope;
} zc_rule;

/* Whether a rule of this kind keeps a window. */
bool zc_rule_has_window(const zc_rule *rule);
/* Whether a rule of this kind is a limit that a request is held against. */
bool zc_rule_is_limit(const zc_rule *rule);

/* Names as missions have them; NULL for a number that is none. */
const char *zc_rule_kind_name(zc_rule_kind kind);
const char *zc_measure_name(zc_measure_kind measure);
const char *zc_per_name(zc_per per);
const char *zc_use_name(zc_use use);
/* The other way; false for a name that is none. */
bool zc_use_of_name(zc_slice name, zc_use *ret_use);

#endif
