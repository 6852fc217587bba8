/* A decision under lists of many addresses: the rules of one desk, whose counterparties they are.
 * Each request pays another of them. */
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

static bool prepare(const zc_bench_task *task)
{
    const zc_address_list *list = &mission.rules[ZC_BENCH_USDC_RULE].scope.counterparties;
    size_t len = zc_bench_transfer(turn++, tx);
    uint32_t item = list->evm_first + (uint32_t)(turn * 7919 % list->evm_count);
    (void)task;
    now_ms += ZC_RIG_STEP_MS;
    if (!zc_ok(zc_intent_decode_evm_tx(zc_slice_of(tx, len), &account, NULL, &intent, NULL))) {
        return false;
    }
    for (size_t i = 0; i < intent.movement_count; i++) {
        if (intent.movements[i].kind == ZC_MOVEMENT_OUT) {
            intent.movements[i].to = zc_address_of_evm(mission.evm[item].byte);
        }
    }
    return true;
}

static bool run(const zc_bench_task *task)
{
    static const char key[] = ZC_BENCH_KEY_PREFIX "ethereum";
    const zc_request_context context = {
        .principal = 0, .key_name = zc_slice_of_text(key), .use = ZC_USE_TX, .now_ms = now_ms};
    (void)task;
    return zc_ok(zc_policy_decide(&state, &mission, &context, &intent, &decision)) &&
           decision.outcome == ZC_OUTCOME_ALLOW;
}

static const char *open(const zc_bench_task *task)
{
    static const uint8_t credential[32] = {1};
    const zc_bench_mission_size size = {
        .desks = 1, .counterparties = (size_t)task->variant, .forbidden = 8};
    zc_writer writer = ZC_WRITER_OF_ARRAY(compiled);
    const char *why = zc_bench_why(zc_bench_mission(&size, credential, &writer, &mission));
    if (why != NULL) {
        return why;
    }
    zc_policy_init(&state, &mission);
    return prepare(task) && run(task) ? NULL : "the policy does not allow it";
}

#define LIST(n)                                                                                    \
    {                                                                                              \
        .name = "growth.list." #n, .side = ZC_SIDE_BARE, .open = open, .prepare = prepare,         \
        .run = run, .variant = (n)                                                                 \
    }

const zc_bench_task zc_length_tasks[4] = {LIST(10), LIST(1000), LIST(10000), LIST(90000)};
