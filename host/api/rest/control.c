/* Status, kill switch and log. */
#include <stdio.h>
#include <stdlib.h>

#include "api/rest/rest.h"
#include "api/status.h"
#include "support/json.h"
#include "support/reason.h"

void zc_rest_status(zc_rest_call *call)
{
    zcp_session *session;
    zcp_status status;
    zcp_error error;
    zcp_result asked = zc_api_session(call->api, &session, &error);
    asked = asked == ZCP_OK ? zcp_get_status(session, &status, &error) : asked;
    call->api->result = asked;
    if (asked == ZCP_OK) {
        zc_rest_reply(call, 200, zc_status_json(&status));
    } else {
        zc_rest_fail_session(call, asked, &error);
    }
}

static void answer_entry(zc_rest_call *call, zcp_result result, uint64_t entry,
                         const zcp_error *error)
{
    call->api->result = result;
    if (result == ZCP_OK) {
        zc_rest_reply(call, 200, json_pack("{s:I}", "entry", (json_int_t)entry));
    } else {
        zc_rest_fail_session(call, result, error);
    }
}

void zc_rest_halt(zc_rest_call *call)
{
    const char *reason;
    zcp_session *session;
    uint64_t entry = 0;
    zcp_error error;
    if (!zc_rest_members(call, " reason ") || !zc_rest_text(call, "reason", false, &reason)) {
        return;
    }
    zcp_result done = zc_api_session(call->api, &session, &error);
    done = done == ZCP_OK ? zcp_halt(session, reason, &entry, &error) : done;
    answer_entry(call, done, entry, &error);
}

void zc_rest_resume(zc_rest_call *call)
{
    zcp_session *session;
    uint64_t entry = 0;
    zcp_error error;
    if (!zc_rest_members(call, " ")) {
        return;
    }
    zcp_result done = zc_api_session(call->api, &session, &error);
    done = done == ZCP_OK ? zcp_resume(session, &entry, &error) : done;
    answer_entry(call, done, entry, &error);
}

void zc_rest_audit(zc_rest_call *call)
{
    char text[8] = "10";
    char *end = NULL;
    json_t *entries = NULL;
    zc_error error = {0};
    bool given = call->api->http->query[0] != '\0';
    bool read = !given || zc_http_query(call->api->http, "n", text, sizeof text);
    unsigned long count = strtoul(text, &end, 10);
    if (!read || *end != '\0' || end == text || count > ZC_REST_TAIL_MAX) {
        zc_rest_bad(call, "n is a number of entries, at most 1000");
        return;
    }
    if (!zc_ok(zc_rest_tail_read(call->rest->tail, count, &entries, &error))) {
        zc_rest_fail(call->response, 503, zc_reason_name(error.result), error.what, error.why,
                     error.next);
        return;
    }
    zc_rest_reply(call, 200, json_pack("{s:o}", "entries", entries));
}
