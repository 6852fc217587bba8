/* Checkpoints (C2SP tlog-checkpoint): a signed note that says how long the log is and what its
 * tree's root is.
 *
 *     zerocopy/<deployment id, hex>
 *     <tree size, decimal>
 *     <root hash, base64>
 *     [extension lines]
 *
 *     — zerocopy/<deployment id, hex> <base64>
 */
#ifndef ZC_AUDIT_CHECKPOINT_H
#define ZC_AUDIT_CHECKPOINT_H

#include "audit/entry.h"
#include "audit/note.h"
#include "crypto/signer.h"

/* "zerocopy/" and 64 digits. */
#define ZC_AUDIT_ORIGIN_SIZE 73
#define ZC_AUDIT_EXTENSION_MAX 1024
/* No checkpoint that we sign is longer. */
#define ZC_AUDIT_CHECKPOINT_MAX (512 + ZC_AUDIT_EXTENSION_MAX)

/* The lines of any checkpoint, of our logs or others'; they point into the text. */
typedef struct zc_checkpoint_lines {
    zc_slice origin;
    uint64_t size;
    zc_slice root_base64;
    zc_slice extension; /* whatever follows the third line */
} zc_checkpoint_lines;

typedef struct zc_audit_checkpoint {
    uint64_t size;
    uint8_t root[ZC_AUDIT_HASH_SIZE];
    zc_slice extension; /* whole, non-empty lines with their newlines, or empty; borrowed */
} zc_audit_checkpoint;

/* The log's name: "zerocopy/" and the deployment id in hex; no terminator. */
void zc_audit_origin(const uint8_t deployment_id[static 32],
                     uint8_t ret_origin[static ZC_AUDIT_ORIGIN_SIZE]);

/* Splits a note's text into the lines of a checkpoint. The size is decimal without leading zeros.
 * Errors: ZC_AUDIT_BAD_CHECKPOINT. */
ZC_MUST_USE zc_result zc_checkpoint_split(zc_slice text, zc_checkpoint_lines *ret_lines);

/* Writes and signs the checkpoint with the deployment's log key (Ed25519).
 * Errors: ZC_AUDIT_BAD_CHECKPOINT for a malformed extension, ZC_BASE_FULL, those of signing. */
ZC_MUST_USE zc_result zc_audit_checkpoint_write(const uint8_t deployment_id[static 32],
                                                const zc_audit_checkpoint *checkpoint,
                                                const zc_signer *log_key, zc_writer *writer);

/* Reads a checkpoint of this deployment's log and verifies the log key's signature on it.
 * Cosignatures may follow; they are passed over here. The extension points into `note`.
 * Errors: those of zc_note_parse() and zc_note_verify(), ZC_AUDIT_BAD_CHECKPOINT,
 * ZC_AUDIT_WRONG_ORIGIN. */
ZC_MUST_USE zc_result zc_audit_checkpoint_verify(zc_slice note,
                                                 const uint8_t deployment_id[static 32],
                                                 const uint8_t log_key[static 32],
                                                 zc_audit_checkpoint *ret_checkpoint);

#endif
