/* API secrets of trading venues as a kind of key: HMAC (RFC 2104) with SHA-256, SHA-384 or SHA-512.
 *
 * Time depends on lengths and the scheme alone. Nothing is allocated. A MAC has no public key: who
 * can check a tag can make one. So nothing here verifies, and a faulty tag gives nothing away. */
#ifndef ZC_CRYPTO_MAC_H
#define ZC_CRYPTO_MAC_H

#include "base/secret.h"
#include "crypto/hash.h"
#include "crypto/kind.h"

#define ZC_MAC_MAX_SECRET 256
#define ZC_MAC_MAX_TAG 64

/* A secret as the venue gave it out, in the form that its API takes as key: venues that print
 * base64 mean the decoded bytes or the text, and their decoder knows which. */
typedef struct zc_mac_secret {
    uint16_t len; /* public */
    uint8_t byte[ZC_MAC_MAX_SECRET];
} zc_mac_secret;

void zc_mac_secret_wipe(zc_mac_secret *secret);
#define ZC_MAC_SECRET __attribute__((cleanup(zc_mac_secret_wipe)))

/* A key with both padded blocks already hashed; the secret itself is not kept. One flat secret of
 * fixed size: put it in a vault, move it with memcpy, clear it in place. */
typedef struct zc_mac_key {
    zc_key_kind kind;
    union {
        struct {
            SHA256_CTX inner, outer;
        } sha256;
        struct {
            SHA512_CTX inner, outer;
        } sha512; /* SHA-384 too */
    } prepared;
} zc_mac_key;

/* Errors: ZC_CRYPTO_BAD_SECRET_LENGTH (0 or above ZC_MAC_MAX_SECRET), ZC_CRYPTO_UNKNOWN_SCHEME (not
 * a kind of HMAC). */
ZC_MUST_USE zc_result zc_mac_key_init(zc_mac_key *key, zc_key_kind kind,
                                      const zc_mac_secret *secret);
void zc_mac_key_clear(zc_mac_key *key);

/* Bytes in a tag: 32, 48 or 64; 0 for a kind that is no HMAC. */
size_t zc_mac_tag_len(zc_key_kind kind);
/* The tag as raw bytes (callers turn it into hexadecimal or base64), of zc_mac_tag_len(key->kind)
 * bytes. It is declassified. Errors: ZC_CRYPTO_UNKNOWN_SCHEME, for a key that was never set up. */
ZC_MUST_USE zc_result zc_mac_sign(const zc_mac_key *key, zc_slice message,
                                  uint8_t ret_tag[static ZC_MAC_MAX_TAG], size_t *ret_len);

/* What stands for the secret where a public key would: the same secret gives the same 32 bytes
 * under every scheme, and no tag of a venue's message is equal to it. Declassified: it tells
 * nothing about a secret that can't be guessed, and about one that can no more than any tag does.
 * Errors: ZC_CRYPTO_BAD_SECRET_LENGTH. */
ZC_MUST_USE zc_result zc_mac_identity(const zc_mac_secret *secret, uint8_t ret_identity[static 32]);

#endif
