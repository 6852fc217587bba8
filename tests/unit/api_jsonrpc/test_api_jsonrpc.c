/* JSON-RPC on a fake libzcp: envelopes, transaction objects, and errors. */
#define TRANSLATOR "jsonrpc"
#include "../api_fake/rpc.h"

#define ACCOUNT "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
#define HOLE "0x00000000000000000000000000000000DeaDBeef"

static void request__of_no_json_rpc__its_code(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int code;
    } rows[] = {
        {"", -32700},
        {"{", -32700},
        {"[]", -32600},
        {"1", -32600},
        {"{}", -32600},
        {"{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"eth_accounts\"}", -32600},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", -32600},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_accounts\",\"params\":{}}", -32602},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"method\":\"b\"}", -32700},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_call\"}", -32601},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *answer = ask("POST", "/", rows[i].body, 200);
        json_t *code = json_object_get(json_object_get(answer, "error"), "code");
        assert_int_equal(json_integer_value(code), rows[i].code);
        json_decref(answer);
    }
}

static void notification__alone_or_in_a_batch__no_answer(void **state)
{
    (void)state;
    assert_null(ask("POST", "/", "{\"jsonrpc\":\"2.0\",\"method\":\"eth_accounts\"}", 204));
    assert_null(ask("POST", "/", "[{\"jsonrpc\":\"2.0\",\"method\":\"eth_accounts\"}]", 204));
    json_t *answer = ask("POST", "/",
                         "[{\"jsonrpc\":\"2.0\",\"method\":\"eth_accounts\"},"
                         "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"eth_accounts\"}]",
                         200);
    assert_int_equal(json_array_size(answer), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(answer, 0), "id")), "a");
    json_decref(answer);
}

static void batch__of_more_than_a_hundred__refused(void **state)
{
    (void)state;
    static char body[101 * 64];
    char *at = body;
    *at++ = '[';
    for (int i = 0; i < 101; i++) {
        at +=
            snprintf(at, 64, "%s{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"}", i > 0 ? "," : "");
    }
    (void)snprintf(at, 2, "]");
    json_t *answer = ask("POST", "/", body, 200);
    assert_true(json_is_object(answer));
    json_decref(answer);
}

static void sign_transaction__fields__the_unsigned_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *object;
        uint8_t first[6]; /* of the unsigned transaction */
    } rows[] = {
        {"\"gas\":\"0x1\",\"gasPrice\":\"0x2\",\"nonce\":\"0x3\"",
         {0xda, 0x03, 0x02, 0x01, 0x94, 0x70}},
        {"\"gasLimit\":\"0x1\",\"gas\":null,\"gasPrice\":\"0x2\",\"nonce\":\"0x3\",\"data\":null,"
         "\"input\":\"0x\","
         "\"accessList\":null,\"maxFeePerGas\":null",
         {0xda, 0x03, 0x02, 0x01, 0x94, 0x70}},
        {"\"gas\":\"0x1\",\"maxFeePerGas\":\"0x2\",\"maxPriorityFeePerGas\":\"0x4\",\"nonce\":"
         "\"0x3\",\"chainId\":\"0x5\"",
         {0x02, 0xdd, 0x05, 0x03, 0x04, 0x02}},
        {"\"gas\":\"0x1\",\"gasPrice\":\"0x2\",\"accessList\":[],\"nonce\":\"0x3\",\"chainId\":"
         "\"0x5\"",
         {0x01, 0xdc, 0x05, 0x03, 0x02, 0x01}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char params[1024];
        (void)snprintf(params, sizeof params,
                       "[{\"from\":\"" ACCOUNT "\",\"to\":\"" ACCOUNT "\",%s}]", rows[i].object);
        json_t *answer = call_method("eth_signTransaction", params);
        assert_non_null(json_object_get(answer, "result"));
        assert_int_equal(fake.last.use, ZCP_TX);
        assert_memory_equal(fake.payload, rows[i].first, sizeof rows[i].first);
        json_decref(answer);
    }
}

static void sign_transaction__what_would_not_be_signed__refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "[]",
        "[1]",
        "[{}]",
        "[{\"from\":\"" ACCOUNT "\"}]",
        "[{\"from\":\"" ACCOUNT
        "\",\"gas\":\"0x1\",\"gasPrice\":\"0x1\",\"nonce\":\"0x1\",\"chainid\":\"0x1\"}]",
        "[{\"from\":\"" ACCOUNT "\",\"gas\":\"0x01\",\"gasPrice\":\"0x1\",\"nonce\":\"0x1\"}]",
        "[{\"from\":\"" ACCOUNT
        "\",\"gas\":\"0x1\",\"gasLimit\":\"0x1\",\"gasPrice\":\"0x1\",\"nonce\":\"0x1\"}]",
        "[{\"from\":\"" ACCOUNT "\",\"gas\":\"0x1\",\"gasPrice\":\"0x1\",\"nonce\":\"0x1\","
        "\"data\":\"0x00\",\"input\":\"0x01\"}]",
        "[{\"from\":\"" ACCOUNT "\",\"gas\":\"0x1\",\"gasPrice\":\"0x1\",\"nonce\":1}]",
        "[{\"from\":\"" ACCOUNT
        "\",\"gas\":\"0x1\",\"gasPrice\":\"0x1\",\"nonce\":\"0x1\",\"to\":\"0x12\"}]",
        "[{\"from\":\"" ACCOUNT
        "\",\"gas\":\"0x1\",\"maxFeePerGas\":\"0x1\",\"nonce\":\"0x1\",\"type\":\"0x0\"}]",
        "[{\"from\":\"" ACCOUNT
        "\",\"gas\":\"0x1\",\"gasPrice\":\"0x1\",\"nonce\":\"0x1\",\"type\":\"0x7\"}]",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        expect_code("eth_signTransaction", wrong[i], -32602);
    }
    expect_code("eth_signTransaction", "[{\"from\":\"" HOLE "\"}]", 4100);
    expect_code("eth_sendTransaction", "[{\"from\":\"" ACCOUNT "\"}]", -32601);
    assert_int_equal(fake.signatures, 0);
}

static void sign_transaction__signed__all_of_it_in_the_answer(void **state)
{
    (void)state;
    json_t *answer = call_method(
        "eth_signTransaction",
        "[{\"from\":\"" ACCOUNT "\",\"to\":\"" ACCOUNT
        "\",\"gas\":\"0x1\",\"gasPrice\":\"0x2\",\"nonce\":\"0x3\",\"chainId\":\"0x5\"}]");
    json_t *tx = json_object_get(json_object_get(answer, "result"), "tx");
    /* 2 × 5 + 35, and the fake's parity of 0. */
    assert_string_equal(json_string_value(json_object_get(tx, "v")), "0x2d");
    assert_string_equal(json_string_value(json_object_get(tx, "type")), "0x0");
    assert_string_equal(json_string_value(json_object_get(tx, "input")), "0x");
    assert_int_equal(json_string_length(json_object_get(tx, "hash")), 66);
    assert_int_equal(json_string_length(json_object_get(tx, "r")), 66);
    json_decref(answer);
}

static void messages__both_calls__the_same_bytes(void **state)
{
    (void)state;
    json_t *one = call_method("personal_sign", "[\"0x6869\",\"" ACCOUNT "\"]");
    assert_int_equal(fake.last.use, ZCP_MESSAGE);
    assert_memory_equal(fake.payload, "hi", 2);
    json_t *two = call_method("eth_sign", "[\"" ACCOUNT "\",\"0x6869\"]");
    assert_true(json_equal(one, two));
    json_decref(one);
    json_decref(two);
    expect_code("personal_sign", "[\"hi\",\"" ACCOUNT "\"]", -32602);
    expect_code("personal_sign", "[\"0x6869\"]", -32602);
    expect_code("eth_signTypedData_v4", "[\"" ACCOUNT "\"]", -32602);
    expect_code("eth_signTypedData_v4", "[\"" ACCOUNT "\",7]", -32602);
}

static void results__of_the_enclave__codes_of_eip_1193(void **state)
{
    (void)state;
    static const struct {
        zcp_result result;
        int code;
    } rows[] = {{ZCP_DENIED, 4001},
                {ZCP_APPROVAL_NEEDED, 4001},
                {ZCP_UNREACHABLE, 4900},
                {ZCP_NOT_VERIFIED, 4900},
                {ZCP_FAILED, -32000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fake.sign_result = rows[i].result;
        expect_code("personal_sign", "[\"0x6869\",\"" ACCOUNT "\"]", rows[i].code);
    }
    fake.sign_result = ZCP_APPROVAL_NEEDED;
    fake.decision = (zcp_decision){.has_entry = true, .entry = 12};
    json_t *answer = call_method("personal_sign", "[\"0x6869\",\"" ACCOUNT "\"]");
    json_t *data = json_object_get(json_object_get(answer, "error"), "data");
    assert_string_equal(json_string_value(json_object_get(data, "pending")), "review-12");
    json_decref(answer);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(request__of_no_json_rpc__its_code),
        ROW(notification__alone_or_in_a_batch__no_answer),
        ROW(batch__of_more_than_a_hundred__refused),
        ROW(sign_transaction__fields__the_unsigned_bytes),
        ROW(sign_transaction__what_would_not_be_signed__refused),
        ROW(sign_transaction__signed__all_of_it_in_the_answer),
        ROW(messages__both_calls__the_same_bytes),
        ROW(results__of_the_enclave__codes_of_eip_1193),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
