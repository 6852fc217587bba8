#include "unit/support/folder.h"

#include "support/json.h"

static void zc_json_print__every_kind__is_one_line(void **state)
{
    (void)state;
    json_t *object = json_object();
    uint8_t bytes[] = {0x00, 0xab};
    zc_u256 wide = ZC_U256_MAX;
    assert_true(
        zc_json_set_text(object, "t", "a\"b") &&
        zc_json_set_hex(object, "h", ZC_SLICE_OF_ARRAY(bytes)) &&
        zc_json_set_hex0x(object, "x", ZC_SLICE_OF_ARRAY(bytes)) &&
        zc_json_set_bool(object, "b", true) && zc_json_set_u64(object, "n", 7) &&
        zc_json_set_u64(object, "big", UINT64_MAX) && zc_json_set_u256(object, "w", &wide) &&
        zc_json_set_slice_text(object, "u", zc_slice_of("a\xc3\x28\xed\xa0\x80z\xe2\x82", 9)));
    char *printed = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&printed, &len);
    assert_non_null(out);
    assert_true(zc_json_print(out, object));
    assert_int_equal(fclose(out), 0);
    assert_string_equal(
        printed,
        "{\"t\":\"a\\\"b\",\"h\":\"00ab\",\"x\":\"0x00ab\",\"b\":true,\"n\":7,\"big\":"
        "\"18446744073709551615\","
        "\"w\":\"115792089237316195423570985008687907853269984665640564039457584007913129639935\","
        "\"u\":\"a\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd\"}\n");
    free(printed);
    json_decref(object);
}

static void zc_json_set__no_value__is_false(void **state)
{
    (void)state;
    json_t *object = json_object();
    assert_false(zc_json_set(object, "x", NULL));
    assert_false(zc_json_set(NULL, "x", json_true()));
    json_decref(object);
}

static json_t *parse(const char *text)
{
    json_t *object = NULL;
    assert_true(zc_ok(zc_json_parse(zc_slice_of_text(text), "cannot read", &object, NULL)));
    return object;
}

static void zc_json_parse__faulty__names_the_place(void **state)
{
    (void)state;
    static const char *const bad[] = {"",      "[]",        "7", "{", "{\"a\":1,\"a\":2}",
                                      "{} {}", "{\"a\":01}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        json_t *object = NULL;
        zc_error error = {0};
        assert_true(zc_is(zc_json_parse(zc_slice_of_text(bad[i]), "cannot read f", &object, &error),
                          ZC_SUPPORT_BAD_JSON));
        assert_null(object);
        assert_string_equal(error.what, "cannot read f");
        assert_true(error.why[0] != 0);
    }
}

static void zc_json_get__members__are_checked(void **state)
{
    (void)state;
    json_t *object =
        parse("{\"t\":\"x\",\"h\":\"0x00ab\",\"n\":7,\"big\":\"18446744073709551615\",\"neg\":-1,"
              "\"huge\":\"18446744073709551616\",\"f\":1.5}");
    const char *text = NULL;
    uint8_t bytes[2];
    uint64_t number = 0;
    zc_error error = {0};
    assert_true(zc_ok(zc_json_get_text(object, "t", &text, NULL)));
    assert_string_equal(text, "x");
    assert_true(zc_ok(zc_json_get_hex(object, "h", bytes, 2, NULL)));
    assert_int_equal(bytes[1], 0xab);
    assert_true(zc_ok(zc_json_get_u64(object, "n", &number, NULL)));
    assert_int_equal(number, 7);
    assert_true(zc_ok(zc_json_get_u64(object, "big", &number, NULL)));
    assert_true(number == UINT64_MAX);
    static const char *const not_numbers[] = {"neg", "huge", "f", "t", "absent"};
    for (size_t i = 0; i < 5; i++) {
        assert_false(zc_ok(zc_json_get_u64(object, not_numbers[i], &number, NULL)));
    }
    assert_false(zc_ok(zc_json_get_text(object, "n", &text, &error)));
    assert_string_equal(error.why, "its \"n\" is not a text");
    assert_false(zc_ok(zc_json_get_hex(object, "h", bytes, 1, NULL)));
    assert_false(zc_ok(zc_json_get_hex(object, "absent", bytes, 2, &error)));
    assert_string_equal(error.why, "it has no \"absent\" (hex of the right length)");
    json_decref(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zc_json_print__every_kind__is_one_line),
        cmocka_unit_test(zc_json_set__no_value__is_false),
        cmocka_unit_test(zc_json_parse__faulty__names_the_place),
        cmocka_unit_test(zc_json_get__members__are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
