#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/utsname.h>
#include <unistd.h>

#define NAME_WIDTH "%-28s"
/* Digits of a number in JSON: a time is known to three or four. */
#define PRECISION 6

void zc_report_object(zc_bench_report *report, json_t *object)
{
    if (object == NULL || json_dumpf(object, stdout, JSON_REAL_PRECISION(PRECISION)) != 0 ||
        putchar('\n') == EOF || fflush(stdout) == EOF) {
        report->failed = true;
    }
    json_decref(object);
}

void zc_report_line(zc_bench_report *report, int printed)
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

void zc_report_machine(char *ret_text, size_t capacity)
{
    char model[128] = "unknown processor";
    char load[32] = "unknown";
    struct utsname kernel = {0};
    FILE *file = fopen("/proc/cpuinfo", "r");
    if (file != NULL) {
        copy_line(file, "model name", model, sizeof model);
        (void)fclose(file);
    }
    file = fopen("/proc/loadavg", "r");
    if (file != NULL) {
        if (fscanf(file, "%31s", load) != 1) {
            (void)snprintf(load, sizeof load, "unknown");
        }
        (void)fclose(file);
    }
    (void)uname(&kernel);
    (void)snprintf(ret_text, capacity, "%s, %ld processors, %s %s, load %s", model,
                   sysconf(_SC_NPROCESSORS_ONLN), kernel.sysname, kernel.release, load);
}

void zc_report_conditions(zc_bench_report *report, bool pinned, int cpu)
{
    char machine[300];
    if (report->json) {
        return;
    }
    zc_report_machine(machine, sizeof machine);
    int printed = printf("%s\n%s\n", machine,
                         pinned ? "everything on one processor but e2e.ring, e2e.unix-spin and "
                                  "e2e.open-loop"
                                : "NOT bound to one processor");
    if (printed >= 0 && pinned) {
        printed = printf("processor %d; times in microseconds, clock included; no averages\n", cpu);
    }
    if (printed >= 0) {
        printed =
            printf("\n" NAME_WIDTH " %10s %10s %10s %9s\n", "", "p50", "p99", "p99.9", "runs");
    }
    zc_report_line(report, printed);
}

static double us(const zc_bench_task *task, const zc_histogram *times, double share)
{
    return zc_histogram_at(times, share) / (task->divide == 0 ? 1000 : 1000 * task->divide);
}

double zc_report_median(const zc_bench_task *task, const zc_bench_result *result)
{
    return us(task, &result->times, 0.5);
}

double zc_report_late(const zc_bench_task *task, const zc_bench_result *result)
{
    return us(task, &result->times, 0.99);
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
    if (task->unit != NULL) {
        failed |= json_object_set_new(object, "value", json_real(us(task, times, 0.5)));
        failed |= json_object_set_new(object, "unit", json_string(task->unit));
    } else if (task->per_run != 0) {
        failed |= json_object_set_new(object, "per_s", json_real(per_second(task, times)));
    } else {
        failed |= json_object_set_new(object, "p50_us", json_real(us(task, times, 0.5)));
        failed |= json_object_set_new(object, "p99_us", json_real(us(task, times, 0.99)));
        failed |= json_object_set_new(object, "p999_us", json_real(us(task, times, 0.999)));
    }
    if (task->per_run == 0 && task->unit == NULL) {
        failed |= json_object_set_new(
            object, "max_us",
            json_real((double)times->max_ns / (task->divide == 0 ? 1000 : 1000 * task->divide)));
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
    if (task->unit != NULL) {
        return printf(NAME_WIDTH " %10.1f %s  %s\n", task->name, us(task, times, 0.5), task->unit,
                      note);
    }
    if (task->per_run != 0) {
        return printf(NAME_WIDTH " %21.0f a second %9llu  %s\n", task->name,
                      per_second(task, times), runs, note);
    }
    return printf(NAME_WIDTH " %10.3f %10.3f %10.3f %9llu  %s\n", task->name, us(task, times, 0.5),
                  us(task, times, 0.99), us(task, times, 0.999), runs, note);
}

void zc_report_task(zc_bench_report *report, const zc_bench_task *task,
                    const zc_bench_result *result)
{
    if (result->skipped[0] != '\0' || result->times.count == 0) {
        zc_report_skipped(report, task->name,
                          result->skipped[0] != '\0' ? result->skipped : "stopped before its turn");
    } else if (report->json) {
        zc_report_object(report, task_object(task, &result->times));
    } else {
        zc_report_line(report, print_row(task, &result->times));
    }
}

void zc_report_skipped(zc_bench_report *report, const char *name, const char *why)
{
    if (report->json) {
        zc_report_object(report, json_pack("{s:s, s:s}", "name", name, "skipped", why));
    } else {
        zc_report_line(report, printf(NAME_WIDTH " skipped: %s\n", name, why));
    }
}

void zc_report_ratio(zc_bench_report *report, const char *name, const char *over,
                     const zc_report_spread *spread)
{
    if (report->json) {
        zc_report_object(report, json_pack("{s:s, s:s, s:f, s:f, s:f}", "name", name, "over", over,
                                           "ratio", spread->median, "ratio_min", spread->least,
                                           "ratio_max", spread->most));
    } else if (spread->count > 1) {
        zc_report_line(report, printf(NAME_WIDTH " %9.2f x  %s (%.2f to %.2f)\n", name,
                                      spread->median, over, spread->least, spread->most));
    } else {
        zc_report_line(report, printf(NAME_WIDTH " %9.2f x  %s\n", name, spread->median, over));
    }
}

static json_t *runs_object(const zc_bench_task *task, const zc_report_spread *medians,
                           const zc_report_spread *late)
{
    if (task->per_run != 0) {
        return json_pack("{s:s, s:f, s:f, s:f, s:i}", "name", task->name, "per_s_median",
                         medians->median, "per_s_min", medians->least, "per_s_max", medians->most,
                         "repetitions", (int)medians->count);
    }
    return json_pack("{s:s, s:f, s:f, s:f, s:f, s:i}", "name", task->name, "p50_us_median",
                     medians->median, "p50_us_min", medians->least, "p50_us_max", medians->most,
                     "p99_us_median", late->median, "repetitions", (int)medians->count);
}

void zc_report_runs(zc_bench_report *report, const zc_bench_task *task,
                    const zc_report_spread *medians, const zc_report_spread *late)
{
    if (report->json) {
        zc_report_object(report, runs_object(task, medians, late));
    } else if (task->per_run != 0) {
        zc_report_line(report, printf(NAME_WIDTH " %10.0f a second (%.0f to %.0f)\n", task->name,
                                      medians->median, medians->least, medians->most));
    } else {
        zc_report_line(report,
                       printf(NAME_WIDTH " %10.3f %10.3f  (p50 from %.3f to %.3f)\n", task->name,
                              medians->median, late->median, medians->least, medians->most));
    }
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

zc_report_spread zc_report_spread_of(double *values, size_t count)
{
    if (count == 0) {
        return (zc_report_spread){0};
    }
    qsort(values, count, sizeof *values, by_size);
    return (zc_report_spread){
        .count = count, .median = values[count / 2], .least = values[0], .most = values[count - 1]};
}
