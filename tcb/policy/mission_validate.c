#include "policy/mission_form.h"

#include <string.h>

/* What each kind of rule has. Amount, feed and zone are told apart further below. */
static const struct shape {
    bool amount;
    bool window;
    bool count;
    bool per;
    bool hours;
    bool conditions;
    bool panel;
    bool thresholds;
} shapes[ZC_RULE_KINDS] = {
    [ZC_RULE_ALLOW] = {.conditions = true},
    [ZC_RULE_DENY] = {.conditions = true},
    [ZC_RULE_LIMIT_PER_TX] = {.amount = true},
    [ZC_RULE_LIMIT_WINDOW] = {.amount = true, .window = true, .per = true},
    [ZC_RULE_LIMIT_RATE] = {.window = true, .count = true, .per = true},
    [ZC_RULE_REVIEW] = {.conditions = true, .panel = true},
    [ZC_RULE_HOURS] = {.hours = true},
    [ZC_RULE_POSITION] = {.amount = true, .window = true, .per = true},
    [ZC_RULE_DRAWDOWN] = {.count = true},
    [ZC_RULE_RISK] = {.conditions = true, .thresholds = true},
};

static bool amount_fits(const zc_rule *rule, const struct shape *shape)
{
    bool position = rule->kind == ZC_RULE_POSITION;
    bool measured = shape->amount && !position;
    if (rule->has_amount != shape->amount || measured != (rule->measure != ZC_MEASURE_NONE)) {
        return false;
    }
    bool gas_in_window =
        rule->measure == ZC_MEASURE_GAS_PRICE && rule->kind != ZC_RULE_LIMIT_PER_TX;
    return !gas_in_window && rule->has_asset == (measured && rule->measure != ZC_MEASURE_NOTIONAL);
}

static bool per_fits(const zc_rule *rule, const struct shape *shape)
{
    switch (rule->per) {
    case ZC_PER_NONE:
        return true;
    case ZC_PER_KEY:
    case ZC_PER_PRINCIPAL:
    case ZC_PER_CHAIN:
        return shape->per && rule->kind != ZC_RULE_POSITION;
    case ZC_PER_ASSET:
        return rule->kind == ZC_RULE_LIMIT_WINDOW && rule->measure == ZC_MEASURE_NOTIONAL;
    case ZC_PER_COUNTERPARTY:
        return rule->kind == ZC_RULE_LIMIT_WINDOW && rule->measure != ZC_MEASURE_FEE;
    case ZC_PER_MARKET:
        return rule->kind == ZC_RULE_POSITION;
    }
    return false;
}

static bool terms_fit(const zc_rule *rule, const struct shape *shape)
{
    bool fed = rule->kind == ZC_RULE_POSITION || rule->kind == ZC_RULE_DRAWDOWN;
    bool daily = rule->kind == ZC_RULE_DRAWDOWN && rule->period == ZC_PERIOD_DAY;
    bool calendar = rule->period != ZC_PERIOD_NONE;
    if ((shape->window ? rule->kind == ZC_RULE_POSITION && calendar : calendar && !daily) ||
        rule->has_zone != (calendar || shape->hours)) {
        return false;
    }
    bool leased = rule->has_lease && !zc_u256_is_zero(&rule->lease) && rule->lease_s > 0;
    bool spends = rule->kind == ZC_RULE_LIMIT_WINDOW;
    return (!rule->has_lease || (spends && leased)) && rule->has_lease == (rule->lease_s != 0) &&
           (!rule->has_release || spends) && rule->has_feed == (fed || rule->has_release) &&
           shape->hours == (rule->hours.count + rule->dates.count > 0) &&
           (shape->conditions || rule->conditions.count == 0) &&
           rule->has_thresholds == shape->thresholds &&
           (shape->thresholds ? zc_mission_thresholds_fit(rule) : rule->has_panel == shape->panel);
}

static bool panel_fits(const zc_rule *rule)
{
    const zc_panel *panel = &rule->panel;
    unsigned seats = (unsigned)__builtin_popcountll(panel->principals);
    return !rule->has_panel ||
           (panel->needed >= 1 && panel->needed <= seats && panel->organisations >= 1 &&
            panel->organisations <= panel->needed && panel->valid_s >= 1);
}

zc_result zc_rule_validate(const zc_rule *rule)
{
    const struct shape *shape = &shapes[rule->kind];
    if (!amount_fits(rule, shape) || !per_fits(rule, shape) || !terms_fit(rule, shape) ||
        !panel_fits(rule) || (!shape->window && rule->window_s != 0) ||
        (!shape->count && rule->count != 0) ||
        (rule->kind != ZC_RULE_ALLOW && rule->scope.accepted_flags != 0) ||
        (rule->kind == ZC_RULE_RESTRICT_CHAINS && !rule->scope.chains.listed)) {
        return zc_fail(ZC_POLICY_MISSION_RULE_SHAPE);
    }
    bool rolls = shape->window && rule->period == ZC_PERIOD_NONE;
    if (rolls != (rule->window_s != 0) || rule->window_s > ZC_MISSION_MAX_WINDOW_SECONDS) {
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
    ZC_TRY(zc_mission_validate_sources(mission));
    ZC_TRY(zc_mission_validate_risk(mission));
    ZC_TRY(zc_mission_validate_change(mission));
    return zc_mission_validate_audit(mission);
}
