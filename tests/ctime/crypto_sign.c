/* Key generation, signing and X25519 with the key, the fresh bytes and (so) the nonce secret. */
#include <string.h>

#include "base/ct.h"
#include "crypto/box.h"
#include "crypto/modinv.h"
#include "crypto/p256.h"
#include "crypto/rfc6979.h"
#include "crypto/secp256k1_base.h"
#include "crypto/setup.h"
#include "crypto/signer.h"
#include "crypto/verify.h"

static const uint8_t digest[32] = {1, 2, 3};

static bool sign_with(zc_curve curve, zc_nonce_mode mode)
{
    zc_signer signer;
    zc_signature signature;
    uint8_t fresh[32] = {9};
    zc_secret32 key = {{[0 ... 31] = 0x5a}};
    zc_ct_secret(key.byte, sizeof key.byte);
    zc_ct_secret(fresh, sizeof fresh);
    bool right = zc_ok(zc_signer_init(&signer, curve, &key)) &&
                 (curve == ZC_CURVE_ED25519
                      ? zc_ok(zc_sign_ed25519(&signer, mode, fresh, ZC_SLICE_OF_ARRAY(digest),
                                              &signature)) &&
                            zc_ok(zc_verify_ed25519(signer.pubkey.byte, ZC_SLICE_OF_ARRAY(digest),
                                                    signature.byte))
                      : zc_ok(zc_sign_digest(&signer, mode, fresh, digest, &signature)) &&
                            zc_ok(zc_verify_digest(&signer.pubkey, digest, signature.byte)));
    zc_signer_clear(&signer);
    return right;
}

/* Both modes on both curves in one batch. */
static bool sign_batch(void)
{
    zc_signer signer[2];
    zc_sign_job job[8];
    zc_signature made[8];
    uint8_t fresh[8][32] = {{1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}};
    zc_secret32 key = {{[0 ... 31] = 0x5a}};
    zc_ct_secret(key.byte, sizeof key.byte);
    zc_ct_secret(fresh, sizeof fresh);
    bool right = zc_ok(zc_signer_init(&signer[0], ZC_CURVE_P256, &key)) &&
                 zc_ok(zc_signer_init(&signer[1], ZC_CURVE_SECP256K1, &key));
    for (size_t i = 0; i < 8; i++) {
        job[i] = (zc_sign_job){&signer[i == 5], i == 2 ? ZC_NONCE_DETERMINISTIC : ZC_NONCE_HEDGED,
                               fresh[i], digest};
    }
    right = right && zc_ok(zc_sign_digest_batch(job, 8, made));
    for (size_t i = 0; i < 8; i++) {
        right = right && zc_ok(zc_verify_digest(&signer[i == 5].pubkey, digest, made[i].byte));
    }
    return right;
}

static bool generate(zc_curve curve)
{
    uint8_t seed[32] = {3};
    zc_drbg drbg;
    zc_signer signer;
    zc_ct_secret(seed, sizeof seed);
    zc_drbg_init(&drbg, seed);
    return zc_ok(zc_signer_generate(&signer, curve, &drbg));
}

/* Ours alone, with edge values: no library in between, so no suppression can apply. */
static bool scalars(const zc_modulus *modulus)
{
    zc_scalar value = {{1, 0, 0, 0}}, inverse, sum, large = modulus->value;
    zc_secret32 key = {{[31] = 1}}, nonce;
    large.limb[0]--;
    zc_ct_secret(&value, sizeof value);
    zc_ct_secret(&large, sizeof large);
    zc_ct_secret(&key, sizeof key);
    zc_rfc6979_nonce(modulus, &key, digest, ZC_SLICE_OF_ARRAY(digest), 1, &nonce);
    zc_scalar_add(modulus, &value, &large, &sum);
    const zc_modulus *pair[2] = {modulus, modulus};
    zc_scalar both[2] = {value, large};
    return zc_modinv(modulus, &value, &inverse) && zc_modinv(modulus, &large, &inverse) &&
           zc_modinv_pair(pair, both, both) && zc_ct_is_zero(&sum, sizeof sum);
}

/* secp256k1's generator, ours alone too: the smallest and the largest scalar, and one between. */
static bool multiples(void)
{
    zc_scalar scalar[3] = {{{1}}, {{1, 2, 3, 4}}, zc_secp256k1_order.value};
    zc_secp256k1_point point;
    zc_scalar inverse, x, y;
    bool right = true;
    scalar[2].limb[0]--;
    zc_ct_secret(scalar, sizeof scalar);
    for (size_t i = 0; i < 3; i++) {
        right = right && zc_secp256k1_base_multiply(&scalar[i], &point) &&
                zc_modinv(&zc_secp256k1_field, &point.z, &inverse);
        zc_secp256k1_base_affine(&point, &inverse, &x, &y);
    }
    return right;
}

static bool plain(void)
{
    zc_secret32 key = {{[31] = 7, [0] = 1}}, nonce = {{[31] = 9, [0] = 1}};
    uint8_t sig[64];
    zc_ct_secret(&key, sizeof key);
    zc_ct_secret(&nonce, sizeof nonce);
    return zc_ok(zc_p256_sign_plain(&key, &nonce, digest, sig));
}

int main(void)
{
    uint8_t seed[32] = {8};
    zc_ct_secret(seed, sizeof seed);
    bool right = zc_ok(zc_crypto_setup(seed)) && scalars(&zc_p256_order) &&
                 scalars(&zc_secp256k1_order) && multiples() && sign_batch() && plain();
    for (zc_curve curve = ZC_CURVE_SECP256K1; curve <= ZC_CURVE_ED25519; curve++) {
        right = sign_with(curve, ZC_NONCE_HEDGED) && sign_with(curve, ZC_NONCE_DETERMINISTIC) &&
                generate(curve) && right;
    }
    return right ? 0 : 1;
}
