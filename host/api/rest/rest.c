/* The table of requests. */
#include "api/rest/rest.h"

#include <stdio.h>
#include <stdlib.h>

#include "api/rest/openapi.h"
#include "api/translators.h"
#include "support/file.h"
#include "support/reasons.h"

typedef struct rest_route {
    const char *method;
    const char *path; /* with a slash at its end: one more segment follows */
    const char *operation;
    bool has_body;
    void (*run)(zc_rest_call *call);
} rest_route;

static const rest_route routes[] = {
    {"GET", "/v1/status", "status", false, zc_rest_status},
    {"GET", "/v1/keys", "key-list", false, zc_rest_key_list},
    {"POST", "/v1/keys", "key-create", true, zc_rest_key_create},
    {"GET", "/v1/keys/", "key-show", false, zc_rest_key_show},
    {"POST", "/v1/keys/disable", "key-disable", true, zc_rest_key_disable},
    {"POST", "/v1/sign/tx", "sign-tx", true, zc_rest_sign_tx},
    {"POST", "/v1/sign/message", "sign-message", true, zc_rest_sign_message},
    {"POST", "/v1/sign/typed-data", "sign-typed-data", true, zc_rest_sign_typed_data},
    {"POST", "/v1/sign/order", "sign-order", true, zc_rest_sign_order},
    {"POST", "/v1/sign/digest", "sign-digest", true, zc_rest_sign_digest},
    {"POST", "/v1/attest", "attest", true, zc_rest_attest},
    {"GET", "/v1/verify", "verify", false, zc_rest_verify_live},
    {"POST", "/v1/verify", "verify-document", true, zc_rest_verify},
    {"GET", "/v1/audit", "audit-tail", false, zc_rest_audit},
    {"POST", "/v1/halt", "halt", true, zc_rest_halt},
    {"POST", "/v1/resume", "resume", true, zc_rest_resume},
};
#define ROUTES (sizeof routes / sizeof routes[0])

static bool fits(const rest_route *route, const zc_http_request *http, const char **ret_name)
{
    size_t len = strlen(route->path);
    *ret_name = NULL;
    return route->path[len - 1] == '/' ? zc_http_path_under(http, route->path, ret_name)
                                       : strcmp(http->path, route->path) == 0;
}

static const rest_route *find(zc_rest_call *call)
{
    const zc_http_request *http = call->api->http;
    bool known = false;
    for (size_t i = 0; i < ROUTES; i++) {
        if (!fits(&routes[i], http, &call->name)) {
            continue;
        }
        if (strcmp(routes[i].method, http->method) == 0) {
            return &routes[i];
        }
        known = true;
    }
    zc_rest_fail(call->response, known ? 405 : 404, "GATEWAY_NO_SUCH_REQUEST",
                 known ? "this place does not take this method" : "there is no such place",
                 "openapi.json does not have it", "GET /openapi.json describes every request");
    return NULL;
}

static void run_with_body(zc_rest_call *call, const rest_route *route)
{
    char why[96];
    const char *type = zc_http_header_value(call->api->http, "content-type");
    /* Pages in browsers can't send this type without asking first. */
    if (type == NULL || strncmp(type, "application/json", 16) != 0) {
        zc_rest_fail(call->response, 415, "GATEWAY_BAD_REQUEST", "cannot read the request",
                     "its content-type is not application/json", "send JSON, and say so");
        return;
    }
    call->body = zc_http_json(call->api->http->body, why);
    if (json_is_object(call->body)) {
        route->run(call);
    } else {
        zc_rest_bad(call, call->body == NULL ? why : "the body is no object");
    }
    json_decref(call->body);
    call->body = NULL;
}

static void handle(void *state, zc_api_call *api, zc_http_response *response)
{
    zc_rest_call call = {.rest = state, .api = api, .response = response};
    if (strcmp(api->http->path, "/openapi.json") == 0 && strcmp(api->http->method, "GET") == 0) {
        response->content_type = "application/json";
        response->status =
            zc_bytes_append(&response->body, zc_slice_of(zc_openapi, sizeof zc_openapi)) ? 200
                                                                                         : 500;
        return;
    }
    const rest_route *route = find(&call);
    if (route == NULL) {
        return;
    }
    api->operation = route->operation;
    if (api->identity == NULL) {
        zc_rest_fail(response, 401, "GATEWAY_NO_IDENTITY", "the gateway does not know who asks",
                     "the request has no token that stands in the identity file",
                     "send Authorization: Bearer TOKEN (docs/gateway.md)");
        zc_http_header_add(response, "www-authenticate", "Bearer");
        return;
    }
    if (route->has_body) {
        run_with_body(&call, route);
    } else {
        route->run(&call);
    }
}

static void stop(void *state)
{
    zc_rest *rest = state;
    zc_rest_tail_free(rest->tail);
    free(rest);
}

static zc_result start(zc_gateway *gateway, void **ret_state, zc_error *error)
{
    const char *dir = zc_gateway_dir(gateway);
    zc_rest *rest = calloc(1, sizeof *rest);
    zc_rest_tail *tail = zc_rest_tail_new(dir);
    if (rest == NULL || tail == NULL || !zc_path_join(dir, "platform/root.pem", rest->root_pem)) {
        zc_rest_tail_free(tail);
        free(rest);
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot serve REST",
                            "the machine gave no memory, or the folder's path is too long",
                            "free some memory, or choose a shorter --dir");
    }
    rest->tail = tail;
    *ret_state = rest;
    return ZC_OK;
}

const zc_translator zc_translator_rest = {
    .name = "rest",
    .listen = "127.0.0.1:8600",
    .start = start,
    .handle = handle,
    .stop = stop,
};
