#include "crypto/verify_openssl.h"

#include <openssl/ecdsa.h>

/* r ‖ s in OpenSSL's form; NULL without memory. The caller frees it. */
static ECDSA_SIG *parse_signature(const uint8_t *sig, size_t scalar_len)
{
    ECDSA_SIG *parsed = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(sig, (int)scalar_len, NULL);
    BIGNUM *s = BN_bin2bn(sig + scalar_len, (int)scalar_len, NULL);
    if (parsed == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(parsed, r, s) != 1) {
        ECDSA_SIG_free(parsed);
        BN_free(r);
        BN_free(s);
        return NULL;
    }
    return parsed;
}

zc_result zc_verify_openssl(const EC_GROUP *group, zc_slice point, zc_slice digest,
                            const uint8_t *sig)
{
    if (group == NULL) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    zc_result result = zc_fail(ZC_CRYPTO_LIBRARY);
    EC_KEY *key = EC_KEY_new();
    ECDSA_SIG *parsed = parse_signature(sig, point.len / 2);
    if (key != NULL && parsed != NULL && EC_KEY_set_group(key, group) == 1) {
        if (point.data[0] != 0x04 || EC_KEY_oct2key(key, point.data, point.len, NULL) != 1) {
            result = zc_fail(ZC_CRYPTO_BAD_PUBLIC_KEY);
        } else if (ECDSA_do_verify(digest.data, (int)digest.len, parsed, key) == 1) {
            result = ZC_OK;
        } else {
            result = zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
        }
    }
    ECDSA_SIG_free(parsed);
    EC_KEY_free(key);
    return result;
}
