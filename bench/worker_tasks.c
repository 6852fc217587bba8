/* How signing scales: the enclave's step with one thread that signs, and with two, on the same two
 * processors. No transport and no client: these would take half of the second processor. */
#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "bench.h"
#include "intent/decode.h"
#include "mission.h"
#include "place.h"
#include "requests.h"
#include "rig.h"
#include "rig_world.h"
#include "runtime/signers.h"

/* Under way at once, and of one run. */
#define UNDER_WAY 64
#define IN_A_RUN 256

enum { ONE = 1, TWO };

static const char key_name[] = ZC_BENCH_KEY_PREFIX "orders";

typedef struct zc_worker_slot {
    uint64_t work;
    uint64_t request;
    uint32_t place;
    size_t len;
    uint8_t reply[ZC_REPLY_KEPT_MAX];
} zc_worker_slot;

static zc_signers signers;
static zc_worker_slot slot[UNDER_WAY];
static uint64_t sent, received;
static uint64_t turn;
static uint8_t message[ZC_BENCH_MESSAGE_MAX];

static void *work(void *given)
{
    const int *cpu = given;
    if (zc_bench_bind(*cpu) && zc_ok(zc_signers_warm_up())) {
        zc_signers_work(&signers);
    }
    return NULL;
}

static bool prepare_sign(void)
{
    zc_request request = {
        .op = ZC_OP_SIGN,
        .sign = {.key = zc_slice_of_text(key_name),
                 .use = ZC_USE_MESSAGE,
                 .family = ZC_FAMILY_NONE,
                 .payload = zc_slice_of(message, zc_bench_message(turn++, message))}};
    return zc_rig_prepare(&request);
}

static const zc_effect *reply_with_work(const zc_effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        if (effects->item[i].kind == ZC_EFFECT_REPLY && effects->item[i].work != NULL) {
            return &effects->item[i];
        }
    }
    return NULL;
}

/* Decides and logs one request, and leaves its signature to whoever is free. */
static bool send_one(bool wakes)
{
    if (!prepare_sign()) {
        return false;
    }
    zc_rig_step();
    const zc_effect *effect = reply_with_work(zc_rig_effects());
    zc_worker_slot *here = &slot[sent % UNDER_WAY];
    if (effect == NULL || effect->bytes.len > sizeof here->reply) {
        return zc_bench_fail("the enclave does not leave its signatures");
    }
    here->work = zc_signers_next(&signers);
    here->request = effect->work->request;
    here->place = effect->work->place;
    here->len = effect->bytes.len;
    memcpy(here->reply, effect->bytes.data, effect->bytes.len);
    zc_signers_submit(&signers, effect->work);
    if (wakes) {
        zc_signers_wake(&signers);
    }
    sent++;
    return zc_rig_carry_out();
}

/* The oldest, with its signature in its reply. */
static bool receive_one(void)
{
    zc_worker_slot *here = &slot[received % UNDER_WAY];
    const zc_sign_work its = {.request = here->request, .place = here->place};
    zc_signature signature;
    zc_reply reply;
    while (!zc_signers_is_done(&signers, here->work)) {
        (void)zc_signers_help(&signers);
    }
    zc_result made = zc_signers_collect(&signers, here->work, &signature);
    zc_work_settle(&its, made, &signature, here->reply, &here->len);
    received++;
    return (zc_ok(zc_reply_read(zc_slice_of(here->reply, here->len), ZC_OP_SIGN, &reply)) &&
            reply.status == ZC_STATUS_OK) ||
           zc_bench_fail("the enclave does not sign");
}

static bool run(const zc_bench_task *task)
{
    uint64_t last = sent + IN_A_RUN;
    while (received < last) {
        bool more = sent < last && sent - received < UNDER_WAY;
        if (!(more ? send_one(task->variant == TWO) : receive_one())) {
            return false;
        }
    }
    return true;
}

static const char *make_key(void)
{
    zc_request request = {.op = ZC_OP_KEY_CREATE,
                          .key_create = {.name = zc_slice_of_text(key_name),
                                         .kind = (uint8_t)ZC_CURVE_P256,
                                         .tier = ZC_TIER_HOT,
                                         .nonce_mode = (uint8_t)ZC_NONCE_HEDGED}};
    zc_reply reply;
    return zc_rig_ask(&request, &reply) ? NULL : "the enclave makes no key";
}

/* The thread sleeps while nobody wakes it: with one, it is as if it were not there. */
static const char *open(const zc_bench_task *task)
{
    static bool is_open;
    static int core, others;
    pthread_t thread;
    (void)task;
    if (is_open) {
        return NULL;
    }
    if (!zc_bench_processors(&core, &others)) {
        return "there is one processor";
    }
    zc_rig_leave_signing();
    const char *why = zc_rig_open();
    why = why == NULL ? make_key() : why;
    if (why != NULL) {
        return why;
    }
    if (!zc_bench_bind(core) || pthread_create(&thread, NULL, work, &others) != 0) {
        return "there is no second thread";
    }
    while (atomic_load(&signers.sleeping) == 0) {
        (void)sched_yield(); /* while it warms up, nobody else may use OpenSSL */
    }
    (void)pthread_detach(thread);
    is_open = true;
    return NULL;
}

#define WORKERS(n)                                                                                 \
    {                                                                                              \
        .name = "throughput.workers." #n, .side = ZC_SIDE_ENCLAVE, .open = open, .run = run,       \
        .variant = (n), .per_run = IN_A_RUN,                                                       \
        .note = "the step with 64 under way, threads that sign"                                    \
    }

const zc_bench_task zc_worker_tasks[2] = {WORKERS(1), WORKERS(2)};
