/* Two rules of one name: each list by what came and what went, each number by its two values. What
 * a list loses makes an ALLOW narrower, and a denial or a limit wider: it applies to less. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "mission/diff_parts.h"
#include "mission/page.h"
#include "mission/words.h"

#define ITEM_SIZE 200
#define LISTED_MAX 8

/* One list of a scope, item by item as text: what missions are compared by, since the same name
 * may have another number in the other one. */
typedef struct rule_list {
    const zc_mission *mission;
    const zc_scope *scope;
    bool listed;
    size_t count;
    bool (*item)(const struct rule_list *list, size_t index, char ret_text[static ITEM_SIZE]);
} rule_list;

static bool principal_item(const rule_list *list, size_t index, char ret_text[static ITEM_SIZE])
{
    (void)snprintf(ret_text, ITEM_SIZE, "%s", list->mission->principals[index].name);
    return (list->scope->principals >> index & 1) != 0;
}

static bool asset_item(const rule_list *list, size_t index, char ret_text[static ITEM_SIZE])
{
    (void)snprintf(ret_text, ITEM_SIZE, "%s", list->mission->assets[index].name);
    return (list->scope->assets[index / 64] >> (index % 64) & 1) != 0;
}

static bool market_item(const rule_list *list, size_t index, char ret_text[static ITEM_SIZE])
{
    (void)snprintf(ret_text, ITEM_SIZE, "%s", list->mission->markets[index].name);
    return (list->scope->markets[index / 64] >> (index % 64) & 1) != 0;
}

static bool operation_item(const rule_list *list, size_t index, char ret_text[static ITEM_SIZE])
{
    const char *name = zc_operation_name((zc_operation)(index + 1));
    (void)snprintf(ret_text, ITEM_SIZE, "%s", name != NULL ? name : "");
    return name != NULL && (list->scope->operations >> index & 1) != 0;
}

static bool use_item(const rule_list *list, size_t index, char ret_text[static ITEM_SIZE])
{
    const char *name = zc_use_name((zc_use)(index + 1));
    (void)snprintf(ret_text, ITEM_SIZE, "%s", name != NULL ? name : "");
    return name != NULL && (list->scope->uses >> index & 1) != 0;
}

static bool flag_item(const rule_list *list, size_t index, char ret_text[static ITEM_SIZE])
{
    const char *name = zc_flag_name((unsigned)index);
    (void)snprintf(ret_text, ITEM_SIZE, "%s", name != NULL ? name : "");
    return name != NULL && (list->scope->accepted_flags >> index & 1) != 0;
}

static bool key_item(const rule_list *list, size_t index, char ret_text[static ITEM_SIZE])
{
    (void)snprintf(ret_text, ITEM_SIZE, "%s",
                   list->mission->key_patterns[list->scope->keys.first + index].text);
    return true;
}

static bool chain_item(const rule_list *list, size_t index, char ret_text[static ITEM_SIZE])
{
    uint64_t chain = list->mission->chains[list->scope->chains.first + index];
    const char *word = zc_chain_word(chain);
    if (word != NULL) {
        (void)snprintf(ret_text, ITEM_SIZE, "%s", word);
    } else {
        (void)snprintf(ret_text, ITEM_SIZE, "chain %llu", (unsigned long long)chain);
    }
    return true;
}

static bool method_item(const rule_list *list, size_t index, char ret_text[static ITEM_SIZE])
{
    const zc_method *method = &list->mission->methods[list->scope->methods.first + index];
    bool text = method->len > 4;
    for (size_t i = 0; i < method->len; i++) {
        text = text && method->byte[i] >= 0x20 && method->byte[i] <= 0x7e;
    }
    if (text) {
        (void)snprintf(ret_text, ITEM_SIZE, "%.*s", (int)method->len, (const char *)method->byte);
        return true;
    }
    ret_text[0] = '0';
    ret_text[1] = 'x';
    zc_hex_encode(zc_slice_of(method->byte, method->len), ret_text + 2);
    return true;
}

static void put_address(const rule_list *list, const zc_address_list *addresses, size_t index,
                        char ret_text[static ITEM_SIZE])
{
    zc_page page = {0};
    zc_address address = zc_address_list_at(list->mission, addresses, index);
    const zc_list *chains = &list->scope->chains;
    uint64_t chain = chains->count > 0 ? list->mission->chains[chains->first] : 1;
    zc_page_put_address(&page, chain, &address);
    (void)snprintf(ret_text, ITEM_SIZE, "%.*s", page.failed ? 0 : (int)page.bytes.len,
                   page.failed ? "" : (const char *)page.bytes.data);
    for (size_t i = 0; i < list->mission->contract_count; i++) {
        const zc_contract *contract = &list->mission->contracts[i];
        if (zc_slice_eq(zc_address_slice(&contract->address), zc_address_slice(&address))) {
            (void)snprintf(ret_text, ITEM_SIZE, "%s (%.*s)", contract->name,
                           page.failed ? 0 : (int)page.bytes.len,
                           page.failed ? "" : (const char *)page.bytes.data);
            break;
        }
    }
    zc_bytes_clear(&page.bytes);
}

static bool contract_item(const rule_list *list, size_t index, char ret_text[static ITEM_SIZE])
{
    put_address(list, &list->scope->contracts, index, ret_text);
    return true;
}

static bool counterparty_item(const rule_list *list, size_t index, char ret_text[static ITEM_SIZE])
{
    put_address(list, &list->scope->counterparties, index, ret_text);
    return true;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* What a list has, as sorted texts of ITEM_SIZE: lists may be long. NULL: no memory. */
static char *sorted_items(const rule_list *list, size_t *ret_count)
{
    char *items = calloc(list->count + 1, ITEM_SIZE);
    size_t count = 0;
    for (size_t i = 0; items != NULL && i < list->count; i++) {
        count += list->item(list, i, items + count * ITEM_SIZE);
    }
    if (items != NULL) {
        qsort(items, count, ITEM_SIZE, compare_texts);
    }
    *ret_count = count;
    return items;
}

/* What `from` has and `without` lacks: "a, b and 3 more"; how many. */
static size_t missing(zc_diff *diff, const rule_list *from, const rule_list *without,
                      char *ret_text, size_t size)
{
    size_t found = 0;
    size_t len = 0;
    size_t known = 0;
    char text[ITEM_SIZE];
    char *items = sorted_items(without, &known);
    diff->failed = diff->failed || items == NULL;
    ret_text[0] = 0;
    for (size_t i = 0; items != NULL && i < from->count; i++) {
        if (!from->item(from, i, text) ||
            bsearch(text, items, known, ITEM_SIZE, compare_texts) != NULL) {
            continue;
        }
        if (found++ < LISTED_MAX && len < size) {
            len +=
                (size_t)snprintf(ret_text + len, size - len, "%s%s", found > 1 ? ", " : "", text);
        }
    }
    if (found > LISTED_MAX && len < size) {
        (void)snprintf(ret_text + len, size - len, " and %zu more", found - LISTED_MAX);
    }
    free(items);
    return found;
}

static zc_change_effect effect_of(const zc_rule *rule, bool grows)
{
    return grows == (rule->kind == ZC_RULE_ALLOW) ? ZC_CHANGE_WIDER : ZC_CHANGE_NARROWER;
}

static void diff_list(zc_diff *diff, const zc_rule *rule, const char *what, bool grows_wider,
                      const rule_list *old, const rule_list *now)
{
    char text[LISTED_MAX * ITEM_SIZE + 64];
    zc_change_effect grown = grows_wider ? effect_of(rule, true) : effect_of(rule, false);
    zc_change_effect shrunk = grown == ZC_CHANGE_WIDER ? ZC_CHANGE_NARROWER : ZC_CHANGE_WIDER;
    if (old->listed != now->listed) {
        (void)missing(diff, old->listed ? old : now, &(rule_list){0}, text, sizeof text);
        zc_diff_tell(diff, now->listed ? shrunk : grown, "rule", rule->name,
                     now->listed ? "%s: any → only %s" : "%s: any, no longer only %s", what,
                     text[0] != 0 ? text : "none");
        return;
    }
    if (missing(diff, now, old, text, sizeof text) > 0) {
        zc_diff_tell(diff, grown, "rule", rule->name, "%s: adds %s", what, text);
    }
    if (missing(diff, old, now, text, sizeof text) > 0) {
        zc_diff_tell(diff, shrunk, "rule", rule->name, "%s: drops %s", what, text);
    }
}

static rule_list list_of(const zc_mission *mission, const zc_scope *scope, size_t which)
{
    rule_list list = {.mission = mission, .scope = scope};
    switch (which) {
    case 0:
        return (rule_list){mission, scope, scope->principals_listed, mission->principal_count,
                           principal_item};
    case 1:
        return (rule_list){mission, scope, scope->keys.listed, scope->keys.count, key_item};
    case 2:
        return (rule_list){mission, scope, scope->chains.listed, scope->chains.count, chain_item};
    case 3:
        return (rule_list){mission, scope, scope->operations_listed, 63, operation_item};
    case 4:
        return (rule_list){mission, scope, scope->assets_listed, mission->asset_count, asset_item};
    case 5:
        return (rule_list){mission, scope, scope->counterparties.listed,
                           zc_address_list_count(&scope->counterparties), counterparty_item};
    case 6:
        return (rule_list){mission, scope, scope->contracts.listed,
                           zc_address_list_count(&scope->contracts), contract_item};
    case 7:
        return (rule_list){mission, scope, scope->methods.listed, scope->methods.count,
                           method_item};
    case 8:
        return (rule_list){mission, scope, scope->markets_listed, mission->market_count,
                           market_item};
    case 9:
        return (rule_list){mission, scope, true, 5, use_item};
    default:
        list.listed = true;
        list.count = 64;
        list.item = flag_item;
        return list;
    }
}

static void put_amount(zc_page *page, const zc_mission *mission, const zc_rule *rule)
{
    char digits[ZC_U256_DECIMAL_SIZE];
    if (rule->has_asset) {
        zc_page_put_amount(page, &mission->assets[rule->asset], &rule->amount);
        return;
    }
    (void)zc_u256_to_decimal(&rule->amount, digits);
    zc_page_put(page, "%s", digits);
}

static void diff_amount(zc_diff *diff, const zc_rule *old, const zc_rule *now)
{
    int order = zc_u256_cmp(&now->amount, &old->amount);
    zc_page before = {0};
    zc_page after = {0};
    if (!now->has_amount || !old->has_amount || order == 0) {
        return;
    }
    put_amount(&before, diff->old, old);
    put_amount(&after, diff->now, now);
    diff->failed = diff->failed || before.failed || after.failed;
    if (!before.failed && !after.failed) {
        zc_diff_tell(diff, order > 0 ? ZC_CHANGE_WIDER : ZC_CHANGE_NARROWER, "rule", now->name,
                     "limit %s: %.*s → %.*s", order > 0 ? "raised" : "lowered",
                     (int)before.bytes.len, (const char *)before.bytes.data, (int)after.bytes.len,
                     (const char *)after.bytes.data);
    }
    zc_bytes_clear(&before.bytes);
    zc_bytes_clear(&after.bytes);
}

static void diff_number(zc_diff *diff, const char *rule, const char *what, bool more_is_wider,
                        uint64_t old, uint64_t now)
{
    if (old != now) {
        zc_diff_tell(diff, (now > old) == more_is_wider ? ZC_CHANGE_WIDER : ZC_CHANGE_NARROWER,
                     "rule", rule, "%s: %llu → %llu", what, (unsigned long long)old,
                     (unsigned long long)now);
    }
}

/* Who sits on it, by name. */
static bool same_panel(zc_diff *diff, const zc_rule *old, const zc_rule *now)
{
    rule_list before = {.mission = diff->old,
                        .scope = &(zc_scope){.principals = old->panel.principals},
                        .listed = true,
                        .count = diff->old->principal_count,
                        .item = principal_item};
    rule_list after = {.mission = diff->now,
                       .scope = &(zc_scope){.principals = now->panel.principals},
                       .listed = true,
                       .count = diff->now->principal_count,
                       .item = principal_item};
    char text[LISTED_MAX * ITEM_SIZE + 64];
    return missing(diff, &before, &after, text, sizeof text) == 0 &&
           missing(diff, &after, &before, text, sizeof text) == 0;
}

static void diff_threshold(zc_diff *diff, const char *rule, const char *what, bool had, int64_t old,
                           bool has, int64_t now)
{
    zc_page before = {0};
    zc_page after = {0};
    if (had == has && old == now) {
        return;
    }
    zc_page_put_score(&before, old);
    zc_page_put_score(&after, now);
    diff->failed = diff->failed || before.failed || after.failed;
    if (!diff->failed) {
        bool wider = had && (!has || now > old);
        zc_diff_tell(
            diff, wider ? ZC_CHANGE_WIDER : ZC_CHANGE_NARROWER, "rule", rule, "%s: %.*s → %.*s",
            what, had ? (int)before.bytes.len : 5, had ? (const char *)before.bytes.data : "never",
            has ? (int)after.bytes.len : 5, has ? (const char *)after.bytes.data : "never");
    }
    zc_bytes_clear(&before.bytes);
    zc_bytes_clear(&after.bytes);
}

static void diff_thresholds(zc_diff *diff, const zc_rule *old, const zc_rule *now)
{
    const zc_thresholds *before = &old->thresholds;
    const zc_thresholds *after = &now->thresholds;
    const char *model = diff->now->risk_models[after->model].name;
    if (strcmp(diff->old->risk_models[before->model].name, model) != 0) {
        zc_diff_tell(diff, ZC_CHANGE_NEITHER, "rule", now->name, "is scored by another model: %s",
                     model);
    }
    diff_threshold(diff, now->name, "denied from a score of", before->has_deny, before->deny_at,
                   after->has_deny, after->deny_at);
    diff_threshold(diff, now->name, "held back from a score of", before->has_review,
                   before->review_at, after->has_review, after->review_at);
}

/* What of a rule is compared as a whole: it says the same, or something changed. */
static void diff_rest(zc_diff *diff, const zc_rule *old, const zc_rule *now)
{
    bool same = old->measure == now->measure && old->per == now->per &&
                old->period == now->period && old->has_zone == now->has_zone &&
                old->has_feed == now->has_feed && old->has_lease == now->has_lease &&
                old->has_release == now->has_release && old->lease_s == now->lease_s &&
                zc_u256_eq(&old->lease, &now->lease) && zc_u256_eq(&old->release, &now->release) &&
                old->hours.count == now->hours.count && old->dates.count == now->dates.count &&
                old->conditions.count == now->conditions.count && same_panel(diff, old, now);
    if (!same) {
        zc_diff_tell(diff, ZC_CHANGE_NEITHER, "rule", now->name,
                     "is measured, timed or conditioned otherwise: read it in full");
    }
}

void zc_diff_rule(zc_diff *diff, const zc_rule *old, const zc_rule *now)
{
    static const char *const lists[] = {"who",     "keys", "chains",        "operations",
                                        "assets",  "to",   "contracts",     "methods",
                                        "markets", "uses", "accepted risks"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        rule_list before = list_of(diff->old, &old->scope, i);
        rule_list after = list_of(diff->now, &now->scope, i);
        /* The chains of a restriction are what it permits. */
        bool permits = i == 2 && now->kind == ZC_RULE_RESTRICT_CHAINS;
        diff_list(diff, now, lists[i], !permits, &before, &after);
    }
    diff_amount(diff, old, now);
    if (now->kind == ZC_RULE_LIMIT_RATE) {
        diff_number(diff, now->name, "signatures", true, old->count, now->count);
    }
    diff_number(diff, now->name, "window in seconds", false, old->window_s, now->window_s);
    if (now->kind == ZC_RULE_RISK) {
        diff_thresholds(diff, old, now);
    }
    if (old->has_panel && now->has_panel) {
        diff_number(diff, now->name, "approvals needed", false, old->panel.needed,
                    now->panel.needed);
        diff_number(diff, now->name, "organisations needed", false, old->panel.organisations,
                    now->panel.organisations);
        diff_number(diff, now->name, "seconds that an approval is valid", true, old->panel.valid_s,
                    now->panel.valid_s);
        diff_number(diff, now->name, "range in basis points", true, old->panel.range_bps,
                    now->panel.range_bps);
    }
    diff_rest(diff, old, now);
}
