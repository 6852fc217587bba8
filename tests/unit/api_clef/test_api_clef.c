/* Clef on a fake libzcp, and where values end on its socket. */
#define TRANSLATOR "clef"
#include "../api_fake/rpc.h"

#include "api/clef/scan.h"

#define ACCOUNT "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"

static void scan__each_way_to_split__the_same_end(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        zc_json_scan_result result;
        size_t at;
    } rows[] = {
        {"{}", ZC_JSON_SCAN_WHOLE, 2},
        {" \r\n\t[1,{\"a\":[]}] ", ZC_JSON_SCAN_WHOLE, 16},
        {"{\"]}\":\"\\\"}\"}{", ZC_JSON_SCAN_WHOLE, 12},
        {"{\"\\\\\"}", ZC_JSON_SCAN_WHOLE, 6},
        {"[[]", ZC_JSON_SCAN_MORE, 3},
        {"{\"}", ZC_JSON_SCAN_MORE, 3},
        {"", ZC_JSON_SCAN_MORE, 0},
        {"  ", ZC_JSON_SCAN_MORE, 2},
        {"}", ZC_JSON_SCAN_BAD, 1},
        {" 1", ZC_JSON_SCAN_BAD, 2},
        {"\"{}\"", ZC_JSON_SCAN_BAD, 1},
        {"[[1 ", ZC_JSON_SCAN_MORE, 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t len = strlen(rows[i].bytes);
        for (size_t cut = 0; cut <= len; cut++) {
            zc_json_scan scan = {0};
            zc_json_scan_result found = zc_json_scan_next(&scan, zc_slice_of(rows[i].bytes, cut));
            if (found == ZC_JSON_SCAN_MORE) {
                found = zc_json_scan_next(&scan, zc_slice_of(rows[i].bytes, len));
            }
            assert_int_equal(found, rows[i].result);
            assert_int_equal(scan.at, rows[i].at);
        }
    }
}

static void scan__a_zero_byte__bad_wherever_it_stands(void **state)
{
    (void)state;
    static const char value[] = "[1, \"a\"]";
    for (size_t at = 0; at < sizeof value - 1; at++) {
        char changed[sizeof value];
        zc_json_scan scan = {0};
        memcpy(changed, value, sizeof value);
        changed[at] = '\0';
        assert_int_equal(zc_json_scan_next(&scan, zc_slice_of(changed, sizeof value - 1)),
                         ZC_JSON_SCAN_BAD);
    }
}

static void sign_data__content_types__their_uses(void **state)
{
    (void)state;
    static const struct {
        const char *params;
        zcp_use use;
    } rows[] = {
        {"[\"text/plain\",\"" ACCOUNT "\",\"0x6869\"]", ZCP_MESSAGE},
        {"[\"data/plain\",\"" ACCOUNT "\",\"0x6869\"]", ZCP_MESSAGE},
        {"[\"data/typed\",\"" ACCOUNT "\",{}]", ZCP_TYPED_DATA},
        {"[\"data/validator\",\"" ACCOUNT "\",{\"address\":\"" ACCOUNT "\",\"message\":\"0x00\"}]",
         ZCP_DIGEST},
        {"[\"application/x-clique-header\",\"" ACCOUNT "\",\"0xc0\"]", ZCP_DIGEST},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *answer = call_method("account_signData", rows[i].params);
        assert_non_null(json_object_get(answer, "result"));
        assert_int_equal(fake.last.use, rows[i].use);
        json_decref(answer);
    }
    expect_code("account_signData", "[\"text/html\",\"" ACCOUNT "\",\"0x\"]", -32602);
    expect_code("account_signData", "[7,\"" ACCOUNT "\",\"0x\"]", -32602);
}

static void refusals__in_clefs_words(void **state)
{
    (void)state;
    fake.sign_result = ZCP_DENIED;
    fake.decision = (zcp_decision){.rule = "r", .why = "too much"};
    json_t *answer = call_method("account_signData", "[\"text/plain\",\"" ACCOUNT "\",\"0x6869\"]");
    json_t *message = json_object_get(json_object_get(answer, "error"), "message");
    assert_string_equal(json_string_value(message), "request denied: denied by rule r: too much");
    json_decref(answer);
    expect_code("eth_accounts", "[]", -32601);
}

static void recover__a_known_signature__its_address(void **state)
{
    (void)state;
    /* web3.js, "accounts.recover": the message "Some data". */
    json_t *answer =
        call_method("account_ecRecover",
                    "[\"0x536f6d652064617461\","
                    "\"0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd6007e"
                    "74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c\"]");
    assert_string_equal(json_string_value(json_object_get(answer, "result")),
                        "0x2c7536e3605d9c16a7a3d7b1898e529396a65c23");
    json_decref(answer);
    expect_code("account_ecRecover", "[\"0x00\",\"0x00\"]", -32602);
    expect_code("account_ecRecover", "[]", -32602);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scan__a_zero_byte__bad_wherever_it_stands),
        cmocka_unit_test(scan__each_way_to_split__the_same_end),
        ROW(sign_data__content_types__their_uses),
        ROW(refusals__in_clefs_words),
        ROW(recover__a_known_signature__its_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
