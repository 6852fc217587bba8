/* Wycheproof's ECDSA: DER, IEEE P1363 (r ‖ s), and Bitcoin's DER with low s. */
#include "crypto/der.h"
#include "crypto/hash.h"
#include "crypto/verify.h"
#include "wycheproof.h"

typedef struct zc_ecdsa_test {
    zc_slice key; /* 04 ‖ x ‖ y */
    zc_slice message;
    zc_slice signature;
    bool p1363;
    bool low_s; /* wanted */
} zc_ecdsa_test;

/* r ‖ s has one length only: no function of the product takes another. */
static zc_result verify_raw(const zc_pubkey *key, const uint8_t digest[static 32], zc_slice raw)
{
    return raw.len == 64 ? zc_verify_digest(key, digest, raw.data)
                         : zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
}

static zc_result verify_low_s(const zc_pubkey *key, const uint8_t digest[static 32], zc_slice der)
{
    uint8_t raw[64];
    ZC_TRY(zc_der_read_signature(der, 32, raw));
    if (!zc_signature_is_low_s(key->curve, raw)) {
        return zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
    }
    return zc_verify_digest_der(key, digest, der);
}

static zc_result verify_256(zc_curve curve, const zc_ecdsa_test *test)
{
    zc_pubkey key;
    uint8_t digest[32];
    ZC_TRY(zc_pubkey_parse(curve, test->key, &key));
    zc_sha256(test->message, digest);
    if (test->p1363) {
        return verify_raw(&key, digest, test->signature);
    }
    return test->low_s ? verify_low_s(&key, digest, test->signature)
                       : zc_verify_digest_der(&key, digest, test->signature);
}

static zc_result verify_384(const zc_ecdsa_test *test)
{
    uint8_t digest[48];
    if (test->key.len != 97) {
        return zc_fail(ZC_CRYPTO_BAD_PUBLIC_KEY);
    }
    zc_sha384(test->message, digest);
    if (!test->p1363) {
        return zc_verify_p384_der(test->key.data, digest, test->signature);
    }
    return test->signature.len == 96 ? zc_verify_p384(test->key.data, digest, test->signature.data)
                                     : zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
}

bool zc_wycheproof_ecdsa(zc_report *report, const json_t *group, const json_t *test,
                         zc_expect expect)
{
    const json_t *key = json_object_get(group, "publicKey");
    const char *curve = zc_field_text(key, "curve");
    bool sha256 = zc_field_is(group, "sha", "SHA-256");
    bool sha384 = zc_field_is(group, "sha", "SHA-384");
    zc_ecdsa_test ecdsa = {
        .key = zc_field_hex(report, key, "uncompressed"),
        .message = zc_field_hex(report, test, "msg"),
        .signature = zc_field_hex(report, test, "sig"),
        .p1363 = zc_field_is(group, "type", "EcdsaP1363Verify"),
        .low_s = zc_field_is(group, "type", "EcdsaBitcoinVerify"),
    };
    if (strcmp(curve, "secp256k1") == 0 && sha256) {
        zc_report_verdict(report, expect, verify_256(ZC_CURVE_SECP256K1, &ecdsa));
    } else if (strcmp(curve, "secp256r1") == 0 && sha256) {
        zc_report_verdict(report, expect, verify_256(ZC_CURVE_P256, &ecdsa));
    } else if (strcmp(curve, "secp384r1") == 0 && sha384 && !ecdsa.low_s) {
        zc_report_verdict(report, expect, verify_384(&ecdsa));
    } else {
        zc_report_skip(report, "the product does not use this curve with this hash");
        return false;
    }
    return true;
}
