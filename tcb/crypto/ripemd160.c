#include "crypto/ripemd160.h"

#include <openssl/ripemd.h>

void zc_ripemd160(zc_slice data, uint8_t ret_hash[static 20])
{
    /* The low-level calls cannot fail, and need no provider that the image would have to load. */
    RIPEMD160_CTX state;
    RIPEMD160_Init(&state);
    if (data.len > 0) {
        RIPEMD160_Update(&state, data.data, data.len);
    }
    RIPEMD160_Final(ret_hash, &state);
}
