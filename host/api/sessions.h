/* Attested sessions, kept open and lent out, with what their principals' keys are called.
 *
 * A session belongs to one call at a time and to one credential for ever. It is opened anew after a
 * while, so that the evidence behind it never gets old. */
#ifndef ZC_API_SESSIONS_H
#define ZC_API_SESSIONS_H

#include <pthread.h>

#include "api/gateway.h"

#define ZC_SESSIONS_MAX 256
#define ZC_SESSION_SECONDS 900
#define ZC_KEYS_CACHED 64

typedef struct zc_session_place {
    const char *dir; /* NULL: as zcp_options takes it */
    const char *root_pem;
    /* Not 0: sessions go through shared memory, where the enclave has some to give, and look this
     * long for an answer before they sleep. */
    uint32_t spin_us;
} zc_session_place;

struct zc_api_lease {
    char credential[256];
    bool is_file;
    zcp_session *session;
    bool lent;
    bool broken;
    uint64_t opened_ns;
    uint64_t used_ns;
    /* What this principal was told of keys. */
    size_t key_count;
    size_t key_next;
    uint64_t generation;
    zcp_key key[ZC_KEYS_CACHED];
};

typedef struct zc_session_pool {
    pthread_mutex_t lock;
    zc_session_place place;
    zc_api_lease *lease[ZC_SESSIONS_MAX];
    size_t count;
    _Atomic uint64_t generation; /* grows when a key changes: caches from before are void */
    _Atomic uint64_t opened;
    _Atomic uint64_t failed;
} zc_session_pool;

bool zc_session_pool_init(zc_session_pool *sessions, const zc_session_place *place);
void zc_session_pool_clear(zc_session_pool *sessions);

/* Lends a session of this identity's credential. Errors: those of zcp_open; ZCP_FAILED
 * ("GATEWAY_BUSY") when all are lent. */
zcp_result zc_session_pool_lend(zc_session_pool *sessions, const zc_identity *identity,
                                zc_api_lease **ret_lease, zcp_error *error);
/* `lost`: the session is no longer of use. */
void zc_session_pool_return(zc_session_pool *sessions, zc_api_lease *lease, bool lost);
void zc_session_pool_count(zc_session_pool *sessions, size_t *ret_open, size_t *ret_lent);

/* From the lease's cache, or NULL. */
const zcp_key *zc_lease_key(const zc_session_pool *sessions, zc_api_lease *lease, const char *name);
const zcp_key *zc_lease_find(const zc_session_pool *sessions, zc_api_lease *lease,
                             zc_api_key_matches *matches, const void *wanted);
void zc_lease_keep(const zc_session_pool *sessions, zc_api_lease *lease, const zcp_key *key);

#endif
