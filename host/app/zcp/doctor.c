/* `zcp doctor`: what makes latency jump on this machine, and what to change. Reads only. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "doctor_checks.h"
#include "support/json.h"
#include "support/reasons.h"

const zc_option zc_doctor_options[] = {
    {"cpu", "N", "the processor that is to sign; else the last isolated one, or the last"},
    {"root", "DIR", "a folder with proc, sys and dev of another machine"},
    {0},
};

static const char *const states[] = {
    [ZC_FINDING_GOOD] = "good",
    [ZC_FINDING_ADVICE] = "advice",
    [ZC_FINDING_MISSING] = "missing",
    [ZC_FINDING_UNKNOWN] = "unknown",
};

static bool add_json(json_t *list, const zc_check_row *row, const zc_finding *finding)
{
    json_t *object = json_object();
    return object != NULL && zc_json_set_text(object, "name", row->name) &&
           zc_json_set_text(object, "state", states[finding->state]) &&
           zc_json_set_text(object, "found", finding->found) &&
           zc_json_set_text(object, "why", row->why) &&
           zc_json_set_text(object, "change", finding->change) &&
           json_array_append_new(list, object) == 0;
}

static void print_row(const zc_check_row *row, const zc_finding *finding)
{
    printf("%-8s %-22s %s\n", states[finding->state], row->name, finding->found);
    if (finding->change[0] != '\0') {
        printf("%31s %s.\n%31s -> %s\n", "", row->why, "", finding->change);
    }
}

static bool print_json(const zc_doctor *doctor, json_t *list, const char *boot)
{
    json_t *out = json_object();
    bool made = out != NULL && zc_json_set_u64(out, "cpu", (uint64_t)doctor->cpu) &&
                zc_json_set_text(out, "boot_line", boot) &&
                json_object_set(out, "checks", list) == 0 && json_dumpf(out, stdout, 0) == 0 &&
                putchar('\n') != EOF;
    json_decref(out);
    return made;
}

/* A processor's number; −1 when none was given, −2 when it is none. */
static int wanted_cpu(const zc_invocation *invocation)
{
    const char *text = zc_option_value(invocation, "cpu");
    char *end;
    if (text == NULL) {
        return -1;
    }
    long cpu = strtol(text, &end, 10);
    return end == text || *end != '\0' || cpu < 0 || cpu >= ZC_MACHINE_CPUS ? -2 : (int)cpu;
}

static int report(const zc_invocation *invocation, const zc_doctor *doctor)
{
    char boot[1024];
    size_t missing = 0;
    json_t *list = json_array();
    bool made = list != NULL;
    zc_doctor_boot_line(doctor, boot, sizeof boot);
    for (size_t i = 0; i < ZC_CHECKS; i++) {
        zc_finding finding;
        zc_checks[i].check(doctor, &finding);
        missing += finding.state == ZC_FINDING_MISSING ? 1 : 0;
        if (invocation->json) {
            made = made && add_json(list, &zc_checks[i], &finding);
        } else {
            print_row(&zc_checks[i], &finding);
        }
    }
    if (invocation->json) {
        made = made && print_json(doctor, list, boot);
    } else if (boot[0] != '\0') {
        printf("\nFor a processor that does nothing but sign, boot with\n    %s\nand start with "
               "ZCP_CORE_CPU=%d ZCP_CORE_SPIN_US=200 (deploy/tuning).\n",
               boot, doctor->cpu);
    }
    json_decref(list);
    return made && missing == 0 ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

int zc_run_doctor(zc_invocation *invocation)
{
    zc_doctor doctor;
    int cpu = wanted_cpu(invocation);
    const char *given = zc_option_value(invocation, "root");
    const char *root = given == NULL ? "" : given;
    if (cpu == -2) {
        return zc_fail_usage(invocation, "wrong --cpu", "it is the number of a processor");
    }
    if (!zc_doctor_init(&doctor, root, cpu)) {
        zc_error error = {0};
        zc_result set = zc_error_set(
            &error, ZC_SUPPORT_NOT_FOUND, "cannot examine the machine",
            cpu >= 0 ? "there is no such processor" : "/sys says nothing of its processors",
            "name another --cpu, or with --root a folder that holds proc/ and sys/");
        (void)set;
        return zc_fail_with(invocation, &error);
    }
    return report(invocation, &doctor);
}
