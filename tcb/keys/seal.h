/* Sealing: how private keys and the root secret leave the enclave, and what they are bound to.
 *
 * A sealed key is canonical CBOR [version, header, nonce 12, ciphertext ‖ tag], AES-256-GCM under a
 * key derived from the root secret. The header is public,
 *
 *     {1 name, 2 key id, 3 kind, 4 tier, 5 origin, 6 nonce mode, 7 owner, 8 created ms, 9 epoch,
 *      ? 10 API key's name, ? 11 venue, ? 12 public key},
 *
 * and all of it is authenticated, with the place, as
 *
 *     ["zcp-key-v1", deployment id, key id, kind, tier, epoch, PCR0, PCR16, header bytes].
 *
 * So a host that moves a blob to another deployment, image or mission, renames it, or swaps two
 * keys' headers holds bytes that open nowhere. The ciphertext is what keys/material.h describes.
 *
 * A key on a curve is of version 3 ("zcp-key-v3"): its header ends with the public key, which is
 * believed once the seal has opened and the key id follows from it, so that a start computes none.
 * HMAC and RSA keys are of version 2, without 12. Version 1, and version 2 of a key on a curve,
 * were written before and are read: there the public key is computed. */
#ifndef ZC_KEYS_SEAL_H
#define ZC_KEYS_SEAL_H

#include "base/secret.h"
#include "base/writer.h"
#include "crypto/aead.h"
#include "crypto/random.h"
#include "keys/record.h"

/* The material, a header with the longest names, and less than 64 bytes around them. */
#define ZC_SEALED_KEY_MAX 3200
#define ZC_SEALED_ROOT_MAX 128

/* What a seal is bound to beside its key. Public. */
typedef struct zc_seal_place {
    uint8_t deployment_id[32];
    uint8_t pcr0[48];  /* the image */
    uint8_t pcr16[48]; /* the mission: of a root or snapshot that in force, of a key that of the
                          deployment's birth */
} zc_seal_place;

/* The sealing key, prepared once. Secret. */
typedef struct zc_seal_keys {
    zc_aead aead;
} zc_seal_keys;

/* Derives the sealing key. In: root: secret; constant-time. The caller clears it. */
ZC_MUST_USE zc_result zc_seal_keys_init(zc_seal_keys *keys, const zc_secret32 *root);
void zc_seal_keys_clear(zc_seal_keys *keys);

/* Appends the sealed form of `key` under a fresh nonce. `material` is its secret; NULL where the
 * key is on a curve and no more than what its signer holds. Constant-time in the secret.
 * Errors: ZC_BASE_FULL, ZC_KEYS_BAD_MATERIAL, those of zc_aead_seal(). */
ZC_MUST_USE zc_result zc_key_seal(zc_seal_keys *keys, const zc_seal_place *place, const zc_key *key,
                                  const zc_key_material *material, zc_drbg *drbg,
                                  zc_writer *writer);

/* Opens a sealed key into a ring's spare places and its record, as zc_keyring_add() wants them.
 * What the header says is believed only because it is authenticated.
 * On failure the places are cleared. Errors: those of the CBOR reader, ZC_KEYS_SEAL_VERSION,
 * ZC_KEYS_BAD_RECORD, ZC_KEYS_BAD_NAME, ZC_KEYS_BAD_API_KEY, ZC_KEYS_OWNER_TOO_LONG,
 * ZC_KEYS_SEAL_BROKEN, ZC_KEYS_SEAL_WRONG_KEY, those of zc_key_material_read() and
 * zc_key_holder_take(). */
ZC_MUST_USE zc_result zc_key_open(zc_seal_keys *keys, const zc_seal_place *place, zc_slice sealed,
                                  zc_key_holder *holder, zc_key *ret_key);

/* The root secret under the platform's wrapping key: canonical CBOR [1, nonce 12, ciphertext ‖
 * tag], authenticated with ["zcp-sealed-root-v1", deployment id, PCR0, PCR16]. In: wrap_key, root:
 * secret; constant-time. Errors: ZC_BASE_FULL, those of the cipher. */
ZC_MUST_USE zc_result zc_root_seal(const zc_secret32 *wrap_key, const zc_seal_place *place,
                                   const zc_secret32 *root, zc_drbg *drbg, zc_writer *writer);
/* Errors: those of the CBOR reader, ZC_KEYS_SEAL_VERSION, ZC_KEYS_SEAL_BROKEN. That the root is the
 * one its deployment was born with is for the caller to check (zc_genesis_commit_root()). */
ZC_MUST_USE zc_result zc_root_open(const zc_secret32 *wrap_key, const zc_seal_place *place,
                                   zc_slice sealed, zc_secret32 *ret_root);

#endif
