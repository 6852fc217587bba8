#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/vault/vault.h"
#include "support/json.h"

void zc_vault_reply_with(zc_vault_call *call, json_t *take_data, const char *warning)
{
    json_t *out =
        take_data == NULL
            ? NULL
            : json_pack("{s:s, s:s, s:b, s:i, s:o, s:n, s:n, s:n, s:s}", "request_id",
                        call->api->id, "lease_id", "", "renewable", 0, "lease_duration", 0, "data",
                        take_data, "wrap_info", "warnings", "auth", "mount_type", "transit");
    if (warning != NULL && out != NULL) {
        (void)json_object_set_new(out, "warnings", json_pack("[s]", warning));
    }
    zc_http_reply_json(call->response, 200, out);
}

void zc_vault_reply(zc_vault_call *call, json_t *take_data)
{
    zc_vault_reply_with(call, take_data, NULL);
}

void zc_vault_fail(zc_http_response *response, unsigned status, const char *message)
{
    json_t *out = json_pack("{s:[s]}", "errors", message);
    /* What the caller sent stands in some messages, and may be no UTF-8. */
    out = out != NULL ? out : json_pack("{s:[s]}", "errors", "invalid request");
    zc_http_reply_json(response, status, out);
}

void zc_vault_absent(zc_http_response *response)
{
    zc_http_reply_json(response, 404, json_pack("{s:[]}", "errors"));
}

static unsigned status_of(zcp_result result, const char *reason)
{
    static const struct {
        const char *reason;
        unsigned status;
    } rows[] = {
        {"ENCLAVE_NOT_PERMITTED", 403},
        {"ENCLAVE_UNKNOWN_PRINCIPAL", 403},
        {"ENCLAVE_BAD_AUTHENTICATION", 403},
        {"GATEWAY_BUSY", 429},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].reason, reason) == 0) {
            return rows[i].status;
        }
    }
    return result == ZCP_DENIED || result == ZCP_APPROVAL_NEEDED ? 403
           : result == ZCP_UNREACHABLE                           ? 503
           : result == ZCP_NOT_VERIFIED                          ? 502
                                                                 : 400;
}

unsigned zc_vault_failure(zcp_result result, const zcp_error *error, char ret_text[static 640])
{
    unsigned status = status_of(result, error->reason);
    (void)snprintf(ret_text, 640, "%s%s: %s", status == 403 ? "permission denied: " : "",
                   error->what, error->why);
    return status;
}

void zc_vault_fail_result(zc_vault_call *call, zcp_result result, const zcp_error *error)
{
    char text[640];
    unsigned status = zc_vault_failure(result, error, text);
    zc_vault_fail(call->response, status, text);
}

json_t *zc_vault_time(uint64_t ms)
{
    char text[40];
    struct tm parts;
    time_t seconds = (time_t)(ms / 1000);
    if (gmtime_r(&seconds, &parts) == NULL) {
        return NULL;
    }
    size_t len = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    (void)snprintf(text + len, sizeof text - len, ".%03uZ", (unsigned)(ms % 1000));
    return json_string(text);
}
