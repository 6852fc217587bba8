/* ECDSA on P-256 with a given nonce: internal to this module.
 *
 * k·G is OpenSSL's (constant-time assembly). The inverses, and everything modulo the order, are
 * ours: OpenSSL's way to k⁻¹ and to affine coordinates costs half a signature. All of it is
 * constant-time, but for what OpenSSL's number type does with the leading zero words of a number
 * (tests/ctime/third_party.supp). */
#ifndef ZC_CRYPTO_P256_H
#define ZC_CRYPTO_P256_H

#include "crypto/modulus.h"
#include "crypto/reasons.h"

/* In Jacobian coordinates: x / z² and y / z³. Secret, as long as it is not affine: z tells
 * something about the scalar that led to it. */
typedef struct zc_p256_point {
    zc_scalar x, y, z;
} zc_p256_point;

void zc_p256_point_wipe(zc_p256_point *point);
#define ZC_SECRET_P256_POINT __attribute__((cleanup(zc_p256_point_wipe)))

/* The parts of a signature, for those who make many at once. First scalar · G, for a scalar in
 * 1 … n − 1; y only when asked for. False: OpenSSL has no memory. */
ZC_MUST_USE bool zc_p256_multiply(const zc_secret32 *scalar, bool with_y, zc_p256_point *ret_point);
/* Then r, with the inverse of the point's z; declassified, as half of a signature. */
void zc_p256_r(const zc_p256_point *point, const zc_scalar *inverse_z, zc_scalar *ret_r);
/* Then r ‖ s, with the inverse of the nonce. Errors: ZC_CRYPTO_UNUSABLE_NONCE. */
ZC_MUST_USE zc_result zc_p256_finish(const zc_secret32 *private_key, const zc_scalar *inverse_k,
                                     const uint8_t digest[static 32], const zc_scalar *r,
                                     uint8_t ret_sig[static 64]);

/* 04 ‖ x ‖ y of the key. The scalar is in 1 … n − 1. Errors: ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_p256_public(const zc_secret32 *private_key, uint8_t ret_point[static 65]);

/* r: the x-coordinate of nonce · G, modulo the order; declassified, as half of a signature. The
 * nonce is in 1 … n − 1. Errors: ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_p256_nonce_point(const zc_secret32 *nonce, zc_scalar *ret_r);
/* r ‖ s for a private key and a nonce in 1 … n − 1. Falls back to zc_p256_sign_plain when the
 * inverse of the nonce does not check. Errors: ZC_CRYPTO_UNUSABLE_NONCE when r or s is zero,
 * ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_p256_sign(const zc_secret32 *private_key, const zc_secret32 *nonce,
                                   const uint8_t digest[static 32], uint8_t ret_sig[static 64]);
/* The same by OpenSSL's arithmetic alone, which is slower. */
ZC_MUST_USE zc_result zc_p256_sign_plain(const zc_secret32 *private_key, const zc_secret32 *nonce,
                                         const uint8_t digest[static 32],
                                         uint8_t ret_sig[static 64]);

/* zc_signer_leave_thread()'s part. */
void zc_p256_leave_thread(void);

#endif
