#include "api/ssh_agent/lock.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/ct.h"
#include "base/secret.h"
#include "crypto/hash.h"

bool zc_ssh_locks_init(zc_ssh_locks *locks)
{
    *locks = (zc_ssh_locks){0};
    return pthread_mutex_init(&locks->lock, NULL) == 0;
}

void zc_ssh_locks_clear(zc_ssh_locks *locks)
{
    (void)pthread_mutex_destroy(&locks->lock);
    zc_wipe(locks, sizeof *locks);
}

static void hash_of(const zc_ssh_lock *lock, zc_slice passphrase, uint8_t ret_hash[static 32])
{
    zc_sha256_ctx ctx;
    zc_sha256_init(&ctx);
    zc_sha256_update(&ctx, ZC_SLICE_OF_ARRAY(lock->salt));
    zc_sha256_update(&ctx, passphrase);
    zc_sha256_final(&ctx, ret_hash);
}

/* Under the lock. */
static zc_ssh_lock *find(zc_ssh_locks *locks, const char *name)
{
    for (size_t i = 0; i < locks->count; i++) {
        if (strcmp(locks->locked[i].name, name) == 0) {
            return &locks->locked[i];
        }
    }
    return NULL;
}

bool zc_ssh_is_locked(zc_ssh_locks *locks, const char *name)
{
    (void)pthread_mutex_lock(&locks->lock);
    bool locked = find(locks, name) != NULL;
    (void)pthread_mutex_unlock(&locks->lock);
    return locked;
}

bool zc_ssh_lock_set(zc_ssh_locks *locks, const char *name, zc_slice passphrase)
{
    zc_ssh_lock made = {0};
    (void)snprintf(made.name, sizeof made.name, "%s", name);
    bool drawn = getrandom(made.salt, sizeof made.salt, 0) == (ssize_t)sizeof made.salt;
    hash_of(&made, passphrase, made.hash);
    (void)pthread_mutex_lock(&locks->lock);
    bool set = drawn && locks->count < ZC_SSH_LOCKS_MAX && find(locks, name) == NULL;
    if (set) {
        locks->locked[locks->count++] = made;
    }
    (void)pthread_mutex_unlock(&locks->lock);
    return set;
}

bool zc_ssh_lock_open(zc_ssh_locks *locks, const char *name, zc_slice passphrase)
{
    uint8_t hash[32];
    bool opened = false;
    (void)pthread_mutex_lock(&locks->lock);
    zc_ssh_lock *found = find(locks, name);
    if (found != NULL) {
        hash_of(found, passphrase, hash);
        opened = zc_ct_eq(hash, found->hash, sizeof hash);
    }
    if (opened) {
        *found = locks->locked[--locks->count];
        zc_wipe(&locks->locked[locks->count], sizeof locks->locked[0]);
    }
    (void)pthread_mutex_unlock(&locks->lock);
    return opened;
}
