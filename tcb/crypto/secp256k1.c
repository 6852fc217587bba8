#include "crypto/secp256k1.h"

#include <secp256k1_recovery.h>

#include "base/ct.h"
#include "crypto/library.h"
#include "crypto/rfc6979.h"

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
