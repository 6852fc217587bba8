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

static bool same_keys(const zc_mission *mission, const zc_list *a, const zc_list *b)
{
    return a->listed == b->listed && a->count == b->count &&
           memcmp(&mission->key_patterns[a->first], &mission->key_patterns[b->first],
                  a->count * sizeof *mission->key_patterns) == 0;
}

/* Most missions have rules in families: who lists the same keys as the rule before is asked for
 * them once. */
static void group_keys(zc_scope_index *index, const zc_mission *mission)
{
    uint16_t group = 0;
    for (size_t i = 0; i < mission->rule_count; i++) {
        const zc_list *keys = &mission->rules[i].scope.keys;
        if (i == 0 || !same_keys(mission, keys, &mission->rules[i - 1].scope.keys)) {
            group++;
        }
        index->key_group[i] = keys->listed ? group : 0;
    }
    for (size_t i = 0; i < mission->key_pattern_count; i++) {
        const char *text = mission->key_patterns[i].text;
        size_t len = strnlen(text, ZC_MISSION_NAME_SIZE);
        index->key_is_prefix[i] = len > 0 && text[len - 1] == '*';
        index->key_len[i] = (uint8_t)(index->key_is_prefix[i] ? len - 1 : len);
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
    group_keys(index, mission);
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

static bool key_listed(const zc_question *question, const zc_list *keys)
{
    const zc_scope_index *index = question->index;
    zc_slice name = question->context->key_name;
    for (size_t i = keys->first; i < (size_t)keys->first + keys->count; i++) {
        size_t len = index->key_len[i];
        if ((index->key_is_prefix[i] ? name.len >= len : name.len == len) &&
            (len == 0 || memcmp(name.data, question->mission->key_patterns[i].text, len) == 0)) {
            return true;
        }
    }
    return false;
}

/* Drops the rules that list other keys. */
static void keep_keys(const zc_question *question, zc_rule_set *rules)
{
    const uint16_t *groups = question->index->key_group;
    uint16_t group = 0;
    bool listed = true;
    for (uint32_t live = rules->live; live != 0; live &= live - 1) {
        unsigned word = (unsigned)__builtin_ctz(live);
        for (uint64_t rest = rules->word[word]; rest != 0; rest &= rest - 1) {
            size_t at = (size_t)word * 64 + (size_t)__builtin_ctzll(rest);
            if (groups[at] == 0) {
                continue;
            }
            if (groups[at] != group) {
                group = groups[at];
                listed = key_listed(question, &question->mission->rules[at].scope.keys);
            }
            if (!listed) {
                rules->word[word] &= ~(rest & -rest);
            }
        }
    }
}

static void find_assets(zc_question *question)
{
    const zc_intent *intent = question->intent;
    for (size_t i = 0; i < intent->movement_count; i++) {
        question->asset_of[i] =
            zc_asset_index_find(question->index, question->mission, &intent->movements[i].asset);
    }
}

/* Who is paid is looked for in the lists of the first rules that may allow it; by then memory has
 * answered. */
static void expect_payees(zc_question *question)
{
    const zc_intent *intent = question->intent;
    zc_rule_set rules;
    uint16_t at = 0;
    zc_scope_station(question, ZC_STATION_ALLOWANCE, &rules);
    question->awaited.count = 0;
    for (size_t tried = 0; tried < ZC_SCOPE_AWAITED && zc_rule_set_take(&rules, &at); tried++) {
        const zc_address_list *list = &question->mission->rules[at].scope.counterparties;
        for (size_t i = 0; i < intent->movement_count && i < ZC_SCOPE_AWAITED; i++) {
            const zc_movement *movement = &intent->movements[i];
            if (movement->kind != ZC_MOVEMENT_FEE && movement->kind != ZC_MOVEMENT_RECEIVE &&
                movement->to.len == ZC_EVM_ADDRESS_SIZE) {
                zc_evm_index_expect(question->index, list, movement->to.byte, &question->awaited);
            }
        }
    }
}

void zc_scope_expect(const zc_question *question)
{
    zc_evm_index_expect_items(question->index, question->mission, &question->awaited);
}

void zc_scope_candidates(zc_question *question, zc_rule_set *ret_rules)
{
    const zc_scope_index *index = question->index;
    const zc_rule_set *principal = &index->principal[question->context->principal];
    const zc_rule_set *use = &index->use[question->context->use - 1];
    const zc_rule_set *operation = &index->operation[(unsigned)question->intent->operation - 1];
    const zc_rule_set *chain = chain_set(question);
    chain = chain == NULL ? principal : chain;
    ret_rules->live = 0;
    for (size_t i = 0; i < ZC_RULE_WORDS; i++) {
        uint64_t rules = principal->word[i] & use->word[i] & operation->word[i] & chain->word[i];
        ret_rules->word[i] = rules;
        ret_rules->live |= (uint32_t)(rules != 0) << i;
    }
    keep_keys(question, ret_rules);
    expect_payees(question);
    find_assets(question);
}

void zc_scope_station(const zc_question *question, zc_station station, zc_rule_set *ret_rules)
{
    const uint64_t *mine = question->index->station[station].word;
    ret_rules->live = question->rules.live;
    for (uint32_t live = question->rules.live; live != 0; live &= live - 1) {
        unsigned i = (unsigned)__builtin_ctz(live);
        ret_rules->word[i] = question->rules.word[i] & mine[i];
    }
}

bool zc_rule_set_take(zc_rule_set *rules, uint16_t *ret_rule)
{
    while (rules->live != 0) {
        unsigned i = (unsigned)__builtin_ctz(rules->live);
        if (rules->word[i] != 0) {
            unsigned bit = (unsigned)__builtin_ctzll(rules->word[i]);
            rules->word[i] &= rules->word[i] - 1;
            *ret_rule = (uint16_t)(i * 64 + bit);
            return true;
        }
        rules->live &= rules->live - 1;
    }
    return false;
}
