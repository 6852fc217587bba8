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

/* Equal but for the message's place in memory and the padding of movements. */
static void assert_same_intent(void)
{
    assert_true(zc_slice_eq(intent.message, back.message));
    back.message = intent.message;
    assert_memory_equal(&intent, &back, offsetof(zc_intent, movements));
    for (size_t i = 0; i < intent.movement_count; i++) {
        const zc_movement *a = &intent.movements[i];
        const zc_movement *b = &back.movements[i];
        assert_int_equal(a->kind, b->kind);
        assert_true(zc_asset_id_eq(&a->asset, &b->asset));
        assert_memory_equal(a->from, b->from, sizeof(a->from));
        assert_memory_equal(a->to, b->to, sizeof(a->to));
        assert_true(zc_u256_eq(&a->amount, &b->amount));
    }
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
        must(zc_intent_decode_message(ZC_FAMILY_EVM, zc_slice_of_text("hi"), account, &intent));
    } else if (kind == 22) {
        must(zc_intent_decode_message(ZC_FAMILY_NONE, zc_slice_of(NULL, 0), account, &intent));
    } else {
        must(zc_intent_decode_digest(ZC_FAMILY_NONE, zc_slice_of(intent.digest, 32), account,
                                     &intent));
    }
}

#define KINDS 24

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

static void write__fullest_intents__fit_the_promise(void **state)
{
    (void)state;
    static uint8_t text[ZC_INTENT_MAX_MESSAGE];
    make(0);
    intent.has_chain_id = intent.has_expiry = intent.has_selector = true;
    intent.chain_id = intent.nonce = intent.expiry_ms = UINT64_MAX;
    intent.gas_limit = intent.gas_price = intent.gas_tip = intent.max_fee = intent.value =
        ZC_U256_MAX;
    intent.movements[0].asset.chain_id = UINT64_MAX;
    intent.movements[0].amount = ZC_U256_MAX;
    while (intent.movement_count < ZC_INTENT_MAX_MOVEMENTS) {
        must(zc_intent_add_movement(&intent, &intent.movements[0]));
    }
    assert_int_equal(zc_intent_add_movement(&intent, &intent.movements[0]).code,
                     ZC_INTENT_TOO_MANY_MOVEMENTS);
    must(zc_intent_read(encode(), &back));
    assert_same_intent();
    memset(text, 'x', sizeof(text));
    must(zc_intent_decode_message(ZC_FAMILY_EVM, ZC_SLICE_OF_ARRAY(text), account, &intent));
    must(zc_intent_read(encode(), &back));
    assert_same_intent();
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
    for (int i = 1; i <= ZC_OPERATION_DIGEST; i++) {
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
        cmocka_unit_test(write__fullest_intents__fit_the_promise),
        cmocka_unit_test(write__too_little_room__writer_unchanged),
        cmocka_unit_test(names__every_number__there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
