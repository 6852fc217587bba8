/* The mission of a world, line by line. */
#include "engine.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/reader.h"
#include "policy/build.h"

zc_mission mission;
static zc_mission draft;
static uint8_t compiled[ZC_MISSION_MAX_BYTES];

/* Calls `each` for every item of a comma-separated value; "" is a list without items. */
static bool each_of(const char *key, void (*each)(zc_rule *, char *), zc_rule *rule)
{
    const char *text = value_of(key);
    char items[8192];
    char *rest = items;
    if (text == NULL) {
        return false;
    }
    copy(items, sizeof items, text);
    for (char *item = strsep(&rest, ","); item != NULL; item = strsep(&rest, ",")) {
        if (*item != 0) {
            each(rule, item);
        }
    }
    return true;
}

static void add_key(zc_rule *rule, char *item)
{
    check(zc_scope_list_bytes(&draft, &rule->scope, ZC_LIST_KEYS, zc_slice_of_text(item)));
}

static void add_chain(zc_rule *rule, char *item)
{
    check(zc_scope_list_chain(&draft, &rule->scope, number(item)));
}

static void add_contract(zc_rule *rule, char *item)
{
    check(zc_scope_list_bytes(&draft, &rule->scope, ZC_LIST_CONTRACTS, bytes_of(item)));
}

static void add_method(zc_rule *rule, char *item)
{
    check(zc_scope_list_bytes(&draft, &rule->scope, ZC_LIST_METHODS, bytes_of(item)));
}

static void add_to(zc_rule *rule, char *item)
{
    check(zc_scope_list_bytes(&draft, &rule->scope, ZC_LIST_COUNTERPARTIES, bytes_of(item)));
}

static void begin_pool(zc_list *list, size_t used)
{
    if (list->count++ == 0) {
        list->listed = true;
        list->first = (uint16_t)used;
    }
}

static void add_hours(zc_rule *rule, char *item)
{
    begin_pool(&rule->hours, draft.hours_count);
    draft.hours[draft.hours_count++] =
        (zc_hours){.days = (uint8_t)number(strsep(&item, ":")),
                   .from_minute = (uint16_t)number(strsep(&item, ":")),
                   .to_minute = (uint16_t)number(item)};
}

static void add_date(zc_rule *rule, char *item)
{
    begin_pool(&rule->dates, draft.date_count);
    draft.dates[draft.date_count++] = (uint32_t)number(item);
}

/* label:index:test:number:hex+hex */
static void add_condition(zc_rule *rule, char *item)
{
    begin_pool(&rule->conditions, draft.condition_count);
    zc_condition *condition = &draft.conditions[draft.condition_count++];
    copy(condition->label, sizeof condition->label, strsep(&item, ":"));
    condition->index = (uint16_t)number(strsep(&item, ":"));
    condition->test = (zc_test)number(strsep(&item, ":"));
    condition->number = wide(strsep(&item, ":"));
    condition->bytes.listed = condition->test == ZC_TEST_IN || condition->test == ZC_TEST_NOT_IN;
    for (char *one = strsep(&item, "+"); one != NULL; one = strsep(&item, "+")) {
        if (*one != 0) {
            check(zc_address_list_add(&draft, &condition->bytes, bytes_of(one)));
        }
    }
}

static void read_scope(zc_rule *rule)
{
    zc_scope *scope = &rule->scope;
    *scope = zc_scope_any((uint32_t)number_of("uses"));
    scope->principals_listed = value_of("principals") != NULL;
    scope->principals = number_of("principals");
    scope->operations_listed = value_of("operations") != NULL;
    scope->operations = number_of("operations");
    scope->assets_listed = value_of("assets") != NULL;
    scope->assets[0] = number_of("assets");
    scope->markets_listed = value_of("markets") != NULL;
    scope->markets[0] = number_of("markets");
    scope->accepted_flags = number_of("flags");
    scope->keys.listed = each_of("keys", add_key, rule);
    scope->chains.listed = each_of("chains", add_chain, rule);
    scope->contracts.listed = each_of("contracts", add_contract, rule);
    scope->methods.listed = each_of("methods", add_method, rule);
    scope->counterparties.listed = each_of("to", add_to, rule);
}

static void read_panel(zc_rule *rule)
{
    unsigned needed = 0;
    unsigned organisations = 0;
    unsigned valid = 0;
    unsigned range = 0;
    unsigned long long principals = 0;
    const char *text = value_of("panel");
    rule->has_panel = text != NULL;
    if (rule->has_panel && sscanf(text, "%u:%u:%u:%u:%llu", &needed, &organisations, &valid, &range,
                                  &principals) == 5) {
        rule->panel = (zc_panel){needed, organisations, valid, range, principals};
    }
}

/* model:review-at:deny-at, or - for none */
static void read_thresholds(zc_rule *rule)
{
    unsigned model = 0;
    char review[32] = "";
    char deny[32] = "";
    const char *text = value_of("thresholds");
    rule->has_thresholds = text != NULL;
    if (text == NULL || sscanf(text, "%u:%31[^:]:%31s", &model, review, deny) != 3) {
        return;
    }
    rule->thresholds = (zc_thresholds){.model = (uint16_t)model,
                                       .has_review = strcmp(review, "-") != 0,
                                       .has_deny = strcmp(deny, "-") != 0};
    rule->thresholds.review_at = rule->thresholds.has_review ? strtoll(review, NULL, 10) : 0;
    rule->thresholds.deny_at = rule->thresholds.has_deny ? strtoll(deny, NULL, 10) : 0;
}

static void on_rule(void)
{
    zc_rule *rule = &draft.rules[draft.rule_count++];
    copy(rule->name, sizeof rule->name, words[1]);
    rule->kind = (zc_rule_kind)number(words[2]);
    read_scope(rule);
    rule->measure = (zc_measure_kind)number_of("measure");
    rule->has_asset = value_of("asset") != NULL;
    rule->asset = (uint16_t)number_of("asset");
    rule->has_amount = value_of("amount") != NULL;
    rule->amount = rule->has_amount ? wide(value_of("amount")) : ZC_U256_ZERO;
    rule->count = (uint32_t)number_of("count");
    rule->window_s = (uint32_t)number_of("window");
    rule->period = (zc_period)number_of("period");
    rule->per = (zc_per)number_of("per");
    rule->has_zone = value_of("zone") != NULL;
    rule->zone = (uint16_t)number_of("zone");
    rule->has_feed = value_of("feed") != NULL;
    rule->feed = (uint16_t)number_of("feed");
    rule->has_lease = value_of("lease") != NULL;
    rule->lease = rule->has_lease ? wide(value_of("lease")) : ZC_U256_ZERO;
    rule->lease_s = (uint32_t)number_of("lease_s");
    rule->has_release = value_of("release") != NULL;
    rule->release = rule->has_release ? wide(value_of("release")) : ZC_U256_ZERO;
    (void)each_of("hours", add_hours, rule);
    (void)each_of("dates", add_date, rule);
    (void)each_of("if", add_condition, rule);
    read_panel(rule);
    read_thresholds(rule);
}

static void on_principal(void)
{
    zc_principal *principal = &draft.principals[draft.principal_count++];
    copy(principal->name, sizeof principal->name, words[1]);
    copy(principal->organisation, sizeof principal->organisation, words[2]);
    principal->roles = (uint32_t)number(words[3]);
    public_of(words[1], principal->pubkey);
}

static void on_asset(void)
{
    zc_asset *asset = &draft.assets[draft.asset_count++];
    uint64_t chain = number(words[2]);
    copy(asset->name, sizeof asset->name, words[1]);
    asset->id = strcmp(words[3], "-") == 0 ? zc_asset_id_native(chain)
                                           : zc_asset_id_token(chain, bytes_of(words[3]));
    asset->decimals = (uint8_t)number(words[4]);
}

static void on_feed(void)
{
    zc_feed *feed = &draft.feeds[draft.feed_count++];
    copy(feed->name, sizeof feed->name, words[1]);
    public_of(words[1], feed->pubkey);
    feed->says = (uint32_t)number(words[2]);
    feed->oldest_s = (uint32_t)number(words[3]);
}

static void on_market(void)
{
    zc_market *market = &draft.markets[draft.market_count++];
    copy(market->name, sizeof market->name, words[1]);
    market->chain_id = number(words[2]);
    copy(market->symbol, sizeof market->symbol, words[3]);
    market->asset = (uint16_t)number(words[4]);
    market->multiplier = wide(words[5]);
    market->scale = (uint8_t)number(words[6]);
    market->has_base = strcmp(words[7], "-") != 0;
    market->base = market->has_base ? (uint16_t)number(words[7]) : 0;
}

static void on_price(void)
{
    zc_price *price = &draft.prices[draft.price_count++];
    price->asset = (uint16_t)number(words[1]);
    price->has_feed = strcmp(words[2], "-") != 0;
    price->feed = price->has_feed ? (uint16_t)number(words[2]) : 0;
    price->haircut_bps = (uint32_t)number(words[3]);
    price->has_fixed = strcmp(words[4], "-") != 0;
    price->fixed = price->has_fixed ? wide(words[4]) : ZC_U256_ZERO;
}

static void on_zone(void)
{
    zc_zone *zone = &draft.zones[draft.zone_count++];
    copy(zone->name, sizeof zone->name, words[1]);
    zone->offset_s = (int32_t)strtol(words[2], NULL, 10);
    zone->first = (uint16_t)draft.transition_count;
    for (size_t i = 3; i + 1 < word_count; i += 2) {
        draft.transitions[draft.transition_count++] = (zc_transition){
            .at_s = (int64_t)number(words[i]), .offset_s = (int32_t)strtol(words[i + 1], NULL, 10)};
        zone->count++;
    }
}

/* breaker NAME TRIP MODE FEED WINDOW COUNT AMOUNT */
static void on_breaker(void)
{
    zc_breaker *breaker = &draft.breakers[draft.breaker_count++];
    copy(breaker->name, sizeof breaker->name, words[1]);
    breaker->trip = (zc_trip)number(words[2]);
    breaker->mode = (zc_mode)number(words[3]);
    breaker->has_feed = strcmp(words[4], "-") != 0;
    breaker->feed = breaker->has_feed ? (uint16_t)number(words[4]) : 0;
    breaker->window_s = (uint32_t)number(words[5]);
    breaker->count = (uint32_t)number(words[6]);
    breaker->amount = wide(words[7]);
}

/* model NAME FORM in hexadecimal */
static void on_model(void)
{
    static uint8_t form[sizeof line / 2];
    zc_named_model *named = &draft.risk_models[draft.risk_model_count++];
    size_t len = strlen(words[2]) / 2;
    check(zc_hex_decode(zc_slice_of_text(words[2]), form, len));
    copy(named->name, sizeof named->name, words[1]);
    zc_reader reader = zc_reader_of(zc_slice_of(form, len));
    check(zc_risk_model_read(&reader, &named->model));
}

static void on_passes(void)
{
    draft.halt_passes = (uint8_t)number(words[1]);
}

static void on_reset(void)
{
    memset(&draft, 0, offsetof(zc_mission, risk_models));
    copy(draft.name, sizeof draft.name, "model");
    draft.founders_needed = 1;
    draft.resume_needed = 1;
    draft.denial_quota = 60;
}

static void on_reference(void)
{
    draft.has_reference = true;
    copy(draft.reference, sizeof draft.reference, words[1]);
    draft.reference_decimals = (uint8_t)number(words[2]);
}

static void on_start(void)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(compiled);
    check(zc_mission_write(&draft, &writer));
    zc_result parsed = zc_mission_parse(zc_writer_written(&writer), &mission);
    printf("start %d\n", (int)parsed.code);
    begin();
}

static const struct {
    const char *name;
    void (*run)(void);
} commands[] = {{"reset", on_reset},  {"principal", on_principal}, {"asset", on_asset},
                {"feed", on_feed},    {"market", on_market},       {"price", on_price},
                {"zone", on_zone},    {"reference", on_reference}, {"rule", on_rule},
                {"start", on_start},  {"breaker", on_breaker},     {"model", on_model},
                {"passes", on_passes}};

bool run_world_line(void)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(words[0], commands[i].name) == 0) {
            commands[i].run();
            return true;
        }
    }
    return false;
}
