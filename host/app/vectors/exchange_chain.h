/* Groups of the folder exchange: venues that sign as chains do, or with tokens. */
#ifndef ZC_VECTORS_EXCHANGE_CHAIN_H
#define ZC_VECTORS_EXCHANGE_CHAIN_H

#include <jansson.h>

#include "report.h"

/* Runs the cases when the file holds such; false when it does not, and nothing is counted. The form
 * decides: action hashes and signatures of Hyperliquid, keys and claims of Coinbase. */
bool zc_vectors_exchange_chain(zc_report *report, json_t *root);

/* exchange_hyperliquid.c: cases with an action or a user-signed message, in `cases`. */
void zc_run_hyperliquid(zc_report *report, const json_t *cases);
/* exchange_jwt.c: one key in its encodings. */
void zc_run_coinbase_keys(zc_report *report, const json_t *root);

#endif
