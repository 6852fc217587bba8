/* What grows with what: points of curves, each measured in a process of its own. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "intent/decode.h"
#include "mission.h"
#include "policy/policy.h"
#include "requests.h"
#include "rig.h"

static const zc_address account = {.len = 20, .byte = {0xf3, 0x9f, 0xd6}};
static zc_mission mission;
static zc_policy_state state;
static uint8_t compiled[ZC_MISSION_MAX_BYTES];
static uint8_t tx[ZC_BENCH_TX_MAX];
static zc_intent intent;
static zc_decision decision;
static uint64_t turn;
static int64_t now_ms = INT64_C(1790000000000);

static bool prepare_rules(const zc_bench_task *task)
{
    (void)task;
    size_t len = zc_bench_transfer(turn++, tx);
    now_ms += ZC_RIG_STEP_MS;
    return zc_ok(zc_intent_decode_evm_tx(zc_slice_of(tx, len), &account, NULL, &intent, NULL));
}

static bool run_rules(const zc_bench_task *task)
{
    static const char key[] = ZC_BENCH_KEY_PREFIX "ethereum";
    const zc_request_context context = {
        .principal = 0, .key_name = zc_slice_of_text(key), .use = ZC_USE_TX, .now_ms = now_ms};
    (void)task;
    return zc_ok(zc_policy_decide(&state, &mission, &context, &intent, &decision)) &&
           decision.outcome == ZC_OUTCOME_ALLOW;
}

static const char *open_rules(const zc_bench_task *task)
{
    static const uint8_t credential[32] = {1};
    zc_writer writer = ZC_WRITER_OF_ARRAY(compiled);
    size_t desks = (size_t)task->variant / ZC_BENCH_DESK_RULES;
    const char *why =
        zc_bench_why(zc_bench_mission(ZC_BENCH_DESKS(desks), credential, &writer, &mission));
    if (why != NULL) {
        return why;
    }
    zc_policy_init(&state, &mission);
    return prepare_rules(task) && run_rules(task) ? NULL : "the policy does not allow it";
}

static zc_request batch[ZC_RECORD_REQUESTS];
static uint8_t payload[ZC_RECORD_REQUESTS][ZC_BENCH_MESSAGE_MAX];
static char key_name[32];
static size_t record_requests = 1;

static bool prepare_sign(const zc_bench_task *task)
{
    (void)task;
    for (size_t i = 0; i < record_requests; i++) {
        size_t len = zc_bench_message(turn++, payload[i]);
        batch[i] = (zc_request){.op = ZC_OP_SIGN,
                                .sign = {.key = zc_slice_of_text(key_name),
                                         .use = ZC_USE_MESSAGE,
                                         .family = ZC_FAMILY_NONE,
                                         .payload = zc_slice_of(payload[i], len)}};
    }
    return zc_rig_prepare_all(batch, record_requests);
}

static bool run_sign(const zc_bench_task *task)
{
    (void)task;
    zc_rig_step();
    return true;
}

static bool settle_sign(const zc_bench_task *task)
{
    (void)task;
    return zc_rig_settle_all(ZC_OP_SIGN, record_requests);
}

static bool make_keys(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(key_name, sizeof key_name, ZC_BENCH_KEY_PREFIX "%zu", i);
        zc_request request = {.op = ZC_OP_KEY_CREATE,
                              .key_create = {.name = zc_slice_of_text(key_name),
                                             .kind = (uint8_t)ZC_CURVE_P256,
                                             .tier = ZC_TIER_HOT,
                                             .nonce_mode = (uint8_t)ZC_NONCE_HEDGED}};
        zc_reply reply;
        if (!zc_rig_ask(&request, &reply)) {
            return false;
        }
    }
    return true;
}

/* Any of `variant` keys, each as likely as the others: nearly none is resident where they are many.
 */
static bool prepare_any_key(const zc_bench_task *task)
{
    static uint64_t drawn = 0x9e3779b97f4a7c15u;
    drawn ^= drawn << 13; /* xorshift64 */
    drawn ^= drawn >> 7;
    drawn ^= drawn << 17;
    (void)snprintf(key_name, sizeof key_name, ZC_BENCH_KEY_PREFIX "%" PRIu64,
                   drawn % (uint64_t)task->variant);
    return prepare_sign(task);
}

#define HOT_KEYS 1000

/* One of a thousand among them, in turn. */
static bool prepare_hot_key(const zc_bench_task *task)
{
    static unsigned next;
    const unsigned apart = (unsigned)task->variant / HOT_KEYS;
    (void)snprintf(key_name, sizeof key_name, ZC_BENCH_KEY_PREFIX "%u", next++ % HOT_KEYS * apart);
    return prepare_sign(task);
}

/* One request a record. */
static const char *open_keys(const zc_bench_task *task)
{
    const char *why = zc_rig_open();
    if (why != NULL) {
        return why;
    }
    if (!make_keys((size_t)task->variant)) {
        return "the enclave holds fewer keys";
    }
    return prepare_sign(task) && run_sign(task) && settle_sign(task) ? NULL
                                                                     : "the enclave does not sign";
}

static const char *open_batch(const zc_bench_task *task)
{
    const char *why = zc_rig_open();
    record_requests = (size_t)task->variant;
    if (why != NULL || !make_keys(1)) {
        return why != NULL ? why : "the enclave makes no key";
    }
    return prepare_sign(task) && run_sign(task) && settle_sign(task) ? NULL
                                                                     : "the enclave does not sign";
}

#define RULES(n)                                                                                   \
    {                                                                                              \
        .name = "growth.rules." #n, .side = ZC_SIDE_BARE, .open = open_rules,                      \
        .prepare = prepare_rules, .run = run_rules, .variant = (n)                                 \
    }
#define BATCH(n)                                                                                   \
    {                                                                                              \
        .name = "growth.batch." #n, .side = ZC_SIDE_ENCLAVE, .open = open_batch,                   \
        .prepare = prepare_sign, .run = run_sign, .settle = settle_sign, .variant = (n),           \
        .divide = (n)                                                                              \
    }
#define KEYS(n)                                                                                    \
    {                                                                                              \
        .name = "growth.keys." #n, .side = ZC_SIDE_ENCLAVE, .open = open_keys,                     \
        .prepare = prepare_any_key, .run = run_sign, .settle = settle_sign, .variant = (n)         \
    }
#define HOT(n)                                                                                     \
    {                                                                                              \
        .name = "growth.keys-hot." #n, .side = ZC_SIDE_ENCLAVE, .open = open_keys,                 \
        .prepare = prepare_hot_key, .run = run_sign, .settle = settle_sign, .variant = (n)         \
    }

const zc_bench_task zc_growth_tasks[ZC_GROWTH_TASKS] = {
    RULES(10),   RULES(100),   RULES(300),    RULES(1000), BATCH(1),     BATCH(2),   BATCH(4),
    BATCH(8),    BATCH(16),    BATCH(32),     BATCH(64),   KEYS(10),     KEYS(1000), KEYS(4000),
    KEYS(10000), KEYS(100000), KEYS(1000000), HOT(100000), HOT(1000000),
};
