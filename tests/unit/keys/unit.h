/* cmocka with what it needs, short forms for results, and keys to test with. */
#ifndef ZC_TEST_KEYS_UNIT_H
#define ZC_TEST_KEYS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/ct.h"
#include "crypto/random.h"
#include "keys/record.h"

#define assert_ok(expr) assert_int_equal((expr).code, 0)
#define assert_fails(expr, reason) assert_int_equal((expr).code, (reason))

static inline zc_secret32 secret_of(uint8_t fill)
{
    zc_secret32 secret;
    memset(secret.byte, fill, sizeof secret.byte);
    return secret;
}

static inline zc_drbg drbg_of(uint8_t fill)
{
    zc_secret32 seed = secret_of(fill);
    zc_drbg drbg;
    zc_drbg_init(&drbg, seed.byte);
    return drbg;
}

/* A record as the enclave would describe a new key. */
static inline zc_key described(const char *name)
{
    zc_key key;
    assert_ok(zc_key_describe(zc_slice_of_text(name), zc_slice_of_text("desk-one"), ZC_TIER_WARM,
                              ZC_ORIGIN_GENERATED, ZC_NONCE_HEDGED, 1700000000123, &key));
    return key;
}

/* A complete record around a new signer. */
static inline zc_key made_key(const char *name, zc_curve curve, uint8_t fill, zc_signer *signer)
{
    zc_secret32 private_key = secret_of(fill);
    zc_key key = described(name);
    assert_ok(zc_signer_init(signer, curve, &private_key));
    const zc_key_public public_part = zc_key_public_of(&signer->pubkey);
    zc_key_id(&public_part, key.id);
    key.kind = public_part.kind;
    key.public_part = public_part;
    key.signer = signer;
    return key;
}

#endif
