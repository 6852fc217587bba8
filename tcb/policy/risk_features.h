/* What a risk model looks at: features of an intent and of what was signed before, in integers.
 *
 * A feature's value is in units of 2^-16: every such number up to 2^37 is a binary64 number, so who
 * trains a model can have exactly the values that the enclave computes. A value that does not exist
 * (a ratio to an average of nothing, the hour in a zone that is not given) is missing, and each
 * split says where that goes. */
#ifndef ZC_POLICY_RISK_FEATURES_H
#define ZC_POLICY_RISK_FEATURES_H

#include "intent/intent.h"
#include "policy/risk_history.h"

#define ZC_RISK_MAX_FEATURES 256
#define ZC_RISK_FEATURE_BITS 16
#define ZC_RISK_FEATURE_ONE (INT64_C(1) << ZC_RISK_FEATURE_BITS)
#define ZC_RISK_FEATURE_MISSING INT64_MIN
/* A ratio or count beyond this is this. */
#define ZC_RISK_FEATURE_MAX (INT64_C(1) << 52)
#define ZC_RISK_MAX_ZONES 16

/* What a feature's parameter is. */
typedef enum zc_risk_parameter {
    ZC_RISK_PARAMETER_NONE = 0,
    ZC_RISK_PARAMETER_WINDOW = 1,    /* zc_risk_window */
    ZC_RISK_PARAMETER_ZONE = 2,      /* index into zc_risk_context.zone_offset_s */
    ZC_RISK_PARAMETER_CHAIN = 3,     /* intent/chain.h */
    ZC_RISK_PARAMETER_OPERATION = 4, /* zc_operation */
    ZC_RISK_PARAMETER_FLAG = 5,      /* bit of ZC_FLAG_… */
    ZC_RISK_PARAMETER_FAMILY = 6,    /* zc_family */
} zc_risk_parameter;

/* Numbers are in compiled missions and logs: they are only ever added to.
 * X(NAME, number, name in missions, parameter, in words)
 *
 * An amount is what leaves or may be taken (OUT, ALLOWANCE, PULL, LOCK), summed by asset, in base
 * units; of an order, its price × quantity or its quantity by value, in 10^-8 of the market's
 * quote. Of several assets, the feature is that of the one where it is greatest. */
#define ZC_RISK_FEATURES(X)                                                                        \
    X(NOTHING, 1, "missing", NONE, "nothing: always missing")                                      \
    X(AMOUNT_LOG2, 2, "amount-log2", NONE, "logarithm to base 2 of the amount")                    \
    X(AMOUNT_RATIO, 3, "amount-ratio", WINDOW,                                                     \
      "amount by the average of this principal's amounts of the asset in the window")              \
    X(VOLUME_LOG2, 4, "volume-log2", WINDOW,                                                       \
      "logarithm to base 2 of this principal's volume of the asset in the window, this included")  \
    X(REQUEST_COUNT, 5, "request-count", WINDOW,                                                   \
      "requests of this principal in the window, this one not included")                           \
    X(COUNTERPARTY_NEW, 6, "counterparty-new", NONE,                                               \
      "1 when a counterparty was never dealt with, else 0; missing without counterparty")          \
    X(COUNTERPARTY_COUNT, 7, "counterparty-count", NONE,                                           \
      "times that the least known counterparty was dealt with")                                    \
    X(HOUR, 8, "hour", ZONE, "hour of the day with its fraction, 0 to 24")                         \
    X(WEEKDAY, 9, "weekday", ZONE, "day of the week, Monday 0 to Sunday 6")                        \
    X(CHAIN_IS, 10, "chain", CHAIN, "1 on this chain or venue, else 0")                            \
    X(OPERATION_IS, 11, "operation", OPERATION, "1 for this operation, else 0")                    \
    X(FLAG_IS, 12, "flag", FLAG, "1 with this flag, else 0")                                       \
    X(FLAG_COUNT, 13, "flag-count", NONE, "number of flags")                                       \
    X(FAMILY_IS, 14, "family", FAMILY, "1 for this family of chains, else 0")                      \
    X(GAS_PRICE_RATIO, 15, "gas-price-ratio", WINDOW,                                              \
      "gas price by the average of this principal's on the chain in the window")                   \
    X(FEE_LOG2, 16, "fee-log2", NONE, "logarithm to base 2 of the highest fee")                    \
    X(ORDER_NOTIONAL_LOG2, 17, "order-notional-log2", NONE,                                        \
      "logarithm to base 2 of price × quantity, in units of the quote; missing without a price")   \
    X(ORDER_SIDE, 18, "order-side", NONE, "1 to buy, -1 to sell; missing without an order")        \
    X(ORDER_REDUCE_ONLY, 19, "order-reduce-only", NONE,                                            \
      "1 when the order can only reduce, else 0; missing without an order")                        \
    X(MOVEMENT_COUNT, 20, "movement-count", NONE, "movements of value or power")                   \
    X(CALL_COUNT, 21, "call-count", NONE, "calls of code, nested ones included")                   \
    X(UNREAD_CALLS, 22, "unread-calls", NONE, "calls that were not understood to the last byte")   \
    X(ASSET_COUNT, 23, "asset-count", NONE, "different assets that leave or may be taken")         \
    X(IDLE_LOG2, 24, "idle-log2", NONE,                                                            \
      "logarithm to base 2 of the seconds since this principal's last request")

typedef enum zc_risk_feature_kind {
#define ZC_DECLARE_RISK_FEATURE(name, number, text, parameter, words)                              \
    ZC_RISK_FEATURE_##name = (number),
    ZC_RISK_FEATURES(ZC_DECLARE_RISK_FEATURE)
#undef ZC_DECLARE_RISK_FEATURE
} zc_risk_feature_kind;

typedef struct zc_risk_feature {
    uint16_t kind;      /* zc_risk_feature_kind */
    uint64_t parameter; /* 0 where the kind has none */
} zc_risk_feature;

/* What the engine knows beside the intent. */
typedef struct zc_risk_context {
    uint32_t principal; /* below ZC_RISK_PRINCIPALS */
    int64_t now_ms;     /* the platform's trusted clock, not negative */
    /* Each zone's offset from UTC at now_ms, by the mission's own rules. */
    uint32_t zone_count;
    int32_t zone_offset_s[ZC_RISK_MAX_ZONES];
} zc_risk_context;

typedef struct zc_risk_vector {
    uint16_t count;
    int64_t value[ZC_RISK_MAX_FEATURES]; /* slots at or beyond count hold nothing */
} zc_risk_vector;

/* Whether the kind is known and the parameter one of its own. */
bool zc_risk_feature_valid(const zc_risk_feature *feature);
/* Names as missions have them; NULL for a number that is none. */
const char *zc_risk_feature_name(uint16_t kind);
const char *zc_risk_feature_text(uint16_t kind);
zc_risk_parameter zc_risk_feature_parameter(uint16_t kind);
/* The other way; false for a name that is none. */
bool zc_risk_feature_of_name(zc_slice name, uint16_t *ret_kind);
/* "amount-ratio:day", "operation:transfer", "hour:0": a feature as missions have it. Errors:
 * ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_risk_feature_write(const zc_risk_feature *feature, zc_writer *writer);
/* The other way, where a zone is its index; false for what is none. */
bool zc_risk_feature_read(zc_slice text, zc_risk_feature *ret_feature);

/* The values of `count` features (at most ZC_RISK_MAX_FEATURES). */
void zc_risk_features(const zc_risk_feature *features, size_t count, const zc_risk_history *history,
                      const zc_risk_context *context, const zc_intent *intent,
                      zc_risk_vector *ret_vector);

/* Remembers what was signed: call it once for each intent that was allowed. Deterministic: the same
 * calls give the same history. */
void zc_risk_observe(zc_risk_history *history, const zc_risk_context *context,
                     const zc_intent *intent);

#endif
