/* Web3Signer (eth1) and op-signer: REST by public key, JSON-RPC at "/". */
#include "api/web3signer/web3signer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/ethereum/quantity.h"
#include "api/ethereum/send.h"
#include "base/hex.h"

#define POINT 64 /* bytes of a public key without its mark */

static void run_health_status(zc_rpc_call *call)
{
    call->result = json_string("ZeroCopy/0.1.0");
}

/* The signed bytes alone, unlike an execution client's answer. */
static void run_sign_transaction(zc_rpc_call *call)
{
    zc_signed_transaction made;
    if (zc_account_sign_transaction(call, zc_rpc_parameter(call, 0), &made)) {
        call->result = zc_data_json(zc_bytes_slice(&made.raw));
        zc_bytes_clear(&made.raw);
    }
}

static const zc_rpc_method methods[] = {
    {"eth_accounts", zc_account_list},
    {"eth_sign", zc_account_run_message},
    {"eth_signTypedData", zc_account_run_typed_data},
    {"eth_signTransaction", run_sign_transaction},
    {"eth_sendTransaction", zc_account_send_transaction},
    {"opsigner_signBlockPayload", zc_opsigner_sign_payload},
    {"opsigner_signBlockPayloadV2", zc_opsigner_sign_payload_v2},
    {"health_status", run_health_status},
};

/* Every error beyond the statuses of its own: {"code", "message"}. */
static void fail(zc_http_response *response, unsigned status, const char *message)
{
    zc_http_reply_json(response, status,
                       json_pack("{s:i, s:s}", "code", (int)status, "message", message));
}

static bool add_point(void *context, const zcp_key *key)
{
    char hex[2 + 2 * POINT + 1] = "0x";
    bool listed = key->curve == ZCP_SECP256K1 && key->public_key_len == POINT + 1 && !key->disabled;
    if (listed) {
        zc_hex_encode(zc_slice_of(key->public_key + 1, POINT), hex + 2);
    }
    return !listed || json_array_append_new(context, json_string(hex)) == 0;
}

static bool has_point(const void *wanted, const zcp_key *key)
{
    return key->curve == ZCP_SECP256K1 && key->public_key_len == POINT + 1 &&
           memcmp(key->public_key + 1, wanted, POINT) == 0;
}

static void fail_session(zc_http_response *response, zcp_result result, const zcp_error *error)
{
    char whole[sizeof error->what + sizeof error->why + 2];
    bool gone = result == ZCP_UNREACHABLE || result == ZCP_NOT_VERIFIED;
    (void)snprintf(whole, sizeof whole, "%s: %s", error->what, error->why);
    fail(response, gone ? 503 : 400, whole);
}

static void public_keys(zc_api_call *call, zc_http_response *response)
{
    zcp_error error = {0};
    json_t *list = json_array();
    call->operation = "publicKeys";
    zcp_result listed = zc_api_keys(call, 0, add_point, list, &error);
    if (listed != ZCP_OK) {
        json_decref(list);
        fail_session(response, listed, &error);
        return;
    }
    zc_http_reply_json(response, 200, list);
}

/* False and answered when there is no such key. */
static bool find_key(zc_api_call *call, const char *identifier, zcp_key *ret_key,
                     zc_http_response *response)
{
    zcp_error error = {0};
    uint8_t point[POINT];
    const char *digits = strncasecmp(identifier, "0x", 2) == 0 ? identifier + 2 : identifier;
    bool read = strlen(digits) == (size_t)2 * POINT &&
                zc_ok(zc_hex_decode(zc_slice_of_text(digits), point, POINT));
    zcp_result found = read ? zc_api_key_find(call, has_point, point, ret_key, &error) : ZCP_FAILED;
    if (found == ZCP_OK) {
        return true;
    }
    bool absent = !read || strcmp(error.reason, "GATEWAY_NO_SUCH_KEY") == 0;
    if (absent) {
        fail(response, 404, "no key of this deployment has this public key");
    } else {
        fail_session(response, found, &error);
    }
    return false;
}

/* Never a 2xx: a client would take the answer for a signature. */
static void refuse(zc_http_response *response, const zcp_sign_request *request, zcp_result result,
                   const zcp_decision *decision)
{
    char text[640];
    json_t *details = zc_api_refusal(result, decision, request, text);
    json_t *out = json_pack("{s:i, s:s}", "code", 403, "message", text);
    (void)json_object_update(out, details);
    json_decref(details);
    zc_http_reply_json(response, 403, out);
}

static void sign_data(zc_api_call *call, const zcp_key *key, zc_slice data,
                      zc_http_response *response)
{
    uint8_t digest[32];
    zcp_sign_request request;
    zcp_signature signature;
    zcp_decision decision = {0};
    zcp_error error = {0};
    zc_web3signer_classify(data, digest, &request);
    request.key = key->name;
    zcp_result result = zc_api_sign(call, &request, &signature, &decision, &error);
    if (result == ZCP_DENIED || result == ZCP_APPROVAL_NEEDED) {
        refuse(response, &request, result, &decision);
        return;
    }
    json_t *text = result == ZCP_OK ? zc_account_signature_json(&signature, ZC_V_WALLET) : NULL;
    if (text != NULL) {
        zc_http_reply_text(response, 200, json_string_value(text));
    } else if (result == ZCP_OK) {
        fail(response, 500, "there is no memory left");
    } else {
        fail_session(response, result, &error);
    }
    json_decref(text);
}

static void sign(zc_api_call *call, const char *identifier, zc_http_response *response)
{
    char why[96];
    zcp_key key;
    ZC_BYTES zc_bytes data = {0};
    json_t *body = zc_http_json(call->http->body, why);
    call->operation = "sign";
    if (body == NULL || !zc_data_read(json_object_get(body, "data"), &data)) {
        fail(response, 400, body == NULL ? why : "data is missing, or no data (0x and pairs)");
    } else if (find_key(call, identifier, &key, response)) {
        sign_data(call, &key, zc_bytes_slice(&data), response);
    }
    json_decref(body);
}

static void healthcheck(zc_gateway *gateway, zc_http_response *response)
{
    const char *why = zc_gateway_unready(gateway);
    const char *status = why == NULL ? "UP" : "DOWN";
    json_t *check = json_pack("{s:s, s:s}", "id", "enclave", "status", status);
    if (why != NULL && check != NULL) {
        (void)json_object_set_new(check, "data", json_pack("{s:s}", "why", why));
    }
    zc_http_reply_json(response, why == NULL ? 200 : 503,
                       json_pack("{s:s, s:[{s:s, s:s}, o], s:s}", "status", status, "checks", "id",
                                 "default-check", "status", "UP", check, "outcome", status));
}

/* Paths that tell nothing that anybody may not know. */
static bool handle_open(zc_api_call *call, zc_http_response *response)
{
    const zc_http_request *http = call->http;
    bool get = strcmp(http->method, "GET") == 0;
    if (get && strcmp(http->path, "/upcheck") == 0) {
        zc_http_reply_text(response, 200, "OK");
        return true;
    }
    if (get && strcmp(http->path, "/healthcheck") == 0) {
        healthcheck(call->gateway, response);
        return true;
    }
    return false;
}

static void handle(void *state, zc_api_call *call, zc_http_response *response)
{
    const zc_http_request *http = call->http;
    const char *identifier;
    bool post = strcmp(http->method, "POST") == 0;
    if (handle_open(call, response)) {
        return;
    }
    if (strcmp(http->path, "/") == 0) {
        zc_rpc_handle(state, call, response);
    } else if (call->identity == NULL) {
        fail(response, 401, "the gateway does not know who asks");
    } else if (post && zc_http_path_under(http, "/api/v1/eth1/sign/", &identifier)) {
        sign(call, identifier, response);
    } else if (strcmp(http->method, "GET") == 0 &&
               strcmp(http->path, "/api/v1/eth1/publicKeys") == 0) {
        public_keys(call, response);
    } else if (post && strcmp(http->path, "/reload") == 0) {
        zc_api_key_changed(call, "");
        zc_http_reply_text(response, 200, "OK");
    } else {
        fail(response, 404, "there is nothing here; see docs/guides/web3signer.md");
    }
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
    return zc_rpc_start(gateway, &table, ret_state, error);
}

const zc_translator zc_translator_web3signer = {
    .name = "web3signer",
    .listen = "127.0.0.1:9000",
    .start = start,
    .handle = handle,
    .stop = free,
};
