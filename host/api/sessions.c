#include "api/sessions.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/http_connections.h"

#define NS_PER_SECOND 1000000000ULL

bool zc_session_pool_init(zc_session_pool *sessions, const zc_session_place *place)
{
    *sessions = (zc_session_pool){.place = *place};
    return pthread_mutex_init(&sessions->lock, NULL) == 0;
}

static void lease_free(zc_api_lease *lease)
{
    zcp_close(lease->session);
    free(lease);
}

void zc_session_pool_clear(zc_session_pool *sessions)
{
    for (size_t i = 0; i < sessions->count; i++) {
        lease_free(sessions->lease[i]);
    }
    sessions->count = 0;
    (void)pthread_mutex_destroy(&sessions->lock);
}

static zcp_result report(zcp_error *error, const char *reason, const char *what, const char *why,
                         const char *next)
{
    if (error != NULL) {
        *error = (zcp_error){.result = ZCP_FAILED};
        (void)snprintf(error->reason, sizeof error->reason, "%s", reason);
        (void)snprintf(error->what, sizeof error->what, "%s", what);
        (void)snprintf(error->why, sizeof error->why, "%s", why);
        (void)snprintf(error->next, sizeof error->next, "%s", next);
    }
    return ZCP_FAILED;
}

static void drop(zc_session_pool *sessions, size_t at)
{
    sessions->lease[at] = sessions->lease[--sessions->count];
}

/* Takes the one that was used last, whose memory is warm. Old ones are handed back for closing. */
static zc_api_lease *take(zc_session_pool *sessions, const char *credential, bool is_file,
                          zc_api_lease **ret_old)
{
    zc_api_lease *found = NULL;
    uint64_t now_ns = zc_api_now_ns();
    (void)pthread_mutex_lock(&sessions->lock);
    for (size_t i = 0; i < sessions->count; i++) {
        zc_api_lease *one = sessions->lease[i];
        if (one->lent) {
            continue;
        }
        if (now_ns - one->opened_ns > ZC_SESSION_SECONDS * NS_PER_SECOND) {
            if (*ret_old == NULL) {
                *ret_old = one;
                drop(sessions, i--);
            }
            continue;
        }
        bool fits = one->is_file == is_file && strcmp(one->credential, credential) == 0;
        if (fits && (found == NULL || one->used_ns > found->used_ns)) {
            found = one;
        }
    }
    if (found != NULL) {
        found->lent = true;
    }
    (void)pthread_mutex_unlock(&sessions->lock);
    return found;
}

static bool add(zc_session_pool *sessions, zc_api_lease *lease)
{
    zc_api_lease *evicted = NULL;
    (void)pthread_mutex_lock(&sessions->lock);
    for (size_t i = 0; sessions->count == ZC_SESSIONS_MAX && i < sessions->count; i++) {
        if (!sessions->lease[i]->lent) {
            evicted = sessions->lease[i];
            drop(sessions, i);
        }
    }
    bool room = sessions->count < ZC_SESSIONS_MAX;
    if (room) {
        sessions->lease[sessions->count++] = lease;
    }
    (void)pthread_mutex_unlock(&sessions->lock);
    if (evicted != NULL) {
        lease_free(evicted);
    }
    return room;
}

static zcp_result open_lease(zc_session_pool *sessions, const char *credential, bool is_file,
                             zc_api_lease **ret_lease, zcp_error *error)
{
    zc_api_lease *lease = calloc(1, sizeof *lease);
    if (lease == NULL) {
        return report(error, "GATEWAY_MEMORY", "cannot open a session",
                      "the machine gave no memory", "free some memory and try again");
    }
    (void)snprintf(lease->credential, sizeof lease->credential, "%s", credential);
    lease->is_file = is_file;
    lease->lent = true;
    lease->opened_ns = zc_api_now_ns();
    const zcp_options options = {
        .dir = sessions->place.dir,
        .root_pem = sessions->place.root_pem,
        .spin_us = sessions->place.spin_us,
        .shared_memory = sessions->place.spin_us != 0,
        .credential = is_file ? NULL : lease->credential,
        .credential_file = is_file ? lease->credential : NULL,
    };
    zcp_result opened = zcp_open(&options, &lease->session, error);
    if (opened != ZCP_OK) {
        atomic_fetch_add(&sessions->failed, 1);
        free(lease);
        return opened;
    }
    atomic_fetch_add(&sessions->opened, 1);
    if (!add(sessions, lease)) {
        lease_free(lease);
        return report(error, "GATEWAY_BUSY", "cannot open a session",
                      "all sessions of the gateway are in use", "ask again later");
    }
    *ret_lease = lease;
    return ZCP_OK;
}

zcp_result zc_session_pool_lend(zc_session_pool *sessions, const zc_identity *identity,
                                zc_api_lease **ret_lease, zcp_error *error)
{
    bool is_file = identity->credential_file[0] != '\0';
    const char *credential = is_file ? identity->credential_file : identity->credential;
    zc_api_lease *old = NULL;
    zc_api_lease *found = take(sessions, credential, is_file, &old);
    if (old != NULL) {
        lease_free(old);
    }
    if (found != NULL) {
        *ret_lease = found;
        return ZCP_OK;
    }
    return open_lease(sessions, credential, is_file, ret_lease, error);
}

void zc_session_pool_return(zc_session_pool *sessions, zc_api_lease *lease, bool lost)
{
    (void)pthread_mutex_lock(&sessions->lock);
    lease->lent = false;
    lease->used_ns = zc_api_now_ns();
    for (size_t i = 0; lost && i < sessions->count; i++) {
        if (sessions->lease[i] == lease) {
            drop(sessions, i);
            break;
        }
    }
    (void)pthread_mutex_unlock(&sessions->lock);
    if (lost) {
        lease_free(lease);
    }
}

void zc_session_pool_count(zc_session_pool *sessions, size_t *ret_open, size_t *ret_lent)
{
    (void)pthread_mutex_lock(&sessions->lock);
    *ret_open = sessions->count;
    *ret_lent = 0;
    for (size_t i = 0; i < sessions->count; i++) {
        *ret_lent += sessions->lease[i]->lent ? 1 : 0;
    }
    (void)pthread_mutex_unlock(&sessions->lock);
}

static void refresh(const zc_session_pool *sessions, zc_api_lease *lease)
{
    uint64_t generation = atomic_load(&sessions->generation);
    if (lease->generation != generation) {
        lease->generation = generation;
        lease->key_count = 0;
        lease->key_next = 0;
    }
}

const zcp_key *zc_lease_key(const zc_session_pool *sessions, zc_api_lease *lease, const char *name)
{
    refresh(sessions, lease);
    for (size_t i = 0; i < lease->key_count; i++) {
        if (strcmp(lease->key[i].name, name) == 0) {
            return &lease->key[i];
        }
    }
    return NULL;
}

const zcp_key *zc_lease_find(const zc_session_pool *sessions, zc_api_lease *lease,
                             zc_api_key_matches *matches, const void *wanted)
{
    refresh(sessions, lease);
    for (size_t i = 0; i < lease->key_count; i++) {
        if (matches(wanted, &lease->key[i])) {
            return &lease->key[i];
        }
    }
    return NULL;
}

void zc_lease_keep(const zc_session_pool *sessions, zc_api_lease *lease, const zcp_key *key)
{
    refresh(sessions, lease);
    for (size_t i = 0; i < lease->key_count; i++) {
        if (strcmp(lease->key[i].name, key->name) == 0) {
            lease->key[i] = *key;
            return;
        }
    }
    lease->key[lease->key_next] = *key;
    lease->key_next = (lease->key_next + 1) % ZC_KEYS_CACHED;
    lease->key_count += lease->key_count < ZC_KEYS_CACHED ? 1 : 0;
}
