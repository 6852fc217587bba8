/* Solana: what an Ed25519 key signs there is a message's bytes as they are. Legacy and version 0.
 *
 * Read to the last byte: the System, SPL Token, Token-2022, Associated Token Account, Stake, Vote,
 * Compute Budget, Memo, Address Lookup Table and upgradeable loader programs. Another program, or
 * an instruction that these do not define, is a call that is not read (unknown-calldata).
 *
 * How accounts stand in the intent:
 *   - `movements[].to` of a token transfer is the destination token account, `from` the source
 *     token account: the message does not say who owns them. A wallet that the same message makes
 *     an associated account for stands as an argument of that call.
 *   - SPL Token's plain transfer and approve do not name the mint. Their asset is then the token
 *     account's own key, which can be no mint, and the intent is flagged partial-decode: no rule
 *     about a mint speaks of it.
 *   - What an address table would load is unknown: such an account is nobody, an asset among them
 *     is named by 33 bytes (table ‖ index), which no mint has, and the intent is flagged
 *     unresolved-address.
 *   - Who signs beside this key may move what is his: that is a PULL from him.
 *   - Amounts that a message leaves to the chain (close account, withdraw all) are zero and flagged
 *     partial-decode.
 *
 * The digest is SHA-256 of the message, whose bytes the key signs. */
#ifndef ZC_INTENT_SOLANA_H
#define ZC_INTENT_SOLANA_H

#include "intent/intent.h"

#define ZC_SOLANA_KEY_SIZE 32
#define ZC_SOLANA_SIGNATURE_SIZE 64
/* What SIMD-0296 lets a transaction grow to; today's network takes 1232 with its signatures. */
#define ZC_SOLANA_MAX_MESSAGE 4096

/* An unsigned message, to be signed by `account`, which must be one of its signers. On failure the
 * intent is empty and `ret_offset` (may be NULL) holds the offset of the fault.
 * Errors: ZC_INTENT_SOLANA_…, ZC_INTENT_EMPTY, ZC_INTENT_TOO_LONG, ZC_INTENT_TOO_MANY_… */
ZC_MUST_USE zc_result zc_intent_decode_solana_tx(zc_slice message,
                                                 const uint8_t account[static ZC_SOLANA_KEY_SIZE],
                                                 zc_intent *ret_intent, size_t *ret_offset);

/* An off-chain message: "\xffsolana offchain", version 0, in the layout of the published proposal
 * (application domain and signers) or the older one (format and length alone). What would be both
 * is refused. The intent borrows the text. Where signers are named, `account` is one of them. */
ZC_MUST_USE zc_result
zc_intent_decode_solana_offchain(zc_slice bytes, const uint8_t account[static ZC_SOLANA_KEY_SIZE],
                                 zc_intent *ret_intent, size_t *ret_offset);
/* Whether bytes begin as one: then nothing else may read them. */
bool zc_solana_is_offchain(zc_slice bytes);

/* The message of a transaction as the network carries it (signatures, empty or not, in front).
 * Errors: ZC_INTENT_SOLANA_NOT_WIRE unless count, signatures and message fit to the last byte. */
ZC_MUST_USE zc_result zc_solana_take_message(zc_slice wire, zc_slice *ret_message);
/* The 64 bytes of the signature that stands at the place of `account` in such a transaction. */
ZC_MUST_USE zc_result zc_solana_take_signature(zc_slice wire,
                                               const uint8_t account[static ZC_SOLANA_KEY_SIZE],
                                               zc_slice *ret_signature);
/* The transaction as the network carries it, with `signature` at the place of `account` and zeros
 * at those of the other signers. Errors: ZC_BASE_FULL, and those of a message's header. */
ZC_MUST_USE zc_result
zc_solana_write_signed(zc_slice message, const uint8_t account[static ZC_SOLANA_KEY_SIZE],
                       const uint8_t signature[static ZC_SOLANA_SIGNATURE_SIZE], zc_writer *writer);

#endif
