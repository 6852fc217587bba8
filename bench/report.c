#include "report.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <sys/utsname.h>

#define NAME_WIDTH "%-28s"
/* Digits of a number in JSON: a time is known to three or four. */
#define PRECISION 6

static void print_json(zc_bench_report *report, json_t *object)
{
    if (object == NULL || json_dumpf(object, stdout, JSON_REAL_PRECISION(PRECISION)) != 0 ||
        putchar('\n') == EOF || fflush(stdout) == EOF) {
        report->failed = true;
    }
    json_decref(object);
}

static void note_failure(zc_bench_report *report, int printed)
{
    report->failed = report->failed || printed < 0 || fflush(stdout) == EOF;
}

static void copy_line(FILE *file, const char *key, char *ret_text, size_t capacity)
{
    char line[256];
    while (fgets(line, sizeof line, file) != NULL) {
        char *colon = strchr(line, ':');
        if (strncmp(line, key, strlen(key)) == 0 && colon != NULL) {
            (void)snprintf(ret_text, capacity, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
            return;
        }
    }
}

void zc_report_conditions(zc_bench_report *report, bool pinned, int cpu)
{
    char model[128] = "unknown processor";
    struct utsname kernel = {0};
    if (report->json) {
        return;
    }
    FILE *file = fopen("/proc/cpuinfo", "r");
    if (file != NULL) {
        copy_line(file, "model name", model, sizeof model);
        (void)fclose(file);
    }
    (void)uname(&kernel);
    int printed = printf("%s, %s %s, %s\n", model, kernel.sysname, kernel.release,
                         pinned ? "everything on one processor" : "NOT bound to one processor");
    if (printed >= 0 && pinned) {
        printed = printf("processor %d; times in microseconds, clock included; no averages\n", cpu);
    }
    if (printed >= 0) {
        printed =
            printf("\n" NAME_WIDTH " %10s %10s %10s %9s\n", "", "p50", "p99", "p99.9", "runs");
    }
    note_failure(report, printed);
}

static double us(const zc_histogram *times, double share)
{
    return zc_histogram_at(times, share) / 1000;
}

/* How many things a second, by the median run. */
static double per_second(const zc_bench_task *task, const zc_histogram *times)
{
    double ns = zc_histogram_at(times, 0.5);
    return ns > 0 ? 1e9 * task->per_run / ns : 0;
}

static json_t *task_object(const zc_bench_task *task, const zc_histogram *times)
{
    json_t *object = json_pack("{s:s}", "name", task->name);
    int failed = object == NULL;
    if (task->per_run != 0) {
        failed |= json_object_set_new(object, "per_s", json_real(per_second(task, times)));
    } else {
        failed |= json_object_set_new(object, "p50_us", json_real(us(times, 0.5)));
        failed |= json_object_set_new(object, "p99_us", json_real(us(times, 0.99)));
        failed |= json_object_set_new(object, "p999_us", json_real(us(times, 0.999)));
    }
    failed |= json_object_set_new(object, "runs", json_integer((json_int_t)times->count));
    if (task->note != NULL) {
        failed |= json_object_set_new(object, "note", json_string(task->note));
    }
    if (failed != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static int print_row(const zc_bench_task *task, const zc_histogram *times)
{
    unsigned long long runs = times->count;
    const char *note = task->note == NULL ? "" : task->note;
    if (task->per_run != 0) {
        return printf(NAME_WIDTH " %21.0f a second %9llu  %s\n", task->name,
                      per_second(task, times), runs, note);
    }
    return printf(NAME_WIDTH " %10.3f %10.3f %10.3f %9llu  %s\n", task->name, us(times, 0.5),
                  us(times, 0.99), us(times, 0.999), runs, note);
}

void zc_report_task(zc_bench_report *report, const zc_bench_task *task,
                    const zc_bench_result *result)
{
    if (result->skipped[0] != '\0' || result->times.count == 0) {
        zc_report_skipped(report, task->name,
                          result->skipped[0] != '\0' ? result->skipped : "stopped before its turn");
    } else if (report->json) {
        print_json(report, task_object(task, &result->times));
    } else {
        note_failure(report, print_row(task, &result->times));
    }
}

void zc_report_skipped(zc_bench_report *report, const char *name, const char *why)
{
    if (report->json) {
        print_json(report, json_pack("{s:s, s:s}", "name", name, "skipped", why));
    } else {
        note_failure(report, printf(NAME_WIDTH " skipped: %s\n", name, why));
    }
}

void zc_report_ratio(zc_bench_report *report, const char *name, const zc_bench_result *result,
                     const char *over, const zc_bench_result *base)
{
    double above = zc_histogram_at(&result->times, 0.5);
    double below = zc_histogram_at(&base->times, 0.5);
    if (result->skipped[0] != '\0' || base->skipped[0] != '\0' || above <= 0 || below <= 0) {
        return;
    }
    if (report->json) {
        print_json(report, json_pack("{s:s, s:s, s:f}", "name", name, "over", over, "ratio",
                                     above / below));
    } else {
        note_failure(report, printf(NAME_WIDTH " %9.2f x  %s\n", name, above / below, over));
    }
}
