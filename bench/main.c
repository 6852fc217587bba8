/* zcp-bench: what the road costs, against the bare libraries of the same run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fnmatch.h>
#include <signal.h>

#include "html.h"
#include "options.h"
#include "place.h"
#include "report.h"
#include "results.h"
#include "targets.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Pairs that are compared stand in one group. Long runs of the same task would measure warm caches;
 * short slices in turn measure what a bot sees that does other things in between. */
typedef enum zc_part { ALWAYS, COMPARE, GROWTH } zc_part;

#define GROWTH_PACE                                                                                \
    {                                                                                              \
        .slice_ms = 15, .warm_ms = 2, .rounds = 6                                                  \
    }
#define GROWTH_POINT_OF(tasks, n)                                                                  \
    {                                                                                              \
        GROWTH, GROWTH_PACE,                                                                       \
        {                                                                                          \
            &(tasks)[n]                                                                            \
        }                                                                                          \
    }
#define GROWTH_POINT(n) GROWTH_POINT_OF(zc_growth_tasks, n)

/* Beside one session and beside ten thousand in turns, so that the machine's moods fall on both. */
#define CROWD_PACE                                                                                 \
    {                                                                                              \
        .slice_ms = 60, .warm_ms = 10, .rounds = 20                                                \
    }

static const struct {
    zc_part part;
    zc_bench_pace pace;
    const zc_bench_task *task[ZC_BENCH_GROUP_MAX];
} groups[] = {
    {ALWAYS,
     {.slice_ms = 15, .warm_ms = 1, .rounds = 40},
     {&zc_enclave_tasks[0], &zc_bare_tasks[0], &zc_enclave_tasks[1], &zc_softhsm_tasks[0],
      &zc_enclave_tasks[2], &zc_bare_tasks[2], &zc_enclave_tasks[3], &zc_bare_tasks[3],
      &zc_enclave_tasks[4], &zc_enclave_tasks[5], &zc_bare_tasks[4], &zc_system_tasks[0],
      &zc_system_tasks[1], &zc_system_tasks[4], &zc_system_tasks[5], &zc_system_tasks[9],
      &zc_interface_tasks[0], &zc_interface_tasks[1], &zc_interface_tasks[2]}},
    {ALWAYS, {.slice_ms = 100, .warm_ms = 10, .rounds = 5}, {&zc_enclave_tasks[6]}},
    {ALWAYS,
     {.slice_ms = 15, .warm_ms = 1, .rounds = 20},
     {&zc_sign_tasks[0], &zc_sign_tasks[1], &zc_sign_tasks[2], &zc_sign_tasks[3],
      &zc_sign_tasks[4]}},
    {ALWAYS,
     {.slice_ms = 15, .warm_ms = 1, .rounds = 20},
     {&zc_policy_tasks[0], &zc_policy_tasks[1], &zc_policy_tasks[2], &zc_policy_tasks[3],
      &zc_limit_tasks[0], &zc_limit_tasks[1], &zc_limit_tasks[2], &zc_audit_tasks[0],
      &zc_audit_tasks[1], &zc_sign_tasks[5]}},
    {ALWAYS,
     {.slice_ms = 30, .warm_ms = 2, .rounds = 25},
     {&zc_attest_tasks[0], &zc_attest_tasks[1], &zc_attest_tasks[2], &zc_bare_tasks[1]}},
    {ALWAYS,
     {.slice_ms = 60, .warm_ms = 5, .rounds = 20},
     {&zc_system_tasks[6], &zc_system_tasks[7], &zc_system_tasks[8], &zc_system_tasks[12],
      &zc_bare_tasks[5]}},
    {ALWAYS, {.slice_ms = 60, .warm_ms = 5, .rounds = 10}, {&zc_system_tasks[11]}},
    {ALWAYS,
     {.slice_ms = 30, .warm_ms = 3, .rounds = 20},
     {&zc_interface_tasks[3], &zc_interface_tasks[4]}},
    {ALWAYS,
     {.slice_ms = 400, .warm_ms = 50, .rounds = 4},
     {&zc_system_tasks[2], &zc_system_tasks[10], &zc_system_tasks[13]}},
    {ALWAYS,
     {.slice_ms = 100, .warm_ms = 10, .rounds = 10},
     {&zc_worker_tasks[0], &zc_worker_tasks[1]}},
    {ALWAYS, {.slice_ms = 2000, .rounds = 1}, {&zc_system_tasks[3]}},
    {COMPARE,
     {.slice_ms = 40, .warm_ms = 3, .rounds = 12},
     {&zc_peer_tasks[0], &zc_peer_tasks[1], &zc_peer_tasks[2]}},
    GROWTH_POINT(0),
    GROWTH_POINT(1),
    GROWTH_POINT(2),
    GROWTH_POINT(3),
    GROWTH_POINT(4),
    GROWTH_POINT(5),
    GROWTH_POINT(6),
    GROWTH_POINT(7),
    GROWTH_POINT(8),
    GROWTH_POINT(9),
    GROWTH_POINT(10),
    GROWTH_POINT(11),
    GROWTH_POINT(12),
    GROWTH_POINT(13),
    GROWTH_POINT(14),
    GROWTH_POINT(15),
    GROWTH_POINT(16),
    GROWTH_POINT(17),
    GROWTH_POINT(18),
    {GROWTH, {.slice_ms = 15, .rounds = 3}, {&zc_key_load_tasks[0]}},
    GROWTH_POINT_OF(zc_length_tasks, 0),
    GROWTH_POINT_OF(zc_length_tasks, 1),
    GROWTH_POINT_OF(zc_length_tasks, 2),
    GROWTH_POINT_OF(zc_length_tasks, 3),
    GROWTH_POINT_OF(zc_log_length_tasks, 0),
    GROWTH_POINT_OF(zc_log_length_tasks, 1),
    GROWTH_POINT_OF(zc_log_length_tasks, 2),
    GROWTH_POINT_OF(zc_log_length_tasks, 3),
    {GROWTH, CROWD_PACE, {&zc_crowd_tasks[1]}},
    {GROWTH, CROWD_PACE, {&zc_crowd_tasks[2]}},
    {GROWTH, CROWD_PACE, {&zc_crowd_tasks[0], &zc_crowd_tasks[3], &zc_crowd_tasks[4]}},
};
#define TASKS_MAX (COUNT(groups) * ZC_BENCH_GROUP_MAX)
_Static_assert(TASKS_MAX <= ZC_RESULTS_MAX, "each task has a place for its results");

static const struct {
    const char *name;
    const char *over;
} ratios[] = {
    {"enclave.p256", "bare.openssl.p256"},
    {"enclave.p256.deterministic", "bare.openssl.p256"},
    {"enclave.secp256k1.eip1559", "bare.libsecp256k1"},
    {"enclave.ed25519", "bare.libsodium.ed25519"},
    {"enclave.p256", "softhsm2.p256"},
    {"e2e.unix-block", "bare.openssl.p256"},
    {"e2e.unix-block.durable", "bare.openssl.p256"},
    {"e2e.unix-block.durable.memory", "bare.openssl.p256"},
    {"enclave.batch64.p256", "bare.openssl.p256"},
    {"e2e.batch64", "bare.openssl.p256"},
    {"e2e.ring.batch64", "bare.openssl.p256"},
    {"e2e.ring", "bare.openssl.p256"},
    {"e2e.unix-spin", "bare.openssl.p256"},
    {"e2e.unix-spin", "softhsm2.p256"},
    {"p11kit.p256", "bare.openssl.p256"},
    {"ssh-agent.p256", "bare.openssl.p256"},
    {"https.p256", "bare.openssl.p256"},
    {"sign.p256", "bare.openssl.p256"},
    {"sign.p256.deterministic", "bare.openssl.p256"},
    {"sign.secp256k1", "bare.libsecp256k1"},
    {"sign.ed25519", "bare.libsodium.ed25519"},
    {"e2e.ring.handshakes", "e2e.ring"},
    {"http.kms-sign", "http.hello"},
    {"http.kms-sign.apart", "http.hello.apart"},
    {"pkcs11.p256", "e2e.unix-block"},
    {"attest.fresh", "bare.openssl.p384"},
    /* Of numbers a second: how much faster. */
    {"throughput.2", "throughput.2.alone"},
    {"throughput.workers.2", "throughput.workers.1"},
    {"throughput.enclave", "enclave.p256"},
    {"growth.sessions.10000", "growth.sessions.1"},
    {"growth.keys.1000000", "growth.keys.10"},
    {"growth.keys-hot.1000000", "growth.keys.10"},
};

/* How far p99 lies above p50, over what the machine does to the empty loop and half of p50. The
 * last is nothing but the machine: a loop as long as a signature. */
static const char *const tails[] = {"e2e.ring", "e2e.unix-spin", "e2e.unix-block",
                                    "noise.20us-loop"};

static const struct {
    const char *name;
    const char *why;
} absent[] =
    {
        {"e2e.vsock", "the local platform has no vsock"},
},
  uncompared[] = {
      {"p11kit.p256", "measured with --compare"},
      {"ssh-agent.p256", "measured with --compare"},
      {"https.p256", "measured with --compare"},
};

static const char help[] =
    "zcp bench [--json] [--compare] [--growth] [--runs N] [--only PATTERN] [--html FILE]\n"
    "\n"
    "Times the enclave's step, its parts and the whole way from client to signature, beside the\n"
    "bare libraries of the same run. Takes a minute. docs/performance.md says what each\n"
    "number means.\n"
    "  --compare       also SoftHSM over p11-kit, ssh-agent, a signer over HTTPS\n"
    "  --growth        also curves over keys, sessions, rules, lists, log and batches; minutes.\n"
    "                  With --runs, in the last one\n"
    "  --runs N        the whole N times (to 25): medians, and how far they lie apart\n"
    "  --only PATTERN  just these names, as of files: 'enclave.*'\n"
    "  --html FILE     also a page with the distributions drawn\n";

static volatile sig_atomic_t interrupted;
static volatile bool stopped;

static void stop(int number)
{
    (void)number;
    interrupted = 1;
    stopped = true;
}

static zc_bench_options options;

static bool is_wanted(size_t group)
{
    return groups[group].part == ALWAYS || (groups[group].part == COMPARE && options.compare) ||
           (groups[group].part == GROWTH && options.growth);
}

/* NULL where there is none, or none that is wanted. */
static const zc_bench_task *task_at(size_t place)
{
    const zc_bench_task *task = groups[place / ZC_BENCH_GROUP_MAX].task[place % ZC_BENCH_GROUP_MAX];
    return task != NULL && is_wanted(place / ZC_BENCH_GROUP_MAX) &&
                   fnmatch(options.only, task->name, 0) == 0
               ? task
               : NULL;
}

/* Filled once: those that are wanted. */
static const zc_bench_task *all_tasks[TASKS_MAX];

static void list_tasks(void)
{
    for (size_t i = 0; i < TASKS_MAX; i++) {
        all_tasks[i] = task_at(i);
    }
    zc_results_begin(all_tasks, TASKS_MAX);
}

/* Curves are drawn once, in the last run. */
static void measure(zc_bench_result *results, bool last)
{
    for (size_t i = 0; i < COUNT(groups); i++) {
        const zc_bench_task *task[ZC_BENCH_GROUP_MAX];
        zc_bench_result *result[ZC_BENCH_GROUP_MAX];
        size_t count = 0;
        for (size_t at = i * ZC_BENCH_GROUP_MAX; at < (i + 1) * ZC_BENCH_GROUP_MAX; at++) {
            if (all_tasks[at] != NULL && (groups[i].part != GROWTH || last)) {
                task[count] = all_tasks[at];
                result[count++] = &results[at];
            }
        }
        if (count > 0) {
            zc_bench_group(task, result, count, groups[i].pace, &stopped);
        }
    }
}

static void print_tails(zc_bench_report *report)
{
    for (size_t i = 0; i < COUNT(tails); i++) {
        char name[64];
        zc_report_spread spread = zc_results_tail(tails[i]);
        (void)snprintf(name, sizeof name, "%s.tail", tails[i]);
        if (spread.count > 0) {
            zc_report_ratio(report, name, "noise.empty-loop", &spread);
        }
    }
}

static void print_ratios(zc_bench_report *report, FILE *html)
{
    for (size_t i = 0; i < COUNT(ratios); i++) {
        zc_report_spread spread = zc_results_ratio(ratios[i].name, ratios[i].over);
        if (spread.count == 0) {
            continue;
        }
        zc_report_ratio(report, ratios[i].name, ratios[i].over, &spread);
        if (html != NULL) {
            zc_html_ratio(html, ratios[i].name, ratios[i].over, spread.median);
        }
    }
}

/* Of several repetitions the medians; to programs also the last with its far tail. */
static void print_task(zc_bench_report *report, size_t place, const zc_bench_result *result)
{
    zc_report_spread medians = zc_results_medians(place), late = zc_results_late(place);
    if (report->json || medians.count < 2) {
        zc_report_task(report, all_tasks[place], result);
    }
    if (medians.count > 1) {
        zc_report_runs(report, all_tasks[place], &medians, &late);
    }
}

static void print_all(zc_bench_report *report, const zc_bench_result *results, FILE *html)
{
    for (size_t i = 0; i < TASKS_MAX; i++) {
        if (all_tasks[i] != NULL) {
            print_task(report, i, &results[i]);
        }
        if (all_tasks[i] != NULL && html != NULL) {
            zc_html_task(html, all_tasks[i], &results[i]);
        }
    }
    print_ratios(report, html);
    print_tails(report);
    if (strcmp(options.only, "*") == 0) {
        zc_targets_print(report);
    }
    if (html != NULL) {
        zc_html_end_rows(html);
        zc_html_curves(html, all_tasks, results, TASKS_MAX);
    }
}

static void print_absent(zc_bench_report *report)
{
    if (strcmp(options.only, "*") != 0) {
        return;
    }
    for (size_t i = 0; i < COUNT(absent); i++) {
        zc_report_skipped(report, absent[i].name, absent[i].why);
    }
    for (size_t i = 0; i < COUNT(uncompared) && !options.compare; i++) {
        zc_report_skipped(report, uncompared[i].name, uncompared[i].why);
    }
}

/* NULL when none is wanted, or none can be written. */
static FILE *open_html(void)
{
    char machine[300];
    FILE *file = options.html == NULL ? NULL : fopen(options.html, "we");
    if (file != NULL) {
        zc_report_machine(machine, sizeof machine);
        zc_html_begin(file, machine);
    }
    return file;
}

/* Once after another; the distributions are those of the last. False when there is no memory or no
 * folder. */
static bool measure_all(zc_bench_result *results)
{
    for (unsigned run = 0; run < options.runs && !stopped; run++) {
        memset(results, 0, TASKS_MAX * sizeof *results);
        if (!zc_bench_place_make()) {
            return false;
        }
        measure(results, run + 1 == options.runs);
        zc_bench_place_remove();
        zc_results_keep(results, run);
    }
    return true;
}

static int run_all(void)
{
    zc_bench_report report = {.json = options.json};
    int cpu = 0;
    FILE *html = open_html();
    if (options.html != NULL && html == NULL) {
        (void)fprintf(stderr, "zcp-bench: cannot write %s.\n", options.html);
        return 1;
    }
    bool pinned = zc_bench_pin(&cpu);
    list_tasks();
    zc_report_conditions(&report, pinned, cpu);
    zc_bench_result *results = zc_bench_results_new(TASKS_MAX);
    if (results == NULL || !measure_all(results)) {
        (void)fputs("zcp-bench: cannot start: no memory, or no temporary folder. Free some, or "
                    "name a folder with $TMPDIR.\n",
                    stderr);
        return 1;
    }
    print_all(&report, results, html);
    print_absent(&report);
    report.failed = (html != NULL && !zc_html_end(html)) || report.failed;
    if (report.failed) {
        (void)fputs("zcp-bench: cannot write the results. Is the disk full, or the pipe closed?\n",
                    stderr);
    }
    return report.failed || interrupted != 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
    if (!zc_bench_options_read(argc, argv, &options)) {
        return 2;
    }
    if (options.help) {
        return fputs(help, stdout) < 0;
    }
    const struct sigaction action = {.sa_handler = stop};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    return run_all();
}
