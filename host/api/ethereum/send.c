#include "api/ethereum/send.h"

#include "api/ethereum/quantity.h"
#include "api/ethereum/sign.h"

/* The node's answer to a method without side effects; NULL with the call failed. */
static json_t *ask(zc_rpc_call *call, const char *method, json_t *take_params)
{
    json_t *answer = take_params != NULL ? zc_node_ask(call->rpc->node, method, take_params) : NULL;
    json_decref(take_params);
    json_t *result = answer != NULL ? json_incref(json_object_get(answer, "result")) : NULL;
    if (result == NULL) {
        const char *said =
            json_string_value(json_object_get(json_object_get(answer, "error"), "message"));
        zc_rpc_fail(call, ZC_RPC_SERVER, said != NULL ? said : "the node does not answer");
    }
    json_decref(answer);
    return result;
}

static bool absent(const json_t *object, const char *name)
{
    return json_object_get(object, name) == NULL || json_is_null(json_object_get(object, name));
}

/* Adds a field that the caller left open. */
static bool fill(zc_rpc_call *call, json_t *object, const char *name, const char *method,
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
static bool fill_fees(zc_rpc_call *call, json_t *object)
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

static bool fill_all(zc_rpc_call *call, json_t *object)
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

void zc_account_send_transaction(zc_rpc_call *call)
{
    zc_signed_transaction made = {0};
    zcp_key key;
    if (call->rpc->node[0] == '\0') {
        zc_rpc_fail(call, ZC_RPC_METHOD,
                    "eth_sendTransaction needs a node: start the "
                    "gateway with --node URL");
        return;
    }
    json_t *object = json_deep_copy(zc_rpc_parameter(call, 0));
    bool known =
        json_is_object(object) && zc_account_find(call, json_object_get(object, "from"), &key);
    if (!json_is_object(object)) {
        zc_rpc_fail(call, ZC_RPC_PARAMS, "the transaction is no object");
    }
    if (known && fill_all(call, object) && zc_account_sign_transaction(call, object, &made)) {
        json_t *sent = zc_data_json(zc_bytes_slice(&made.raw));
        call->result = ask(call, "eth_sendRawTransaction", json_pack("[o]", sent));
    } else if (known && call->error == NULL) {
        zc_rpc_fail(call, ZC_RPC_SERVER, "the fees that the node tells can't be added up");
    }
    zc_bytes_clear(&made.raw);
    json_decref(object);
}
