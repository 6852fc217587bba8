#include "calldata.h"

/* pay(address token, address[] to, uint256[] amounts, uint48 until) of the firm's own contract */
static zc_descriptor pay_descriptor(void)
{
    return (zc_descriptor){
        .chain_id = 1,
        .contract = contract,
        .selector = {1, 2, 3, 4},
        .operation = ZC_OPERATION_TOKEN_TRANSFER,
        .types_len = 6,
        .types = {ZC_ABI_ADDRESS, ZC_ABI_ARRAY, ZC_ABI_ADDRESS, ZC_ABI_ARRAY, ZC_ABI_UINT256,
                  ZC_ABI_UINT + 6},
        .name = "pay",
        .field_count = 2,
        .fields = {{.leaf = 5,
                    .format = ZC_FORMAT_DATE,
                    .token = ZC_DESCRIPTOR_NOTHING,
                    .label = "Valid until"},
                   {.leaf = 4, .format = ZC_FORMAT_TOKEN_AMOUNT, .token = 0, .label = "Amount"}},
        .movement_count = 1,
        .movements = {{ZC_MOVEMENT_OUT, 0, ZC_DESCRIPTOR_CALLER, 2, 4, ZC_DESCRIPTOR_NOTHING}},
    };
}

static calldata pay_call(size_t payees, size_t amounts)
{
    calldata out = {.len = 0};
    put_hex(&out, "01020304");
    put_address(&out, &token);
    put_number(&out, 128);
    put_number(&out, 128 + 32 + 32 * payees);
    put_number(&out, 1800000000);
    put_number(&out, payees);
    for (size_t i = 0; i < payees; i++) {
        put_address(&out, &friend);
    }
    put_number(&out, amounts);
    for (size_t i = 0; i < amounts; i++) {
        put_number(&out, 10 + i);
    }
    return out;
}

static void descriptor__own_contract__movements_and_fields(void **state)
{
    (void)state;
    const zc_descriptor item = pay_descriptor();
    const zc_descriptor_set set = {&item, 1};
    const calldata data = pay_call(2, 2);
    must(zc_descriptor_set_check(&set));
    must(read_call(&contract, &data, 0, &set));
    assert_int_equal(intent.flags, 0);
    assert_int_equal(intent.operation, ZC_OPERATION_TOKEN_TRANSFER);
    assert_int_equal(intent.movement_count, 2);
    check_movement(0, ZC_MOVEMENT_OUT, &token, &account, &friend, 10);
    check_movement(1, ZC_MOVEMENT_OUT, &token, &account, &friend, 11);
    assert_int_equal(intent.arguments[0].number.limb[0], 1800000000);
    assert_memory_equal(intent.arguments[1].byte, "2027-01-15 08:00:00 UTC", 23);
    assert_memory_equal(argument_of("token")->byte, token.byte, 20);
    /* Another contract, another chain, another arity: not what was described. */
    must(read_call(&friend, &data, 0, &set));
    assert_int_equal(intent.flags, ZC_FLAG_UNKNOWN_CALLDATA);
    const calldata uneven = pay_call(2, 1);
    must(read_call(&contract, &uneven, 0, &set));
    assert_int_equal(intent.flags, ZC_FLAG_UNKNOWN_CALLDATA | ZC_FLAG_PARTIAL_DECODE);
    assert_int_equal(intent.movement_count, 0);
}

/* A descriptor cannot talk away an upgrade, but may say what its own transfer() is. */
static void descriptor__against_known_methods__control_stays(void **state)
{
    (void)state;
    zc_descriptor item = {.chain_id = 1,
                          .contract = contract,
                          .selector = {0x36, 0x59, 0xcf, 0xe6},
                          .operation = ZC_OPERATION_CONTRACT_CALL,
                          .types_len = 1,
                          .types = {ZC_ABI_ADDRESS},
                          .name = "harmless"};
    const zc_descriptor_set set = {&item, 1};
    calldata data = {.len = 0};
    put_hex(&data, "3659cfe6");
    put_address(&data, &friend);
    must(read_call(&contract, &data, 0, &set));
    assert_int_equal(intent.flags, ZC_FLAG_PROXY_UPGRADE | ZC_FLAG_CONTROL_CHANGE);
    const uint8_t transfer[] = {0xa9, 0x05, 0x9c, 0xbb};
    memcpy(item.selector, transfer, 4);
    item.types_len = 2;
    item.types[1] = ZC_ABI_UINT256;
    const calldata sent = transfer_of(5);
    must(read_call(&contract, &sent, 0, &set));
    assert_int_equal(intent.operation, ZC_OPERATION_CONTRACT_CALL);
    item.contract.len = 0;
    must(read_call(&contract, &sent, 0, &set));
    assert_int_equal(intent.operation, ZC_OPERATION_TOKEN_TRANSFER);
}

static void descriptor_find__most_special_first(void **state)
{
    (void)state;
    zc_descriptor items[4];
    const zc_address nobody = {0};
    for (size_t i = 0; i < 4; i++) {
        items[i] = pay_descriptor();
        items[i].contract = i >= 2 ? contract : nobody;
        items[i].chain_id = i % 2;
    }
    const zc_descriptor_set set = {items, 4};
    must(zc_descriptor_set_check(&set));
    assert_ptr_equal(zc_descriptor_find(&set, 1, &contract, items[0].selector), &items[3]);
    assert_ptr_equal(zc_descriptor_find(&set, 5, &contract, items[0].selector), &items[2]);
    assert_ptr_equal(zc_descriptor_find(&set, 1, &friend, items[0].selector), &items[1]);
    assert_ptr_equal(zc_descriptor_find(&set, 5, &friend, items[0].selector), &items[0]);
    assert_null(zc_descriptor_find(&set, 1, &contract, (const uint8_t[]){1, 2, 3, 5}));
    assert_null(zc_descriptor_find(NULL, 1, &contract, items[0].selector));
}

static void descriptor_cbor__round_trip_truncation_and_flips(void **state)
{
    (void)state;
    static zc_descriptor back;
    uint8_t bytes[ZC_DESCRIPTOR_MAX_ENCODED];
    uint8_t again[ZC_DESCRIPTOR_MAX_ENCODED];
    const zc_descriptor item = pay_descriptor();
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    must(zc_descriptor_write(&item, &writer));
    const size_t len = zc_writer_len(&writer);
    zc_reader reader = zc_reader_of(zc_slice_of(bytes, len));
    must(zc_descriptor_read(&reader, &back));
    must(zc_reader_end(&reader));
    writer = ZC_WRITER_OF_ARRAY(again);
    must(zc_descriptor_write(&back, &writer));
    assert_int_equal(zc_writer_len(&writer), len);
    assert_memory_equal(again, bytes, len);
    assert_int_equal(zc_descriptor_compare(&back, &item), 0);
    for (size_t cut = 0; cut < len; cut++) {
        reader = zc_reader_of(zc_slice_of(bytes, cut));
        assert_false(zc_ok(zc_descriptor_read(&reader, &back)));
        assert_int_equal(zc_reader_offset(&reader), 0);
    }
    for (size_t bit = 0; bit < len * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        reader = zc_reader_of(zc_slice_of(bytes, len));
        if (zc_ok(zc_descriptor_read(&reader, &back))) {
            writer = ZC_WRITER_OF_ARRAY(again);
            must(zc_descriptor_write(&back, &writer));
            assert_memory_equal(again, bytes, zc_writer_len(&writer));
        }
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void descriptor_check__unsound__refused(void **state)
{
    (void)state;
    zc_descriptor item = pay_descriptor();
    item.movements[0].amount = 2; /* an address */
    assert_int_equal(zc_descriptor_check(&item).code, ZC_INTENT_DESCRIPTOR);
    item = pay_descriptor();
    item.movements[0].to = 1; /* the array itself */
    assert_int_equal(zc_descriptor_check(&item).code, ZC_INTENT_DESCRIPTOR);
    item = pay_descriptor();
    item.movements[0].kind = ZC_MOVEMENT_FEE;
    assert_int_equal(zc_descriptor_check(&item).code, ZC_INTENT_DESCRIPTOR);
    item = pay_descriptor();
    item.fields[0].label[0] = '\n';
    assert_int_equal(zc_descriptor_check(&item).code, ZC_INTENT_DESCRIPTOR);
    item = pay_descriptor();
    item.fields[1].token = ZC_DESCRIPTOR_NOTHING;
    assert_int_equal(zc_descriptor_check(&item).code, ZC_INTENT_DESCRIPTOR);
    item = pay_descriptor();
    item.types[0] = 0;
    assert_int_equal(zc_descriptor_check(&item).code, ZC_CODEC_ABI_TYPES);
    item = pay_descriptor();
    const zc_descriptor twice[] = {item, item};
    const zc_descriptor_set set = {twice, 2};
    assert_int_equal(zc_descriptor_set_check(&set).code, ZC_INTENT_DESCRIPTOR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descriptor__own_contract__movements_and_fields),
        cmocka_unit_test(descriptor__against_known_methods__control_stays),
        cmocka_unit_test(descriptor_find__most_special_first),
        cmocka_unit_test(descriptor_cbor__round_trip_truncation_and_flips),
        cmocka_unit_test(descriptor_check__unsound__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
