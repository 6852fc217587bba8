/* Rules that say something else than they seem to: what can't be reached, what contradicts another
 * rule, what never applies. Only what is certain is said. */
#include <stdio.h>
#include <string.h>

#include "mission/lint.h"

#define BIT(operation) (UINT64_C(1) << ((unsigned)ZC_OPERATION_##operation - 1))
#define RISKY_ORDERS (BIT(ORDER_PLACE) | BIT(ORDER_AMEND))
/* What a REDUCE_ONLY rule lets pass. */
#define REDUCING (BIT(ORDER_PLACE) | BIT(ORDER_CANCEL) | BIT(ORDER_CANCEL_ALL) | BIT(VENUE_READ))
#define WHOLE_WEEK 127

static bool list_meets(const uint8_t *pool, size_t size, const zc_list *a, const zc_list *b)
{
    for (size_t i = 0; a->listed && b->listed && i < a->count; i++) {
        for (size_t j = 0; j < b->count; j++) {
            if (memcmp(pool + (a->first + i) * size, pool + (b->first + j) * size, size) == 0) {
                return true;
            }
        }
    }
    return !a->listed || !b->listed;
}

static bool operations_meet(const zc_scope *a, const zc_scope *b)
{
    return !a->operations_listed || !b->operations_listed || (a->operations & b->operations) != 0;
}

static bool chains_meet(const zc_mission *mission, const zc_scope *a, const zc_scope *b)
{
    return list_meets((const uint8_t *)mission->chains, sizeof(uint64_t), &a->chains, &b->chains);
}

/* Whether everybody who asks under `inner` asks under `outer`. */
static bool askers_within(const zc_mission *mission, const zc_scope *inner, const zc_scope *outer)
{
    zc_scope who = {.principals_listed = inner->principals_listed,
                    .principals = inner->principals,
                    .keys = inner->keys};
    zc_scope whom = {.principals_listed = outer->principals_listed,
                     .principals = outer->principals,
                     .keys = outer->keys};
    return zc_lint_within(mission, &who, &whom);
}

/* What an ALLOW covers, and another rule always takes away. */
static const char *swallowed_by(const zc_mission *mission, const zc_rule *allow,
                                const zc_rule *other)
{
    const zc_scope *scope = &allow->scope;
    switch (other->kind) {
    case ZC_RULE_CONFINE:
        return askers_within(mission, scope, &other->scope) &&
                       (!operations_meet(scope, &other->scope) ||
                        !chains_meet(mission, scope, &other->scope))
                   ? "'%s' confines all whom this allows something to something else"
                   : NULL;
    case ZC_RULE_RESTRICT_CHAINS: {
        zc_scope anywhere = other->scope;
        anywhere.chains = (zc_list){0};
        return zc_lint_within(mission, scope, &anywhere) &&
                       !chains_meet(mission, scope, &other->scope)
                   ? "'%s' restricts all that this allows to other chains"
                   : NULL;
    }
    case ZC_RULE_REDUCE_ONLY:
        return scope->operations_listed && (scope->operations & REDUCING) == 0 &&
                       zc_lint_within(mission, scope, &other->scope)
                   ? "'%s' lets only cancels and reductions pass, and this allows neither"
                   : NULL;
    default:
        return NULL;
    }
}

static void lint_allow(zc_build *build, size_t at)
{
    const zc_mission *mission = &build->mission;
    const zc_rule *rule = &mission->rules[at];
    for (size_t i = 0; i < mission->rule_count; i++) {
        const zc_rule *other = &mission->rules[i];
        const char *why = swallowed_by(mission, rule, other);
        if (why != NULL) {
            char text[256];
            (void)snprintf(text, sizeof text, why, other->name);
            zc_place_warn(&build->rule_at[at], "%s: this rule is never reached", text);
            return;
        }
        bool first = i < at && other->kind == ZC_RULE_ALLOW && other->conditions.count == 0 &&
                     (rule->scope.accepted_flags & ~other->scope.accepted_flags) == 0 &&
                     zc_lint_within(mission, &rule->scope, &other->scope);
        if (first) {
            zc_place_warn(&build->rule_at[at],
                          "'%s' allows all of this before: this rule is never reached",
                          other->name);
            return;
        }
    }
}

/* Whoever asks can't approve: are there enough without him? */
static void lint_panel(zc_build *build, size_t at)
{
    const zc_mission *mission = &build->mission;
    const zc_rule *rule = &mission->rules[at];
    unsigned seats = (unsigned)__builtin_popcountll(rule->panel.principals);
    for (size_t i = 0; i < mission->principal_count; i++) {
        bool asks = (!rule->scope.principals_listed || (rule->scope.principals >> i & 1) != 0) &&
                    (mission->principals[i].roles & ZC_ROLE_SIGNER) != 0;
        if (asks && (rule->panel.principals >> i & 1) != 0 && seats - 1 < rule->panel.needed) {
            zc_place_warn(&build->rule_at[at],
                          "nobody approves his own request: of what '%s' asks, %u of %u are "
                          "needed, and nothing is ever approved",
                          mission->principals[i].name, rule->panel.needed, seats - 1);
        }
    }
}

static bool never_closes(const zc_mission *mission, const zc_rule *rule)
{
    uint8_t days = 0;
    for (size_t i = 0; i < rule->hours.count; i++) {
        const zc_hours *hours = &mission->hours[rule->hours.first + i];
        bool whole = hours->from_minute == 0 && hours->to_minute == 1440;
        days |= whole ? hours->days : 0;
    }
    return rule->dates.count == 0 && days == WHOLE_WEEK;
}

static bool no_orders(const zc_scope *scope)
{
    return scope->operations_listed && (scope->operations & RISKY_ORDERS) == 0;
}

static void lint_amount(zc_build *build, size_t at)
{
    const zc_rule *rule = &build->mission.rules[at];
    const zc_place *place = &build->rule_at[at];
    bool spends = rule->kind == ZC_RULE_LIMIT_PER_TX || rule->kind == ZC_RULE_LIMIT_WINDOW ||
                  rule->kind == ZC_RULE_POSITION;
    if ((spends && zc_u256_is_zero(&rule->amount)) ||
        (rule->kind == ZC_RULE_LIMIT_RATE && rule->count == 0)) {
        zc_place_warn(place, "a limit of nothing denies all that this rule covers and counts");
    }
    if (rule->kind == ZC_RULE_POSITION && no_orders(&rule->scope)) {
        zc_place_warn(place, "nothing that this rule covers is an order that takes on a position: "
                             "the limit can never bind");
    }
    if (rule->kind == ZC_RULE_DRAWDOWN && rule->count >= ZC_BASIS_POINTS) {
        zc_place_warn(place, "equity can't fall by more than all of it: the limit can never bind");
    }
    if (rule->has_lease && zc_u256_cmp(&rule->lease, &rule->amount) >= 0) {
        zc_place_warn(place, "one slice is the whole limit: all of it can move before the log has "
                             "another entry on the disk");
    }
    if (rule->has_lease && rule->window_s != 0 && rule->lease_s >= rule->window_s) {
        zc_place_warn(place, "a slice lives as long as the window: within any window, up to twice "
                             "the limit can be spent");
    }
}

static bool priced(const zc_mission *mission, uint16_t asset)
{
    for (size_t i = 0; i < mission->price_count; i++) {
        if (mission->prices[i].asset == asset) {
            return true;
        }
    }
    return false;
}

/* What must be valued and can't be is denied, always. */
static void lint_prices(zc_build *build, size_t at)
{
    const zc_mission *mission = &build->mission;
    const zc_rule *rule = &mission->rules[at];
    const zc_scope *scope = &rule->scope;
    if (rule->measure != ZC_MEASURE_NOTIONAL && rule->kind != ZC_RULE_POSITION) {
        return;
    }
    for (uint16_t i = 0; i < mission->market_count; i++) {
        const zc_market *market = &mission->markets[i];
        bool covered = !scope->markets_listed || (scope->markets[i / 64] >> (i % 64) & 1) != 0;
        if (covered && !no_orders(scope) && !priced(mission, market->asset) &&
            !(market->has_base && priced(mission, market->base))) {
            zc_place_warn(&build->rule_at[at],
                          "%s, in which %s is priced, has no price: every order there is denied",
                          mission->assets[market->asset].name, market->name);
        }
    }
    for (uint16_t i = 0; scope->assets_listed && i < mission->asset_count; i++) {
        if (rule->measure == ZC_MEASURE_NOTIONAL && (scope->assets[i / 64] >> (i % 64) & 1) != 0 &&
            !priced(mission, i)) {
            zc_place_warn(&build->rule_at[at],
                          "%s has no price: everything that moves it is denied",
                          mission->assets[i].name);
        }
    }
}

/* "a <= 5" beside "a >= 6" in one rule. */
static void lint_conditions(zc_build *build, size_t at)
{
    const zc_mission *mission = &build->mission;
    const zc_rule *rule = &mission->rules[at];
    const zc_condition *first = &mission->conditions[rule->conditions.first];
    for (size_t i = 0; i < rule->conditions.count; i++) {
        for (size_t j = 0; j < rule->conditions.count; j++) {
            bool same =
                strcmp(first[i].label, first[j].label) == 0 && first[i].index == first[j].index;
            if (rule->kind == ZC_RULE_ALLOW && same && first[i].test == ZC_TEST_AT_MOST &&
                first[j].test == ZC_TEST_AT_LEAST &&
                zc_u256_cmp(&first[i].number, &first[j].number) < 0) {
                zc_place_warn(&build->rule_at[at],
                              "its conditions contradict each other: this rule allows nothing");
            }
        }
    }
}

static void lint_breakers(zc_build *build)
{
    const zc_mission *mission = &build->mission;
    for (size_t i = 0; i < mission->breaker_count; i++) {
        const zc_breaker *breaker = &mission->breakers[i];
        if (breaker->trip == ZC_TRIP_DRAWDOWN && breaker->count >= ZC_BASIS_POINTS) {
            zc_report_add(build->report, ZC_FINDING_WARNING, 1, 1, "breakers",
                          "'%s' can never trip: equity can't fall by more than all of it",
                          breaker->name);
        }
        if (breaker->trip == ZC_TRIP_STALE &&
            breaker->window_s < mission->feeds[breaker->feed].oldest_s) {
            zc_report_add(build->report, ZC_FINDING_WARNING, 1, 1, "breakers",
                          "'%s' trips while the word of '%s' still counts as fresh", breaker->name,
                          mission->feeds[breaker->feed].name);
        }
    }
}

/* A feed whose word nothing takes. */
static void lint_feeds(zc_build *build)
{
    const zc_mission *mission = &build->mission;
    for (size_t i = 0; i < mission->feed_count; i++) {
        bool used = false;
        for (size_t j = 0; j < mission->rule_count; j++) {
            used = used || (mission->rules[j].has_feed && mission->rules[j].feed == i);
        }
        for (size_t j = 0; j < mission->price_count; j++) {
            used = used || (mission->prices[j].has_feed && mission->prices[j].feed == i);
        }
        for (size_t j = 0; j < mission->breaker_count; j++) {
            used = used || (mission->breakers[j].has_feed && mission->breakers[j].feed == i);
        }
        if (!used) {
            zc_report_add(build->report, ZC_FINDING_WARNING, 1, 1, "feeds",
                          "nothing takes the word of '%s'", mission->feeds[i].name);
        }
    }
}

void zc_lint_rules(zc_build *build)
{
    const zc_mission *mission = &build->mission;
    for (size_t i = 0; i < mission->rule_count; i++) {
        const zc_rule *rule = &mission->rules[i];
        if (rule->kind == ZC_RULE_ALLOW) {
            lint_allow(build, i);
        }
        if (rule->has_panel) {
            lint_panel(build, i);
        }
        if (rule->kind == ZC_RULE_HOURS && never_closes(mission, rule)) {
            zc_place_warn(&build->rule_at[i], "it is always open: this rule denies nothing");
        }
        lint_amount(build, i);
        lint_prices(build, i);
        lint_conditions(build, i);
    }
    lint_breakers(build);
    lint_feeds(build);
}
