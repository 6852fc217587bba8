/* Coinbase's published keys: each encoding gives the same key, and each key makes a token whose
 * claims are the ones that the venue wants and whose signature holds. */
#include "base/hex.h"
#include "codec/base64.h"
#include "codec/cbor.h"
#include "compose/compose.h"
#include "crypto/der.h"
#include "crypto/hash.h"
#include "crypto/verify.h"
#include "exchange_chain.h"
#include "fields.h"

#define NOW_MS UINT64_C(1770000000000)

static const uint8_t no_entropy[32];

/* The base64 between the lines of a PEM, whatever its label; bytes in the case's memory. */
static zc_slice pem_bytes(zc_report *report, const char *pem)
{
    size_t room = strlen(pem) + 1;
    char *text = (char *)zc_report_room(report, room);
    uint8_t *bytes = zc_report_room(report, room);
    size_t len = 0;
    size_t count = 0;
    bool in_label = false;
    for (const char *at = pem; *at != '\0'; at++) {
        if (*at == '-') {
            in_label = true;
        } else if (*at == '\n') {
            in_label = false;
        } else if (!in_label && *at != '\r') {
            text[count++] = *at;
        }
    }
    if (!zc_ok(zc_base64_decode(zc_slice_of(text, count), bytes, room, &len))) {
        zc_report_problem(report, "not a PEM");
    }
    return zc_slice_of(bytes, len);
}

/* SEC 1: SEQUENCE { 1, OCTET STRING scalar, … }. */
static zc_result read_ec_key(zc_slice der, zc_secret32 *ret_key)
{
    zc_reader outer = zc_reader_of(der);
    zc_reader fields;
    uint8_t version;
    zc_slice scalar;
    ZC_TRY(zc_der_enter(&outer, ZC_DER_SEQUENCE, &fields));
    ZC_TRY(zc_reader_end(&outer));
    ZC_TRY(zc_der_read_unsigned(&fields, &version, 1));
    ZC_TRY(zc_der_read(&fields, ZC_DER_OCTET_STRING, &scalar));
    if (version != 1 || scalar.len != sizeof(ret_key->byte)) {
        return zc_fail(ZC_CRYPTO_BAD_DER);
    }
    memcpy(ret_key->byte, scalar.data, scalar.len);
    return ZC_OK;
}

/* RFC 8410: SEQUENCE { 0, SEQUENCE { OID }, OCTET STRING { OCTET STRING seed } }. */
static zc_result read_pkcs8_key(zc_slice der, zc_secret32 *ret_key)
{
    static const uint8_t ed25519[] = {0x2b, 0x65, 0x70};
    zc_reader outer = zc_reader_of(der);
    zc_reader fields;
    zc_reader algorithm;
    zc_reader wrapped;
    uint8_t version;
    zc_slice oid;
    zc_slice seed;
    ZC_TRY(zc_der_enter(&outer, ZC_DER_SEQUENCE, &fields));
    ZC_TRY(zc_der_read_unsigned(&fields, &version, 1));
    ZC_TRY(zc_der_enter(&fields, ZC_DER_SEQUENCE, &algorithm));
    ZC_TRY(zc_der_read(&algorithm, ZC_DER_OID, &oid));
    ZC_TRY(zc_reader_end(&algorithm));
    ZC_TRY(zc_der_enter(&fields, ZC_DER_OCTET_STRING, &wrapped));
    ZC_TRY(zc_der_read(&wrapped, ZC_DER_OCTET_STRING, &seed));
    ZC_TRY(zc_reader_end(&wrapped));
    if (!zc_slice_eq(oid, ZC_SLICE_OF_ARRAY(ed25519)) || seed.len != sizeof(ret_key->byte)) {
        return zc_fail(ZC_CRYPTO_BAD_DER);
    }
    memcpy(ret_key->byte, seed.data, seed.len);
    return ZC_OK;
}

/* A part of the token: base64url without padding. */
static zc_slice url_bytes(zc_report *report, zc_slice text)
{
    size_t padded = (text.len + 3) / 4 * 4;
    uint8_t *standard = zc_report_room(report, padded + 1);
    uint8_t *bytes = zc_report_room(report, padded + 1);
    size_t len = 0;
    memset(standard, '=', padded);
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.data[i];
        standard[i] = c == '-' ? '+' : c == '_' ? '/' : c;
    }
    if (!zc_ok(zc_base64_decode(zc_slice_of(standard, padded), bytes, padded + 1, &len))) {
        zc_report_problem(report, "a part of the token is not base64url");
    }
    return zc_slice_of(bytes, len);
}

static json_t *part_json(zc_report *report, zc_slice part)
{
    zc_slice text = url_bytes(report, part);
    json_t *json = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(json)) {
        zc_report_problem(report, "a part of the token is no JSON");
    }
    return json;
}

static void check_text(zc_report *report, const json_t *object, const char *key, const char *wanted)
{
    zc_report_bytes(report, key, zc_slice_of_text(zc_field_text(object, key)),
                    zc_slice_of_text(wanted));
}

static void check_claims(zc_report *report, const json_t *root, const json_t *header,
                         const json_t *claims, bool is_ed25519)
{
    const json_t *expected = json_object_get(root, "expected");
    const uint64_t nbf = (uint64_t)json_integer_value(json_object_get(claims, "nbf"));
    check_text(report, header, "alg", is_ed25519 ? "EdDSA" : "ES256");
    check_text(report, header, "kid", zc_field_text(root, "api_key"));
    check_text(report, header, "typ", "JWT");
    check_text(report, claims, "sub", zc_field_text(root, "api_key"));
    check_text(report, claims, "iss", "cdp");
    check_text(report, claims, "uri", zc_field_text(expected, "rest_uri_claim"));
    zc_report_u64(report, "nbf", nbf, NOW_MS / 1000);
    zc_report_u64(report, "exp", (uint64_t)json_integer_value(json_object_get(claims, "exp")),
                  nbf + 120);
    if (strlen(zc_field_text(header, "nonce")) < 32) {
        zc_report_problem(report, "the nonce is shorter than 128 bits");
    }
}

static void check_token(zc_report *report, const json_t *root, const zc_pubkey *pubkey,
                        zc_slice token)
{
    const bool is_ed25519 = pubkey->curve == ZC_CURVE_ED25519;
    const uint8_t *dot = memchr(token.data, '.', token.len);
    const uint8_t *last =
        dot == NULL ? NULL : memchr(dot + 1, '.', token.len - (size_t)(dot + 1 - token.data));
    uint8_t digest[32];
    if (last == NULL) {
        zc_report_problem(report, "the token has not three parts");
        return;
    }
    zc_slice signed_part = zc_slice_of(token.data, (size_t)(last - token.data));
    zc_slice signature = url_bytes(report, zc_slice_of(last + 1, token.len - signed_part.len - 1));
    json_t *header = part_json(report, zc_slice_of(token.data, (size_t)(dot - token.data)));
    json_t *claims = part_json(report, zc_slice_of(dot + 1, (size_t)(last - dot - 1)));
    check_claims(report, root, header, claims, is_ed25519);
    json_decref(header);
    json_decref(claims);
    zc_sha256(signed_part, digest);
    zc_report_u64(report, "bytes of the signature", signature.len, 64);
    if (signature.len == 64) {
        (void)zc_report_ok(report, "verifying",
                           is_ed25519 ? zc_verify_ed25519(pubkey->byte, signed_part, signature.data)
                                      : zc_verify_digest(pubkey, digest, signature.data));
    }
}

static zc_result sign_token(const zc_signer *signer, zc_slice preimage, zc_signature *ret)
{
    uint8_t digest[32];
    if (signer->pubkey.curve == ZC_CURVE_ED25519) {
        return zc_sign_message_ed25519(signer, preimage, ret);
    }
    zc_sha256(preimage, digest);
    return zc_sign_digest(signer, ZC_NONCE_DETERMINISTIC, no_entropy, digest, ret);
}

/* The order whose path is the one that the vectors' claim names. */
static zc_order read_order(void)
{
    zc_order order = {.venue = ZC_VENUE_COINBASE, .action = ZC_OPERATION_VENUE_READ};
    memcpy(order.call, "accounts", sizeof("accounts"));
    return order;
}

/* The value of the first header: "Bearer …". */
static zc_slice first_header(zc_report *report, zc_slice request)
{
    zc_reader reader = zc_reader_of(request);
    size_t count;
    zc_slice name;
    zc_slice value = {0};
    bool good = zc_ok(zc_cbor_get_map(&reader, 4, &count)) && zc_ok(zc_skip(&reader, 1)) &&
                zc_ok(zc_cbor_get_text(&reader, &name)) && zc_ok(zc_skip(&reader, 1)) &&
                zc_ok(zc_cbor_get_text(&reader, &name)) && zc_ok(zc_skip(&reader, 1)) &&
                zc_ok(zc_cbor_get_array(&reader, ZC_COMPOSE_MAX_HEADERS, &count)) &&
                zc_ok(zc_cbor_get_array(&reader, 2, &count)) &&
                zc_ok(zc_cbor_get_text(&reader, &name)) && zc_ok(zc_cbor_get_text(&reader, &value));
    if (!good || !zc_slice_eq_text(name, "Authorization") || value.len < 7 ||
        memcmp(value.data, "Bearer ", 7) != 0) {
        zc_report_problem(report, "the request carries no token");
        return zc_slice_of(NULL, 0);
    }
    return zc_slice_of(value.data + 7, value.len - 7);
}

static void check_request(zc_report *report, const json_t *root, const zc_signer *signer)
{
    static zc_composition composition;
    static uint8_t room[ZC_COMPOSE_MAX_FINISHED];
    const zc_order order = read_order();
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    zc_signature signature;
    zc_slice signatures[ZC_COMPOSE_MAX_SIGNINGS] = {{0}};
    const zc_compose_account account = {
        .key =
            signer->pubkey.curve == ZC_CURVE_ED25519 ? ZC_COMPOSE_KEY_ED25519 : ZC_COMPOSE_KEY_P256,
        .api_key = zc_slice_of_text(zc_field_text(root, "api_key")),
        .pubkey = &signer->pubkey,
    };
    if (!zc_report_ok(report, "composing",
                      zc_compose_prepare(&order, &account, NOW_MS, NOW_MS, &composition)) ||
        !zc_report_ok(report, "signing",
                      sign_token(signer, zc_compose_preimage(&composition, 0), &signature))) {
        return;
    }
    signatures[0] = ZC_SLICE_OF_ARRAY(signature.byte);
    if (zc_report_ok(report, "finishing",
                     zc_compose_finish(&composition, signatures, NULL, &writer))) {
        zc_slice token = first_header(report, zc_writer_written(&writer));
        if (token.len != 0) {
            check_token(report, root, &signer->pubkey, token);
        }
    }
}

/* One encoding of a key. `reference`, where it has a length, is the public key that it must have.
 */
static void run_key(zc_report *report, const json_t *root, const char *key, zc_curve curve,
                    zc_result (*read)(zc_report *, const json_t *, zc_secret32 *),
                    zc_pubkey *reference)
{
    ZC_SECRET zc_secret32 secret = {{0}};
    zc_signer signer = {0};
    const json_t *text = json_object_get(root, key);
    if (!json_is_string(text)) {
        return;
    }
    zc_report_begin(report, "%s", key);
    if (zc_report_ok(report, "reading the key", read(report, text, &secret)) &&
        zc_report_ok(report, "the key", zc_signer_init(&signer, curve, &secret))) {
        if (reference->len != 0) {
            zc_report_bytes(report, "public key", zc_pubkey_slice(&signer.pubkey),
                            zc_pubkey_slice(reference));
        }
        *reference = signer.pubkey;
        check_request(report, root, &signer);
    }
    zc_report_end(report);
    zc_signer_clear(&signer);
}

static zc_result from_ec_pem(zc_report *report, const json_t *text, zc_secret32 *ret_key)
{
    return read_ec_key(pem_bytes(report, json_string_value(text)), ret_key);
}

static zc_result from_pkcs8_pem(zc_report *report, const json_t *text, zc_secret32 *ret_key)
{
    return read_pkcs8_key(pem_bytes(report, json_string_value(text)), ret_key);
}

/* A seed, or a seed and its public key, which must then be its own. */
static zc_result from_base64(zc_report *report, const json_t *text, zc_secret32 *ret_key)
{
    zc_slice bytes = zc_base64_of(report, text);
    zc_signer signer = {0};
    if (bytes.len != 32 && bytes.len != 64) {
        return zc_fail(ZC_CRYPTO_BAD_PRIVATE_KEY);
    }
    memcpy(ret_key->byte, bytes.data, sizeof(ret_key->byte));
    if (bytes.len == 64) {
        ZC_TRY(zc_signer_init(&signer, ZC_CURVE_ED25519, ret_key));
        zc_report_bytes(report, "public half", zc_pubkey_slice(&signer.pubkey),
                        zc_slice_of(bytes.data + 32, 32));
        zc_signer_clear(&signer);
    }
    return ZC_OK;
}

void zc_run_coinbase_keys(zc_report *report, const json_t *root)
{
    zc_pubkey p256 = {0};
    zc_pubkey ed25519 = {0};
    run_key(report, root, "es256_secret_pem", ZC_CURVE_P256, from_ec_pem, &p256);
    run_key(report, root, "ed25519_secret_base64_64B", ZC_CURVE_ED25519, from_base64, &ed25519);
    run_key(report, root, "ed25519_pkcs8_pem", ZC_CURVE_ED25519, from_pkcs8_pem, &ed25519);
    run_key(report, root, "ed25519_seed_base64", ZC_CURVE_ED25519, from_base64, &ed25519);
}
