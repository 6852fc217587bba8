#include "samples.h"

static zc_intent intent;
static zc_signature signature;

static zc_result decode_signed(const bytes *tx)
{
    return zc_intent_decode_evm_signed_tx(slice_of(tx), NULL, &intent, &signature, NULL);
}

static void decode_signed__eip155_example__sender_and_digest(void **state)
{
    (void)state;
    const bytes tx = from_hex(EIP155_SIGNED);
    const bytes sender = from_hex(EIP155_SENDER);
    const bytes digest = from_hex(EIP155_DIGEST);
    must(decode_signed(&tx));
    assert_memory_equal(intent.account.byte, sender.data, 20);
    assert_memory_equal(intent.digest, digest.data, 32);
    assert_int_equal(intent.chain_id, 1);
    assert_int_equal(signature.recovery, 0);
}

static void write_signed__eip155_example__published_bytes(void **state)
{
    (void)state;
    uint8_t room[256];
    const bytes plain = from_hex(EIP155_UNSIGNED);
    const bytes expected = from_hex(EIP155_SIGNED);
    must(decode_signed(&expected));
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    must(zc_evm_write_signed(slice_of(&plain), &signature, &writer));
    assert_true(zc_slice_eq(zc_writer_written(&writer), slice_of(&expected)));
    for (size_t capacity = 0; capacity < expected.len; capacity++) {
        writer = zc_writer_of(room, capacity);
        assert_int_equal(zc_evm_write_signed(slice_of(&plain), &signature, &writer).code,
                         ZC_BASE_FULL);
        assert_int_equal(zc_writer_len(&writer), 0);
    }
}

/* Any r and s below half the order make a signature of somebody; then sender, digest and bytes must
 * agree both ways. */
static void write_signed__each_type_and_chain__reads_back(void **state)
{
    (void)state;
    static const uint8_t types[] = {0, 155, 1, 2};
    static const uint64_t chains[] = {1, 110, 111, UINT64_MAX / 4, INT64_MAX};
    for (size_t i = 0; i < 40; i++) {
        const uint8_t parity = i % 2;
        const sample of = {.type = types[i / 2 % 4],
                           .chain_id = chains[i / 8],
                           .gas = 21000,
                           .to = friend,
                           .accesses = 1};
        static bytes out;
        const bytes plain = build(of);
        /* r: the x of the generator; s: short, to see it shortened. */
        zc_signature made = {.recovery = parity};
        const bytes x =
            from_hex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
        memcpy(made.byte, x.data, 32);
        made.byte[63] = 5;
        zc_writer writer = ZC_WRITER_OF_ARRAY(out.data);
        must(zc_evm_write_signed(slice_of(&plain), &made, &writer));
        out.len = zc_writer_len(&writer);
        must(decode_signed(&out));
        assert_int_equal(signature.recovery, parity);
        assert_memory_equal(signature.byte, made.byte, 64);
        assert_int_equal(intent.has_chain_id, of.type != 0);
        assert_int_equal(intent.chain_id, of.type != 0 ? of.chain_id : 0);
        uint8_t digest[32];
        memcpy(digest, intent.digest, 32);
        must(decode(&plain, &intent));
        assert_memory_equal(digest, intent.digest, 32);
        assert_int_equal(decode(&out, &intent).code, ZC_INTENT_ALREADY_SIGNED);
    }
}

static void write_signed__bad_signature__refused(void **state)
{
    (void)state;
    static uint8_t room[256];
    const bytes plain = from_hex(EIP155_UNSIGNED);
    const bytes order =
        from_hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    const bytes half = from_hex("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");
    const bytes example = from_hex(EIP155_SIGNED);
    must(decode_signed(&example));
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    zc_signature bad = signature;
    memset(bad.byte, 0, 32);
    assert_int_equal(zc_evm_write_signed(slice_of(&plain), &bad, &writer).code,
                     ZC_INTENT_SIGNATURE_RANGE);
    memcpy(bad.byte, order.data, 32);
    assert_int_equal(zc_evm_write_signed(slice_of(&plain), &bad, &writer).code,
                     ZC_INTENT_SIGNATURE_RANGE);
    bad = signature;
    memcpy(bad.byte + 32, half.data, 32);
    must(zc_evm_write_signed(slice_of(&plain), &bad, &writer));
    bad.byte[63]++;
    assert_int_equal(zc_evm_write_signed(slice_of(&plain), &bad, &writer).code,
                     ZC_INTENT_SIGNATURE_HIGH_S);
    bad = signature;
    bad.recovery = 2;
    assert_int_equal(zc_evm_write_signed(slice_of(&plain), &bad, &writer).code,
                     ZC_INTENT_SIGNATURE_V);
    assert_int_equal(zc_evm_write_signed(slice_of(&example), &signature, &writer).code,
                     ZC_INTENT_ALREADY_SIGNED);
}

static void decode_signed__tampered__refused_or_another_sender(void **state)
{
    (void)state;
    bytes tx = from_hex(EIP155_SIGNED);
    const bytes sender = from_hex(EIP155_SENDER);
    for (size_t bit = 0; bit < tx.len * 8; bit++) {
        tx.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_true(!zc_ok(decode_signed(&tx)) ||
                    memcmp(intent.account.byte, sender.data, 20) != 0);
        tx.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    const size_t len = tx.len;
    for (tx.len = 0; tx.len < len; tx.len++) {
        assert_false(zc_ok(decode_signed(&tx)));
    }
}

static void decode_signed__wrong_forms__say_why(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        int code;
    } cases[] = {
        {EIP155_UNSIGNED, ZC_INTENT_NOT_SIGNED},
        {"c6808080808080", ZC_INTENT_NOT_SIGNED},
        {"c98080808080801d0101", ZC_INTENT_SIGNATURE_V},
        {"c98080808080801a0101", ZC_INTENT_SIGNATURE_V},
        {"c9808080808080230101", ZC_INTENT_CHAIN_ID},
        {"c9808080808080240101", ZC_INTENT_CHAIN_ID},
        {"c98080808080801b0180", ZC_INTENT_SIGNATURE_RANGE},
        {"c98080808080801b8001", ZC_INTENT_SIGNATURE_RANGE},
        {"d28080890100000000000000008080801b0101", ZC_INTENT_GAS_LIMIT},
        {"01cb80808080808080c0020101", ZC_INTENT_SIGNATURE_V},
        {"02cc8080808080808080c01b0101", ZC_INTENT_SIGNATURE_V},
        {"02cc8080808080808080c0808080", ZC_INTENT_SIGNATURE_RANGE},
        {"02cc8080808080808080c0800505", ZC_INTENT_SIGNATURE_KEY},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const bytes tx = from_hex(cases[i].hex);
        zc_result result = decode_signed(&tx);
        if (result.code != cases[i].code) {
            print_error("%s: %#x\n", cases[i].hex, result.code);
        }
        assert_int_equal(result.code, cases[i].code);
    }
}

static void intrinsic_gas__data_creation_and_accesses__add_up(void **state)
{
    (void)state;
    uint64_t gas;
    uint64_t floor;
    const bytes data = from_hex("00010203");
    const bytes plain = from_hex(EIP155_SIGNED);
    must(zc_evm_intrinsic_gas(slice_of(&plain), &gas, &floor));
    assert_int_equal(gas, 21000);
    const bytes tx = build((sample){.type = 2, .data = slice_of(&data), .accesses = 2});
    must(zc_evm_intrinsic_gas(slice_of(&tx), &gas, &floor));
    assert_int_equal(gas, 21000 + 32000 + 4 + 3 * 16 + 2 + 2 * 2400 + 4 * 1900);
    assert_int_equal(floor, 21000 + 10 * (1 + 3 * 4));
}

static void address_text__eip55_examples__mixed_case(void **state)
{
    (void)state;
    static const char *examples[] = {
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"};
    for (size_t i = 0; i < 4; i++) {
        char text[ZC_EVM_ADDRESS_TEXT_SIZE];
        const bytes address = from_hex(examples[i]);
        zc_evm_address_text(address.data, text);
        assert_string_equal(text, examples[i]);
    }
}

static void evm_address__key_of_another_curve__refused(void **state)
{
    (void)state;
    uint8_t address[20];
    const zc_pubkey key = {.curve = ZC_CURVE_P256, .len = 65};
    assert_int_equal(zc_evm_address(&key, address).code, ZC_INTENT_CURVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode_signed__eip155_example__sender_and_digest),
        cmocka_unit_test(write_signed__eip155_example__published_bytes),
        cmocka_unit_test(write_signed__each_type_and_chain__reads_back),
        cmocka_unit_test(write_signed__bad_signature__refused),
        cmocka_unit_test(decode_signed__tampered__refused_or_another_sender),
        cmocka_unit_test(decode_signed__wrong_forms__say_why),
        cmocka_unit_test(intrinsic_gas__data_creation_and_accesses__add_up),
        cmocka_unit_test(address_text__eip55_examples__mixed_case),
        cmocka_unit_test(evm_address__key_of_another_curve__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
