/* How the step changes its mission. A part of state.h, and the calls of the other parts.
 *
 * A change ends this enclave: it appends the entry that puts the next mission in force, seals the
 * root for that mission's PCR16, signs a last checkpoint, and says that it has stopped. The host
 * then starts the same image under the next mission, and that enclave finds in the log that it
 * descends from the mission of the deployment's birth.
 *
 * What stays bound: a root opens only under its own mission; sealed keys are bound to the mission
 * of the birth for good, and open only to who holds the root. */
#ifndef ZC_ENCLAVE_CHANGE_CHANGE_H
#define ZC_ENCLAVE_CHANGE_CHANGE_H

#include "enclave/change/past.h"
#include "enclave/change/pending.h"

/* From the request of who puts it in force until the entry stands in the log. */
typedef struct zc_activation {
    bool asked;  /* the platform is asked for the root's wrapping key */
    bool sealed; /* the root is, for the next mission: the entry comes once counts are logged */
    bool logged; /* nothing may follow the entry */
    uint32_t principal;
    uint64_t session;
    uint64_t request;
} zc_activation;

typedef struct zc_changes {
    zc_change pending;
    zc_past past;
    zc_activation activation;
    bool genesis_seen; /* the log, or a snapshot of it, has the host's genesis record */
    bool was_in_force; /* entries of this mission were read */
} zc_changes;

#endif
