/* Deterministic nonces, and the signatures that follow from them. */
#include "crypto.h"
#include "crypto/hash.h"
#include "crypto/rfc6979.h"
#include "crypto/verify.h"
#include "group.h"

static const uint8_t no_entropy[32];

static void sign(zc_report *report, zc_curve curve, zc_nonce_mode mode, const zc_secret32 *key,
                 const uint8_t entropy[static 32], const uint8_t digest[static 32],
                 zc_slice published)
{
    zc_signer signer = {0};
    zc_signature signature;
    if (zc_report_ok(report, "key", zc_signer_init(&signer, curve, key)) &&
        zc_report_ok(report, "signing",
                     zc_sign_digest(&signer, mode, entropy, digest, &signature))) {
        zc_report_bytes(report, "signature", ZC_SLICE_OF_ARRAY(signature.byte), published);
        zc_report_ok(report, "verifying", zc_verify_digest(&signer.pubkey, digest, signature.byte));
    }
    zc_signer_clear(&signer);
}

static void check_nonce(zc_report *report, const zc_modulus *order, const zc_secret32 *key,
                        const uint8_t digest[static 32], unsigned attempt, zc_slice published)
{
    zc_secret32 nonce;
    zc_rfc6979_nonce(order, key, digest, zc_slice_of(NULL, 0), attempt, &nonce);
    zc_report_bytes(report, "nonce", ZC_SLICE_OF_ARRAY(nonce.byte), published);
}

static void check_nist(zc_report *report, const json_t *test)
{
    zc_secret32 key;
    uint8_t digest[32];
    uint8_t published[64];
    zc_sha256(zc_slice_of_text(zc_field_text(test, "message")), digest);
    zc_field_copy(report, test, "private_key", key.byte, sizeof key.byte);
    zc_field_copy(report, test, "r", published, 32);
    zc_field_copy(report, test, "s", published + 32, 32);
    check_nonce(report, &zc_p256_order, &key, digest, 0, zc_field_hex(report, test, "k"));
    sign(report, ZC_CURVE_P256, ZC_NONCE_DETERMINISTIC, &key, no_entropy, digest,
         ZC_SLICE_OF_ARRAY(published));
}

void zc_run_rfc6979_nist(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%zu (%s, %s, \"%s\")", i, zc_field_text(test, "curve"),
                        zc_field_text(test, "hash"), zc_field_text(test, "message"));
        if (!zc_field_is(test, "curve", "secp256r1") || !zc_field_is(test, "hash", "sha256")) {
            zc_report_skip(report, "the product signs SHA-256 digests on P-256 and secp256k1; "
                                   "on P-384 it verifies only");
            continue;
        }
        check_nist(report, test);
        zc_report_end(report);
    }
}

void zc_run_rfc6979_k(zc_report *report, json_t *root)
{
    static const struct {
        const char *key;
        unsigned attempt;
    } nonces[] = {{"k0", 0}, {"k1", 1}, {"k15", 15}};
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        for (size_t n = 0; n < sizeof nonces / sizeof *nonces; n++) {
            zc_secret32 key;
            uint8_t digest[32];
            zc_report_begin(report, "%zu (\"%s\"): %s", i, zc_field_text(test, "message"),
                            nonces[n].key);
            zc_field_copy(report, test, "d", key.byte, sizeof key.byte);
            zc_sha256(zc_slice_of_text(zc_field_text(test, "message")), digest);
            check_nonce(report, &zc_secp256k1_order, &key, digest, nonces[n].attempt,
                        zc_field_hex(report, test, nonces[n].key));
            zc_report_end(report);
        }
    }
}

/* The additional data that the source's tests go with, which the file does not repeat. */
typedef struct zc_entropy {
    const char *key; /* of the signature in the file */
    uint8_t byte[32];
} zc_entropy;

static const zc_entropy entropies[] = {
    {"extraEntropy0", {0}},
    {"extraEntropy1", {[31] = 1}},
    {"extraEntropyRand", {0x6e, 0x72, 0x3d, 0x3f, 0xd9, 0x4e, 0xd5, 0xd2, 0xb6, 0xbd, 0xd4,
                          0xf1, 0x23, 0x36, 0x4b, 0x0f, 0x3c, 0xa5, 0x2a, 0xf8, 0x29, 0x98,
                          0x8a, 0x63, 0xf8, 0xaf, 0xe9, 0x1d, 0x29, 0xdb, 0x1c, 0x33}},
    {"extraEntropyN", {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                       0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48,
                       0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41}},
    {"extraEntropyMax", {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                         0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                         0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}},
};

static void check_secp256k1(zc_report *report, const json_t *test, zc_nonce_mode mode,
                            const uint8_t entropy[static 32], const char *key_of_signature)
{
    zc_secret32 key;
    uint8_t digest[32];
    zc_field_copy(report, test, "d", key.byte, sizeof key.byte);
    zc_field_copy(report, test, "m", digest, sizeof digest);
    sign(report, ZC_CURVE_SECP256K1, mode, &key, entropy, digest,
         zc_field_hex(report, test, key_of_signature));
}

static void run_entropy(zc_report *report, const json_t *test, size_t index)
{
    zc_report_begin(report, "extraEntropy %zu: signature", index);
    check_secp256k1(report, test, ZC_NONCE_DETERMINISTIC, no_entropy, "signature");
    zc_report_end(report);
    for (size_t i = 0; i < sizeof entropies / sizeof *entropies; i++) {
        zc_report_begin(report, "extraEntropy %zu: %s", index, entropies[i].key);
        check_secp256k1(report, test, ZC_NONCE_HEDGED, entropies[i].byte, entropies[i].key);
        zc_report_end(report);
    }
}

static zc_result try_to_sign(zc_report *report, const json_t *test)
{
    zc_secret32 key;
    zc_signer signer = {0};
    zc_signature signature;
    zc_slice scalar = zc_field_hex(report, test, "d");
    zc_slice digest = zc_field_hex(report, test, "m");
    /* The product's types admit no other length. */
    if (scalar.len != 32 || digest.len != 32) {
        return zc_fail(ZC_CRYPTO_BAD_PRIVATE_KEY);
    }
    memcpy(key.byte, scalar.data, 32);
    ZC_TRY(zc_signer_init(&signer, ZC_CURVE_SECP256K1, &key));
    return zc_sign_digest(&signer, ZC_NONCE_DETERMINISTIC, no_entropy, digest.data, &signature);
}

/* Verification as the chains of this curve do it: with low s. */
static zc_result try_to_verify(zc_report *report, const json_t *test)
{
    zc_pubkey key;
    zc_slice digest = zc_field_hex(report, test, "m");
    zc_slice signature = zc_field_hex(report, test, "signature");
    ZC_TRY(zc_pubkey_parse(ZC_CURVE_SECP256K1, zc_field_hex(report, test, "Q"), &key));
    if (digest.len != 32 || signature.len != 64 ||
        !zc_signature_is_low_s(ZC_CURVE_SECP256K1, signature.data)) {
        return zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
    }
    return zc_verify_digest(&key, digest.data, signature.data);
}

typedef zc_result zc_try_fn(zc_report *report, const json_t *test);

static void run_invalid(zc_report *report, const json_t *tests, const char *what,
                        zc_try_fn *attempt)
{
    size_t i;
    json_t *test;
    json_array_foreach(tests, i, test)
    {
        zc_report_begin(report, "invalid %s %s", what, zc_case_name(test, "description", i));
        zc_report_verdict(report, ZC_EXPECT_INVALID, attempt(report, test));
        zc_report_end(report);
    }
}

void zc_run_rfc6979_secp256k1(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    const json_t *invalid = json_object_get(root, "invalid");
    json_array_foreach(json_object_get(root, "valid"), i, test)
    {
        zc_report_begin(report, "valid %s", zc_case_name(test, "description", i));
        check_secp256k1(report, test, ZC_NONCE_DETERMINISTIC, no_entropy, "signature");
        zc_report_end(report);
    }
    json_array_foreach(json_object_get(root, "extraEntropy"), i, test)
    {
        run_entropy(report, test, i);
    }
    run_invalid(report, json_object_get(invalid, "sign"), "sign", try_to_sign);
    run_invalid(report, json_object_get(invalid, "verify"), "verify", try_to_verify);
}
