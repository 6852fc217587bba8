/* Two stations of the road on their own: decoding, and deciding under few and many rules. */
#include <string.h>

#include "bench.h"
#include "intent/decode.h"
#include "mission.h"
#include "policy/policy.h"
#include "requests.h"
#include "rig.h"

enum { DECODE, MULTICALL, FEW, MANY };

typedef struct zc_held_mission {
    zc_mission mission;
    zc_policy_state state;
} zc_held_mission;

static const zc_address account = {.len = 20, .byte = {0xf3, 0x9f, 0xd6}};
static zc_held_mission kept[2];
static uint8_t compiled[ZC_MISSION_MAX_BYTES];
static uint8_t tx[ZC_BENCH_MULTICALL_MAX];
static size_t tx_len;
static uint64_t turn;
static int64_t now_ms = INT64_C(1790000000000);
static zc_intent intent;
static zc_decision decision;

static zc_held_mission *held_of(const zc_bench_task *task)
{
    return &kept[task->variant == MANY];
}

static bool prepare_decode(const zc_bench_task *task)
{
    tx_len =
        task->variant == MULTICALL ? zc_bench_multicall(turn++, tx) : zc_bench_transfer(turn++, tx);
    return tx_len > 0;
}

static bool run_decode(const zc_bench_task *task)
{
    (void)task;
    return zc_ok(zc_intent_decode_evm_tx(zc_slice_of(tx, tx_len), &account, NULL, &intent, NULL));
}

static const char *open_decode(const zc_bench_task *task)
{
    bool read = prepare_decode(task) && run_decode(task);
    bool whole = task->variant == MULTICALL ? intent.call_count >= 100
                                            : intent.operation == ZC_OPERATION_TOKEN_TRANSFER;
    return read && whole ? NULL : "the transaction does not decode";
}

/* Each request pays another of the desk's counterparties, so that their list is not one warm line
 * of memory. */
static void pay_another(const zc_mission *mission)
{
    const zc_address_list *list = &mission->rules[ZC_BENCH_USDC_RULE].scope.counterparties;
    uint32_t item = list->evm_first + (uint32_t)(turn * 97 % list->evm_count);
    for (size_t i = 0; i < intent.movement_count; i++) {
        if (intent.movements[i].kind == ZC_MOVEMENT_OUT) {
            intent.movements[i].to = zc_address_of_evm(mission->evm[item].byte);
        }
    }
}

static bool prepare_decide(const zc_bench_task *task)
{
    now_ms += ZC_RIG_STEP_MS;
    if (!prepare_decode(task) || !run_decode(task)) {
        return false;
    }
    pay_another(&held_of(task)->mission);
    return true;
}

static bool run_decide(const zc_bench_task *task)
{
    static const char key[] = ZC_BENCH_KEY_PREFIX "ethereum";
    const zc_request_context context = {
        .principal = 0, .key_name = zc_slice_of_text(key), .use = ZC_USE_TX, .now_ms = now_ms};
    zc_held_mission *held = held_of(task);
    return zc_ok(zc_policy_decide(&held->state, &held->mission, &context, &intent, &decision));
}

static bool settle_decide(const zc_bench_task *task)
{
    (void)task;
    return decision.outcome == ZC_OUTCOME_ALLOW;
}

static const char *open_decide(const zc_bench_task *task)
{
    static const uint8_t credential[32] = {1};
    zc_held_mission *held = held_of(task);
    /* A thousand rules and a hundred thousand addresses in their lists. */
    static const zc_bench_mission_size many = {
        .desks = 100, .counterparties = 500, .forbidden = 500};
    const zc_bench_mission_size *size = task->variant == MANY ? &many : ZC_BENCH_DESKS(1);
    zc_writer writer = ZC_WRITER_OF_ARRAY(compiled);
    const char *why = zc_bench_why(zc_bench_mission(size, credential, &writer, &held->mission));
    if (why != NULL) {
        return why;
    }
    zc_policy_init(&held->state, &held->mission);
    return prepare_decide(task) && run_decide(task) && settle_decide(task)
               ? NULL
               : "the policy does not allow the transaction";
}

const zc_bench_task zc_policy_tasks[4] = {
    {.name = "decode.erc20",
     .side = ZC_SIDE_BARE,
     .open = open_decode,
     .prepare = prepare_decode,
     .run = run_decode,
     .variant = DECODE},
    {.name = "decode.multicall100",
     .side = ZC_SIDE_BARE,
     .open = open_decode,
     .prepare = prepare_decode,
     .run = run_decode,
     .variant = MULTICALL},
    {.name = "policy.10-rules",
     .side = ZC_SIDE_BARE,
     .open = open_decide,
     .prepare = prepare_decide,
     .run = run_decide,
     .settle = settle_decide,
     .variant = FEW},
    {.name = "policy.1000-rules",
     .side = ZC_SIDE_BARE,
     .open = open_decide,
     .prepare = prepare_decide,
     .run = run_decide,
     .settle = settle_decide,
     .variant = MANY},
};
