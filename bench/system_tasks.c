/* The whole way: libzcp in this process, the enclave's processes and zcpd as `zcp up` runs them,
 * all on one processor. A signature is in the log on the disk before it is here. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bench.h"
#include "place.h"
#include "requests.h"
#include "worker.h"

/* Requests under way at once, and those of one run. */
#define PIPELINE 64
#define BATCH 256
/* How long a start may take before it counts as failed. */
#define PATIENCE_MS 5000
static const char key_name[] = "desk-p256";

static zcp_session *session[ZC_FOLDERS];
static uint64_t turn;
static uint8_t message[ZC_BENCH_MESSAGE_MAX];
static zcp_sign_request request = {.key = key_name, .use = ZCP_MESSAGE, .payload = message};

static const char *open_deployment(const zc_bench_task *task)
{
    zc_bench_folder folder = (zc_bench_folder)task->variant;
    if (session[folder] != NULL) {
        return NULL;
    }
    const char *why = zc_deployment_start(folder);
    why = why == NULL ? zc_deployment_open(folder, &session[folder]) : why;
    if (why != NULL) {
        return why;
    }
    return zc_deployment_key(session[folder], key_name) ? NULL : "the deployment makes no key";
}

static bool next_message(const zc_bench_task *task)
{
    (void)task;
    request.payload_len = zc_bench_message(turn++, message);
    return true;
}

static bool sign_once(zcp_session *with)
{
    zcp_signature signature;
    zcp_error error;
    return zcp_sign(with, &request, &signature, NULL, &error) == ZCP_OK || zc_bench_fail(error.why);
}

static bool run_sign(const zc_bench_task *task)
{
    return sign_once(session[task->variant]);
}

static bool run_pipeline(const zc_bench_task *task)
{
    zcp_session *with = session[task->variant];
    zcp_signature signature;
    zcp_error error;
    for (size_t sent = 0, received = 0; received < BATCH;) {
        if (sent < BATCH && sent - received < PIPELINE) {
            sent++;
            if (!next_message(task) || zcp_sign_send(with, &request, &error) != ZCP_OK) {
                return zc_bench_fail(error.why);
            }
            continue;
        }
        received++;
        if (zcp_sign_receive(with, &signature, NULL, &error) != ZCP_OK) {
            return zc_bench_fail(error.why);
        }
    }
    return true;
}

/* The deployment and its key are there already: what is measured is a restart. */
static const char *open_start(const zc_bench_task *task)
{
    const char *why = open_deployment(task);
    zcp_close(session[task->variant]);
    session[task->variant] = NULL;
    return why;
}

static bool prepare_start(const zc_bench_task *task)
{
    zc_deployment_stop((zc_bench_folder)task->variant);
    return next_message(task);
}

/* Whether somebody listens where the deployment's clients go: asked like this it costs nothing of
 * what is measured, and a session is opened when there is somebody to open it with. */
static bool listens(zc_bench_folder folder)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *dir = zc_bench_place(folder);
    int len = dir == NULL ? -1
                          : snprintf(address.sun_path, sizeof address.sun_path,
                                     "%.80s/run/enclave.sock", dir);
    int fd = len > 0 ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    bool there = fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    if (fd >= 0) {
        (void)close(fd);
    }
    return there;
}

static bool run_start(const zc_bench_task *task)
{
    zc_bench_folder folder = (zc_bench_folder)task->variant;
    const struct timespec pause = {.tv_nsec = 500000};
    if (!zc_deployment_launch(folder)) {
        return false;
    }
    uint64_t until = zc_bench_now() + PATIENCE_MS * UINT64_C(1000000);
    while (zc_bench_now() < until) {
        if (listens(folder) && zc_deployment_open(folder, &session[folder]) == NULL) {
            return sign_once(session[folder]);
        }
        (void)nanosleep(&pause, NULL);
    }
    return zc_bench_fail("the deployment does not come back");
}

static bool settle_start(const zc_bench_task *task)
{
    zcp_close(session[task->variant]);
    session[task->variant] = NULL;
    return true;
}

static bool run_attest(const zc_bench_task *task)
{
    static uint8_t document[16384];
    size_t len;
    zcp_error error;
    return zcp_attest(session[task->variant], NULL, 0, document, sizeof document, &len, &error) ==
               ZCP_OK ||
           zc_bench_fail(error.why);
}

static zcp_sign_request batch[ZCP_BATCH_MAX];
static uint8_t batch_message[ZCP_BATCH_MAX][ZC_BENCH_MESSAGE_MAX];

static bool prepare_batch(const zc_bench_task *task)
{
    (void)task;
    for (size_t i = 0; i < ZCP_BATCH_MAX; i++) {
        batch[i] = (zcp_sign_request){.key = key_name,
                                      .use = ZCP_MESSAGE,
                                      .payload = batch_message[i],
                                      .payload_len = zc_bench_message(turn++, batch_message[i])};
    }
    return true;
}

static bool sign_batch(zcp_session *with)
{
    static zcp_outcome outcome[ZCP_BATCH_MAX];
    zcp_error error;
    if (zcp_sign_batch(with, batch, ZCP_BATCH_MAX, outcome, &error) != ZCP_OK) {
        return zc_bench_fail(error.why);
    }
    for (size_t i = 0; i < ZCP_BATCH_MAX; i++) {
        if (outcome[i].result != ZCP_OK) {
            return zc_bench_fail(outcome[i].error.why);
        }
    }
    return true;
}

static bool run_batch(const zc_bench_task *task)
{
    return sign_batch(session[task->variant]);
}

/* Where client and core look for work on a processor each. */
enum { RING, SOCKET, WAYS };
#define SPIN_US 1000
/* How far apart requests of the open loop are due. */
#define DUE_NS UINT64_C(500000)

static zcp_session *apart[WAYS];
static uint64_t due_ns;

static const char *open_apart(const zc_bench_task *task)
{
    static bool started;
    int core, others;
    if (!zc_bench_processors(&core, &others)) {
        return "there is one processor: core and client can't have one each";
    }
    if (!zc_bench_bind(others)) {
        return "the process may not choose its processor";
    }
    const char *why = started ? NULL : zc_deployment_start(ZC_FOLDER_SPIN);
    started = started || why == NULL;
    if (why == NULL && apart[task->variant] == NULL) {
        why = zc_deployment_open_as(ZC_FOLDER_SPIN, task->variant == RING, SPIN_US,
                                    &apart[task->variant]);
    }
    if (why != NULL) {
        return why;
    }
    if (task->variant == RING && strcmp(zcp_session_transport(apart[RING]), "shared memory") != 0) {
        return "the enclave gives no shared memory";
    }
    return zc_deployment_key(apart[task->variant], key_name) ? NULL : "the deployment makes no key";
}

static bool run_apart(const zc_bench_task *task)
{
    return sign_once(apart[task->variant]);
}

static bool run_batch_apart(const zc_bench_task *task)
{
    return sign_batch(apart[task->variant]);
}

/* Both processors for everything. */
static const char *open_pair(const zc_bench_task *task)
{
    int core, others;
    if (!zc_bench_processors(&core, &others)) {
        return "there is one processor";
    }
    return zc_bench_unbind() ? open_deployment(task) : "the process may not choose its processor";
}

/* Handshakes one after another, five milliseconds apart, until this process has gone. */
static void shake_hands(void)
{
    const struct timespec pause = {.tv_nsec = 5000000};
    struct timespec due;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)clock_gettime(CLOCK_MONOTONIC, &due);
    for (;;) {
        zcp_session *passing;
        if (zc_deployment_open(ZC_FOLDER_SPIN, &passing) == NULL) {
            zcp_close(passing);
        }
        due.tv_nsec += pause.tv_nsec;
        due.tv_sec += due.tv_nsec / 1000000000;
        due.tv_nsec %= 1000000000;
        (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
    }
}

static const char *open_disturbed(const zc_bench_task *task)
{
    const char *why = open_apart(task);
    pid_t child = why == NULL ? fork() : -1;
    if (child == 0) {
        shake_hands();
    }
    return why == NULL && child < 0 ? "no process for the handshakes" : why;
}

/* A request is due when the clock says so, whatever became of those before: time that it spends
 * waiting for them is its own. After a pause between slices the clock begins anew. */
static bool prepare_due(const zc_bench_task *task)
{
    uint64_t now = zc_bench_now();
    due_ns += DUE_NS;
    if (now > due_ns + 20000000) {
        due_ns = now;
    }
    while (now < due_ns) {
        now = zc_bench_now();
    }
    return next_message(task);
}

static uint64_t due(const zc_bench_task *task)
{
    (void)task;
    return due_ns;
}

const zc_bench_task zc_system_tasks[ZC_SYSTEM_TASKS] = {
    {.name = "e2e.unix-block",
     .side = ZC_SIDE_CLIENT,
     .open = open_deployment,
     .prepare = next_message,
     .run = run_sign,
     .variant = ZC_FOLDER_BLOCK,
     .note = "all on one processor; at most 1,024 entries on their way to the disk"},
    {.name = "e2e.unix-block.durable",
     .side = ZC_SIDE_CLIENT,
     .open = open_deployment,
     .prepare = next_message,
     .run = run_sign,
     .variant = ZC_FOLDER_DISK,
     .note = "with the log entry on the disk before the signature leaves"},
    {.name = "throughput.1",
     .side = ZC_SIDE_CLIENT,
     .open = open_deployment,
     .run = run_pipeline,
     .variant = ZC_FOLDER_DISK,
     .per_run = BATCH,
     .note = "one session, 64 requests under way"},
    {.name = "start.first-signature",
     .side = ZC_SIDE_CLIENT,
     .open = open_start,
     .prepare = prepare_start,
     .run = run_start,
     .settle = settle_start,
     .variant = ZC_FOLDER_START,
     .note = "restart of a deployment"},
    {.name = "attest.cached",
     .side = ZC_SIDE_CLIENT,
     .open = open_deployment,
     .run = run_attest,
     .variant = ZC_FOLDER_MEMORY,
     .note = "the document that sessions are shown, to a client"},
    {.name = "e2e.batch64",
     .side = ZC_SIDE_CLIENT,
     .open = open_deployment,
     .prepare = prepare_batch,
     .run = run_batch,
     .variant = ZC_FOLDER_MEMORY,
     .divide = ZCP_BATCH_MAX,
     .note = "each of 64 in one record, log in memory"},
    {.name = "e2e.ring",
     .side = ZC_SIDE_SPIN,
     .open = open_apart,
     .prepare = next_message,
     .run = run_apart,
     .variant = RING,
     .note = "core and client on a processor each"},
    {.name = "e2e.unix-spin",
     .side = ZC_SIDE_SPIN,
     .open = open_apart,
     .prepare = next_message,
     .run = run_apart,
     .variant = SOCKET,
     .note = "core and client on a processor each"},
    {.name = "e2e.open-loop",
     .side = ZC_SIDE_SPIN,
     .open = open_apart,
     .prepare = prepare_due,
     .run = run_apart,
     .due = due,
     .variant = RING,
     .note = "2,000 a second by the clock, ring; from when each was due"},
    {.name = "e2e.unix-block.durable.memory",
     .side = ZC_SIDE_CLIENT,
     .open = open_deployment,
     .prepare = next_message,
     .run = run_sign,
     .variant = ZC_FOLDER_MEMORY,
     .note = "the same with the log in memory"},
    {.name = "throughput.2",
     .side = ZC_SIDE_SPIN,
     .open = open_pair,
     .run = run_pipeline,
     .variant = ZC_FOLDER_PAIR,
     .per_run = BATCH,
     .note = "the same on two processors, with a thread that signs beside core"},
    {.name = "e2e.ring.handshakes",
     .side = ZC_SIDE_SPIN,
     .open = open_disturbed,
     .prepare = next_message,
     .run = run_apart,
     .variant = RING,
     .note = "while 200 sessions a second are opened on the other processor"},
    {.name = "e2e.ring.batch64",
     .side = ZC_SIDE_SPIN,
     .open = open_apart,
     .prepare = prepare_batch,
     .run = run_batch_apart,
     .variant = RING,
     .divide = ZCP_BATCH_MAX,
     .note = "each of 64 in one record, core and client on a processor each"},
    {.name = "throughput.2.alone",
     .side = ZC_SIDE_SPIN,
     .open = open_pair,
     .run = run_pipeline,
     .variant = ZC_FOLDER_ALONE,
     .per_run = BATCH,
     .note = "the same without that thread"},
};
