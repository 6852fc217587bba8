#include "policy/mission_form.h"

#include <string.h>

zc_result zc_rule_validate(const zc_rule *rule)
{
    static const struct shape {
        bool amount;
        bool window;
        bool count;
    } shapes[ZC_RULE_KINDS] = {
        [ZC_RULE_LIMIT_PER_TX] = {.amount = true},
        [ZC_RULE_LIMIT_WINDOW] = {.amount = true, .window = true},
        [ZC_RULE_LIMIT_RATE] = {.window = true, .count = true},
    };
    const struct shape *shape = &shapes[rule->kind];
    if (rule->has_asset != shape->amount || rule->has_amount != shape->amount ||
        (!shape->window && rule->window_s != 0) || (!shape->count && rule->count != 0) ||
        (rule->kind != ZC_RULE_ALLOW && rule->scope.accepted_flags != 0) ||
        (rule->kind == ZC_RULE_RESTRICT_CHAINS && !rule->scope.chains.listed)) {
        return zc_fail(ZC_POLICY_MISSION_RULE_SHAPE);
    }
    if (shape->window && (rule->window_s == 0 || rule->window_s > ZC_MISSION_MAX_WINDOW_SECONDS)) {
        return zc_fail(ZC_POLICY_MISSION_WINDOW);
    }
    return ZC_OK;
}

/* Each check below compares item i with all before it: at most 1,024 · 1,023 / 2 comparisons, once
 * at boot. */

static bool principal_repeats(const zc_mission *mission, size_t i)
{
    const zc_principal *a = &mission->principals[i];
    for (const zc_principal *b = mission->principals; b < a; b++) {
        if (strcmp(a->name, b->name) == 0 || memcmp(a->pubkey, b->pubkey, 32) == 0) {
            return true;
        }
    }
    return false;
}

static bool asset_repeats(const zc_mission *mission, size_t i)
{
    const zc_asset *a = &mission->assets[i];
    for (const zc_asset *b = mission->assets; b < a; b++) {
        if (zc_asset_id_eq(&a->id, &b->id) || strcmp(a->name, b->name) == 0) {
            return true;
        }
    }
    return false;
}

static bool contract_repeats(const zc_mission *mission, size_t i)
{
    const zc_contract *a = &mission->contracts[i];
    for (const zc_contract *b = mission->contracts; b < a; b++) {
        bool same = a->chain_id == b->chain_id && zc_address_eq(&a->address, &b->address);
        if (same || strcmp(a->name, b->name) == 0) {
            return true;
        }
    }
    return false;
}

static bool rule_repeats(const zc_mission *mission, size_t i)
{
    const zc_rule *a = &mission->rules[i];
    for (const zc_rule *b = mission->rules; b < a; b++) {
        if (strcmp(a->name, b->name) == 0) {
            return true;
        }
    }
    return false;
}

static bool any_repeats(const zc_mission *mission, size_t count,
                        bool (*repeats)(const zc_mission *, size_t))
{
    for (size_t i = 1; i < count; i++) {
        if (repeats(mission, i)) {
            return true;
        }
    }
    return false;
}

static bool quorum_reachable(const zc_mission *mission, uint32_t needed, uint32_t role)
{
    uint32_t have = 0;
    for (size_t i = 0; i < mission->principal_count; i++) {
        have += (mission->principals[i].roles & role) != 0;
    }
    return needed >= 1 && needed <= have;
}

zc_result zc_mission_validate(const zc_mission *mission)
{
    const zc_descriptor_set descriptors = zc_mission_descriptors(mission);
    ZC_TRY(zc_descriptor_set_check(&descriptors));
    if (any_repeats(mission, mission->principal_count, principal_repeats) ||
        any_repeats(mission, mission->asset_count, asset_repeats) ||
        any_repeats(mission, mission->contract_count, contract_repeats) ||
        any_repeats(mission, mission->rule_count, rule_repeats)) {
        return zc_fail(ZC_POLICY_MISSION_DUPLICATE);
    }
    if (!quorum_reachable(mission, mission->founders_needed, ZC_ROLE_FOUNDER) ||
        !quorum_reachable(mission, mission->resume_needed, ZC_ROLE_APPROVER)) {
        return zc_fail(ZC_POLICY_MISSION_QUORUM);
    }
    if (mission->max_unacked != 0 || mission->denial_quota > ZC_MISSION_MAX_DENIAL_QUOTA) {
        return zc_fail(ZC_POLICY_MISSION_AUDIT);
    }
    return ZC_OK;
}
