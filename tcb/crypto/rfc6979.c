#include "crypto/rfc6979.h"

#include "crypto/hmac.h"

enum { MAX_EXTRA = 32 };

/* HMAC_DRBG's state: K in the prepared form, and V. */
typedef struct state {
    zc_hmac_key key;
    uint8_t v[32];
} state;

/* K = HMAC_K(V ‖ separator ‖ data); V = HMAC_K(V). */
static void update(state *drbg, uint8_t separator, zc_slice data)
{
    uint8_t text[33];
    uint8_t key[32];
    memcpy(text, drbg->v, sizeof drbg->v);
    text[32] = separator;
    zc_hmac_sha256_2(&drbg->key, ZC_SLICE_OF_ARRAY(text), data, key);
    zc_hmac_sha256_key_init(&drbg->key, key, sizeof key);
    zc_hmac_sha256(&drbg->key, ZC_SLICE_OF_ARRAY(drbg->v), drbg->v);
    zc_wipe(text, sizeof text);
    zc_wipe(key, sizeof key);
}

/* Steps b to g. */
static void start(state *drbg, zc_slice seed)
{
    static const uint8_t zeros[32];
    zc_hmac_sha256_key_init(&drbg->key, zeros, sizeof zeros);
    memset(drbg->v, 1, sizeof drbg->v);
    update(drbg, 0, seed);
    update(drbg, 1, seed);
}

/* Step h: the next number in range. */
static void next(state *drbg, const zc_modulus *order)
{
    zc_scalar candidate;
    for (;;) {
        zc_hmac_sha256(&drbg->key, ZC_SLICE_OF_ARRAY(drbg->v), drbg->v);
        zc_scalar_from_be(drbg->v, &candidate);
        if (zc_scalar_is_unit(order, &candidate)) {
            break;
        }
        update(drbg, 0, zc_slice_of(NULL, 0));
    }
    zc_scalar_wipe(&candidate);
}

void zc_rfc6979_nonce(const zc_modulus *order, const zc_secret32 *private_key,
                      const uint8_t digest[static 32], zc_slice extra, unsigned attempt,
                      zc_secret32 *ret_nonce)
{
    /* int2octets(x) ‖ bits2octets(h1) ‖ k' */
    uint8_t seed[64 + MAX_EXTRA];
    size_t extra_len = extra.len < MAX_EXTRA ? extra.len : MAX_EXTRA;
    zc_scalar reduced;
    zc_scalar_from_be(digest, &reduced);
    zc_scalar_reduce(order, &reduced);
    memcpy(seed, private_key->byte, 32);
    zc_scalar_to_be(&reduced, seed + 32);
    if (extra_len > 0) {
        memcpy(seed + 64, extra.data, extra_len);
    }
    state drbg;
    start(&drbg, zc_slice_of(seed, 64 + extra_len));
    next(&drbg, order);
    for (unsigned skipped = 0; skipped < attempt; skipped++) {
        update(&drbg, 0, zc_slice_of(NULL, 0));
        next(&drbg, order);
    }
    memcpy(ret_nonce->byte, drbg.v, sizeof ret_nonce->byte);
    zc_wipe(seed, sizeof seed);
    zc_wipe(&drbg, sizeof drbg);
}
