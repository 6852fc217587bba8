/* Which outputs come back to the account, by proof alone (intent/bitcoin.h). */
#ifndef ZC_INTENT_BITCOIN_CHANGE_H
#define ZC_INTENT_BITCOIN_CHANGE_H

#include "intent/bitcoin/plan.h"

/* What the inputs signed here tell of the account. */
typedef struct zc_psbt_change {
    bool is_provable;    /* false when a signature leaves outputs open */
    bool has_one_script; /* all inputs signed here are locked by `script` */
    zc_slice script;     /* of the first of them */
    uint8_t locks;       /* bit for each zc_bitcoin_lock among them */
} zc_psbt_change;

void zc_psbt_change_init(zc_psbt_change *change, const zc_psbt *psbt, const zc_psbt_plan *plan);
/* Spends point operations of the owner's; an output for which none are left is not proven. */
bool zc_psbt_is_change(const zc_psbt_change *change, const zc_psbt *psbt, size_t output,
                       zc_btc_owner *owner);

#endif
