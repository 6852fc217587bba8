/* The threads behind runtime/signers.h: each on a stack in a vault, locked in more tightly than
 * core.
 *
 * One set for a process. Taken before core has a processor of its own and is locked in; started
 * when everything but core's filter is in place, so that they have all of that too. */
#ifndef ZC_RUNTIME_SIGNER_THREADS_H
#define ZC_RUNTIME_SIGNER_THREADS_H

#include "runtime/signers.h"

#define ZC_SIGNER_THREADS_MAX 7

typedef struct zc_signer_guard {
    /* On a thread: leaves it the calls of zc_signers_work(), giving memory back and its end. */
    zc_result (*lock_in)(void);
    /* On any thread: says why, and ends the process. */
    void (*fail)(zc_result why);
} zc_signer_guard;

/* Memory for `count` threads, at most ZC_SIGNER_THREADS_MAX; NULL for none. Errors: those of
 * zc_vault_init(). */
ZC_MUST_USE zc_result zc_signer_threads_take(size_t count, zc_signers **ret_signers);
/* Starts them, off the one processor that core has taken. Returns when all are locked in. */
void zc_signer_threads_start(const zc_signer_guard *guard);

#endif
