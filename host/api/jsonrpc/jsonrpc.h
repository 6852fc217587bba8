/* Private to the interface: one JSON-RPC request under way, and what its methods share. */
#ifndef ZC_API_JSONRPC_JSONRPC_H
#define ZC_API_JSONRPC_JSONRPC_H

#include "api/gateway.h"
#include "api/jsonrpc/node.h"

typedef struct zc_jsonrpc {
    char node[ZC_NODE_URL_SIZE]; /* empty: none */
} zc_jsonrpc;

/* Of EIP-1193 and JSON-RPC 2.0. */
typedef enum zc_jsonrpc_code {
    ZC_JSONRPC_REJECTED = 4001,     /* policy refused, or people must say yes first */
    ZC_JSONRPC_UNAUTHORIZED = 4100, /* not an account of the caller's */
    ZC_JSONRPC_DISCONNECTED = 4900, /* no enclave answers */
    ZC_JSONRPC_PARSE = -32700,
    ZC_JSONRPC_REQUEST = -32600,
    ZC_JSONRPC_METHOD = -32601,
    ZC_JSONRPC_PARAMS = -32602,
    ZC_JSONRPC_SERVER = -32000,
} zc_jsonrpc_code;

typedef struct zc_jsonrpc_call {
    const zc_jsonrpc *state;
    zc_api_call *api;
    const char *method;
    json_t *params; /* an array; borrowed */
    json_t *result; /* set by a method that succeeded */
    json_t *error;  /* or this */
} zc_jsonrpc_call;

void zc_jsonrpc_fail(zc_jsonrpc_call *call, zc_jsonrpc_code code, const char *message);
/* From what libzcp said: refusals carry the rule and the margin in "data". */
void zc_jsonrpc_fail_sign(zc_jsonrpc_call *call, const zcp_sign_request *request, zcp_result result,
                          const zcp_decision *decision, const zcp_error *error);
/* The key of the account in parameter `index`; false with the call failed. */
bool zc_jsonrpc_account(zc_jsonrpc_call *call, const json_t *address, zcp_key *ret_key);

/* methods.c: runs the method, or returns false when it is not one of ours. */
bool zc_jsonrpc_run(zc_jsonrpc_call *call);

#endif
