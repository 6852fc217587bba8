/* JSON-RPC 2.0 as the Ethereum interfaces share it: requests, batches, errors, and a table of
 * methods that each interface brings. */
#ifndef ZC_API_ETHEREUM_RPC_H
#define ZC_API_ETHEREUM_RPC_H

#include "api/ethereum/node.h"
#include "api/gateway.h"

/* Of EIP-1193 and JSON-RPC 2.0. */
typedef enum zc_rpc_code {
    ZC_RPC_REJECTED = 4001,     /* policy refused, or people must say yes first */
    ZC_RPC_UNAUTHORIZED = 4100, /* not an account of the caller's */
    ZC_RPC_DISCONNECTED = 4900, /* no enclave answers */
    ZC_RPC_PARSE = -32700,
    ZC_RPC_REQUEST = -32600,
    ZC_RPC_METHOD = -32601,
    ZC_RPC_PARAMS = -32602,
    ZC_RPC_SERVER = -32000,
} zc_rpc_code;

typedef struct zc_rpc_call zc_rpc_call;

typedef struct zc_rpc_method {
    const char *name;
    void (*run)(zc_rpc_call *call);
} zc_rpc_method;

/* An interface: lives as long as its listener. */
typedef struct zc_rpc {
    const zc_rpc_method *methods;
    size_t method_count;
    bool passes_on;              /* other methods are the node's */
    const char *refused;         /* begins the message of a refusal by policy; "" for most */
    zc_rpc_code refused_code;    /* ZC_RPC_REJECTED for most */
    char node[ZC_NODE_URL_SIZE]; /* empty: none */
    uint64_t chain_id;           /* 0: not said */
} zc_rpc;

struct zc_rpc_call {
    const zc_rpc *rpc;
    zc_api_call *api;
    const char *method;
    json_t *params; /* an array; borrowed */
    json_t *result; /* set by a method that succeeded */
    json_t *error;  /* or this */
};

/* A translator's state: the table with the gateway's options `node` and `chain-id`. free() ends it.
 * Errors: ZC_SUPPORT_BAD_ARGUMENT, ZC_SUPPORT_NO_MEMORY. */
ZC_MUST_USE zc_result zc_rpc_start(zc_gateway *gateway, const zc_rpc *table, void **ret_state,
                                   zc_error *error);

/* The answer to a body: one request or a batch of at most 100. NULL: there is nothing to say,
 * because all were notifications (*ret_silent), or no memory. */
json_t *zc_rpc_answer(const zc_rpc *rpc, zc_api_call *api, zc_slice body, bool *ret_silent);
/* The same as a translator's `handle`; `state` is zc_rpc_start()'s. */
void zc_rpc_handle(void *state, zc_api_call *api, zc_http_response *response);

/* Parameter `index`, or NULL; borrowed. */
json_t *zc_rpc_parameter(const zc_rpc_call *call, size_t index);
/* The first failure is kept. */
void zc_rpc_fail(zc_rpc_call *call, zc_rpc_code code, const char *message);
/* From what libzcp said: refusals carry the rule and the margin in "data". `request` and `decision`
 * may be NULL where nothing was to be signed. */
void zc_rpc_fail_sign(zc_rpc_call *call, const zcp_sign_request *request, zcp_result result,
                      const zcp_decision *decision, const zcp_error *error);

#endif
