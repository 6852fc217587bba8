#include "crypto/recheck.h"

#include <sodium.h>

#include "base/ct.h"
#include "crypto/ed25519.h"
#include "crypto/library.h"
#include "crypto/p256.h"
#include "crypto/rfc6979.h"
#include "crypto/secp256k1.h"

/* The second form of an ECDSA key is Montgomery's, because flipped bits at the same place of both
 * forms can't fit each other there. */
void zc_recheck_prepare(const zc_modulus *order, const zc_secret32 *private_key,
                        zc_secret64 *ret_expanded)
{
    ZC_SECRET_SCALAR zc_scalar d;
    zc_scalar_from_be(private_key->byte, &d);
    zc_scalar_to_montgomery(order, &d, &d);
    *ret_expanded = (zc_secret64){{0}};
    zc_scalar_to_be(&d, ret_expanded->byte);
}

static void recall(const zc_modulus *order, const zc_signer *signer, zc_scalar *ret_d,
                   zc_secret32 *ret_key)
{
    zc_scalar_from_be(signer->expanded.byte, ret_d);
    zc_scalar_from_montgomery(order, ret_d, ret_d);
    zc_scalar_to_be(ret_d, ret_key->byte);
}

static zc_result verdict(bool same)
{
    return same ? ZC_OK : zc_fail(ZC_CRYPTO_FAULT);
}

/* Whether s·k = z + r·d. */
static bool equation_holds(const uint8_t s_bytes[static 32], const zc_scalar *k,
                           const uint8_t digest[static 32], const zc_scalar *r, const zc_scalar *d)
{
    ZC_SECRET_SCALAR zc_scalar left;
    ZC_SECRET_SCALAR zc_scalar right;
    zc_scalar s, z;
    zc_scalar_from_be(s_bytes, &s);
    zc_scalar_from_be(digest, &z);
    zc_scalar_reduce(&zc_p256_order, &z);
    zc_scalar_mul(&zc_p256_order, &s, k, &left);
    zc_scalar_mul(&zc_p256_order, d, r, &right);
    zc_scalar_add(&zc_p256_order, &right, &z, &right);
    return zc_ct_eq(&left, &right, sizeof left);
}

zc_result zc_recheck_p256(const zc_signer *signer, const uint8_t digest[static 32],
                          const zc_signature *signature)
{
    ZC_SECRET_SCALAR zc_scalar d;
    ZC_SECRET_SCALAR zc_scalar k;
    ZC_SECRET_SCALAR zc_scalar minus_k;
    ZC_SECRET zc_secret32 key;
    ZC_SECRET zc_secret32 nonce;
    zc_scalar r;
    uint8_t r_bytes[32];
    recall(&zc_p256_order, signer, &d, &key);
    zc_rfc6979_nonce(&zc_p256_order, &key, digest, zc_slice_of(NULL, 0), 0, &nonce);
    zc_scalar_from_be(nonce.byte, &k);
    zc_scalar_negate(&zc_p256_order, &k, &minus_k);
    zc_scalar_to_be(&minus_k, nonce.byte);
    ZC_TRY(zc_p256_nonce_point(&nonce, &r));
    zc_scalar_to_be(&r, r_bytes);
    return verdict(zc_ct_eq(r_bytes, signature->byte, 32) &&
                   equation_holds(signature->byte + 32, &k, digest, &r, &d));
}

zc_result zc_recheck_secp256k1(const zc_signer *signer, const uint8_t digest[static 32],
                               const zc_signature *signature)
{
    ZC_SECRET_SCALAR zc_scalar d;
    ZC_SECRET zc_secret32 key;
    zc_signature again;
    recall(&zc_secp256k1_order, signer, &d, &key);
    ZC_TRY(zc_secp256k1_sign(&key, zc_slice_of(NULL, 0), ZC_NONCE_MINUS, digest, &again));
    return verdict(zc_ct_eq(again.byte, signature->byte, sizeof again.byte) &&
                   again.recovery == signature->recovery);
}

/* The encoding of nonce · G by way of −nonce: a point's negative differs in the sign of x alone. */
static zc_result nonce_point_negated(const zc_secret32 *nonce, uint8_t ret_point[static 32])
{
    ZC_SECRET zc_secret32 minus;
    crypto_core_ed25519_scalar_negate(minus.byte, nonce->byte);
    ZC_TRY(zc_ed25519_nonce_point(&minus, ret_point));
    ret_point[31] ^= 0x80;
    return ZC_OK;
}

zc_result zc_recheck_ed25519(const zc_signer *signer, zc_slice message,
                             const zc_signature *signature)
{
    ZC_SECRET zc_secret32 scalar;
    ZC_SECRET zc_secret32 prefix;
    ZC_SECRET zc_secret32 nonce;
    uint8_t point[32], s[32];
    zc_library_sodium();
    zc_ed25519_expand(&signer->private_key, &scalar, &prefix);
    zc_ed25519_hash(ZC_SLICE_OF_ARRAY(prefix.byte), zc_slice_of(NULL, 0), message, nonce.byte);
    ZC_TRY(nonce_point_negated(&nonce, point));
    zc_ed25519_finish(&scalar, &nonce, point, signer->pubkey.byte, message, s);
    bool same = zc_ct_eq(point, signature->byte, 32) && zc_ct_eq(s, signature->byte + 32, 32);
    zc_wipe(s, sizeof s);
    return verdict(same);
}
