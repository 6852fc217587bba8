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
/* Revocations that approvers have begun to ask for; the oldest gives way. */
#define ZC_REVOCATION_VOTES 8

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

typedef struct zc_revocation_vote {
    uint8_t kind; /* zc_revoke_kind; 0: a free place */
    uint16_t index;
    uint64_t asked; /* bit i: principal i; revoked ones do not count */
    uint64_t order; /* which is the oldest */
} zc_revocation_vote;

typedef struct zc_beside {
    zc_kept_review review[ZC_REVIEWS_MAX];
    zc_leases leases;
    zc_revocation_vote vote[ZC_REVOCATION_VOTES];
    uint64_t vote_order;
    bool settles; /* the mission lets feeds give back */
    /* By the engine's reservation: the entry that allowed what it signed last. */
    uint64_t decision[ZC_RESERVATIONS_MAX];
} zc_beside;

#endif
