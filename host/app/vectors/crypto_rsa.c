/* Wycheproof's RSA signatures. */
#include "crypto/rsa.h"
#include "wycheproof.h"

/* A modulus or exponent as ASN.1 has it: a zero may lead. */
static zc_slice unsigned_of(zc_slice bytes)
{
    return bytes.len > 1 && bytes.data[0] == 0 ? zc_slice_of(bytes.data + 1, bytes.len - 1) : bytes;
}

static bool key_of(zc_report *report, const json_t *group, zc_rsa_public *ret_key)
{
    const json_t *numbers = json_object_get(group, "publicKey");
    zc_slice modulus = unsigned_of(zc_field_hex(report, numbers, "modulus"));
    zc_slice exponent = unsigned_of(zc_field_hex(report, numbers, "publicExponent"));
    zc_rsa_public key = {.len = (uint16_t)modulus.len};
    if (modulus.len == 0 || modulus.len > sizeof key.modulus || exponent.len > 4) {
        return false;
    }
    memcpy(key.modulus, modulus.data, modulus.len);
    for (size_t i = 0; i < exponent.len; i++) {
        key.exponent = key.exponent << 8 | exponent.data[i];
    }
    *ret_key = key;
    return true;
}

static bool run(zc_report *report, zc_rsa_scheme scheme, const json_t *group, const json_t *test,
                zc_expect expect)
{
    zc_rsa_public key;
    if (!zc_field_is(group, "sha", "SHA-256")) {
        zc_report_skip(report, "the product signs with RSA over SHA-256 only");
        return false;
    }
    if (!key_of(report, group, &key)) {
        zc_report_skip(report, "the product takes RSA keys of 2048 to 4096 bits only");
        return false;
    }
    if (key.exponent < 65537) {
        zc_report_skip(report, "the product takes RSA keys with an exponent from 65537 only");
        return false;
    }
    zc_report_verdict(report, expect,
                      zc_rsa_verify(&key, scheme, zc_field_hex(report, test, "msg"),
                                    zc_field_hex(report, test, "sig")));
    return true;
}

bool zc_wycheproof_rsa_pkcs1(zc_report *report, const json_t *group, const json_t *test,
                             zc_expect expect)
{
    return run(report, ZC_RSA_PKCS1_SHA256, group, test, expect);
}

bool zc_wycheproof_rsa_pss(zc_report *report, const json_t *group, const json_t *test,
                           zc_expect expect)
{
    if (!zc_field_is(group, "mgfSha", "SHA-256") ||
        json_integer_value(json_object_get(group, "sLen")) != 32) {
        zc_report_skip(report, "the product makes PSS with a salt of 32 bytes and SHA-256 only");
        return false;
    }
    return run(report, ZC_RSA_PSS_SHA256, group, test, expect);
}
