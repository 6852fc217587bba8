/* Birth certificates: the deployment's word on where a key comes from.
 *
 * Canonical CBOR [statement bytes, signature 64]. The statement is canonical CBOR,
 *
 *     ["zcp-birth-v1", deployment id, key id, kind, public part, origin, tier, created ms],
 *
 * and the signature is the deployment identity's, ECDSA P-256 over its SHA-256. It is RFC 6979's,
 * checked before release, so the same key always has the same certificate and none need be stored.
 * Public. */
#ifndef ZC_KEYS_BIRTH_H
#define ZC_KEYS_BIRTH_H

#include "base/writer.h"
#include "keys/record.h"

#define ZC_BIRTH_MAX 384

typedef struct zc_birth {
    uint8_t deployment_id[32];
    uint8_t key_id[ZC_KEY_ID_SIZE];
    zc_key_public public_part;
    zc_key_origin origin;
    zc_key_tier tier;
    uint64_t created_ms;
} zc_birth;

/* Appends the certificate of `key`, whose secrets are there. In: identity: secret; constant-time.
 * Errors: ZC_BASE_FULL, those of signing. */
ZC_MUST_USE zc_result zc_birth_write(const zc_signer *identity,
                                     const uint8_t deployment_id[static 32], const zc_key *key,
                                     zc_writer *writer);

/* Reads a certificate and verifies it against the pinned deployment and its identity key.
 * Errors: those of the CBOR reader, ZC_KEYS_BAD_BIRTH, ZC_KEYS_BIRTH_NOT_SIGNED,
 * ZC_KEYS_BIRTH_WRONG_DEPLOYMENT, ZC_KEYS_BIRTH_WRONG_KEY. */
ZC_MUST_USE zc_result zc_birth_verify(zc_slice certificate, const zc_pubkey *identity,
                                      const uint8_t deployment_id[static 32], zc_birth *ret_birth);

#endif
