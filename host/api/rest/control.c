/* Status, kill switch and log. */
#include <stdio.h>
#include <stdlib.h>

#include "api/rest/rest.h"
#include "support/json.h"
#include "support/reason.h"

static const char *phase_name(zcp_phase phase)
{
    static const char *const names[] = {[ZCP_SEALED] = "sealed",
                                        [ZCP_GENESIS] = "genesis",
                                        [ZCP_SERVING] = "serving",
                                        [ZCP_HALTED] = "halted"};
    return phase >= ZCP_SEALED && phase <= ZCP_HALTED ? names[phase] : "unknown";
}

static json_t *isolation(uint32_t bits)
{
    json_t *layers = json_object();
    uint32_t bit;
    const char *name;
    for (size_t i = 0; layers != NULL && (name = zcp_isolation_name(i, &bit, NULL)) != NULL; i++) {
        (void)zc_json_set_bool(layers, name, (bits & bit) != 0);
    }
    return layers;
}

static json_t *status_json(const zcp_status *status)
{
    json_t *out = json_object();
    bool made = out != NULL && zc_json_set_text(out, "phase", phase_name(status->phase)) &&
                zc_json_set_text(out, "platform", status->platform) &&
                zc_json_set_bool(out, "hardware", status->hardware) &&
                zc_json_set_hex(out, "deployment_id", ZC_SLICE_OF_ARRAY(status->deployment_id)) &&
                zc_json_set_text(out, "mission", status->mission) &&
                zc_json_set_hex(out, "mission_hash", ZC_SLICE_OF_ARRAY(status->mission_hash)) &&
                zc_json_set_text(out, "principal", status->principal) &&
                zc_json_set_hex(out, "boot_id", ZC_SLICE_OF_ARRAY(status->boot_id)) &&
                zc_json_set_u64(out, "log_entries", status->log_next) &&
                zc_json_set_hex(out, "log_head", ZC_SLICE_OF_ARRAY(status->log_head)) &&
                zc_json_set_u64(out, "keys", status->keys) &&
                zc_json_set_u64(out, "signatures", status->signatures) &&
                zc_json_set_u64(out, "denials", status->denials) &&
                zc_json_set_u64(out, "reservations", status->reservations) &&
                zc_json_set_u64(out, "max_unacked", status->max_unacked) &&
                zc_json_set_u64(out, "uptime_ms", status->uptime_ms) &&
                zc_json_set_u64(out, "time_ms", status->time_ms) &&
                zc_json_set_text(out, "rollback",
                                 status->rollback_protected ? "protected" : "not protected") &&
                zc_json_set_bool(out, "memory_out_of_reach", status->memory_out_of_reach) &&
                zc_json_set(out, "isolation", isolation(status->isolation));
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

void zc_rest_status(zc_rest_call *call)
{
    zcp_session *session;
    zcp_status status;
    zcp_error error;
    zcp_result asked = zc_api_session(call->api, &session, &error);
    asked = asked == ZCP_OK ? zcp_get_status(session, &status, &error) : asked;
    call->api->result = asked;
    if (asked == ZCP_OK) {
        zc_rest_reply(call, 200, status_json(&status));
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
