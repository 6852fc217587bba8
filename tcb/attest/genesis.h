/* The birth of a deployment: what its founders sign, once.
 *
 * statement = canonical CBOR ["zcp-genesis-v1", deployment id 32, identity key 33 (P-256,
 *             compressed), log key 32 (Ed25519), root commitment 32, mission hash 32]
 * record    = canonical CBOR [statement as a byte string, [[public key 32, signature 64] …]]
 *
 * The deployment id follows from the identity key and the root commitment, so nobody can choose it;
 * clients pin it. Founders sign the statement's bytes with Ed25519. */
#ifndef ZC_ATTEST_GENESIS_H
#define ZC_ATTEST_GENESIS_H

#include "attest/reasons.h"
#include "base/reader.h"
#include "base/secret.h"
#include "base/writer.h"

#define ZC_GENESIS_STATEMENT_MAX ((size_t)256)
#define ZC_GENESIS_SIGNATURES_MAX 16
#define ZC_GENESIS_RECORD_MAX ((size_t)2048)

typedef struct zc_genesis {
    uint8_t deployment_id[32];
    uint8_t identity[33];
    uint8_t log_key[32];
    uint8_t root_commitment[32];
    uint8_t mission_hash[32];
} zc_genesis;

typedef struct zc_genesis_signature {
    uint8_t public_key[32];
    uint8_t signature[64];
} zc_genesis_signature;

/* SHA-256("zcp-root-v1" ‖ root). The result is public; the time does not depend on the root. */
void zc_genesis_commit_root(const zc_secret32 *root, uint8_t ret_commitment[static 32]);
/* SHA-256("zcp-deployment-v1" ‖ identity ‖ root commitment). */
void zc_genesis_deployment_id(const uint8_t identity[static 33],
                              const uint8_t root_commitment[static 32],
                              uint8_t ret_deployment_id[static 32]);

/* Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_genesis_statement_write(const zc_genesis *genesis, zc_writer *writer);
/* Errors: ZC_ATTEST_BAD_GENESIS; ZC_ATTEST_WRONG_DEPLOYMENT_ID. */
ZC_MUST_USE zc_result zc_genesis_statement_parse(zc_slice statement, zc_genesis *ret_genesis);

/* `count` ≤ ZC_GENESIS_SIGNATURES_MAX. Errors: ZC_BASE_FULL; ZC_BASE_TOO_LONG. */
ZC_MUST_USE zc_result zc_genesis_record_write(zc_slice statement,
                                              const zc_genesis_signature *signatures, size_t count,
                                              zc_writer *writer);

/* A record taken apart: nothing is verified but the form and the deployment id. */
typedef struct zc_genesis_record {
    zc_slice statement; /* a view into the record */
    zc_genesis genesis;
    zc_genesis_signature signature[ZC_GENESIS_SIGNATURES_MAX];
    size_t signature_count;
} zc_genesis_record;

/* Errors: ZC_ATTEST_BAD_GENESIS; ZC_ATTEST_WRONG_DEPLOYMENT_ID. */
ZC_MUST_USE zc_result zc_genesis_record_parse(zc_slice record, zc_genesis_record *ret_record);

/* Parses the record and requires that at least `quorum` of the `count` founders (Ed25519 public
 * keys) signed it, each at most once, and nobody else.
 * Errors: those of zc_genesis_record_parse(); ZC_ATTEST_EMPTY_QUORUM; ZC_ATTEST_UNKNOWN_FOUNDER;
 * ZC_ATTEST_DUPLICATE_FOUNDER; ZC_ATTEST_BAD_FOUNDER_SIGNATURE; ZC_ATTEST_QUORUM_NOT_MET. */
ZC_MUST_USE zc_result zc_genesis_verify(zc_slice record, const uint8_t (*founders)[32],
                                        size_t count, size_t quorum, zc_genesis *ret_genesis);

#endif
