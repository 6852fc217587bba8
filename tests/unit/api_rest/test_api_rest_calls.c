/* REST on a fake libzcp. */
#define TRANSLATOR "rest"
#include "../api_fake/unit.h"

static void expect(unsigned wanted, const char *method, const char *path, const char *body)
{
    json_t *answer = ask(method, path, body, wanted);
    assert_non_null(answer);
    json_decref(answer);
}

static void sign__each_kind__its_own_use(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *body;
        zcp_use use;
        zcp_chain chain;
    } rows[] = {
        {"/v1/sign/tx", "{\"key\":\"k1\",\"payload\":\"0x02\"}", ZCP_TX, ZCP_CHAIN_EVM},
        {"/v1/sign/tx", "{\"key\":\"k1\",\"chain\":\"bitcoin\",\"payload_base64\":\"AA==\"}",
         ZCP_TX, ZCP_CHAIN_BITCOIN},
        {"/v1/sign/tx", "{\"key\":\"e1\",\"chain\":\"solana\",\"payload\":\"00\"}", ZCP_TX,
         ZCP_CHAIN_SOLANA},
        {"/v1/sign/message", "{\"key\":\"p1\",\"text\":\"a\"}", ZCP_MESSAGE, ZCP_CHAIN_NONE},
        {"/v1/sign/typed-data", "{\"key\":\"k1\",\"typed_data\":{}}", ZCP_TYPED_DATA,
         ZCP_CHAIN_EVM},
        {"/v1/sign/order", "{\"key\":\"p1\",\"order\":{}}", ZCP_ORDER, ZCP_CHAIN_VENUE},
        {"/v1/sign/digest", "{\"key\":\"p1\",\"payload\":\"00\"}", ZCP_DIGEST, ZCP_CHAIN_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect(200, "POST", rows[i].path, rows[i].body);
        assert_int_equal(fake.last.use, rows[i].use);
        assert_int_equal(fake.last.chain, rows[i].chain);
    }
}

static void sign__results__their_statuses(void **state)
{
    (void)state;
    static const struct {
        zcp_result result;
        const char *reason;
        unsigned status;
    } rows[] = {
        {ZCP_DENIED, "", 403},
        {ZCP_APPROVAL_NEEDED, "", 202},
        {ZCP_UNREACHABLE, "", 503},
        {ZCP_NOT_VERIFIED, "", 502},
        {ZCP_USAGE, "", 400},
        {ZCP_FAILED, "ENCLAVE_KEY_DISABLED", 409},
        {ZCP_FAILED, "INTENT_ANYTHING", 400},
        {ZCP_FAILED, "ANYTHING", 500},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fake.sign_result = rows[i].result;
        fake.reason = rows[i].reason;
        expect(rows[i].status, "POST", "/v1/sign/message", "{\"key\":\"p1\",\"text\":\"a\"}");
    }
    assert_int_equal(fake.signatures, 0);
}

static void request__not_ours__nothing_is_signed(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "[]",
        "{}",
        "{\"key\":\"p1\"}",
        "{\"key\":\"p1\",\"text\":\"a\",\"payload\":\"00\"}",
        "{\"key\":\"p1\",\"text\":\"a\",\"tex\":1}",
        "{\"key\":\"p1\",\"text\":\"a\",\"key text\":1}",
        "{\"key\":\"p1\",\"payload_base6\":\"a\"}",
        "{\"key\":\"p1\\u0000\",\"text\":\"a\"}",
        "{\"key\":\"p1\",\"text\":\"a\",\"chain\":\"evmm\"}",
        "{\"key\":\"p1\",\"text\":\"a\",\"chain\":1}",
        "{\"key\":\"p1\",\"payload\":\"0x0\"}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        expect(400, "POST", "/v1/sign/message", wrong[i]);
    }
    expect(404, "POST", "/v1/sign/nothing", "{}");
    expect(405, "GET", "/v1/sign/message", "");
    expect(404, "POST", "/v1/sign/message", "{\"key\":\"none\",\"text\":\"a\"}");
    assert_int_equal(fake.signatures, 0);
}

static void others__each__answered(void **state)
{
    (void)state;
    expect(200, "GET", "/v1/status", "");
    expect(200, "GET", "/v1/keys", "");
    expect(200, "GET", "/v1/keys/k1", "");
    expect(404, "GET", "/v1/keys/none", "");
    expect(201, "POST", "/v1/keys", "{\"name\":\"n\",\"curve\":\"p256\"}");
    expect(400, "POST", "/v1/keys", "{\"name\":\"n\",\"curve\":\"p-256\"}");
    expect(200, "POST", "/v1/keys/disable", "{\"key\":\"k1\"}");
    expect(200, "POST", "/v1/attest", "{\"nonce\":\"00\"}");
    expect(200, "POST", "/v1/verify", "{\"document\":\"AA==\"}");
    expect(200, "GET", "/v1/verify", "");
    expect(200, "POST", "/v1/halt", "{}");
    expect(202, "POST", "/v1/resume", "{}");
    expect(503, "GET", "/v1/audit", "");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(sign__each_kind__its_own_use),
        CASE(sign__results__their_statuses),
        CASE(request__not_ours__nothing_is_signed),
        CASE(others__each__answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
