/* The one encoding of an intent: deterministic CBOR (RFC 8949 §4.2.1), a map with integer keys. The
 * log commits to it and replay reads it back, so reading and writing is an exact round trip and
 * anything else is refused.
 *
 *   intent = {
 *     1: family, 2: operation, 3: flags, 4: account bstr, 5: digest bstr32,
 *     6: [* movement], 7: [* call], 8: [* argument],
 *     ? 9: tx                     ; all but messages and digests
 *     ? 10: message bstr          ; messages, and transactions with a memo
 *     ? 11: order bstr            ; order_cbor.h
 *   }
 *   tx = {
 *     1: type, ? 2: chain, ? 3: to bstr, 4: nonce, 5: gas limit u256, 6: gas price u256,
 *     7: tip u256, 8: max fee u256, 9: value u256, 10: data length, 11: access addresses,
 *     12: access keys, ? 13: expiry ms, ? 14: chain's id tstr, 15: signatures
 *   }
 *   movement = [kind, chain, token bstr / null (native), from bstr, to bstr, amount u256,
 *               call / null, item u256 / null]
 *   call     = [target bstr, parent / null, delegate bool, read bool, method bstr, data length,
 *               value u256]
 *   argument = [kind, call / null, label tstr, number u256 / bytes bstr, is hash bool, ? true]   ;
 * true: is said u256 = bstr, shortest big-endian; account, from, to, target: zc_address, nobody is
 * empty    */
#ifndef ZC_INTENT_INTENT_CBOR_H
#define ZC_INTENT_INTENT_CBOR_H

#include "base/writer.h"
#include "intent/intent.h"

/* Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_intent_write(const zc_intent *intent, zc_writer *writer);

/* Reads exactly one intent; its message borrows `encoded`. Errors: codec's, ZC_BASE_TRAILING,
 * ZC_INTENT_BAD_ENCODING; `ret_intent` is then reset. */
ZC_MUST_USE zc_result zc_intent_read(zc_slice encoded, zc_intent *ret_intent);

#endif
