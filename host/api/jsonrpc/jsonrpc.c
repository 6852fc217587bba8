/* Ethereum's JSON-RPC: a provider that holds accounts. What signs is translated; everything else
 * goes to the node that --node names, or is not there. */
#include <stdlib.h>

#include "api/ethereum/sign.h"
#include "api/ethereum/send.h"

static void run_client_version(zc_rpc_call *call)
{
    call->result = json_string("ZeroCopy/0.1.0");
}

/* personal_sign(message, address, …): eth_sign the other way round. Both prefix (EIP-191). */
static void run_personal_sign(zc_rpc_call *call)
{
    zc_account_sign_message(call, zc_rpc_parameter(call, 1), zc_rpc_parameter(call, 0));
}

static const zc_rpc_method methods[] = {
    {"web3_clientVersion", run_client_version},
    {"eth_accounts", zc_account_list},
    {"eth_requestAccounts", zc_account_list},
    {"personal_listAccounts", zc_account_list},
    {"eth_sign", zc_account_run_message},
    {"personal_sign", run_personal_sign},
    {"eth_signTypedData", zc_account_run_typed_data},
    {"eth_signTypedData_v4", zc_account_run_typed_data},
    {"eth_signTransaction", zc_account_run_transaction},
    {"eth_sendTransaction", zc_account_send_transaction},
};

static zc_result start(zc_gateway *gateway, void **ret_state, zc_error *error)
{
    static const zc_rpc table = {
        .methods = methods,
        .method_count = sizeof methods / sizeof methods[0],
        .passes_on = true,
        .refused = "",
        .refused_code = ZC_RPC_REJECTED,
    };
    return zc_rpc_start(gateway, &table, ret_state, error);
}

const zc_translator zc_translator_jsonrpc = {
    .name = "jsonrpc",
    .listen = "127.0.0.1:8545",
    .start = start,
    .handle = zc_rpc_handle,
    .stop = free,
};
