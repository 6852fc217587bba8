#include "api/ethereum/rpc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/reasons.h"

#define BATCH_MAX 100

json_t *zc_rpc_parameter(const zc_rpc_call *call, size_t index)
{
    return json_array_get(call->params, index);
}

void zc_rpc_fail(zc_rpc_call *call, zc_rpc_code code, const char *message)
{
    if (call->error == NULL) {
        call->error = json_pack("{s:i, s:s}", "code", (int)code, "message", message);
    }
}

static void fail_refused(zc_rpc_call *call, const zcp_sign_request *request, zcp_result result,
                         const zcp_decision *decision)
{
    char text[640];
    char whole[720];
    json_t *data = zc_api_refusal(result, decision, request, text);
    (void)snprintf(whole, sizeof whole, "%s%s", call->rpc->refused, text);
    zc_rpc_fail(call, call->rpc->refused_code, whole);
    if (call->error != NULL && data != NULL) {
        (void)json_object_set_new(call->error, "data", data);
    }
}

void zc_rpc_fail_sign(zc_rpc_call *call, const zcp_sign_request *request, zcp_result result,
                      const zcp_decision *decision, const zcp_error *error)
{
    bool refused = result == ZCP_DENIED || result == ZCP_APPROVAL_NEEDED;
    if (refused && request != NULL && decision != NULL) {
        fail_refused(call, request, result, decision);
        return;
    }
    bool gone = result == ZCP_UNREACHABLE || result == ZCP_NOT_VERIFIED;
    char whole[sizeof error->what + sizeof error->why + 2];
    (void)snprintf(whole, sizeof whole, "%s: %s", error->what, error->why);
    zc_rpc_fail(call, gone ? ZC_RPC_DISCONNECTED : ZC_RPC_SERVER, whole);
}

static json_t *answer_of(const json_t *id, zc_rpc_call *call)
{
    json_t *answer = json_pack("{s:s}", "jsonrpc", "2.0");
    json_t *known = id != NULL ? json_incref((json_t *)(uintptr_t)id) : json_null();
    if (call->error == NULL && call->result == NULL) {
        zc_rpc_fail(call, ZC_RPC_SERVER, "there is no memory left");
    }
    bool made = answer != NULL && json_object_set_new(answer, "id", known) == 0;
    if (call->error != NULL) {
        json_decref(call->result);
        made = made && json_object_set_new(answer, "error", call->error) == 0;
    } else {
        made = made && json_object_set_new(answer, "result", call->result) == 0;
    }
    if (!made) {
        json_decref(answer);
        return NULL;
    }
    return answer;
}

/* What is not ours to answer is the node's, word for word. */
static void pass_on(zc_rpc_call *call)
{
    if (!call->rpc->passes_on) {
        zc_rpc_fail(call, ZC_RPC_METHOD, "the method does not exist");
        return;
    }
    if (call->rpc->node[0] == '\0') {
        zc_rpc_fail(call, ZC_RPC_METHOD,
                    "this method is a node's: start the gateway with --node URL");
        return;
    }
    call->api->operation = "node";
    json_t *answer = zc_node_ask(call->rpc->node, call->method, call->params);
    json_t *error = json_object_get(answer, "error");
    if (answer == NULL) {
        zc_rpc_fail(call, ZC_RPC_SERVER, "the node does not answer");
    } else if (error != NULL && !json_is_null(error)) {
        call->error = json_incref(error);
    } else {
        call->result = json_incref(json_object_get(answer, "result"));
    }
    json_decref(answer);
}

static void run_method(zc_rpc_call *call)
{
    for (size_t i = 0; i < call->rpc->method_count; i++) {
        if (strcmp(call->rpc->methods[i].name, call->method) == 0) {
            call->api->operation = call->rpc->methods[i].name;
            call->rpc->methods[i].run(call);
            return;
        }
    }
    pass_on(call);
}

/* One request of JSON-RPC 2.0; NULL for a notification, which wants no answer. */
static json_t *run_one(const zc_rpc *rpc, zc_api_call *api, json_t *request)
{
    json_t *params = json_object_get(request, "params");
    json_t *none = json_array();
    const json_t *id = json_object_get(request, "id");
    zc_rpc_call call = {.rpc = rpc,
                        .api = api,
                        .method = json_string_value(json_object_get(request, "method")),
                        .params = params != NULL && !json_is_null(params) ? params : none};
    const char *version = json_string_value(json_object_get(request, "jsonrpc"));
    if (call.method == NULL || version == NULL || strcmp(version, "2.0") != 0) {
        zc_rpc_fail(&call, ZC_RPC_REQUEST, "not a request of JSON-RPC 2.0");
    } else if (!json_is_array(call.params)) {
        zc_rpc_fail(&call, ZC_RPC_PARAMS, "params is no list");
    } else {
        run_method(&call);
    }
    json_t *answer = answer_of(id, &call);
    json_decref(none);
    if (id == NULL && call.method != NULL) {
        json_decref(answer);
        return NULL;
    }
    return answer;
}

static json_t *run_batch(const zc_rpc *rpc, zc_api_call *api, json_t *requests)
{
    size_t index;
    json_t *request;
    json_t *answers = json_array();
    json_array_foreach(requests, index, request)
    {
        json_t *answer = run_one(rpc, api, request);
        if (answer != NULL && json_array_append_new(answers, answer) != 0) {
            json_decref(answers);
            return NULL;
        }
    }
    return answers;
}

static json_t *refuse(zc_rpc_code code, const char *why)
{
    zc_rpc_call call = {0};
    zc_rpc_fail(&call, code, why);
    return answer_of(NULL, &call);
}

json_t *zc_rpc_answer(const zc_rpc *rpc, zc_api_call *api, zc_slice text, bool *ret_silent)
{
    char why[96];
    json_t *answer;
    *ret_silent = false;
    if (api->identity == NULL) {
        return refuse(ZC_RPC_UNAUTHORIZED, "the gateway does not know who asks");
    }
    json_t *body = zc_http_json(text, why);
    if (body == NULL) {
        return refuse(ZC_RPC_PARSE, why);
    }
    if (!json_is_array(body)) {
        answer = run_one(rpc, api, body);
        *ret_silent = answer == NULL;
    } else if (json_array_size(body) == 0 || json_array_size(body) > BATCH_MAX) {
        answer = refuse(ZC_RPC_REQUEST, "a batch has 1 to 100 requests");
    } else {
        answer = run_batch(rpc, api, body);
        *ret_silent = answer != NULL && json_array_size(answer) == 0;
    }
    json_decref(body);
    if (*ret_silent) {
        json_decref(answer);
        return NULL;
    }
    return answer;
}

void zc_rpc_handle(void *state, zc_api_call *api, zc_http_response *response)
{
    const zc_rpc *rpc = state;
    bool silent;
    if (strcmp(api->http->method, "POST") != 0) {
        zc_http_reply_text(response, 405, "JSON-RPC is asked with POST\n");
        return;
    }
    json_t *answer = zc_rpc_answer(rpc, api, api->http->body, &silent);
    if (silent) {
        zc_http_reply_text(response, 204, "");
    } else {
        zc_http_reply_json(response, api->identity != NULL ? 200 : 401, answer);
    }
}

static zc_result usage(zc_error *error, const char *why, const char *next)
{
    zc_result result =
        zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot start the gateway", why, next);
    (void)zc_error_exit(error, ZC_EXIT_USAGE);
    return result;
}

static bool read_chain(const char *text, uint64_t *ret_chain)
{
    char *end = NULL;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || strlen(text) > 19 || value == 0) {
        return false;
    }
    *ret_chain = value;
    return true;
}

zc_result zc_rpc_start(zc_gateway *gateway, const zc_rpc *table, void **ret_state, zc_error *error)
{
    const char *node = zc_gateway_option(gateway, "node");
    const char *chain = zc_gateway_option(gateway, "chain-id");
    uint64_t chain_id = 0;
    if (node != NULL && strlen(node) >= ZC_NODE_URL_SIZE) {
        return usage(error, "--node is too long", "give the node's URL, at most 511 characters");
    }
    if (chain != NULL && !read_chain(chain, &chain_id)) {
        return usage(error, "--chain-id is no number", "give the chain's number: 1 is Ethereum's");
    }
    zc_rpc *rpc = malloc(sizeof *rpc);
    if (rpc == NULL) {
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot start the gateway",
                            "there is no memory left", "free some and try again");
    }
    *rpc = *table;
    rpc->chain_id = chain_id;
    (void)snprintf(rpc->node, sizeof rpc->node, "%s", node != NULL ? node : "");
    *ret_state = rpc;
    return ZC_OK;
}
