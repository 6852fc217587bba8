/* The envelope. */
#include "build.h"

static zc_intent intent;
static uint8_t doc_room[4096];

static zc_result decode(zc_slice bytes)
{
    size_t offset = 0;
    zc_result result =
        zc_intent_decode_cosmos(bytes, ZC_SLICE_OF_ARRAY(own_account), &intent, &offset);
    if (!zc_ok(result)) {
        assert_true(offset <= bytes.len);
        assert_int_equal(intent.call_count, 0);
        assert_int_equal(intent.movement_count, 0);
    }
    return result;
}

static zc_slice plain_body(uint8_t *room, size_t size, const char *memo)
{
    uint8_t send[256];
    zc_writer writer = zc_writer_of(room, size);
    put_any(&writer, 1, "/cosmos.bank.v1beta1.MsgSend", send_of(1, 2, send, sizeof send));
    assert_ok(zc_pb_put_text(&writer, 2, memo));
    return zc_writer_written(&writer);
}

static zc_slice plain(void)
{
    uint8_t body[1024];
    return doc_of(plain_body(body, sizeof body, "hello"), 1, 1, doc_room, sizeof doc_room);
}

static void decode__send__is_read(void **state)
{
    (void)state;
    uint8_t hash[32];
    const zc_slice bytes = plain();
    assert_ok(decode(bytes));
    zc_sha256(bytes, hash);
    assert_memory_equal(intent.digest, hash, 32);
    assert_int_equal(intent.operation, ZC_OPERATION_TRANSFER);
    assert_int_equal(intent.flags, 0);
    assert_string_equal(intent.chain_name, "cosmoshub-4");
    assert_true(intent.chain_id == zc_chain_of_cosmos(zc_slice_of_text("cosmoshub-4")));
    assert_int_equal(intent.nonce, 7);
    assert_true(zc_slice_eq_text(intent.message, "hello"));
    assert_int_equal(intent.movement_count, 2);
    assert_int_equal(intent.movements[0].kind, ZC_MOVEMENT_FEE);
    assert_int_equal(intent.max_fee.limb[0], 2000);
    assert_int_equal(intent.movements[1].kind, ZC_MOVEMENT_OUT);
    assert_int_equal(intent.movements[1].amount.limb[0], 5);
    assert_true(zc_slice_eq_text(zc_asset_id_slice(&intent.movements[1].asset), "uatom"));
    assert_int_equal(intent.movements[1].to.byte[0], 2);
}

static void decode__every_prefix__fails_and_leaves_nothing(void **state)
{
    (void)state;
    const zc_slice bytes = plain();
    /* Without its last field, the account number, it would be that of account 0. */
    for (size_t len = 0; len < bytes.len; len++) {
        if (len != bytes.len - 2) {
            assert_false(zc_ok(decode(zc_slice_of(bytes.data, len))));
        }
    }
}

static void decode__every_byte_another__never_breaks(void **state)
{
    (void)state;
    const zc_slice bytes = plain();
    for (size_t at = 0; at < bytes.len; at++) {
        const uint8_t was = doc_room[at];
        for (unsigned value = 0; value < 256; value++) {
            doc_room[at] = (uint8_t)value;
            if (zc_ok(decode(bytes))) {
                assert_true(zc_cosmos_is_sign_doc(bytes));
            }
        }
        doc_room[at] = was;
    }
}

static void decode__other_sign_modes__are_refused_by_name(void **state)
{
    (void)state;
    uint8_t body[1024];
    const zc_slice bytes = plain_body(body, sizeof body, "");
    assert_fails(decode(doc_of(bytes, 1, 127, doc_room, sizeof doc_room)), ZC_INTENT_COSMOS_AMINO);
    assert_fails(decode(doc_of(bytes, 1, 2, doc_room, sizeof doc_room)), ZC_INTENT_COSMOS_TEXTUAL);
    assert_fails(decode(doc_of(bytes, 1, 3, doc_room, sizeof doc_room)),
                 ZC_INTENT_COSMOS_SIGN_MODE);
    assert_fails(decode(doc_of(bytes, 0, 1, doc_room, sizeof doc_room)), ZC_INTENT_COSMOS_SIGNERS);
    assert_fails(decode(doc_of(bytes, 17, 1, doc_room, sizeof doc_room)), ZC_INTENT_COSMOS_SIGNERS);
    assert_fails(decode(zc_slice_of_text("{\"account_number\":\"1\"}")), ZC_INTENT_COSMOS_AMINO);
    assert_fails(decode(zc_slice_of("\xa1\x01\x80", 3)), ZC_INTENT_COSMOS_TEXTUAL);
}

static void decode__default_or_extra_fields_of_the_document__are_refused(void **state)
{
    (void)state;
    uint8_t room[4096];
    const zc_slice bytes = plain();
    memcpy(room, bytes.data, bytes.len);
    memcpy(room + bytes.len, "\x28\x01", 2);
    assert_fails(decode(zc_slice_of(room, bytes.len + 2)), ZC_INTENT_COSMOS_SIGN_DOC);
    room[bytes.len - 1] = 0;
    assert_fails(decode(zc_slice_of(room, bytes.len)), ZC_INTENT_COSMOS_SIGN_DOC);
    memcpy(room + bytes.len, "\x20\x0c", 2);
    room[bytes.len - 1] = 12;
    assert_fails(decode(zc_slice_of(room, bytes.len + 2)), ZC_CODEC_PB_TWICE);
}

static void decode__unknown_body_fields__are_partial(void **state)
{
    (void)state;
    uint8_t body[1024];
    zc_slice bytes = plain_body(body, sizeof body, "");
    zc_writer writer = zc_writer_of(body, sizeof body);
    writer.at += bytes.len;
    assert_ok(zc_pb_put_uint(&writer, 3, 900));
    assert_ok(zc_pb_put_uint(&writer, 77, 1));
    put_any(&writer, 1023, "/some.Extension", zc_slice_of_text("x"));
    assert_ok(decode(doc_of(zc_writer_written(&writer), 1, 1, doc_room, sizeof doc_room)));
    assert_int_equal(intent.flags, ZC_FLAG_PARTIAL_DECODE);
}

static void decode__no_message__is_refused(void **state)
{
    (void)state;
    assert_fails(decode(doc_of(zc_slice_of("\x12\x01x", 3), 1, 1, doc_room, sizeof doc_room)),
                 ZC_INTENT_COSMOS_NO_MESSAGES);
}

static void write_signed__document__becomes_tx_raw(void **state)
{
    (void)state;
    uint8_t room[4096];
    uint8_t signature[64];
    zc_pb_field field;
    const zc_slice bytes = plain();
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    memset(signature, 0x5a, sizeof signature);
    assert_ok(zc_cosmos_write_signed(bytes, signature, &writer));
    zc_reader reader = zc_reader_of(zc_writer_written(&writer));
    for (uint32_t number = 1; number <= 3; number++) {
        assert_ok(zc_pb_get_field(&reader, &field));
        assert_int_equal(field.number, number);
    }
    assert_ok(zc_reader_end(&reader));
    assert_memory_equal(field.bytes.data, signature, 64);
    writer = zc_writer_of(room, 70);
    assert_fails(zc_cosmos_write_signed(bytes, signature, &writer), ZC_BASE_FULL);
    assert_int_equal(zc_writer_len(&writer), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode__send__is_read),
        cmocka_unit_test(decode__every_prefix__fails_and_leaves_nothing),
        cmocka_unit_test(decode__every_byte_another__never_breaks),
        cmocka_unit_test(decode__other_sign_modes__are_refused_by_name),
        cmocka_unit_test(decode__default_or_extra_fields_of_the_document__are_refused),
        cmocka_unit_test(decode__unknown_body_fields__are_partial),
        cmocka_unit_test(decode__no_message__is_refused),
        cmocka_unit_test(write_signed__document__becomes_tx_raw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
