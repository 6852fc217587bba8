#include "checks.h"

#include "wire/evidence.h"
#include "wire/frontlink.h"
#include "wire/hostlink.h"

static const uint8_t bytes[ZC_MISSION_MAX + 1] = {0xa0, 0x01};

#define SOME(len) zc_slice_of(bytes, (len))

static zc_result recode_host(zc_slice message, zc_writer *ret_again)
{
    zc_host_message back;
    ZC_TRY(zc_host_message_read(message, &back));
    return zc_host_message_write(&back, ret_again);
}

static zc_result recode_front(zc_slice message, zc_writer *ret_again)
{
    zc_front_message back;
    ZC_TRY(zc_front_message_read(message, &back));
    zc_result written = zc_front_message_write(&back, ret_again);
    zc_front_message_clear(&back);
    return written;
}

static void host_message__each_type__round_trips_and_takes_nothing_else(void **state)
{
    (void)state;
    static const struct {
        zc_host_message message;
        uint64_t optional;
    } cases[] = {
        {{.type = ZC_HOST_BOOT, .boot = {.mission = {bytes, 900}}}, 0},
        {{.type = ZC_HOST_BOOT,
          .boot = {.mission = {bytes, 900},
                   .has_genesis = true,
                   .genesis = {bytes, 300},
                   .has_root = true,
                   .root = {bytes, 100}}},
         1u << 2 | 1u << 3},
        {{.type = ZC_HOST_GENESIS_SIGNED, .genesis_signed = {.count = 0}}, 0},
        {{.type = ZC_HOST_GENESIS_SIGNED,
          .genesis_signed = {.founder = {{.public_key = {1}}, {.signature = {2}}},
                             .count = ZC_FOUNDERS_MAX}},
         0},
        {{.type = ZC_HOST_KEY_BLOB,
          .key_blob = {.name = {(const uint8_t *)"k", 1}, .sealed = {bytes, 300}}},
         0},
        {{.type = ZC_HOST_ENTRY, .entry = {.entry = {bytes, 600}, .tag = {1}}}, 0},
        {{.type = ZC_HOST_ENTRY,
          .entry = {.entry = {bytes, 600}, .opening = {bytes, 20}, .tag = {1}}},
         0},
        {{.type = ZC_HOST_LOAD_DONE}, 0},
        {{.type = ZC_HOST_ACK, .ack = {.ordinal = UINT64_MAX}}, 0},
        {{.type = ZC_HOST_COSIGNED, .cosigned = {.note = {bytes, 900}}}, 0},
        {{.type = ZC_HOST_LOST_TAIL,
          .genesis_signed = {.founder = {{.public_key = {1}}}, .count = 1}},
         0},
        {{.type = ZC_HOST_STOP}, 0},
        {{.type = ZC_HOST_STOPPED}, 0},
        {{.type = ZC_HOST_KEYS, .keys = {.sealed = {bytes, 90}}}, 0},
        {{.type = ZC_HOST_MISSION, .mission = {.part = {bytes, 120}}}, 0},
        {{.type = ZC_HOST_SNAPSHOT, .snapshot = {.piece = {bytes, 120}}}, 0},
        {{.type = ZC_HOST_SNAPSHOT_TAKEN, .snapshot_taken = {.sequence = 77, .code = 0x101}}, 0},
        {{.type = ZC_HOST_LOST_TAIL_STATEMENT, .genesis_statement = {.statement = {bytes, 150}}},
         0},
        {{.type = ZC_HOST_HELLO,
          .hello = {.version = {(const uint8_t *)"0.1.0", 5},
                    .pcr0 = {1},
                    .isolation = 0x80000001,
                    .vault_kind = 2}},
         0},
        {{.type = ZC_HOST_GENESIS_STATEMENT, .genesis_statement = {.statement = {bytes, 200}}}, 0},
        {{.type = ZC_HOST_STORE,
          .store = {.ordinal = 1,
                    .kind = 2,
                    .name = {(const uint8_t *)"k", 1},
                    .data = {bytes, ZC_STORE_DATA_MAX}}},
         0},
        {{.type = ZC_HOST_STORE,
          .store = {.ordinal = 1,
                    .kind = 1,
                    .data = {bytes, 500},
                    .has_opening = true,
                    .opening = {bytes, 50},
                    .tag = {9}}},
         0},
        {{.type = ZC_HOST_SERVING,
          .serving = {.deployment_id = {1}, .document = {bytes, ZC_DOCUMENT_MAX}}},
         0},
        {{.type = ZC_HOST_FATAL, .fatal = {.code = 0x0d09}}, 0},
        {{.type = ZC_HOST_PHASE, .phase = {.phase = 3}}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static uint8_t buffer[CHECK_BUFFER];
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        assert_ok(zc_host_message_write(&cases[i].message, &writer));
        zc_slice message = zc_writer_written(&writer);
        check_message(recode_host, message, cases[i].optional);
        check_full(zc_host_message_write, &cases[i].message, message.len);
        zc_host_type type;
        assert_ok(zc_host_message_peek(message, &type));
        assert_int_equal(type, cases[i].message.type);
    }
}

static void host_message__past_a_limit_or_unknown__refused(void **state)
{
    (void)state;
    static uint8_t buffer[ZC_HOST_FRAME_MAX];
    static const struct {
        zc_host_message message;
        int reason;
    } cases[] = {
        {{.type = (zc_host_type)12}, ZC_WIRE_UNKNOWN_MESSAGE},
        {{.type = (zc_host_type)41}, ZC_WIRE_UNKNOWN_MESSAGE},
        {{.type = ZC_HOST_BOOT}, ZC_WIRE_FIELD_RANGE},
        {{.type = ZC_HOST_BOOT, .boot = {.mission = {bytes, sizeof bytes}}},
         ZC_WIRE_FIELD_TOO_LONG},
        {{.type = ZC_HOST_GENESIS_SIGNED, .genesis_signed = {.count = ZC_FOUNDERS_MAX + 1}},
         ZC_WIRE_FIELD_TOO_LONG},
        {{.type = ZC_HOST_STORE, .store = {.ordinal = 0, .kind = 1, .data = {bytes, 1}}},
         ZC_WIRE_FIELD_RANGE},
        {{.type = ZC_HOST_STORE, .store = {.ordinal = 1, .kind = 200, .data = {bytes, 1}}},
         ZC_WIRE_FIELD_RANGE},
        {{.type = ZC_HOST_PHASE}, ZC_WIRE_FIELD_RANGE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        assert_fails(zc_host_message_write(&cases[i].message, &writer), cases[i].reason);
        assert_int_equal(zc_writer_len(&writer), 0);
    }
    zc_host_message largest = {.type = ZC_HOST_BOOT, .boot = {.mission = SOME(ZC_MISSION_MAX)}};
    zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
    assert_ok(zc_host_message_write(&largest, &writer));
}

static void frame_peek__lengths_around_the_limits__held(void **state)
{
    (void)state;
    static const struct {
        uint8_t head[4];
        size_t have;
        int reason;
    } cases[] = {
        {{0, 0, 0, 1}, 3, ZC_BASE_TRUNCATED},
        {{0, 0, 0, 0}, 4, ZC_WIRE_FRAME_TOO_SHORT},
        {{0, 0, 0, 1}, 4, 0},
        {{0, 0x10, 0, 0}, 4, 0},
        {{0, 0x10, 0, 1}, 4, ZC_WIRE_FRAME_TOO_LONG},
        {{0xff, 0xff, 0xff, 0xff}, 4, ZC_WIRE_FRAME_TOO_LONG},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t total = 0;
        assert_fails(zc_host_frame_peek(zc_slice_of(cases[i].head, cases[i].have), &total),
                     cases[i].reason);
    }
    uint8_t head[ZC_FRAME_HEAD];
    size_t total;
    zc_frame_head(0x010203, head);
    assert_memory_equal(head, "\x00\x01\x02\x03", 4);
    assert_ok(zc_host_frame_peek(ZC_SLICE_OF_ARRAY(head), &total));
    assert_int_equal(total, 0x010203 + 4);
}

static void front_message__each_type__round_trips_and_takes_nothing_else(void **state)
{
    (void)state;
    static const zc_front_message cases[] = {
        {.type = ZC_FRONT_KEY, .key = {{bytes, 91}}},
        {.type = ZC_FRONT_SESSION,
         .session = {.secrets = {.to_core = {{1}}, .to_client = {{2}}, .binding = {3}},
                     .document_sha256 = {4}}},
        {.type = ZC_FRONT_EVIDENCE, .evidence = {{bytes, 700}, {bytes, 5000}, {bytes, 400}}},
        {.type = ZC_FRONT_STOP},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static uint8_t buffer[ZC_FRONT_PACKET_MAX];
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        assert_ok(zc_front_message_write(&cases[i], &writer));
        check_message(recode_front, zc_writer_written(&writer), 0);
        check_full(zc_front_message_write, &cases[i], zc_writer_len(&writer));
    }
    zc_front_message unknown = {.type = (zc_front_type)5};
    uint8_t buffer[16];
    zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
    assert_fails(zc_front_message_write(&unknown, &writer), ZC_WIRE_UNKNOWN_MESSAGE);
}

static void evidence__whole_cut_and_continued_frames__only_the_whole_one(void **state)
{
    (void)state;
    static uint8_t buffer[ZC_EVIDENCE_MAX + 1];
    zc_evidence evidence = {.document = SOME(ZC_DOCUMENT_MAX),
                            .genesis = SOME(ZC_STORED_GENESIS_MAX)};
    zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
    assert_ok(zc_evidence_write(&evidence, &writer));
    size_t len = zc_writer_len(&writer);
    size_t total;
    assert_ok(zc_evidence_peek_len(zc_slice_of(buffer, 4), &total));
    assert_int_equal(total, len);
    zc_evidence back;
    assert_ok(zc_evidence_read(zc_slice_of(buffer, len), &back));
    assert_int_equal(back.document.len, ZC_DOCUMENT_MAX);
    assert_int_equal(back.genesis.len, ZC_STORED_GENESIS_MAX);
    for (size_t cut = 0; cut < len; cut += 101) {
        assert_fails(zc_evidence_read(zc_slice_of(buffer, cut), &back), ZC_BASE_TRUNCATED);
    }
    assert_fails(zc_evidence_read(zc_slice_of(buffer, len + 1), &back), ZC_BASE_TRAILING);
    buffer[3]++; /* a head that promises one byte more, which is there */
    assert_fails(zc_evidence_read(zc_slice_of(buffer, len + 1), &back), ZC_BASE_TRAILING);
    buffer[0] = 1;
    assert_fails(zc_evidence_read(zc_slice_of(buffer, len), &back), ZC_WIRE_FRAME_TOO_LONG);
    evidence.document = SOME(ZC_DOCUMENT_MAX + 1);
    writer = ZC_WRITER_OF_ARRAY(buffer);
    assert_fails(zc_evidence_write(&evidence, &writer), ZC_WIRE_FIELD_TOO_LONG);
    evidence.document = SOME(0);
    assert_fails(zc_evidence_write(&evidence, &writer), ZC_WIRE_FIELD_RANGE);
    assert_int_equal(zc_writer_len(&writer), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(host_message__each_type__round_trips_and_takes_nothing_else),
        cmocka_unit_test(host_message__past_a_limit_or_unknown__refused),
        cmocka_unit_test(frame_peek__lengths_around_the_limits__held),
        cmocka_unit_test(front_message__each_type__round_trips_and_takes_nothing_else),
        cmocka_unit_test(evidence__whole_cut_and_continued_frames__only_the_whole_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
