#include "worker.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct zc_order {
    uint16_t task;
    bool open;    /* else a slice */
    bool counted; /* whether the slice is */
} zc_order;

typedef struct zc_group {
    const zc_bench_task *const *tasks;
    zc_bench_result *const *results;
    size_t count;
    zc_bench_pace pace;
    pid_t pid[ZC_SIDES];
    int fd[ZC_SIDES]; /* −1: none of the tasks is on this side */
} zc_group;

uint64_t zc_bench_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

zc_bench_result *zc_bench_results_new(size_t count)
{
    void *memory = mmap(NULL, count * sizeof(zc_bench_result), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

/* The last processor of those allowed: interrupts tend to go to the first. */
bool zc_bench_pin(int *ret_cpu)
{
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
        return false;
    }
    for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--) {
        if (CPU_ISSET((size_t)cpu, &allowed)) {
            CPU_ZERO(&allowed);
            CPU_SET((size_t)cpu, &allowed);
            *ret_cpu = cpu;
            return sched_setaffinity(0, sizeof allowed, &allowed) == 0;
        }
    }
    return false;
}

static void skip(zc_bench_result *result, const char *why)
{
    (void)snprintf(result->skipped, sizeof result->skipped, "%s", why);
}

static bool once(const zc_bench_task *task, uint64_t *ret_begun, uint64_t *ret_ended)
{
    if (task->prepare != NULL && !task->prepare(task)) {
        return false;
    }
    if (task->amount != NULL) {
        uint64_t amount = task->amount(task);
        *ret_begun = zc_bench_now();
        *ret_ended = *ret_begun + amount;
        return amount > 0;
    }
    *ret_begun = task->due != NULL ? task->due(task) : zc_bench_now();
    bool done = task->run(task);
    *ret_ended = zc_bench_now();
    return done && (task->settle == NULL || task->settle(task));
}

/* At least one run, so that what takes longer than a slice is measured too. */
static void slice(const zc_group *group, const zc_order *wanted)
{
    const zc_bench_task *task = group->tasks[wanted->task];
    zc_bench_result *result = group->results[wanted->task];
    uint64_t start = zc_bench_now();
    uint64_t warm = start + group->pace.warm_ms * UINT64_C(1000000);
    uint64_t end = start + group->pace.slice_ms * UINT64_C(1000000);
    uint64_t begun = start, ended = start;
    while (ended < end) {
        if (!once(task, &begun, &ended)) {
            skip(result, zc_bench_failure());
            return;
        }
        if (wanted->counted && begun >= warm) {
            zc_histogram_add(&result->times, ended - begun);
        }
    }
}

static void work(const zc_group *group, int fd)
{
    zc_order wanted;
    (void)signal(SIGINT, SIG_IGN); /* the asking process ends this one */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (read(fd, &wanted, sizeof wanted) == (ssize_t)sizeof wanted) {
        if (wanted.open) {
            const zc_bench_task *task = group->tasks[wanted.task];
            const char *why = task->open(task);
            if (why != NULL) {
                skip(group->results[wanted.task], why);
            }
        } else {
            slice(group, &wanted);
        }
        if (write(fd, "", 1) != 1) {
            return;
        }
    }
}

static int start_side(zc_group *group, zc_bench_side side)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        return -1;
    }
    group->pid[side] = fork();
    if (group->pid[side] == 0) {
        /* The other sides' ends too: their processes end when this end of theirs is closed. */
        for (int i = 0; i < ZC_SIDES; i++) {
            if (group->fd[i] >= 0) {
                (void)close(group->fd[i]);
            }
        }
        (void)close(pair[0]);
        work(group, pair[1]);
        _exit(0);
    }
    (void)close(pair[1]);
    if (group->pid[side] < 0) {
        (void)close(pair[0]);
        return -1;
    }
    return pair[0];
}

/* False when the side's process is gone. */
static bool ask(zc_group *group, size_t task, bool open, bool counted)
{
    zc_bench_side side = group->tasks[task]->side;
    zc_order wanted = {.task = (uint16_t)task, .open = open, .counted = counted};
    char done;
    if (group->fd[side] < 0) {
        group->fd[side] = start_side(group, side);
    }
    return group->fd[side] >= 0 &&
           send(group->fd[side], &wanted, sizeof wanted, MSG_NOSIGNAL) == (ssize_t)sizeof wanted &&
           read(group->fd[side], &done, 1) == 1;
}

static void end_sides(zc_group *group)
{
    for (int side = 0; side < ZC_SIDES; side++) {
        if (group->fd[side] >= 0) {
            (void)close(group->fd[side]);
            (void)waitpid(group->pid[side], NULL, 0);
        }
    }
}

static void run_round(zc_group *group, bool counted, const volatile bool *stopped)
{
    for (size_t i = 0; i < group->count && !*stopped; i++) {
        zc_bench_result *result = group->results[i];
        if (result->skipped[0] == '\0' && !ask(group, i, false, counted) && !*stopped) {
            skip(result, "the measuring process ended");
        }
    }
}

void zc_bench_group(const zc_bench_task *const *tasks, zc_bench_result *const *results,
                    size_t count, zc_bench_pace pace, const volatile bool *stopped)
{
    zc_group group = {.tasks = tasks, .results = results, .count = count, .pace = pace};
    for (int side = 0; side < ZC_SIDES; side++) {
        group.fd[side] = -1;
    }
    for (size_t i = 0; i < count && !*stopped; i++) {
        if (!ask(&group, i, true, false) && !*stopped && results[i]->skipped[0] == '\0') {
            skip(results[i], "the measuring process ended");
        }
    }
    if (pace.rounds > 1) {
        run_round(&group, false, stopped);
    }
    for (unsigned i = 0; i < pace.rounds && !*stopped; i++) {
        run_round(&group, true, stopped);
    }
    end_sides(&group);
}
