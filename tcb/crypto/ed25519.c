#include "crypto/ed25519.h"

#include <openssl/sha.h>
#include <sodium.h>

#include "base/ct.h"

void zc_ed25519_hash(zc_slice a, zc_slice b, zc_slice message, uint8_t ret_scalar[static 32])
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

void zc_ed25519_expand(const zc_secret32 *seed, zc_secret32 *ret_scalar, zc_secret32 *ret_prefix)
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

/* It has a frame of its own because tests/ctime/third_party.supp names it. */
__attribute__((noinline)) zc_result zc_ed25519_nonce_point(const zc_secret32 *nonce,
                                                           uint8_t ret_point[static 32])
{
    int done = crypto_scalarmult_ed25519_base_noclamp(ret_point, nonce->byte);
    zc_ct_public(&done, sizeof done); /* always 0: it fails for the nonce zero alone */
    return done == 0 ? ZC_OK : zc_fail(ZC_CRYPTO_FAULT);
}

void zc_ed25519_finish(const zc_secret32 *scalar, const zc_secret32 *nonce,
                       const uint8_t point[static 32], const uint8_t pub[static 32],
                       zc_slice message, uint8_t ret_s[static 32])
{
    uint8_t challenge[32];
    zc_ed25519_hash(zc_slice_of(point, 32), zc_slice_of(pub, 32), message, challenge);
    crypto_core_ed25519_scalar_mul(ret_s, challenge, scalar->byte);
    crypto_core_ed25519_scalar_add(ret_s, ret_s, nonce->byte);
}

/* The fresh bytes stand where RFC 8032 has the prefix: one mode's nonce could be that of the other
 * only for fresh bytes equal to the prefix, which is as likely as to guess it. */
static void hedged_nonce(const zc_secret32 *prefix, const uint8_t fresh[static 32],
                         zc_slice message, zc_secret32 *ret_nonce)
{
    zc_ed25519_hash(zc_slice_of(fresh, 32), ZC_SLICE_OF_ARRAY(prefix->byte), message,
                    ret_nonce->byte);
}

zc_result zc_ed25519_sign_hedged(const zc_secret32 *seed, const uint8_t pub[static 32],
                                 const uint8_t fresh[static 32], zc_slice message,
                                 uint8_t ret_sig[static 64])
{
    ZC_SECRET zc_secret32 scalar;
    ZC_SECRET zc_secret32 prefix;
    ZC_SECRET zc_secret32 nonce;
    uint8_t sig[64];
    zc_ed25519_expand(seed, &scalar, &prefix);
    hedged_nonce(&prefix, fresh, message, &nonce);
    ZC_TRY(zc_ed25519_nonce_point(&nonce, sig));
    zc_ed25519_finish(&scalar, &nonce, sig, pub, message, sig + 32);
    zc_ct_public(sig, sizeof sig); /* it is the signature */
    memcpy(ret_sig, sig, sizeof sig);
    return ZC_OK;
}
