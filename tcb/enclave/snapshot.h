/* Sealed snapshots: so that a start need not decide the whole log again.
 *
 * Now and then, and when it is stopped, the enclave writes down what all entries so far have made
 * of it (the log's head and tree, what each key did, the policy's state and what stands beside it),
 * seals that in pieces, and gives them to the host as things to be kept (keys/seal_snapshot.h). At
 * the next start the host brings them back, and then only the entries that follow.
 *
 * A snapshot opens only for the deployment, image and mission that made it, and the entries that
 * follow must continue the head that it names; so a host can bring an old one with all that came
 * after, and comes to the same state. One that does not open, or not to the state whose digest it
 * carries, changes nothing: the host is told, and brings the whole log. */
#ifndef ZC_ENCLAVE_SNAPSHOT_H
#define ZC_ENCLAVE_SNAPSHOT_H

#include "base/slice.h"
#include "keys/seal_snapshot.h"

/* Room for a state beside so many keys: of each its place in the log and its greatest nonce. A
 * state that comes to more is not written down: such a start reads the whole log. */
#define ZC_ENCLAVE_SNAPSHOT_SIZE(keys) (((size_t)8 << 20) + (size_t)64 * (keys))
/* Written after so many entries, or a quarter as many as there are keys: writing them all takes as
 * long as it takes. After fewer, when some time has passed. */
#define ZC_ENCLAVE_SNAPSHOT_ENTRIES 16384
#define ZC_ENCLAVE_SNAPSHOT_FEWER 1024
#define ZC_ENCLAVE_SNAPSHOT_MS INT64_C(600000)
/* At an orderly stop, when at least so many entries would have to be read otherwise. */
#define ZC_ENCLAVE_SNAPSHOT_AT_STOP 256

/* A part of state.h. */
typedef struct zc_snapshots {
    uint64_t last_size; /* entries that the last one covers */
    /* Policy's clock as the log alone gives it. A refusal that is only counted moves the clock too,
     * and a slice may be over by it that a replay of the log still holds for spent at the next
     * start: until the entry of its count nothing is written down. */
    int64_t logged_ms;
    int64_t last_ms;
    bool leaving; /* pieces of `head` are still to be given out */
    bool coming;  /* pieces of `head` have been brought */
    bool refused; /* one was brought that is of no use: no other is taken */
    zc_snapshot_head head;
    size_t len;  /* of the whole plaintext */
    size_t done; /* of it, sealed and given out */
    size_t room; /* that `bytes` has; it stands behind the enclave's object */
    uint8_t *bytes;
} zc_snapshots;

#endif
