#include "crypto/schnorr.h"

#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>

#include "base/ct.h"
#include "crypto/hash.h"
#include "crypto/library.h"

/* Functions that tests/ctime/third_party.supp names must have frames of their own. */
#define OWN_FRAME __attribute__((noinline))

zc_result zc_schnorr_pubkey(const zc_pubkey *key, uint8_t ret_x[static 32])
{
    if (key->curve != ZC_CURVE_SECP256K1) {
        return zc_fail(ZC_CRYPTO_WRONG_CURVE);
    }
    memcpy(ret_x, key->byte + 1, 32);
    return ZC_OK;
}

/* BIP-341's t: the tagged hash of the internal key and, if there is one, the root. */
static void hash_tweak(const uint8_t x[static 32], const uint8_t *merkle_root,
                       uint8_t ret_tweak[static 32])
{
    zc_sha256_ctx ctx;
    uint8_t tag[32];
    zc_sha256(zc_slice_of_text("TapTweak"), tag);
    zc_sha256_init(&ctx);
    zc_sha256_update(&ctx, ZC_SLICE_OF_ARRAY(tag));
    zc_sha256_update(&ctx, ZC_SLICE_OF_ARRAY(tag));
    zc_sha256_update(&ctx, zc_slice_of(x, 32));
    if (merkle_root != NULL) {
        zc_sha256_update(&ctx, zc_slice_of(merkle_root, 32));
    }
    zc_sha256_final(&ctx, ret_tweak);
}

zc_result zc_taproot_output_key(const zc_pubkey *internal, const uint8_t *merkle_root,
                                uint8_t ret_key[static 32], uint8_t *ret_parity)
{
    const secp256k1_context *ctx = zc_library_secp256k1();
    secp256k1_xonly_pubkey point, output;
    secp256k1_pubkey tweaked;
    uint8_t x[32], tweak[32];
    int parity = 0;
    ZC_TRY(zc_schnorr_pubkey(internal, x));
    hash_tweak(x, merkle_root, tweak);
    if (secp256k1_xonly_pubkey_parse(ctx, &point, x) != 1 ||
        secp256k1_xonly_pubkey_tweak_add(ctx, &tweaked, &point, tweak) != 1 ||
        secp256k1_xonly_pubkey_from_pubkey(ctx, &output, &parity, &tweaked) != 1) {
        return zc_fail(ZC_CRYPTO_BAD_PUBLIC_KEY);
    }
    secp256k1_xonly_pubkey_serialize(ctx, ret_key, &output);
    *ret_parity = (uint8_t)parity;
    return ZC_OK;
}

static void keypair_wipe(secp256k1_keypair *pair)
{
    zc_wipe(pair, sizeof *pair);
}
#define SECRET_KEYPAIR __attribute__((cleanup(keypair_wipe)))

static OWN_FRAME bool load_keypair(const zc_secret32 *private_key, secp256k1_keypair *ret_pair)
{
    int done = secp256k1_keypair_create(zc_library_secp256k1(), ret_pair, private_key->byte);
    zc_ct_public(&done, sizeof done); /* always 1: the scalar was found to be in range */
    return done == 1;
}

static OWN_FRAME bool tweak_keypair(const uint8_t tweak[static 32], secp256k1_keypair *pair)
{
    int done = secp256k1_keypair_xonly_tweak_add(zc_library_secp256k1(), pair, tweak);
    zc_ct_public(&done, sizeof done); /* 0 only where the output key does not exist either */
    return done == 1;
}

static OWN_FRAME bool sign_schnorr(const secp256k1_keypair *pair, const uint8_t aux[static 32],
                                   zc_slice message, uint8_t ret_sig[static 64])
{
    uint8_t extra[32];
    secp256k1_schnorrsig_extraparams how = SECP256K1_SCHNORRSIG_EXTRAPARAMS_INIT;
    memcpy(extra, aux, sizeof extra);
    how.ndata = extra;
    int done = secp256k1_schnorrsig_sign_custom(zc_library_secp256k1(), ret_sig, message.data,
                                                message.len, pair, &how);
    zc_wipe(extra, sizeof extra);
    zc_ct_public(&done, sizeof done); /* always 1, but for a nonce of zero */
    zc_ct_public(ret_sig, 64);        /* it is the signature */
    return done == 1;
}

/* The public key that the signature must fit, and the tweak that leads to it. */
static zc_result plan(const zc_pubkey *key, zc_schnorr_tweak tweak, const uint8_t *merkle_root,
                      uint8_t ret_x[static 32], uint8_t ret_tweak[static 32])
{
    uint8_t parity;
    ZC_TRY(zc_schnorr_pubkey(key, ret_x));
    if (tweak == ZC_SCHNORR_TAPROOT) {
        hash_tweak(ret_x, merkle_root, ret_tweak);
        ZC_TRY(zc_taproot_output_key(key, merkle_root, ret_x, &parity));
    }
    return ZC_OK;
}

zc_result zc_schnorr_sign(const zc_signer *signer, const uint8_t aux[static 32], zc_slice message,
                          zc_schnorr_tweak tweak, const uint8_t *merkle_root,
                          zc_signature *ret_signature)
{
    SECRET_KEYPAIR secp256k1_keypair pair;
    zc_signature made = {0};
    uint8_t x[32], by[32];
    ZC_TRY(plan(&signer->pubkey, tweak, merkle_root, x, by));
    if (!load_keypair(&signer->private_key, &pair) ||
        (tweak == ZC_SCHNORR_TAPROOT && !tweak_keypair(by, &pair)) ||
        !sign_schnorr(&pair, aux, message, made.byte)) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    /* Against the stored public key: a key that changed in memory shows too. */
    if (!zc_ok(zc_schnorr_verify(x, message, made.byte))) {
        return zc_fail(ZC_CRYPTO_FAULT);
    }
    *ret_signature = made;
    return ZC_OK;
}

zc_result zc_schnorr_verify(const uint8_t x[static 32], zc_slice message,
                            const uint8_t sig[static 64])
{
    const secp256k1_context *ctx = zc_library_secp256k1();
    secp256k1_xonly_pubkey point;
    if (secp256k1_xonly_pubkey_parse(ctx, &point, x) != 1) {
        return zc_fail(ZC_CRYPTO_BAD_PUBLIC_KEY);
    }
    return secp256k1_schnorrsig_verify(ctx, sig, message.data, message.len, &point) == 1
               ? ZC_OK
               : zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
}
