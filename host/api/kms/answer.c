#include <stdio.h>

#include "api/kms/kms.h"
#include "support/json.h"

#define AMZ_JSON "application/x-amz-json-1.1"

/* 400 is KMS's for everything that the caller did; the service's own troubles are 5xx, which
 * clients ask again about. */
static unsigned status_of(const char *type)
{
    if (strcmp(type, "KMSInternalException") == 0) {
        return 500;
    }
    return strcmp(type, "DependencyTimeoutException") == 0 ? 503 : 400;
}

void zc_kms_fail_with(zc_http_response *response, const char *type, const char *message,
                      json_t *details)
{
    json_t *out = json_object();
    bool made = out != NULL && zc_json_set_text(out, "__type", type) &&
                zc_json_set_text(out, "message", message) &&
                (details == NULL || json_object_update(out, details) == 0);
    json_decref(details);
    if (!made) {
        json_decref(out);
        out = NULL;
    }
    zc_http_reply_json(response, status_of(type), out);
    response->content_type = AMZ_JSON;
    zc_http_header_add(response, "x-amzn-errortype", type);
}

void zc_kms_fail(zc_http_response *response, const char *type, const char *message)
{
    zc_kms_fail_with(response, type, message, NULL);
}

void zc_kms_reply_written(zc_kms_call *call, zc_slice json)
{
    zc_http_reply_bytes(call->response, 200, AMZ_JSON, json);
}

void zc_kms_reply(zc_kms_call *call, json_t *take)
{
    zc_http_reply_json(call->response, 200, take);
    call->response->content_type = AMZ_JSON;
}

typedef struct reason_type {
    const char *reason;
    const char *type;
} reason_type;

static const reason_type types[] = {
    {"ENCLAVE_UNKNOWN_KEY", "NotFoundException"},
    {"ENCLAVE_KEY_DISABLED", "DisabledException"},
    {"ENCLAVE_NOT_PERMITTED", "AccessDeniedException"},
    {"ENCLAVE_UNKNOWN_PRINCIPAL", "AccessDeniedException"},
    {"ENCLAVE_BAD_AUTHENTICATION", "AccessDeniedException"},
    {"ENCLAVE_WRONG_PHASE", "KMSInvalidStateException"},
    {"ENCLAVE_KEYRING_FULL", "LimitExceededException"},
    {"ENCLAVE_BUSY", "ThrottlingException"},
    {"ENCLAVE_TOO_MANY_SESSIONS", "ThrottlingException"},
    {"GATEWAY_BUSY", "ThrottlingException"},
    {"KEYS_FULL", "LimitExceededException"},
    {"KEYS_BAD_NAME", "ValidationException"},
    {"KEYS_DUPLICATE_NAME", "AlreadyExistsException"},
};

static const char *type_of(zcp_result result, const zcp_error *error)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i].reason, error->reason) == 0) {
            return types[i].type;
        }
    }
    switch (result) {
    case ZCP_DENIED:
    case ZCP_APPROVAL_NEEDED:
        return "AccessDeniedException";
    case ZCP_UNREACHABLE:
        return "DependencyTimeoutException";
    case ZCP_USAGE:
        return "ValidationException";
    case ZCP_OK:
    case ZCP_FAILED:
    case ZCP_NOT_VERIFIED:
        break;
    }
    /* What the intent's decoders refuse is the caller's doing. */
    return strncmp(error->reason, "INTENT_", 7) == 0 ? "ValidationException"
                                                     : "KMSInternalException";
}

void zc_kms_fail_session(zc_kms_call *call, zcp_result result, const zcp_error *error)
{
    char message[sizeof error->what + sizeof error->why + 4];
    (void)snprintf(message, sizeof message, "%s: %s", error->what, error->why);
    zc_kms_fail(call->response, type_of(result, error), message);
}
