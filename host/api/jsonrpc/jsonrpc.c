/* Ethereum's JSON-RPC: a provider that holds accounts. What signs is translated; everything else
 * goes to the node that --node names, or is not there. */
#include "api/jsonrpc/jsonrpc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "support/reasons.h"

#define BATCH_MAX 100

void zc_jsonrpc_fail(zc_jsonrpc_call *call, zc_jsonrpc_code code, const char *message)
{
    if (call->error == NULL) {
        call->error = json_pack("{s:i, s:s}", "code", (int)code, "message", message);
    }
}

void zc_jsonrpc_fail_sign(zc_jsonrpc_call *call, const zcp_sign_request *request, zcp_result result,
                          const zcp_decision *decision, const zcp_error *error)
{
    char text[512];
    char pending[64];
    bool review = result == ZCP_APPROVAL_NEEDED;
    if (result != ZCP_DENIED && !review) {
        bool gone = result == ZCP_UNREACHABLE || result == ZCP_NOT_VERIFIED;
        char whole[sizeof error->what + sizeof error->why + 2];
        (void)snprintf(whole, sizeof whole, "%s: %s", error->what, error->why);
        zc_jsonrpc_fail(call, gone ? ZC_JSONRPC_DISCONNECTED : ZC_JSONRPC_SERVER, whole);
        return;
    }
    zc_api_refusal_text(result, decision, text);
    zc_jsonrpc_fail(call, ZC_JSONRPC_REJECTED, text);
    zc_api_pending_id(decision, request, pending);
    json_t *data = zc_api_refusal_json(result, decision, review ? pending : NULL);
    if (call->error != NULL && data != NULL) {
        (void)json_object_set_new(call->error, "data", data);
    }
}

bool zc_jsonrpc_account(zc_jsonrpc_call *call, const json_t *address, zcp_key *ret_key)
{
    zcp_error error;
    const char *text = json_string_value(address);
    if (text == NULL || strlen(text) != 42) {
        zc_jsonrpc_fail(call, ZC_JSONRPC_PARAMS, "the account's address is missing or no address");
        return false;
    }
    zcp_result found = zc_api_key_by_address(call->api, text, ret_key, &error);
    if (found == ZCP_UNREACHABLE || found == ZCP_NOT_VERIFIED) {
        zc_jsonrpc_fail_sign(call, NULL, found, NULL, &error);
    } else if (found != ZCP_OK) {
        zc_jsonrpc_fail(call, ZC_JSONRPC_UNAUTHORIZED, "no key of this deployment has the address");
    }
    return found == ZCP_OK;
}

static json_t *answer_of(const json_t *id, zc_jsonrpc_call *call)
{
    json_t *answer = json_pack("{s:s}", "jsonrpc", "2.0");
    json_t *known = id != NULL ? json_incref((json_t *)(uintptr_t)id) : json_null();
    if (call->error == NULL && call->result == NULL) {
        zc_jsonrpc_fail(call, ZC_JSONRPC_SERVER, "there is no memory left");
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
static void pass_on(zc_jsonrpc_call *call)
{
    if (call->state->node[0] == '\0') {
        zc_jsonrpc_fail(call, ZC_JSONRPC_METHOD,
                        "this method is a node's: start the gateway with --node URL");
        return;
    }
    call->api->operation = "node";
    json_t *answer = zc_node_ask(call->state->node, call->method, call->params);
    json_t *error = json_object_get(answer, "error");
    if (answer == NULL) {
        zc_jsonrpc_fail(call, ZC_JSONRPC_SERVER, "the node does not answer");
    } else if (error != NULL && !json_is_null(error)) {
        call->error = json_incref(error);
    } else {
        call->result = json_incref(json_object_get(answer, "result"));
    }
    json_decref(answer);
}

/* One request of JSON-RPC 2.0; NULL for a notification, which wants no answer. */
static json_t *run_one(const zc_jsonrpc *state, zc_api_call *api, json_t *request)
{
    json_t *params = json_object_get(request, "params");
    json_t *none = json_array();
    const json_t *id = json_object_get(request, "id");
    zc_jsonrpc_call call = {.state = state,
                            .api = api,
                            .method = json_string_value(json_object_get(request, "method")),
                            .params = params != NULL ? params : none};
    const char *version = json_string_value(json_object_get(request, "jsonrpc"));
    if (call.method == NULL || version == NULL || strcmp(version, "2.0") != 0) {
        zc_jsonrpc_fail(&call, ZC_JSONRPC_REQUEST, "not a request of JSON-RPC 2.0");
    } else if (!json_is_array(call.params)) {
        zc_jsonrpc_fail(&call, ZC_JSONRPC_PARAMS, "params is no list");
    } else if (!zc_jsonrpc_run(&call)) {
        pass_on(&call);
    }
    json_t *answer = answer_of(id, &call);
    json_decref(none);
    if (id == NULL && call.method != NULL) {
        json_decref(answer);
        return NULL;
    }
    return answer;
}

static json_t *run_batch(const zc_jsonrpc *state, zc_api_call *api, json_t *requests)
{
    size_t index;
    json_t *request;
    json_t *answers = json_array();
    json_array_foreach(requests, index, request)
    {
        json_t *answer = run_one(state, api, request);
        if (answer != NULL && json_array_append_new(answers, answer) != 0) {
            json_decref(answers);
            return NULL;
        }
    }
    return answers;
}

static json_t *refuse(zc_jsonrpc_code code, const char *why)
{
    zc_jsonrpc_call call = {0};
    zc_jsonrpc_fail(&call, code, why);
    return answer_of(NULL, &call);
}

static void handle(void *state, zc_api_call *api, zc_http_response *response)
{
    char why[96];
    if (strcasecmp(api->http->method, "POST") != 0) {
        zc_http_reply_text(response, 405, "JSON-RPC is asked with POST\n");
        return;
    }
    if (api->identity == NULL) {
        zc_http_reply_json(response, 401,
                           refuse(ZC_JSONRPC_UNAUTHORIZED, "the gateway does not know who asks"));
        return;
    }
    json_t *body = zc_http_json(api->http->body, why);
    json_t *answer;
    if (body == NULL) {
        answer = refuse(ZC_JSONRPC_PARSE, why);
    } else if (json_is_array(body)) {
        size_t count = json_array_size(body);
        answer = count == 0 || count > BATCH_MAX
                     ? refuse(ZC_JSONRPC_REQUEST, "a batch has 1 to 100 requests")
                     : run_batch(state, api, body);
    } else {
        answer = run_one(state, api, body);
    }
    json_decref(body);
    bool silent = answer == NULL || (json_is_array(answer) && json_array_size(answer) == 0);
    if (silent && body != NULL) {
        json_decref(answer);
        zc_http_reply_text(response, 204, "");
    } else {
        zc_http_reply_json(response, 200, answer);
    }
}

static zc_result start(zc_gateway *gateway, void **ret_state, zc_error *error)
{
    const char *node = zc_gateway_option(gateway, "node");
    zc_jsonrpc *state = calloc(1, sizeof *state);
    if (state == NULL) {
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot start", "there is no memory left",
                            "free some and try again");
    }
    if (node != NULL && strlen(node) >= sizeof state->node) {
        free(state);
        return zc_error_set(error, ZC_SUPPORT_IO, "cannot start", "--node is too long",
                            "give the node's URL, at most 511 characters");
    }
    (void)snprintf(state->node, sizeof state->node, "%s", node != NULL ? node : "");
    *ret_state = state;
    return ZC_OK;
}

const zc_translator zc_translator_jsonrpc = {
    .name = "jsonrpc",
    .listen = "127.0.0.1:8545",
    .start = start,
    .handle = handle,
    .stop = free,
};
