/* The whole way: libzcp in this process, the enclave's processes and zcpd as `zcp up` runs them,
 * all on one processor. A signature is in the log on the disk before it is here. */
#include <string.h>
#include <time.h>

#include "bench.h"
#include "place.h"
#include "requests.h"

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

/* Folders may be asked for twice; then the key is there. */
static bool make_key(zcp_session *with)
{
    zcp_key key;
    zcp_error error;
    return zcp_key_show(with, key_name, &key, &error) == ZCP_OK ||
           zcp_key_create(with, key_name, ZCP_P256, ZCP_HOT, ZCP_HEDGED, &key, &error) == ZCP_OK;
}

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
    return make_key(session[folder]) ? NULL : "the deployment makes no key";
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

static bool run_start(const zc_bench_task *task)
{
    zc_bench_folder folder = (zc_bench_folder)task->variant;
    const struct timespec pause = {.tv_nsec = 500000};
    if (!zc_deployment_launch(folder)) {
        return false;
    }
    for (int waited = 0; waited < 2 * PATIENCE_MS; waited++) {
        if (zc_deployment_open(folder, &session[folder]) == NULL) {
            return sign_once(session[folder]);
        }
        (void)nanosleep(&pause, NULL);
    }
    return false;
}

static bool settle_start(const zc_bench_task *task)
{
    zcp_close(session[task->variant]);
    session[task->variant] = NULL;
    return true;
}

const zc_bench_task zc_system_tasks[4] = {
    {.name = "e2e.unix-block",
     .side = ZC_SIDE_CLIENT,
     .open = open_deployment,
     .prepare = next_message,
     .run = run_sign,
     .variant = ZC_FOLDER_DISK,
     .note = "with the log entry on the disk"},
    {.name = "e2e.unix-block.memory",
     .side = ZC_SIDE_CLIENT,
     .open = open_deployment,
     .prepare = next_message,
     .run = run_sign,
     .variant = ZC_FOLDER_MEMORY,
     .note = "with the log in memory: not durable"},
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
};
