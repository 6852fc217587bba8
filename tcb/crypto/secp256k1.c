#include "crypto/secp256k1.h"

#include <secp256k1_recovery.h>

#include "base/ct.h"
#include "crypto/library.h"
#include "crypto/modinv.h"
#include "crypto/rfc6979.h"
#include "crypto/secp256k1_base.h"

zc_result zc_secp256k1_public(const zc_secret32 *private_key, uint8_t ret_point[static 65])
{
    const secp256k1_context *ctx = zc_library_secp256k1();
    secp256k1_pubkey point;
    size_t len = 65;
    int done = secp256k1_ec_pubkey_create(ctx, &point, private_key->byte);
    zc_ct_public(&done, sizeof done); /* always 1: the scalar is known to be in range */
    if (done != 1) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    zc_ct_public(&point, sizeof point); /* it is the public key */
    secp256k1_ec_pubkey_serialize(ctx, ret_point, &len, &point, SECP256K1_EC_UNCOMPRESSED);
    return ZC_OK;
}

/* What the nonce callback is told. */
typedef struct wish {
    zc_slice extra;
    zc_nonce_sign sign;
} wish;

static void turn(zc_secret32 *nonce)
{
    ZC_SECRET_SCALAR zc_scalar k;
    zc_scalar_from_be(nonce->byte, &k);
    zc_scalar_negate(&zc_secp256k1_order, &k, &k);
    zc_scalar_to_be(&k, nonce->byte);
}

/* libsecp256k1's nonce callback: its own function, with SHA-256 by the processor's instructions. */
static int nonce_for_secp256k1(unsigned char *nonce32, const unsigned char *msg32,
                               const unsigned char *key32, const unsigned char *algo16, void *data,
                               unsigned int attempt)
{
    (void)algo16;
    const wish *wanted = data;
    ZC_SECRET zc_secret32 key;
    ZC_SECRET zc_secret32 nonce;
    memcpy(key.byte, key32, sizeof key.byte);
    zc_rfc6979_nonce(&zc_secp256k1_order, &key, msg32, wanted->extra, attempt, &nonce);
    if (wanted->sign == ZC_NONCE_MINUS) {
        turn(&nonce);
    }
    memcpy(nonce32, nonce.byte, sizeof nonce.byte);
    return 1;
}

zc_result zc_secp256k1_sign(const zc_secret32 *private_key, zc_slice extra, zc_nonce_sign sign,
                            const uint8_t digest[static 32], zc_signature *ret_signature)
{
    const secp256k1_context *ctx = zc_library_secp256k1();
    secp256k1_ecdsa_recoverable_signature made;
    wish wanted = {extra, sign};
    int recovery = 0;
    int done = secp256k1_ecdsa_sign_recoverable(ctx, &made, digest, private_key->byte,
                                                nonce_for_secp256k1, &wanted);
    /* Always 1 but for a key that memory errors put out of range. */
    zc_ct_public(&done, sizeof done);
    if (done != 1) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    zc_ct_public(&made, sizeof made); /* it is the signature */
    secp256k1_ecdsa_recoverable_signature_serialize_compact(ctx, ret_signature->byte, &recovery,
                                                            &made);
    ret_signature->recovery = (uint8_t)recovery;
    return ZC_OK;
}

/* The two halves of a signature. */
typedef struct halves {
    zc_scalar r, s;
    uint8_t recovery;
} halves;

/* r from the point's x, and the recovery number: whether y is odd, and whether x was above n. */
static void find_r(const zc_scalar *x, const zc_scalar *y, halves *ret_made)
{
    zc_ct_public(x, sizeof *x); /* half of the signature, as is r */
    ret_made->r = *x;
    zc_scalar_reduce(&zc_secp256k1_order, &ret_made->r);
    const bool above = memcmp(&ret_made->r, x, sizeof *x) != 0;
    ret_made->recovery = (uint8_t)((above ? 2 : 0) | (y->limb[0] & 1));
}

/* s = k⁻¹ (z + r·d), or its negative when that is smaller: as if the nonce had been −k, which turns
 * the recovery number. */
static void find_s(const zc_secret32 *private_key, const zc_scalar *inverse_k,
                   const uint8_t digest[static 32], halves *made)
{
    ZC_SECRET_SCALAR zc_scalar sum;
    zc_scalar z;
    zc_scalar_from_be(private_key->byte, &sum);
    zc_scalar_from_be(digest, &z);
    zc_scalar_reduce(&zc_secp256k1_order, &z);
    zc_scalar_mul(&zc_secp256k1_order, &made->r, &sum, &sum);
    zc_scalar_add(&zc_secp256k1_order, &z, &sum, &sum);
    zc_scalar_mul(&zc_secp256k1_order, inverse_k, &sum, &made->s);
    made->recovery ^= zc_scalar_make_low(&zc_secp256k1_order, &made->s);
    zc_ct_public(&made->s, sizeof made->s); /* the other half */
    zc_ct_public(&made->recovery, sizeof made->recovery);
}

static void wipe_pair(zc_scalar (*pair)[2])
{
    zc_wipe(pair, sizeof *pair);
}
#define SECRET_PAIR __attribute__((cleanup(wipe_pair)))

/* False when any part does not check, or the nonce is one that must not be used. */
static bool sign_with(const zc_secret32 *private_key, const zc_secret32 *nonce,
                      const uint8_t digest[static 32], halves *ret_made)
{
    static const zc_modulus *const moduli[2] = {&zc_secp256k1_order, &zc_secp256k1_field};
    ZC_SECRET_SECP256K1_POINT zc_secp256k1_point point;
    SECRET_PAIR zc_scalar number[2]; /* k and Z */
    SECRET_PAIR zc_scalar inverse[2];
    SECRET_PAIR zc_scalar affine[2];
    zc_scalar_from_be(nonce->byte, &number[0]);
    if (!zc_secp256k1_base_multiply(&number[0], &point)) {
        return false;
    }
    number[1] = point.z;
    if (!zc_modinv_pair(moduli, number, inverse)) {
        return false;
    }
    zc_secp256k1_base_affine(&point, &inverse[1], &affine[0], &affine[1]);
    find_r(&affine[0], &affine[1], ret_made);
    find_s(private_key, &inverse[0], digest, ret_made);
    return !zc_ct_is_zero(&ret_made->r, sizeof ret_made->r) &&
           !zc_ct_is_zero(&ret_made->s, sizeof ret_made->s);
}

zc_result zc_secp256k1_sign_fast(const zc_secret32 *private_key, zc_slice extra,
                                 const uint8_t digest[static 32], zc_signature *ret_signature)
{
    ZC_SECRET zc_secret32 nonce;
    halves made;
    zc_rfc6979_nonce(&zc_secp256k1_order, private_key, digest, extra, 0, &nonce);
    if (!sign_with(private_key, &nonce, digest, &made)) {
        return zc_secp256k1_sign(private_key, extra, ZC_NONCE_PLUS, digest, ret_signature);
    }
    ret_signature->recovery = made.recovery;
    zc_scalar_to_be(&made.r, ret_signature->byte);
    zc_scalar_to_be(&made.s, ret_signature->byte + 32);
    return ZC_OK;
}
