/* Who is paid, called or put in charge, as the chain itself knows them.
 *
 *   EVM      the account's or contract's 20 bytes
 *   Bitcoin  the scriptPubKey that is paid
 *   Solana   the account's or program's 32 bytes
 *   Cosmos   the account's bytes without the chain's prefix (20 or 32)
 *   venue    the destination as the venue takes it: text
 *
 * A Bitcoin script longer than ZC_ADDRESS_MAX is no address: its SHA-256 stands in its place, and
 * the intent is flagged. */
#ifndef ZC_INTENT_ADDRESS_H
#define ZC_INTENT_ADDRESS_H

#include "base/slice.h"
#include "base/writer.h"

#define ZC_ADDRESS_MAX 64
/* Of an EVM account. */
#define ZC_EVM_ADDRESS_SIZE 20
/* No address is written longer; with its terminator. */
#define ZC_ADDRESS_TEXT_SIZE 132

typedef struct zc_address {
    uint8_t len; /* 0: nobody */
    uint8_t byte[ZC_ADDRESS_MAX];
} zc_address;

/* The first ZC_ADDRESS_MAX bytes of `bytes`; callers have checked that there are no more. */
zc_address zc_address_of(zc_slice bytes);
/* In place: a copy of what has just been written in smaller pieces makes processors wait, which
 * would cost batches of calls more than all the rest of reading them. */
static inline void zc_address_set_evm(zc_address *ret_address,
                                      const uint8_t bytes[static ZC_EVM_ADDRESS_SIZE])
{
    ret_address->len = ZC_EVM_ADDRESS_SIZE;
    memcpy(ret_address->byte, bytes, ZC_EVM_ADDRESS_SIZE);
}
static inline zc_address zc_address_of_evm(const uint8_t bytes[static ZC_EVM_ADDRESS_SIZE])
{
    zc_address address;
    zc_address_set_evm(&address, bytes);
    return address;
}
/* Borrows `address`. */
zc_slice zc_address_slice(const zc_address *address);
bool zc_address_eq(const zc_address *a, const zc_address *b);
/* By length, then bytewise: -1, 0 or 1. The order of lists in a compiled mission. */
int zc_address_compare(const zc_address *a, const zc_address *b);

/* As people of that chain write it: EIP-55, base58, bech32, bech32m; where an address has no such
 * form (an odd script, a chain whose prefix is unknown), 0x and hex. Always printable ASCII:
 * whatever else is in a venue's text is escaped. Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_address_write(uint64_t chain, const zc_address *address,
                                       zc_writer *writer);
/* The other way, for missions: the chain's own form with its checksum, or 0x and hex. An EVM
 * address in mixed case must have EIP-55's. Errors: ZC_INTENT_ADDRESS. */
ZC_MUST_USE zc_result zc_address_read(uint64_t chain, zc_slice text, zc_address *ret_address);

#endif
