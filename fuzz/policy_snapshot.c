/* A policy's state from anywhere: whatever is taken can be asked, written, and read to the same
 * digest. Input: a snapshot under the mission below. */
#include "fuzz.h"

#include <string.h>

#include "policy/build.h"
#include "policy/snapshot.h"

#define ROOM ((size_t)1 << 20)

static zc_mission mission;
static zc_policy_state state;
static zc_policy_state twin;
static zc_intent intent;
static uint8_t once[ROOM];
static uint8_t twice[ROOM];

static zc_rule *add_rule(const char *name, zc_rule_kind kind)
{
    zc_rule *rule = &mission.rules[mission.rule_count++];
    (void)strncpy(rule->name, name, sizeof rule->name - 1);
    rule->kind = kind;
    return rule;
}

static zc_rule *add_limit(const char *name, uint32_t seconds)
{
    zc_rule *rule = add_rule(name, ZC_RULE_LIMIT_WINDOW);
    rule->has_asset = rule->has_amount = true;
    rule->amount = zc_u256_of(1000000);
    rule->window_s = seconds;
    return rule;
}

/* One asset, a feed, a market, a breaker, a calendar's limit, a lease, and what risk models keep.
 */
static void build(void)
{
    mission.principal_count = 2;
    mission.principals[0].roles = mission.principals[1].roles = ZC_ROLE_SIGNER;
    mission.asset_count = 1;
    mission.feed_count = 1;
    mission.market_count = 1;
    mission.breaker_count = 1;
    mission.breakers[0].trip = ZC_TRIP_LOSS;
    mission.breakers[0].mode = ZC_MODE_HALTED;
    mission.breakers[0].window_s = 60;
    mission.zone_count = 1;
    mission.risk_model_count = 1;
    add_rule("allow", ZC_RULE_ALLOW)->scope.uses = ZC_USES_KNOWN;
    add_limit("minute", 60);
    zc_rule *day = add_limit("day", 0);
    day->period = ZC_PERIOD_DAY;
    day->has_zone = true;
    zc_rule *leased = add_limit("leased", 600);
    leased->has_lease = true;
    leased->lease = zc_u256_of(1000);
    leased->lease_s = 60;
    add_rule("drawdown", ZC_RULE_DRAWDOWN)->has_feed = true;
}

static void ask(int64_t now_ms)
{
    const zc_request_context context = {
        .principal = 1, .key_name = zc_slice_of_text("k"), .use = ZC_USE_MESSAGE, .now_ms = now_ms};
    zc_decision decision;
    memset(&intent, 0, sizeof intent);
    intent.operation = ZC_OPERATION_MESSAGE;
    (void)!zc_ok(zc_policy_decide(&state, &mission, &context, &intent, &decision));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t left[32];
    uint8_t right[32];
    if (mission.rule_count == 0) {
        build();
    }
    zc_reader reader = zc_reader_of(zc_slice_of(data, size));
    if (!zc_ok(zc_policy_snapshot_read(&state, &mission, &reader))) {
        return 0;
    }
    zc_writer first = ZC_WRITER_OF_ARRAY(once);
    zc_writer second = ZC_WRITER_OF_ARRAY(twice);
    FUZZ_CHECK(zc_ok(zc_policy_snapshot_write(&state, &mission, &first)));
    zc_reader back = zc_reader_of(zc_writer_written(&first));
    FUZZ_CHECK(zc_ok(zc_policy_snapshot_read(&twin, &mission, &back)));
    FUZZ_CHECK(zc_reader_left(&back) == 0);
    FUZZ_CHECK(zc_ok(zc_policy_snapshot_write(&twin, &mission, &second)));
    FUZZ_CHECK(zc_slice_eq(zc_writer_written(&first), zc_writer_written(&second)));
    zc_policy_digest(&state, &mission, left);
    zc_policy_digest(&twin, &mission, right);
    FUZZ_CHECK(memcmp(left, right, sizeof left) == 0);
    ask(state.now_ms);
    ask(state.now_ms < INT64_MAX / 2 ? state.now_ms + 90000 : state.now_ms);
    zc_policy_restart(&state, &mission);
    return 0;
}
