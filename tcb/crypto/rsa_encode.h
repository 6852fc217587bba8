/* The paddings of RSA signatures (RFC 8017 §9) over SHA-256: internal to this module. */
#ifndef ZC_CRYPTO_RSA_ENCODE_H
#define ZC_CRYPTO_RSA_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* EMSA-PKCS1-v1_5 into `len` bytes, at least 256. */
void zc_rsa_encode_pkcs1(const uint8_t hash[static 32], uint8_t *ret_block, size_t len);
/* EMSA-PSS with MGF1 and a salt of 32 bytes, for a modulus of exactly 8·len bits, at least 2048. */
void zc_rsa_encode_pss(const uint8_t hash[static 32], const uint8_t salt[static 32],
                       uint8_t *ret_block, size_t len);
/* Whether a block is one that the encoding gives for the hash and some salt of 32 bytes. Public
 * data: variable-time. The block is overwritten. */
bool zc_rsa_check_pss(const uint8_t hash[static 32], uint8_t *block, size_t len);

#endif
