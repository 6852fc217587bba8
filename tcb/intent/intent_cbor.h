/* The one encoding of an intent: deterministic CBOR (RFC 8949 §4.2.1), a map with integer keys. The
 * log commits to it and replay reads it back, so reading and writing is an exact round trip and
 * anything else is refused.
 *
 *   intent = {
 *     1: family, 2: operation, 3: flags, 4: account bstr20, 5: digest bstr32,
 *     6: [* movement],
 *     7: tx                       ; transactions
 *     8: message bstr             ; messages
 *   }
 *   tx = {
 *     1: type, ? 2: chain id, ? 3: to bstr20, ? 4: selector bstr4, 5: nonce, 6: gas limit u256,
 *     7: gas price u256, 8: tip u256, 9: max fee u256, 10: value u256, 11: data length,
 *     12: access addresses, 13: access keys, ? 14: expiry ms
 *   }
 *   movement = [kind, chain id, contract bstr20 or null (native), from bstr20, to bstr20, u256]
 *   u256 = bstr, shortest big-endian                                                            */
#ifndef ZC_INTENT_INTENT_CBOR_H
#define ZC_INTENT_INTENT_CBOR_H

#include "base/writer.h"
#include "intent/intent.h"

/* Errors: ZC_BASE_FULL; ZC_INTENT_MAX_ENCODED bytes are always enough. */
ZC_MUST_USE zc_result zc_intent_write(const zc_intent *intent, zc_writer *writer);

/* Reads exactly one intent; its message borrows `encoded`. Errors: codec's, ZC_BASE_TRAILING,
 * ZC_INTENT_BAD_ENCODING; `ret_intent` is then untouched. */
ZC_MUST_USE zc_result zc_intent_read(zc_slice encoded, zc_intent *ret_intent);

#endif
