#include "mission/page.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "intent/text.h"
#include "mission/words.h"

void zc_page_put(zc_page *page, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    bool fits = len >= 0 && (size_t)len < sizeof text;
    if (page->failed || !fits || !zc_bytes_append(&page->bytes, zc_slice_of(text, (size_t)len))) {
        page->failed = true;
    }
}

void zc_page_put_roles(zc_page *page, uint32_t roles)
{
    static const char *const names[] = {"founder", "key-admin", "approver", "auditor", "signer"};
    const char *separator = "";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (((roles >> i) & 1) != 0) {
            zc_page_put(page, "%s%s", separator, names[i]);
            separator = ", ";
        }
    }
    if (*separator == 0) {
        zc_page_put(page, "no role");
    }
}

void zc_page_put_chain(zc_page *page, uint64_t chain_id)
{
    const char *name = zc_chain_word(chain_id);
    if (zc_chain_family(chain_id) != ZC_FAMILY_EVM) {
        char text[ZC_CHAIN_NAME_SIZE];
        zc_writer writer = zc_writer_of(text, sizeof text);
        bool written = zc_ok(zc_chain_write(chain_id, (zc_slice){0}, &writer));
        zc_page_put(page, "%.*s", written ? (int)zc_writer_len(&writer) : 0, text);
        return;
    }
    zc_page_put(page, "chain %" PRIu64, chain_id);
    if (name != NULL) {
        zc_page_put(page, " (%s)", name);
    }
}

void zc_page_put_address(zc_page *page, uint64_t chain, const zc_address *address)
{
    /* A rule's address names no chain; twenty bytes are an EVM one. */
    char text[ZC_ADDRESS_MAX * 10];
    zc_writer writer = zc_writer_of(text, sizeof text);
    bool evm = chain == 0 && address->len == ZC_EVM_ADDRESS_SIZE;
    bool written = zc_ok(zc_address_write(evm ? 1 : chain, address, &writer));
    zc_page_put(page, "%.*s", written ? (int)zc_writer_len(&writer) : 0, text);
}

void zc_page_put_token(zc_page *page, const zc_asset_id *id)
{
    zc_family family = zc_chain_family(id->chain_id);
    zc_address token = zc_address_of(zc_asset_id_slice(id));
    if (family == ZC_FAMILY_COSMOS || family == ZC_FAMILY_VENUE) {
        char text[ZC_TOKEN_MAX * 10];
        zc_writer writer = zc_writer_of(text, sizeof text);
        bool written = zc_ok(zc_text_escape(zc_asset_id_slice(id), NULL, &writer));
        zc_page_put(page, "%.*s", written ? (int)zc_writer_len(&writer) : 0, text);
    } else {
        zc_page_put_address(page, id->chain_id, &token);
    }
}

/* Digits with a comma before each group of three. */
static void put_grouped(zc_page *page, const char *digits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        zc_page_put(page, "%s%c", i > 0 && (count - i) % 3 == 0 ? "," : "", digits[i]);
    }
}

void zc_page_put_amount(zc_page *page, const zc_asset *asset, const zc_u256 *amount)
{
    /* Zeros in front, so that there are more digits than decimals. */
    char padded[ZC_ASSET_MAX_DECIMALS + ZC_U256_DECIMAL_SIZE + 1];
    char digits[ZC_U256_DECIMAL_SIZE];
    size_t count = zc_u256_to_decimal(amount, digits);
    size_t zeros = count > asset->decimals ? 0 : (size_t)asset->decimals + 1 - count;
    memset(padded, '0', zeros);
    memcpy(padded + zeros, digits, count);
    count += zeros;
    size_t whole = count - asset->decimals;
    while (count > whole && padded[count - 1] == '0') {
        count--;
    }
    put_grouped(page, padded, whole);
    if (count > whole) {
        zc_page_put(page, ".%.*s", (int)(count - whole), padded + whole);
    }
    zc_page_put(page, " %s", asset->name);
}

void zc_page_put_time(zc_page *page, uint32_t seconds)
{
    static const struct {
        uint32_t seconds;
        const char *name;
    } units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
    size_t i = 0;
    while (seconds % units[i].seconds != 0) {
        i++;
    }
    uint32_t count = seconds / units[i].seconds;
    zc_page_put(page, "%u %s%s", count, units[i].name, count == 1 ? "" : "s");
}

/* What an amount counts beside what is sent: it depends on what the rule covers. */
static void put_what_counts(zc_page *page, const zc_mission *mission, const zc_rule *rule)
{
    const zc_scope *scope = &rule->scope;
    bool fee = rule->has_asset && mission->assets[rule->asset].id.kind == ZC_ASSET_NATIVE &&
               !scope->counterparties.listed;
    bool allowance = rule->has_asset &&
                     (!scope->operations_listed ||
                      (scope->operations & ~(zc_operation_bit(ZC_OPERATION_TRANSFER) |
                                             zc_operation_bit(ZC_OPERATION_TOKEN_TRANSFER))) != 0);
    if (fee || allowance) {
        zc_page_put(page, " (%s%s%s included)", fee ? "the highest fee" : "",
                    fee && allowance ? " and " : "", allowance ? "allowances" : "");
    }
}

void zc_page_put_limit(zc_page *page, const zc_mission *mission, const zc_rule *rule)
{
    zc_page_put(page, "at most ");
    if (rule->kind == ZC_RULE_LIMIT_RATE) {
        zc_page_put(page, "%u signature%s", rule->count, rule->count == 1 ? "" : "s");
    } else {
        zc_page_put_measured(page, mission, rule);
    }
    if (rule->kind == ZC_RULE_LIMIT_PER_TX) {
        zc_page_put(page, " in one transaction");
    } else if (rule->period != ZC_PERIOD_NONE) {
        static const char *const periods[] = {"", "day", "week", "month"};
        zc_page_put(page, " per %s in %s", periods[rule->period], mission->zones[rule->zone].name);
    } else if (rule->kind == ZC_RULE_DRAWDOWN) {
        zc_page_put(page, " since the first report");
    } else {
        zc_page_put(page, " within any ");
        zc_page_put_time(page, rule->window_s);
    }
    if (rule->measure == ZC_MEASURE_VALUE) {
        put_what_counts(page, mission, rule);
    }
    zc_page_put_limit_terms(page, mission, rule);
}

static bool same_list(const uint8_t *pool, size_t size, const zc_list *a, const zc_list *b)
{
    return a->listed == b->listed && a->count == b->count &&
           (a->count == 0 ||
            memcmp(pool + a->first * size, pool + b->first * size, a->count * size) == 0);
}

static bool same_addresses(const zc_mission *mission, const zc_address_list *a,
                           const zc_address_list *b)
{
    return a->listed == b->listed && a->evm_count == b->evm_count &&
           a->other_count == b->other_count &&
           memcmp(mission->evm + a->evm_first, mission->evm + b->evm_first,
                  a->evm_count * sizeof *mission->evm) == 0 &&
           memcmp(mission->others + a->other_first, mission->others + b->other_first,
                  a->other_count * sizeof *mission->others) == 0;
}

bool zc_page_same_scope(const zc_mission *mission, const zc_scope *a, const zc_scope *b)
{
    return a->uses == b->uses && a->principals_listed == b->principals_listed &&
           a->principals == b->principals && a->operations_listed == b->operations_listed &&
           a->operations == b->operations && a->assets_listed == b->assets_listed &&
           memcmp(a->assets, b->assets, sizeof a->assets) == 0 &&
           same_list((const uint8_t *)mission->key_patterns, sizeof(zc_key_pattern), &a->keys,
                     &b->keys) &&
           same_list((const uint8_t *)mission->chains, sizeof(uint64_t), &a->chains, &b->chains) &&
           same_list((const uint8_t *)mission->methods, sizeof(zc_method), &a->methods,
                     &b->methods) &&
           same_addresses(mission, &a->contracts, &b->contracts) &&
           same_addresses(mission, &a->counterparties, &b->counterparties) &&
           a->markets_listed == b->markets_listed &&
           memcmp(a->markets, b->markets, sizeof a->markets) == 0;
}
