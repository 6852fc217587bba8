/* The methods that sign or tell accounts. Everything else is the node's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/jsonrpc/jsonrpc.h"
#include "api/jsonrpc/quantity.h"
#include "api/jsonrpc/transaction.h"
#include "support/json.h"

#define FORM_MAX ((size_t)60 << 10)
#define SIGNED_ROOM 80

static json_t *parameter(const zc_jsonrpc_call *call, size_t index)
{
    return json_array_get(call->params, index);
}

static bool add_account(void *context, const zcp_key *key)
{
    json_t *list = context;
    return key->address[0] == '\0' || key->disabled ||
           json_array_append_new(list, json_string(key->address)) == 0;
}

static void run_accounts(zc_jsonrpc_call *call)
{
    zcp_error error;
    json_t *list = json_array();
    zcp_result listed = zc_api_keys(call->api, add_account, list, &error);
    if (listed != ZCP_OK || list == NULL) {
        json_decref(list);
        zc_jsonrpc_fail_sign(call, NULL, listed, NULL, &error);
        return;
    }
    call->result = list;
}

/* Signs, or fails the call. */
static bool sign(zc_jsonrpc_call *call, const zcp_sign_request *request,
                 zcp_signature *ret_signature)
{
    zcp_decision decision = {0};
    zcp_error error;
    zcp_result result = zc_api_sign(call->api, request, ret_signature, &decision, &error);
    if (result != ZCP_OK) {
        zc_jsonrpc_fail_sign(call, request, result, &decision, &error);
    }
    return result == ZCP_OK;
}

/* r ‖ s ‖ v, as wallets give it. */
static json_t *wallet_signature(const zcp_signature *signature)
{
    uint8_t bytes[65];
    memcpy(bytes, signature->signature, 64);
    bytes[64] = (uint8_t)(27 + signature->recovery);
    return zc_data_json(ZC_SLICE_OF_ARRAY(bytes));
}

static void sign_message(zc_jsonrpc_call *call, const json_t *address, const json_t *message)
{
    zcp_key key;
    zcp_signature signature;
    ZC_BYTES zc_bytes data = {0};
    if (!zc_jsonrpc_account(call, address, &key)) {
        return;
    }
    if (!zc_data_read(message, &data)) {
        zc_jsonrpc_fail(call, ZC_JSONRPC_PARAMS, "the message is no data (0x and pairs of digits)");
        return;
    }
    const uint8_t empty = 0;
    const zcp_sign_request request = {.key = key.name,
                                      .use = ZCP_MESSAGE,
                                      .chain = ZCP_CHAIN_EVM,
                                      .payload = data.len != 0 ? data.data : &empty,
                                      .payload_len = data.len};
    if (sign(call, &request, &signature)) {
        call->result = wallet_signature(&signature);
    }
}

/* personal_sign(message, address, …); eth_sign(address, message). Both prefix (EIP-191). */
static void run_personal_sign(zc_jsonrpc_call *call)
{
    sign_message(call, parameter(call, 1), parameter(call, 0));
}

static void run_eth_sign(zc_jsonrpc_call *call)
{
    sign_message(call, parameter(call, 0), parameter(call, 1));
}

/* Typed data comes as an object, or as text that holds one. */
static char *typed_data_text(const json_t *value)
{
    return json_is_string(value) ? strdup(json_string_value(value))
                                 : json_dumps(value, JSON_COMPACT);
}

static void run_typed_data(zc_jsonrpc_call *call)
{
    zcp_key key;
    zcp_error error;
    zcp_signature signature;
    size_t len = 0;
    if (!zc_jsonrpc_account(call, parameter(call, 0), &key)) {
        return;
    }
    char *text = typed_data_text(parameter(call, 1));
    uint8_t *form = malloc(FORM_MAX);
    if (text == NULL || form == NULL) {
        zc_jsonrpc_fail(call, ZC_JSONRPC_PARAMS, "the typed data is missing");
    } else if (zcp_typed_data(text, strlen(text), form, FORM_MAX, &len, &error) != ZCP_OK) {
        zc_jsonrpc_fail(call, ZC_JSONRPC_PARAMS, error.why);
    } else {
        const zcp_sign_request request = {.key = key.name,
                                          .use = ZCP_TYPED_DATA,
                                          .chain = ZCP_CHAIN_EVM,
                                          .payload = form,
                                          .payload_len = len};
        if (sign(call, &request, &signature)) {
            call->result = wallet_signature(&signature);
        }
    }
    free(form);
    free(text);
}

/* The signed bytes of a transaction object, appended; or the call is failed. */
static bool sign_transaction(zc_jsonrpc_call *call, json_t *object, zc_bytes *ret_signed)
{
    zcp_key key;
    zcp_signature signature;
    zcp_error error;
    char why[128];
    uint8_t *room = NULL;
    size_t len = 0;
    ZC_BYTES zc_bytes unsigned_tx = {0};
    if (!zc_jsonrpc_account(call, json_object_get(object, "from"), &key)) {
        return false;
    }
    if (!zc_transaction_write(object, &unsigned_tx, why)) {
        zc_jsonrpc_fail(call, ZC_JSONRPC_PARAMS, why);
        return false;
    }
    const zcp_sign_request request = {.key = key.name,
                                      .use = ZCP_TX,
                                      .chain = ZCP_CHAIN_EVM,
                                      .payload = unsigned_tx.data,
                                      .payload_len = unsigned_tx.len};
    if (!sign(call, &request, &signature)) {
        return false;
    }
    room = malloc(unsigned_tx.len + SIGNED_ROOM);
    bool made = room != NULL &&
                zcp_evm_signed(unsigned_tx.data, unsigned_tx.len, &signature, room,
                               unsigned_tx.len + SIGNED_ROOM, &len, &error) == ZCP_OK &&
                zc_bytes_append(ret_signed, zc_slice_of(room, len));
    free(room);
    if (!made) {
        zc_jsonrpc_fail(call, ZC_JSONRPC_SERVER, "the signature does not go into the transaction");
    }
    return made;
}

/* {"raw", "tx"}, as execution clients answer. */
static void run_sign_transaction(zc_jsonrpc_call *call)
{
    ZC_BYTES zc_bytes raw = {0};
    json_t *object = parameter(call, 0);
    if (sign_transaction(call, object, &raw)) {
        call->result =
            json_pack("{s:o, s:O}", "raw", zc_data_json(zc_bytes_slice(&raw)), "tx", object);
    }
}

/* The node's answer to a method without side effects; NULL with the call failed. */
static json_t *ask(zc_jsonrpc_call *call, const char *method, json_t *take_params)
{
    json_t *answer =
        take_params != NULL ? zc_node_ask(call->state->node, method, take_params) : NULL;
    json_decref(take_params);
    json_t *result = answer != NULL ? json_incref(json_object_get(answer, "result")) : NULL;
    if (result == NULL) {
        const char *said =
            json_string_value(json_object_get(json_object_get(answer, "error"), "message"));
        zc_jsonrpc_fail(call, ZC_JSONRPC_SERVER, said != NULL ? said : "the node does not answer");
    }
    json_decref(answer);
    return result;
}

static bool absent(const json_t *object, const char *name)
{
    return json_object_get(object, name) == NULL || json_is_null(json_object_get(object, name));
}

/* Adds a field that the caller left open. */
static bool fill(zc_jsonrpc_call *call, json_t *object, const char *name, const char *method,
                 json_t *take_params)
{
    if (!absent(object, name)) {
        json_decref(take_params);
        return true;
    }
    json_t *value = ask(call, method, take_params);
    return value != NULL && json_object_set_new(object, name, value) == 0;
}

/* Chain, nonce, price and gas, each only where it is missing. Twice the base fee leaves room for
 * six full blocks. */
static bool fill_fees(zc_jsonrpc_call *call, json_t *object)
{
    zc_u256 base;
    zc_u256 tip;
    zc_u256 most;
    if (!absent(object, "gasPrice") || !absent(object, "maxFeePerGas")) {
        return true;
    }
    json_t *block = ask(call, "eth_getBlockByNumber", json_pack("[s, b]", "latest", 0));
    if (block == NULL) {
        return false;
    }
    bool has_base = zc_quantity_read(json_object_get(block, "baseFeePerGas"), &base);
    json_decref(block);
    if (!has_base) {
        return fill(call, object, "gasPrice", "eth_gasPrice", json_array());
    }
    if (!fill(call, object, "maxPriorityFeePerGas", "eth_maxPriorityFeePerGas", json_array())) {
        return false;
    }
    bool summed = zc_quantity_read(json_object_get(object, "maxPriorityFeePerGas"), &tip) &&
                  zc_ok(zc_u256_mul_u64(&base, 2, &most)) && zc_ok(zc_u256_add(&most, &tip, &most));
    return summed && json_object_set_new(object, "maxFeePerGas", zc_quantity_json(&most)) == 0;
}

static bool fill_all(zc_jsonrpc_call *call, json_t *object)
{
    json_t *from = json_object_get(object, "from");
    if (!fill(call, object, "chainId", "eth_chainId", json_array()) ||
        !fill(call, object, "nonce", "eth_getTransactionCount",
              json_pack("[O, s]", from, "pending")) ||
        !fill_fees(call, object)) {
        return false;
    }
    const char *gas = absent(object, "gasLimit") ? "gas" : "gasLimit";
    return fill(call, object, gas, "eth_estimateGas", json_pack("[O]", object));
}

static void run_send_transaction(zc_jsonrpc_call *call)
{
    ZC_BYTES zc_bytes raw = {0};
    zcp_key key;
    if (call->state->node[0] == '\0') {
        zc_jsonrpc_fail(call, ZC_JSONRPC_METHOD,
                        "eth_sendTransaction needs a node: start the "
                        "gateway with --node URL");
        return;
    }
    json_t *object = json_deep_copy(parameter(call, 0));
    bool known =
        json_is_object(object) && zc_jsonrpc_account(call, json_object_get(object, "from"), &key);
    if (!json_is_object(object)) {
        zc_jsonrpc_fail(call, ZC_JSONRPC_PARAMS, "the transaction is no object");
    }
    if (known && fill_all(call, object) && sign_transaction(call, object, &raw)) {
        json_t *sent = zc_data_json(zc_bytes_slice(&raw));
        call->result = ask(call, "eth_sendRawTransaction", json_pack("[o]", sent));
    } else if (known && call->error == NULL) {
        zc_jsonrpc_fail(call, ZC_JSONRPC_SERVER, "the fees that the node tells can't be added up");
    }
    json_decref(object);
}

static void run_client_version(zc_jsonrpc_call *call)
{
    call->result = json_string("ZeroCopy/0.1.0");
}

static const struct {
    const char *name;
    void (*run)(zc_jsonrpc_call *call);
} methods[] = {
    {"web3_clientVersion", run_client_version},
    {"eth_accounts", run_accounts},
    {"eth_requestAccounts", run_accounts},
    {"personal_listAccounts", run_accounts},
    {"eth_sign", run_eth_sign},
    {"personal_sign", run_personal_sign},
    {"eth_signTypedData", run_typed_data},
    {"eth_signTypedData_v4", run_typed_data},
    {"eth_signTransaction", run_sign_transaction},
    {"eth_sendTransaction", run_send_transaction},
};

bool zc_jsonrpc_run(zc_jsonrpc_call *call)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(methods[i].name, call->method) == 0) {
            call->api->operation = methods[i].name;
            methods[i].run(call);
            return true;
        }
    }
    return false;
}
