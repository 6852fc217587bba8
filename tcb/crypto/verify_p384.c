/* ECDSA on P-384. nettle has assembly for this field; OpenSSL 3.0 works on it with its arithmetic
 * for any prime and takes twice the time. What nettle accepts is accepted. What it refuses is
 * settled by OpenSSL: nettle 3.8 can't add a point to itself at the end, so it refuses some
 * signatures that somebody made for the purpose and that are valid. Public data: nettle's numbers
 * lie on the heap.
 *
 * The image has no use for it and is built without: an enclave believes no documents. */
#include "crypto/verify.h"

#include <threads.h>

#include <openssl/obj_mac.h>

#include <nettle/bignum.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>

#include "crypto/der.h"
#include "crypto/verify_openssl.h"

enum { SCALAR = 48 };

/* Holds that both coordinates are below the prime, and the point on the curve. */
static bool read_point(const uint8_t pub[static 97], struct ecc_point *point)
{
    mpz_t x;
    mpz_t y;
    nettle_mpz_init_set_str_256_u(x, SCALAR, pub + 1);
    nettle_mpz_init_set_str_256_u(y, SCALAR, pub + 1 + SCALAR);
    bool is_point = pub[0] == 0x04 && ecc_point_set(point, x, y) == 1;
    mpz_clear(x);
    mpz_clear(y);
    return is_point;
}

/* nettle itself holds r and s to be above zero and below the order. */
static bool is_signed(const struct ecc_point *point, const uint8_t digest[static 48],
                      const uint8_t sig[static 96])
{
    struct dsa_signature parsed;
    nettle_mpz_init_set_str_256_u(parsed.r, SCALAR, sig);
    nettle_mpz_init_set_str_256_u(parsed.s, SCALAR, sig + SCALAR);
    bool is_valid = ecdsa_verify(point, SCALAR, digest, &parsed) == 1;
    dsa_signature_clear(&parsed);
    return is_valid;
}

static bool nettle_accepts(const uint8_t pub[static 97], const uint8_t digest[static 48],
                           const uint8_t sig[static 96])
{
    struct ecc_point point;
    ecc_point_init(&point, nettle_get_secp_384r1());
    bool accepted = read_point(pub, &point) && is_signed(&point, digest, sig);
    ecc_point_clear(&point);
    return accepted;
}

static EC_GROUP *group;

static void make_group(void)
{
    group = EC_GROUP_new_by_curve_name(NID_secp384r1);
}

zc_result zc_verify_p384(const uint8_t pub[static 97], const uint8_t sha384_digest[static 48],
                         const uint8_t sig[static 96])
{
    static once_flag made = ONCE_FLAG_INIT;
    if (nettle_accepts(pub, sha384_digest, sig)) {
        return ZC_OK;
    }
    call_once(&made, make_group);
    return zc_verify_openssl(group, zc_slice_of(pub, 97), zc_slice_of(sha384_digest, 48), sig);
}

zc_result zc_verify_p384_der(const uint8_t pub[static 97], const uint8_t sha384_digest[static 48],
                             zc_slice der)
{
    uint8_t sig[2 * SCALAR];
    if (!zc_ok(zc_der_read_signature(der, SCALAR, sig))) {
        return zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
    }
    return zc_verify_p384(pub, sha384_digest, sig);
}
