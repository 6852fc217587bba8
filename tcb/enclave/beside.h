/* What the enclave keeps beside the policy engine: requests under review as people see them, slices
 * of budget that wait for the log, votes for revocations. A part of state.h. All of it but the
 * votes follows from the log. */
#ifndef ZC_ENCLAVE_BESIDE_H
#define ZC_ENCLAVE_BESIDE_H

#include "policy/policy.h"
#include "wire/limits.h"

/* A request that comes to more than this can't be shown to those who should approve it, and so not
 * be approved. */
#define ZC_KEPT_INTENT_MAX 16384
/* Entries that took slices and wait for their cosignatures; more are taken together. */
#define ZC_LEASE_ENTRIES 64

/* In the place that the engine's review has. */
typedef struct zc_kept_review {
    uint8_t leaf[32]; /* of the engine's review; else this is stale */
    uint64_t entry;
    uint16_t rule;
    char key[ZC_NAME_MAX + 1];
    size_t intent_len; /* 0: too long to be shown */
    uint8_t intent[ZC_KEPT_INTENT_MAX];
} zc_kept_review;

typedef struct zc_lease_entry {
    uint64_t ordinal; /* replies that wait for this or more are held */
    uint64_t size;    /* of the log with the entry: until this is cosigned */
} zc_lease_entry;

/* Slices whose entries may not leave the enclave's memory yet. */
typedef struct zc_leases {
    bool matter;           /* the mission has any, and replies may run ahead of the disk */
    uint64_t last_ordinal; /* of the last entry that took one */
    size_t first;
    size_t count;
    zc_lease_entry entry[ZC_LEASE_ENTRIES];
} zc_leases;

/* What an approver wants to be revoked: one thing at a time, so that nobody crowds out another's
 * wish. */
typedef struct zc_revocation_wish {
    uint8_t kind; /* zc_revoke_kind; 0: nothing */
    uint16_t index;
} zc_revocation_wish;

typedef struct zc_beside {
    zc_kept_review review[ZC_REVIEWS_MAX];
    zc_leases leases;
    zc_revocation_wish wish[ZC_MISSION_MAX_PRINCIPALS];
    bool settles; /* the mission lets feeds give back */
    /* By the engine's reservation: the entry that allowed what it signed last. */
    uint64_t decision[ZC_RESERVATIONS_MAX];
} zc_beside;

#endif
