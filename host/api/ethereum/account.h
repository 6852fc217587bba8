/* Accounts: keys of the deployment that have an Ethereum address. */
#ifndef ZC_API_ETHEREUM_ACCOUNT_H
#define ZC_API_ETHEREUM_ACCOUNT_H

#include "api/ethereum/rpc.h"

/* The key of an address, whatever its case; false with the call failed. */
bool zc_account_find(zc_rpc_call *call, const json_t *address, zcp_key *ret_key);
/* The call's result is the list of addresses of keys that are not disabled. */
void zc_account_list(zc_rpc_call *call);

#endif
