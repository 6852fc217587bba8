/* A rule in words, clause by clause. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "crypto/hash.h"
#include "mission/page.h"

/* Words that are divided by commas. */
typedef struct word_series {
    zc_page *page;
    bool begun;
} word_series;

static void next(word_series *series)
{
    if (series->begun) {
        zc_page_put(series->page, ", ");
    }
    series->begun = true;
}

static void put_principals(zc_page *page, const zc_mission *mission, const zc_scope *scope)
{
    word_series all = {.page = page};
    if (!scope->principals_listed) {
        zc_page_put(page, "every signer");
        return;
    }
    for (size_t i = 0; i < mission->principal_count; i++) {
        if (((scope->principals >> i) & 1) != 0) {
            next(&all);
            zc_page_put(page, "%s", mission->principals[i].name);
        }
    }
    if (!all.begun) {
        zc_page_put(page, "nobody");
    }
}

static void put_operations(zc_page *page, const zc_scope *scope)
{
    word_series all = {.page = page};
    if (!scope->operations_listed) {
        zc_page_put(page, "anything");
        return;
    }
    for (unsigned i = 1; i <= 64; i++) {
        if (((scope->operations >> (i - 1)) & 1) != 0) {
            next(&all);
            zc_page_put(page, "%s", zc_operation_name((zc_operation)i));
        }
    }
    if (!all.begun) {
        zc_page_put(page, "nothing");
    }
}

static void put_uses(zc_page *page, const zc_scope *scope)
{
    word_series all = {.page = page};
    for (unsigned i = 1; i <= 5; i++) {
        if (((scope->uses >> (i - 1)) & 1) != 0) {
            next(&all);
            zc_page_put(page, "%s", zc_use_name((zc_use)i));
        }
    }
    if (!all.begun) {
        zc_page_put(page, "no use at all");
    }
}

static void put_keys(zc_page *page, const zc_mission *mission, const zc_scope *scope)
{
    zc_page_put(page, scope->keys.count == 0 ? "no key" : "keys ");
    word_series all = {.page = page};
    for (size_t i = 0; i < scope->keys.count; i++) {
        next(&all);
        zc_page_put(page, "%s", mission->key_patterns[scope->keys.first + i].text);
    }
}

static void put_chains(zc_page *page, const zc_mission *mission, const zc_scope *scope)
{
    if (scope->chains.count == 0) {
        zc_page_put(page, "no chain");
        return;
    }
    word_series all = {.page = page};
    for (size_t i = 0; i < scope->chains.count; i++) {
        next(&all);
        zc_page_put_chain(page, mission->chains[scope->chains.first + i]);
    }
}

static void put_assets(zc_page *page, const zc_mission *mission, const zc_scope *scope)
{
    word_series all = {.page = page};
    for (size_t i = 0; i < mission->asset_count; i++) {
        if (((scope->assets[i / 64] >> (i % 64)) & 1) != 0) {
            next(&all);
            zc_page_put(page, "%s", mission->assets[i].name);
        }
    }
    if (!all.begun) {
        zc_page_put(page, "nothing");
    }
}

/* The names that the mission has for an address on any chain, and the address. */
static void put_named_address(zc_page *page, const zc_mission *mission, const zc_address *address)
{
    uint64_t chain = 0;
    for (size_t i = 0; i < mission->contract_count; i++) {
        if (zc_address_eq(&mission->contracts[i].address, address)) {
            chain = mission->contracts[i].chain_id;
            zc_page_put(page, "%s ", mission->contracts[i].name);
        }
    }
    for (size_t i = 0; i < mission->asset_count; i++) {
        const zc_asset *asset = &mission->assets[i];
        if (zc_slice_eq(zc_asset_id_slice(&asset->id), zc_address_slice(address))) {
            chain = asset->id.chain_id;
            zc_page_put(page, "%s ", asset->name);
        }
    }
    zc_page_put_address(page, chain, address);
}

static void put_addresses(zc_page *page, const zc_mission *mission, const zc_address_list *list)
{
    size_t count = zc_address_list_count(list);
    if (count == 0) {
        zc_page_put(page, "nobody");
    }
    for (size_t i = 0; i < count; i++) {
        zc_address address = zc_address_list_at(mission, list, i);
        zc_page_put(page, "%s", i == 0 ? "" : ", ");
        put_named_address(page, mission, &address);
    }
}

/* Methods that people know by name. Others are shown as the four bytes that they are. */
static const char *const known_methods[] = {
    "transfer(address,uint256)",
    "transferFrom(address,address,uint256)",
    "approve(address,uint256)",
    "increaseAllowance(address,uint256)",
    "deposit()",
    "withdraw(uint256)",
    "multicall(bytes[])",
    "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
};

static void put_method(zc_page *page, const zc_method *method)
{
    char text[2 * ZC_METHOD_MAX + 1];
    if (method->byte[0] == '/') {
        zc_page_put(page, "%.*s", (int)method->len, (const char *)method->byte);
        return;
    }
    zc_hex_encode(zc_slice_of(method->byte, method->len), text);
    zc_page_put(page, "0x%s", text);
    for (size_t i = 0; i < sizeof known_methods / sizeof *known_methods; i++) {
        uint8_t hash[32];
        zc_keccak256(zc_slice_of_text(known_methods[i]), hash);
        if (method->len == 4 && memcmp(hash, method->byte, 4) == 0) {
            zc_page_put(page, " = %s", known_methods[i]);
        }
    }
}

static void put_methods(zc_page *page, const zc_mission *mission, const zc_list *list)
{
    word_series all = {.page = page};
    for (size_t i = 0; i < list->count; i++) {
        next(&all);
        put_method(page, &mission->methods[list->first + i]);
    }
    if (!all.begun) {
        zc_page_put(page, "none");
    }
}

static void put_flags(zc_page *page, uint64_t flags)
{
    word_series all = {.page = page};
    for (unsigned i = 0; i < 64; i++) {
        if (((flags >> i) & 1) != 0) {
            next(&all);
            zc_page_put(page, "%s", zc_flag_name(i));
        }
    }
    if (!all.begun) {
        zc_page_put(page, "none");
    }
}

/* Messages and digests belong to no chain, asset or recipient: nothing is left out by not saying
 * "any". */
static bool is_off_chain(const zc_scope *scope)
{
    uint64_t off_chain =
        zc_operation_bit(ZC_OPERATION_MESSAGE) | zc_operation_bit(ZC_OPERATION_DIGEST);
    return scope->operations_listed && (scope->operations & ~off_chain) == 0 &&
           !scope->chains.listed && !scope->assets_listed && !scope->counterparties.listed &&
           !scope->contracts.listed && !scope->methods.listed;
}

static void put_clause(zc_page *page, const zc_mission *mission, const zc_address_list *list,
                       const char *separator, const char *verb)
{
    if (list->listed) {
        zc_page_put(page, "%s%s ", separator, verb);
        put_addresses(page, mission, list);
    }
}

/* What a rule lists. */
static void put_lists(zc_page *page, const zc_mission *mission, const zc_scope *scope,
                      const char *separator)
{
    if (scope->keys.listed) {
        zc_page_put(page, "%swith ", separator);
        put_keys(page, mission, scope);
    }
    if (scope->chains.listed) {
        zc_page_put(page, "%son ", separator);
        put_chains(page, mission, scope);
    }
    if (scope->assets_listed) {
        zc_page_put(page, "%smoving ", separator);
        put_assets(page, mission, scope);
    }
    put_clause(page, mission, &scope->counterparties, separator, "to");
    put_clause(page, mission, &scope->contracts, separator, "calling");
    if (scope->methods.listed) {
        zc_page_put(page, "%sby the methods ", separator);
        put_methods(page, mission, &scope->methods);
    }
}

/* What widens is said, too: what a rule leaves to whom it is for is "any" wherever it lists
 * nothing.
 */
static void put_any(zc_page *page, const zc_scope *scope, const char *separator)
{
    bool calls = !scope->operations_listed ||
                 (scope->operations & zc_operation_bit(ZC_OPERATION_CONTRACT_CALL)) != 0;
    const struct {
        bool any;
        const char *words;
    } clauses[] = {
        {!scope->keys.listed, "with any key"},
        {!scope->chains.listed && !is_off_chain(scope), "on any chain"},
        {!scope->assets_listed && !is_off_chain(scope), "moving any asset"},
        {!scope->counterparties.listed && !is_off_chain(scope), "to anyone"},
        {!scope->contracts.listed && calls, "calling any contract"},
        {!scope->methods.listed && calls, "by any method"},
    };
    for (size_t i = 0; i < sizeof clauses / sizeof *clauses; i++) {
        if (clauses[i].any) {
            zc_page_put(page, "%s%s", separator, clauses[i].words);
        }
    }
}

void zc_page_put_rule(zc_page *page, const zc_mission *mission, const zc_rule *rule,
                      const char *separator)
{
    static const char *const verbs[ZC_RULE_KINDS] = {
        [ZC_RULE_ALLOW] = " may sign: ",
        [ZC_RULE_DENY] = " may never sign: ",
        [ZC_RULE_LIMIT_PER_TX] = ", together, for: ",
        [ZC_RULE_LIMIT_WINDOW] = ", together, for: ",
        [ZC_RULE_LIMIT_RATE] = ", together, for: ",
        [ZC_RULE_RESTRICT_CHAINS] = " is denied on every chain but the ones below: ",
        [ZC_RULE_REVIEW] = " needs approval for: ",
        [ZC_RULE_HOURS] = " is denied outside the hours below: ",
        [ZC_RULE_CONFINE] = " may never sign anything but: ",
        [ZC_RULE_REDUCE_ONLY] = " may only cancel and reduce: ",
        [ZC_RULE_POSITION] = ", together, for: ",
        [ZC_RULE_DRAWDOWN] = ", together, for: ",
        [ZC_RULE_RISK] = " is scored before signing: ",
    };
    if (zc_rule_is_limit(rule)) {
        zc_page_put_limit(page, mission, rule);
        zc_page_put(page, ",%s", separator);
    }
    put_principals(page, mission, &rule->scope);
    zc_page_put(page, "%s", verbs[rule->kind]);
    put_operations(page, &rule->scope);
    if (rule->scope.uses != ZC_USES_KNOWN) {
        zc_page_put(page, " (as ");
        put_uses(page, &rule->scope);
        zc_page_put(page, ")");
    }
    put_lists(page, mission, &rule->scope, separator);
    if (rule->kind == ZC_RULE_ALLOW || rule->kind == ZC_RULE_CONFINE) {
        put_any(page, &rule->scope, separator);
    }
    zc_page_put_terms(page, mission, rule, separator);
    if (rule->kind == ZC_RULE_ALLOW) {
        zc_page_put(page, "%srisks accepted: ", separator);
        put_flags(page, rule->scope.accepted_flags);
    }
}
