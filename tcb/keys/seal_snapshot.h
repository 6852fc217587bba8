/* Sealed snapshots: the state that a start goes on from, in the host's keeping.
 *
 * A snapshot leaves in pieces, each canonical CBOR
 *
 *     [1, snapshot id, sequence, leaf hash, index, count, nonce 12, ciphertext, tag 16],
 *
 * sealed as keys are (keys/seal.h) and authenticated with
 *
 *     ["zcp-snapshot-v1", deployment id, PCR0, PCR16, snapshot id, sequence, leaf hash, index,
 *      count].
 *
 * So a piece opens for its own deployment, image and mission alone, in its own place of its own
 * snapshot, and names the head of the log that the state belongs to. Nothing in it is secret, but
 * all of it is private. */
#ifndef ZC_KEYS_SEAL_SNAPSHOT_H
#define ZC_KEYS_SEAL_SNAPSHOT_H

#include "keys/seal.h"

#define ZC_SNAPSHOT_ID_SIZE 16
/* Of the plaintext of one piece. */
#define ZC_SNAPSHOT_PIECE_MAX ((size_t)61440)
#define ZC_SNAPSHOT_PIECES_MAX 1280
/* A sealed piece is so much longer at most. */
#define ZC_SNAPSHOT_PIECE_OVERHEAD 128

typedef struct zc_snapshot_head {
    uint8_t id[ZC_SNAPSHOT_ID_SIZE]; /* fresh random bytes, the same in all pieces */
    uint64_t sequence;               /* entries that the state has taken */
    uint8_t leaf[32];                /* hash of the last of them */
    uint32_t index;                  /* of the piece, from 0 */
    uint32_t count;                  /* of pieces, at least 1 */
} zc_snapshot_head;

/* Appends a sealed piece. Errors: ZC_BASE_FULL, ZC_BASE_TOO_LONG, those of zc_aead_seal(). */
ZC_MUST_USE zc_result zc_snapshot_seal(zc_seal_keys *keys, const zc_seal_place *place,
                                       const zc_snapshot_head *head, zc_slice plain, zc_drbg *drbg,
                                       zc_writer *writer);
/* What a piece says of itself, unauthenticated. Errors: those of the CBOR reader,
 * ZC_KEYS_SEAL_VERSION, ZC_KEYS_SEAL_BROKEN. */
ZC_MUST_USE zc_result zc_snapshot_peek(zc_slice sealed, zc_snapshot_head *ret_head);
/* Opens a piece and appends its plaintext. Errors: as above, ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_snapshot_open(zc_seal_keys *keys, const zc_seal_place *place,
                                       zc_slice sealed, zc_snapshot_head *ret_head,
                                       zc_writer *writer);

#endif
