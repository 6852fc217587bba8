/* Cosmos: SIGN_MODE_DIRECT, whose SignDoc a secp256k1 key signs as SHA-256.
 *
 * Protobuf is read strictly: shortest numbers, ascending fields, nothing twice. A field that is not
 * in a message's definition is flagged partial-decode; a message of a type that is not known is a
 * call that is not read (unknown-calldata). Every asset is a token named by its denomination.
 *
 * How messages stand in the intent:
 *   - Each is a call with its type URL as the method; authz's MsgExec is the parent of what it
 *     runs, to four levels.
 *   - A message says for whom it acts. At the top that must be the signing account, unless
 *     others sign too; what such another one, or an authz granter, parts with is a PULL from it.
 *     A transaction in which no message acts for the account is refused, unless it pays the fee.
 *   - An IBC transfer is OUT to nobody: its receiver lives on another chain, whose addresses say
 *     nothing here, and stands as an argument. So do port and channel. A memo that is a JSON object
 *     may be run by the receiving chain and is flagged partial-decode.
 *   - Addresses are bytes without their prefix; which one was written is an argument where it is
 *     not the sender's own.
 * Keys of Ethermint chains (Keccak-256) are not special. SIGN_MODE_LEGACY_AMINO_JSON and textual
 * sign docs are refused by name. */
#ifndef ZC_INTENT_COSMOS_H
#define ZC_INTENT_COSMOS_H

#include "intent/intent.h"

#define ZC_COSMOS_MAX_SIGN_DOC 65536
#define ZC_COSMOS_MAX_EXEC_DEPTH 4

/* `account`: the 20 bytes RIPEMD-160(SHA-256(compressed key)), or 32 on chains that use those. On
 * failure the intent is empty and `ret_offset` (may be NULL) holds the offset of the fault.
 * The intent borrows the memo. Errors: ZC_INTENT_COSMOS_…, ZC_INTENT_EMPTY, ZC_INTENT_TOO_LONG,
 * ZC_INTENT_TOO_MANY_…, ZC_CODEC_PB_… and ZC_BASE_TRUNCATED of malformed protobuf. */
ZC_MUST_USE zc_result zc_intent_decode_cosmos(zc_slice sign_doc, zc_slice account,
                                              zc_intent *ret_intent, size_t *ret_offset);

/* Whether bytes are a SignDoc in form: four fields of the right kinds, the two inner ones
 * protobuf. */
bool zc_cosmos_is_sign_doc(zc_slice bytes);

/* The transaction as a node takes it (TxRaw): body, auth info and one signature, r ‖ s with low s.
 * Errors: those of a malformed SignDoc; ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_cosmos_write_signed(zc_slice sign_doc, const uint8_t signature[static 64],
                                             zc_writer *writer);

#endif
