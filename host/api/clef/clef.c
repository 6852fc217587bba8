/* Clef's account_ calls, over HTTP and on a Unix socket. */
#include "api/clef/clef.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#define API_VERSION "6.1.0" /* of Clef's external API */

static void run_version(zc_rpc_call *call)
{
    call->result = json_string(API_VERSION);
}

/* Clef asks its user for a password; here the key never leaves the enclave. */
static void run_new(zc_rpc_call *call)
{
    zcp_session *session;
    zcp_error error = {0};
    zcp_key key;
    uint64_t number;
    char name[32];
    if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number) {
        zc_rpc_fail(call, ZC_RPC_SERVER, "the kernel gave no randomness");
        return;
    }
    (void)snprintf(name, sizeof name, "clef-%016" PRIx64, number);
    zcp_result made = zc_api_session(call->api, &session, &error);
    if (made == ZCP_OK) {
        made = zcp_key_create(session, name, ZCP_SECP256K1, ZCP_HOT, ZCP_HEDGED, &key, &error);
        call->api->result = made;
    }
    if (made != ZCP_OK) {
        zc_rpc_fail_sign(call, NULL, made, NULL, &error);
        return;
    }
    zc_api_key_changed(call->api, name);
    call->result = json_string(key.address);
}

static const zc_rpc_method methods[] = {
    {"account_version", run_version},
    {"account_list", zc_account_list},
    {"account_new", run_new},
    {"account_signTransaction", zc_account_run_transaction},
    {"account_signData", zc_clef_sign_data},
    {"account_signTypedData", zc_account_run_typed_data},
    {"account_signGnosisSafeTx", zc_clef_sign_safe},
    {"account_ecRecover", zc_clef_recover},
};

static zc_result start(zc_gateway *gateway, void **ret_state, zc_error *error)
{
    static const zc_rpc table = {
        .methods = methods,
        .method_count = sizeof methods / sizeof methods[0],
        .refused = "request denied: ",
        .refused_code = ZC_RPC_SERVER,
    };
    return zc_rpc_start(gateway, &table, ret_state, error);
}

const zc_translator zc_translator_clef = {
    .name = "clef",
    .listen = "127.0.0.1:8550",
    .start = start,
    .handle = zc_rpc_handle,
    .serve = zc_clef_serve,
    .stop = free,
};
