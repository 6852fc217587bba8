#include "checks.h"

#include "wire/message.h"

static const uint8_t document[6000] = {0x84, 0x44};
static const uint8_t point[65] = {4, 1, 2};
static zc_op op_of_sample;

static zc_result recode(zc_slice message, zc_writer *ret_again)
{
    zc_reply reply;
    ZC_TRY(zc_reply_read(message, op_of_sample, &reply));
    return zc_reply_write(&reply, ret_again);
}

#define TEXT(text) zc_slice_of_text(text)

static zc_key_info sample_key(const char *name)
{
    return (zc_key_info){.name = TEXT(name),
                         .kind = 1,
                         .public_key = ZC_SLICE_OF_ARRAY(point),
                         .tier = ZC_TIER_WARM,
                         .origin = ZC_ORIGIN_IMPORTED,
                         .state = ZC_KEY_DISABLED,
                         .nonce_mode = 2,
                         .uses = 12345678901,
                         .owner = TEXT("desk-a"),
                         .created_ms = 1790000000000,
                         .birth = zc_slice_of(document, 200)};
}

/* `count` keys, encoded one after the other. */
static zc_reply_key_list sample_list(uint8_t *buffer, size_t len, size_t count)
{
    zc_writer writer = zc_writer_of(buffer, len);
    for (size_t i = 0; i < count; i++) {
        zc_key_info info = sample_key(i % 2 == 0 ? "even" : "odd");
        assert_ok(zc_key_info_write(&info, &writer));
    }
    return (zc_reply_key_list){.count = count, .infos = zc_writer_written(&writer), .total = 1000};
}

static const zc_denial denial = {.rule = {(const uint8_t *)"daily", 5},
                                 .reason = 3,
                                 .measured = {{1, 2, 3, 4}},
                                 .limit = {{5, 0, 0, 0}},
                                 .has_entry = true,
                                 .entry = 77,
                                 .asset = {(const uint8_t *)"USDC", 4}};

static size_t samples(zc_reply ret_reply[static 24])
{
    static uint8_t infos[60000];
    size_t n = 0;
    zc_reply *r = ret_reply;
    r[n++] = (zc_reply){.op = ZC_OP_SIGN, .status = ZC_STATUS_DENIED, .denial = denial};
    r[n++] = (zc_reply){.op = ZC_OP_SIGN, .status = ZC_STATUS_REVIEW, .denial = denial};
    r[n++] = (zc_reply){.op = ZC_OP_SIGN, .status = ZC_STATUS_DENIED};
    r[n++] = (zc_reply){.op = ZC_OP_HALT, .status = ZC_STATUS_FAILED, .failed = {.code = 0x305}};
    r[n++] = (zc_reply){.op = ZC_OP_SIGN,
                        .status = ZC_STATUS_FAILED,
                        .failed = {.code = 1, .has_offset = true, .offset = 31}};
    r[n++] = (zc_reply){.id = 9,
                        .op = ZC_OP_AUTH,
                        .auth = {.principal = TEXT("bot"), .deployment_id = {1}, .phase = 3}};
    r[n++] = (zc_reply){.op = ZC_OP_STATUS,
                        .state = {.phase = 4,
                                  .deployment_id = {2},
                                  .mission_hash = {3},
                                  .mission = TEXT("starter"),
                                  .boot_id = {4},
                                  .log_next = 5,
                                  .log_head = {6},
                                  .keys = 7,
                                  .uptime_ms = 8,
                                  .isolation = UINT32_MAX,
                                  .vault_kind = 1,
                                  .platform = TEXT("local"),
                                  .rollback_protected = true,
                                  .time_ms = 9,
                                  .signatures = 10,
                                  .denials = 11,
                                  .max_unacked = 12,
                                  .reservations = UINT64_MAX,
                                  .mode = 2,
                                  .tripped = TEXT("losses"),
                                  .reviews = 3,
                                  .revoked = 1}};
    r[n++] = (zc_reply){.op = ZC_OP_ATTEST, .attest = {ZC_SLICE_OF_ARRAY(document)}};
    static const zc_op about_keys[] = {ZC_OP_KEY_CREATE, ZC_OP_KEY_SHOW, ZC_OP_KEY_DISABLE,
                                       ZC_OP_KEY_IMPORT};
    for (size_t i = 0; i < 4; i++) {
        r[n++] = (zc_reply){.op = about_keys[i], .key = sample_key("hot-1")};
    }
    r[n++] = (zc_reply){.op = ZC_OP_KEY_LIST,
                        .key_list = sample_list(infos, sizeof infos, ZC_KEY_LIST_MAX)};
    r[n++] = (zc_reply){.op = ZC_OP_KEY_LIST};
    r[n++] =
        (zc_reply){.op = ZC_OP_KEY_IMPORT_BEGIN,
                   .import_begin = {.import_key = {5}, .document = ZC_SLICE_OF_ARRAY(document)}};
    r[n++] = (zc_reply){.op = ZC_OP_SIGN,
                        .sign = {.digest = {1},
                                 .signature = zc_slice_of(document, 64),
                                 .recovery = 1,
                                 .entry = 99,
                                 .leaf = {2},
                                 .rule = TEXT("allow transfers"),
                                 .measured = {{0, 0, 0, 1}},
                                 .limit = ZC_U256_MAX}};
    r[n++] = (zc_reply){.op = ZC_OP_HALT, .logged = {.entry = 5}};
    r[n++] = (zc_reply){.op = ZC_OP_RESUME, .logged = {.entry = 6}};
    r[n++] = (zc_reply){.op = ZC_OP_APPROVE, .logged = {.entry = 7}};
    r[n++] = (zc_reply){
        .op = ZC_OP_POLICY,
        .list = {.count = 1, .items = zc_slice_of(document, ZC_LIST_BYTES_MAX / 8), .total = 2}};
    r[n++] = (zc_reply){
        .op = ZC_OP_REVIEW,
        .review = {.info = zc_slice_of(document, ZC_REVIEW_INFO_MAX), .text = TEXT("pays 5 ETH")}};
    return n;
}

static uint64_t optional_keys(const zc_reply *reply)
{
    if (reply->status == ZC_STATUS_FAILED) {
        return 1u << 2;
    }
    return reply->status == ZC_STATUS_OK ? 0 : 1u << 5;
}

static void reply__each_kind__round_trips_and_takes_nothing_else(void **state)
{
    (void)state;
    zc_reply reply[32];
    size_t count = samples(reply);
    for (size_t i = 0; i < count; i++) {
        static uint8_t buffer[CHECK_BUFFER];
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        assert_ok(zc_reply_write(&reply[i], &writer));
        zc_slice message = zc_writer_written(&writer);
        op_of_sample = reply[i].op;
        check_message(recode, message, optional_keys(&reply[i]));
        check_full(zc_reply_write, &reply[i], message.len);
        uint64_t id = 7;
        assert_ok(zc_reply_peek_id(message, &id));
        assert_true(id == reply[i].id);
    }
}

static void reply_read__a_body_of_another_operation__refused(void **state)
{
    (void)state;
    zc_reply reply[32];
    size_t count = samples(reply);
    for (size_t i = 0; i < count; i++) {
        if (reply[i].status != ZC_STATUS_OK) {
            continue;
        }
        static uint8_t buffer[CHECK_BUFFER];
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        assert_ok(zc_reply_write(&reply[i], &writer));
        zc_reply back;
        zc_op others = reply[i].op == ZC_OP_STATUS ? ZC_OP_SIGN : ZC_OP_STATUS;
        assert_false(zc_ok(zc_reply_read(zc_writer_written(&writer), others, &back)));
        assert_fails(zc_reply_read(zc_writer_written(&writer), (zc_op)63, &back),
                     ZC_WIRE_UNKNOWN_MESSAGE);
    }
}

static void key_list__read_one_by_one__each_key(void **state)
{
    (void)state;
    static uint8_t infos[60000];
    zc_reply_key_list list = sample_list(infos, sizeof infos, 5);
    zc_reader reader = zc_reader_of(list.infos);
    for (size_t i = 0; i < list.count; i++) {
        zc_key_info info;
        assert_ok(zc_key_info_read(&reader, &info));
        assert_true(zc_slice_eq_text(info.name, i % 2 == 0 ? "even" : "odd"));
        assert_int_equal(info.origin, ZC_ORIGIN_IMPORTED);
    }
    assert_ok(zc_reader_end(&reader));
}

static void key_list__count_that_does_not_fit_the_infos__refused(void **state)
{
    (void)state;
    static uint8_t infos[60000];
    static uint8_t buffer[CHECK_BUFFER];
    zc_reply reply = {.op = ZC_OP_KEY_LIST, .key_list = sample_list(infos, sizeof infos, 5)};
    zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
    reply.key_list.count = 4;
    assert_fails(zc_reply_write(&reply, &writer), ZC_BASE_TRAILING);
    reply.key_list.count = 6;
    assert_fails(zc_reply_write(&reply, &writer), ZC_BASE_TRUNCATED);
    reply.key_list.count = ZC_KEY_LIST_MAX + 1;
    assert_fails(zc_reply_write(&reply, &writer), ZC_WIRE_FIELD_TOO_LONG);
    assert_int_equal(zc_writer_len(&writer), 0);
}

static void reply_write__value_past_its_limit__refused(void **state)
{
    (void)state;
    const struct {
        zc_reply reply;
        int reason;
    } cases[] = {
        {{.op = ZC_OP_HALT, .status = ZC_STATUS_FAILED}, ZC_WIRE_FIELD_RANGE}, /* code 0 */
        {{.op = ZC_OP_HALT, .status = (zc_status)2}, ZC_WIRE_UNKNOWN_MESSAGE},
        {{.op = ZC_OP_SIGN, .sign = {.signature = zc_slice_of(document, 64), .recovery = 4}},
         ZC_WIRE_FIELD_RANGE},
        {{.op = ZC_OP_SIGN, .sign = {.signature = zc_slice_of(document, ZC_SIGNATURE_MAX + 1)}},
         ZC_WIRE_FIELD_TOO_LONG},
        {{.op = ZC_OP_ATTEST}, ZC_WIRE_FIELD_RANGE}, /* no document */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t buffer[512];
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        assert_fails(zc_reply_write(&cases[i].reply, &writer), cases[i].reason);
        assert_int_equal(zc_writer_len(&writer), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reply__each_kind__round_trips_and_takes_nothing_else),
        cmocka_unit_test(reply_read__a_body_of_another_operation__refused),
        cmocka_unit_test(key_list__read_one_by_one__each_key),
        cmocka_unit_test(key_list__count_that_does_not_fit_the_infos__refused),
        cmocka_unit_test(reply_write__value_past_its_limit__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
