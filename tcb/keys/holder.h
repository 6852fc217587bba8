/* Where the secrets of a key stand while the enclave runs: a signer for the curves, and for what
 * trading venues want beside them a second table of its own.
 *
 * A venue's place holds an HMAC or RSA key, or no more than the passphrase of a key on a curve. */
#ifndef ZC_KEYS_HOLDER_H
#define ZC_KEYS_HOLDER_H

#include "crypto/mac.h"
#include "crypto/rsa.h"
#include "crypto/signer.h"
#include "keys/material.h"

/* Memory for secrets: put it in a vault. Zeroed: free. The RSA key's own memory is OpenSSL's. */
typedef struct zc_venue_secret {
    zc_key_kind kind;     /* of the key that it belongs to; 0: free */
    uint8_t identity[32]; /* public, of HMAC and RSA keys (zc_key_public) */
    union {
        zc_mac_key mac;
        zc_rsa_key rsa;
    } key;
    zc_compose_passphrase passphrase;
} zc_venue_secret;

void zc_venue_secret_clear(zc_venue_secret *secret);

/* The places of one key. */
typedef struct zc_key_holder {
    zc_signer *signer;
    zc_venue_secret *venue; /* NULL: none is free */
} zc_key_holder;

/* How everybody may know a key: a curve's public key; of an HMAC secret its identity
 * (crypto/mac.h), the same for all three schemes; of an RSA key the SHA-256 of its
 * SubjectPublicKeyInfo. */
#define ZC_KEY_PUBLIC_MAX 65
typedef struct zc_key_public {
    zc_key_kind kind;
    uint8_t len;
    uint8_t byte[ZC_KEY_PUBLIC_MAX];
} zc_key_public;

zc_key_public zc_key_public_of(const zc_pubkey *public_key);
/* Of what stands in a holder. */
zc_key_public zc_key_holder_public(const zc_key_holder *holder);
static inline zc_slice zc_key_public_slice(const zc_key_public *public_part)
{
    return zc_slice_of(public_part->byte, public_part->len);
}
bool zc_key_public_eq(const zc_key_public *a, const zc_key_public *b);

/* Sets up what `material` holds in free places; on failure they are free again. Constant-time but
 * for RSA (crypto/rsa.h). Errors: ZC_KEYS_VENUE_FULL, those of zc_signer_init(), zc_mac_key_init()
 * and zc_rsa_key_init(). */
ZC_MUST_USE zc_result zc_key_holder_take(const zc_key_material *material, zc_key_holder *holder);
/* The same for a key on a curve whose public part is known: it is believed, not computed
 * (zc_signer_restore()). */
ZC_MUST_USE zc_result zc_key_holder_restore(const zc_key_material *material,
                                            const zc_key_public *public_part,
                                            zc_key_holder *holder);
/* Wipes both. */
void zc_key_holder_clear(zc_key_holder *holder);

#endif
