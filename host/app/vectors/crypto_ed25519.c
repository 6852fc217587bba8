/* Ed25519. The product verifies strictly: small-order keys and R are refused, S is below the order,
 * encodings are canonical. */
#include "crypto.h"
#include "crypto/verify.h"
#include "group.h"
#include "wycheproof.h"

static zc_result verify(zc_slice key, zc_slice message, zc_slice signature)
{
    if (key.len != 32) {
        return zc_fail(ZC_CRYPTO_BAD_PUBLIC_KEY);
    }
    if (signature.len != 64) {
        return zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
    }
    return zc_verify_ed25519(key.data, message, signature.data);
}

bool zc_wycheproof_ed25519(zc_report *report, const json_t *group, const json_t *test,
                           zc_expect expect)
{
    const json_t *key = json_object_get(group, "publicKey");
    if (!zc_field_is(key, "curve", "edwards25519")) {
        zc_report_skip(report, "the product has Ed25519 alone");
        return false;
    }
    zc_result result = verify(zc_field_hex(report, key, "pk"), zc_field_hex(report, test, "msg"),
                              zc_field_hex(report, test, "sig"));
    zc_report_verdict(report, expect, result);
    return true;
}

static void check_sign(zc_report *report, const json_t *test)
{
    ZC_SECRET zc_secret32 seed;
    zc_signer signer = {0};
    zc_signature signature;
    zc_slice message = zc_field_hex(report, test, "message");
    zc_slice public_key = zc_field_hex(report, test, "public");
    zc_slice published = zc_field_hex(report, test, "signature");
    zc_field_copy(report, test, "seed", seed.byte, sizeof seed.byte);
    if (zc_report_ok(report, "seed", zc_signer_init(&signer, ZC_CURVE_ED25519, &seed)) &&
        zc_report_ok(report, "signing", zc_sign_message_ed25519(&signer, message, &signature))) {
        zc_report_bytes(report, "public key", zc_pubkey_slice(&signer.pubkey), public_key);
        zc_report_bytes(report, "signature", ZC_SLICE_OF_ARRAY(signature.byte), published);
        zc_report_verdict(report, ZC_EXPECT_VALID, verify(public_key, message, published));
    }
    zc_signer_clear(&signer);
}

void zc_run_ed25519_sign(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%zu", i);
        check_sign(report, test);
        zc_report_end(report);
    }
}

/* Every encoding of a point whose order divides 8 (Chalkias, Garillot and Nikolaenko, "Taming the
 * many EdDSAs", table 1), without its sign bit; the last two are not canonical. */
static const uint8_t small_order[7][32] = {
    {0x00},
    {0x01},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
     0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
     0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
     0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
     0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
};

static bool is_small_order(const uint8_t point[static 32])
{
    uint8_t unsigned_point[32];
    memcpy(unsigned_point, point, 32);
    unsigned_point[31] &= 0x7f;
    for (size_t i = 0; i < sizeof small_order / sizeof *small_order; i++) {
        if (memcmp(unsigned_point, small_order[i], 32) == 0) {
            return true;
        }
    }
    return false;
}

/* ZIP 215 takes these; a strict verifier refuses each, because the key has a small order. */
void zc_run_ed25519_zip215(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%zu", i);
        zc_slice key = zc_field_hex(report, test, "vk_bytes");
        zc_slice signature = zc_field_hex(report, test, "sig_bytes");
        if (key.len == 32 && !is_small_order(key.data)) {
            zc_report_skip(report, "the key has no small order: the rule sets say nothing on it");
            continue;
        }
        zc_result result = verify(key, zc_slice_of_text("Zcash"), signature);
        zc_report_verdict(report, ZC_EXPECT_INVALID, result);
        zc_report_end(report);
    }
}

/* L = 2^252 + 27742317777372353535851937790883648493, little-endian. */
static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                  0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                  0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

static bool is_below_order(const uint8_t s[static 32])
{
    for (size_t i = 32; i-- > 0;) {
        if (s[i] != order[i]) {
            return s[i] < order[i];
        }
    }
    return false;
}

/* Why a strict verifier must refuse; NULL where RFC 8032 leaves the choice between the equation
 * with the cofactor and the one without. */
static const char *must_refuse(zc_slice key, zc_slice signature)
{
    if (key.len != 32 || signature.len != 64) {
        return "malformed";
    }
    if (is_small_order(key.data)) {
        return "the key has a small order";
    }
    if (is_small_order(signature.data)) {
        return "R has a small order";
    }
    return is_below_order(signature.data + 32) ? NULL : "S is not below the order";
}

void zc_run_ed25519_edge_cases(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%zu", i);
        zc_slice key = zc_field_hex(report, test, "pub_key");
        zc_slice signature = zc_field_hex(report, test, "signature");
        const char *why = must_refuse(key, signature);
        zc_result result = verify(key, zc_field_hex(report, test, "message"), signature);
        zc_report_verdict(report, why != NULL ? ZC_EXPECT_INVALID : ZC_EXPECT_EITHER, result);
        if (why == NULL) {
            zc_report_note(report, zc_ok(result)
                                       ? "accepted: the equation without cofactor holds"
                                       : "refused: the equation without cofactor does not hold");
        } else if (!zc_ok(result)) {
            zc_report_note(report, why);
        }
        zc_report_end(report);
    }
}
