/* RSA signatures, for the venues that want them. Keys are imported, never made here.
 *
 * The arithmetic is OpenSSL's: constant-time, by the Chinese remainder theorem, with blinding. Its
 * memory is OpenSSL's too, in the enclave the runtime's locked arena, also for each signature;
 * blinding draws from OpenSSL's own generator, on which no output depends. Each signature is
 * verified before it leaves: a fault in one half of it would give a factor away (Lenstra 1996). */
#ifndef ZC_CRYPTO_RSA_H
#define ZC_CRYPTO_RSA_H

#include "base/secret.h"
#include "base/slice.h"
#include "crypto/reasons.h"

#define ZC_RSA_MIN_BITS 2048
#define ZC_RSA_MAX_BITS 4096
#define ZC_RSA_MAX_SIGNATURE (ZC_RSA_MAX_BITS / 8)
/* A 4096-bit key in PKCS #8 takes 2,374 to 2,378 bytes with the usual exponent. */
#define ZC_RSA_MAX_SECRET 2432

/* The numbers are part of messages: never renumber. */
typedef enum zc_rsa_scheme {
    ZC_RSA_PKCS1_SHA256 = 1, /* RSASSA-PKCS1-v1_5 */
    ZC_RSA_PSS_SHA256 = 2,   /* RSASSA-PSS, MGF1 with SHA-256, a salt of 32 bytes */
} zc_rsa_scheme;

/* PrivateKeyInfo (RFC 5208) in DER, without encryption. */
typedef struct zc_rsa_secret {
    uint16_t len; /* public */
    uint8_t byte[ZC_RSA_MAX_SECRET];
} zc_rsa_secret;

void zc_rsa_secret_wipe(zc_rsa_secret *secret);
#define ZC_RSA_SECRET __attribute__((cleanup(zc_rsa_secret_wipe)))

typedef struct zc_rsa_public {
    uint16_t len; /* bytes in the modulus, and in each signature */
    uint32_t exponent;
    uint8_t modulus[ZC_RSA_MAX_SIGNATURE]; /* big-endian, the highest bit set in the first byte */
} zc_rsa_public;

/* The private half lives in OpenSSL's memory: this can be moved, but a copy is the same key. */
typedef struct zc_rsa_key {
    zc_rsa_public public;
    struct rsa_st *private_key;
} zc_rsa_key;

/* Takes a key whose parts all fit each other: strict DER with nothing after it, rsaEncryption, two
 * primes of half the modulus's length, n = p·q, e·d = 1 modulo p − 1 and q − 1, and the CRT
 * exponents and coefficient. Signs once, to see that it works. Time depends on the key (primes are
 * tested): importing is rare, and done once for each key and boot. On failure nothing is held.
 * Errors: ZC_CRYPTO_BAD_PKCS8, ZC_CRYPTO_RSA_SIZE, ZC_CRYPTO_RSA_EXPONENT,
 * ZC_CRYPTO_RSA_INCONSISTENT, ZC_CRYPTO_FAULT, ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_rsa_key_init(zc_rsa_key *key, const zc_rsa_secret *secret);
/* Wipes and frees. */
void zc_rsa_key_clear(zc_rsa_key *key);

/* Signs SHA-256(message). `fresh` is 32 bytes never used before: the salt of PSS; not looked at by
 * PKCS #1 v1.5. The signature has key->public.len bytes. Not for two threads with one key at once.
 * Errors: ZC_CRYPTO_UNKNOWN_SCHEME, ZC_CRYPTO_FAULT, ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_rsa_sign(const zc_rsa_key *key, zc_rsa_scheme scheme,
                                  const uint8_t fresh[static 32], zc_slice message,
                                  uint8_t ret_sig[static ZC_RSA_MAX_SIGNATURE], size_t *ret_len);
/* Public data: variable-time. PSS wants exactly 32 bytes of salt; PKCS #1 v1.5 exactly the one
 * padding. Errors: ZC_CRYPTO_BAD_SIGNATURE, ZC_CRYPTO_BAD_PUBLIC_KEY (size or exponent out of the
 * limits above, or an even modulus), ZC_CRYPTO_UNKNOWN_SCHEME, ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_rsa_verify(const zc_rsa_public *key, zc_rsa_scheme scheme,
                                    zc_slice message, zc_slice sig);

#endif
