#include "calldata.h"

#include "codec/rlp.h"
#include "intent/message.h"

/* Published by eth-account: two authorizations for every chain. */
#define SET_CODE_SIGNED                                                                            \
    "04f9011d0180800783030d409400000000000000000000000000000000000012008080c0f8b8f85a8094"         \
    "00000000000000000000000000000000000011008001a0ac427f776ac7ad34aafce7f63eceb1cde3eface5"       \
    "29edeac41327496a0cdead7ea07571612216f35c4666ff4101d5ccf93fff270ced7d93664c4d7e8f5048a8"       \
    "0198f85a809400000000000000000000000000000000000010000180a07b91d27c441ad90c7e4f127433b8f"      \
    "b33c04c78284b1b67b6603df12a1364e265a064780c93a04fbeb27eb3f98dcfae6af75a827471b398f86b82"      \
    "e598baa3f4966f80a03074805d7025deb8803f8687fbb60b5cc346804fffe0ea58a3efe0ed126c14d4a06b"       \
    "3367eee5089bc00db6631a5f1f9ed25a5a526d240d1aba845e0411a134f97e"

static zc_signature signature;

static void set_code__published_transaction__control_passes_to_code(void **state)
{
    (void)state;
    calldata tx = {.len = 0};
    put_hex(&tx, SET_CODE_SIGNED);
    must(zc_intent_decode_evm_signed_tx(slice_of(&tx), NULL, &intent, &signature, NULL));
    assert_int_equal(intent.operation, ZC_OPERATION_CODE_DELEGATION);
    assert_int_equal(intent.flags, ZC_FLAG_CODE_DELEGATION | ZC_FLAG_NO_REPLAY_PROTECTION);
    size_t controls = 0;
    for (uint32_t i = 0; i < intent.movement_count; i++) {
        if (intent.movements[i].kind == ZC_MOVEMENT_CONTROL) {
            assert_int_equal(intent.movements[i].from.len, 20);
            assert_int_equal(intent.movements[i].to.byte[18], controls == 0 ? 0x11 : 0x10);
            controls++;
        }
    }
    assert_int_equal(controls, 2);
    for (size_t len = 0; len < tx.len; len++) {
        assert_false(zc_ok(zc_intent_decode_evm_signed_tx(zc_slice_of(tx.data, len), NULL, &intent,
                                                          &signature, NULL)));
    }
}

static calldata authorization_of(uint64_t chain, uint64_t nonce)
{
    calldata out = {.len = 0};
    zc_rlp_list list;
    zc_writer writer = ZC_WRITER_OF_ARRAY(out.data);
    must(zc_write_u8(&writer, 5));
    zc_rlp_list_begin(&writer, &list);
    must(zc_rlp_put_u64(&writer, chain));
    must(zc_rlp_put_string(&writer, zc_address_slice(&contract)));
    must(zc_rlp_put_u64(&writer, nonce));
    must(zc_rlp_list_end(&writer, &list));
    out.len = zc_writer_len(&writer);
    return out;
}

static void authorization__one_chain_or_all__flags(void **state)
{
    (void)state;
    for (uint64_t chain = 0; chain < 2; chain++) {
        const calldata bytes = authorization_of(chain, 7);
        must(zc_intent_decode_evm_authorization(slice_of(&bytes), &account, &intent, NULL));
        assert_int_equal(intent.operation, ZC_OPERATION_CODE_DELEGATION);
        assert_int_equal(intent.flags,
                         ZC_FLAG_CODE_DELEGATION | (chain == 0 ? ZC_FLAG_NO_REPLAY_PROTECTION : 0));
        assert_int_equal(intent.nonce, 7);
        assert_int_equal(intent.has_chain_id, chain != 0);
        check_movement(0, ZC_MOVEMENT_CONTROL, NULL, &account, &contract, 0);
        /* It is no message either. */
        assert_int_equal(
            zc_intent_decode_message(ZC_FAMILY_EVM, slice_of(&bytes), &account, &intent).code,
            ZC_INTENT_MESSAGE_IS_TRANSACTION);
    }
}

static void authorization__damaged__refused(void **state)
{
    (void)state;
    calldata bytes = authorization_of(1, 7);
    const size_t len = bytes.len;
    for (bytes.len = 0; bytes.len < len; bytes.len++) {
        assert_false(
            zc_ok(zc_intent_decode_evm_authorization(slice_of(&bytes), &account, &intent, NULL)));
    }
    bytes.data[len] = 0;
    bytes.len = len + 1;
    assert_int_equal(
        zc_intent_decode_evm_authorization(slice_of(&bytes), &account, &intent, NULL).code,
        ZC_BASE_TRAILING);
    const calldata beyond = authorization_of(UINT64_C(1) << 63, 7);
    assert_int_equal(
        zc_intent_decode_evm_authorization(slice_of(&beyond), &account, &intent, NULL).code,
        ZC_INTENT_CHAIN_ID);
}

static void write_authorization__tuple__with_its_signature(void **state)
{
    (void)state;
    uint8_t room[256];
    const zc_signature made = {.byte = {[31] = 9, [63] = 5}, .recovery = 1};
    const calldata bytes = authorization_of(1, 7);
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    must(zc_evm_write_authorization(slice_of(&bytes), &made, &writer));
    calldata wanted = {.len = 0};
    put_hex(&wanted, "da0194c0de00000000000000000000000000000000000007010905");
    assert_true(zc_slice_eq(zc_writer_written(&writer), slice_of(&wanted)));
    zc_signature bad = made;
    bad.recovery = 2;
    assert_int_equal(zc_evm_write_authorization(slice_of(&bytes), &bad, &writer).code,
                     ZC_INTENT_SIGNATURE_V);
}

/* [1, 0, 0, 10, 21000, to, 0, "", [], 3, [hashes]] */
static calldata blob_tx(size_t blobs, uint8_t version, bool has_to)
{
    calldata out = {.len = 0};
    uint8_t hash[32] = {version};
    zc_rlp_list list;
    zc_rlp_list inner;
    zc_writer writer = ZC_WRITER_OF_ARRAY(out.data);
    const uint64_t head[] = {1, 0, 0, 10, 21000};
    must(zc_write_u8(&writer, 3));
    zc_rlp_list_begin(&writer, &list);
    for (size_t i = 0; i < 5; i++) {
        must(zc_rlp_put_u64(&writer, head[i]));
    }
    must(zc_rlp_put_string(&writer, has_to ? zc_address_slice(&friend) : zc_slice_of(NULL, 0)));
    must(zc_rlp_put_u64(&writer, 0));
    must(zc_rlp_put_string(&writer, zc_slice_of(NULL, 0)));
    zc_rlp_list_begin(&writer, &inner);
    must(zc_rlp_list_end(&writer, &inner));
    must(zc_rlp_put_u64(&writer, 3));
    zc_rlp_list_begin(&writer, &inner);
    for (size_t i = 0; i < blobs; i++) {
        hash[31] = (uint8_t)i;
        must(zc_rlp_put_string(&writer, ZC_SLICE_OF_ARRAY(hash)));
    }
    must(zc_rlp_list_end(&writer, &inner));
    must(zc_rlp_list_end(&writer, &list));
    out.len = zc_writer_len(&writer);
    return out;
}

static zc_result decode(const calldata *tx)
{
    return zc_intent_decode_evm_tx(slice_of(tx), &account, NULL, &intent, NULL);
}

static void blob_tx__fee_and_hashes(void **state)
{
    (void)state;
    const calldata tx = blob_tx(2, 1, true);
    must(decode(&tx));
    assert_int_equal(intent.tx_type, 3);
    assert_int_equal(intent.max_fee.limb[0], 210000 + 2 * 131072 * 3);
    assert_int_equal(intent.argument_count, 3);
    assert_string_equal(intent.arguments[0].label, "maxFeePerBlobGas");
    assert_int_equal(intent.arguments[2].byte[31], 1);
    const calldata most = blob_tx(ZC_EVM_MAX_BLOBS, 1, true);
    must(decode(&most));
}

static void blob_tx__wrong_forms__refused(void **state)
{
    (void)state;
    const calldata version = blob_tx(2, 2, true);
    const calldata many = blob_tx(ZC_EVM_MAX_BLOBS + 1, 1, true);
    const calldata creation = blob_tx(1, 1, false);
    assert_int_equal(decode(&version).code, ZC_INTENT_BLOB_HASHES);
    assert_int_equal(decode(&many).code, ZC_INTENT_BLOB_HASHES);
    assert_int_equal(decode(&creation).code, ZC_INTENT_NO_RECIPIENT);
    /* With its sidecar: 03 and [transaction, blobs, commitments, proofs]. */
    const calldata plain = blob_tx(1, 1, true);
    calldata wrapped = {.len = 0};
    zc_rlp_list list;
    zc_writer writer = ZC_WRITER_OF_ARRAY(wrapped.data);
    must(zc_write_u8(&writer, 3));
    zc_rlp_list_begin(&writer, &list);
    must(zc_write_slice(&writer, zc_slice_of(plain.data + 1, plain.len - 1)));
    must(zc_write_slice(&writer, zc_slice_of("\xc0\xc0\xc0", 3)));
    must(zc_rlp_list_end(&writer, &list));
    wrapped.len = zc_writer_len(&writer);
    assert_int_equal(decode(&wrapped).code, ZC_INTENT_BLOB_SIDECAR);
    assert_int_equal(
        zc_intent_decode_message(ZC_FAMILY_EVM, slice_of(&wrapped), &account, &intent).code,
        ZC_INTENT_MESSAGE_IS_TRANSACTION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_code__published_transaction__control_passes_to_code),
        cmocka_unit_test(authorization__one_chain_or_all__flags),
        cmocka_unit_test(authorization__damaged__refused),
        cmocka_unit_test(write_authorization__tuple__with_its_signature),
        cmocka_unit_test(blob_tx__fee_and_hashes),
        cmocka_unit_test(blob_tx__wrong_forms__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
