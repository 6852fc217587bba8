/* A PKCS #11 module with a P-256 key, loaded and never linked. */
#ifndef ZC_BENCH_SOFTHSM_H
#define ZC_BENCH_SOFTHSM_H

#include "bench.h"

/* Where SoftHSM's library is; NULL when it is not installed. */
const char *zc_softhsm_library(void);
/* Points SoftHSM to a temporary folder; for what is started from here too. */
bool zc_softhsm_configure(void);
/* Loads the module, makes a token (or takes the one that is there, with PIN 12345678) and a key,
 * and signs once. One to a process. */
bool zc_softhsm_open(const char *library, bool has_token);
bool zc_softhsm_prepare(const zc_bench_task *task);
bool zc_softhsm_run(const zc_bench_task *task);

#endif
