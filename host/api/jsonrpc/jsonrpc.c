/* Ethereum's JSON-RPC: a provider that holds accounts. What signs is translated; everything else
 * goes to the node that --node names, or is not there. */
#include <stdlib.h>

#include "api/ethereum/sign.h"
#include "api/ethereum/send.h"

static void run_client_version(zc_rpc_call *call)
{
    call->result = json_string("ZeroCopy/0.1.0");
}

/* personal_sign(message, address, …); eth_sign(address, message). Both prefix (EIP-191). */
static void run_personal_sign(zc_rpc_call *call)
{
    zc_account_sign_message(call, zc_rpc_parameter(call, 1), zc_rpc_parameter(call, 0));
}

static void run_eth_sign(zc_rpc_call *call)
{
    zc_account_sign_message(call, zc_rpc_parameter(call, 0), zc_rpc_parameter(call, 1));
}

static void run_typed_data(zc_rpc_call *call)
{
    zcp_signature signature;
    if (zc_account_sign_typed_data(call, zc_rpc_parameter(call, 0), zc_rpc_parameter(call, 1),
                                   &signature)) {
        call->result = zc_account_signature_json(&signature, ZC_V_WALLET);
    }
}

static void run_sign_transaction(zc_rpc_call *call)
{
    zc_signed_transaction made;
    json_t *object = zc_rpc_parameter(call, 0);
    if (zc_account_sign_transaction(call, object, &made)) {
        call->result = zc_account_envelope(object, &made);
        zc_bytes_clear(&made.raw);
    }
}

static const zc_rpc_method methods[] = {
    {"web3_clientVersion", run_client_version},
    {"eth_accounts", zc_account_list},
    {"eth_requestAccounts", zc_account_list},
    {"personal_listAccounts", zc_account_list},
    {"eth_sign", run_eth_sign},
    {"personal_sign", run_personal_sign},
    {"eth_signTypedData", run_typed_data},
    {"eth_signTypedData_v4", run_typed_data},
    {"eth_signTransaction", run_sign_transaction},
    {"eth_sendTransaction", zc_account_send_transaction},
};

static void handle(void *state, zc_api_call *call, zc_http_response *response)
{
    zc_rpc_handle(state, call, response);
}

static zc_result start(zc_gateway *gateway, void **ret_state, zc_error *error)
{
    static const zc_rpc table = {
        .methods = methods,
        .method_count = sizeof methods / sizeof methods[0],
        .passes_on = true,
        .refused = "",
        .refused_code = ZC_RPC_REJECTED,
    };
    zc_rpc *rpc;
    ZC_TRY(zc_rpc_new(gateway, &table, &rpc, error));
    *ret_state = rpc;
    return ZC_OK;
}

const zc_translator zc_translator_jsonrpc = {
    .name = "jsonrpc",
    .listen = "127.0.0.1:8545",
    .start = start,
    .handle = handle,
    .stop = free,
};
