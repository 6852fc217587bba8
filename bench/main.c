/* zcp-bench: what the road costs, against the bare libraries of the same run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fnmatch.h>
#include <signal.h>

#include "place.h"
#include "report.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Pairs that are compared stand in one group. Long runs of the same task would measure warm caches;
 * short slices in turn measure what a bot sees that does other things in between. */
static const struct {
    zc_bench_pace pace;
    const zc_bench_task *task[ZC_BENCH_GROUP_MAX];
} groups[] = {
    {{.slice_ms = 15, .warm_ms = 1, .rounds = 40},
     {&zc_enclave_tasks[0], &zc_bare_tasks[0], &zc_enclave_tasks[1], &zc_softhsm_tasks[0],
      &zc_enclave_tasks[2], &zc_bare_tasks[2], &zc_enclave_tasks[3], &zc_bare_tasks[3],
      &zc_bare_tasks[4], &zc_system_tasks[0], &zc_system_tasks[1], &zc_sign_tasks[0],
      &zc_sign_tasks[1], &zc_sign_tasks[2], &zc_sign_tasks[3], &zc_sign_tasks[4]}},
    {{.slice_ms = 15, .warm_ms = 1, .rounds = 20},
     {&zc_policy_tasks[0], &zc_policy_tasks[1], &zc_policy_tasks[2], &zc_audit_tasks[0],
      &zc_audit_tasks[1], &zc_sign_tasks[5]}},
    {{.slice_ms = 30, .warm_ms = 2, .rounds = 25}, {&zc_attest_tasks[0], &zc_bare_tasks[1]}},
    {{.slice_ms = 400, .warm_ms = 50, .rounds = 4}, {&zc_system_tasks[2]}},
    {{.slice_ms = 2000, .rounds = 1}, {&zc_system_tasks[3]}},
};
#define TASKS_MAX (COUNT(groups) * ZC_BENCH_GROUP_MAX)

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
    {"e2e.unix-block.memory", "bare.openssl.p256"},
    {"sign.p256", "bare.openssl.p256"},
    {"sign.p256.deterministic", "bare.openssl.p256"},
    {"sign.secp256k1", "bare.libsecp256k1"},
    {"sign.ed25519", "bare.libsodium.ed25519"},
    {"attest.fresh", "bare.openssl.p384"},
};

static const struct {
    const char *name;
    const char *why;
} absent[] = {
    {"enclave.batch64.p256", "a record holds one request in this version"},
    {"e2e.ring", "this version has no shared-memory transport"},
    {"e2e.unix-spin", "this version waits for its socket, it does not spin"},
    {"e2e.vsock", "the local platform has no vsock"},
    {"decode.multicall100", "this version does not decode multicalls"},
    {"attest.cached", "this version makes a document for each nonce"},
    {"throughput.2", "this version signs on one processor"},
    {"p11kit.p256", "this version has no peer of its own to measure over p11-kit"},
    {"ssh-agent.p256", "this version has no peer of its own to measure over ssh-agent"},
    {"https.p256", "this version has no peer of its own to measure over HTTPS"},
};

static const char help[] =
    "zcp bench [--json]        zcp-bench [--json] [--only PATTERN]\n"
    "\n"
    "Times the enclave's step, its parts and the whole way from client to signature, beside the\n"
    "bare libraries of the same run. Takes about twenty seconds. docs/performance.md says what\n"
    "each number means. --only 'enclave.*' measures just those.\n";

static volatile sig_atomic_t interrupted;
static volatile bool stopped;

static void stop(int number)
{
    (void)number;
    interrupted = 1;
    stopped = true;
}

/* Pattern of the names that are wanted, as of files. */
static const char *only = "*";

/* NULL where there is none, or none that is wanted. */
static const zc_bench_task *task_at(size_t place)
{
    const zc_bench_task *task = groups[place / ZC_BENCH_GROUP_MAX].task[place % ZC_BENCH_GROUP_MAX];
    return task != NULL && fnmatch(only, task->name, 0) == 0 ? task : NULL;
}

static void measure(zc_bench_result *results)
{
    for (size_t i = 0; i < COUNT(groups); i++) {
        const zc_bench_task *task[ZC_BENCH_GROUP_MAX];
        zc_bench_result *result[ZC_BENCH_GROUP_MAX];
        size_t count = 0;
        for (size_t at = i * ZC_BENCH_GROUP_MAX; at < (i + 1) * ZC_BENCH_GROUP_MAX; at++) {
            if (task_at(at) != NULL) {
                task[count] = task_at(at);
                result[count++] = &results[at];
            }
        }
        zc_bench_group(task, result, count, groups[i].pace, &stopped);
    }
}

static const zc_bench_result *result_of(const zc_bench_result *results, const char *name)
{
    for (size_t i = 0; i < TASKS_MAX; i++) {
        if (task_at(i) != NULL && strcmp(task_at(i)->name, name) == 0) {
            return &results[i];
        }
    }
    return NULL;
}

static void print_all(zc_bench_report *report, const zc_bench_result *results)
{
    for (size_t i = 0; i < TASKS_MAX; i++) {
        if (task_at(i) != NULL) {
            zc_report_task(report, task_at(i), &results[i]);
        }
    }
    for (size_t i = 0; i < COUNT(ratios); i++) {
        const zc_bench_result *result = result_of(results, ratios[i].name);
        const zc_bench_result *base = result_of(results, ratios[i].over);
        if (result != NULL && base != NULL) {
            zc_report_ratio(report, ratios[i].name, result, ratios[i].over, base);
        }
    }
    for (size_t i = 0; i < COUNT(absent) && strcmp(only, "*") == 0; i++) {
        zc_report_skipped(report, absent[i].name, absent[i].why);
    }
}

static int run(bool json)
{
    zc_bench_report report = {.json = json};
    int cpu = 0;
    bool pinned = zc_bench_pin(&cpu);
    zc_report_conditions(&report, pinned, cpu);
    zc_bench_result *results = zc_bench_results_new(TASKS_MAX);
    if (results == NULL || !zc_bench_place_make()) {
        (void)fputs("zcp-bench: cannot start: no memory, or no temporary folder. Free some, or "
                    "name a folder with $TMPDIR.\n",
                    stderr);
        return 1;
    }
    measure(results);
    zc_bench_place_remove();
    print_all(&report, results);
    if (report.failed) {
        (void)fputs("zcp-bench: cannot write the results. Is the disk full, or the pipe closed?\n",
                    stderr);
    }
    return report.failed || interrupted != 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
    bool json = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            return fputs(help, stdout) < 0;
        }
        if (strcmp(argv[i], "--json") == 0) {
            json = true;
        } else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc) {
            only = argv[++i];
        } else {
            (void)fputs(
                "zcp-bench: unknown option. It takes --json and --only PATTERN; see --help.\n",
                stderr);
            return 2;
        }
    }
    const struct sigaction action = {.sa_handler = stop};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    return run(json);
}
