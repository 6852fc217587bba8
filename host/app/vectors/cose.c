/* COSE_Sign1 of cose-wg/Examples: one message a file. */
#include "codec/base64.h"
#include "codec/cose.h"
#include "cose_cbor.h"
#include "crypto/hash.h"
#include "crypto/verify.h"

typedef struct zc_cose_key {
    int64_t alg;
    size_t scalar_len;
    uint8_t byte[97]; /* 04 ‖ x ‖ y, or Ed25519's 32 */
} zc_cose_key;

typedef struct zc_cose_suite {
    const char *alg;
    const char *crv;
    int64_t number;
    size_t scalar_len;
} zc_cose_suite;

static const zc_cose_suite suites[] = {
    {"ES256", "P-256", ZC_COSE_ALG_ES256, 32},
    {"ES384", "P-384", ZC_COSE_ALG_ES384, 48},
    {"EdDSA", "Ed25519", ZC_COSE_ALG_EDDSA, 32},
};

/* The algorithm that the file says it uses, wherever the message then carries it. */
static const char *alg_of(const json_t *sign)
{
    static const char *const places[] = {"protected", "unprotected"};
    const char *alg = zc_field_text(sign, "alg");
    for (size_t i = 0; alg[0] == '\0' && i < 2; i++) {
        alg = zc_field_text(json_object_get(sign, places[i]), "alg");
    }
    return alg;
}

static const zc_cose_suite *suite_of(const json_t *sign)
{
    const json_t *key = json_object_get(sign, "key");
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
        if (strcmp(suites[i].alg, alg_of(sign)) == 0 && zc_field_is(key, "crv", suites[i].crv)) {
            return &suites[i];
        }
    }
    return NULL;
}

/* JWK writes base64 in its alphabet for URLs and without padding. */
static void read_base64url(zc_report *report, const char *text, uint8_t *ret_bytes, size_t len)
{
    enum { LONGEST = ZC_BASE64_LEN(48) };
    char standard[LONGEST];
    size_t count = 0;
    size_t read = 0;
    for (; text[count] != '\0' && count < LONGEST; count++) {
        standard[count] = (char)(text[count] == '-' ? '+' : text[count] == '_' ? '/' : text[count]);
    }
    while (count % 4 != 0) {
        standard[count++] = '=';
    }
    zc_result result = zc_base64_decode(zc_slice_of(standard, count), ret_bytes, len, &read);
    if (!zc_ok(result) || read != len) {
        zc_report_problem(report, "the case is malformed: a coordinate of the key is not there");
    }
}

static void read_part(zc_report *report, const json_t *key, const char *name, const char *hex_name,
                      uint8_t *ret_bytes, size_t len)
{
    if (zc_field_has(key, hex_name)) {
        zc_field_copy(report, key, hex_name, ret_bytes, len);
    } else {
        read_base64url(report, zc_field_text(key, name), ret_bytes, len);
    }
}

static zc_cose_key read_key(zc_report *report, const json_t *key, const zc_cose_suite *suite)
{
    zc_cose_key read = {.alg = suite->number, .scalar_len = suite->scalar_len};
    uint8_t *x = read.byte;
    if (suite->number != ZC_COSE_ALG_EDDSA) {
        *x++ = 4;
        read_part(report, key, "y", "y_hex", x + suite->scalar_len, suite->scalar_len);
    }
    read_part(report, key, "x", "x_hex", x, suite->scalar_len);
    return read;
}

static zc_result verify_p256(const zc_cose_key *key, zc_slice tbs, const uint8_t *signature)
{
    zc_pubkey parsed;
    uint8_t digest[32];
    ZC_TRY(zc_pubkey_parse(ZC_CURVE_P256, zc_slice_of(key->byte, 65), &parsed));
    zc_sha256(tbs, digest);
    return zc_verify_digest(&parsed, digest, signature);
}

static zc_result verify(const zc_cose_key *key, const zc_cose_sign1 *message, zc_slice tbs)
{
    uint8_t digest[48];
    /* The key says which algorithm it is for; the message has to agree. */
    if (message->alg != key->alg || message->signature.len != 2 * key->scalar_len) {
        return zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
    }
    switch (key->alg) {
    case ZC_COSE_ALG_ES256:
        return verify_p256(key, tbs, message->signature.data);
    case ZC_COSE_ALG_ES384:
        zc_sha384(tbs, digest);
        return zc_verify_p384(key->byte, digest, message->signature.data);
    default:
        return zc_verify_ed25519(key->byte, tbs, message->signature.data);
    }
}

static zc_result parse(zc_slice bytes, zc_cose_sign1 *ret_message)
{
    zc_result result = zc_cose_sign1_parse(bytes, ret_message);
    return zc_is(result, ZC_CODEC_COSE_NO_ALGORITHM)
               ? zc_cose_sign1_parse_unprotected(bytes, ret_message)
               : result;
}

static void check_sign1(zc_report *report, const json_t *root, const zc_cose_suite *suite)
{
    const json_t *sign = json_object_get(json_object_get(root, "input"), "sign0");
    const json_t *inner = json_object_get(root, "intermediates");
    zc_slice bytes = zc_field_hex(report, json_object_get(root, "output"), "cbor");
    bool must_fail = json_is_true(json_object_get(root, "fail"));
    zc_cose_key key = read_key(report, json_object_get(sign, "key"), suite);
    zc_slice external = zc_slice_of(NULL, 0);
    zc_cose_sign1 message;
    size_t capacity = bytes.len + 1024;
    if (zc_field_has(sign, "external")) {
        external = zc_field_hex(report, sign, "external");
    }
    zc_writer tbs =
        zc_writer_of(zc_report_room(report, capacity + external.len), capacity + external.len);
    zc_result result = parse(bytes, &message);
    if (zc_ok(result)) {
        result = zc_cose_sign1_tbs(&message, external, &tbs);
    }
    if (zc_ok(result)) {
        result = verify(&key, &message, zc_writer_written(&tbs));
    }
    zc_report_verdict(report, must_fail ? ZC_EXPECT_INVALID : ZC_EXPECT_VALID, result);
    if (!must_fail && zc_ok(result) && zc_field_has(inner, "ToBeSign_hex")) {
        zc_report_bytes(report, "bytes to be signed", zc_writer_written(&tbs),
                        zc_field_hex(report, inner, "ToBeSign_hex"));
    }
}

/* Why a file is of no use; NULL if it is. */
static const char *skip_of(const json_t *input)
{
    const json_t *sign = json_object_get(input, "sign0");
    if (sign == NULL) {
        return "the product has COSE_Sign1 alone: one signature, no MAC, no encryption";
    }
    if (json_is_true(json_object_get(input, "detached"))) {
        return "the product's messages carry their payload";
    }
    return suite_of(sign) == NULL
               ? "the product has ES256 on P-256, ES384 on P-384 and EdDSA on Ed25519"
               : NULL;
}

void zc_run_cose(zc_report *report, json_t *root)
{
    const json_t *input = json_object_get(root, "input");
    const char *why = skip_of(input);
    zc_report_begin(report, "%s", zc_field_text(root, "title"));
    if (why != NULL) {
        zc_report_skip(report, why);
        return;
    }
    check_sign1(report, root, suite_of(json_object_get(input, "sign0")));
    zc_report_end(report);
}
