#include <stdio.h>
#include <stdlib.h>

#include "api/rest/rest.h"
#include "codec/base64.h"
#include "support/json.h"

void zc_rest_reply(zc_rest_call *call, unsigned status, json_t *take)
{
    zc_http_reply_json(call->response, status, take);
}

static json_t *error_json(const char *reason, const char *what, const char *why, const char *next)
{
    return json_pack("{s:{s:s, s:s, s:s, s:s}}", "error", "what", what, "why", why, "next", next,
                     "reason", reason);
}

void zc_rest_fail(zc_http_response *response, unsigned status, const char *reason, const char *what,
                  const char *why, const char *next)
{
    zc_http_reply_json(response, status, error_json(reason, what, why, next));
}

void zc_rest_bad(zc_rest_call *call, const char *why)
{
    zc_rest_fail(call->response, 400, "GATEWAY_BAD_REQUEST", "cannot read the request", why,
                 "GET /openapi.json describes every request");
}

typedef struct reason_status {
    const char *reason;
    unsigned status;
} reason_status;

static const reason_status statuses[] = {
    {"GATEWAY_NO_IDENTITY", 401},
    {"GATEWAY_BUSY", 503},
    {"ENCLAVE_UNKNOWN_KEY", 404},
    {"ENCLAVE_NOT_PERMITTED", 403},
    {"ENCLAVE_UNKNOWN_PRINCIPAL", 403},
    {"ENCLAVE_KEY_DISABLED", 409},
    {"ENCLAVE_WRONG_PHASE", 409},
    {"ENCLAVE_NOT_HALTED", 409},
    {"ENCLAVE_USE_NOT_SUPPORTED", 400},
    {"ENCLAVE_NOT_AN_ETHEREUM_KEY", 400},
    {"ENCLAVE_BUSY", 503},
    {"ENCLAVE_TOO_MANY_SESSIONS", 503},
    {"KEYS_BAD_NAME", 400},
    {"KEYS_DUPLICATE_NAME", 409},
    {"KEYS_DUPLICATE_KEY", 409},
    {"ENCLAVE_KEYRING_FULL", 409},
};

static unsigned status_of(zcp_result result, const zcp_error *error)
{
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (strcmp(statuses[i].reason, error->reason) == 0) {
            return statuses[i].status;
        }
    }
    if (strncmp(error->reason, "INTENT_", 7) == 0 || strncmp(error->reason, "COMPOSE_", 8) == 0 ||
        strncmp(error->reason, "CODEC_", 6) == 0 || strncmp(error->reason, "BASE_", 5) == 0 ||
        error->has_offset) {
        return 400;
    }
    switch (result) {
    case ZCP_USAGE:
        return 400;
    case ZCP_DENIED:
        return 403;
    case ZCP_APPROVAL_NEEDED:
        return 202;
    case ZCP_UNREACHABLE:
        return 503;
    case ZCP_NOT_VERIFIED:
        return 502;
    case ZCP_OK:
    case ZCP_FAILED:
        break;
    }
    return 500;
}

void zc_rest_fail_session(zc_rest_call *call, zcp_result result, const zcp_error *error)
{
    json_t *out = error_json(error->reason, error->what, error->why, error->next);
    if (out != NULL && error->has_offset) {
        (void)zc_json_set_u64(json_object_get(out, "error"), "offset", error->offset);
    }
    zc_rest_reply(call, status_of(result, error), out);
}

bool zc_rest_set_base64(json_t *out, const char *name, zc_slice bytes)
{
    size_t len = ZC_BASE64_LEN(bytes.len);
    char *text = malloc(len + 1);
    zc_writer writer = zc_writer_of(text, len);
    bool set = text != NULL && zc_ok(zc_write_base64(&writer, bytes));
    if (set) {
        text[len] = '\0';
        set = zc_json_set_text(out, name, text);
    }
    free(text);
    return set;
}
