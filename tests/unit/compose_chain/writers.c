/* MessagePack, JSON, tokens, and whole numbers. */
#include "chain.h"

#include <string.h>

#include "codec/json_write.h"
#include "compose/chain_number.h"
#include "compose/jwt.h"
#include "compose/msgpack.h"

static uint8_t room[70000];

static void check(const zc_writer *writer, const char *bytes, size_t len)
{
    assert_int_equal(zc_writer_len(writer), len);
    assert_memory_equal(writer->start, bytes, len);
}

#define CHECK(writer, text) check(&(writer), (text), sizeof(text) - 1)

static void msgpack_put_u64__each_edge__shortest_form(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        const char *bytes;
        size_t len;
    } cases[] = {
        {0, "\x00", 1},
        {127, "\x7f", 1},
        {128, "\xcc\x80", 2},
        {255, "\xcc\xff", 2},
        {256, "\xcd\x01\x00", 3},
        {65535, "\xcd\xff\xff", 3},
        {65536, "\xce\x00\x01\x00\x00", 5},
        {UINT32_MAX, "\xce\xff\xff\xff\xff", 5},
        {UINT64_C(1) << 32, "\xcf\x00\x00\x00\x01\x00\x00\x00\x00", 9},
        {UINT64_MAX, "\xcf\xff\xff\xff\xff\xff\xff\xff\xff", 9},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        zc_writer writer = ZC_WRITER_OF_ARRAY(room);
        OK(zc_msgpack_put_u64(&writer, cases[i].value));
        check(&writer, cases[i].bytes, cases[i].len);
    }
}

static void msgpack_put_i64__each_edge__shortest_form(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *bytes;
        size_t len;
    } cases[] = {
        {5, "\x05", 1},
        {-1, "\xff", 1},
        {-32, "\xe0", 1},
        {-33, "\xd0\xdf", 2},
        {-128, "\xd0\x80", 2},
        {-129, "\xd1\xff\x7f", 3},
        {INT16_MIN, "\xd1\x80\x00", 3},
        {INT16_MIN - 1, "\xd2\xff\xff\x7f\xff", 5},
        {INT32_MIN, "\xd2\x80\x00\x00\x00", 5},
        {(int64_t)INT32_MIN - 1, "\xd3\xff\xff\xff\xff\x7f\xff\xff\xff", 9},
        {INT64_MIN, "\xd3\x80\x00\x00\x00\x00\x00\x00\x00", 9},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        zc_writer writer = ZC_WRITER_OF_ARRAY(room);
        OK(zc_msgpack_put_i64(&writer, cases[i].value));
        check(&writer, cases[i].bytes, cases[i].len);
    }
}

static void msgpack__texts_and_containers__head_by_length(void **state)
{
    (void)state;
    static const struct {
        size_t len;
        const char *head;
        size_t head_len;
    } cases[] = {{0, "\xa0", 1},       {31, "\xbf", 1},          {32, "\xd9\x20", 2},
                 {255, "\xd9\xff", 2}, {256, "\xda\x01\x00", 3}, {65535, "\xda\xff\xff", 3}};
    static uint8_t text[65536];
    zc_writer writer;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        writer = ZC_WRITER_OF_ARRAY(room);
        OK(zc_msgpack_put_text(&writer, zc_slice_of(text, cases[i].len)));
        assert_int_equal(zc_writer_len(&writer), cases[i].head_len + cases[i].len);
        assert_memory_equal(room, cases[i].head, cases[i].head_len);
    }
    FAILS(ZC_BASE_TOO_LONG, zc_msgpack_put_text(&writer, zc_slice_of(text, 65536)));
    FAILS(ZC_BASE_TOO_LONG, zc_msgpack_put_map(&writer, 65536));
    writer = ZC_WRITER_OF_ARRAY(room);
    OK(zc_msgpack_put_map(&writer, 15));
    OK(zc_msgpack_put_map(&writer, 16));
    OK(zc_msgpack_put_array(&writer, 15));
    OK(zc_msgpack_put_array(&writer, 16));
    OK(zc_msgpack_put_bool(&writer, true));
    OK(zc_msgpack_put_bool(&writer, false));
    OK(zc_msgpack_put_nil(&writer));
    CHECK(writer, "\x8f\xde\x00\x10\x9f\xdc\x00\x10\xc3\xc2\xc0");
}

static void msgpack_put_text__no_room__writer_stays(void **state)
{
    (void)state;
    uint8_t small[4];
    zc_writer writer = ZC_WRITER_OF_ARRAY(small);
    FAILS(ZC_BASE_FULL, zc_msgpack_put_text(&writer, zc_slice_of_text("four")));
    FAILS(ZC_BASE_FULL, zc_msgpack_put_u64(&writer, 1000000));
    assert_int_equal(zc_writer_len(&writer), 0);
}

static void json__nested_values__commas_where_they_belong(void **state)
{
    (void)state;
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    zc_json json = zc_json_of(&writer);
    OK(zc_json_open_object(&json));
    OK(zc_json_pair(&json, "a", zc_slice_of_text("x")));
    OK(zc_json_key(&json, "b"));
    OK(zc_json_open_array(&json));
    OK(zc_json_u64(&json, UINT64_MAX));
    OK(zc_json_i64(&json, INT64_MIN));
    OK(zc_json_open_object(&json));
    OK(zc_json_close_object(&json));
    OK(zc_json_null(&json));
    OK(zc_json_close_array(&json));
    OK(zc_json_key(&json, "c"));
    OK(zc_json_bool(&json, false));
    FAILS(ZC_CODEC_JSON_SHAPE, zc_json_end(&json));
    OK(zc_json_close_object(&json));
    OK(zc_json_end(&json));
    CHECK(writer, "{\"a\":\"x\",\"b\":[18446744073709551615,-9223372036854775808,{},null],"
                  "\"c\":false}");
}

static void json_text__hostile_text__stays_inside_its_quotes(void **state)
{
    (void)state;
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    zc_json json = zc_json_of(&writer);
    OK(zc_json_text(&json, zc_slice_of("\",\"x\":1\\\n\0\x7f\xc3\xa9", 13)));
    CHECK(writer, "\"\\\",\\\"x\\\":1\\\\\\u000a\\u0000\\u007f\xc3\xa9\"");
    writer = ZC_WRITER_OF_ARRAY(room);
    json = zc_json_of(&writer);
    FAILS(ZC_CODEC_BAD_UTF8, zc_json_text(&json, zc_slice_of_text("\xc3\x28")));
    assert_int_equal(zc_writer_len(&writer), 0);
}

static void json__calls_that_make_none__refused(void **state)
{
    (void)state;
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    zc_json json = zc_json_of(&writer);
    FAILS(ZC_CODEC_JSON_SHAPE, zc_json_key(&json, "k"));
    FAILS(ZC_CODEC_JSON_SHAPE, zc_json_close_array(&json));
    OK(zc_json_open_object(&json));
    FAILS(ZC_CODEC_JSON_SHAPE, zc_json_u64(&json, 1));
    FAILS(ZC_CODEC_JSON_SHAPE, zc_json_close_array(&json));
    OK(zc_json_key(&json, "k"));
    FAILS(ZC_CODEC_JSON_SHAPE, zc_json_key(&json, "k"));
    FAILS(ZC_CODEC_JSON_SHAPE, zc_json_close_object(&json));
    OK(zc_json_null(&json));
    OK(zc_json_close_object(&json));
    FAILS(ZC_CODEC_JSON_SHAPE, zc_json_null(&json));
    FAILS(ZC_CODEC_JSON_SHAPE, zc_json_open_object(&json));
    CHECK(writer, "{\"k\":null}");
    json = zc_json_of(&writer);
    for (int i = 0; i < ZC_JSON_MAX_DEPTH; i++) {
        OK(zc_json_open_array(&json));
    }
    FAILS(ZC_CODEC_TOO_DEEP, zc_json_open_array(&json));
}

static void json_pair__no_room_for_the_value__key_is_gone(void **state)
{
    (void)state;
    uint8_t small[9];
    zc_writer writer = ZC_WRITER_OF_ARRAY(small);
    zc_json json = zc_json_of(&writer);
    OK(zc_json_open_object(&json));
    FAILS(ZC_BASE_FULL, zc_json_pair(&json, "k", zc_slice_of_text("long")));
    OK(zc_json_pair(&json, "k", zc_slice_of_text("")));
    OK(zc_json_close_object(&json));
    CHECK(writer, "{\"k\":\"\"}");
}

static void jwt_write__fixed_input__as_rfc7519_has_it(void **state)
{
    (void)state;
    zc_jwt jwt = {.algorithm = ZC_JWT_EDDSA,
                  .key_id = zc_slice_of_text("k"),
                  .not_before = 1,
                  .uri = zc_slice_of_text("GET h/p")};
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    OK(zc_jwt_write(&jwt, &writer));
    /* Made with base64 and tr of another system. */
    static const char header[] =
        "eyJhbGciOiJFZERTQSIsImtpZCI6ImsiLCJub25jZSI6IjAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw"
        "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAiLCJ0eXAiOiJKV1QifQ."
        "eyJzdWIiOiJrIiwiaXNzIjoiY2RwIiwibmJmIjoxLCJleHAiOjEyMSwidXJpIjoiR0VUIGgvcCJ9";
    CHECK(writer, header);
    jwt.not_before = UINT64_MAX;
    FAILS(ZC_BASE_OVERFLOW, zc_jwt_write(&jwt, &writer));
    static uint8_t text[ZC_JWT_MAX_TEXT + 1];
    memset(text, 'a', sizeof(text));
    jwt.key_id = ZC_SLICE_OF_ARRAY(text);
    FAILS(ZC_BASE_TOO_LONG, zc_jwt_write(&jwt, &writer));
    CHECK(writer, header);
}

static void scaled_u64__decimals__exact_or_refused(void **state)
{
    (void)state;
    uint64_t value = 0;
    zc_decimal decimal = dec("1.50");
    OK(zc_compose_scaled_u64(&decimal, 1, &value));
    assert_int_equal(value, 15);
    FAILS(ZC_COMPOSE_NUMBER, zc_compose_scaled_u64(&decimal, 0, &value));
    decimal = dec("18446744073709551615");
    OK(zc_compose_scaled_u64(&decimal, 0, &value));
    assert_true(value == UINT64_MAX);
    FAILS(ZC_COMPOSE_NUMBER, zc_compose_scaled_u64(&decimal, 1, &value));
    FAILS(ZC_COMPOSE_NUMBER, zc_compose_scaled_u64(&decimal, 100, &value));
    decimal = dec("1000");
    OK(zc_compose_scaled_u64(&decimal, -3, &value));
    assert_int_equal(value, 1);
    FAILS(ZC_COMPOSE_NUMBER, zc_compose_scaled_u64(&decimal, -4, &value));
}

static void read_u64__texts__one_form_only(void **state)
{
    (void)state;
    uint64_t value = 9;
    assert_true(zc_compose_read_u64(zc_slice_of_text("0"), 5, &value));
    static const char *const bad[] = {"",
                                      "00",
                                      "01",
                                      "+1",
                                      "-1",
                                      " 1",
                                      "1 ",
                                      "6",
                                      "1e0",
                                      "0x1",
                                      "18446744073709551616",
                                      "99999999999999999999999999"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        assert_false(zc_compose_read_u64(zc_slice_of_text(bad[i]), 5, &value));
    }
    int number;
    assert_true(zc_compose_read_int(zc_slice_of_text("-30"), 30, &number));
    assert_int_equal(number, -30);
    assert_false(zc_compose_read_int(zc_slice_of_text("-0"), 30, &number));
    assert_false(zc_compose_read_int(zc_slice_of_text("--1"), 30, &number));
    assert_false(zc_compose_read_int(zc_slice_of_text("-"), 30, &number));
    assert_false(zc_compose_read_int(zc_slice_of_text("31"), 30, &number));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(msgpack_put_u64__each_edge__shortest_form),
        cmocka_unit_test(msgpack_put_i64__each_edge__shortest_form),
        cmocka_unit_test(msgpack__texts_and_containers__head_by_length),
        cmocka_unit_test(msgpack_put_text__no_room__writer_stays),
        cmocka_unit_test(json__nested_values__commas_where_they_belong),
        cmocka_unit_test(json_text__hostile_text__stays_inside_its_quotes),
        cmocka_unit_test(json__calls_that_make_none__refused),
        cmocka_unit_test(json_pair__no_room_for_the_value__key_is_gone),
        cmocka_unit_test(jwt_write__fixed_input__as_rfc7519_has_it),
        cmocka_unit_test(scaled_u64__decimals__exact_or_refused),
        cmocka_unit_test(read_u64__texts__one_form_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
