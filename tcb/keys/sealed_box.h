/* One secret under one cipher: what a sealed key and a sealed root have in common. Internal to this
 * module. */
#ifndef ZC_KEYS_SEALED_BOX_H
#define ZC_KEYS_SEALED_BOX_H

#include "base/reader.h"
#include "base/secret.h"
#include "base/writer.h"
#include "crypto/aead.h"
#include "crypto/random.h"
#include "keys/reasons.h"

#define ZC_SEAL_VERSION 1
#define ZC_SEAL_TAG_SIZE 16
#define ZC_SEAL_NONCE_SIZE 12
#define ZC_SEAL_BOX_SIZE (32 + 16) /* the secret and the tag */

typedef struct zc_sealed_box {
    uint8_t nonce[ZC_SEAL_NONCE_SIZE];
    uint8_t box[ZC_SEAL_BOX_SIZE];
} zc_sealed_box;

/* Enters an array of `items`, the first of which is a version up to `newest`.
 * Errors: ZC_KEYS_SEAL_VERSION. */
ZC_MUST_USE zc_result zc_seal_enter_version(zc_reader *in, size_t items, uint64_t newest,
                                            uint64_t *ret_version);
/* Seals `secret` under a fresh nonce and appends nonce and ciphertext, two byte strings. */
ZC_MUST_USE zc_result zc_sealed_box_put(zc_aead *aead, zc_slice aad, const zc_secret32 *secret,
                                        zc_drbg *drbg, zc_writer *out);
/* Reads the two, which must be the last. */
ZC_MUST_USE zc_result zc_sealed_box_get(zc_reader *in, zc_sealed_box *ret_box);
/* Errors: ZC_KEYS_SEAL_BROKEN; `ret_secret` is then zero. */
ZC_MUST_USE zc_result zc_sealed_box_open(zc_aead *aead, zc_slice aad, const zc_sealed_box *box,
                                         zc_secret32 *ret_secret);

#endif
