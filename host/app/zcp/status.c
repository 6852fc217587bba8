#include <stdio.h>
#include <string.h>

#include "api/status.h"
#include "commands.h"
#include "deployment.h"
#include "mission_change.h"
#include "policy_state.h"
#include "support/json.h"
#include "support/reasons.h"

/* An enclave that zcpd knows not to serve is asked, but not waited for. */
#define NOT_SERVING_PATIENCE_MS 500

/* Which mission the deployment was born with, and the change that is under way. */
static bool set_mission(zcp_session *session, json_t *out)
{
    zcp_mission mission;
    return zcp_mission_get(session, &mission, NULL) == ZCP_OK &&
           zc_json_set(out, "mission_change", zc_mission_json(&mission));
}

static void print_mission(zcp_session *session)
{
    zcp_mission mission;
    if (zcp_mission_get(session, &mission, NULL) == ZCP_OK &&
        (mission.begun || memcmp(mission.hash, mission.born, sizeof mission.hash) != 0)) {
        zc_mission_lines(&mission);
    }
}

static int print_json(zcp_session *session, const zcp_status *status, json_t *daemon)
{
    json_t *out = zc_status_json(status);
    bool made = out != NULL && zc_json_set_text(out, "time_source", "host-supplied") &&
                zc_policy_state_json(session, status, out) && set_mission(session, out) &&
                (daemon == NULL || zc_json_set(out, "daemon", json_incref(daemon)));
    bool printed = made && zc_json_print(stdout, out);
    json_decref(out);
    return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

static void print_isolation(const zcp_status *status)
{
    uint32_t bit;
    const char *text;
    const char *name;
    (void)puts("isolation");
    for (size_t i = 0; (name = zcp_isolation_name(i, &bit, &text)) != NULL; i++) {
        (void)printf("  %-3s %-18s %s\n", (status->isolation & bit) != 0 ? "yes" : "no", name,
                     text);
    }
}

static void print_text(const zcp_status *status, json_t *daemon)
{
    char id[65];
    char head[65];
    for (size_t i = 0; i < 32; i++) {
        (void)snprintf(id + 2 * i, 3, "%02x", status->deployment_id[i]);
        (void)snprintf(head + 2 * i, 3, "%02x", status->log_head[i]);
    }
    (void)printf("phase        %s\n", zc_phase_name(status->phase));
    (void)printf("platform     %s (%s)\n", status->platform,
                 status->hardware ? "attested by hardware" : "not hardware: for development");
    (void)printf("deployment   %s\n", id);
    (void)printf("mission      %s\n", status->mission);
    (void)printf("you          %s\n", status->principal);
    (void)printf("keys         %llu\n", (unsigned long long)status->keys);
    (void)printf("log          %llu entries, head %s\n", (unsigned long long)status->log_next,
                 head);
    (void)printf("this boot    %llu signatures, %llu refusals, up %llu s\n",
                 (unsigned long long)status->signatures, (unsigned long long)status->denials,
                 (unsigned long long)(status->uptime_ms / 1000));
    (void)printf("limits       %llu reservations still count\n",
                 (unsigned long long)status->reservations);
    (void)printf("time         host-supplied\n");
    (void)printf("rollback     %s\n", status->rollback_protected
                                          ? "protected by witnesses"
                                          : "not protected: no witness cosigns the log");
    (void)printf("restarts     %lld\n",
                 (long long)json_integer_value(json_object_get(daemon, "restarts")));
}

/* zcpd answers but the enclave does not serve: what it last complained about. */
static int not_serving(const zc_invocation *invocation, json_t *daemon, const zcp_error *client)
{
    json_t *reported = json_object_get(daemon, "error");
    const char *state = json_string_value(json_object_get(daemon, "state"));
    zc_error error = {0};
    const char *why = json_string_value(json_object_get(reported, "why"));
    const char *next = json_string_value(json_object_get(reported, "next"));
    zc_result set =
        zc_error_set(&error, ZC_SUPPORT_IO, "the enclave does not serve",
                     why != NULL ? why : client->why, next != NULL ? next : client->next);
    (void)set;
    const char *what = json_string_value(json_object_get(reported, "what"));
    if (what != NULL && why != NULL) {
        zc_error_why(&error, "%s: %s", what, why);
    }
    if (state != NULL) {
        zc_error_what(&error, "the enclave does not serve (zcpd: %s)", state);
    }
    error.exit_code =
        client->result == ZCP_NOT_VERIFIED ? ZC_EXIT_NOT_VERIFIED : ZC_EXIT_UNREACHABLE;
    const char *reason = json_string_value(json_object_get(reported, "reason"));
    return zc_fail_named(invocation, &error, reason != NULL ? reason : client->reason);
}

int zc_run_status(zc_invocation *invocation)
{
    json_t *daemon = zc_ask_zcpd_status(invocation);
    zcp_session *session = NULL;
    zcp_status status;
    zcp_error error = {0};
    const char *state = json_string_value(json_object_get(daemon, "state"));
    bool serving = state == NULL || strcmp(state, "serving") == 0;
    zcp_options options = {.dir = invocation->dir,
                           .credential = invocation->as,
                           .timeout_ms = serving ? 0 : NOT_SERVING_PATIENCE_MS};
    zcp_result got = zcp_open(&options, &session, &error);
    if (got == ZCP_OK) {
        got = zcp_get_status(session, &status, &error);
    }
    int code;
    if (got != ZCP_OK) {
        code = daemon != NULL && !serving ? not_serving(invocation, daemon, &error)
                                          : zc_fail_client(invocation, &error);
    } else if (invocation->json) {
        code = print_json(session, &status, daemon);
    } else {
        print_text(&status, daemon);
        print_mission(session);
        zc_policy_state_print(invocation, session, &status);
        print_isolation(&status);
        code = ZC_EXIT_DONE;
    }
    zcp_close(session);
    json_decref(daemon);
    return code;
}
