#include "api/ethereum/sign.h"

#include <stdlib.h>
#include <string.h>

#include "api/ethereum/quantity.h"
#include "api/ethereum/transaction.h"

#define FORM_MAX ((size_t)60 << 10)
#define SIGNED_ROOM 80

json_t *zc_account_signature_json(const zcp_signature *signature, zc_signature_v v)
{
    uint8_t bytes[65];
    memcpy(bytes, signature->signature, 64);
    bytes[64] = (uint8_t)((unsigned)v + signature->recovery);
    return zc_data_json(ZC_SLICE_OF_ARRAY(bytes));
}

bool zc_account_sign(zc_rpc_call *call, const zcp_sign_request *request,
                     zcp_signature *ret_signature)
{
    zcp_decision decision = {0};
    zcp_error error = {0};
    zcp_result result = zc_api_sign(call->api, request, ret_signature, &decision, &error);
    if (result != ZCP_OK) {
        zc_rpc_fail_sign(call, request, result, &decision, &error);
    }
    return result == ZCP_OK;
}

void zc_account_sign_message(zc_rpc_call *call, const json_t *address, const json_t *message)
{
    zcp_key key;
    zcp_signature signature;
    const uint8_t empty = 0;
    ZC_BYTES zc_bytes data = {0};
    if (!zc_account_find(call, address, &key)) {
        return;
    }
    if (!zc_data_read(message, &data)) {
        zc_rpc_fail(call, ZC_RPC_PARAMS, "the message is no data (0x and pairs of digits)");
        return;
    }
    const zcp_sign_request request = {.key = key.name,
                                      .use = ZCP_MESSAGE,
                                      .chain = ZCP_CHAIN_EVM,
                                      .payload = data.len != 0 ? data.data : &empty,
                                      .payload_len = data.len};
    if (zc_account_sign(call, &request, &signature)) {
        call->result = zc_account_signature_json(&signature, ZC_V_WALLET);
    }
}

/* Text that holds an object, or an object; NULL for anything else. The caller frees. */
static char *typed_data_text(const json_t *data)
{
    return json_is_string(data)   ? strdup(json_string_value(data))
           : json_is_object(data) ? json_dumps(data, JSON_COMPACT)
                                  : NULL;
}

bool zc_account_sign_typed_data(zc_rpc_call *call, const json_t *address, const json_t *data,
                                zcp_signature *ret_signature)
{
    zcp_key key;
    zcp_error error = {0};
    size_t len = 0;
    bool made = false;
    if (!zc_account_find(call, address, &key)) {
        return false;
    }
    char *text = typed_data_text(data);
    uint8_t *form = malloc(FORM_MAX);
    if (text == NULL || form == NULL) {
        zc_rpc_fail(call, ZC_RPC_PARAMS, "the typed data is missing");
    } else if (zcp_typed_data(text, strlen(text), form, FORM_MAX, &len, &error) != ZCP_OK) {
        zc_rpc_fail(call, ZC_RPC_PARAMS, error.why);
    } else {
        const zcp_sign_request request = {.key = key.name,
                                          .use = ZCP_TYPED_DATA,
                                          .chain = ZCP_CHAIN_EVM,
                                          .payload = form,
                                          .payload_len = len};
        made = zc_account_sign(call, &request, ret_signature);
    }
    free(form);
    free(text);
    return made;
}

bool zc_account_sign_digest(zc_rpc_call *call, const json_t *address,
                            const uint8_t digest[static 32], zcp_signature *ret_signature)
{
    zcp_key key;
    if (!zc_account_find(call, address, &key)) {
        return false;
    }
    const zcp_sign_request request = {
        .key = key.name, .use = ZCP_DIGEST, .payload = digest, .payload_len = 32};
    return zc_account_sign(call, &request, ret_signature);
}

/* False with the call failed. */
static bool set_chain(zc_rpc_call *call, json_t *object)
{
    zc_u256 chain;
    uint64_t said = 0;
    const json_t *value = json_object_get(object, "chainId");
    if (call->rpc->chain_id == 0 || !json_is_object(object)) {
        return true;
    }
    if (value == NULL || json_is_null(value)) {
        const zc_u256 wanted = zc_u256_of(call->rpc->chain_id);
        return json_object_set_new(object, "chainId", zc_quantity_json(&wanted)) == 0;
    }
    bool same = zc_quantity_read(value, &chain) && zc_ok(zc_u256_to_u64(&chain, &said)) &&
                said == call->rpc->chain_id;
    if (!same) {
        zc_rpc_fail(call, ZC_RPC_PARAMS, "chainId is not the chain of this gateway (--chain-id)");
    }
    return same;
}

static bool put_together(const zc_bytes *unsigned_tx, const zcp_signature *signature,
                         zc_bytes *ret_raw)
{
    zcp_error error;
    size_t len = 0;
    size_t capacity = unsigned_tx->len + SIGNED_ROOM;
    uint8_t *room = malloc(capacity);
    bool made = room != NULL &&
                zcp_evm_signed(unsigned_tx->data, unsigned_tx->len, signature, room, capacity, &len,
                               &error) == ZCP_OK &&
                zc_bytes_append(ret_raw, zc_slice_of(room, len));
    free(room);
    return made;
}

bool zc_account_sign_transaction(zc_rpc_call *call, json_t *object,
                                 zc_signed_transaction *ret_signed)
{
    zcp_key key;
    char why[128];
    ZC_BYTES zc_bytes unsigned_tx = {0};
    if (!zc_account_find(call, json_object_get(object, "from"), &key) || !set_chain(call, object)) {
        return false;
    }
    if (!zc_transaction_write(object, &unsigned_tx, why)) {
        zc_rpc_fail(call, ZC_RPC_PARAMS, why);
        return false;
    }
    const zcp_sign_request request = {.key = key.name,
                                      .use = ZCP_TX,
                                      .chain = ZCP_CHAIN_EVM,
                                      .payload = unsigned_tx.data,
                                      .payload_len = unsigned_tx.len};
    zc_signed_transaction made = {.type = unsigned_tx.data[0] < 0x80 ? unsigned_tx.data[0] : 0};
    if (!zc_account_sign(call, &request, &made.signature)) {
        return false;
    }
    if (!put_together(&unsigned_tx, &made.signature, &made.raw)) {
        zc_bytes_clear(&made.raw);
        zc_rpc_fail(call, ZC_RPC_SERVER, "the signature does not go into the transaction");
        return false;
    }
    *ret_signed = made;
    return true;
}

void zc_account_run_message(zc_rpc_call *call)
{
    zc_account_sign_message(call, zc_rpc_parameter(call, 0), zc_rpc_parameter(call, 1));
}

void zc_account_run_typed_data(zc_rpc_call *call)
{
    zcp_signature signature;
    if (zc_account_sign_typed_data(call, zc_rpc_parameter(call, 0), zc_rpc_parameter(call, 1),
                                   &signature)) {
        call->result = zc_account_signature_json(&signature, ZC_V_WALLET);
    }
}

void zc_account_run_transaction(zc_rpc_call *call)
{
    zc_signed_transaction made;
    json_t *object = zc_rpc_parameter(call, 0);
    if (zc_account_sign_transaction(call, object, &made)) {
        call->result = zc_account_envelope(object, &made);
        zc_bytes_clear(&made.raw);
    }
}
