/* Which inputs the account signs, and what each signature commits to. */
#ifndef ZC_INTENT_BITCOIN_PLAN_H
#define ZC_INTENT_BITCOIN_PLAN_H

#include "intent/bitcoin/owner.h"
#include "intent/bitcoin/psbt.h"

/* Old-style signatures each hash the whole transaction: together at most this much. */
#define ZC_PSBT_MAX_LEGACY_HASHING 262144

typedef struct zc_psbt_plan {
    size_t count;
    bool is_partial;     /* a signature leaves inputs or outputs open */
    bool proves_amounts; /* a taproot signature commits to the amounts of all inputs */
    zc_bitcoin_signing list[ZC_PSBT_MAX_INPUTS];
} zc_psbt_plan;

/* For a PSBT that has been resolved. Errors: ZC_INTENT_PSBT_…: an input that the key is part of
 * cannot be signed; ZC_INTENT_PSBT_NOTHING_TO_SIGN. */
ZC_MUST_USE zc_result zc_psbt_make_plan(const zc_psbt *psbt, zc_btc_owner *owner,
                                        zc_psbt_plan *ret_plan);

#endif
