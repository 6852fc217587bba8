/* The form of a message: what a validator refuses is refused here, and nothing that it takes can be
 * signed as a message for people. */
#include "build.h"
#include "intent/solana/shape.h"

static const uint8_t transfer[] = {2, 0, 0, 0, 0x40, 0x42, 0x0f, 0, 0, 0, 0, 0};
static const sketch plain = SKETCH(program_system, 2, "\0\1", transfer);
static zc_intent intent;

enum { HEADER = 0, KEY_COUNT = 3, KEYS = 4, INSTRUCTIONS = KEYS + 3 * 32 + 32 };

static zc_result decode(zc_slice bytes)
{
    size_t offset = 0;
    zc_result result = zc_intent_decode_solana_tx(bytes, key_of(1), &intent, &offset);
    if (!zc_ok(result)) {
        assert_true(offset <= bytes.len);
        assert_int_equal(intent.call_count, 0);
        assert_int_equal(intent.movement_count, 0);
    }
    return result;
}

/* The plain transfer with one byte another. */
static zc_result decode_with(size_t at, uint8_t value)
{
    uint8_t room[512];
    const zc_slice bytes = build(&plain, room, sizeof room);
    room[at] = value;
    return decode(bytes);
}

static void decode__plain_transfer__is_read(void **state)
{
    (void)state;
    uint8_t room[512];
    uint8_t hash[32];
    const zc_slice bytes = build(&plain, room, sizeof room);
    assert_ok(decode(bytes));
    zc_sha256(bytes, hash);
    assert_memory_equal(intent.digest, hash, 32);
    assert_int_equal(intent.operation, ZC_OPERATION_TRANSFER);
    assert_int_equal(intent.flags, 0);
    assert_int_equal(intent.chain_id, ZC_CHAIN_SOLANA);
    assert_int_equal(intent.movement_count, 2);
    assert_int_equal(intent.movements[0].kind, ZC_MOVEMENT_OUT);
    assert_int_equal(intent.movements[0].amount.limb[0], 1000000);
    assert_memory_equal(intent.movements[0].to.byte, key_of(2), 32);
    assert_int_equal(intent.movements[1].kind, ZC_MOVEMENT_FEE);
    assert_int_equal(intent.max_fee.limb[0], 5000);
    assert_int_equal(intent.value.limb[0], 1000000);
}

static void decode__every_prefix__fails_and_leaves_nothing(void **state)
{
    (void)state;
    uint8_t room[512];
    const zc_slice bytes = build(&plain, room, sizeof room);
    for (size_t len = 0; len < bytes.len; len++) {
        assert_false(zc_ok(decode(zc_slice_of(bytes.data, len))));
    }
}

static void decode__trailing_byte__is_refused(void **state)
{
    (void)state;
    uint8_t room[512] = {0};
    const zc_slice bytes = build(&plain, room, sizeof room);
    assert_fails(decode(zc_slice_of(bytes.data, bytes.len + 1)), ZC_BASE_TRAILING);
}

static void decode__every_byte_another__never_breaks(void **state)
{
    (void)state;
    uint8_t room[512];
    const zc_slice bytes = build(&plain, room, sizeof room);
    for (size_t at = 0; at < bytes.len; at++) {
        const uint8_t was = room[at];
        for (unsigned value = 0; value < 256; value++) {
            room[at] = (uint8_t)value;
            if (zc_ok(decode(bytes))) {
                assert_true(zc_solana_is_message(bytes));
            }
        }
        room[at] = was;
    }
}

static void decode__contradicting_header__is_refused(void **state)
{
    (void)state;
    assert_fails(decode_with(HEADER, 0), ZC_INTENT_SOLANA_HEADER);
    assert_fails(decode_with(HEADER, 3), ZC_INTENT_SOLANA_HEADER);
    assert_fails(decode_with(HEADER + 1, 1), ZC_INTENT_SOLANA_HEADER);
    assert_fails(decode_with(HEADER + 2, 3), ZC_INTENT_SOLANA_HEADER);
}

static void decode__account_twice__is_refused(void **state)
{
    (void)state;
    uint8_t room[512];
    const zc_slice bytes = build(&plain, room, sizeof room);
    memcpy(room + KEYS + 32, room + KEYS, 32);
    assert_fails(decode(bytes), ZC_INTENT_SOLANA_DUPLICATE);
}

static void decode__other_key__is_no_signer(void **state)
{
    (void)state;
    uint8_t room[512];
    const zc_slice bytes = build(&plain, room, sizeof room);
    assert_fails(zc_intent_decode_solana_tx(bytes, key_of(2), &intent, NULL),
                 ZC_INTENT_SOLANA_NOT_SIGNER);
}

static void decode__program_is_fee_payer_or_beyond__is_refused(void **state)
{
    (void)state;
    assert_fails(decode_with(INSTRUCTIONS + 1, 0), ZC_INTENT_SOLANA_PROGRAM);
    assert_fails(decode_with(INSTRUCTIONS + 1, 3), ZC_INTENT_SOLANA_PROGRAM);
    assert_fails(decode_with(INSTRUCTIONS + 3, 3), ZC_INTENT_SOLANA_INDEX);
}

static void decode__unknown_version__is_refused(void **state)
{
    (void)state;
    assert_fails(decode_with(0, 0x81), ZC_INTENT_SOLANA_VERSION);
    assert_fails(decode_with(0, 0xff), ZC_INTENT_SOLANA_VERSION);
}

static void decode__long_form_count__is_refused(void **state)
{
    (void)state;
    uint8_t room[512];
    const zc_slice bytes = build(&plain, room, sizeof room);
    memmove(room + KEY_COUNT + 2, room + KEY_COUNT + 1, bytes.len - KEY_COUNT - 1);
    room[KEY_COUNT] = 0x83;
    room[KEY_COUNT + 1] = 0;
    assert_fails(decode(zc_slice_of(room, bytes.len + 1)), ZC_INTENT_SOLANA_COMPACT);
}

/* One table, of which entry 9 is loaded. */
static const uint8_t one_table[] = {1,    0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee,
                                    0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee,
                                    0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee,
                                    0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 1,    9,    0};

static void decode__account_from_table__is_nobody(void **state)
{
    (void)state;
    uint8_t room[512];
    sketch self = SKETCH(program_system, 2, "\0\3", transfer);
    self.versioned = true;
    self.tables = one_table;
    self.tables_len = sizeof one_table;
    const zc_slice bytes = build(&self, room, sizeof room);
    assert_ok(decode(bytes));
    assert_int_equal(intent.flags, ZC_FLAG_UNRESOLVED_ADDRESS);
    assert_int_equal(intent.movements[0].to.len, 0);
    assert_int_equal(intent.movements[0].amount.limb[0], 1000000);
    /* A program cannot come from a table. */
    room[1 + INSTRUCTIONS + 1] = 3;
    assert_fails(decode(bytes), ZC_INTENT_SOLANA_PROGRAM);
}

static void decode__table_that_loads_nothing__is_refused(void **state)
{
    (void)state;
    uint8_t room[512];
    uint8_t empty[35];
    sketch self = plain;
    memcpy(empty, one_table, 33);
    empty[33] = empty[34] = 0;
    self.versioned = true;
    self.tables = empty;
    self.tables_len = sizeof empty;
    assert_fails(decode(build(&self, room, sizeof room)), ZC_INTENT_SOLANA_TABLE);
}

static void is_message__transactions_and_texts__are_told_apart(void **state)
{
    (void)state;
    uint8_t room[512] = {0};
    const zc_slice bytes = build(&plain, room, sizeof room);
    assert_true(zc_solana_is_message(bytes));
    assert_true(zc_solana_is_message(zc_slice_of(bytes.data, bytes.len + 40)));
    assert_false(zc_solana_is_message(zc_slice_of(bytes.data, bytes.len - 1)));
    assert_true(zc_solana_is_message(zc_slice_of("\x81", 1)));
    assert_false(zc_solana_is_message(zc_slice_of_text("Sign in to example.org\n\nNonce: 1")));
    assert_false(zc_solana_is_message(zc_slice_of_text("\xc3\xa9t\xc3\xa9")));
    assert_false(zc_solana_is_message(zc_slice_of(NULL, 0)));
}

static void wire__signed_transaction__gives_its_parts_back(void **state)
{
    (void)state;
    uint8_t room[512];
    uint8_t wire_room[1024];
    uint8_t signature[64];
    zc_slice back;
    sketch self = plain;
    self.required = 2;
    memset(signature, 0x5a, sizeof signature);
    const zc_slice bytes = build(&self, room, sizeof room);
    zc_writer writer = ZC_WRITER_OF_ARRAY(wire_room);
    assert_ok(zc_solana_write_signed(bytes, key_of(2), signature, &writer));
    const zc_slice wire = zc_writer_written(&writer);
    assert_int_equal(wire.len, 1 + 2 * 64 + bytes.len);
    assert_ok(zc_solana_take_message(wire, &back));
    assert_true(zc_slice_eq(back, bytes));
    assert_ok(zc_solana_take_signature(wire, key_of(2), &back));
    assert_memory_equal(back.data, signature, 64);
    assert_fails(zc_solana_take_signature(wire, key_of(9), &back), ZC_INTENT_SOLANA_NOT_SIGNER);
    assert_fails(zc_solana_take_message(zc_slice_of(wire.data, wire.len - 1), &back),
                 ZC_INTENT_SOLANA_NOT_WIRE);
    wire_room[0] = 1;
    assert_fails(zc_solana_take_message(wire, &back), ZC_INTENT_SOLANA_NOT_WIRE);
    writer = zc_writer_of(wire_room, wire.len - 1);
    assert_fails(zc_solana_write_signed(bytes, key_of(2), signature, &writer), ZC_BASE_FULL);
    assert_int_equal(zc_writer_len(&writer), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode__plain_transfer__is_read),
        cmocka_unit_test(decode__every_prefix__fails_and_leaves_nothing),
        cmocka_unit_test(decode__trailing_byte__is_refused),
        cmocka_unit_test(decode__every_byte_another__never_breaks),
        cmocka_unit_test(decode__contradicting_header__is_refused),
        cmocka_unit_test(decode__account_twice__is_refused),
        cmocka_unit_test(decode__other_key__is_no_signer),
        cmocka_unit_test(decode__program_is_fee_payer_or_beyond__is_refused),
        cmocka_unit_test(decode__unknown_version__is_refused),
        cmocka_unit_test(decode__long_form_count__is_refused),
        cmocka_unit_test(decode__account_from_table__is_nobody),
        cmocka_unit_test(decode__table_that_loads_nothing__is_refused),
        cmocka_unit_test(is_message__transactions_and_texts__are_told_apart),
        cmocka_unit_test(wire__signed_transaction__gives_its_parts_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
