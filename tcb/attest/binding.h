/* What our documents say in user_data: whose enclave this is, and which channel it vouches for.
 *
 * Canonical CBOR: {1: deployment id, 2: identity key, 3: log key, 4: SHA-256 of front's TLS
 * SubjectPublicKeyInfo, 5: mission hash, 6: boot id, 7: SHA-256 of the genesis record}. */
#ifndef ZC_ATTEST_BINDING_H
#define ZC_ATTEST_BINDING_H

#include "attest/reasons.h"
#include "base/reader.h"
#include "base/writer.h"

typedef struct zc_attest_binding {
    uint8_t deployment_id[32];
    uint8_t identity[33]; /* P-256, compressed */
    uint8_t log_key[32];  /* Ed25519 */
    uint8_t tls_spki_sha256[32];
    uint8_t mission_hash[32];
    uint8_t boot_id[16];
    uint8_t genesis_sha256[32];
} zc_attest_binding;

/* The size that every binding has when written. */
#define ZC_ATTEST_BINDING_SIZE ((size_t)230)

/* Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_attest_binding_write(const zc_attest_binding *binding, zc_writer *writer);
/* Exactly the form above and nothing after it; a reader of one version refuses every other.
 * Errors: ZC_ATTEST_BAD_BINDING. */
ZC_MUST_USE zc_result zc_attest_binding_parse(zc_slice user_data, zc_attest_binding *ret_binding);

#endif
