#include "samples.h"

#include "codec/cbor.h"
#include "intent/intent_cbor.h"

static zc_intent intent;
static zc_intent back;
static uint8_t room[ZC_INTENT_MAX_ENCODED];

static zc_slice encode(void)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    must(zc_intent_write(&intent, &writer));
    return zc_writer_written(&writer);
}

static void assert_same_movement(const zc_movement *a, const zc_movement *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->call, b->call);
    assert_int_equal(a->has_item, b->has_item);
    assert_true(zc_asset_id_eq(&a->asset, &b->asset));
    assert_true(zc_address_eq(&a->from, &b->from));
    assert_true(zc_address_eq(&a->to, &b->to));
    assert_true(zc_u256_eq(&a->amount, &b->amount));
    assert_true(!a->has_item || zc_u256_eq(&a->item, &b->item));
}

static void assert_same_call(const zc_call *a, const zc_call *b)
{
    assert_true(zc_address_eq(&a->target, &b->target));
    assert_int_equal(a->parent, b->parent);
    assert_int_equal(a->is_delegate, b->is_delegate);
    assert_int_equal(a->is_read, b->is_read);
    assert_int_equal(a->method_len, b->method_len);
    assert_memory_equal(a->method, b->method, a->method_len);
    assert_int_equal(a->data_len, b->data_len);
    assert_true(zc_u256_eq(&a->value, &b->value));
}

static void assert_same_argument(const zc_argument *a, const zc_argument *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->call, b->call);
    assert_int_equal(a->is_hash, b->is_hash);
    assert_int_equal(a->is_said, b->is_said);
    assert_string_equal(a->label, b->label);
    assert_int_equal(a->len, b->len);
    assert_memory_equal(a->byte, b->byte, a->len);
    assert_true(zc_u256_eq(&a->number, &b->number));
}

/* Two intents mean the same when their encodings are equal; what an encoding leaves out is compared
 * here. */
static void assert_same_intent(void)
{
    assert_true(zc_slice_eq(intent.message, back.message));
    assert_true(zc_address_eq(&intent.account, &back.account));
    assert_true(zc_address_eq(&intent.to, &back.to));
    assert_int_equal(intent.flags, back.flags);
    assert_memory_equal(intent.digest, back.digest, 32);
    assert_int_equal(intent.has_order, back.has_order);
    assert_string_equal(intent.chain_name, back.chain_name);
    assert_int_equal(intent.movement_count, back.movement_count);
    assert_int_equal(intent.call_count, back.call_count);
    assert_int_equal(intent.argument_count, back.argument_count);
    for (size_t i = 0; i < intent.movement_count; i++) {
        assert_same_movement(&intent.movements[i], &back.movements[i]);
    }
    for (size_t i = 0; i < intent.call_count; i++) {
        assert_same_call(&intent.calls[i], &back.calls[i]);
    }
    for (size_t i = 0; i < intent.argument_count; i++) {
        assert_same_argument(&intent.arguments[i], &back.arguments[i]);
    }
}

/* What only other chains have: every kind of address, token, call and argument. */
static void make_rich(void)
{
    static const zc_argument_kind kinds[] = {ZC_ARGUMENT_NUMBER, ZC_ARGUMENT_SIGNED,
                                             ZC_ARGUMENT_BOOL,   ZC_ARGUMENT_ADDRESS,
                                             ZC_ARGUMENT_BYTES,  ZC_ARGUMENT_TEXT};
    const zc_address nobody = {0};
    zc_call *made;
    zc_argument *argument;
    zc_intent_reset(&intent);
    intent.family = ZC_FAMILY_COSMOS;
    intent.operation = ZC_OPERATION_BRIDGE;
    intent.account = zc_address_of(zc_slice_of_text("twenty bytes long ok"));
    intent.flags = ZC_FLAGS_KNOWN;
    intent.has_chain_id = true;
    intent.chain_id = zc_chain_of_cosmos(zc_slice_of_text("cosmoshub-4"));
    (void)strcpy(intent.chain_name, "cosmoshub-4");
    intent.signatures = 3;
    intent.message = zc_slice_of_text("a memo");
    must(zc_intent_add_call(&intent, &nobody, ZC_CALL_NONE, &made));
    made->method_len = ZC_METHOD_MAX;
    memset(made->method, 'm', ZC_METHOD_MAX);
    must(zc_intent_add_call(&intent, &account, 0, &made));
    made->is_delegate = made->is_read = true;
    made->value = ZC_U256_MAX;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        must(zc_intent_add_argument(&intent, i % 2 == 0 ? 1 : ZC_CALL_NONE, kinds[i], "label",
                                    &argument));
        if (zc_argument_is_number(kinds[i])) {
            argument->number = zc_u256_of(i);
        } else {
            argument->len = (uint8_t)(i * 10);
            memset(argument->byte, 'b', argument->len);
            argument->is_hash = i == 4;
        }
    }
    zc_movement movement = {.kind = ZC_MOVEMENT_OUT, .has_item = true, .call = 1, .from = account};
    movement.asset = zc_asset_id_token(intent.chain_id, zc_slice_of_text("ibc/27394FB092D2"));
    for (int kind = ZC_MOVEMENT_OUT; kind <= ZC_MOVEMENT_LOCK; kind++) {
        movement.kind = (zc_movement_kind)kind;
        movement.item = zc_u256_of((uint64_t)kind);
        must(zc_intent_add_movement(&intent, &movement));
    }
}

static void make_order(void)
{
    zc_intent_reset(&intent);
    intent.family = ZC_FAMILY_VENUE;
    intent.operation = ZC_OPERATION_ORDER_PLACE;
    intent.has_chain_id = intent.has_order = true;
    intent.chain_id = ZC_CHAIN_VENUE(ZC_VENUE_BINANCE_SPOT);
    intent.order = (zc_order){.venue = ZC_VENUE_BINANCE_SPOT,
                              .action = ZC_OPERATION_ORDER_PLACE,
                              .side = ZC_SIDE_BUY,
                              .type = ZC_ORDER_LIMIT,
                              .market = "BTCUSDT",
                              .price = {true, 2, zc_u256_of(6500000)},
                              .quantity = {true, 3, zc_u256_of(1)}};
}

static void make(size_t kind)
{
    static bytes data[5];
    const bytes code = from_hex("6000");
    data[0] = call("a9059cbb", friend, NULL, ZC_U256_MAX);
    data[1] = call("23b872dd", friend, token, zc_u256_of(1));
    data[2] = call("095ea7b3", friend, NULL, ZC_U256_MAX);
    data[3] = call("12345678", friend, NULL, ZC_U256_MAX);
    data[4] = (bytes){.len = 0};
    if (kind < 20) {
        static const uint8_t types[] = {0, 155, 1, 2};
        sample of = token_call(&data[kind / 4]);
        of.type = types[kind % 4];
        of.value = kind;
        of.accesses = 2;
        const bytes tx = build(of);
        must(decode(&tx, &intent));
        return;
    }
    if (kind == 20) {
        const bytes tx = build((sample){.type = 2, .data = slice_of(&code)});
        must(decode(&tx, &intent));
    } else if (kind == 21) {
        must(zc_intent_decode_message(ZC_FAMILY_EVM, zc_slice_of_text("hi"), &account, &intent));
    } else if (kind == 22) {
        must(zc_intent_decode_message(ZC_FAMILY_NONE, zc_slice_of(NULL, 0), &account, &intent));
    } else if (kind == 24) {
        make_rich();
    } else if (kind == 25) {
        make_order();
    } else {
        must(zc_intent_decode_digest(ZC_FAMILY_NONE, zc_slice_of(intent.digest, 32), &account,
                                     &intent));
    }
}

#define KINDS 26

static void write_read__every_kind__exact_round_trip(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++) {
        make(kind);
        const zc_slice encoded = encode();
        must(zc_cbor_check_canonical(encoded));
        memset(&back, 0xa5, sizeof(back));
        must(zc_intent_read(encoded, &back));
        assert_same_intent();
    }
}

static void read__truncated_or_extended__refused(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++) {
        make(kind);
        const zc_slice encoded = encode();
        for (size_t len = 0; len < encoded.len; len++) {
            assert_false(zc_ok(zc_intent_read(zc_slice_of(room, len), &back)));
        }
        room[encoded.len] = 0;
        assert_int_equal(zc_intent_read(zc_slice_of(room, encoded.len + 1), &back).code,
                         ZC_BASE_TRAILING);
    }
}

/* What can be read is written again as it was. */
static void read__every_bit_flip__refused_or_exact(void **state)
{
    (void)state;
    static uint8_t again[ZC_INTENT_MAX_ENCODED];
    for (size_t kind = 0; kind < KINDS; kind++) {
        make(kind);
        const zc_slice encoded = encode();
        for (size_t bit = 0; bit < encoded.len * 8; bit++) {
            room[bit / 8] ^= (uint8_t)(1 << bit % 8);
            if (zc_ok(zc_intent_read(encoded, &back))) {
                zc_writer writer = ZC_WRITER_OF_ARRAY(again);
                must(zc_intent_write(&back, &writer));
                assert_true(zc_slice_eq(zc_writer_written(&writer), encoded));
            }
            room[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    }
}

/* What a decoder could make at most, but for texts that no chain has, is written and read again. */
static void write__fullest_intents__round_trip(void **state)
{
    (void)state;
    static uint8_t text[ZC_INTENT_MAX_MESSAGE];
    zc_call *made;
    zc_argument *argument;
    make_rich();
    intent.nonce = intent.expiry_ms = UINT64_MAX;
    intent.has_expiry = true;
    intent.gas_limit = intent.gas_price = intent.gas_tip = intent.max_fee = intent.value =
        ZC_U256_MAX;
    intent.movements[0].amount = ZC_U256_MAX;
    while (intent.movement_count < ZC_INTENT_MAX_MOVEMENTS) {
        must(zc_intent_add_movement(&intent, &intent.movements[0]));
    }
    while (intent.call_count < ZC_INTENT_MAX_CALLS) {
        must(zc_intent_add_call(&intent, &account, 0, &made));
    }
    while (intent.argument_count < ZC_INTENT_MAX_ARGUMENTS) {
        must(zc_intent_add_argument(&intent, 1, ZC_ARGUMENT_NUMBER, "amount", &argument));
    }
    assert_int_equal(zc_intent_add_movement(&intent, &intent.movements[0]).code,
                     ZC_INTENT_TOO_MANY_MOVEMENTS);
    assert_int_equal(zc_intent_add_call(&intent, &account, 0, &made).code,
                     ZC_INTENT_TOO_MANY_CALLS);
    assert_int_equal(zc_intent_add_argument(&intent, 1, ZC_ARGUMENT_BOOL, "x", &argument).code,
                     ZC_INTENT_TOO_MANY_ARGUMENTS);
    must(zc_intent_read(encode(), &back));
    assert_same_intent();
    memset(text, 'x', sizeof(text));
    must(zc_intent_decode_message(ZC_FAMILY_EVM, ZC_SLICE_OF_ARRAY(text), &account, &intent));
    must(zc_intent_read(encode(), &back));
    assert_same_intent();
}

/* A call, a parent or a movement's call that is not there. */
static void read__index_of_no_call__refused(void **state)
{
    (void)state;
    make_rich();
    intent.movements[0].call = 2;
    assert_int_equal(zc_intent_read(encode(), &back).code, ZC_INTENT_BAD_ENCODING);
    make_rich();
    intent.calls[1].parent = 1;
    assert_int_equal(zc_intent_read(encode(), &back).code, ZC_INTENT_BAD_ENCODING);
    make_rich();
    intent.arguments[0].call = 2;
    assert_int_equal(zc_intent_read(encode(), &back).code, ZC_INTENT_BAD_ENCODING);
    assert_int_equal(back.call_count, 0);
}

static void write__too_little_room__writer_unchanged(void **state)
{
    (void)state;
    make(3);
    const size_t len = encode().len;
    for (size_t capacity = 0; capacity < len; capacity++) {
        zc_writer writer = zc_writer_of(room, capacity);
        assert_int_equal(zc_intent_write(&intent, &writer).code, ZC_BASE_FULL);
        assert_int_equal(zc_writer_len(&writer), 0);
    }
}

static void names__every_number__there_and_back(void **state)
{
    (void)state;
    for (int i = 1; i <= ZC_OPERATION_VENUE_ADMIN; i++) {
        zc_operation operation;
        const char *name = zc_operation_name((zc_operation)i);
        assert_true(zc_operation_of_name(zc_slice_of_text(name), &operation));
        assert_int_equal(operation, i);
    }
    for (unsigned bit = 0; bit < 64; bit++) {
        unsigned found;
        const char *name = zc_flag_name(bit);
        assert_int_equal(name != NULL, (ZC_FLAGS_KNOWN >> bit & 1) != 0);
        if (name != NULL) {
            assert_true(zc_flag_of_name(zc_slice_of_text(name), &found));
            assert_int_equal(found, bit);
            assert_non_null(zc_flag_text(bit));
        }
    }
    assert_null(zc_operation_name((zc_operation)0));
    assert_false(zc_flag_of_name(zc_slice_of_text("harmless"), &(unsigned){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(write_read__every_kind__exact_round_trip),
        cmocka_unit_test(read__truncated_or_extended__refused),
        cmocka_unit_test(read__every_bit_flip__refused_or_exact),
        cmocka_unit_test(write__fullest_intents__round_trip),
        cmocka_unit_test(read__index_of_no_call__refused),
        cmocka_unit_test(write__too_little_room__writer_unchanged),
        cmocka_unit_test(names__every_number__there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
