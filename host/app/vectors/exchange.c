/* Requests to venues: what is signed, and the signature as the venue wants it. */
#include "exchange.h"

#include <string.h>

#include "base/hex.h"
#include "codec/base64.h"
#include "crypto/hmac.h"
#include "crypto/signer.h"
#include "exchange_chain.h"
#include "fields.h"
#include "group.h"

/* DER of an Ed25519 PrivateKeyInfo before its 32 bytes (RFC 8410). */
#define PKCS8_HEAD_LEN 16

typedef struct zc_known {
    uint8_t secret[256];
    size_t secret_len;
    bool is_ed25519;
    bool is_sha512;
    bool is_base64; /* the signature; otherwise hexadecimal */
} zc_known;

static bool has(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

/* The seed inside the PEM; a published example key. */
static bool read_pem(const char *pem, zc_known *known)
{
    uint8_t der[64];
    char text[128];
    size_t len = 0;
    size_t der_len;
    const char *at = strchr(pem, '\n');
    for (; at != NULL && *at != '-' && *at != '\0' && len + 1 < sizeof text; at++) {
        if (*at != '\n') {
            text[len++] = *at;
        }
    }
    if (!zc_ok(zc_base64_decode(zc_slice_of(text, len), der, sizeof der, &der_len)) ||
        der_len != PKCS8_HEAD_LEN + 32) {
        return false;
    }
    memcpy(known->secret, der + PKCS8_HEAD_LEN, 32);
    known->secret_len = 32;
    return true;
}

static bool read_secret(const json_t *inputs, zc_known *known)
{
    const char *plain = zc_field_text(inputs, "secret");
    const char *base64 = zc_field_text(inputs, "secret_base64");
    plain = plain[0] == '\0' ? zc_field_text(inputs, "client_secret") : plain;
    if (known->is_ed25519) {
        return read_pem(zc_field_text(inputs, "private_key_pem"), known);
    }
    if (base64[0] != '\0') {
        return zc_ok(zc_base64_decode(zc_slice_of_text(base64), known->secret, sizeof known->secret,
                                      &known->secret_len));
    }
    known->secret_len = strlen(plain);
    if (known->secret_len == 0 || known->secret_len > sizeof known->secret) {
        return false;
    }
    memcpy(known->secret, plain, known->secret_len);
    return true;
}

static bool read_known(const json_t *test, zc_known *known)
{
    const char *scheme = zc_field_text(test, "scheme");
    memset(known, 0, sizeof *known);
    known->is_ed25519 = has(scheme, "ed25519");
    known->is_sha512 = has(scheme, "hmac-sha512") || has(scheme, "hmac_sha512");
    known->is_base64 = strncmp(scheme, "base64", 6) == 0 || has(scheme, "ed25519-base64") ||
                       has(scheme, "sha256-base64") || has(scheme, "sha512-base64");
    return (known->is_ed25519 || known->is_sha512 || has(scheme, "hmac-sha256")) &&
           read_secret(json_object_get(test, "inputs"), known);
}

static size_t sign(zc_report *report, const zc_known *known, zc_slice preimage,
                   uint8_t ret_signature[static 64])
{
    zc_signer signer;
    zc_signature signature = {0};
    zc_secret32 seed;
    if (!known->is_ed25519) {
        if (known->is_sha512) {
            zc_hmac_sha512_once(known->secret, known->secret_len, preimage, ret_signature);
            return 64;
        }
        zc_hmac_sha256_once(known->secret, known->secret_len, preimage, ret_signature);
        return 32;
    }
    memcpy(seed.byte, known->secret, sizeof seed.byte);
    if (zc_report_ok(report, "key", zc_signer_init(&signer, ZC_CURVE_ED25519, &seed))) {
        (void)zc_report_ok(report, "signature",
                           zc_sign_message_ed25519(&signer, preimage, &signature));
        zc_signer_clear(&signer);
    }
    memcpy(ret_signature, signature.byte, 64);
    return 64;
}

static void check_signature(zc_report *report, const zc_known *known, zc_slice preimage,
                            const char *wanted)
{
    uint8_t signature[64];
    uint8_t text[256];
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    zc_slice raw = zc_slice_of(signature, sign(report, known, preimage, signature));
    if (zc_report_ok(report, "encoding",
                     known->is_base64 ? zc_write_base64(&writer, raw)
                                      : zc_write_hex(&writer, raw))) {
        zc_report_bytes(report, "signature", zc_writer_written(&writer), zc_slice_of_text(wanted));
    }
}

/* Sessions of other protocols: what is signed there is given, or is these lines. */
static zc_slice session_preimage(zc_report *report, const json_t *test)
{
    const json_t *inputs = json_object_get(test, "inputs");
    const char *given = zc_field_text(test, "signing_string");
    if (!zc_field_has(inputs, "timestamp") || !zc_field_has(inputs, "nonce") ||
        !zc_field_has(inputs, "data")) {
        return zc_slice_of_text(given);
    }
    uint8_t *room = zc_report_room(report, ZC_COMPOSE_TEXT_MAX);
    zc_writer writer = zc_writer_of(room, ZC_COMPOSE_TEXT_MAX);
    zc_result result = zc_compose_write_u64(&writer, zc_field_u64(report, inputs, "timestamp"));
    const char *const lines[] = {"\n", zc_field_text(inputs, "nonce"), "\n",
                                 zc_field_text(inputs, "data")};
    for (size_t i = 0; zc_ok(result) && i < sizeof lines / sizeof *lines; i++) {
        result = zc_write_text(&writer, lines[i]);
    }
    (void)zc_report_ok(report, "preimage", result);
    return zc_writer_written(&writer);
}

static void run_known(zc_report *report, json_t *root)
{
    static zc_composition composition;
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_known known;
        const char *given = zc_field_text(test, "signing_string");
        zc_report_begin(report, "%s: %s", zc_field_text(test, "venue"),
                        zc_case_name(test, "name", i));
        if (!read_known(test, &known)) {
            zc_report_skip(report, "a way of signing that no venue of the product has");
            continue;
        }
        zc_slice preimage;
        if (zc_exchange_frame(json_object_get(test, "venue"), json_object_get(test, "inputs"),
                              known.is_ed25519 ? ZC_COMPOSE_KEY_ED25519 : ZC_COMPOSE_KEY_HMAC,
                              &composition)) {
            preimage = zc_compose_text_slice(&composition.preimage);
        } else {
            zc_report_note(report, "no REST request: signed as the case words it");
            preimage = session_preimage(report, test);
        }
        if (given[0] != '\0') {
            zc_report_bytes(report, "preimage", preimage, zc_slice_of_text(given));
        }
        check_signature(report, &known, preimage, zc_field_text(test, "expected_signature"));
        zc_report_end(report);
    }
}

/* The finished request ends in the signature, percent-encoded. */
static void check_percent(zc_report *report, const json_t *test)
{
    static uint8_t path[ZC_COMPOSE_TEXT_MAX];
    uint8_t signature[ZC_COMPOSE_MAX_SIGNATURE];
    size_t len = 0;
    const char *wanted = zc_field_text(test, "signature_percent_encoded");
    zc_slice base64 = zc_slice_of_text(zc_field_text(test, "signature_base64"));
    zc_writer writer = ZC_WRITER_OF_ARRAY(path);
    uint8_t text[ZC_BASE64_LEN(ZC_COMPOSE_MAX_SIGNATURE)];
    zc_writer again = ZC_WRITER_OF_ARRAY(text);
    if (zc_report_ok(report, "base64",
                     zc_base64_decode(base64, signature, sizeof signature, &len)) &&
        zc_report_ok(report, "base64", zc_write_base64(&again, zc_slice_of(signature, len))) &&
        zc_report_ok(report, "percent",
                     zc_compose_write_percent(&writer, zc_writer_written(&again)))) {
        zc_report_bytes(report, "signature", zc_writer_written(&writer), zc_slice_of_text(wanted));
    }
}

static void run_preimages(zc_report *report, json_t *root)
{
    static zc_composition composition;
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        const char *given = zc_field_text(test, "signing_string");
        zc_report_begin(report, "%s: %s", zc_field_text(test, "venue"),
                        zc_case_name(test, "rule", i));
        if (zc_field_has(test, "signature_percent_encoded")) {
            check_percent(report, test);
        } else if (zc_field_is(test, "venue", "bybit") &&
                   zc_exchange_frame_bybit(given, &composition)) {
            zc_report_bytes(report, "preimage", zc_compose_text_slice(&composition.preimage),
                            zc_slice_of_text(given));
        } else {
            zc_report_skip(report, "neither parts of a request nor a signature to make");
            continue;
        }
        zc_report_end(report);
    }
}

static const zc_group groups[] = {
    {{"scheme", "expected_signature", NULL}, run_known, NULL},
    {{"rule", "signing_string", NULL}, run_preimages, NULL},
    {{NULL, NULL, NULL}, NULL, "no cases of a form that is known"},
};

void zc_run_exchange(zc_report *report, const char *path, json_t *root)
{
    (void)path;
    if (!zc_vectors_exchange_chain(report, root)) {
        zc_group_run(report, groups, root);
    }
}
