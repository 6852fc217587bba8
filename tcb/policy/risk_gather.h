/* What features and history take from an intent: amounts by asset, counterparties, and the names
 * under which the history keeps them. For risk_features.c alone. */
#ifndef ZC_POLICY_RISK_GATHER_H
#define ZC_POLICY_RISK_GATHER_H

#include "policy/risk_features.h"

/* Assets of an intent, and the market of its order. */
#define ZC_RISK_MAX_AMOUNTS (ZC_INTENT_MAX_MOVEMENTS + 1)
#define ZC_RISK_MAX_PARTIES (ZC_INTENT_MAX_MOVEMENTS + ZC_INTENT_MAX_CALLS)

typedef struct zc_risk_amounts {
    size_t count;
    zc_u256 amount[ZC_RISK_MAX_AMOUNTS]; /* greater than zero */
    zc_risk_name row[ZC_RISK_MAX_AMOUNTS];
} zc_risk_amounts;

typedef struct zc_risk_parties {
    size_t count;
    zc_risk_name name[ZC_RISK_MAX_PARTIES]; /* each once */
} zc_risk_parties;

/* OUT, ALLOWANCE, PULL and LOCK movements, summed by asset; an order's notional. */
void zc_risk_gather_amounts(const zc_intent *intent, uint32_t principal,
                            zc_risk_amounts *ret_amounts);
/* Who is `to` of those and of CONTROL movements, and what is called. */
void zc_risk_gather_parties(const zc_intent *intent, uint32_t principal,
                            zc_risk_parties *ret_parties);
/* Price × quantity, or quantity by value, in 10^-8 of the quote; false without either. */
bool zc_risk_order_amount(const zc_order *order, zc_u256 *ret_amount);
/* The row of the chain's gas prices. */
zc_risk_name zc_risk_gas_row(const zc_intent *intent, uint32_t principal);

/* log2(value) in units of 2^-16, rounded down; value is not zero. */
int64_t zc_risk_log2(const zc_u256 *value);
/* value / (sum / count) in units of 2^-16, rounded down; sum and count are not zero. */
int64_t zc_risk_ratio(const zc_u256 *value, const zc_u256 *sum, uint64_t count);

#endif
