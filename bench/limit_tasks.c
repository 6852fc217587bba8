/* What limits and scores cost: a window after few and many events, and a risk model of the size
 * that docs/risk.md speaks of, asked as part of the decision. */
#include <string.h>

#include "bench.h"
#include "codec/cbor.h"
#include "intent/decode.h"
#include "policy/policy.h"
#include "requests.h"
#include "rig.h"

#define TREES 200
#define DEPTH 6
#define FEATURES 8

static const zc_address account = {.len = 20, .byte = {0xf3, 0x9f, 0xd6}};
/* Tasks take turns in one process: each has a mission and a state of its own. */
typedef struct zc_held_limit {
    zc_mission mission;
    zc_policy_state state;
} zc_held_limit;

static zc_held_limit kept[ZC_LIMIT_TASKS];
static zc_held_limit *held;
static uint8_t compiled[ZC_MISSION_MAX_BYTES];
static uint8_t tx[ZC_BENCH_TX_MAX];
static zc_intent intent;
static zc_decision decision;
static uint64_t turn;
static int64_t now_ms = INT64_C(1790000000000);

static zc_held_limit *held_of(const zc_bench_task *task)
{
    return &kept[task->variant == 0 ? 0 : task->variant == 10 ? 1 : 2];
}

static bool prepare(const zc_bench_task *task)
{
    held = held_of(task);
    size_t len = zc_bench_transfer(turn++, tx);
    now_ms += ZC_RIG_STEP_MS;
    return zc_ok(zc_intent_decode_evm_tx(zc_slice_of(tx, len), &account, NULL, &intent, NULL));
}

static bool run(const zc_bench_task *task)
{
    static const char key[] = "hot";
    const zc_request_context context = {
        .principal = 0, .key_name = zc_slice_of_text(key), .use = ZC_USE_TX, .now_ms = now_ms};
    (void)task;
    return zc_ok(zc_policy_decide(&held->state, &held->mission, &context, &intent, &decision));
}

static bool settle(const zc_bench_task *task)
{
    (void)task;
    return decision.outcome == ZC_OUTCOME_ALLOW;
}

static zc_rule *add_rule(const char *name, zc_rule_kind kind)
{
    zc_rule *rule = &held->mission.rules[held->mission.rule_count++];
    *rule = (zc_rule){.kind = kind};
    memcpy(rule->name, name, strlen(name));
    rule->scope.uses = ZC_USES_KNOWN;
    return rule;
}

static void begin(const zc_bench_task *task)
{
    held = held_of(task);
    memset(&held->mission, 0, sizeof held->mission);
    memcpy(held->mission.name, "limits", 6);
    held->mission.founders_needed = 1;
    held->mission.resume_needed = 1;
    held->mission.denial_quota = 60;
    held->mission.principal_count = 1;
    held->mission.principals[0] = (zc_principal){
        .name = "bot", .organisation = "Bench Trading", .pubkey = {1}, .roles = ZC_ROLES_KNOWN};
    held->mission.asset_count = 1;
    held->mission.assets[0] = (zc_asset){
        .name = "USDC",
        .decimals = 6,
        .id = zc_asset_id_token(ZC_BENCH_CHAIN, zc_slice_of(zc_bench_token, ZC_EVM_ADDRESS_SIZE))};
    add_rule("all", ZC_RULE_ALLOW)->scope.accepted_flags = ZC_FLAGS_KNOWN;
}

static const char *start(const zc_bench_task *task)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(compiled);
    zc_result made = zc_mission_write(&held->mission, &writer);
    const char *why = zc_bench_why(
        zc_ok(made) ? zc_mission_parse(zc_writer_written(&writer), &held->mission) : made);
    if (why != NULL) {
        return why;
    }
    zc_policy_init(&held->state, &held->mission);
    return prepare(task) && run(task) && settle(task) ? NULL : "the policy does not allow it";
}

/* After `variant` events in the window's hour, each a millionth of a token. */
static const char *open_window(const zc_bench_task *task)
{
    const zc_u256 one = zc_u256_of(1);
    begin(task);
    zc_rule *rule = add_rule("hour", ZC_RULE_LIMIT_WINDOW);
    rule->measure = ZC_MEASURE_VALUE;
    rule->has_asset = true;
    rule->has_amount = true;
    rule->amount = (zc_u256){{0, 1u << 20, 0, 0}};
    rule->window_s = 3600;
    const char *why = start(task);
    for (int i = 0; why == NULL && i < task->variant; i++) {
        zc_row_advance(&held->state.rows.row[0], &held->mission,
                       now_ms + (int64_t)i * 3600000 / task->variant);
        if (!zc_ok(zc_window_add(&held->state.rows.row[0].window, &one))) {
            why = "the window is full";
        }
    }
    now_ms += 3600000;
    return why;
}

static zc_result put_head(zc_writer *writer, unsigned depth)
{
    if (depth == DEPTH) {
        ZC_TRY(zc_cbor_put_array(writer, 2));
        ZC_TRY(zc_cbor_put_int(writer, 1));
        return zc_cbor_put_int(writer, 10);
    }
    return zc_cbor_put_array(writer, 3);
}

/* Full trees in preorder: node n of a tree splits its feature at a number of its own. */
static zc_result put_nodes(zc_writer *writer, unsigned tree)
{
    unsigned depth[DEPTH + 2] = {0};
    size_t open = 1;
    for (unsigned node = 0; open > 0; node++) {
        unsigned here = depth[--open];
        ZC_TRY(put_head(writer, here));
        if (here == DEPTH) {
            continue;
        }
        uint64_t feature = (tree + node) % FEATURES;
        ZC_TRY(zc_cbor_put_uint(writer, feature));
        ZC_TRY(zc_cbor_put_uint(writer, 0));
        ZC_TRY(zc_cbor_put_int(
            writer,
            zc_risk_key_of_value(ZC_RISK_BINARY64, (int64_t)((tree * 31 + node * 7) % 40) << 16)));
        depth[open++] = here + 1;
        depth[open++] = here + 1;
    }
    return ZC_OK;
}

static zc_result put_model(zc_writer *writer)
{
    static const uint16_t kinds[FEATURES] = {
        ZC_RISK_FEATURE_AMOUNT_LOG2,      ZC_RISK_FEATURE_AMOUNT_RATIO,
        ZC_RISK_FEATURE_VOLUME_LOG2,      ZC_RISK_FEATURE_REQUEST_COUNT,
        ZC_RISK_FEATURE_COUNTERPARTY_NEW, ZC_RISK_FEATURE_GAS_PRICE_RATIO,
        ZC_RISK_FEATURE_CALL_COUNT,       ZC_RISK_FEATURE_IDLE_LOG2};
    ZC_TRY(zc_cbor_put_map(writer, ZC_RISK_FORM_KEYS));
    ZC_TRY(zc_cbor_put_uint(writer, 1));
    ZC_TRY(zc_cbor_put_text(writer, zc_slice_of_text(ZC_RISK_FORM_VERSION)));
    const uint64_t head[][2] = {{2, ZC_RISK_BINARY64}, {3, ZC_RISK_LOGISTIC}};
    for (size_t i = 0; i < 2; i++) {
        ZC_TRY(zc_cbor_put_uint(writer, head[i][0]));
        ZC_TRY(zc_cbor_put_uint(writer, head[i][1]));
    }
    ZC_TRY(zc_cbor_put_uint(writer, 4));
    ZC_TRY(zc_cbor_put_array(writer, 1));
    ZC_TRY(zc_cbor_put_array(writer, 2));
    ZC_TRY(zc_cbor_put_int(writer, 0));
    ZC_TRY(zc_cbor_put_int(writer, 0));
    ZC_TRY(zc_cbor_put_uint(writer, 5));
    ZC_TRY(zc_cbor_put_array(writer, FEATURES));
    for (size_t i = 0; i < FEATURES; i++) {
        ZC_TRY(zc_cbor_put_array(writer, 2));
        ZC_TRY(zc_cbor_put_uint(writer, kinds[i]));
        ZC_TRY(zc_cbor_put_uint(writer, 0));
    }
    ZC_TRY(zc_cbor_put_uint(writer, 6));
    ZC_TRY(zc_cbor_put_uint(writer, 0));
    ZC_TRY(zc_cbor_put_uint(writer, 7));
    ZC_TRY(zc_cbor_put_array(writer, 2));
    ZC_TRY(zc_cbor_put_int(writer, 1));
    ZC_TRY(zc_cbor_put_int(writer, 0));
    ZC_TRY(zc_cbor_put_uint(writer, 8));
    ZC_TRY(zc_cbor_put_bool(writer, false));
    ZC_TRY(zc_cbor_put_uint(writer, 9));
    ZC_TRY(zc_cbor_put_array(writer, TREES));
    for (unsigned tree = 0; tree < TREES; tree++) {
        ZC_TRY(zc_cbor_put_array(writer, 2));
        ZC_TRY(zc_cbor_put_uint(writer, 0));
        ZC_TRY(zc_cbor_put_array(writer, (2u << DEPTH) - 1));
        ZC_TRY(put_nodes(writer, tree));
    }
    return ZC_OK;
}

static const char *open_risk(const zc_bench_task *task)
{
    static uint8_t form[1 << 20];
    zc_writer writer = ZC_WRITER_OF_ARRAY(form);
    begin(task);
    zc_rule *rule = add_rule("odd", ZC_RULE_RISK);
    rule->has_thresholds = true;
    rule->thresholds = (zc_thresholds){.has_deny = true, .deny_at = 2000000};
    zc_result made = put_model(&writer);
    if (zc_ok(made)) {
        zc_reader reader = zc_reader_of(zc_writer_written(&writer));
        made = zc_risk_model_read(&reader, &held->mission.risk_models[0].model);
    }
    memcpy(held->mission.risk_models[0].name, "outflow", 7);
    held->mission.risk_model_count = 1;
    const char *why = zc_bench_why(made);
    return why != NULL ? why : start(task);
}

#define WINDOW(n)                                                                                  \
    {                                                                                              \
        .name = "policy.window." #n, .side = ZC_SIDE_BARE, .open = open_window,                    \
        .prepare = prepare, .run = run, .settle = settle, .variant = (n)                           \
    }

const zc_bench_task zc_limit_tasks[ZC_LIMIT_TASKS] = {
    WINDOW(10),
    WINDOW(10000000),
    {.name = "policy.risk-200x6",
     .side = ZC_SIDE_BARE,
     .open = open_risk,
     .prepare = prepare,
     .run = run,
     .settle = settle},
};
