#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "commands.h"
#include "mission_input.h"
#include "mission/compile.h"
#include "mission/diff.h"
#include "mission/show.h"
#include "mission/test.h"
#include "policy/mission.h"
#include "support/json.h"
#include "support/reason.h"
#include "support/reasons.h"

const zc_option zc_mission_options[] = {
    {"o", "FILE", "compile: where the compiled mission goes"},
    {NULL, NULL, NULL},
};

const zc_option zc_mission_test_options[] = {
    {"cases", "FILE", "the cases (FILE.test.yaml beside the mission)"},
    {NULL, NULL, NULL},
};

typedef struct zc_mission_input {
    zc_bytes text;
    char credentials[ZC_PATH_SIZE];
    zc_mission_source source;
    zc_report report;
} zc_mission_input;

static int read_input(const zc_invocation *invocation, size_t argument, zc_mission_input *input)
{
    zc_error error = {0};
    if (!zc_ok(zc_file_read(invocation->argument[argument], ZC_MISSION_FILE_MAX, &input->text,
                            &error))) {
        return zc_fail_with(invocation, &error);
    }
    bool joined = zc_in_dir(invocation, "credentials", input->credentials);
    input->source = (zc_mission_source){.file = invocation->argument[argument],
                                        .text = zc_bytes_slice(&input->text),
                                        .credentials = joined ? input->credentials : NULL};
    zc_report_init(&input->report, invocation->argument[argument]);
    return ZC_EXIT_DONE;
}

static void print_report(const zc_invocation *invocation, const zc_report *report)
{
    if (!invocation->json) {
        zc_report_print(stderr, report);
        return;
    }
    json_t *out = zc_report_json(report);
    if (out != NULL) {
        (void)zc_json_print(stdout, out);
    }
    json_decref(out);
}

int zc_run_mission_check(zc_invocation *invocation)
{
    static zc_mission_input input;
    int code = read_input(invocation, 0, &input);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    bool good = zc_ok(zc_mission_check_file(&input.source, &input.report));
    print_report(invocation, &input.report);
    zc_bytes_clear(&input.text);
    if (!invocation->json && good) {
        (void)printf("%s: good, %zu warnings\n", invocation->argument[0], input.report.warnings);
    }
    return good ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

static int compile(const zc_invocation *invocation, size_t argument, zc_mission_input *input,
                   zc_bytes *ret_compiled)
{
    int code = read_input(invocation, argument, input);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    bool good = zc_ok(zc_mission_compile(&input->source, ret_compiled, &input->report));
    if (!good || (!invocation->json && input->report.warnings > 0)) {
        print_report(invocation, &input->report);
    }
    zc_bytes_clear(&input->text);
    return good ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

int zc_run_mission_compile(zc_invocation *invocation)
{
    static zc_mission_input input;
    ZC_BYTES zc_bytes compiled = {0};
    int code = compile(invocation, 0, &input, &compiled);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    const char *path = zc_option_value(invocation, "o");
    zc_error error = {0};
    if (path != NULL && !zc_ok(zc_file_write(path, zc_bytes_slice(&compiled), 0644, &error))) {
        return zc_fail_with(invocation, &error);
    }
    uint8_t hash[32];
    char text[65];
    zc_mission_hash(zc_bytes_slice(&compiled), hash);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(hash), text);
    (void)printf(invocation->json ? "{\"hash\": \"%s\", \"bytes\": %zu}\n" : "%s  %zu bytes\n",
                 text, compiled.len);
    return ZC_EXIT_DONE;
}

/* Shows the compiled form, also of a YAML file: what is shown is what the enclave would obey. */
int zc_run_mission_show(zc_invocation *invocation)
{
    static zc_mission_input input;
    static zc_mission parsed;
    ZC_BYTES zc_bytes compiled = {0};
    zc_error error = {0};
    if (!zc_ok(zc_file_read(invocation->argument[0], ZC_MISSION_FILE_MAX, &compiled, &error))) {
        return zc_fail_with(invocation, &error);
    }
    if (!zc_ok(zc_mission_parse(zc_bytes_slice(&compiled), &parsed))) {
        zc_bytes_clear(&compiled);
        int code = compile(invocation, 0, &input, &compiled);
        if (code != ZC_EXIT_DONE) {
            return code;
        }
    }
    if (invocation->json) {
        json_t *out;
        if (!zc_ok(zc_mission_show_json(zc_bytes_slice(&compiled), &out, &error))) {
            return zc_fail_with(invocation, &error);
        }
        bool printed = zc_json_print(stdout, out);
        json_decref(out);
        return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
    }
    ZC_BYTES zc_bytes text = {0};
    if (!zc_ok(zc_mission_show(zc_bytes_slice(&compiled), &text, &error))) {
        return zc_fail_with(invocation, &error);
    }
    return fwrite(text.data, 1, text.len, stdout) == text.len ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

int zc_mission_compiled(const zc_invocation *invocation, size_t argument, zc_bytes *ret_compiled)
{
    static zc_mission_input input;
    static zc_mission unused;
    zc_error error = {0};
    if (!zc_ok(zc_file_read(invocation->argument[argument], ZC_MISSION_MAX_BYTES, ret_compiled,
                            &error))) {
        return zc_fail_with(invocation, &error);
    }
    if (zc_ok(zc_mission_parse(zc_bytes_slice(ret_compiled), &unused))) {
        return ZC_EXIT_DONE;
    }
    zc_bytes_clear(ret_compiled);
    return compile(invocation, argument, &input, ret_compiled);
}

int zc_mission_loaded(const zc_invocation *invocation, size_t argument, zc_mission *ret_mission)
{
    ZC_BYTES zc_bytes compiled = {0};
    zc_error error = {0};
    int code = zc_mission_compiled(invocation, argument, &compiled);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    zc_result result = zc_mission_parse(zc_bytes_slice(&compiled), ret_mission);
    if (!zc_ok(result)) {
        zc_result set = zc_error_set(&error, result.code, "cannot read the mission",
                                     zc_reason_text(result), "see `zcp mission check`");
        (void)set;
        return zc_fail_with(invocation, &error);
    }
    return ZC_EXIT_DONE;
}

/* desk.yaml has its cases in desk.test.yaml. */
static bool cases_path(const zc_invocation *invocation, char ret_path[static ZC_PATH_SIZE])
{
    const char *given = zc_option_value(invocation, "cases");
    const char *mission = invocation->argument[0];
    if (given != NULL) {
        return snprintf(ret_path, ZC_PATH_SIZE, "%s", given) < ZC_PATH_SIZE;
    }
    size_t len = strlen(mission);
    const char *slash = strrchr(mission, '/');
    const char *dot = strrchr(mission, '.');
    size_t stem = dot != NULL && (slash == NULL || dot > slash) ? (size_t)(dot - mission) : len;
    return snprintf(ret_path, ZC_PATH_SIZE, "%.*s.test.yaml", (int)stem, mission) < ZC_PATH_SIZE;
}

static void print_verdict(void *self, const zc_test_verdict *verdict)
{
    const zc_invocation *invocation = self;
    const char *reason = verdict->reason != 0 ? zc_reason_code_text(verdict->reason) : "";
    if (!invocation->json) {
        (void)printf(
            "%s  %s: %s%s%s%s%s%s%s%s%s%s\n", verdict->passed ? "pass" : "FAIL", verdict->name,
            verdict->answer, *verdict->rule != 0 ? " by " : "", verdict->rule,
            *reason != 0 ? ": " : "", reason, *verdict->numbers != 0 ? " (" : "", verdict->numbers,
            *verdict->numbers != 0 ? ")" : "", verdict->passed ? "" : "  <- ", verdict->why);
        return;
    }
    json_t *out = json_object();
    bool made =
        zc_json_set_text(out, "case", verdict->name) &&
        zc_json_set_u64(out, "line", verdict->line) &&
        zc_json_set_bool(out, "passed", verdict->passed) &&
        zc_json_set_text(out, "answer", verdict->answer) &&
        zc_json_set_text(out, "rule", verdict->rule) &&
        zc_json_set_text(out, "reason",
                         verdict->reason != 0 ? zc_reason_code_name(verdict->reason) : "") &&
        zc_json_set_text(out, "numbers", verdict->numbers) &&
        zc_json_set_text(out, "why", verdict->why) && zc_json_print(stdout, out);
    (void)made; /* zc_output_end() notices what did not arrive */
    json_decref(out);
}

static size_t count_settled(const zc_mission *mission, const zc_test_summary *summary)
{
    size_t settled = 0;
    for (size_t i = 0; i < mission->rule_count; i++) {
        settled += summary->settled[i] ? 1 : 0;
    }
    return settled;
}

static void print_summary(const zc_invocation *invocation, const zc_mission *mission,
                          const zc_test_summary *summary)
{
    size_t settled = count_settled(mission, summary);
    if (!invocation->json) {
        (void)printf("%zu cases, %zu failed. Rules that settled one: %zu of %zu.\n", summary->cases,
                     summary->failed, settled, mission->rule_count);
        for (size_t i = 0; i < mission->rule_count; i++) {
            if (!summary->settled[i]) {
                (void)printf("  no case was settled by %s\n", mission->rules[i].name);
            }
        }
        return;
    }
    json_t *out = json_object();
    json_t *untouched = json_array();
    bool made = zc_json_set_u64(out, "cases", summary->cases) &&
                zc_json_set_u64(out, "failed", summary->failed) &&
                zc_json_set_u64(out, "rules", mission->rule_count) &&
                zc_json_set_u64(out, "rules_settled", settled);
    for (size_t i = 0; i < mission->rule_count; i++) {
        if (!summary->settled[i]) {
            made =
                json_array_append_new(untouched, json_string(mission->rules[i].name)) == 0 && made;
        }
    }
    made = zc_json_set(out, "rules_not_settled", untouched) && made && zc_json_print(stdout, out);
    (void)made;
    json_decref(out);
}

int zc_run_mission_test(zc_invocation *invocation)
{
    static zc_mission mission;
    static zc_test_summary summary;
    static zc_report report;
    char path[ZC_PATH_SIZE];
    ZC_BYTES zc_bytes cases = {0};
    zc_error error = {0};
    int code = zc_mission_loaded(invocation, 0, &mission);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    if (!cases_path(invocation, path)) {
        return zc_fail_usage(invocation, "cannot read the cases", "the path is too long");
    }
    if (!zc_ok(zc_file_read(path, ZC_TEST_FILE_MAX, &cases, &error))) {
        return zc_fail_with(invocation, &error);
    }
    zc_report_init(&report, path);
    const zc_test_run run = {&mission, zc_bytes_slice(&cases), print_verdict, invocation};
    bool good = zc_ok(zc_mission_test(&run, &report, &summary));
    if (report.errors > 0) {
        print_report(invocation, &report);
    }
    print_summary(invocation, &mission, &summary);
    return good && summary.failed == 0 ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

typedef struct zc_diff_output {
    const zc_invocation *invocation;
    size_t count[3]; /* by zc_change_effect */
} zc_diff_output;

static void print_change(void *self, const zc_change *change)
{
    zc_diff_output *output = self;
    const char *effect = zc_change_effect_name(change->effect);
    output->count[change->effect]++;
    if (!output->invocation->json) {
        (void)printf("%-8s  %s%s%s: %s\n", effect, change->part, *change->name != 0 ? " " : "",
                     change->name, change->text);
        return;
    }
    json_t *out = json_object();
    bool made = zc_json_set_text(out, "effect", effect) &&
                zc_json_set_text(out, "part", change->part) &&
                zc_json_set_text(out, "name", change->name) &&
                zc_json_set_text(out, "text", change->text) && zc_json_print(stdout, out);
    (void)made;
    json_decref(out);
}

bool zc_mission_print_diff(const zc_invocation *invocation, const zc_mission *old,
                           const zc_mission *now)
{
    zc_diff_output output = {.invocation = invocation};
    if (!zc_mission_diff(old, now, print_change, &output)) {
        return false;
    }
    if (!invocation->json) {
        (void)printf("%zu wider, %zu narrower, %zu changed otherwise.\n",
                     output.count[ZC_CHANGE_WIDER], output.count[ZC_CHANGE_NARROWER],
                     output.count[ZC_CHANGE_NEITHER]);
    }
    return true;
}

int zc_run_mission_diff(zc_invocation *invocation)
{
    static zc_mission missions[2];
    for (size_t i = 0; i < 2; i++) {
        int code = zc_mission_loaded(invocation, i, &missions[i]);
        if (code != ZC_EXIT_DONE) {
            return code;
        }
    }
    if (!zc_mission_print_diff(invocation, &missions[0], &missions[1])) {
        zc_error error = {0};
        zc_result set = zc_error_set(&error, ZC_SUPPORT_NO_MEMORY, "cannot compare the missions",
                                     "there is no memory left", "free some and try again");
        (void)set;
        return zc_fail_with(invocation, &error);
    }
    return ZC_EXIT_DONE;
}
