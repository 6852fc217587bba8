/* What messages do, and what somebody could hide in them. */
#include "build.h"

static zc_intent intent;

static zc_result decode_as(const char *type_url, zc_slice value, unsigned signers)
{
    uint8_t body[8192];
    uint8_t room[9216];
    zc_writer writer = ZC_WRITER_OF_ARRAY(body);
    put_any(&writer, 1, type_url, value);
    return zc_intent_decode_cosmos(
        doc_of(zc_writer_written(&writer), signers, 1, room, sizeof room),
        ZC_SLICE_OF_ARRAY(own_account), &intent, NULL);
}

static zc_result decode(const char *type_url, zc_slice value)
{
    return decode_as(type_url, value, 1);
}

static const zc_movement *movement(size_t index)
{
    assert_true(index + 1 < intent.movement_count);
    return &intent.movements[index + 1];
}

#define SEND "/cosmos.bank.v1beta1.MsgSend"
#define EXEC "/cosmos.authz.v1beta1.MsgExec"

static void send__for_another_account__is_refused_or_a_pull(void **state)
{
    (void)state;
    uint8_t room[256];
    const zc_slice value = send_of(3, 2, room, sizeof room);
    assert_fails(decode(SEND, value), ZC_INTENT_COSMOS_ACTOR);
    assert_fails(decode_as(SEND, value, 2), ZC_INTENT_COSMOS_NOT_INVOLVED);
}

static void send__broken_values__are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *denom;
        const char *amount;
        int reason;
    } cases[] = {
        {"uatom", "-5", ZC_INTENT_COSMOS_AMOUNT},
        {"uatom", "5.0", ZC_INTENT_COSMOS_AMOUNT},
        {"uatom", "", ZC_INTENT_COSMOS_AMOUNT},
        {"uatom", "115792089237316195423570985008687907853269984665640564039457584007913129639936",
         ZC_INTENT_COSMOS_AMOUNT},
        {"ua", "5", ZC_INTENT_COSMOS_DENOM},
        {"5atom", "5", ZC_INTENT_COSMOS_DENOM},
        {"u atom", "5", ZC_INTENT_COSMOS_DENOM},
        {"", "5", ZC_INTENT_COSMOS_DENOM},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t room[512];
        zc_writer writer = ZC_WRITER_OF_ARRAY(room);
        put_address(&writer, 1, 1);
        put_address(&writer, 2, 2);
        put_coin(&writer, 3, cases[i].denom, cases[i].amount);
        assert_fails(decode(SEND, zc_writer_written(&writer)), cases[i].reason);
        assert_int_equal(intent.movement_count, 0);
    }
}

static void send__missing_or_bad_address__is_refused(void **state)
{
    (void)state;
    uint8_t room[256];
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    put_address(&writer, 1, 1);
    put_coin(&writer, 3, "uatom", "5");
    assert_fails(decode(SEND, zc_writer_written(&writer)), ZC_INTENT_COSMOS_MISSING);
    writer = ZC_WRITER_OF_ARRAY(room);
    put_address(&writer, 1, 1);
    assert_ok(zc_pb_put_text(&writer, 2, "cosmos1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqnrql8q"));
    assert_fails(decode(SEND, zc_writer_written(&writer)), ZC_INTENT_COSMOS_ADDRESS);
}

static void send__recipient_twice_or_out_of_order__is_refused(void **state)
{
    (void)state;
    uint8_t room[256];
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    put_address(&writer, 1, 1);
    put_address(&writer, 2, 2);
    put_address(&writer, 2, 3);
    assert_fails(decode(SEND, zc_writer_written(&writer)), ZC_CODEC_PB_TWICE);
    writer = ZC_WRITER_OF_ARRAY(room);
    put_address(&writer, 2, 2);
    put_address(&writer, 1, 1);
    assert_fails(decode(SEND, zc_writer_written(&writer)), ZC_CODEC_PB_ORDER);
}

static void send__unknown_field__is_partial(void **state)
{
    (void)state;
    uint8_t room[256];
    const zc_slice value = send_of(1, 2, room, sizeof room);
    zc_writer writer = zc_writer_of(room, sizeof room);
    writer.at += value.len;
    assert_ok(zc_pb_put_uint(&writer, 9, 1));
    assert_ok(decode(SEND, zc_writer_written(&writer)));
    assert_int_equal(intent.flags, ZC_FLAG_PARTIAL_DECODE);
    assert_false(intent.calls[0].is_read);
}

static void multi_send__output_without_address__borrows_none(void **state)
{
    (void)state;
    uint8_t room[512];
    zc_pb_message part;
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    zc_pb_begin(&writer, 1, &part);
    put_address(&writer, 1, 1);
    put_coin(&writer, 2, "uatom", "9");
    assert_ok(zc_pb_end(&writer, &part));
    zc_pb_begin(&writer, 2, &part);
    put_address(&writer, 1, 2);
    put_coin(&writer, 2, "uatom", "4");
    assert_ok(zc_pb_end(&writer, &part));
    const zc_slice good = zc_writer_written(&writer);
    assert_ok(decode("/cosmos.bank.v1beta1.MsgMultiSend", good));
    assert_int_equal(movement(0)->to.byte[0], 2);
    zc_pb_begin(&writer, 2, &part);
    put_coin(&writer, 2, "uatom", "5");
    assert_ok(zc_pb_end(&writer, &part));
    assert_fails(decode("/cosmos.bank.v1beta1.MsgMultiSend", zc_writer_written(&writer)),
                 ZC_INTENT_COSMOS_MISSING);
}

/* MsgExec around `inner`, which must not be in `room`. */
static zc_slice exec_of(const char *type_url, zc_slice inner, uint8_t *room, size_t size)
{
    zc_writer writer = zc_writer_of(room, size);
    put_address(&writer, 1, 1);
    put_any(&writer, 2, type_url, inner);
    return zc_writer_written(&writer);
}

static void exec__of_a_granters_send__is_a_pull(void **state)
{
    (void)state;
    uint8_t inner[256];
    uint8_t room[512];
    assert_ok(decode(EXEC, exec_of(SEND, send_of(3, 2, inner, sizeof inner), room, sizeof room)));
    assert_int_equal(intent.operation, ZC_OPERATION_TRANSFER);
    assert_int_equal(intent.call_count, 2);
    assert_int_equal(intent.calls[1].parent, 0);
    assert_int_equal(movement(0)->kind, ZC_MOVEMENT_PULL);
    assert_int_equal(movement(0)->from.byte[0], 3);
    /* Its own value behind an MsgExec is its own still. */
    assert_ok(decode(EXEC, exec_of(SEND, send_of(1, 2, inner, sizeof inner), room, sizeof room)));
    assert_int_equal(movement(0)->kind, ZC_MOVEMENT_OUT);
}

static void exec__nested_too_deep__is_refused(void **state)
{
    (void)state;
    static uint8_t rooms[2][4096];
    uint8_t send[256];
    zc_slice value = send_of(1, 2, send, sizeof send);
    const char *type_url = SEND;
    for (unsigned depth = 1; depth <= ZC_COSMOS_MAX_EXEC_DEPTH + 1; depth++) {
        value = exec_of(type_url, value, rooms[depth % 2], sizeof rooms[0]);
        type_url = EXEC;
        if (depth <= ZC_COSMOS_MAX_EXEC_DEPTH) {
            assert_ok(decode(EXEC, value));
            assert_int_equal(intent.call_count, depth + 1);
            assert_int_equal(movement(0)->kind, ZC_MOVEMENT_OUT);
        } else {
            assert_fails(decode(EXEC, value), ZC_INTENT_COSMOS_DEPTH);
        }
    }
}

static void exec__of_too_many__is_refused(void **state)
{
    (void)state;
    static uint8_t room[4096];
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    put_address(&writer, 1, 1);
    for (unsigned i = 0; i < ZC_INTENT_MAX_CALLS; i++) {
        put_any(&writer, 2, "/a.B", zc_slice_of(NULL, 0));
    }
    assert_fails(decode(EXEC, zc_writer_written(&writer)), ZC_INTENT_TOO_MANY_CALLS);
    assert_int_equal(intent.call_count, 0);
}

static void grant__unknown_authorization__is_flagged(void **state)
{
    (void)state;
    uint8_t room[512];
    zc_pb_message grant;
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    put_address(&writer, 1, 1);
    put_address(&writer, 2, 2);
    zc_pb_begin(&writer, 3, &grant);
    put_any(&writer, 1, "/cosmwasm.wasm.v1.ContractExecutionAuthorization", zc_slice_of_text("x"));
    assert_ok(zc_pb_end(&writer, &grant));
    assert_ok(decode("/cosmos.authz.v1beta1.MsgGrant", zc_writer_written(&writer)));
    assert_int_equal(intent.flags, ZC_FLAG_GRANT | ZC_FLAG_PARTIAL_DECODE |
                                       ZC_FLAG_UNKNOWN_CALLDATA | ZC_FLAG_NO_EXPIRY);
    assert_int_equal(movement(0)->kind, ZC_MOVEMENT_CONTROL);
    assert_int_equal(movement(0)->to.byte[0], 2);
}

static void unknown_message__is_a_call_that_is_not_read(void **state)
{
    (void)state;
    assert_ok(decode("/dydxprotocol.clob.MsgPlaceOrder", zc_slice_of_text("\x08\x01")));
    assert_int_equal(intent.flags, ZC_FLAG_UNKNOWN_CALLDATA);
    assert_false(intent.calls[0].is_read);
    assert_int_equal(intent.movement_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(send__for_another_account__is_refused_or_a_pull),
        cmocka_unit_test(send__broken_values__are_refused),
        cmocka_unit_test(send__missing_or_bad_address__is_refused),
        cmocka_unit_test(send__recipient_twice_or_out_of_order__is_refused),
        cmocka_unit_test(send__unknown_field__is_partial),
        cmocka_unit_test(multi_send__output_without_address__borrows_none),
        cmocka_unit_test(exec__of_a_granters_send__is_a_pull),
        cmocka_unit_test(exec__nested_too_deep__is_refused),
        cmocka_unit_test(exec__of_too_many__is_refused),
        cmocka_unit_test(grant__unknown_authorization__is_flagged),
        cmocka_unit_test(unknown_message__is_a_call_that_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
