/* Personal messages (EIP-191 version 0x45): "\x19Ethereum Signed Message:\n", the length in
 * decimal, the text. Their Keccak-256 is what is signed. */
#ifndef ZC_API_ETHEREUM_PERSONAL_H
#define ZC_API_ETHEREUM_PERSONAL_H

#include "base/slice.h"

/* False when the machine gives no memory. */
bool zc_personal_hash(zc_slice text, uint8_t ret_hash[static 32]);
/* Whether `data` is such a message as a whole, and its text: a view of it. */
bool zc_personal_text(zc_slice data, zc_slice *ret_text);

#endif
