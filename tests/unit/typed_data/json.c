/* What the host refuses, and where it says the fault is. */
#include "samples.h"

static void refuses_under(unsigned semantics, const char *json, const char *why)
{
    ZC_BYTES zc_bytes form = {0};
    if (zc_ok(to_form(semantics, json, &form))) {
        fail_msg("accepted: %s", json);
    }
    if (strstr(error.why, why) == NULL) {
        fail_msg("'%s' where '%s' is wanted", error.why, why);
    }
    assert_int_equal(form.len, 0);
}

static const char *with_value(const char *type, const char *value)
{
    static char json[2048];
    (void)snprintf(
        json, sizeof json,
        "{\"types\": {\"T\": [{\"name\": \"x\", \"type\": \"%s\"}]}, \"primaryType\": \"T\", "
        "\"domain\": {}, \"message\": {\"x\": %s}}",
        type, value);
    return json;
}

static void parse__values_that_do_not_fit__refused_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *value;
        const char *why;
    } cases[] = {
        {"uint8", "300", "message.x: 300 does not fit in uint8"},
        {"uint8", "-1", "message.x: -1 does not fit in uint8"},
        {"uint8[]", "[1, 256]", "message.x[1]: 256 does not fit in uint8"},
        {"int8", "-129", "message.x: -129 does not fit in int8"},
        {"int8", "128", "message.x: 128 does not fit in int8"},
        {"uint256", "\"0x10000000000000000000000000000000000000000000000000000000000000000\"",
         "message.x: not a number"},
        {"uint64", "9007199254740993", "beyond 2^53"},
        {"uint64", "1.5", "not a whole number"},
        {"uint64", "1e3", "not a whole number"},
        {"uint64", "\"\"", "not a number"},
        {"uint64", "\"0x\"", "not a number"},
        {"uint64", "\" 1\"", "not a number"},
        {"uint64", "\"1\\u0000\"", "not a number"},
        {"uint64", "true", "not a number"},
        {"bool", "1", "neither true nor false"},
        {"bool", "\"false\"", "neither true nor false"},
        {"string", "5", "not a text"},
        {"bytes", "\"text\"", "not hex"},
        {"bytes", "\"0x123\"", "two digits"},
        {"bytes4", "\"0x1122334455\"", "5 bytes do not fit in bytes4"},
        {"bytes4", "\"0x123\"", "two digits"},
        {"address", "\"0x1111\"", "not an address"},
        {"address", "\"0x8ba1f109551bD432803012645Ac136ddd64DBa73\"", "checksum"},
        {"uint8[2]", "[1]", "1 elements where uint8[2] has 2"},
        {"uint8[]", "{}", "not an array"},
        {"T", "5", "not an object"},
        {"U", "5", "there is no type U"},
        {"uint7", "5", "there is no type uint7"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        refuses_under(4, with_value(cases[i].type, cases[i].value), cases[i].why);
    }
}

static void parse__numbers_in_every_spelling__same_digest(void **state)
{
    (void)state;
    static const char *const spellings[] = {"255",      "\"255\"",    "\"0xff\"",
                                            "\"0xFF\"", "\"0x00ff\"", "\"0255\""};
    uint8_t first[32];
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        decode(with_value("int64", spellings[i]));
        if (i == 0) {
            memcpy(first, intent.digest, sizeof first);
        }
        assert_memory_equal(first, intent.digest, sizeof first);
    }
}

static void parse__negative_numbers__twos_complement(void **state)
{
    (void)state;
    decode(with_value("int64", "-1"));
    assert_int_equal(argument("x")->kind, ZC_ARGUMENT_SIGNED);
    assert_true(zc_u256_eq(&argument("x")->number, &ZC_U256_MAX));
    decode(with_value("int8", "\"-0x80\""));
    assert_int_equal(argument("x")->number.limb[0], (uint64_t)-128);
    decode(with_value("int8", "\"-0\""));
    assert_true(zc_u256_is_zero(&argument("x")->number));
}

static void parse__short_bytes_n__filled_at_the_end(void **state)
{
    (void)state;
    decode(with_value("bytes4", "\"0x1122\""));
    assert_memory_equal(argument("x")->byte, "\x11\x22\0\0", 4);
    decode(with_value("bytes4", "\"0x0\""));
    assert_memory_equal(argument("x")->byte, "\0\0\0\0", 4);
}

static void parse__missing_values__by_the_semantics(void **state)
{
    (void)state;
    static const char json[] = "{\"types\": {\"T\": [{\"name\": \"x\", \"type\": \"uint8\"}]}, "
                               "\"primaryType\": \"T\", \"domain\": "
                               "{\"name\": \"n\"}, \"message\": {}}";
    refuses_under(4, json, "message.x: there is no value (uint8)");
    assert_int_equal(decode_under(3, json, NULL).code, 0);
    refuses_under(4, with_value("uint8", "null"), "message.x: not a number");
    refuses_under(3, with_value("uint8", "null"), "message.x: not a number");
    refuses_under(3, with_value("uint8[]", "[]"), "knows no arrays");
}

static void parse__first_form__refused(void **state)
{
    (void)state;
    refuses_under(4, "[{\"type\": \"string\", \"name\": \"a\", \"value\": \"b\"}]",
                  "without a domain");
}

static void parse__shapes_that_are_none__refused(void **state)
{
    (void)state;
    refuses_under(4, "", "not JSON");
    refuses_under(4, "{\"a\": 1, \"a\": 2}", "not JSON");
    refuses_under(4, "{}", "no object with types");
    refuses_under(4, "5", "not JSON");
    refuses_under(4, "{\"types\": {\"T\": []}, \"domain\": {}}", "primaryType is missing");
    refuses_under(4, "{\"types\": {\"T\": []}, \"domain\": {}, \"primaryType\": \"T\"}",
                  "message: not an object");
    refuses_under(
        4, "{\"types\": {\"T\": {}}, \"domain\": {}, \"primaryType\": \"T\", \"message\": {}}",
        "types.T: not an array of members");
    refuses_under(
        4, "{\"types\": {\"T\": [{}]}, \"domain\": {}, \"primaryType\": \"T\", \"message\": {}}",
        "types.T[0]: not a member");
    refuses_under(
        4,
        "{\"types\": {\"T\": []}, \"domain\": {\"x\": 1}, \"primaryType\": \"T\", \"message\": {}}",
        "domain: a member that no domain has");
    refuses_under(
        4,
        "{\"types\": {\"EIP712Domain\": []}, \"domain\": {}, \"primaryType\": \"EIP712Domain\", "
        "\"message\": {\"x\": 1}}",
        "message: of this primary type only the domain is signed");
}

/* Data without end, of a type that refers to itself. */
static void parse__deep_data__refused(void **state)
{
    (void)state;
    char json[4096] =
        "{\"types\": {\"T\": [{\"name\": \"x\", \"type\": \"T\"}]}, \"primaryType\": \"T\", "
        "\"domain\": {}, \"message\": ";
    for (size_t i = 0; i < 40; i++) {
        strcat(json, "{\"x\": ");
    }
    strcat(json, "null");
    for (size_t i = 0; i < 40; i++) {
        strcat(json, "}");
    }
    strcat(json, "}");
    refuses_under(4, json, "nested deeper than 16 levels");
}

static void parse__larger_than_the_form_may_be__refused(void **state)
{
    (void)state;
    static char text[ZC_TYPED_DATA_MAX_SIZE + 2];
    static char json[ZC_TYPED_DATA_MAX_SIZE + 1024];
    memset(text, 'a', sizeof text - 1);
    (void)snprintf(
        json, sizeof json,
        "{\"types\": {\"T\": [{\"name\": \"x\", \"type\": \"string\"}]}, \"primaryType\": \"T\", "
        "\"domain\": {}, \"message\": {\"x\": \"%s\"}}",
        text);
    refuses_under(4, json, "more than 65536 bytes");
}

/* Types that nothing uses and members that no type names are not signed, and so not in the form. */
static void parse__what_is_not_signed__left_out(void **state)
{
    (void)state;
    uint8_t digest[32];
    decode("{\"types\": {\"T\": []}, \"primaryType\": \"T\", \"domain\": {}, \"message\": {}}");
    memcpy(digest, intent.digest, sizeof digest);
    decode("{\"types\": {\"T\": [], \"U\": [{\"name\": \"x\", \"type\": \"Nowhere\"}]}, "
           "\"primaryType\": "
           "\"T\", \"domain\": {\"salt\": null}, \"message\": {\"y\": 5}}");
    assert_memory_equal(intent.digest, digest, sizeof digest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse__values_that_do_not_fit__refused_with_their_place),
        cmocka_unit_test(parse__numbers_in_every_spelling__same_digest),
        cmocka_unit_test(parse__negative_numbers__twos_complement),
        cmocka_unit_test(parse__short_bytes_n__filled_at_the_end),
        cmocka_unit_test(parse__missing_values__by_the_semantics),
        cmocka_unit_test(parse__first_form__refused),
        cmocka_unit_test(parse__shapes_that_are_none__refused),
        cmocka_unit_test(parse__deep_data__refused),
        cmocka_unit_test(parse__larger_than_the_form_may_be__refused),
        cmocka_unit_test(parse__what_is_not_signed__left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
