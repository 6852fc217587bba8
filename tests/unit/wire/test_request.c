#include "checks.h"

#include "wire/message.h"

static uint8_t payload[ZC_PAYLOAD_MAX + 1];
static char name64[64 + 1];

static zc_result recode(zc_slice message, zc_writer *ret_again)
{
    zc_request request;
    ZC_TRY(zc_request_read(message, &request));
    return zc_request_write(&request, ret_again);
}

#define NAME zc_slice_of_text("trading-1")

static const uint8_t bytes512[512] = {1, 2, 3};

static size_t samples(zc_request ret_request[static 20])
{
    size_t n = 0;
    ret_request[n++] =
        (zc_request){.id = 1, .op = ZC_OP_AUTH, .auth = {.public_key = {7}, .signature = {8, 9}}};
    ret_request[n++] = (zc_request){.id = UINT64_MAX, .op = ZC_OP_STATUS};
    ret_request[n++] = (zc_request){.op = ZC_OP_ATTEST, .attest = {ZC_SLICE_OF_ARRAY(bytes512)}};
    ret_request[n++] = (zc_request){.op = ZC_OP_ATTEST};
    ret_request[n++] = (zc_request){
        .op = ZC_OP_KEY_CREATE,
        .key_create = {.name = NAME, .kind = 1, .tier = ZC_TIER_COLD, .nonce_mode = 2}};
    ret_request[n++] =
        (zc_request){.op = ZC_OP_KEY_LIST, .key_list = {.from = 40, .max = ZC_KEY_LIST_MAX}};
    ret_request[n++] = (zc_request){.op = ZC_OP_KEY_SHOW, .key_name = {NAME}};
    ret_request[n++] = (zc_request){.op = ZC_OP_KEY_DISABLE, .key_name = {NAME}};
    ret_request[n++] =
        (zc_request){.op = ZC_OP_KEY_IMPORT_BEGIN, .attest = {zc_slice_of(bytes512, 20)}};
    ret_request[n++] = (zc_request){.op = ZC_OP_KEY_IMPORT,
                                    .key_import = {.name = NAME,
                                                   .kind = 3,
                                                   .tier = ZC_TIER_HOT,
                                                   .nonce_mode = 1,
                                                   .sealed = zc_slice_of(bytes512, 80),
                                                   .has_api_key = true,
                                                   .api_key = zc_slice_of_text("vmPUZE6m"),
                                                   .has_venue = true,
                                                   .venue = 4}};
    ret_request[n++] = (zc_request){.id = 300,
                                    .op = ZC_OP_SIGN,
                                    .sign = {.key = NAME,
                                             .use = ZC_USE_TX,
                                             .family = 1,
                                             .payload = zc_slice_of(payload, ZC_PAYLOAD_MAX)}};
    ret_request[n++] = (zc_request){.op = ZC_OP_SIGN,
                                    .sign = {.key = NAME,
                                             .use = ZC_USE_MESSAGE,
                                             .payload = zc_slice_of_text("hello"),
                                             .has_chain_id = true,
                                             .chain_id = 1}};
    ret_request[n++] =
        (zc_request){.op = ZC_OP_HALT, .halt = {zc_slice_of_text("größer als gedacht")}};
    ret_request[n++] = (zc_request){.op = ZC_OP_RESUME};
    ret_request[n++] = (zc_request){.op = ZC_OP_REVIEWS, .reviews = {.from = 64}};
    ret_request[n++] = (zc_request){.op = ZC_OP_REVIEW, .review = {.entry = UINT64_MAX}};
    ret_request[n++] = (zc_request){
        .op = ZC_OP_APPROVE, .approve = {.leaf = {1}, .expires_ms = INT64_MAX, .signature = {2}}};
    ret_request[n++] = (zc_request){.op = ZC_OP_FEED,
                                    .feed = {.message = zc_slice_of(payload, 7), .signature = {3}}};
    ret_request[n++] =
        (zc_request){.op = ZC_OP_REVOKE, .revoke = {.kind = ZC_REVOKE_RULE, .name = NAME}};
    ret_request[n++] =
        (zc_request){.op = ZC_OP_POLICY, .policy = {.section = ZC_SECTION_REVOKED, .from = 3}};
    return n;
}

static void request__each_operation__round_trips_and_takes_nothing_else(void **state)
{
    (void)state;
    zc_request request[32];
    size_t count = samples(request);
    for (size_t i = 0; i < count; i++) {
        static uint8_t buffer[CHECK_BUFFER];
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        assert_ok(zc_request_write(&request[i], &writer));
        zc_slice message = zc_writer_written(&writer);
        uint64_t optional = request[i].op == ZC_OP_SIGN         ? 1u << 5
                            : request[i].op == ZC_OP_KEY_IMPORT ? 1u << 6 | 1u << 7
                                                                : 0;
        check_message(recode, message, optional);
        check_full(zc_request_write, &request[i], message.len);
        uint64_t id = 7;
        assert_ok(zc_request_peek_id(message, &id));
        assert_true(id == request[i].id);
    }
}

static void request_read__sign__every_field_arrives(void **state)
{
    (void)state;
    zc_request request[32];
    size_t count = samples(request);
    uint8_t buffer[256];
    zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
    size_t last = count - 1;
    while (request[last].op != ZC_OP_SIGN) {
        last--;
    }
    assert_ok(zc_request_write(&request[last], &writer));
    zc_request back;
    assert_ok(zc_request_read(zc_writer_written(&writer), &back));
    assert_int_equal(back.op, ZC_OP_SIGN);
    assert_true(zc_slice_eq(back.sign.key, NAME));
    assert_int_equal(back.sign.use, ZC_USE_MESSAGE);
    assert_int_equal(back.sign.family, 0);
    assert_true(zc_slice_eq_text(back.sign.payload, "hello"));
    assert_true(back.sign.has_chain_id);
    assert_int_equal(back.sign.chain_id, 1);
    /* A view, not a copy. */
    assert_true(back.sign.payload.data > buffer && back.sign.payload.data < buffer + sizeof buffer);
}

static void request_write__value_past_its_limit__refused(void **state)
{
    (void)state;
    memset(name64, 'a', 64);
    const struct {
        zc_request request;
        int reason;
    } cases[] = {
        {{.op = 0}, ZC_WIRE_UNKNOWN_MESSAGE},
        {{.op = ZC_OP_LAST + 1}, ZC_WIRE_UNKNOWN_MESSAGE},
        {{.op = ZC_OP_KEY_SHOW, .key_name = {zc_slice_of(name64, 64)}}, ZC_WIRE_FIELD_TOO_LONG},
        {{.op = ZC_OP_KEY_SHOW}, ZC_WIRE_FIELD_RANGE},
        {{.op = ZC_OP_KEY_SHOW, .key_name = {zc_slice_of_text("a\xff")}}, ZC_CODEC_BAD_UTF8},
        {{.op = ZC_OP_KEY_CREATE,
          .key_create = {.name = NAME, .kind = 0, .tier = 1, .nonce_mode = 1}},
         ZC_WIRE_FIELD_RANGE},
        {{.op = ZC_OP_KEY_CREATE,
          .key_create = {.name = NAME, .kind = 8, .tier = 1, .nonce_mode = 1}},
         ZC_WIRE_FIELD_RANGE},
        {{.op = ZC_OP_KEY_CREATE,
          .key_create = {.name = NAME, .kind = 1, .tier = 4, .nonce_mode = 1}},
         ZC_WIRE_FIELD_RANGE},
        {{.op = ZC_OP_KEY_CREATE,
          .key_create = {.name = NAME, .kind = 1, .tier = 1, .nonce_mode = 3}},
         ZC_WIRE_FIELD_RANGE},
        {{.op = ZC_OP_KEY_LIST, .key_list = {0, 0}}, ZC_WIRE_FIELD_RANGE},
        {{.op = ZC_OP_KEY_LIST, .key_list = {0, ZC_KEY_LIST_MAX + 1}}, ZC_WIRE_FIELD_RANGE},
        {{.op = ZC_OP_SIGN, .sign = {.key = NAME, .use = 6}}, ZC_WIRE_FIELD_RANGE},
        {{.op = ZC_OP_SIGN, .sign = {.key = NAME, .use = 1, .payload = ZC_SLICE_OF_ARRAY(payload)}},
         ZC_WIRE_FIELD_TOO_LONG},
        {{.op = ZC_OP_HALT, .halt = {zc_slice_of(payload, ZC_HALT_REASON_MAX + 1)}},
         ZC_WIRE_FIELD_TOO_LONG},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static uint8_t buffer[CHECK_BUFFER];
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        assert_fails(zc_request_write(&cases[i].request, &writer), cases[i].reason);
        assert_int_equal(zc_writer_len(&writer), 0);
    }
}

/* What our writer never makes. */
static void request_read__foreign_bytes__refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        int reason;
    } cases[] = {
        {"\xa3\x01\x07\x02\x02\x03\xa0", 7, 0}, /* STATUS, as a yardstick */
        {"\xa3\x01\x07\x02\x17\x03\xa0", 7, ZC_WIRE_UNKNOWN_MESSAGE},
        {"\xa3\x01\x07\x02\x00\x03\xa0", 7, ZC_WIRE_UNKNOWN_MESSAGE},
        {"\xa3\x01\x07\x02\x19\x01\x02\x03\xa0", 9, ZC_WIRE_UNKNOWN_MESSAGE},
        {"\xa3\x01\x07\x02\x18\x02\x03\xa0", 8, ZC_CODEC_NOT_CANONICAL},
        {"\xa3\x01\x18\x07\x02\x02\x03\xa0", 8, ZC_CODEC_NOT_CANONICAL},
        {"\xa3\x02\x02\x01\x07\x03\xa0", 7, ZC_WIRE_WRONG_FIELDS},
        {"\xa3\x01\x07\x01\x07\x03\xa0", 7, ZC_WIRE_WRONG_FIELDS},
        {"\xa2\x01\x07\x02\x02", 5, ZC_WIRE_WRONG_FIELDS},
        {"\xa4\x01\x07\x02\x02\x03\xa0\x04\x00", 9, ZC_WIRE_WRONG_FIELDS},
        {"\xbf\x01\x07\x02\x02\x03\xa0\xff", 8, ZC_CODEC_NOT_CANONICAL},
        {"\xa3\x01\x07\x02\x02\x03\xbf\xff", 8, ZC_CODEC_NOT_CANONICAL},
        {"\xa3\x01\x07\x02\x02\x03\xa1\x01\x00", 9, ZC_WIRE_WRONG_FIELDS},
        {"\xa3\x01\x07\x02\x02\x03\x80", 7, ZC_CODEC_WRONG_TYPE},
        {"\xa3\x01\x20\x02\x02\x03\xa0", 7, ZC_CODEC_WRONG_TYPE},
        {"\xa3\x01\x07\x02\x03\x03\xa1\x01\x61\x61", 10, ZC_CODEC_WRONG_TYPE}, /* text nonce */
        {"\xa3\x01\x07\x02\x06\x03\xa1\x01\x60", 9, ZC_WIRE_FIELD_RANGE},      /* empty name */
        {"\xa3\x01\x07\x02\x06\x03\xa1\x01\x61\x80", 10, ZC_CODEC_BAD_UTF8},
        {"\xa3\x01\x07\x02\x01\x03\xa2\x01\x41\x00\x02\x41\x00", 13, ZC_CODEC_WRONG_LENGTH},
        {"\xa3\x01\x07\x02\x05\x03\xa2\x01\x00\x02\x18\x21", 12, ZC_WIRE_FIELD_RANGE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zc_request request;
        zc_result result = zc_request_read(zc_slice_of(cases[i].bytes, cases[i].len), &request);
        if (result.code != cases[i].reason) {
            fail_msg("case %zu: reason %#x", i, result.code);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request__each_operation__round_trips_and_takes_nothing_else),
        cmocka_unit_test(request_read__sign__every_field_arrives),
        cmocka_unit_test(request_write__value_past_its_limit__refused),
        cmocka_unit_test(request_read__foreign_bytes__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
