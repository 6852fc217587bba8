/* A document under a chain as long as real ones have it: a root, three authorities, a leaf. */
#ifndef ZC_BENCH_ATTEST_CHAIN_H
#define ZC_BENCH_ATTEST_CHAIN_H

#include <stdbool.h>

#include "base/slice.h"

/* Makes keys, certificates and one document, once for the process. The slices live on. */
bool zc_bench_chain(zc_slice *ret_document, zc_slice *ret_root);

#endif
