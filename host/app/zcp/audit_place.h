/* Where a deployment's log is, and the index over it. */
#ifndef ZC_ZCP_AUDIT_PLACE_H
#define ZC_ZCP_AUDIT_PLACE_H

#include "invocation.h"
#include "log/index.h"
#include "support/journal.h"

typedef struct zc_audit_place {
    char folder[ZC_PATH_SIZE];  /* of tiles */
    char journal[ZC_PATH_SIZE]; /* may be missing: then the tiles are all there is */
    char index[ZC_PATH_SIZE];
    zc_bytes note; /* the checkpoint with its cosignatures */
    uint64_t size; /* entries under it */
} zc_audit_place;

/* The paths alone. */
ZC_MUST_USE zc_result zc_audit_place_of(const zc_invocation *invocation, zc_audit_place *ret_place,
                                        zc_error *error);
/* Reads the checkpoint. */
ZC_MUST_USE zc_result zc_audit_place_checkpoint(zc_audit_place *place, zc_error *error);
/* The journal, or the tiles under the checkpoint where there is none; borrows the place. */
zc_scan_source zc_audit_place_source(const zc_audit_place *place);
/* The index brought up to the log, if somebody made one; NULL without one, or when it can't be
 * used: reading goes on without it. */
zc_log_index *zc_audit_place_index(const zc_audit_place *place);
void zc_audit_place_clear(zc_audit_place *place);

/* audit_index.c */
int zc_run_audit_index(zc_invocation *invocation);
extern const zc_option zc_audit_index_options[];

#endif
