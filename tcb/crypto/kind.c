#include "crypto/kind.h"

bool zc_key_kind_is_known(uint64_t number)
{
    return number >= ZC_KEY_KIND_SECP256K1 && number <= ZC_KEY_KIND_RSA;
}

const char *zc_key_kind_name(zc_key_kind kind)
{
    switch (kind) {
    case ZC_KEY_KIND_SECP256K1:
    case ZC_KEY_KIND_P256:
    case ZC_KEY_KIND_ED25519:
        return zc_curve_name((zc_curve)kind);
    case ZC_KEY_KIND_HMAC_SHA256:
        return "hmac-sha256";
    case ZC_KEY_KIND_HMAC_SHA384:
        return "hmac-sha384";
    case ZC_KEY_KIND_HMAC_SHA512:
        return "hmac-sha512";
    case ZC_KEY_KIND_RSA:
        return "rsa";
    }
    return NULL;
}

bool zc_key_kind_has_curve(zc_key_kind kind)
{
    return zc_curve_is_known(kind);
}

bool zc_key_kind_is_mac(zc_key_kind kind)
{
    return kind >= ZC_KEY_KIND_HMAC_SHA256 && kind <= ZC_KEY_KIND_HMAC_SHA512;
}
