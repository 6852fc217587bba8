/* One number for every chain and every venue.
 *
 * An EVM chain is its chain id, which EIP-2294 keeps below 2^63. Everything else has the top bit
 * set, its family in the next seven bits, and a number of that family below:
 *
 *   Bitcoin  0 mainnet, 1 the public test networks (they share addresses), 2 regtest
 *   Solana   0: a message names no cluster, and holds on each
 *   Cosmos   56 bits of SHA-256 of the chain's id. Another text with the same number takes 2^56
 *            tries and gains nothing: no chain goes by it, so nothing would accept the signature
 *   venue    zc_venue (order.h)
 *
 * 0 is no chain. The numbers are in logs and missions. */
#ifndef ZC_INTENT_CHAIN_H
#define ZC_INTENT_CHAIN_H

#include "base/slice.h"
#include "base/writer.h"
#include "intent/family.h"

#define ZC_CHAIN_TAG (UINT64_C(1) << 63)
#define ZC_CHAIN_OF(family, number) (ZC_CHAIN_TAG | (uint64_t)(family) << 56 | (uint64_t)(number))

#define ZC_CHAIN_BITCOIN ZC_CHAIN_OF(ZC_FAMILY_BITCOIN, 0)
#define ZC_CHAIN_BITCOIN_TEST ZC_CHAIN_OF(ZC_FAMILY_BITCOIN, 1)
#define ZC_CHAIN_BITCOIN_REGTEST ZC_CHAIN_OF(ZC_FAMILY_BITCOIN, 2)
#define ZC_CHAIN_SOLANA ZC_CHAIN_OF(ZC_FAMILY_SOLANA, 0)
#define ZC_CHAIN_VENUE(venue) ZC_CHAIN_OF(ZC_FAMILY_VENUE, (venue))
/* A Cosmos chain id has at most 50 characters; with a terminator. */
#define ZC_CHAIN_ID_SIZE 51
#define ZC_CHAIN_NAME_SIZE 64

/* The family that a chain belongs to; of 0, none. */
zc_family zc_chain_family(uint64_t chain);
uint64_t zc_chain_of_cosmos(zc_slice chain_id);

/* "1" for EVM, "bitcoin", "bitcoin-test", "bitcoin-regtest", "solana", "cosmos:<id>" where `id` is
 * given (else the number in hex), "venue:<name>". Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_chain_write(uint64_t chain, zc_slice id, zc_writer *writer);
/* The other way; false for what is no chain's name. */
bool zc_chain_of_name(zc_slice name, uint64_t *ret_chain);

#endif
