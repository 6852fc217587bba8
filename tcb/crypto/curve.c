#include "crypto/curve.h"

#include <sodium.h>

#include "crypto/library.h"

bool zc_curve_is_known(uint64_t number)
{
    return number >= ZC_CURVE_SECP256K1 && number <= ZC_CURVE_ED25519;
}

const char *zc_curve_name(zc_curve curve)
{
    switch (curve) {
    case ZC_CURVE_SECP256K1:
        return "secp256k1";
    case ZC_CURVE_P256:
        return "p256";
    case ZC_CURVE_ED25519:
        return "ed25519";
    }
    return NULL;
}

bool zc_pubkey_eq(const zc_pubkey *a, const zc_pubkey *b)
{
    return a->curve == b->curve && zc_slice_eq(zc_pubkey_slice(a), zc_pubkey_slice(b));
}

/* SEC 1 §2.3.3 without the hybrid forms 06 and 07, which the libraries take. */
static bool is_plain_sec1(zc_slice bytes)
{
    return (bytes.len == 65 && bytes.data[0] == 0x04) ||
           (bytes.len == 33 && (bytes.data[0] == 0x02 || bytes.data[0] == 0x03));
}

static bool parse_secp256k1(zc_slice bytes, uint8_t ret_point[static 65])
{
    secp256k1_pubkey key;
    size_t len = 65;
    const secp256k1_context *ctx = zc_library_secp256k1();
    return is_plain_sec1(bytes) &&
           secp256k1_ec_pubkey_parse(ctx, &key, bytes.data, bytes.len) == 1 &&
           secp256k1_ec_pubkey_serialize(ctx, ret_point, &len, &key, SECP256K1_EC_UNCOMPRESSED) ==
               1;
}

static bool parse_p256(zc_slice bytes, uint8_t ret_point[static 65])
{
    const EC_GROUP *group = zc_library_p256();
    EC_POINT *point = group == NULL ? NULL : EC_POINT_new(group);
    bool done =
        point != NULL && is_plain_sec1(bytes) &&
        EC_POINT_oct2point(group, point, bytes.data, bytes.len, NULL) == 1 &&
        EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, ret_point, 65, NULL) == 65;
    EC_POINT_free(point);
    return done;
}

static bool parse_ed25519(zc_slice bytes, uint8_t ret_point[static 65])
{
    zc_library_sodium();
    if (bytes.len != 32 || crypto_core_ed25519_is_valid_point(bytes.data) != 1) {
        return false;
    }
    memcpy(ret_point, bytes.data, 32);
    return true;
}

zc_result zc_pubkey_parse(zc_curve curve, zc_slice bytes, zc_pubkey *ret_key)
{
    zc_pubkey key = {.curve = curve, .len = curve == ZC_CURVE_ED25519 ? 32 : 65};
    bool valid = false;
    switch (curve) {
    case ZC_CURVE_SECP256K1:
        valid = parse_secp256k1(bytes, key.byte);
        break;
    case ZC_CURVE_P256:
        valid = parse_p256(bytes, key.byte);
        break;
    case ZC_CURVE_ED25519:
        valid = parse_ed25519(bytes, key.byte);
        break;
    default:
        return zc_fail(ZC_CRYPTO_WRONG_CURVE);
    }
    if (!valid) {
        return zc_fail(ZC_CRYPTO_BAD_PUBLIC_KEY);
    }
    *ret_key = key;
    return ZC_OK;
}

zc_result zc_pubkey_compress(const zc_pubkey *key, uint8_t ret_bytes[static 33])
{
    if (key->len != 65) {
        return zc_fail(ZC_CRYPTO_WRONG_CURVE);
    }
    ret_bytes[0] = 0x02 | (key->byte[64] & 1);
    memcpy(ret_bytes + 1, key->byte + 1, 32);
    return ZC_OK;
}
