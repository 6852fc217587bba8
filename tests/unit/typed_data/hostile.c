/* Forms that no honest host writes. */
#include "samples.h"

static uint8_t bytes[ZC_TYPED_DATA_MAX_SIZE + 64];
static zc_writer form;

static void ok(zc_result result)
{
    assert_int_equal(result.code, 0);
}

static void text(const char *of)
{
    ok(zc_cbor_put_text(&form, zc_slice_of_text(of)));
}

static void array(size_t count)
{
    ok(zc_cbor_put_array(&form, count));
}

/* Begins a form with this many types. */
static void begin(unsigned semantics, size_t types)
{
    form = ZC_WRITER_OF_ARRAY(bytes);
    array(6);
    ok(zc_cbor_put_uint(&form, 1));
    ok(zc_cbor_put_uint(&form, semantics));
    array(types);
}

static void type(const char *name, size_t members)
{
    array(2);
    text(name);
    array(members);
}

static void member(const char *name, const char *of)
{
    array(2);
    text(name);
    text(of);
}

/* A form whose primary type T has one member `x` of a type; its domain is empty. The value is
 * written next. */
static void one_member(unsigned semantics, const char *of)
{
    begin(semantics, 2);
    type("EIP712Domain", 0);
    type("T", 1);
    member("x", of);
    text("T");
    array(0);
    array(1);
}

static zc_result decode_form(void)
{
    size_t offset = 0;
    const zc_slice whole = zc_writer_written(&form);
    const zc_result result = zc_intent_decode_typed_data(whole, account, NULL, &intent, &offset);
    if (!zc_ok(result)) {
        assert_true(offset <= whole.len);
        assert_int_equal(intent.argument_count, 0);
        assert_int_equal(intent.flags, 0);
    }
    return result;
}

static void refused(int code)
{
    assert_int_equal(decode_form().code, code);
}

static void decode_typed_data__truncated_or_longer__refused(void **state)
{
    (void)state;
    one_member(4, "string");
    text("hello");
    ok(decode_form());
    const size_t len = zc_writer_len(&form);
    for (size_t shorter = 0; shorter < len; shorter++) {
        assert_false(zc_ok(zc_intent_decode_typed_data(zc_slice_of(bytes, shorter), account, NULL,
                                                       &intent, NULL)));
    }
    ok(zc_write_u8(&form, 0xf6));
    refused(ZC_BASE_TRAILING);
}

static void decode_typed_data__longer_than_the_limit__refused(void **state)
{
    (void)state;
    size_t offset = 1;
    assert_int_equal(zc_intent_decode_typed_data(zc_slice_of(bytes, ZC_TYPED_DATA_MAX_SIZE + 1),
                                                 account, NULL, &intent, &offset)
                         .code,
                     ZC_INTENT_TOO_LONG);
    assert_int_equal(offset, 0);
}

static void decode_typed_data__another_version_or_semantics__refused(void **state)
{
    (void)state;
    one_member(5, "bool");
    ok(zc_cbor_put_bool(&form, true));
    refused(ZC_INTENT_TYPED_SEMANTICS);
    one_member(1, "bool");
    ok(zc_cbor_put_bool(&form, true));
    refused(ZC_INTENT_TYPED_SEMANTICS);
    bytes[1] = 2;
    refused(ZC_INTENT_TYPED_VERSION);
}

/* Each value in the place of each other kind. */
static void decode_typed_data__values_of_other_kinds__refused(void **state)
{
    (void)state;
    static const uint8_t twenty[20] = {1};
    static const struct {
        const char *type;
        int accepts; /* which of the values below */
    } kinds[] = {{"bool", 0},    {"string", 1},   {"address", 2}, {"bytes20", 2},
                 {"uint256", 2}, {"int256", 2},   {"bytes", 2},   {"T[]", 3},
                 {"bool[]", 3},  {"bytes[1]", 5}, {"bytes4", -1}, {"uint152", -1}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        for (int value = 0; value < 7; value++) {
            one_member(4, kinds[i].type);
            switch (value) {
            case 0:
                ok(zc_cbor_put_bool(&form, true));
                break;
            case 1:
                text("x");
                break;
            case 2:
                ok(zc_cbor_put_bytes(&form, ZC_SLICE_OF_ARRAY(twenty)));
                break;
            case 3:
                array(0);
                break;
            case 4:
                ok(zc_cbor_put_uint(&form, 1));
                break;
            case 5:
                array(1);
                ok(zc_cbor_put_bytes(&form, ZC_SLICE_OF_ARRAY(twenty)));
                break;
            default:
                ok(zc_cbor_put_null(&form));
                break;
            }
            if (zc_ok(decode_form()) != (value == kinds[i].accepts)) {
                fail_msg("%s and value %d", kinds[i].type, value);
            }
        }
    }
}

static void decode_typed_data__numbers_at_the_edges__as_the_type_says(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *hex;
        bool fits;
    } cases[] = {
        {"uint8", "ff", true},
        {"uint8", "0100", false},
        {"uint256", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", true},
        {"int8", "7f", true},
        {"int8", "80", false},
        {"int8", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff80", true},
        {"int8", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", false},
        {"int8", "ff", false},
        {"int256", "8000000000000000000000000000000000000000000000000000000000000000", true},
        {"int248", "8000000000000000000000000000000000000000000000000000000000000000", false},
        {"int248", "ff80000000000000000000000000000000000000000000000000000000000000", true},
        {"uint8", "00", false}, /* zero is no bytes */
        {"uint16", "00ff", false},
        {"bytes4", "11223344", true},
        {"bytes4", "1122334455", false},
        {"address", "11223344", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t value[32];
        size_t len;
        ok(zc_hex_decode_some(zc_slice_of_text(cases[i].hex), value, sizeof value, &len));
        one_member(4, cases[i].type);
        ok(zc_cbor_put_bytes(&form, zc_slice_of(value, len)));
        if (zc_ok(decode_form()) != cases[i].fits) {
            fail_msg("%s %s", cases[i].type, cases[i].hex);
        }
    }
}

static void decode_typed_data__types_that_are_none__refused(void **state)
{
    (void)state;
    static const char *const none[] = {
        "uint",      "int",      "uint0",       "uint7",    "uint264",  "uint08",
        "bytes0",    "bytes33",  "byte",        "fixed",    "function", "Person",
        "",          "T[0]",     "T[01]",       "T[-1]",    "T[",       "T]",
        "T[]x",      "T[1][",    "T [1]",       "uint256 ", " bool",    "T[999999]",
        "bool,bool", "bool x)U", "uint256[][ ]"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        one_member(4, none[i]);
        array(0);
        if (decode_form().code != ZC_INTENT_TYPED_TYPE) {
            fail_msg("accepted or refused for another reason: '%s'", none[i]);
        }
    }
}

/* Texts that would make another encodeType than what a reader takes them for. */
static void decode_typed_data__names_that_are_none__refused(void **state)
{
    (void)state;
    static const char *const none[] = {
        "a)Bar(uint256 b", "a,uint256 b", "a b", "", "1a", "a.b", "a[0]", "ä", "a\n", "a:b"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        begin(4, 2);
        type("EIP712Domain", 0);
        type("T", 1);
        member(none[i], "bool");
        text("T");
        array(0);
        array(1);
        ok(zc_cbor_put_bool(&form, true));
        refused(ZC_INTENT_TYPED_NAME);
    }
    static const char *const types[] = {
        "Foo(uint256 a)Bar", "uint256", "bytes", "bool", "address", "T[]", "", "string", "int3",
        "function"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        begin(4, 1);
        type(types[i], 0);
        text(types[i]);
        array(0);
        array(0);
        refused(ZC_INTENT_TYPED_NAME);
    }
}

static void decode_typed_data__types_out_of_order_or_twice__refused(void **state)
{
    (void)state;
    begin(4, 2);
    type("T", 0);
    type("EIP712Domain", 0);
    text("T");
    array(0);
    array(0);
    refused(ZC_INTENT_TYPED_ORDER);
    begin(4, 3);
    type("EIP712Domain", 0);
    type("T", 0);
    type("T", 0);
    text("T");
    array(0);
    array(0);
    refused(ZC_INTENT_TYPED_ORDER);
}

static void decode_typed_data__member_twice__refused(void **state)
{
    (void)state;
    begin(4, 2);
    type("EIP712Domain", 0);
    type("T", 2);
    member("a", "bool");
    member("a", "uint8");
    refused(ZC_INTENT_TYPED_MEMBER_TWICE);
}

/* A type that nothing uses would be bytes without a meaning. */
static void decode_typed_data__unused_type__refused(void **state)
{
    (void)state;
    begin(4, 3);
    type("EIP712Domain", 0);
    type("T", 0);
    type("U", 0);
    text("T");
    array(0);
    array(0);
    refused(ZC_INTENT_TYPED_UNUSED);
}

static void decode_typed_data__primary_or_domain_undefined__refused(void **state)
{
    (void)state;
    begin(4, 1);
    type("T", 0);
    text("T");
    array(0);
    array(0);
    refused(ZC_INTENT_TYPED_UNDEFINED);
    begin(4, 1);
    type("EIP712Domain", 0);
    text("T");
    array(0);
    array(0);
    refused(ZC_INTENT_TYPED_UNDEFINED);
}

static void decode_typed_data__more_or_fewer_values__refused(void **state)
{
    (void)state;
    for (size_t count = 0; count < 4; count++) {
        one_member(4, "bool[2]");
        array(count);
        for (size_t i = 0; i < count; i++) {
            ok(zc_cbor_put_bool(&form, true));
        }
        if (count == 2) {
            ok(decode_form());
        } else {
            refused(ZC_INTENT_TYPED_COUNT);
        }
    }
}

/* A type that refers to itself as a member, with data as deep as an enemy likes. */
static void nested(size_t depth)
{
    begin(4, 2);
    type("EIP712Domain", 0);
    type("T", 1);
    member("x", "T");
    text("T");
    array(0);
    for (size_t i = 0; i < depth; i++) {
        array(1);
    }
    ok(zc_cbor_put_null(&form));
}

static void decode_typed_data__depth__bounded(void **state)
{
    (void)state;
    nested(ZC_TYPED_DATA_MAX_DEPTH);
    ok(decode_form());
    nested(ZC_TYPED_DATA_MAX_DEPTH + 1);
    refused(ZC_INTENT_TYPED_TOO_DEEP);
    nested(60000);
    refused(ZC_INTENT_TYPED_TOO_DEEP);
}

static void decode_typed_data__values__bounded(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        /* The array itself is a value too. */
        const size_t count = ZC_TYPED_DATA_MAX_VALUES - 1 + more;
        one_member(4, "bool[]");
        array(count);
        for (size_t i = 0; i < count; i++) {
            ok(zc_cbor_put_bool(&form, true));
        }
        if (more == 0) {
            ok(decode_form());
        } else {
            refused(ZC_INTENT_TYPED_TOO_MANY);
        }
    }
}

static void decode_typed_data__hashing__bounded(void **state)
{
    (void)state;
    static char long_text[160];
    memset(long_text, 'x', sizeof long_text - 1);
    one_member(4, "string[]");
    array(800);
    for (size_t i = 0; i < 800; i++) {
        text(i < 250 ? long_text : "");
    }
    ok(decode_form());
    one_member(4, "string[]");
    array(800);
    for (size_t i = 0; i < 800; i++) {
        text(i < 390 ? long_text : "");
    }
    refused(ZC_INTENT_TYPED_TOO_LARGE);
}

static void decode_typed_data__v3_with_arrays__refused(void **state)
{
    (void)state;
    one_member(3, "bool[]");
    array(0);
    refused(ZC_INTENT_TYPED_ARRAY);
}

static void decode_typed_data__null_where_v4_wants_a_value__refused(void **state)
{
    (void)state;
    one_member(4, "bool");
    ok(zc_cbor_put_null(&form));
    refused(ZC_INTENT_TYPED_NULL);
    one_member(4, "T[]");
    ok(zc_cbor_put_null(&form));
    refused(ZC_INTENT_TYPED_NULL);
    one_member(3, "bool");
    ok(zc_cbor_put_null(&form));
    ok(decode_form());
    /* The message itself is never missing. */
    begin(4, 2);
    type("EIP712Domain", 0);
    type("T", 0);
    text("T");
    array(0);
    ok(zc_cbor_put_null(&form));
    assert_false(zc_ok(decode_form()));
}

/* A known name with other members is not the known structure. */
static void decode_typed_data__permit_by_name_only__means_nothing(void **state)
{
    (void)state;
    decode("{\"types\": {\"Permit\": [{\"name\": \"owner\", \"type\": \"address\"}, {\"name\": "
           "\"spender\", \"type\": \"address\"}, {\"name\": \"value\", \"type\": \"uint128\"}, "
           "{\"name\": "
           "\"nonce\", \"type\": \"uint256\"}, {\"name\": \"deadline\", \"type\": \"uint256\"}]}, "
           "\"primaryType\": \"Permit\", " DOMAIN ", \"message\": {\"owner\": \"" ALICE
           "\", \"spender\": \"" BOB "\", \"value\": 1, \"nonce\": 0, \"deadline\": 1}}");
    assert_int_equal(intent.operation, ZC_OPERATION_TYPED_DATA);
    assert_int_equal(intent.movement_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode_typed_data__truncated_or_longer__refused),
        cmocka_unit_test(decode_typed_data__longer_than_the_limit__refused),
        cmocka_unit_test(decode_typed_data__another_version_or_semantics__refused),
        cmocka_unit_test(decode_typed_data__values_of_other_kinds__refused),
        cmocka_unit_test(decode_typed_data__numbers_at_the_edges__as_the_type_says),
        cmocka_unit_test(decode_typed_data__types_that_are_none__refused),
        cmocka_unit_test(decode_typed_data__names_that_are_none__refused),
        cmocka_unit_test(decode_typed_data__types_out_of_order_or_twice__refused),
        cmocka_unit_test(decode_typed_data__member_twice__refused),
        cmocka_unit_test(decode_typed_data__unused_type__refused),
        cmocka_unit_test(decode_typed_data__primary_or_domain_undefined__refused),
        cmocka_unit_test(decode_typed_data__more_or_fewer_values__refused),
        cmocka_unit_test(decode_typed_data__depth__bounded),
        cmocka_unit_test(decode_typed_data__values__bounded),
        cmocka_unit_test(decode_typed_data__hashing__bounded),
        cmocka_unit_test(decode_typed_data__v3_with_arrays__refused),
        cmocka_unit_test(decode_typed_data__null_where_v4_wants_a_value__refused),
        cmocka_unit_test(decode_typed_data__permit_by_name_only__means_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
