/* An enclave in memory, serving: the real step, with a platform, a host and a client around it that
 * do at once what the real ones do later. OpenSSL works in the runtime's locked arena, private keys
 * stand in a vault, as in production. One to a process. */
#ifndef ZC_BENCH_RIG_H
#define ZC_BENCH_RIG_H

#include "enclave/enclave.h"
#include "wire/message.h"

/* The enclave's clock moves this much with each request, so that limits, reservations and
 * checkpoints come and go as they would under a hundred requests a second. */
#define ZC_RIG_STEP_MS 10

/* Brings the enclave from nothing to serving, with an authenticated session; the second call finds
 * it there. Must come before the process's first use of OpenSSL. Returns NULL, or why not. */
const char *zc_rig_open(void);

/* Sends one request, and does what follows from it. Out: the reply, whose slices are good until the
 * next step. False when the enclave gave none, or one that is not OK. */
bool zc_rig_ask(zc_request *request, zc_reply *ret_reply);

/* One record of several requests, in the same three parts; settling expects an OK to each. */
bool zc_rig_prepare_all(zc_request *requests, size_t count);
bool zc_rig_settle_all(zc_op op, size_t count);

/* The same in three parts: writing the request, the step alone, and everything after it. */
bool zc_rig_prepare(zc_request *request);
void zc_rig_step(void);
bool zc_rig_settle(zc_op op, zc_reply *ret_reply);

/* For an enclave that leaves signatures to its runtime: to be called before zc_rig_open(). */
void zc_rig_leave_signing(void);
/* The effects of the last step; gone with the next. */
const zc_effects *zc_rig_effects(void);
/* Carries them out. Without the ticks that settling brings: a checkpoint once a second is not once
 * in a hundred signatures. */
bool zc_rig_carry_out(void);

#endif
