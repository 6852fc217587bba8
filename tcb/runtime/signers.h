/* Signatures that the step leaves to its runtime (enclave/step.h), made by several threads.
 *
 * The loop submits, helps, and collects in the order of submission; workers only take and sign. Who
 * takes what is settled by one atomic count, so no lock is held while anybody signs, and a worker
 * that is slow or asleep holds up nothing that it has not taken. A worker sleeps while there is
 * less than two of them would do: one request alone never waits for another processor.
 *
 * In memory of the caller's, a vault's: what is hedged into a nonce passes through. */
#ifndef ZC_RUNTIME_SIGNERS_H
#define ZC_RUNTIME_SIGNERS_H

#include <stdatomic.h>

#include "enclave/step.h"

/* Under way at once; a power of two. */
#define ZC_SIGNERS_ITEMS 512
/* Taken together, because signatures of one kind share their inversions. */
#define ZC_SIGNERS_CHUNK 4

typedef struct zc_signers_item {
    _Alignas(64) _Atomic uint32_t done;
    zc_result result;
    zc_sign_work work;
    zc_signature signature;
} zc_signers_item;

typedef struct zc_signers {
    _Alignas(64) _Atomic uint64_t put;   /* ever submitted; by the loop alone */
    _Alignas(64) _Atomic uint64_t taken; /* ever taken by anybody */
    _Atomic uint64_t finished;           /* ever made, or failed */
    _Alignas(64) _Atomic uint32_t bell;  /* sleeping workers wait for it to change */
    _Atomic uint32_t sleeping;
    _Atomic uint32_t working; /* threads inside zc_signers_work() */
    _Atomic bool stopping;
    uint64_t collected; /* by the loop, in order */
    zc_signers_item item[ZC_SIGNERS_ITEMS];
} zc_signers;

/* The loop's. {0} is empty and without workers. */

/* Whether another may be submitted. */
bool zc_signers_has_room(const zc_signers *signers);
/* The number of the next work to be submitted, from 1. */
uint64_t zc_signers_next(const zc_signers *signers);
/* Takes the work over. */
void zc_signers_submit(zc_signers *signers, const zc_sign_work *work);
/* Wakes a worker if there is more than the loop will have done by the time that one is awake. */
void zc_signers_wake(zc_signers *signers);
/* Whether any work is not done yet. */
bool zc_signers_busy(const zc_signers *signers);
/* Takes some work and does it, on the caller's thread; false when there is none. */
bool zc_signers_help(zc_signers *signers);
bool zc_signers_is_done(const zc_signers *signers, uint64_t number);
/* The result of the oldest that has not been collected, which must be `number` and done. Its place
 * is wiped. */
ZC_MUST_USE zc_result zc_signers_collect(zc_signers *signers, uint64_t number,
                                         zc_signature *ret_signature);

/* A worker's whole life. Its system calls are futex and nothing else. Returns after
 * zc_signers_stop(). */
void zc_signers_work(zc_signers *signers);
/* Sends the workers away and waits until none is inside any more. */
void zc_signers_stop(zc_signers *signers);

/* Makes what OpenSSL keeps for each thread, and signs once: to be called on a worker's thread
 * before it is locked in, and while nobody else uses OpenSSL. Errors: ZC_RUNTIME_WARM_UP. */
ZC_MUST_USE zc_result zc_signers_warm_up(void);

#endif
