/* What is secret in a key while it travels: into the enclave in a sealed box, out of it and back
 * under the seal.
 *
 * Its encoding is deterministic CBOR,
 *
 *     {1: secret bstr, ? 2: passphrase bstr},
 *
 * where the secret is 32 bytes of a curve's private key, a venue's API secret as its API takes it,
 * or an RSA key in PKCS #8. A key on a curve without a passphrase may also be those 32 bytes alone.
 * Lengths and the kind are public, all else is secret; constant-time in the secret. */
#ifndef ZC_KEYS_MATERIAL_H
#define ZC_KEYS_MATERIAL_H

#include "base/secret.h"
#include "base/writer.h"
#include "compose/compose.h"
#include "crypto/kind.h"
#include "crypto/mac.h"
#include "crypto/rsa.h"
#include "keys/reasons.h"

typedef struct zc_key_material {
    zc_key_kind kind;
    union {
        zc_secret32 scalar; /* of curves */
        zc_mac_secret mac;
        zc_rsa_secret rsa;
    } secret;
    zc_compose_passphrase passphrase; /* len 0: none */
} zc_key_material;

void zc_key_material_wipe(zc_key_material *material);
#define ZC_KEY_MATERIAL __attribute__((cleanup(zc_key_material_wipe)))

/* An RSA key, a passphrase, and their heads. */
#define ZC_KEY_MATERIAL_MAX (ZC_RSA_MAX_SECRET + ZC_COMPOSE_MAX_PASSPHRASE + 16)

/* An encoding, as secret as what it encodes. */
typedef struct zc_key_material_bytes {
    size_t len; /* public */
    uint8_t byte[ZC_KEY_MATERIAL_MAX];
} zc_key_material_bytes;
void zc_key_material_bytes_wipe(zc_key_material_bytes *bytes);
#define ZC_KEY_MATERIAL_BYTES __attribute__((cleanup(zc_key_material_bytes_wipe)))

/* Errors: ZC_KEYS_BAD_MATERIAL for a secret or a passphrase that is too long or empty. */
ZC_MUST_USE zc_result zc_key_material_write(const zc_key_material *material,
                                            zc_key_material_bytes *ret_bytes);
/* Reads exactly one. Errors: ZC_KEYS_BAD_MATERIAL, ZC_KEYS_BAD_PASSPHRASE for one that is not
 * printable ASCII. Whether the secret is a key at all shows when it is set up (keys/holder.h). */
ZC_MUST_USE zc_result zc_key_material_read(zc_key_kind kind, zc_key_material_bytes *bytes,
                                           zc_key_material *ret_material);

#endif
