/* Bytes to intent: the first station of the road.
 *
 * A decoder accounts for every byte or fails with the reason and the offset of the fault. What it
 * can account for but not understand becomes a flag of the intent, never a guess. Nothing here
 * allocates, recurses or loops beyond the input's length; all input is public.
 *
 * Errors come from codec (malformed RLP), and from reasons.h. On failure the outputs are untouched,
 * but `ret_offset`, which then holds the offset of the fault in the input. An intent whose decoding
 * fails for want of room (ZC_INTENT_TOO_MANY_MOVEMENTS and its like) is left empty. */
#ifndef ZC_INTENT_DECODE_H
#define ZC_INTENT_DECODE_H

#include "base/writer.h"
#include "crypto/curve.h"
#include "crypto/signer.h"
#include "intent/descriptor.h"
#include "intent/intent.h"

/* As much as one request can carry; room for the longest init code (EIP-3860) and then some. */
#define ZC_EVM_MAX_TX 65536
#define ZC_EVM_MAX_ACCESS_ADDRESSES 1024
#define ZC_EVM_MAX_ACCESS_KEYS 4096
/* Of a blob transaction; beyond what a block has ever held. */
#define ZC_EVM_MAX_BLOBS 32
/* Of a set-code transaction: each costs the recovery of a signer. */
#define ZC_EVM_MAX_AUTHORIZATIONS 12
/* Calls within calls (multicall, multiSend, a Safe's transaction) are read this deep, by
 * delegatecall too. */
#define ZC_EVM_MAX_CALL_DEPTH 8
/* "0x", 40 digits and a terminator. */
#define ZC_EVM_ADDRESS_TEXT_SIZE 43

/* An unsigned transaction, ready to be signed by `account`: legacy without chain (6 fields), legacy
 * with EIP-155 (9 fields ending in chain id, 0, 0), EIP-2930, EIP-1559, EIP-4844 (without blobs:
 * they are no part of what is signed), EIP-7702. The digest is the Keccak-256 of all of
 * `unsigned_tx`. `descriptors` are the mission's, or NULL; `ret_offset` may be NULL. */
ZC_MUST_USE zc_result zc_intent_decode_evm_tx(zc_slice unsigned_tx, const zc_address *account,
                                              const zc_descriptor_set *descriptors,
                                              zc_intent *ret_intent, size_t *ret_offset);

/* A signed transaction of the same kinds. The account is the sender that the signature recovers to,
 * the digest is the one that was signed. Refuses high s (EIP-2), r or s of zero, a v that the
 * transaction cannot have, and init code beyond EIP-3860; whether gas covers the intrinsic cost is
 * a matter of fork and is not judged. `ret_offset` may be NULL. */
ZC_MUST_USE zc_result zc_intent_decode_evm_signed_tx(zc_slice signed_tx,
                                                     const zc_descriptor_set *descriptors,
                                                     zc_intent *ret_intent,
                                                     zc_signature *ret_signature,
                                                     size_t *ret_offset);

/* An EIP-7702 authorization as it is signed: 0x05 ‖ rlp([chain id, address, nonce]). Whoever holds
 * the signature can put the contract's code in the place of `account`. Chain id 0 holds on every
 * chain and is flagged so. */
ZC_MUST_USE zc_result zc_intent_decode_evm_authorization(zc_slice authorization,
                                                         const zc_address *account,
                                                         zc_intent *ret_intent, size_t *ret_offset);

/* The signed form of a transaction that zc_intent_decode_evm_tx() accepts, ready to broadcast (a
 * blob transaction's sidecar is for the sender to add).
 * Refuses a signature that no node would take (range, high s, recovery id above 1).
 * Errors also: ZC_BASE_FULL; `writer` is then unchanged. */
ZC_MUST_USE zc_result zc_evm_write_signed(zc_slice unsigned_tx, const zc_signature *signature,
                                          zc_writer *writer);

/* An authorization tuple with its signature, as a set-code transaction lists it:
 * rlp([chain id, address, nonce, parity, r, s]). Errors as for zc_evm_write_signed(). */
ZC_MUST_USE zc_result zc_evm_write_authorization(zc_slice authorization,
                                                 const zc_signature *signature, zc_writer *writer);

/* The gas that a transaction (signed or not) costs before any code runs: `*ret_gas` by the rules
 * since the Shanghai fork: 21000, calldata (EIP-2028), creation and init code (EIP-2, EIP-3860),
 * access list (EIP-2930), authorizations (EIP-7702). `*ret_floor` is what the Prague fork charges
 * at least (EIP-7623). A node refuses a lower gas limit. */
ZC_MUST_USE zc_result zc_evm_intrinsic_gas(zc_slice tx, uint64_t *ret_gas, uint64_t *ret_floor);

/* "transfer(address,uint256)" for the selector of a method that the product knows; else NULL. */
const char *zc_evm_method_signature(zc_slice method);

/* The account of a secp256k1 key: the last 20 bytes of Keccak-256(x ‖ y).
 * Errors: ZC_INTENT_CURVE for a key of another curve. */
ZC_MUST_USE zc_result zc_evm_address(const zc_pubkey *key, uint8_t ret_address[static 20]);
/* EIP-55 mixed-case text, terminated. */
void zc_evm_address_text(const uint8_t address[static 20],
                         char ret_text[static ZC_EVM_ADDRESS_TEXT_SIZE]);
/* Where a contract created by `account` at `nonce` will live: the last 20 bytes of
 * Keccak-256(rlp([account, nonce])). */
void zc_evm_create_address(const uint8_t account[static 20], uint64_t nonce,
                           uint8_t ret_address[static 20]);

#endif
