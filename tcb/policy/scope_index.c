#include "policy/scope.h"

#include <string.h>

#include "policy/asset_index.h"

static void set_add(zc_rule_set *set, size_t rule)
{
    set->word[rule / 64] |= UINT64_C(1) << (rule % 64);
}

static bool lists_chain(const zc_mission *mission, const zc_rule *rule, uint64_t chain_id)
{
    const zc_list *list = &rule->scope.chains;
    for (size_t i = 0; i < list->count; i++) {
        if (mission->chains[list->first + i] == chain_id) {
            return true;
        }
    }
    return false;
}

static bool chain_indexed(const zc_scope_index *index, uint64_t chain_id)
{
    for (size_t i = 0; i < index->chain_count; i++) {
        if (index->chain[i] == chain_id) {
            return true;
        }
    }
    return false;
}

static void collect_chains(zc_scope_index *index, const zc_mission *mission)
{
    for (size_t i = 0; i < mission->chain_count; i++) {
        if (index->chain_count < ZC_SCOPE_INDEX_CHAINS &&
            !chain_indexed(index, mission->chains[i])) {
            index->chain[index->chain_count++] = mission->chains[i];
        }
    }
}

static void add_chains(zc_scope_index *index, const zc_mission *mission, size_t at)
{
    const zc_rule *rule = &mission->rules[at];
    const zc_list *list = &rule->scope.chains;
    bool every =
        !list->listed || rule->kind == ZC_RULE_RESTRICT_CHAINS || rule->kind == ZC_RULE_CONFINE;
    bool other = every;
    for (size_t i = 0; i < index->chain_count; i++) {
        if (every || lists_chain(mission, rule, index->chain[i])) {
            set_add(&index->on_chain[i], at);
        }
    }
    for (size_t i = 0; !other && i < list->count; i++) {
        other = !chain_indexed(index, mission->chains[list->first + i]);
    }
    if (other) {
        set_add(&index->other_chain, at);
    }
}

static zc_station station_of(const zc_rule *rule)
{
    return rule->kind == ZC_RULE_ALLOW    ? ZC_STATION_ALLOWANCE
           : rule->kind == ZC_RULE_REVIEW ? ZC_STATION_REVIEW
           : rule->kind == ZC_RULE_RISK   ? ZC_STATION_RISK
           : zc_rule_is_limit(rule)       ? ZC_STATION_LIMITS
                                          : ZC_STATION_DENIALS;
}

static void add_rule(zc_scope_index *index, const zc_mission *mission, size_t at)
{
    const zc_rule *rule = &mission->rules[at];
    const zc_scope *scope = &rule->scope;
    bool confines = rule->kind == ZC_RULE_CONFINE;
    set_add(&index->station[station_of(rule)], at);
    if (rule->has_panel) {
        set_add(&index->station[ZC_STATION_REVIEW], at);
    }
    for (size_t i = 0; i < mission->principal_count; i++) {
        if (!scope->principals_listed || ((scope->principals >> i) & 1) != 0) {
            set_add(&index->principal[i], at);
        }
    }
    for (size_t i = 0; i < ZC_SCOPE_USES; i++) {
        if (confines || ((scope->uses >> i) & 1) != 0) {
            set_add(&index->use[i], at);
        }
    }
    for (size_t i = 0; i < ZC_SCOPE_OPERATIONS; i++) {
        if (confines || !scope->operations_listed || ((scope->operations >> i) & 1) != 0) {
            set_add(&index->operation[i], at);
        }
    }
    add_chains(index, mission, at);
}

void zc_scope_index_init(zc_scope_index *index, const zc_mission *mission)
{
    memset(index, 0, sizeof *index);
    collect_chains(index, mission);
    for (size_t i = 0; i < mission->rule_count; i++) {
        add_rule(index, mission, i);
    }
    zc_asset_index_init(index, mission);
    zc_address_index_init(index, mission);
}

/* The rules for the intent's chain, or NULL where the chain excludes none: what names no chain is
 * looked at rule by rule. */
static const zc_rule_set *chain_set(const zc_question *question)
{
    const zc_scope_index *index = question->index;
    if (!question->intent->has_chain_id) {
        return NULL;
    }
    for (size_t i = 0; i < index->chain_count; i++) {
        if (index->chain[i] == question->intent->chain_id) {
            return &index->on_chain[i];
        }
    }
    return &index->other_chain;
}

void zc_scope_candidates(const zc_question *question, zc_rule_set *ret_rules)
{
    const zc_scope_index *index = question->index;
    const zc_rule_set *principal = &index->principal[question->context->principal];
    const zc_rule_set *use = &index->use[question->context->use - 1];
    const zc_rule_set *operation = &index->operation[(unsigned)question->intent->operation - 1];
    const zc_rule_set *chain = chain_set(question);
    for (size_t i = 0; i < ZC_RULE_WORDS; i++) {
        uint64_t rules = principal->word[i] & use->word[i] & operation->word[i];
        ret_rules->word[i] = chain == NULL ? rules : rules & chain->word[i];
    }
}

void zc_scope_station(const zc_question *question, zc_station station, zc_rule_set *ret_rules)
{
    for (size_t i = 0; i < ZC_RULE_WORDS; i++) {
        ret_rules->word[i] = question->rules.word[i] & question->index->station[station].word[i];
    }
}

bool zc_rule_set_take(zc_rule_set *rules, uint16_t *ret_rule)
{
    for (size_t i = 0; i < ZC_RULE_WORDS; i++) {
        if (rules->word[i] != 0) {
            unsigned bit = (unsigned)__builtin_ctzll(rules->word[i]);
            rules->word[i] &= rules->word[i] - 1;
            *ret_rule = (uint16_t)(i * 64 + bit);
            return true;
        }
    }
    return false;
}
