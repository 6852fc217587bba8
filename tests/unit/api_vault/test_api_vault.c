/* Transit on a fake libzcp: routes, terms and forms. */
#define TRANSLATOR "vault"
#include "../api_fake/unit.h"

#include "api/public_key.h"

static void expect(const char *method, const char *path, const char *body, unsigned status)
{
    json_decref(ask(method, path, body, status));
}

#define INPUT "\"input\":\"aGk=\""
#define DIGEST "\"input\":\"ERERERERERERERERERERERERERERERERERERERERERE=\",\"prehashed\":true"

static void sign__input_or_digest__its_use(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *body;
        zcp_use use;
        size_t len;
    } rows[] = {
        {"/v1/transit/sign/p1", "{" INPUT "}", ZCP_MESSAGE, 2},
        {"/v1/transit/sign/p1/sha2-256", "{" INPUT ",\"hash_algorithm\":\"sha1\"}", ZCP_MESSAGE, 2},
        {"/v1/transit/sign/p1", "{" DIGEST "}", ZCP_DIGEST, 32},
        {"/v1/transit/sign/p1", "{\"input\":\"\"}", ZCP_MESSAGE, 0},
        {"/v1/transit/sign/e1", "{" INPUT ",\"hash_algorithm\":\"none\"}", ZCP_MESSAGE, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *answer = ask("POST", rows[i].path, rows[i].body, 200);
        json_t *data = json_object_get(answer, "data");
        const char *signature = json_string_value(json_object_get(data, "signature"));
        assert_int_equal(strncmp(signature, "vault:v1:", 9), 0);
        assert_int_equal(fake.last.use, rows[i].use);
        assert_int_equal(fake.last.payload_len, rows[i].len);
        json_decref(answer);
    }
}

static void sign__what_makes_no_sense__nothing_is_signed(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "{}",
        "[]",
        "{",
        "{\"input\":7}",
        "{\"input\":\"aGk\"}",
        "{\"input\":\"aGk=\\n\"}",
        "{" INPUT "," INPUT "}",
        "{" INPUT ",\"prehashed\":true}",
        "{" INPUT ",\"prehashed\":\"perhaps\"}",
        "{" INPUT ",\"hash_algorithm\":\"sha2-512\"}",
        "{" INPUT ",\"algorithm\":\"sha2-512\"}",
        "{" INPUT ",\"hash_algorithm\":7}",
        "{" INPUT ",\"marshaling_algorithm\":\"der\"}",
        "{" INPUT ",\"key_version\":-1}",
        "{" INPUT ",\"key_version\":\"1\"}",
        "{" INPUT ",\"context\":\"AA==\"}",
        "{\"batch_input\":{}}",
        "{\"batch_input\":[]}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        expect("POST", "/v1/transit/sign/p1", wrong[i], 400);
    }
    expect("POST", "/v1/transit/sign/k1", "{" INPUT "}", 400);
    expect("POST", "/v1/transit/sign/e1", "{" DIGEST "}", 400);
    expect("POST", "/v1/transit/sign/none", "{" INPUT "}", 400);
    assert_int_equal(fake.signatures, 0);
}

static void results__of_the_enclave__their_statuses(void **state)
{
    (void)state;
    static const struct {
        zcp_result result;
        const char *reason;
        unsigned status;
    } rows[] = {
        {ZCP_DENIED, "", 403},         {ZCP_APPROVAL_NEEDED, "", 403},
        {ZCP_UNREACHABLE, "", 503},    {ZCP_NOT_VERIFIED, "", 502},
        {ZCP_FAILED, "INTENT_X", 400}, {ZCP_FAILED, "ENCLAVE_NOT_PERMITTED", 403},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fake.sign_result = rows[i].result;
        fake.reason = rows[i].reason;
        json_t *answer = ask("POST", "/v1/transit/sign/p1", "{" INPUT "}", rows[i].status);
        assert_int_equal(json_array_size(json_object_get(answer, "errors")), 1);
        json_decref(answer);
    }
}

static void create__name_that_is_none__refused_with_the_rule(void **state)
{
    (void)state;
    static const char *const paths[] = {"/v1/transit/keys/\x8a", "/v1/transit/keys/Desk",
                                        "/v1/transit/keys/-desk"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        json_t *answer = ask("POST", paths[i], "{\"type\": \"ed25519\"}", 400);
        json_t *why = json_array_get(json_object_get(answer, "errors"), 0);
        assert_non_null(strstr(json_string_value(why), "a to z"));
        json_decref(answer);
    }
}

static void routes__each_method__allowed_or_not(void **state)
{
    (void)state;
    static const struct {
        const char *method;
        const char *path;
        unsigned status;
    } rows[] = {
        {"LIST", "/v1/transit/keys", 200},
        {"LIST", "/v1/transit/keys/", 200},
        {"GET", "/v1/transit/keys", 405},
        {"GET", "/v1/transit/keys/p1", 200},
        {"GET", "/v1/transit/keys/k1", 404},
        {"PUT", "/v1/transit/keys/p1", 400},
        {"POST", "/v1/transit/keys/p1/config", 200},
        {"POST", "/v1/transit/keys/p1/rotate", 400},
        {"POST", "/v1/transit/keys/p1/trim", 404},
        {"DELETE", "/v1/transit/keys/p1", 400},
        {"TRACE", "/v1/transit/keys/p1", 405},
        {"GET", "/v1/auth/token/lookup-self", 200},
        {"GET", "/v1/sys/seal-status", 200},
        {"GET", "/v1", 404},
        {"GET", "/", 404},
        {"GET", "/v1/a/b/c/d/e/f/g", 404},
        {"GET", "/v1/transit/keys/\xff\xfe", 404},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect(rows[i].method, rows[i].path, "", rows[i].status);
    }
}

static void base64__both_alphabets__there_and_back(void **state)
{
    (void)state;
    uint8_t bytes[66];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(0xff - 5 * i);
    }
    for (size_t len = 0; len <= sizeof bytes; len++) {
        ZC_BYTES zc_bytes standard = {0};
        ZC_BYTES zc_bytes url = {0};
        json_t *one = zc_base64_json(zc_slice_of(bytes, len));
        json_t *two = zc_base64url_json(zc_slice_of(bytes, len));
        assert_true(zc_base64_read(json_string_value(one), sizeof bytes, &standard));
        assert_true(zc_base64url_read(json_string_value(two), sizeof bytes, &url));
        assert_int_equal(standard.len, len);
        assert_int_equal(url.len, len);
        assert_true(len == 0 ||
                    (memcmp(standard.data, bytes, len) == 0 && memcmp(url.data, bytes, len) == 0));
        json_decref(one);
        json_decref(two);
    }
    static const char *const wrong[] = {"A", "AA==", "A+A", "A/A", "AB", "A A"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ZC_BYTES zc_bytes url = {0};
        assert_false(zc_base64url_read(wrong[i], 16, &url));
    }
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(sign__input_or_digest__its_use),
        ROW(sign__what_makes_no_sense__nothing_is_signed),
        ROW(results__of_the_enclave__their_statuses),
        ROW(create__name_that_is_none__refused_with_the_rule),
        ROW(routes__each_method__allowed_or_not),
        cmocka_unit_test(base64__both_alphabets__there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
