/* Any mission, any requests: nothing breaks, no limit is passed, nothing is allowed that no rule
 * allows, and the same requests lead to the same state.
 *
 * Input: u32 length of the mission ‖ mission ‖ requests. A request is 8 bytes (principal, use, key,
 * milliseconds 16 bit, halted, length of the intent 16 bit) and an encoded intent. */
#include "fuzz.h"

#include "base/reader.h"
#include "intent/intent_cbor.h"
#include "policy/policy.h"

#define REQUESTS_MAX 64

static zc_mission mission;
static zc_policy_state state;
static zc_policy_state twin;
static zc_intent intent;

static void check_windows(void)
{
    for (size_t i = 0; i < state.rows.fresh; i++) {
        const zc_row *row = &state.rows.row[i];
        const zc_rule *rule = &mission.rules[row->rule];
        zc_u256 limit = rule->kind == ZC_RULE_LIMIT_RATE ? zc_u256_of(rule->count) : rule->amount;
        FUZZ_CHECK(!row->in_use || zc_u256_cmp(&row->window.total, &limit) <= 0);
    }
}

static void check_decision(const zc_decision *decision, const zc_request_context *context)
{
    if (decision->outcome != ZC_OUTCOME_ALLOW) {
        FUZZ_CHECK(decision->outcome != ZC_OUTCOME_ALLOW && decision->reason != 0);
        FUZZ_CHECK(decision->rule == ZC_POLICY_NONE || decision->rule < mission.rule_count);
        return;
    }
    FUZZ_CHECK((!context->halted || mission.halt_passes != 0) && decision->reason == 0 &&
               decision->rule < mission.rule_count);
    const zc_rule *rule = &mission.rules[decision->rule];
    FUZZ_CHECK(rule->kind == ZC_RULE_ALLOW && (intent.flags & ~rule->scope.accepted_flags) == 0);
    FUZZ_CHECK((mission.principals[context->principal].roles & ZC_ROLE_SIGNER) != 0);
    FUZZ_CHECK(zc_u256_cmp(&decision->measured, &decision->limit) <= 0);
}

static bool read_request(zc_reader *reader, zc_request_context *ret_context)
{
    static const char *const keys[] = {"", "hot-1", "hot-2", "cold"};
    uint8_t head[8];
    zc_slice encoded = {0};
    if (!zc_ok(zc_read_copy(reader, head, sizeof head))) {
        return false;
    }
    size_t len = (size_t)(head[6] << 8 | head[7]);
    if (!zc_ok(zc_read_slice(reader, len, &encoded)) || !zc_ok(zc_intent_read(encoded, &intent))) {
        return false;
    }
    *ret_context = (zc_request_context){.principal = head[0],
                                        .use = head[1],
                                        .key_name = zc_slice_of_text(keys[head[2] % 4]),
                                        .now_ms = INT64_C(1767225600000) +
                                                  (int64_t)(head[3] << 8 | head[4]) * 100,
                                        .halted = (head[5] & 1) != 0};
    memcpy(ret_context->key_id, intent.account.byte, sizeof ret_context->key_id);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_reader reader = zc_reader_of(zc_slice_of(data, size));
    uint32_t len = 0;
    zc_slice compiled = {0};
    if (!zc_ok(zc_read_u32(&reader, &len)) || !zc_ok(zc_read_slice(&reader, len, &compiled)) ||
        !zc_ok(zc_mission_parse(compiled, &mission))) {
        return 0;
    }
    zc_policy_init(&state, &mission);
    zc_policy_init(&twin, &mission);
    zc_request_context context;
    for (int i = 0; i < REQUESTS_MAX && read_request(&reader, &context); i++) {
        zc_decision decision;
        zc_decision again;
        if (!zc_ok(zc_policy_decide(&state, &mission, &context, &intent, &decision))) {
            continue;
        }
        check_decision(&decision, &context);
        check_windows();
        if (decision.outcome == ZC_OUTCOME_ALLOW) {
            context.now_ms = decision.now_ms;
            FUZZ_CHECK(zc_ok(zc_policy_decide(&twin, &mission, &context, &intent, &again)));
            FUZZ_CHECK(again.outcome == ZC_OUTCOME_ALLOW && again.rule == decision.rule);
        }
    }
    uint8_t digests[2][32];
    twin.now_ms = state.now_ms; /* it was not asked what was denied */
    zc_policy_digest(&state, &mission, digests[0]);
    zc_policy_digest(&twin, &mission, digests[1]);
    FUZZ_CHECK(memcmp(digests[0], digests[1], 32) == 0);
    return 0;
}
