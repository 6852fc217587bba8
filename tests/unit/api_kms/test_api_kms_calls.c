/* KMS's operations on a fake libzcp: what becomes of each request, and of each answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "../api_fake/fake.h"
#include "crypto/hash.h"

static zc_gateway gateway;
static char folder[] = "/tmp/zc-kms-XXXXXX";

static int begin(void **state)
{
    (void)state;
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    assert_non_null(mkdtemp(folder));
    fake_begin(&gateway, zc_translator_by_name("kms"), folder);
    return 0;
}

static int end(void **state)
{
    char path[128];
    (void)state;
    fake_end(&gateway);
    (void)snprintf(path, sizeof path, "%s/gateway/kms.json", folder);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/gateway", folder);
    (void)rmdir(path);
    (void)rmdir(folder);
    return 0;
}

/* The answer of one operation, as JSON. */
static json_t *ask(void (*operation)(zc_kms_call *call), const char *text, unsigned *ret_status)
{
    char why[96];
    json_t *answer;
    json_t *body = zc_http_json(zc_slice_of_text(text), why);
    assert_non_null(body);
    *ret_status = fake_kms(&gateway, operation, body, &answer);
    json_decref(body);
    assert_non_null(answer);
    return answer;
}

static void expect_fault(void (*operation)(zc_kms_call *call), const char *text, const char *type)
{
    unsigned status = 0;
    json_t *answer = ask(operation, text, &status);
    assert_true(status >= 400);
    assert_string_equal(json_string_value(json_object_get(answer, "__type")), type);
    assert_true(json_string_length(json_object_get(answer, "message")) > 0);
    json_decref(answer);
}

static void expect_ok(void (*operation)(zc_kms_call *call), const char *text)
{
    unsigned status = 0;
    json_t *answer = ask(operation, text, &status);
    assert_int_equal(status, 200);
    json_decref(answer);
}

#define SIGN(key, type, message)                                                                   \
    "{\"KeyId\":\"" key "\",\"MessageType\":\"" type "\",\"Message\":\"" message                   \
    "\",\"SigningAlgorithm\":\"ECDSA_SHA_256\"}"
#define ZEROS "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static void sign__raw_on_p256__is_a_message(void **state)
{
    (void)state;
    expect_ok(zc_kms_sign, SIGN("p1", "RAW", "aGVsbG8="));
    assert_int_equal(fake.last.use, ZCP_MESSAGE);
    assert_int_equal(fake.last.payload_len, 5);
    assert_memory_equal(fake.payload, "hello", 5);
}

static void sign__digest__is_the_raw_use(void **state)
{
    (void)state;
    expect_ok(zc_kms_sign, SIGN("p1", "DIGEST", ZEROS));
    assert_int_equal(fake.last.use, ZCP_DIGEST);
    expect_ok(zc_kms_sign, SIGN("k1", "DIGEST", ZEROS));
    assert_int_equal(fake.last.use, ZCP_DIGEST);
}

static void sign__raw_on_secp256k1__is_the_raw_use_of_its_hash(void **state)
{
    uint8_t hash[32];
    (void)state;
    expect_ok(zc_kms_sign, SIGN("k1", "RAW", "aGVsbG8="));
    zc_sha256(zc_slice_of_text("hello"), hash);
    assert_int_equal(fake.last.use, ZCP_DIGEST);
    assert_int_equal(fake.last.payload_len, 32);
    assert_memory_equal(fake.payload, hash, 32);
}

static void sign__refused__named_with_rule_and_margin(void **state)
{
    unsigned status = 0;
    (void)state;
    fake.sign_result = ZCP_DENIED;
    fake.decision = (zcp_decision){.rule = "r1",
                                   .reason = "POLICY_PER_TX",
                                   .why = "too much",
                                   .measured = "7",
                                   .limit = "5",
                                   .asset = "ETH"};
    json_t *answer = ask(zc_kms_sign, SIGN("p1", "RAW", "aGVsbG8="), &status);
    assert_int_equal(status, 400);
    assert_string_equal(json_string_value(json_object_get(answer, "__type")),
                        "AccessDeniedException");
    assert_string_equal(json_string_value(json_object_get(answer, "message")),
                        "denied by rule r1: too much (measured 7, limit 5 base units of ETH)");
    assert_string_equal(json_string_value(json_object_get(answer, "rule")), "r1");
    json_decref(answer);
}

static void sign__review__pending_with_an_id(void **state)
{
    unsigned status = 0;
    (void)state;
    fake.sign_result = ZCP_APPROVAL_NEEDED;
    fake.decision = (zcp_decision){.rule = "r2", .has_entry = true, .entry = 12};
    json_t *answer = ask(zc_kms_sign, SIGN("p1", "RAW", "aGVsbG8="), &status);
    assert_string_equal(json_string_value(json_object_get(answer, "pending")), "review-12");
    assert_non_null(strstr(json_string_value(json_object_get(answer, "message")), "review-12"));
    json_decref(answer);
}

static void sign__faults__by_their_names(void **state)
{
    (void)state;
    static const struct {
        zcp_result result;
        const char *reason;
        const char *type;
    } rows[] = {
        {ZCP_FAILED, "ENCLAVE_KEY_DISABLED", "DisabledException"},
        {ZCP_FAILED, "ENCLAVE_WRONG_PHASE", "KMSInvalidStateException"},
        {ZCP_FAILED, "ENCLAVE_NOT_PERMITTED", "AccessDeniedException"},
        {ZCP_FAILED, "INTENT_MESSAGE_IS_TRANSACTION", "ValidationException"},
        {ZCP_FAILED, "SOMETHING_ELSE", "KMSInternalException"},
        {ZCP_UNREACHABLE, "", "DependencyTimeoutException"},
        {ZCP_NOT_VERIFIED, "", "KMSInternalException"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fake.sign_result = rows[i].result;
        fake.reason = rows[i].reason;
        expect_fault(zc_kms_sign, SIGN("p1", "RAW", "aGVsbG8="), rows[i].type);
    }
    fake.sign_result = ZCP_OK;
    expect_ok(zc_kms_sign, SIGN("p1", "RAW", "aGVsbG8="));
}

static void sign__what_is_not_kms__nothing_is_asked_of_the_enclave(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *type;
    } rows[] = {
        {"{}", "ValidationException"},
        {SIGN("p1", "raw", "aGVsbG8="), "ValidationException"},
        {SIGN("p1", "RAW", ""), "ValidationException"},
        {SIGN("p1", "RAW", "aGVsbG8"), "ValidationException"},
        {SIGN("p1", "DIGEST", "aGVsbG8="), "ValidationException"},
        {SIGN("none", "RAW", "aGVsbG8="), "NotFoundException"},
        {SIGN("arn:aws:kms:us-east-1:000000000000:key/p1", "RAW", "aGVsbG8="), "NotFoundException"},
        {SIGN("e1", "RAW", "aGVsbG8="), "InvalidKeyUsageException"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect_fault(zc_kms_sign, rows[i].text, rows[i].type);
    }
    assert_int_equal(fake.signatures, 0);
}

static void alias__made__found_again_after_a_restart(void **state)
{
    (void)state;
    expect_ok(zc_kms_create_alias, "{\"AliasName\":\"alias/x\",\"TargetKeyId\":\"k1\"}");
    fake_end(&gateway);
    fake_begin(&gateway, zc_translator_by_name("kms"), folder);
    expect_ok(zc_kms_sign, SIGN("alias/x", "DIGEST", ZEROS));
    expect_fault(zc_kms_create_alias, "{\"AliasName\":\"alias/x\",\"TargetKeyId\":\"p1\"}",
                 "AlreadyExistsException");
    expect_fault(zc_kms_create_alias, "{\"AliasName\":\"alias/k1\",\"TargetKeyId\":\"p1\"}",
                 "AlreadyExistsException");
}

static void list__pages_of_one__every_key_once(void **state)
{
    (void)state;
    char text[96] = "{\"Limit\":1}";
    size_t seen = 0;
    for (;;) {
        unsigned status = 0;
        json_t *answer = ask(zc_kms_list_keys, text, &status);
        assert_int_equal(status, 200);
        seen += json_array_size(json_object_get(answer, "Keys"));
        bool more = json_is_true(json_object_get(answer, "Truncated"));
        const char *marker = json_string_value(json_object_get(answer, "NextMarker"));
        assert_int_equal(more, marker != NULL);
        if (more) {
            (void)snprintf(text, sizeof text, "{\"Limit\":1,\"Marker\":\"%s\"}", marker);
        }
        json_decref(answer);
        if (!more) {
            break;
        }
        assert_true(seen < 4);
    }
    assert_int_equal(seen, 3);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(sign__raw_on_p256__is_a_message),
        CASE(sign__digest__is_the_raw_use),
        CASE(sign__raw_on_secp256k1__is_the_raw_use_of_its_hash),
        CASE(sign__refused__named_with_rule_and_margin),
        CASE(sign__review__pending_with_an_id),
        CASE(sign__faults__by_their_names),
        CASE(sign__what_is_not_kms__nothing_is_asked_of_the_enclave),
        CASE(alias__made__found_again_after_a_restart),
        CASE(list__pages_of_one__every_key_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
