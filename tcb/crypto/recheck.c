#include "crypto/recheck.h"

#include <openssl/sha.h>
#include <sodium.h>

#include "base/ct.h"
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

/* SHA-512(a ‖ b ‖ message) modulo the order, as Ed25519 makes its scalars. OpenSSL's, where the
 * first computation used libsodium's. */
static void hash_to_scalar(zc_slice a, zc_slice b, zc_slice message, uint8_t ret_scalar[static 32])
{
    SHA512_CTX state;
    uint8_t hash[64];
    const zc_slice parts[] = {a, b, message};
    SHA512_Init(&state);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].len > 0) {
            SHA512_Update(&state, parts[i].data, parts[i].len);
        }
    }
    SHA512_Final(hash, &state);
    crypto_core_ed25519_scalar_reduce(ret_scalar, hash);
    zc_wipe(hash, sizeof hash);
    zc_wipe(&state, sizeof state);
}

/* RFC 8032 §5.1.5: the secret scalar modulo the order, and the prefix. */
static void expand_seed(const zc_secret32 *seed, zc_secret32 *ret_scalar, zc_secret32 *ret_prefix)
{
    ZC_SECRET64 zc_secret64 hash;
    ZC_SECRET64 zc_secret64 wide = {{0}};
    SHA512_CTX state;
    SHA512_Init(&state);
    SHA512_Update(&state, seed->byte, sizeof seed->byte);
    SHA512_Final(hash.byte, &state);
    zc_wipe(&state, sizeof state);
    memcpy(wide.byte, hash.byte, 32);
    wide.byte[0] &= 0xf8;
    wide.byte[31] = (wide.byte[31] & 0x7f) | 0x40;
    crypto_core_ed25519_scalar_reduce(ret_scalar->byte, wide.byte);
    memcpy(ret_prefix->byte, hash.byte + 32, 32);
}

/* The encoding of nonce · G by way of −nonce: a point's negative differs in the sign of x alone.
 * It has a frame of its own because tests/ctime/third_party.supp names it. */
static __attribute__((noinline)) bool nonce_point_ed25519(const zc_secret32 *nonce,
                                                          uint8_t ret_point[static 32])
{
    ZC_SECRET zc_secret32 minus;
    crypto_core_ed25519_scalar_negate(minus.byte, nonce->byte);
    int done = crypto_scalarmult_ed25519_base_noclamp(ret_point, minus.byte);
    zc_ct_public(&done, sizeof done); /* always 0: it fails for the nonce zero alone */
    ret_point[31] ^= 0x80;
    return done == 0;
}

zc_result zc_recheck_ed25519(const zc_signer *signer, zc_slice message,
                             const zc_signature *signature)
{
    ZC_SECRET zc_secret32 scalar;
    ZC_SECRET zc_secret32 prefix;
    ZC_SECRET zc_secret32 nonce;
    uint8_t point[32], challenge[32], s[32];
    const zc_slice none = zc_slice_of(NULL, 0);
    zc_library_sodium();
    expand_seed(&signer->private_key, &scalar, &prefix);
    hash_to_scalar(ZC_SLICE_OF_ARRAY(prefix.byte), none, message, nonce.byte);
    if (!nonce_point_ed25519(&nonce, point)) {
        return zc_fail(ZC_CRYPTO_FAULT);
    }
    hash_to_scalar(ZC_SLICE_OF_ARRAY(point), zc_slice_of(signer->pubkey.byte, 32), message,
                   challenge);
    crypto_core_ed25519_scalar_mul(s, challenge, scalar.byte);
    crypto_core_ed25519_scalar_add(s, s, nonce.byte);
    bool same = zc_ct_eq(point, signature->byte, 32) && zc_ct_eq(s, signature->byte + 32, 32);
    zc_wipe(s, sizeof s);
    return verdict(same);
}
