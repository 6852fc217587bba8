/* What is signed without being a transaction: messages for people, and bare digests.
 *
 * On failure the outputs are untouched. */
#ifndef ZC_INTENT_MESSAGE_H
#define ZC_INTENT_MESSAGE_H

#include "intent/intent.h"

/* A message for a person-readable signature. EVM: EIP-191 version 0x45 ("personal message"), digest
 * Keccak-256("\x19Ethereum Signed Message:\n" ‖ decimal length ‖ payload). NONE: SHA-256 of the
 * payload; only for keys that serve no chain, which the caller makes sure of, since several chains
 * sign a SHA-256. The intent borrows `payload`.
 *
 * The prefix keeps what is signed apart from everything else that an EVM key signs: 0x19 'E' begins
 * no RLP list, no transaction type, no authorization (0x05), no typed data (0x19 01) and no data
 * for a validator (0x19 00). So a payload that is the preimage of one of the latter is harmless as
 * a message; it is flagged all the same, and so is a payload of 32 bytes that is no text, because
 * contracts exist that take the signed hash of something for the thing itself (OPAQUE_HASH).
 *
 * Errors: ZC_INTENT_MESSAGE_IS_TRANSACTION when the payload is any EVM transaction or
 * authorization, signed or not, or (NONE) a Solana one; ZC_INTENT_TOO_LONG, ZC_INTENT_FAMILY. */
ZC_MUST_USE zc_result zc_intent_decode_message(zc_family family, zc_slice payload,
                                               const zc_address *account, zc_intent *ret_intent);

/* The same of family NONE for a key that serves no chain at all (P-256): what a Solana transaction
 * looks like is then a message like any other. */
ZC_MUST_USE zc_result zc_intent_decode_chainless_message(zc_slice payload, zc_intent *ret_intent);

/* A 32-byte digest whose meaning nobody here can know: flagged as such. */
ZC_MUST_USE zc_result zc_intent_decode_digest(zc_family family, zc_slice payload,
                                              const zc_address *account, zc_intent *ret_intent);

#endif
