/* One file that proves one entry: the entry, its place under a signed checkpoint with its
 * cosignatures, the genesis and the boot that vouch for who wrote it, and the groups that its
 * holder chose to open (docs/log.md, "A proof in one file"). It is checked offline with nothing
 * else. */
#ifndef ZC_LOG_BUNDLE_H
#define ZC_LOG_BUNDLE_H

#include "attest/genesis.h"
#include "audit/checkpoint.h"
#include "audit/opening.h"
#include "log/folder.h"

/* A mission is the largest part. */
#define ZC_PROOF_FILE_MAX ((size_t)5 << 20)
#define ZC_PROOF_ROOT_MAX ((size_t)16384)

/* An entry with its inclusion proof. */
typedef struct zc_proven_entry {
    zc_slice bytes;
    uint8_t proof[32 * ZC_PROOF_HASHES];
    size_t count;
} zc_proven_entry;

typedef struct zc_proof_bundle {
    zc_proven_entry entry;
    zc_proven_entry genesis;
    zc_proven_entry boot;
    zc_slice opening;    /* empty: nothing is open */
    zc_slice checkpoint; /* the note */
    zc_slice root_pem;   /* the root of a development platform; empty: AWS's */
    zc_slice mission;    /* compiled, as the entry's hash has it; empty: withheld */
} zc_proof_bundle;

/* Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_proof_write(const zc_proof_bundle *bundle, zc_writer *writer);
/* Views into `bytes`. Errors: ZC_LOG_BAD_PROOF_FILE. */
ZC_MUST_USE zc_result zc_proof_read(zc_slice bytes, zc_proof_bundle *ret_bundle);

typedef struct zc_proof_facts {
    zc_audit_entry entry;
    zc_audit_entry boot;
    zc_genesis genesis;
    zc_audit_opening opening;
    zc_audit_checkpoint checkpoint;
    uint8_t leaf[ZC_AUDIT_HASH_SIZE];
} zc_proof_facts;

/* Everything but the boot's attestation document, which is facts.boot.detail and is held against
 * facts.genesis by the caller.
 * Errors: those of entries, notes, checkpoints, proofs, openings and genesis records;
 * ZC_LOG_BOOT_MISMATCH; ZC_LOG_MISSION_MISMATCH. */
ZC_MUST_USE zc_result zc_proof_check(const zc_proof_bundle *bundle, zc_proof_facts *ret_facts);

#endif
