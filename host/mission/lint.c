/* What is odd about a mission that has no errors: it would compile, and probably not do what its
 * author meant. */
#include <string.h>

#include "mission/lint.h"

#define BIT(operation) (UINT64_C(1) << ((unsigned)ZC_OPERATION_##operation - 1))
#define NO_METHOD                                                                                  \
    (BIT(TRANSFER) | BIT(CONTRACT_CREATE) | BIT(MESSAGE) | BIT(DIGEST)) /* never have a selector   \
                                                                         */

/* Operations that always carry a risk flag, so that a rule which does not accept it allows none. */
static const struct {
    uint64_t operation;
    uint64_t flag;
    const char *text;
} always_flagged[] = {
    {BIT(CONTRACT_CREATE), ZC_FLAG_CONTRACT_CREATION,
     "a contract-create always carries the risk 'contract-creation': without 'accept-risks' for "
     "it, "
     "this rule allows none"},
    {BIT(DIGEST), ZC_FLAG_RAW_DIGEST,
     "a digest always carries the risk 'raw-digest': without 'accept-risks' for it, this rule "
     "allows "
     "none"},
    {BIT(CONTRACT_CALL), ZC_FLAG_UNKNOWN_CALLDATA,
     "a contract-call whose data can't be read carries the risk 'unknown-calldata': without "
     "'accept-risks' for it, this rule allows few or none"},
};

static uint64_t named_operations(const zc_scope *scope)
{
    return scope->operations_listed ? scope->operations : 0;
}

static void lint_flags(const zc_place *at, const zc_scope *scope)
{
    uint64_t operations = named_operations(scope);
    for (size_t i = 0; i < sizeof always_flagged / sizeof *always_flagged; i++) {
        if ((operations & always_flagged[i].operation) != 0 &&
            (scope->accepted_flags & always_flagged[i].flag) == 0) {
            zc_place_warn(at, "%s", always_flagged[i].text);
        }
    }
}

static void lint_lists(const zc_place *at, const zc_scope *scope)
{
    uint64_t operations = named_operations(scope);
    bool off_chain = (operations & (BIT(MESSAGE) | BIT(DIGEST))) != 0;
    bool listed = scope->chains.listed || scope->assets_listed || scope->contracts.listed ||
                  scope->counterparties.listed;
    if (off_chain && listed) {
        zc_place_warn(at, "messages and digests belong to no chain, asset or recipient: with such "
                          "lists this rule allows none of them");
    }
    if (scope->methods.listed && (operations & NO_METHOD) != 0) {
        zc_place_warn(at, "it lists methods, and among its operations are some that call none: it "
                          "allows none of those");
    }
}

static void lint_uses(const zc_place *at, const zc_scope *scope)
{
    uint64_t operations = named_operations(scope);
    uint32_t possible = 0;
    possible |=
        (operations & ~(BIT(MESSAGE) | BIT(DIGEST))) != 0
            ? zc_use_bit(ZC_USE_TX) | zc_use_bit(ZC_USE_ORDER) | zc_use_bit(ZC_USE_TYPED_DATA)
            : 0;
    possible |= (operations & BIT(MESSAGE)) != 0
                    ? zc_use_bit(ZC_USE_MESSAGE) | zc_use_bit(ZC_USE_TYPED_DATA)
                    : 0;
    possible |= (operations & BIT(DIGEST)) != 0 ? zc_use_bit(ZC_USE_DIGEST) : 0;
    if (scope->operations_listed && (scope->uses & possible) == 0) {
        zc_place_warn(at, "none of its operations has one of its uses: this rule matches nothing");
    }
}

static void lint_signers(const zc_build *build, const zc_place *at, const zc_scope *scope)
{
    for (size_t i = 0; i < build->mission.principal_count; i++) {
        bool covered = !scope->principals_listed || ((scope->principals >> i) & 1) != 0;
        if (covered && (build->mission.principals[i].roles & ZC_ROLE_SIGNER) != 0) {
            return;
        }
    }
    zc_place_warn(at, "none of its principals has the role 'signer': this rule allows nothing");
}

static void lint_idle_signers(zc_build *build)
{
    const zc_mission *mission = &build->mission;
    for (size_t i = 0; i < mission->principal_count; i++) {
        bool allowed = (mission->principals[i].roles & ZC_ROLE_SIGNER) == 0;
        for (size_t j = 0; j < mission->rule_count; j++) {
            const zc_scope *scope = &mission->rules[j].scope;
            allowed =
                allowed || (mission->rules[j].kind == ZC_RULE_ALLOW &&
                            (!scope->principals_listed || ((scope->principals >> i) & 1) != 0));
        }
        if (!allowed) {
            zc_place_warn(&build->principal_at[i],
                          "'%s' has the role 'signer', and no rule allows it anything",
                          mission->principals[i].name);
        }
    }
}

/* Whether every item of `inner` is in `outer`. */
static bool list_within(const uint8_t *pool, size_t size, const zc_list *inner,
                        const zc_list *outer)
{
    if (!outer->listed) {
        return true;
    }
    if (!inner->listed) {
        return false;
    }
    for (size_t i = 0; i < inner->count; i++) {
        bool found = false;
        for (size_t j = 0; j < outer->count; j++) {
            found = found || memcmp(pool + (inner->first + i) * size,
                                    pool + (outer->first + j) * size, size) == 0;
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

/* Both runs ascend: one walk along each. */
static bool run_within(const uint8_t *inner, size_t inner_count, const uint8_t *outer,
                       size_t outer_count, size_t size)
{
    size_t at = 0;
    for (size_t i = 0; i < inner_count; i++) {
        while (at < outer_count && memcmp(outer + at * size, inner + i * size, size) < 0) {
            at++;
        }
        if (at == outer_count || memcmp(outer + at * size, inner + i * size, size) != 0) {
            return false;
        }
    }
    return true;
}

static bool addresses_within(const zc_mission *mission, const zc_address_list *inner,
                             const zc_address_list *outer)
{
    if (!outer->listed || !inner->listed) {
        return !outer->listed;
    }
    return run_within((const uint8_t *)(mission->evm + inner->evm_first), inner->evm_count,
                      (const uint8_t *)(mission->evm + outer->evm_first), outer->evm_count,
                      sizeof *mission->evm) &&
           run_within((const uint8_t *)(mission->others + inner->other_first), inner->other_count,
                      (const uint8_t *)(mission->others + outer->other_first), outer->other_count,
                      sizeof *mission->others);
}

static bool bits_within(bool inner_listed, uint64_t inner, bool outer_listed, uint64_t outer)
{
    return !outer_listed || (inner_listed && (inner & ~outer) == 0);
}

bool zc_lint_within(const zc_mission *mission, const zc_scope *inner, const zc_scope *outer)
{
    bool assets = true;
    for (size_t i = 0; i < sizeof inner->assets / sizeof *inner->assets; i++) {
        assets = assets && bits_within(inner->assets_listed, inner->assets[i], outer->assets_listed,
                                       outer->assets[i]);
    }
    for (size_t i = 0; i < sizeof inner->markets / sizeof *inner->markets; i++) {
        assets = assets && bits_within(inner->markets_listed, inner->markets[i],
                                       outer->markets_listed, outer->markets[i]);
    }
    return assets && (inner->uses & ~outer->uses) == 0 &&
           bits_within(inner->principals_listed, inner->principals, outer->principals_listed,
                       outer->principals) &&
           bits_within(inner->operations_listed, inner->operations, outer->operations_listed,
                       outer->operations) &&
           list_within((const uint8_t *)mission->key_patterns, sizeof(zc_key_pattern), &inner->keys,
                       &outer->keys) &&
           list_within((const uint8_t *)mission->chains, sizeof(uint64_t), &inner->chains,
                       &outer->chains) &&
           list_within((const uint8_t *)mission->methods, sizeof(zc_method), &inner->methods,
                       &outer->methods) &&
           addresses_within(mission, &inner->contracts, &outer->contracts) &&
           addresses_within(mission, &inner->counterparties, &outer->counterparties);
}

static void lint_shadowed(zc_build *build, size_t allow)
{
    const zc_mission *mission = &build->mission;
    for (size_t i = 0; i < mission->rule_count; i++) {
        const zc_rule *other = &mission->rules[i];
        bool within = zc_lint_within(mission, &mission->rules[allow].scope, &other->scope);
        if (other->kind == ZC_RULE_DENY && other->conditions.count == 0 && within) {
            zc_place_warn(&build->rule_at[allow],
                          "'%s' denies all that this allows: a denial beats what is allowed",
                          other->name);
        }
    }
}

static bool same_parent(const zc_rule *a, const zc_rule *b)
{
    const char *slash = strchr(a->name, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - a->name) + 1;
    return len > 0 && strncmp(a->name, b->name, len) == 0;
}

static bool same_measure(const zc_rule *a, const zc_rule *b)
{
    return a->has_asset == b->has_asset && (!a->has_asset || a->asset == b->asset) &&
           same_parent(a, b);
}

/* Whether two limits differ in amount and window alone. */
static bool alike(const zc_rule *a, const zc_rule *b)
{
    return a->measure == b->measure && a->per == b->per && a->period == ZC_PERIOD_NONE &&
           b->period == ZC_PERIOD_NONE;
}

static zc_u256 allowance(const zc_rule *rule)
{
    return rule->has_amount ? rule->amount : zc_u256_of(rule->count);
}

/* Whether `b` is always reached before `a`, so that `a` never decides anything. */
static bool reached_first(const zc_rule *a, const zc_rule *b)
{
    zc_u256 most = allowance(b);
    zc_u256 own = allowance(a);
    if (b->kind == ZC_RULE_LIMIT_PER_TX) {
        return false;
    }
    if (a->kind != ZC_RULE_LIMIT_PER_TX && a->window_s > b->window_s) {
        /* As many whole windows of b as a's can touch. */
        uint64_t windows = (uint64_t)a->window_s / b->window_s + 2;
        if (!zc_ok(zc_u256_mul_u64(&most, windows, &most))) {
            return false;
        }
    }
    return zc_u256_cmp(&own, &most) >= 0;
}

static bool is_limit(const zc_rule *rule)
{
    return rule->kind == ZC_RULE_LIMIT_PER_TX || rule->kind == ZC_RULE_LIMIT_WINDOW ||
           rule->kind == ZC_RULE_LIMIT_RATE;
}

static bool chain_in_scope(const zc_mission *mission, const zc_scope *scope, uint64_t chain_id)
{
    for (size_t i = 0; i < scope->chains.count; i++) {
        if (mission->chains[scope->chains.first + i] == chain_id) {
            return true;
        }
    }
    return !scope->chains.listed;
}

/* Whether anything in the rule's scope could be charged to its asset. */
static bool asset_in_scope(const zc_mission *mission, const zc_rule *rule)
{
    const zc_asset *asset = &mission->assets[rule->asset];
    const zc_scope *scope = &rule->scope;
    bool moved =
        !scope->assets_listed || ((scope->assets[rule->asset / 64] >> (rule->asset % 64)) & 1) != 0;
    /* Fees count, too, unless the rule lists recipients: a fee has none. */
    bool paid = asset->id.kind == ZC_ASSET_NATIVE && !scope->counterparties.listed;
    return chain_in_scope(mission, scope, asset->id.chain_id) && (moved || paid);
}

static void lint_limit(zc_build *build, size_t index)
{
    const zc_mission *mission = &build->mission;
    const zc_rule *rule = &mission->rules[index];
    if (rule->has_asset && !asset_in_scope(mission, rule)) {
        zc_place_warn(&build->rule_at[index],
                      "nothing that this rule covers moves %s: the limit can never bind",
                      mission->assets[rule->asset].name);
        return;
    }
    for (size_t i = 0; i < mission->rule_count; i++) {
        const zc_rule *other = &mission->rules[i];
        if (i != index && is_limit(other) && alike(rule, other) && same_measure(rule, other) &&
            reached_first(rule, other)) {
            zc_place_warn(&build->rule_at[index],
                          "this limit can never bind: %s is always reached first",
                          strchr(other->name, '/') + 1);
            return;
        }
    }
}

void zc_build_lint(zc_build *build)
{
    const zc_mission *mission = &build->mission;
    if (mission->open) {
        zc_report_add(build->report, ZC_FINDING_WARNING, 1, 1, "open",
                      "this is an open mission, for tests alone: never put value behind it");
    }
    lint_idle_signers(build);
    for (size_t i = 0; i < mission->rule_count; i++) {
        const zc_rule *rule = &mission->rules[i];
        const zc_place *at = &build->rule_at[i];
        if (rule->kind == ZC_RULE_ALLOW) {
            lint_signers(build, at, &rule->scope);
            lint_flags(at, &rule->scope);
            lint_lists(at, &rule->scope);
            lint_uses(at, &rule->scope);
            lint_shadowed(build, i);
        } else if (is_limit(rule)) {
            lint_limit(build, i);
        }
    }
    zc_lint_rules(build);
    zc_lint_risk(build);
}
