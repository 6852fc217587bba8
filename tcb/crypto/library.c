#include "crypto/library.h"

#include <stdlib.h>
#include <threads.h>

#include <openssl/crypto.h>
#include <openssl/obj_mac.h>
#include <secp256k1_preallocated.h>
#include <sodium.h>

#include "crypto/aead.h"
#include "crypto/secp256k1_base.h"
#include "crypto/setup.h"

static secp256k1_context *secp256k1;
static EC_GROUP *p256;

static void prepare(void)
{
    /* 0.2.0 asks for about 200 bytes. */
    static _Alignas(16) uint8_t memory[1024];
    const unsigned flags = SECP256K1_CONTEXT_NONE; /* which signs and verifies, since 0.2.0 */
    if (secp256k1_context_preallocated_size(flags) > sizeof memory || sodium_init() < 0) {
        /* Another library than the one this was built for: nothing of ours can be trusted then. */
        abort();
    }
    secp256k1 = secp256k1_context_preallocated_create(memory, flags);
    p256 = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
}

static void prepare_once(void)
{
    static once_flag done = ONCE_FLAG_INIT;
    call_once(&done, prepare);
}

const secp256k1_context *zc_library_secp256k1(void)
{
    prepare_once();
    return secp256k1;
}

const EC_GROUP *zc_library_p256(void)
{
    prepare_once();
    return p256;
}

void zc_library_sodium(void)
{
    prepare_once();
}

/* One cipher context made and dropped: from then on the provider and its tables are in memory. */
static bool warm_ciphers(void)
{
    ZC_SECRET zc_secret32 key = {{1}};
    zc_aead aead;
    if (!zc_ok(zc_aead_init(&aead, &key))) {
        return false;
    }
    zc_aead_clear(&aead);
    return true;
}

zc_result zc_crypto_setup_channels(void)
{
    if (!zc_openssl_setup() || !warm_ciphers()) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    prepare_once();
    return p256 != NULL ? ZC_OK : zc_fail(ZC_CRYPTO_LIBRARY);
}

bool zc_openssl_setup(void)
{
    /* The machine's openssl.cnf has no say in here, and looking for it would mean to open files.
     * The tables of names of OpenSSL 1, and its words for errors, are of no use and half of its
     * start. */
    return OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
                                   OPENSSL_INIT_NO_ADD_ALL_DIGESTS |
                                   OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS,
                               NULL) == 1;
}

zc_result zc_crypto_setup(const uint8_t seed[static 32])
{
    ZC_TRY(zc_crypto_setup_channels());
    if (secp256k1_context_randomize(secp256k1, seed) != 1) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    zc_secp256k1_base_setup(seed);
    return ZC_OK;
}
