#include "results.h"

#include <string.h>

#define NOISE "noise.empty-loop"

static const zc_bench_task *const *tasks;
static size_t task_count;
static unsigned run_count;
/* 0 for what did not run. Of things that many are done in a run, each. */
static double medians[ZC_RESULTS_MAX][ZC_BENCH_RUNS_MAX];
static double late[ZC_RESULTS_MAX][ZC_BENCH_RUNS_MAX];

void zc_results_begin(const zc_bench_task *const *given, size_t count)
{
    tasks = given;
    task_count = count < ZC_RESULTS_MAX ? count : ZC_RESULTS_MAX;
}

void zc_results_keep(const zc_bench_result *results, unsigned run)
{
    run_count = run + 1;
    for (size_t i = 0; i < task_count; i++) {
        bool ran = tasks[i] != NULL && results[i].skipped[0] == '\0' && results[i].times.count > 0;
        double each = ran && tasks[i]->per_run != 0 ? tasks[i]->per_run : 1;
        medians[i][run] = ran ? zc_report_median(tasks[i], &results[i]) / each : 0;
        late[i][run] = ran ? zc_report_late(tasks[i], &results[i]) / each : 0;
    }
}

size_t zc_results_place(const char *name)
{
    size_t i = 0;
    while (i < task_count && (tasks[i] == NULL || strcmp(tasks[i]->name, name) != 0)) {
        i++;
    }
    return i;
}

zc_report_spread zc_results_medians(size_t place)
{
    double values[ZC_BENCH_RUNS_MAX];
    size_t count = 0;
    for (unsigned run = 0; place < task_count && run < run_count; run++) {
        double median = medians[place][run];
        if (median > 0) {
            values[count++] = tasks[place]->per_run != 0 ? 1e6 / median : median;
        }
    }
    return zc_report_spread_of(values, count);
}

zc_report_spread zc_results_late(size_t place)
{
    double values[ZC_BENCH_RUNS_MAX];
    size_t count = 0;
    for (unsigned run = 0; place < task_count && run < run_count; run++) {
        if (late[place][run] > 0) {
            values[count++] = late[place][run];
        }
    }
    return zc_report_spread_of(values, count);
}

zc_report_spread zc_results_ratio(const char *name, const char *over)
{
    double values[ZC_BENCH_RUNS_MAX];
    size_t count = 0;
    size_t above = zc_results_place(name), below = zc_results_place(over);
    for (unsigned run = 0; above < task_count && below < task_count && run < run_count; run++) {
        if (medians[above][run] > 0 && medians[below][run] > 0) {
            double ratio = medians[above][run] / medians[below][run];
            values[count++] = tasks[above]->per_run != 0 ? 1 / ratio : ratio;
        }
    }
    return zc_report_spread_of(values, count);
}

zc_report_spread zc_results_tail(const char *name)
{
    double values[ZC_BENCH_RUNS_MAX];
    size_t count = 0;
    size_t place = zc_results_place(name), noise = zc_results_place(NOISE);
    for (unsigned run = 0; place < task_count && noise < task_count && run < run_count; run++) {
        double p50 = medians[place][run];
        if (p50 > 0 && late[noise][run] > 0) {
            values[count++] = (late[place][run] - p50) / (late[noise][run] + p50 / 2);
        }
    }
    return zc_report_spread_of(values, count);
}
