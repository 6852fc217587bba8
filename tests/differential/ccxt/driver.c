/* Orders in, signed requests out: one JSON object a line, for the comparison with ccxt.
 *
 * In:  {"order": {…}, "api_key", "key": "hmac" or "ed25519", "secret": hex, "passphrase", "now",
 *       "nonce"}
 * Out: {"method", "path", "headers": [[name, value]…], "body"}, or {"error": reason} */
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "codec/cbor.h"
#include "compose/compose.h"
#include "crypto/hmac.h"
#include "crypto/signer.h"
#include "intent/order_cbor.h"
#include "support/json.h"
#include "support/order_json.h"
#include "support/reason.h"

typedef struct zc_case {
    const json_t *json;
    uint8_t secret[256]; /* a test's, known to all */
    size_t secret_len;
    zc_compose_passphrase passphrase;
    uint8_t signature[2][64];
    zc_slice signatures[2];
} zc_case;

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

static uint64_t number_of(const json_t *object, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

static bool sign_one(zc_case *test, const zc_composition *composition, size_t i)
{
    zc_slice preimage = zc_compose_preimage(composition, i);
    zc_signer signer;
    zc_signature signature;
    zc_secret32 seed;
    if (composition->signings[i].is_passphrase) {
        preimage = zc_slice_of(test->passphrase.byte, test->passphrase.len);
    }
    switch (composition->signings[i].scheme) {
    case ZC_COMPOSE_HMAC_SHA256:
        zc_hmac_sha256_once(test->secret, test->secret_len, preimage, test->signature[i]);
        test->signatures[i] = zc_slice_of(test->signature[i], 32);
        return true;
    case ZC_COMPOSE_HMAC_SHA512:
        zc_hmac_sha512_once(test->secret, test->secret_len, preimage, test->signature[i]);
        test->signatures[i] = zc_slice_of(test->signature[i], 64);
        return true;
    case ZC_COMPOSE_ED25519:
        memcpy(seed.byte, test->secret, sizeof(seed.byte));
        if (!zc_ok(zc_signer_init(&signer, ZC_CURVE_ED25519, &seed)) ||
            !zc_ok(zc_sign_message_ed25519(&signer, preimage, &signature))) {
            return false;
        }
        memcpy(test->signature[i], signature.byte, 64);
        test->signatures[i] = zc_slice_of(test->signature[i], 64);
        return true;
    default:
        return false;
    }
}

/* The order goes through its CBOR, as it would to the enclave. */
static zc_result order_of(const json_t *json, zc_order *ret_order)
{
    uint8_t bytes[ZC_ORDER_MAX_ENCODED];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_order order;
    ZC_TRY(zc_order_of_json(json_object_get(json, "order"), &order, NULL));
    ZC_TRY(zc_order_write(&order, &writer));
    return zc_order_read(zc_writer_written(&writer), ret_order);
}

static zc_result run(zc_case *test, zc_writer *out)
{
    static zc_composition composition;
    static zc_intent intent;
    zc_order order;
    const bool hmac = strcmp(text_of(test->json, "key"), "ed25519") != 0;
    const zc_compose_account account = {
        .key = hmac ? ZC_COMPOSE_KEY_HMAC : ZC_COMPOSE_KEY_ED25519,
        .api_key = zc_slice_of_text(text_of(test->json, "api_key")),
    };
    ZC_TRY(order_of(test->json, &order));
    ZC_TRY(zc_compose_prepare(&order, &account, number_of(test->json, "now"),
                              number_of(test->json, "nonce"), &composition));
    ZC_TRY(zc_compose_intent(&order, &composition, &intent));
    for (size_t i = 0; i < composition.signing_count; i++) {
        if (!sign_one(test, &composition, i)) {
            return zc_fail(ZC_COMPOSE_SIGNATURE);
        }
    }
    return zc_compose_finish(&composition, test->signatures, &test->passphrase, out);
}

static json_t *text_json(zc_slice text)
{
    return json_stringn((const char *)text.data, text.len);
}

static zc_result read_headers(zc_reader *reader, json_t *headers)
{
    size_t count;
    ZC_TRY(zc_cbor_get_array(reader, ZC_COMPOSE_MAX_HEADERS, &count));
    for (size_t i = 0; i < count; i++) {
        size_t two;
        zc_slice name;
        zc_slice value;
        ZC_TRY(zc_cbor_get_array(reader, 2, &two));
        ZC_TRY(zc_cbor_get_text(reader, &name));
        ZC_TRY(zc_cbor_get_text(reader, &value));
        json_t *pair = json_array();
        json_array_append_new(pair, text_json(name));
        json_array_append_new(pair, text_json(value));
        json_array_append_new(headers, pair);
    }
    return ZC_OK;
}

static zc_result read_request(zc_slice bytes, json_t *object)
{
    zc_reader reader = zc_reader_of(bytes);
    json_t *headers = json_array();
    size_t pairs;
    zc_slice method;
    zc_slice path;
    zc_slice body;
    (void)zc_json_set(object, "headers", headers);
    ZC_TRY(zc_cbor_check_canonical(bytes));
    ZC_TRY(zc_cbor_get_map(&reader, 4, &pairs));
    ZC_TRY(zc_cbor_get_key_uint(&reader, 1));
    ZC_TRY(zc_cbor_get_text(&reader, &method));
    ZC_TRY(zc_cbor_get_key_uint(&reader, 2));
    ZC_TRY(zc_cbor_get_text(&reader, &path));
    ZC_TRY(zc_cbor_get_key_uint(&reader, 3));
    ZC_TRY(read_headers(&reader, headers));
    ZC_TRY(zc_cbor_get_key_uint(&reader, 4));
    ZC_TRY(zc_cbor_get_bytes(&reader, &body));
    ZC_TRY(zc_reader_end(&reader));
    (void)zc_json_set(object, "method", text_json(method));
    (void)zc_json_set(object, "path", text_json(path));
    (void)zc_json_set(object, "body", text_json(body));
    return ZC_OK;
}

static void answer(const json_t *json)
{
    static uint8_t request[ZC_COMPOSE_MAX_FINISHED];
    zc_case test = {.json = json};
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    const char *passphrase = text_of(json, "passphrase");
    json_t *object = json_object();
    test.passphrase.len = (uint8_t)strnlen(passphrase, sizeof(test.passphrase.byte));
    memcpy(test.passphrase.byte, passphrase, test.passphrase.len);
    zc_result result = zc_hex_decode_some(zc_slice_of_text(text_of(json, "secret")), test.secret,
                                          sizeof(test.secret), &test.secret_len);
    if (zc_ok(result)) {
        result = run(&test, &writer);
    }
    if (zc_ok(result)) {
        result = read_request(zc_writer_written(&writer), object);
    }
    if (!zc_ok(result)) {
        (void)zc_json_set_text(object, "error", zc_reason_name(result));
    }
    (void)zc_json_print(stdout, object);
    json_decref(object);
}

int main(void)
{
    static char line[65536];
    while (fgets(line, sizeof line, stdin) != NULL) {
        json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        if (json == NULL) {
            (void)fprintf(stderr, "driver: a line is no JSON\n");
            return 1;
        }
        answer(json);
        json_decref(json);
    }
    return 0;
}
