/* A `zcp gateway` before a deployment of the benchmark, and one kept-alive connection to each of
 * its interfaces. */
#ifndef ZC_BENCH_GATEWAY_H
#define ZC_BENCH_GATEWAY_H

#include "place.h"

#define ZC_BENCH_ACCESS_KEY "AKIABENCH"
#define ZC_BENCH_SECRET "what-the-benchmark-signs-with"

typedef struct zc_bench_gateway {
    unsigned kms_port;
    int kms_fd;
    int hello_fd; /* of the interface that answers /upcheck */
} zc_bench_gateway;

/* Starts it as `zcp gateway kms web3signer` before the folder's deployment, where this process may
 * run; it ends with this process. `shared`: its sessions go through shared memory, and it looks for
 * answers before it sleeps. Returns NULL, or why not. */
const char *zc_bench_gateway_start(zc_bench_folder folder, bool shared,
                                   zc_bench_gateway *ret_gateway);
/* Sends one request and reads its whole answer. The answer's status; 0 when there is none. */
unsigned zc_bench_gateway_ask(int fd, const char *request, size_t len);

#endif
