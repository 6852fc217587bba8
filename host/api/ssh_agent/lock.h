/* Agents can be locked with a passphrase: each identity's for itself. */
#ifndef ZC_API_SSH_AGENT_LOCK_H
#define ZC_API_SSH_AGENT_LOCK_H

#include <pthread.h>

#include "base/slice.h"

#define ZC_SSH_LOCKS_MAX 256
#define ZC_SSH_LOCK_NAME_SIZE 64

typedef struct zc_ssh_lock {
    char name[ZC_SSH_LOCK_NAME_SIZE];
    uint8_t salt[16];
    uint8_t hash[32]; /* of salt ‖ passphrase */
} zc_ssh_lock;

/* Threads share it. */
typedef struct zc_ssh_locks {
    pthread_mutex_t lock;
    zc_ssh_lock locked[ZC_SSH_LOCKS_MAX];
    size_t count;
} zc_ssh_locks;

bool zc_ssh_locks_init(zc_ssh_locks *locks);
void zc_ssh_locks_clear(zc_ssh_locks *locks);
bool zc_ssh_is_locked(zc_ssh_locks *locks, const char *name);
/* False when it is locked already. */
bool zc_ssh_lock_set(zc_ssh_locks *locks, const char *name, zc_slice passphrase);
/* False when the passphrase is wrong, or nothing is locked. Time does not tell how wrong. */
bool zc_ssh_lock_open(zc_ssh_locks *locks, const char *name, zc_slice passphrase);

#endif
