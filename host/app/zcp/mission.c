#include <stdio.h>

#include "base/hex.h"
#include "commands.h"
#include "mission/compile.h"
#include "mission/show.h"
#include "policy/mission.h"
#include "support/json.h"

const zc_option zc_mission_options[] = {
    {"o", "FILE", "compile: where the compiled mission goes"},
    {NULL, NULL, NULL},
};

typedef struct zc_mission_input {
    zc_bytes text;
    char credentials[ZC_PATH_SIZE];
    zc_mission_source source;
    zc_report report;
} zc_mission_input;

static int read_input(const zc_invocation *invocation, zc_mission_input *input)
{
    zc_error error = {0};
    if (!zc_ok(zc_file_read(invocation->argument[0], ZC_MISSION_FILE_MAX, &input->text, &error))) {
        return zc_fail_with(invocation, &error);
    }
    bool joined = zc_in_dir(invocation, "credentials", input->credentials);
    input->source = (zc_mission_source){.file = invocation->argument[0],
                                        .text = zc_bytes_slice(&input->text),
                                        .credentials = joined ? input->credentials : NULL};
    zc_report_init(&input->report, invocation->argument[0]);
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
    int code = read_input(invocation, &input);
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

static int compile(const zc_invocation *invocation, zc_mission_input *input, zc_bytes *ret_compiled)
{
    int code = read_input(invocation, input);
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
    int code = compile(invocation, &input, &compiled);
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
    if (!zc_ok(zc_file_read(invocation->argument[0], ZC_MISSION_MAX_BYTES, &compiled, &error))) {
        return zc_fail_with(invocation, &error);
    }
    if (!zc_ok(zc_mission_parse(zc_bytes_slice(&compiled), &parsed))) {
        zc_bytes_clear(&compiled);
        int code = compile(invocation, &input, &compiled);
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
