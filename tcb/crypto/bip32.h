/* BIP-32: public keys derived from a public parent. Public data: variable-time. */
#ifndef ZC_CRYPTO_BIP32_H
#define ZC_CRYPTO_BIP32_H

#include "base/slice.h"
#include "crypto/reasons.h"

/* Numbers from here on are hardened: only the private parent can derive those. */
#define ZC_BIP32_HARDENED UINT32_C(0x80000000)

typedef struct zc_bip32_public {
    uint8_t key[33]; /* compressed */
    uint8_t chain_code[32];
} zc_bip32_public;

/* Errors: ZC_CRYPTO_BAD_PUBLIC_KEY for a hardened number, a parent that is no point, or (one number
 * in 2^127) a child that does not exist. */
ZC_MUST_USE zc_result zc_bip32_derive_public(const zc_bip32_public *parent, uint32_t number,
                                             zc_bip32_public *ret_child);
/* The first four bytes of HASH160 of a compressed key, by which children name their parent. */
void zc_bip32_fingerprint(const uint8_t key[static 33], uint8_t ret_fingerprint[static 4]);

#endif
