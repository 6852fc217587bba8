/* RIPEMD-160: only for Bitcoin's addresses. For public data. */
#ifndef ZC_CRYPTO_RIPEMD160_H
#define ZC_CRYPTO_RIPEMD160_H

#include "base/slice.h"

void zc_ripemd160(zc_slice data, uint8_t ret_hash[static 20]);

#endif
