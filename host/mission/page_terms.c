/* What a rule has beside its scope, and whose word the mission takes, in words. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/hex.h"
#include "mission/page.h"

static const char *const day_names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

static void put_reference(zc_page *page, const zc_mission *mission, const zc_u256 *amount)
{
    zc_asset reference = {.decimals = mission->reference_decimals};
    (void)snprintf(reference.name, sizeof reference.name, "%s", mission->reference);
    zc_page_put_amount(page, &reference, amount);
}

void zc_page_put_measured(zc_page *page, const zc_mission *mission, const zc_rule *rule)
{
    if (rule->kind == ZC_RULE_DRAWDOWN) {
        zc_page_put(page, "%u basis points of drawdown", rule->count);
    } else if (rule->has_asset) {
        zc_page_put_amount(page, &mission->assets[rule->asset], &rule->amount);
    } else {
        put_reference(page, mission, &rule->amount);
    }
    if (rule->kind == ZC_RULE_POSITION) {
        zc_page_put(page, " of positions");
    } else if (rule->measure == ZC_MEASURE_NOTIONAL) {
        zc_page_put(page, " in value");
    } else if (rule->measure != ZC_MEASURE_VALUE && rule->measure != ZC_MEASURE_NONE) {
        zc_page_put(page, " of %s", zc_measure_name(rule->measure));
    }
}

void zc_page_put_limit_terms(zc_page *page, const zc_mission *mission, const zc_rule *rule)
{
    if (rule->per != ZC_PER_NONE) {
        zc_page_put(page, " for each %s", zc_per_name(rule->per));
    }
    if (rule->has_lease) {
        zc_page_put(page, ", spent from slices of ");
        if (rule->has_asset) {
            zc_page_put_amount(page, &mission->assets[rule->asset], &rule->lease);
        } else {
            put_reference(page, mission, &rule->lease);
        }
        zc_page_put(page, " for ");
        zc_page_put_time(page, rule->lease_s);
    }
    if (rule->has_release) {
        zc_page_put(page, ", of which at most ");
        if (rule->has_asset) {
            zc_page_put_amount(page, &mission->assets[rule->asset], &rule->release);
        } else {
            put_reference(page, mission, &rule->release);
        }
        zc_page_put(page, " is given back");
    }
    if (rule->has_feed) {
        zc_page_put(page, " (fed by %s)", mission->feeds[rule->feed].name);
    } else if (rule->measure == ZC_MEASURE_NOTIONAL) {
        zc_page_put(page, " (fed by the feeds of the prices)");
    } else {
        zc_page_put(page, " (enforced)");
    }
}

static void put_hours(zc_page *page, const zc_mission *mission, const zc_rule *rule)
{
    for (size_t i = 0; i < rule->hours.count; i++) {
        const zc_hours *hours = &mission->hours[rule->hours.first + i];
        zc_page_put(page, "%s", i == 0 ? "only " : ", ");
        for (unsigned day = 0; day < 7; day++) {
            if (((hours->days >> day) & 1) != 0) {
                zc_page_put(page, "%s ", day_names[day]);
            }
        }
        zc_page_put(page, "%02u:%02u-%02u:%02u", hours->from_minute / 60, hours->from_minute % 60,
                    hours->to_minute / 60, hours->to_minute % 60);
    }
    zc_page_put(page, "%s", rule->hours.count > 0 && rule->dates.count > 0 ? ", and " : "");
    for (size_t i = 0; i < rule->dates.count; i++) {
        char text[16] = "?";
        struct tm date;
        time_t second = (time_t)mission->dates[rule->dates.first + i] * 86400;
        if (gmtime_r(&second, &date) != NULL) {
            (void)strftime(text, sizeof text, "%Y-%m-%d", &date);
        }
        zc_page_put(page, "%s%s", i == 0 ? "never on " : ", ", text);
    }
    zc_page_put(page, " in %s", mission->zones[rule->zone].name);
}

void zc_page_put_panel(zc_page *page, const zc_mission *mission, const zc_panel *panel)
{
    const char *separator = "";
    zc_page_put(page, "only when %u of ", panel->needed);
    for (size_t i = 0; i < mission->principal_count; i++) {
        if (((panel->principals >> i) & 1) != 0) {
            zc_page_put(page, "%s%s", separator, mission->principals[i].name);
            separator = ", ";
        }
    }
    if (panel->organisations > 1) {
        zc_page_put(page, ", from at least %u organisations,", panel->organisations);
    }
    zc_page_put(page, " %s approved it within ", panel->needed == 1 ? "has" : "have");
    zc_page_put_time(page, panel->valid_s);
    if (panel->range_bps > 0) {
        zc_page_put(page, "; prices of orders may differ by %u basis points", panel->range_bps);
    }
}

static void put_condition(zc_page *page, const zc_mission *mission, const zc_condition *condition)
{
    static const char *const tests[] = {"", "in", "not in", "at most", "at least"};
    char text[ZC_U256_DECIMAL_SIZE];
    if (condition->label[0] != 0) {
        zc_page_put(page, "%s is %s ", condition->label, tests[condition->test]);
    } else {
        zc_page_put(page, "argument %u is %s ", condition->index, tests[condition->test]);
    }
    if (!condition->bytes.listed) {
        (void)zc_u256_to_decimal(&condition->number, text);
        zc_page_put(page, "%s", text);
        return;
    }
    for (size_t i = 0; i < zc_address_list_count(&condition->bytes); i++) {
        char hex[2 * ZC_ADDRESS_MAX + 1];
        zc_address address = zc_address_list_at(mission, &condition->bytes, i);
        zc_hex_encode(zc_address_slice(&address), hex);
        zc_page_put(page, "%s0x%s", i == 0 ? "" : ", ", hex);
    }
}

void zc_page_put_terms(zc_page *page, const zc_mission *mission, const zc_rule *rule,
                       const char *separator)
{
    if (rule->scope.markets_listed) {
        zc_page_put(page, "%son the markets", separator);
        for (size_t i = 0; i < mission->market_count; i++) {
            if (((rule->scope.markets[i / 64] >> (i % 64)) & 1) != 0) {
                zc_page_put(page, " %s", mission->markets[i].name);
            }
        }
    }
    for (size_t i = 0; i < rule->conditions.count; i++) {
        zc_page_put(page, "%s%s", separator, i == 0 ? "if " : "and ");
        put_condition(page, mission, &mission->conditions[rule->conditions.first + i]);
    }
    if (rule->kind == ZC_RULE_HOURS) {
        zc_page_put(page, "%s", separator);
        put_hours(page, mission, rule);
    }
    if (rule->has_thresholds) {
        zc_page_put_thresholds(page, mission, rule, separator);
    }
    if (rule->has_panel) {
        zc_page_put(page, "%s", separator);
        zc_page_put_panel(page, mission, &rule->panel);
    }
}

static void put_feeds(zc_page *page, const zc_mission *mission)
{
    static const char *const says[] = {"prices", "positions", "equity", "settlements"};
    for (size_t i = 0; i < mission->feed_count; i++) {
        const zc_feed *feed = &mission->feeds[i];
        char key[65];
        zc_hex_encode(ZC_SLICE_OF_ARRAY(feed->pubkey), key);
        zc_page_put(page, "  feed %s says", feed->name);
        for (size_t j = 0; j < 4; j++) {
            if (((feed->says >> j) & 1) != 0) {
                zc_page_put(page, " %s", says[j]);
            }
        }
        zc_page_put(page, ", at most ");
        zc_page_put_time(page, feed->oldest_s);
        zc_page_put(page, " old\n      key %s\n", key);
    }
    for (size_t i = 0; i < mission->price_count; i++) {
        const zc_price *price = &mission->prices[i];
        zc_page_put(page, "  1 %s is worth ", mission->assets[price->asset].name);
        if (price->has_fixed) {
            put_reference(page, mission, &price->fixed);
        } else {
            zc_page_put(page, "what %s says", mission->feeds[price->feed].name);
        }
        zc_page_put(page, price->haircut_bps > 0 ? ", and %u basis points more\n" : "\n",
                    price->haircut_bps);
    }
}

void zc_page_put_sources(zc_page *page, const zc_mission *mission)
{
    if (mission->feed_count + mission->market_count + mission->zone_count + mission->breaker_count +
            mission->price_count >
        0) {
        zc_page_put(page, "\nFeeds, markets, clocks and breakers\n");
    }
    put_feeds(page, mission);
    for (size_t i = 0; i < mission->market_count; i++) {
        const zc_market *market = &mission->markets[i];
        zc_page_put(page, "  market %s: %s on ", market->name, market->symbol);
        zc_page_put_chain(page, market->chain_id);
        zc_page_put(page, ", priced in %s\n", mission->assets[market->asset].name);
    }
    for (size_t i = 0; i < mission->zone_count; i++) {
        zc_page_put(page, "  time zone %s", mission->zones[i].name);
        zc_page_put(page, mission->zones[i].count > 0 ? ", with %u clock changes\n" : "\n",
                    mission->zones[i].count);
    }
    for (size_t i = 0; i < mission->breaker_count; i++) {
        const zc_breaker *breaker = &mission->breakers[i];
        zc_page_put(page, "  breaker %s: on %s (count %u, %u seconds", breaker->name,
                    zc_trip_name(breaker->trip), breaker->count, breaker->window_s);
        if (breaker->has_feed) {
            zc_page_put(page, ", fed by %s", mission->feeds[breaker->feed].name);
        }
        if (breaker->trip == ZC_TRIP_LOSS) {
            zc_page_put(page, ", more than ");
            put_reference(page, mission, &breaker->amount);
        }
        zc_page_put(page, ") then %s\n",
                    breaker->mode == ZC_MODE_HALTED ? "halted" : "reduce-only");
    }
    if (mission->halt_passes != 0) {
        bool both = mission->halt_passes == (ZC_PASS_CANCELS | ZC_PASS_REDUCTIONS);
        zc_page_put(
            page, "\nWhile signing is halted\n  %s%s%s may go on, as far as the rules allow\n",
            (mission->halt_passes & ZC_PASS_CANCELS) != 0 ? "cancels" : "", both ? " and " : "",
            (mission->halt_passes & ZC_PASS_REDUCTIONS) != 0 ? "reductions" : "");
    }
}
