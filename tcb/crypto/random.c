#include "crypto/random.h"

#include <sodium.h>

#include "crypto/hmac.h"

void zc_drbg_init(zc_drbg *drbg, const uint8_t seed[static 32])
{
    memcpy(drbg->state.byte, seed, sizeof drbg->state.byte);
}

void zc_drbg_reseed(zc_drbg *drbg, zc_slice entropy)
{
    zc_hmac_sha256_once(drbg->state.byte, sizeof drbg->state.byte, entropy, drbg->state.byte);
}

void zc_drbg_bytes(zc_drbg *drbg, uint8_t *ret_bytes, size_t len)
{
    enum { BLOCK = 512, KEY = sizeof drbg->state.byte, OUTPUT = BLOCK - KEY };
    /* Each key encrypts one block, so the nonce is always zero. */
    static const uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];
    uint8_t block[BLOCK];
    for (size_t done = 0; done < len;) {
        size_t take = len - done < OUTPUT ? len - done : OUTPUT;
        crypto_stream_chacha20(block, KEY + take, nonce, drbg->state.byte);
        memcpy(drbg->state.byte, block, KEY);
        memcpy(ret_bytes + done, block + KEY, take);
        done += take;
        zc_wipe(block, KEY + take);
    }
}

void zc_drbg_clear(zc_drbg *drbg)
{
    zc_wipe(drbg, sizeof *drbg);
}
