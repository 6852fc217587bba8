#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hex.h"
#include "mission/value.h"
#include "mission/words.h"

static void check_amount(const char *text, unsigned decimals, const char *expected)
{
    zc_u256 amount;
    const char *fault = zc_text_amount(zc_slice_of_text(text), decimals, &amount);
    if (expected == NULL) {
        if (fault == NULL) {
            fail_msg("'%s' with %u decimals was taken", text, decimals);
        }
        return;
    }
    char decimal[ZC_U256_DECIMAL_SIZE];
    assert_null(fault);
    zc_u256_to_decimal(&amount, decimal);
    assert_string_equal(decimal, expected);
}

static void zc_text_amount__good__is_exact(void **state)
{
    (void)state;
    check_amount("0", 6, "0");
    check_amount("1", 0, "1");
    check_amount("1", 18, "1000000000000000000");
    check_amount("0.000001", 6, "1");
    check_amount("5,000", 6, "5000000000");
    check_amount("5_000.25", 6, "5000250000");
    check_amount("1,234,567.891", 3, "1234567891");
    check_amount("999", 2, "99900");
    check_amount("0.10", 2, "10");
    /* 2^256 − 1 */
    check_amount("115792089237316195423570985008687907853269984665640564039457584007913129639935",
                 0,
                 "115792089237316195423570985008687907853269984665640564039457584007913129639935");
    check_amount("1.15792089237316195423570985008687907853269984665640564039457584007913129639935",
                 77,
                 "115792089237316195423570985008687907853269984665640564039457584007913129639935");
}

static void zc_text_amount__bad__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",          ".",        ".5",    "5.", "1,00",  "1,0000",   ",100",   "1000,000",
        "1,000_000", "1,000000", "1 000", "+1", "-1",    "1e3",      "0x10",   "01",
        "00",        "1.2.3",    "1.a",   "1,", "1.0,0", "\xd9\xa1", "1,,000", "1.0000000"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        check_amount(bad[i], 6, NULL);
    }
    check_amount("115792089237316195423570985008687907853269984665640564039457584007913129639936",
                 0, NULL);
    check_amount("115792089237316195423570985008687907853269984665640564039457584007913129639935",
                 1, NULL);
    check_amount("0.5", 0, NULL);
}

static void zc_text_window__forms__are_seconds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t seconds;
    } cases[] = {{"1s", 1},          {"90s", 90},    {"1m", 60},
                 {"1h", 3600},       {"24h", 86400}, {"7d", 604800},
                 {"2w", 1209600},    {"day", 86400}, {"hour", 3600},
                 {"366d", 31622400}, {"minute", 60}, {"week", 604800},
                 {"second", 1},      {"", 0},        {"h", 0},
                 {"0s", 0},          {"1", 0},       {"1y", 0},
                 {"1.5h", 0},        {"-1h", 0},     {"367d", 0},
                 {"4294967295w", 0}, {"1 h", 0},     {"99999999999s", 0},
                 {"days", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t seconds = 0;
        const char *fault = zc_text_window(zc_slice_of_text(cases[i].text), &seconds);
        assert_int_equal(seconds, cases[i].seconds);
        assert_int_equal(fault == NULL, cases[i].seconds != 0);
    }
}

/* A scalar as a document of its own, for the values that report at their place. */
static zc_report report;
static zc_document document;

static zc_place place_of(const char *text)
{
    char yaml[256];
    int len = snprintf(yaml, sizeof yaml, "\"%s\"", text);
    zc_report_init(&report, "value");
    assert_true(zc_ok(zc_document_load(&document, zc_slice_of(yaml, (size_t)len), &report)));
    return zc_document_root(&document);
}

static void check_method(const char *text, const char *selector)
{
    zc_method method = {0};
    char hex[2 * ZC_METHOD_MAX + 1];
    zc_place place = place_of(text);
    bool good = zc_value_method(&place, &method);
    if (good != (selector != NULL)) {
        fail_msg("'%s' was %s", text, good ? "taken" : "refused");
    }
    assert_int_equal(report.errors, good ? 0 : 1);
    if (good) {
        zc_hex_encode(zc_slice_of(method.byte, method.len), hex);
        assert_string_equal(hex, selector);
    }
    zc_document_clear(&document);
}

static void zc_value_method__signatures__hash_to_selectors(void **state)
{
    (void)state;
    check_method("transfer(address,uint256)", "a9059cbb");
    check_method("transferFrom(address,address,uint256)", "23b872dd");
    check_method("approve(address,uint256)", "095ea7b3");
    check_method("deposit()", "d0e30db0");
    check_method("withdraw(uint256)", "2e1a7d4d");
    check_method("multicall(bytes[])", "ac9650d8");
    check_method(
        "exactInputSingle((address,address,uint24,address,uint256,uint256,uint256,uint160))",
        "414bf389");
    check_method(
        "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,"
        "bytes)",
        "6a761202");
    check_method("aggregate((address,bytes)[])", "252dba42");
    check_method("0xA9059cbb", "a9059cbb");
}

static void zc_value_method__not_canonical__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "transfer",
                                      "transfer(",
                                      "transfer)",
                                      "transfer()x",
                                      "(address)",
                                      "1f()",
                                      "f(uint)",
                                      "f(int)",
                                      "f(uint7)",
                                      "f(uint264)",
                                      "f(uint0)",
                                      "f(uint08)",
                                      "f(bytes0)",
                                      "f(bytes33)",
                                      "f(address )",
                                      "f(,address)",
                                      "f(address,)",
                                      "f((address)",
                                      "f(address))",
                                      "f(Address)",
                                      "f(uint256[)",
                                      "f(uint256])",
                                      "f(uint256[a])",
                                      "f()()",
                                      "f(() address)",
                                      "f(tuple)",
                                      "f(address8)",
                                      "f(bool[)",
                                      "a.b()",
                                      "f-g()",
                                      "0x1234567",
                                      "0x123456789",
                                      "0xzzzzzzzz",
                                      "f(address(bool))"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        check_method(bad[i], NULL);
    }
}

static void check_nearest(const char *text, const char *expected)
{
    static const char *const list[] = {"founder", "key-admin", "approver",
                                       "auditor", "signer",    NULL};
    zc_words words = zc_words_of(list);
    const char *nearest = zc_words_nearest(&words, zc_slice_of_text(text));
    if (expected == NULL) {
        assert_null(nearest);
    } else {
        assert_non_null(nearest);
        assert_string_equal(nearest, expected);
    }
}

static void zc_words_nearest__typing_errors__find_the_word(void **state)
{
    (void)state;
    check_nearest("singer", "signer");
    check_nearest("Signer", "signer");
    check_nearest("sginer", "signer");
    check_nearest("keyadmin", "key-admin");
    check_nearest("aproover", "approver");
    check_nearest("auditors", "auditor");
    check_nearest("banana", NULL);
    check_nearest("", NULL);
    check_nearest("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                  NULL);
}

static void zc_report_add__more_than_fit__are_counted(void **state)
{
    (void)state;
    zc_report_init(&report, "f");
    for (size_t i = 0; i < ZC_FINDINGS_MAX + 7; i++) {
        zc_report_add(&report, ZC_FINDING_ERROR, 1000 - i, 1, "p", "\033[31m%zu\n", i);
    }
    assert_int_equal(report.count, ZC_FINDINGS_MAX);
    assert_int_equal(report.errors, ZC_FINDINGS_MAX + 7);
    zc_report_sort(&report);
    assert_string_equal(report.finding[0].text, "?[31m99?");
    json_t *object = zc_report_json(&report);
    assert_non_null(object);
    assert_int_equal(json_array_size(json_object_get(object, "findings")), ZC_FINDINGS_MAX);
    json_decref(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zc_text_amount__good__is_exact),
        cmocka_unit_test(zc_text_amount__bad__is_refused),
        cmocka_unit_test(zc_text_window__forms__are_seconds),
        cmocka_unit_test(zc_value_method__signatures__hash_to_selectors),
        cmocka_unit_test(zc_value_method__not_canonical__is_refused),
        cmocka_unit_test(zc_words_nearest__typing_errors__find_the_word),
        cmocka_unit_test(zc_report_add__more_than_fit__are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
