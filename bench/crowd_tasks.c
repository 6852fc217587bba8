/* Sessions that say nothing: what they do to one that signs, and what they take. */
#include <sys/resource.h>

#include "bench.h"
#include "place.h"
#include "requests.h"

static const char key_name[] = "desk-p256";

/* One session alone with its deployment, and one beside many with another: they take turns. */
enum { ALONE, BESIDE, WAYS };

static zcp_session *session[WAYS];
static uint64_t before, after; /* bytes resident, without the many and with them */
static uint64_t turn;
static uint8_t message[ZC_BENCH_MESSAGE_MAX];
static zcp_sign_request request = {.key = key_name, .use = ZCP_MESSAGE, .payload = message};

static size_t way_of(const zc_bench_task *task)
{
    return task->variant > 1 ? BESIDE : ALONE;
}

static const char *raise_limit(int sessions)
{
    struct rlimit files;
    const rlim_t needed = (rlim_t)sessions + 64;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_max < needed) {
        return "the process may not have as many descriptors";
    }
    files.rlim_cur = files.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &files) == 0 ? NULL : "the limit of descriptors does not rise";
}

static bool next_message(const zc_bench_task *task)
{
    (void)task;
    request.payload_len = zc_bench_message(turn++, message);
    return true;
}

static bool sign(zcp_session *with)
{
    zcp_signature signature;
    zcp_error error;
    return zcp_sign(with, &request, &signature, NULL, &error) == ZCP_OK || zc_bench_fail(error.why);
}

/* They end with this process. */
static const char *open_others(zc_bench_folder folder, int count)
{
    const char *why = NULL;
    zcp_session *other;
    for (int i = 0; why == NULL && i < count; i++) {
        why = zc_deployment_open(folder, &other);
    }
    return why;
}

static const char *open_crowd(const zc_bench_task *task)
{
    zc_bench_folder folder = way_of(task) == BESIDE ? ZC_FOLDER_CROWD : ZC_FOLDER_BLOCK;
    zcp_session **with = &session[way_of(task)];
    const char *why = raise_limit(task->variant);
    why = why == NULL ? zc_deployment_start(folder) : why;
    why = why == NULL ? zc_deployment_open(folder, with) : why;
    if (why != NULL) {
        return why;
    }
    if (!zc_deployment_key(*with, key_name)) {
        return "the deployment makes no key";
    }
    if (!next_message(task) || !sign(*with)) {
        return zc_bench_failure();
    }
    before = zc_deployment_memory(folder);
    why = open_others(folder, task->variant - 1);
    after = zc_deployment_memory(folder);
    return why;
}

static bool run_crowd(const zc_bench_task *task)
{
    return sign(session[way_of(task)]);
}

/* Behind growth.sessions.10000 in its group. */
static const char *open_memory(const zc_bench_task *task)
{
    (void)task;
    return before > 0 && after > before ? NULL : "the deployment's processes are not to be seen";
}

/* In thousandths of a megabyte. */
static uint64_t memory(const zc_bench_task *task)
{
    (void)task;
    return (after - before) / 1000;
}

#define CROWD(n)                                                                                   \
    {                                                                                              \
        .name = "growth.sessions." #n, .side = ZC_SIDE_CLIENT, .open = open_crowd,                 \
        .prepare = next_message, .run = run_crowd, .variant = (n)                                  \
    }

const zc_bench_task zc_crowd_tasks[ZC_CROWD_TASKS] = {
    CROWD(1),
    CROWD(100),
    CROWD(1000),
    CROWD(10000),
    {.name = "growth.sessions.memory",
     .side = ZC_SIDE_CLIENT,
     .open = open_memory,
     .amount = memory,
     .unit = "MB",
     .note = "of all processes of the deployment, for 9,999 sessions"},
};
