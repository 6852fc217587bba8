/* Calldata: batches of a Safe, published incidents, authorizations. */
#include "codec/rlp.h"
#include "ethereum.h"
#include "group.h"
#include "intent/decode.h"

static const uint8_t no_entropy[32];

/* A transaction of the EIP-1559 kind that sends `data` to `to`. */
static bool decode_call(zc_report *report, zc_slice to, zc_slice data, zc_intent *ret_intent)
{
    const size_t capacity = data.len + 256;
    static const zc_address sender = {.len = ZC_EVM_ADDRESS_SIZE, .byte = {0xac}};
    zc_writer writer = zc_writer_of(zc_report_room(report, capacity), capacity);
    zc_rlp_list list;
    zc_rlp_list none;
    bool good = zc_report_ok(report, "type", zc_write_u8(&writer, 2));
    zc_rlp_list_begin(&writer, &list);
    const uint64_t before_to[] = {1, 0, 0, 1, 1000000};
    for (size_t i = 0; i < sizeof before_to / sizeof *before_to; i++) {
        good = good && zc_report_ok(report, "field", zc_rlp_put_u64(&writer, before_to[i]));
    }
    good = good && zc_report_ok(report, "to", zc_rlp_put_string(&writer, to)) &&
           zc_report_ok(report, "value", zc_rlp_put_u64(&writer, 0)) &&
           zc_report_ok(report, "data", zc_rlp_put_string(&writer, data));
    zc_rlp_list_begin(&writer, &none);
    good = good && zc_report_ok(report, "accesses", zc_rlp_list_end(&writer, &none)) &&
           zc_report_ok(report, "transaction", zc_rlp_list_end(&writer, &list));
    return good && zc_report_ok(report, "decoding",
                                zc_intent_decode_evm_tx(zc_writer_written(&writer), &sender, NULL,
                                                        ret_intent, NULL));
}

/* multiSend(bytes): an offset, the length, and the packed transactions. */
static zc_slice multi_send_data(zc_report *report, zc_slice packed)
{
    const size_t padded = (packed.len + 31) / 32 * 32;
    const size_t len = 4 + 64 + padded;
    const zc_u256 offset = zc_u256_of(32);
    const zc_u256 count = zc_u256_of(packed.len);
    uint8_t *bytes = zc_report_room(report, len);
    memset(bytes, 0, len);
    memcpy(bytes, (const uint8_t[]){0x8d, 0x80, 0xff, 0x0a}, 4);
    zc_u256_to_be(&offset, bytes + 4);
    zc_u256_to_be(&count, bytes + 36);
    memcpy(bytes + 68, packed.data, packed.len);
    return zc_slice_of(bytes, len);
}

static void check_inner(zc_report *report, const json_t *wanted, const zc_call *call)
{
    const zc_slice data = zc_field_hex(report, wanted, "data");
    const zc_u256 value = zc_field_number(report, wanted, "value");
    zc_report_bytes(report, "to", zc_address_slice(&call->target),
                    zc_field_hex(report, wanted, "to"));
    zc_report_u64(report, "bytes of data", call->data_len, data.len);
    zc_report_u64(report, "delegatecall", call->is_delegate,
                  zc_field_is(wanted, "operation", "DELEGATE_CALL"));
    if (!zc_u256_eq(&call->value, &value)) {
        zc_report_problem(report, "the value is another");
    }
    const char *signature = zc_evm_method_signature(zc_slice_of(call->method, call->method_len));
    const char *method = zc_field_text(wanted, "method");
    if (zc_field_has(wanted, "method") &&
        (signature == NULL || strncmp(signature, method, strlen(method)) != 0)) {
        zc_report_problem(report, "the method is read as %s, the case has %s",
                          signature != NULL ? signature : "unknown", method);
    }
}

static void check_multi_send(zc_report *report, const json_t *test)
{
    static zc_intent intent;
    size_t i;
    json_t *inner;
    const json_t *decoded = json_object_get(test, "decoded");
    const uint8_t library[ZC_EVM_ADDRESS_SIZE] = {0x40, 0xa2};
    if (!decode_call(report, ZC_SLICE_OF_ARRAY(library),
                     multi_send_data(report, zc_field_hex(report, test, "transactions")),
                     &intent)) {
        return;
    }
    zc_report_u64(report, "inner calls", intent.call_count - 1, json_array_size(decoded));
    json_array_foreach(decoded, i, inner)
    {
        if (i + 1 < intent.call_count) {
            check_inner(report, inner, &intent.calls[i + 1]);
        }
    }
}

void zc_run_multi_send(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    if (json_is_object(root)) {
        zc_report_begin(report, "%s", zc_case_name(root, "method", 0));
        check_multi_send(report, root);
        zc_report_end(report);
        return;
    }
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%s %zu", zc_case_name(test, "method", i), i);
        check_multi_send(report, test);
        zc_report_end(report);
    }
}

static bool moves(const zc_intent *intent, zc_slice token, zc_slice to, const zc_u256 *amount)
{
    for (uint32_t i = 0; i < intent->movement_count; i++) {
        const zc_movement *movement = &intent->movements[i];
        if (movement->kind == ZC_MOVEMENT_OUT &&
            zc_slice_eq(zc_asset_id_slice(&movement->asset), token) &&
            zc_slice_eq(zc_address_slice(&movement->to), to) &&
            zc_u256_eq(&movement->amount, amount)) {
            return true;
        }
    }
    return false;
}

/* The arguments of a bridge's withdrawal: id, user, token, amount, signatures. */
static void check_withdrawal(zc_report *report, const json_t *test)
{
    static zc_intent intent;
    const json_t *args = json_object_get(test, "args");
    const char *text = json_string_value(json_array_get(args, 3));
    zc_u256 amount;
    if (text == NULL || !zc_ok(zc_u256_from_decimal(zc_slice_of_text(text), &amount))) {
        zc_report_problem(report, "the case is malformed: no amount");
        return;
    }
    if (decode_call(report, zc_field_hex(report, test, "to"),
                    zc_field_hex(report, test, "calldata"), &intent) &&
        !moves(&intent, zc_hex_of(report, json_array_get(args, 2)),
               zc_hex_of(report, json_array_get(args, 1)), &amount)) {
        zc_report_problem(report, "amount and recipient are not shown");
    }
}

/* A Safe's transaction as it was executed: a delegatecall is flagged, with the upgrade that it may
 * be, and its target and the words that it passes are shown. */
static void check_execution(zc_report *report, const json_t *test)
{
    static zc_intent intent;
    const uint64_t wanted = ZC_FLAG_DELEGATECALL | ZC_FLAG_PROXY_UPGRADE | ZC_FLAG_UNKNOWN_CALLDATA;
    if (!decode_call(report, zc_field_hex(report, test, "safe"),
                     zc_field_hex(report, test, "exec_transaction_calldata"), &intent)) {
        return;
    }
    const bool is_delegate = zc_field_u64(report, test, "operation") == 1;
    if (is_delegate != ((intent.flags & ZC_FLAG_DELEGATECALL) != 0) ||
        (is_delegate && (intent.flags & wanted) != wanted)) {
        zc_report_problem(report, "the flags are %#llx", (unsigned long long)intent.flags);
    }
    if (intent.call_count < 2) {
        zc_report_problem(report, "the Safe's own call is not shown");
        return;
    }
    zc_report_bytes(report, "target", zc_address_slice(&intent.calls[1].target),
                    zc_field_hex(report, test, "to"));
}

void zc_check_incident(zc_report *report, const json_t *test)
{
    if (zc_field_has(test, "exec_transaction_calldata")) {
        check_execution(report, test);
    } else if (zc_field_is(test, "function",
                           "withdrawERC20For(uint256,address,address,uint256,bytes)")) {
        check_withdrawal(report, test);
    }
}

static void check_authorization(zc_report *report, const json_t *test)
{
    static zc_intent intent;
    static const zc_address nobody = {.len = ZC_EVM_ADDRESS_SIZE};
    const json_t *fields = json_object_get(test, "authorization");
    uint8_t bytes[64];
    uint8_t rsv[65];
    zc_signer signer = {0};
    zc_signature signature;
    zc_rlp_list list;
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    const zc_u256 chain = zc_field_number(report, fields, "chain_id");
    const zc_u256 nonce = zc_field_number(report, fields, "nonce");
    bool good = zc_report_ok(report, "magic", zc_write_u8(&writer, 5));
    zc_rlp_list_begin(&writer, &list);
    good = good && zc_report_ok(report, "chain", zc_rlp_put_u256(&writer, &chain)) &&
           zc_report_ok(report, "address",
                        zc_rlp_put_string(&writer, zc_field_hex(report, fields, "address"))) &&
           zc_report_ok(report, "nonce", zc_rlp_put_u256(&writer, &nonce)) &&
           zc_report_ok(report, "list", zc_rlp_list_end(&writer, &list)) &&
           zc_report_ok(report, "decoding",
                        zc_intent_decode_evm_authorization(zc_writer_written(&writer), &nobody,
                                                           &intent, NULL));
    if (good && zc_field_signer(report, test, "private_key", &signer) &&
        zc_report_ok(report, "signing",
                     zc_sign_digest(&signer, ZC_NONCE_DETERMINISTIC, no_entropy, intent.digest,
                                    &signature))) {
        zc_report_bytes(report, "hash", ZC_SLICE_OF_ARRAY(intent.digest),
                        zc_field_hex(report, test, "hash"));
        memcpy(rsv, signature.byte, 64);
        rsv[64] = (uint8_t)(27 + signature.recovery);
        zc_report_bytes(report, "signature", ZC_SLICE_OF_ARRAY(rsv),
                        zc_field_hex(report, test, "signature"));
    }
    zc_signer_clear(&signer);
}

void zc_run_authorization(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    if (json_is_object(root)) {
        zc_report_begin(report, "%s", zc_case_name(root, "source", 0));
        check_authorization(report, root);
        zc_report_end(report);
        return;
    }
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%zu", i);
        check_authorization(report, test);
        zc_report_end(report);
    }
}
