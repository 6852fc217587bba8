#include "api/ethereum/account.h"

#include <string.h>

#define ADDRESS_LEN 42

bool zc_account_find(zc_rpc_call *call, const json_t *address, zcp_key *ret_key)
{
    zcp_error error = {0};
    const char *text = json_string_value(address);
    if (text == NULL || strlen(text) != ADDRESS_LEN) {
        zc_rpc_fail(call, ZC_RPC_PARAMS, "the account's address is missing or no address");
        return false;
    }
    zcp_result found = zc_api_key_by_address(call->api, text, ret_key, &error);
    if (found == ZCP_UNREACHABLE || found == ZCP_NOT_VERIFIED) {
        zc_rpc_fail_sign(call, NULL, found, NULL, &error);
    } else if (found != ZCP_OK) {
        zc_rpc_fail(call, ZC_RPC_UNAUTHORIZED, "no key of this deployment has the address");
    }
    return found == ZCP_OK;
}

static bool add_account(void *context, const zcp_key *key)
{
    json_t *list = context;
    return key->address[0] == '\0' || key->disabled ||
           json_array_append_new(list, json_string(key->address)) == 0;
}

void zc_account_list(zc_rpc_call *call)
{
    zcp_error error = {0};
    json_t *list = json_array();
    zcp_result listed = zc_api_keys(call->api, 0, add_account, list, &error);
    if (listed != ZCP_OK || list == NULL) {
        json_decref(list);
        zc_rpc_fail_sign(call, NULL, listed, NULL, &error);
        return;
    }
    call->result = list;
}
