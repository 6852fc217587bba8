/* A signer over HTTPS on this machine: what a signing service costs at its best, without network.
 */
#ifndef ZC_BENCH_PEER_HTTPS_H
#define ZC_BENCH_PEER_HTTPS_H

#include "bench.h"

const char *zc_peer_https_open(const zc_bench_task *task);
bool zc_peer_https_prepare(const zc_bench_task *task);
bool zc_peer_https_run(const zc_bench_task *task);

#endif
