/* `zcp mission change`, `sign`, `withdraw`, `activate` and `status`: another mission in the place
 * of the one in force, by the quorum that the one in force names. Each member compiles the file on
 * their own machine and signs the hash of what it comes to. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/hex.h"
#include "commands.h"
#include "deployment.h"
#include "duration.h"
#include "mission_change.h"
#include "mission_input.h"
#include "support/json.h"
#include "support/reasons.h"

#define STEP_MS 50
#define START_PATIENCE_MS 60000

const zc_option zc_mission_sign_options[] = {
    {"valid", "TIME", "how long the signature holds, such as 2d (default: as long as the change)"},
    {NULL, NULL, NULL},
};

static int fail(const zc_invocation *invocation, int reason, const char *what, const char *why,
                const char *next)
{
    zc_error error = {0};
    zc_result set = zc_error_set(&error, (uint16_t)reason, what, why, next);
    (void)set;
    return zc_fail_with(invocation, &error);
}

static bool find_mission(const zc_invocation *invocation, const uint8_t hash[static 32],
                         zc_mission *ret_mission)
{
    ZC_BYTES zc_bytes compiled = {0};
    return zc_find_mission(invocation, hash, &compiled) &&
           zc_ok(zc_mission_parse(zc_bytes_slice(&compiled), ret_mission));
}

static void put_time(char *ret_text, size_t size, uint64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL ||
        strftime(ret_text, size, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        (void)snprintf(ret_text, size, "?");
    }
}

json_t *zc_mission_json(const zcp_mission *mission)
{
    json_t *out = json_object();
    bool made = out != NULL && zc_json_set_hex(out, "mission", ZC_SLICE_OF_ARRAY(mission->hash)) &&
                zc_json_set_hex(out, "born", ZC_SLICE_OF_ARRAY(mission->born)) &&
                zc_json_set_bool(out, "changeable", mission->changeable) &&
                zc_json_set_bool(out, "begun", mission->begun);
    if (made && mission->entry > 0) {
        made = zc_json_set_u64(out, "entry", mission->entry);
    }
    if (made && mission->begun) {
        made = zc_json_set_hex(out, "next", ZC_SLICE_OF_ARRAY(mission->next)) &&
               zc_json_set_u64(out, "began", mission->began) &&
               zc_json_set_u64(out, "earliest_ms", mission->earliest_ms) &&
               zc_json_set_u64(out, "expires_ms", mission->expires_ms) &&
               zc_json_set_u64(out, "signatures", mission->have) &&
               zc_json_set_u64(out, "needed", mission->needed) &&
               zc_json_set_u64(out, "organisations", mission->organisations) &&
               zc_json_set_u64(out, "organisations_needed", mission->organisations_needed) &&
               zc_json_set_bool(out, "member", mission->member);
    }
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

void zc_mission_lines(const zcp_mission *mission)
{
    char hex[65];
    char earliest[32];
    char expires[32];
    zc_hex_encode(ZC_SLICE_OF_ARRAY(mission->hash), hex);
    (void)printf("in force     %s\n", hex);
    if (memcmp(mission->hash, mission->born, sizeof mission->hash) != 0) {
        zc_hex_encode(ZC_SLICE_OF_ARRAY(mission->born), hex);
        (void)printf("born with    %s\n", hex);
    }
    if (!mission->begun) {
        (void)puts(mission->changeable ? "change       none under way"
                                       : "change       nobody can: the mission names no quorum");
        return;
    }
    zc_hex_encode(ZC_SLICE_OF_ARRAY(mission->next), hex);
    put_time(earliest, sizeof earliest, mission->earliest_ms);
    put_time(expires, sizeof expires, mission->expires_ms);
    (void)printf("next         %s\n", hex);
    (void)printf("change       entry %" PRIu64 "; in force from %s on, void at %s\n",
                 mission->began, earliest, expires);
    (void)printf("signatures   %u of %u, of %u organisations (%u needed)\n", mission->have,
                 mission->needed, mission->organisations, mission->organisations_needed);
}

static int print(const zc_invocation *invocation, const zcp_mission *mission, const char *done)
{
    if (!invocation->json) {
        if (done != NULL) {
            (void)printf("%s (log entry %" PRIu64 ")\n", done, mission->entry);
        }
        zc_mission_lines(mission);
        return ZC_EXIT_DONE;
    }
    json_t *out = zc_mission_json(mission);
    bool printed = out != NULL && zc_json_print(stdout, out);
    json_decref(out);
    return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

/* What changes, by the folder's own copy of the mission in force. */
static void print_diff(const zc_invocation *invocation, const zcp_mission *in_force,
                       zc_slice next_bytes)
{
    static zc_mission old;
    static zc_mission next;
    if (!find_mission(invocation, in_force->hash, &old) ||
        !zc_ok(zc_mission_parse(next_bytes, &next))) {
        (void)fputs("zcp: the mission in force is not in this folder: what changes is not shown. "
                    "Read `zcp mission show` of the new one in full.\n",
                    stderr);
        return;
    }
    (void)zc_mission_print_diff(invocation, &old, &next);
}

/* Beside the deployment, by its hash: the host starts from there, and who replays the log reads it.
 */
static int keep(const zc_invocation *invocation, const uint8_t hash[static 32], zc_slice compiled)
{
    static zc_mission unused;
    char path[ZC_PATH_SIZE];
    ZC_BYTES zc_bytes source = {0};
    zc_error error = {0};
    if (!zc_in_dir(invocation, "mission", path)) {
        return zc_fail_usage(invocation, "cannot use the folder", "its path is too long");
    }
    if (!zc_ok(zc_file_make_folder(path, 0750, &error)) ||
        !zc_kept_mission_path(invocation, hash, ".cbor", path) ||
        !zc_ok(zc_file_write(path, compiled, 0644, &error)) ||
        !zc_ok(zc_file_read(invocation->argument[0], ZC_MISSION_MAX_BYTES, &source, &error))) {
        return zc_fail_with(invocation, &error);
    }
    if (zc_ok(zc_mission_parse(zc_bytes_slice(&source), &unused))) {
        return ZC_EXIT_DONE; /* it was compiled before: there is no source to keep */
    }
    return zc_kept_mission_path(invocation, hash, ".yaml", path) &&
                   zc_ok(zc_file_write(path, zc_bytes_slice(&source), 0644, &error))
               ? ZC_EXIT_DONE
               : zc_fail_with(invocation, &error);
}

static int change(const zc_invocation *invocation, zcp_session *session, zc_slice compiled)
{
    uint8_t hash[32];
    zcp_mission mission;
    zcp_error error;
    zc_mission_hash(compiled, hash);
    int code = keep(invocation, hash, compiled);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    if (zcp_mission_begin(session, hash, &mission, &error) != ZCP_OK) {
        return zc_fail_client(invocation, &error);
    }
    print_diff(invocation, &mission, compiled);
    return print(invocation, &mission, "The change is begun");
}

static int sign(const zc_invocation *invocation, zcp_session *session, zc_slice compiled)
{
    uint8_t hash[32];
    uint64_t valid_ms = 0;
    zcp_mission mission;
    zcp_error error;
    const char *valid = zc_option_value(invocation, "valid");
    if (valid != NULL && !zc_duration_ms(valid, &valid_ms)) {
        return zc_fail_usage(invocation, "cannot sign",
                             "--valid wants a number and s, m, h or d, such as 2d");
    }
    zc_mission_hash(compiled, hash);
    if (zcp_mission_sign(session, hash, valid_ms, &mission, &error) != ZCP_OK) {
        return zc_fail_client(invocation, &error);
    }
    print_diff(invocation, &mission, compiled);
    return print(invocation, &mission, "Signed");
}

static int with_mission(zc_invocation *invocation,
                        int (*run)(const zc_invocation *, zcp_session *, zc_slice))
{
    zcp_session *session;
    ZC_BYTES zc_bytes compiled = {0};
    int code = zc_mission_compiled(invocation, 0, &compiled);
    code = code == ZC_EXIT_DONE ? zc_session_open(invocation, &session) : code;
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    code = run(invocation, session, zc_bytes_slice(&compiled));
    zcp_close(session);
    return code;
}

int zc_run_mission_change(zc_invocation *invocation)
{
    return with_mission(invocation, change);
}

int zc_run_mission_sign(zc_invocation *invocation)
{
    return with_mission(invocation, sign);
}

/* A session, and the mission in force. */
static int begin(zc_invocation *invocation, zcp_session **ret_session, zcp_mission *ret_mission)
{
    zcp_error error;
    int code = zc_session_open(invocation, ret_session);
    if (code == ZC_EXIT_DONE && zcp_mission_get(*ret_session, ret_mission, &error) != ZCP_OK) {
        zcp_close(*ret_session);
        return zc_fail_client(invocation, &error);
    }
    return code;
}

int zc_run_mission_status(zc_invocation *invocation)
{
    zcp_session *session;
    zcp_mission mission;
    int code = begin(invocation, &session, &mission);
    if (code == ZC_EXIT_DONE) {
        zcp_close(session);
        code = print(invocation, &mission, NULL);
    }
    return code;
}

int zc_run_mission_withdraw(zc_invocation *invocation)
{
    zcp_session *session;
    zcp_mission mission;
    zcp_error error;
    int code = begin(invocation, &session, &mission);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    code = zcp_mission_withdraw(session, mission.next, &mission, &error) == ZCP_OK
               ? print(invocation, &mission, "The change is withdrawn")
               : zc_fail_client(invocation, &error);
    zcp_close(session);
    return code;
}

/* The next enclave serves once it has counted the log anew, which takes longer the longer it is. */
static int await(zc_invocation *invocation, const uint8_t next[static 32], uint64_t entry)
{
    for (int waited = 0; waited < START_PATIENCE_MS; waited += STEP_MS) {
        zcp_options options = {
            .dir = invocation->dir, .credential = invocation->as, .timeout_ms = 1000};
        struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
        zcp_session *session = NULL;
        zcp_mission mission;
        zcp_error error;
        bool serves = zcp_open(&options, &session, &error) == ZCP_OK &&
                      zcp_mission_get(session, &mission, &error) == ZCP_OK;
        zcp_close(session);
        if (serves && memcmp(mission.hash, next, sizeof mission.hash) == 0) {
            mission.entry = entry;
            return print(invocation, &mission, "The next mission is in force");
        }
        if (serves && entry == 0 && mission.begun) {
            return fail(invocation, ZC_SUPPORT_IO, "the next mission is not in force",
                        "the connection was lost, and the change is still under way",
                        "see D/run/zcpd.log, and try again");
        }
        nanosleep(&step, NULL);
    }
    return fail(invocation, ZC_SUPPORT_IO, "the next mission does not serve yet",
                "the change is in the log, and the enclave has not come back under it",
                "see `zcp status`");
}

int zc_run_mission_activate(zc_invocation *invocation)
{
    static zc_mission next;
    zcp_session *session;
    zcp_mission mission;
    zcp_error error;
    uint8_t hash[32];
    int code = begin(invocation, &session, &mission);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    memcpy(hash, mission.next, sizeof hash);
    if (mission.begun && !find_mission(invocation, hash, &next)) {
        zcp_close(session);
        return fail(invocation, ZC_SUPPORT_NOT_FOUND, "cannot put the next mission in force",
                    "its compiled form is not in D/mission, so the enclave could not come back",
                    "compile it with `zcp mission compile FILE -o D/mission/HASH.cbor`");
    }
    zcp_result activated = zcp_mission_activate(session, hash, &mission, &error);
    zcp_close(session);
    /* The enclave is gone with its answer; whether the change is in the log shows at its next
     * start. */
    if (activated != ZCP_OK && activated != ZCP_UNREACHABLE) {
        return zc_fail_client(invocation, &error);
    }
    return await(invocation, hash, activated == ZCP_OK ? mission.entry : 0);
}
