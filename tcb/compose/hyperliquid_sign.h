/* What a Hyperliquid signature covers. Both kinds end in an EIP-712 preimage of 66 bytes
 * (0x19 01 ‖ domain ‖ struct), whose Keccak-256 is signed.
 *
 *   L1 action    a phantom agent {source, connectionId} in the domain "Exchange" of chain 1337;
 *                connectionId is a hash over the MessagePack of the action, nonce, vault, expiry
 *   user-signed  the action's own fields as a struct "HyperliquidTransaction:…" in the domain
 *                "HyperliquidSignTransaction" of the chain that the action itself names
 *
 * Source: the venue's Python client, utils/signing.py. All input is public. */
#ifndef ZC_COMPOSE_HYPERLIQUID_SIGN_H
#define ZC_COMPOSE_HYPERLIQUID_SIGN_H

#include "base/u256.h"
#include "base/writer.h"

#define ZC_HL_PREIMAGE_SIZE 66
/* Bytes that close an action: nonce, vault, expiry. */
#define ZC_HL_SUFFIX_MAX 38
#define ZC_HL_TYPED_MAX_MEMBERS 16
#define ZC_HL_L1_CHAIN 1337

/* Appends to the MessagePack of an action what else its hash covers, and hashes it all: nonce, the
 * vault or subaccount that acts (NULL: the key's own account), and the time from which the venue
 * refuses it. Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_hl_connection_id(zc_writer *packed, uint64_t nonce, const uint8_t *vault,
                                          bool has_expiry, uint64_t expiry_ms,
                                          uint8_t ret_id[static 32]);
/* The preimage of an L1 action. */
ZC_MUST_USE zc_result zc_hl_agent_preimage(const uint8_t connection_id[static 32], bool is_test,
                                           uint8_t ret_preimage[static ZC_HL_PREIMAGE_SIZE]);

/* EIP-712's hash of a domain {name, version, chainId, verifyingContract 0}. */
void zc_hl_domain(const char *name, const char *version, uint64_t chain_id,
                  uint8_t ret_hash[static 32]);

/* A flat struct, member by member in the order of its type. Errors: ZC_BASE_FULL beyond
 * ZC_HL_TYPED_MAX_MEMBERS. */
typedef struct zc_hl_typed {
    size_t len;
    uint8_t word[32 * (1 + ZC_HL_TYPED_MAX_MEMBERS)];
} zc_hl_typed;

/* `type` as encodeType has it: "Agent(string source,bytes32 connectionId)". */
void zc_hl_typed_begin(zc_hl_typed *typed, zc_slice type);
ZC_MUST_USE zc_result zc_hl_typed_text(zc_hl_typed *typed, zc_slice text);
ZC_MUST_USE zc_result zc_hl_typed_u64(zc_hl_typed *typed, uint64_t value);
ZC_MUST_USE zc_result zc_hl_typed_address(zc_hl_typed *typed, const uint8_t address[static 20]);
ZC_MUST_USE zc_result zc_hl_typed_word(zc_hl_typed *typed, const uint8_t word[static 32]);
void zc_hl_typed_end(const zc_hl_typed *typed, const uint8_t domain[static 32],
                     uint8_t ret_preimage[static ZC_HL_PREIMAGE_SIZE]);

#endif
