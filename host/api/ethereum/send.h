/* eth_sendTransaction: what the caller left open is asked of the node, then it is signed and sent.
 * Interfaces with a node share it. */
#ifndef ZC_API_ETHEREUM_SEND_H
#define ZC_API_ETHEREUM_SEND_H

#include "api/ethereum/rpc.h"

void zc_account_send_transaction(zc_rpc_call *call);

#endif
