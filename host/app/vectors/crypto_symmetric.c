/* Wycheproof's AES-GCM, HKDF, HMAC and X25519. */
#include "base/ct.h"
#include "crypto/aead.h"
#include "crypto/box.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "wycheproof.h"

typedef struct zc_gcm_test {
    zc_slice iv;
    zc_slice aad;
    zc_slice plain;
    zc_slice cipher;
    zc_slice tag;
} zc_gcm_test;

static void check_gcm(zc_report *report, zc_aead *aead, const zc_gcm_test *test, zc_expect expect)
{
    size_t len = test->cipher.len;
    uint8_t tag[16];
    uint8_t *opened = zc_report_room(report, len + 1);
    uint8_t *sealed = zc_report_room(report, test->plain.len + 1);
    zc_result result = zc_aead_open(aead, test->iv.data, test->aad, test->cipher.data, len,
                                    test->tag.data, opened);
    zc_report_verdict(report, expect, result);
    if (zc_ok(result)) {
        zc_report_bytes(report, "plaintext", zc_slice_of(opened, len), test->plain);
    }
    if (expect != ZC_EXPECT_VALID) {
        return;
    }
    result = zc_aead_seal(aead, test->iv.data, test->aad, test->plain.data, test->plain.len, sealed,
                          tag);
    if (zc_report_ok(report, "sealing", result)) {
        zc_report_bytes(report, "ciphertext", zc_slice_of(sealed, test->plain.len), test->cipher);
        zc_report_bytes(report, "tag", ZC_SLICE_OF_ARRAY(tag), test->tag);
    }
}

bool zc_wycheproof_gcm(zc_report *report, const json_t *group, const json_t *test, zc_expect expect)
{
    (void)group;
    zc_aead aead = {0};
    ZC_SECRET zc_secret32 secret = {0};
    zc_slice key = zc_field_hex(report, test, "key");
    const zc_gcm_test gcm = {
        .iv = zc_field_hex(report, test, "iv"),
        .aad = zc_field_hex(report, test, "aad"),
        .plain = zc_field_hex(report, test, "msg"),
        .cipher = zc_field_hex(report, test, "ct"),
        .tag = zc_field_hex(report, test, "tag"),
    };
    if (key.len != 32 || gcm.iv.len != 12 || gcm.tag.len != 16) {
        zc_report_skip(report, "the product has AES-256-GCM with 12-byte nonces and 16-byte tags");
        return false;
    }
    memcpy(secret.byte, key.data, 32);
    if (zc_report_ok(report, "key", zc_aead_init(&aead, &secret))) {
        check_gcm(report, &aead, &gcm, expect);
    }
    zc_aead_clear(&aead);
    return true;
}

typedef zc_result zc_hkdf_fn(zc_slice ikm, zc_slice salt, zc_slice info, uint8_t *ret_key,
                             size_t len);

static void check_hkdf(zc_report *report, const json_t *test, zc_expect expect, zc_hkdf_fn *derive)
{
    size_t len = (size_t)zc_field_u64(report, test, "size");
    uint8_t *key = zc_report_room(report, len + 1);
    zc_result result = derive(zc_field_hex(report, test, "ikm"), zc_field_hex(report, test, "salt"),
                              zc_field_hex(report, test, "info"), key, len);
    zc_report_verdict(report, expect, result);
    if (zc_ok(result)) {
        zc_report_bytes(report, "okm", zc_slice_of(key, len), zc_field_hex(report, test, "okm"));
    }
}

/* The variant for secrets, which the product's own keys go through. */
static zc_result derive_secret(zc_slice ikm, zc_slice salt, zc_slice info, uint8_t *ret_key,
                               size_t len)
{
    ZC_SECRET zc_secret32 secret;
    memcpy(secret.byte, ikm.data, sizeof secret.byte);
    return zc_hkdf_sha256_secret(&secret, salt, info, ret_key, len);
}

bool zc_wycheproof_hkdf_sha256(zc_report *report, const json_t *group, const json_t *test,
                               zc_expect expect)
{
    (void)group;
    check_hkdf(report, test, expect, zc_hkdf_sha256);
    if (zc_field_hex(report, test, "ikm").len == sizeof(zc_secret32)) {
        check_hkdf(report, test, expect, derive_secret);
    }
    return true;
}

bool zc_wycheproof_hkdf_sha512(zc_report *report, const json_t *group, const json_t *test,
                               zc_expect expect)
{
    (void)group;
    check_hkdf(report, test, expect, zc_hkdf_sha512);
    return true;
}

/* A tag may be the first bytes of the full one; the group says how many bits. */
static void check_tag(zc_report *report, const json_t *group, const json_t *test, zc_expect expect,
                      zc_slice full)
{
    zc_slice tag = zc_field_hex(report, test, "tag");
    size_t wanted = (size_t)zc_field_u64(report, group, "tagSize") / 8;
    bool fits = tag.len == wanted && wanted <= full.len && wanted > 0 &&
                zc_ct_eq(full.data, tag.data, wanted);
    zc_report_verdict(report, expect, fits ? ZC_OK : zc_fail(ZC_CRYPTO_BAD_TAG));
}

bool zc_wycheproof_hmac_sha256(zc_report *report, const json_t *group, const json_t *test,
                               zc_expect expect)
{
    zc_hmac_key prepared;
    uint8_t once[32];
    uint8_t tag[32];
    zc_slice key = zc_field_hex(report, test, "key");
    zc_slice message = zc_field_hex(report, test, "msg");
    size_t half = message.len / 2;
    zc_hmac_sha256_once(key.data, key.len, message, once);
    check_tag(report, group, test, expect, ZC_SLICE_OF_ARRAY(once));
    zc_hmac_sha256_key_init(&prepared, key.data, key.len);
    zc_hmac_sha256(&prepared, message, tag);
    zc_report_bytes(report, "tag by a prepared key", ZC_SLICE_OF_ARRAY(tag),
                    ZC_SLICE_OF_ARRAY(once));
    zc_hmac_sha256_2(&prepared, zc_slice_of(message.data, half),
                     zc_slice_of(message.data + half, message.len - half), tag);
    zc_report_bytes(report, "tag of two parts", ZC_SLICE_OF_ARRAY(tag), ZC_SLICE_OF_ARRAY(once));
    zc_hmac_sha256_key_clear(&prepared);
    return true;
}

bool zc_wycheproof_hmac_sha512(zc_report *report, const json_t *group, const json_t *test,
                               zc_expect expect)
{
    uint8_t tag[64];
    zc_slice key = zc_field_hex(report, test, "key");
    zc_hmac_sha512_once(key.data, key.len, zc_field_hex(report, test, "msg"), tag);
    check_tag(report, group, test, expect, ZC_SLICE_OF_ARRAY(tag));
    return true;
}

bool zc_wycheproof_x25519(zc_report *report, const json_t *group, const json_t *test,
                          zc_expect expect)
{
    ZC_SECRET zc_secret32 secret;
    zc_secret32 shared;
    if (!zc_field_is(group, "curve", "curve25519") || !zc_field_is(group, "type", "XdhComp")) {
        zc_report_skip(report, "the product has X25519 with keys of 32 bytes");
        return false;
    }
    zc_slice public_key = zc_field_hex(report, test, "public");
    zc_field_copy(report, test, "private", secret.byte, sizeof secret.byte);
    zc_result result = public_key.len == 32 ? zc_x25519(&secret, public_key.data, &shared)
                                            : zc_fail(ZC_CRYPTO_BAD_PUBLIC_KEY);
    zc_report_verdict(report, expect, result);
    if (zc_ok(result)) {
        zc_report_bytes(report, "shared secret", ZC_SLICE_OF_ARRAY(shared.byte),
                        zc_field_hex(report, test, "shared"));
    }
    return true;
}
