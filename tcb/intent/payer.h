/* Private to the module: who would sign bytes that come without a key, for those who only look. */
#ifndef ZC_INTENT_PAYER_H
#define ZC_INTENT_PAYER_H

#include "intent/intent.h"

/* The fee payer of a Solana message; false when the bytes are none. */
bool zc_solana_payer(zc_slice message, zc_address *ret_payer);
/* The account of the first signer that a SignDoc names with a secp256k1 key; false when there is
 * none. */
bool zc_cosmos_payer(zc_slice sign_doc, zc_address *ret_payer);

#endif
