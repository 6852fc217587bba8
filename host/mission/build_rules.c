/* One rule of the file: its kind, its scope by name, its limits. */
#include <stdio.h>
#include <string.h>

#include "mission/build.h"
#include "mission/value.h"

static const char *const rule_keys[] = {
    "allow",        "deny",   "limit",     "restrict",  "who",       "keys",
    "chains",       "assets", "to",        "contracts", "methods",   "uses",
    "accept-risks", "limits", "review",    "hours",     "confine",   "reduce-only",
    "markets",      "if",     "zone",      "open",      "closed-on", "approvals",
    "risk",         "model",  "review-at", "deny-at",   NULL};

static const struct kind {
    const char *key;
    zc_rule_kind kind;
} kinds[] = {{"allow", ZC_RULE_ALLOW},        {"deny", ZC_RULE_DENY},
             {"limit", ZC_RULE_LIMIT_PER_TX}, {"restrict", ZC_RULE_RESTRICT_CHAINS},
             {"review", ZC_RULE_REVIEW},      {"hours", ZC_RULE_HOURS},
             {"confine", ZC_RULE_CONFINE},    {"reduce-only", ZC_RULE_REDUCE_ONLY},
             {"risk", ZC_RULE_RISK}};

void zc_build_add_rule(zc_build *build, const zc_place *place, const zc_rule *rule)
{
    zc_mission *mission = &build->mission;
    if (mission->rule_count == ZC_MISSION_MAX_RULES) {
        zc_place_error(place, "rules and their limits together are more than %d",
                       ZC_MISSION_MAX_RULES);
        return;
    }
    build->rule_at[mission->rule_count] = *place;
    mission->rules[mission->rule_count++] = *rule;
}

/* The one key that says what kind of rule this is. */
static bool find_kind(const zc_place *key, const zc_place *value, zc_rule_kind *ret_kind,
                      zc_place *ret_operations)
{
    size_t found = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        zc_place operations;
        if (zc_place_member(value, kinds[i].key, &operations)) {
            *ret_kind = kinds[i].kind;
            *ret_operations = operations;
            found++;
        }
    }
    if (found != 1) {
        zc_place_error(key,
                       "a rule has exactly one of 'allow', 'deny', 'limit', 'restrict', 'review', "
                       "'hours', 'confine', 'reduce-only' and 'risk', "
                       "followed by operations%s",
                       found == 0 ? "" : "; this has several");
        return false;
    }
    return true;
}

static void check_own_keys(const zc_place *value, zc_rule_kind kind)
{
    zc_place part;
    if (kind != ZC_RULE_ALLOW && zc_place_member(value, "accept-risks", &part)) {
        zc_place_error(&part, "only 'allow' accepts risks");
    }
    bool limited = kind == ZC_RULE_ALLOW || kind == ZC_RULE_LIMIT_PER_TX;
    if (!limited && zc_place_member(value, "limits", &part)) {
        zc_place_error(&part, "limits belong to 'allow' and 'limit'");
    }
    if (kind == ZC_RULE_LIMIT_PER_TX) {
        (void)zc_place_need(value, "limits", "a list such as '- 20,000 USDC per 1h'", &part);
    }
    if (kind == ZC_RULE_RESTRICT_CHAINS) {
        (void)zc_place_need(value, "chains", "the chains that this is restricted to", &part);
    }
}

static void read_rule(zc_build *build, const zc_place *key, const zc_place *value)
{
    zc_rule rule = {0};
    zc_place operations;
    zc_place limits;
    if (!zc_value_name(key, "a rule", true, rule.name, ZC_RULE_NAME_SIZE) ||
        !zc_place_want_mapping(value,
                               "allow, deny, limit or restrict, and whom and what it covers")) {
        return;
    }
    zc_place_only_keys(value, rule_keys);
    if (!find_kind(key, value, &rule.kind, &operations)) {
        return;
    }
    check_own_keys(value, rule.kind);
    zc_build_scope(build, value, rule.kind, &operations, &rule.scope);
    if (rule.kind == ZC_RULE_HOURS) {
        zc_build_hours(build, value, &rule);
    }
    if (rule.kind == ZC_RULE_REVIEW) {
        zc_build_panel(build, value, &rule);
    }
    if (rule.kind == ZC_RULE_RISK) {
        zc_build_thresholds(build, value, &rule);
    }
    zc_build_conditions(build, value, &rule);
    if (rule.conditions.count > 0 && rule.kind != ZC_RULE_ALLOW && rule.kind != ZC_RULE_DENY &&
        rule.kind != ZC_RULE_REVIEW && rule.kind != ZC_RULE_RISK) {
        zc_place_error(key, "'if' belongs to 'allow', 'deny', 'review' and 'risk'");
    }
    if (rule.kind != ZC_RULE_LIMIT_PER_TX) {
        zc_build_add_rule(build, key, &rule);
    }
    if (zc_place_member(value, "limits", &limits)) {
        rule.scope.accepted_flags = 0;
        zc_build_limits(build, &limits, &rule);
    }
}

void zc_build_rules(zc_build *build, const zc_place *root)
{
    zc_place rules;
    if (!zc_place_need(root, "rules", "what no rule allows is denied", &rules) ||
        !zc_place_want_mapping(&rules, "rules")) {
        return;
    }
    size_t count = zc_place_pairs(&rules);
    for (size_t i = 0; i < count && i < ZC_MISSION_MAX_RULES; i++) {
        zc_place key;
        zc_place value;
        (void)zc_place_pair(&rules, i, &key, &value);
        read_rule(build, &key, &value);
    }
    if (count > ZC_MISSION_MAX_RULES) {
        zc_place_error(&rules, "%zu rules are too many: at most %d", count, ZC_MISSION_MAX_RULES);
    }
}
