#include "up.h"

#include <dirent.h>
#include <stdio.h>
#include <time.h>

#include "base/hex.h"
#include "policy/mission.h"
#include "support/credential.h"
#include "support/json.h"
#include "support/reasons.h"
#include "wire/limits.h"

#define PATIENCE_MS 30000
/* For each thousand entries of the log, which is decided again from its beginning. */
#define PATIENCE_ENTRIES_MS 200
/* An emulated enclave starts slowly, and a start that hangs is tried again. */
#define PATIENCE_EMULATED_MS 120000
#define STEP_MS 10
/* A zcpd that reports an error this long is not coming up by itself. */
#define ERROR_PATIENCE_MS 3000

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool sign_one(const char *folder, const char *name, zc_slice statement, json_t *signatures)
{
    ZC_CREDENTIAL zc_credential credential;
    uint8_t signature[64];
    if (!zc_ok(zc_credential_load(folder, name, &credential, NULL)) ||
        !zc_ok(zc_credential_sign(&credential, statement, signature))) {
        return false;
    }
    json_t *item = json_object();
    return item != NULL &&
           zc_json_set_hex(item, "public_key", ZC_SLICE_OF_ARRAY(credential.public_key)) &&
           zc_json_set_hex(item, "signature", ZC_SLICE_OF_ARRAY(signature)) &&
           json_array_append_new(signatures, item) == 0;
}

/* The mission that the folder's enclave runs under; NULL when it can't be read. */
static const zc_mission *mission_of(const zc_invocation *invocation)
{
    char path[ZC_PATH_SIZE];
    static zc_mission mission;
    ZC_BYTES zc_bytes compiled = {0};
    bool read = zc_in_dir(invocation, "mission.cbor", path) &&
                zc_ok(zc_file_read(path, ZC_MISSION_MAX_BYTES, &compiled, NULL)) &&
                zc_ok(zc_mission_parse(zc_bytes_slice(&compiled), &mission));
    return read ? &mission : NULL;
}

static void warn_if_open(const zc_invocation *invocation)
{
    const zc_mission *mission = mission_of(invocation);
    if (mission != NULL && mission->open) {
        (void)fputs("zcp: WARNING: this mission is for tests: it lets its principals sign anything "
                    "with every key.\n",
                    stderr);
    }
}

/* Founders are those whom the mission gives that role and whose credential lies in this folder. */
static void sign_with_founders(const zc_invocation *invocation, zc_slice statement,
                               json_t *signatures)
{
    char folder[ZC_PATH_SIZE];
    const zc_mission *mission = mission_of(invocation);
    if (mission == NULL || !zc_in_dir(invocation, "credentials", folder)) {
        return;
    }
    for (size_t i = 0; i < mission->principal_count; i++) {
        if ((mission->principals[i].roles & ZC_ROLE_FOUNDER) != 0) {
            (void)sign_one(folder, mission->principals[i].name, statement, signatures);
        }
    }
}

static void answer_founders(const zc_invocation *invocation, const json_t *status,
                            const char *command)
{
    uint8_t statement[ZC_STATEMENT_MAX];
    size_t len;
    const char *text = json_string_value(json_object_get(status, "statement"));
    if (text == NULL ||
        !zc_ok(zc_hex_decode_some(zc_slice_of_text(text), statement, sizeof statement, &len))) {
        return;
    }
    json_t *question = json_pack("{s:s,s:[]}", "command", command, "signatures");
    if (question == NULL) {
        return;
    }
    json_t *signatures = json_object_get(question, "signatures");
    sign_with_founders(invocation, zc_slice_of(statement, len), signatures);
    json_decref(zc_ask_zcpd(invocation, question));
    json_decref(question);
}

static bool is_emulated(const json_t *status)
{
    const char *platform = json_string_value(json_object_get(status, "platform"));
    return platform != NULL && strcmp(platform, "qemu") == 0;
}

static int say_ready(const zc_invocation *invocation, const json_t *status)
{
    const char *id = json_string_value(json_object_get(status, "deployment_id"));
    if (invocation->json) {
        json_t *out = json_pack("{s:s,s:s,s:s}", "state", "serving", "dir", invocation->dir,
                                "deployment_id", id != NULL ? id : "");
        bool printed = out != NULL && zc_json_print(stdout, out);
        json_decref(out);
        return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
    }
    (void)printf("ZeroCopy serves in %s, deployment %.16s… (platform %s, not hardware).\n",
                 invocation->dir, id != NULL ? id : "",
                 is_emulated(status) ? "qemu: an emulated enclave, which clients refuse"
                                     : "local: a process of this machine");
    return fflush(stdout) == 0 ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

static int say_failed(const zc_invocation *invocation, const json_t *reported)
{
    zc_error error = {0};
    const char *what = json_string_value(json_object_get(reported, "what"));
    const char *why = json_string_value(json_object_get(reported, "why"));
    const char *next = json_string_value(json_object_get(reported, "next"));
    zc_result set = zc_error_set(&error, ZC_SUPPORT_IO, what != NULL ? what : "it did not start",
                                 why != NULL ? why : "nothing answers on its control socket",
                                 next != NULL ? next : "look at D/run/zcpd.log");
    (void)set;
    error.exit_code = what != NULL ? ZC_EXIT_FAILED : ZC_EXIT_UNREACHABLE;
    return zc_fail_named(invocation, &error,
                         json_string_value(json_object_get(reported, "reason")));
}

static int64_t patience(const json_t *status)
{
    int64_t least = is_emulated(status) ? PATIENCE_EMULATED_MS : PATIENCE_MS;
    int64_t entries = json_integer_value(json_object_get(status, "log_entries"));
    return least + entries * PATIENCE_ENTRIES_MS / 1000;
}

int zc_announce(const zc_invocation *invocation)
{
    int64_t began = now_ms();
    int64_t failing_since = 0;
    json_t *status = NULL;
    while (now_ms() - began < patience(status)) {
        json_decref(status);
        json_t *answer = zc_ask_zcpd_started(invocation);
        /* A start that takes long: no answer in time, and what it is at is asked for. */
        status = answer != NULL ? answer : zc_ask_zcpd_status(invocation);
        const char *state = json_string_value(json_object_get(status, "state"));
        if (state != NULL && strcmp(state, "serving") == 0) {
            warn_if_open(invocation);
            int said = say_ready(invocation, status);
            json_decref(status);
            return said;
        }
        if (state != NULL && strcmp(state, "genesis") == 0) {
            answer_founders(invocation, status, "genesis");
        }
        if (state != NULL && strcmp(state, "witnesses") == 0 &&
            zc_option_given(invocation, "lost-tail")) {
            answer_founders(invocation, status, "lost-tail");
        }
        bool failing = json_object_get(status, "error") != NULL;
        failing_since = !failing ? 0 : failing_since == 0 ? now_ms() : failing_since;
        if (failing && now_ms() - failing_since > ERROR_PATIENCE_MS) {
            break;
        }
        struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
        nanosleep(&step, NULL);
    }
    int said = say_failed(invocation, json_object_get(status, "error"));
    json_decref(status);
    return said;
}
