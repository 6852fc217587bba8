/* The sections that say whose word is taken: reference, feeds, prices, markets; and what trips. */
#include <string.h>

#include "mission/build.h"
#include "mission/value.h"

static const char *feed_word(const void *self, size_t index)
{
    return ((const zc_mission *)self)->feeds[index].name;
}

static const char *market_word(const void *self, size_t index)
{
    return ((const zc_mission *)self)->markets[index].name;
}

zc_words zc_build_feed_words(const zc_build *build)
{
    return (zc_words){build->mission.feed_count, feed_word, &build->mission};
}

zc_words zc_build_market_words(const zc_build *build)
{
    return (zc_words){build->mission.market_count, market_word, &build->mission};
}

/* The index of a name among words; reports what it is not. */
bool zc_build_pick(const zc_place *place, zc_slice name, const zc_words *words, const char *what,
                   uint16_t *ret_index)
{
    int index = zc_build_find(words, name);
    if (index < 0) {
        char advice[200];
        zc_words_advise(words, name, "there are", advice, sizeof advice);
        zc_place_error(place, "'%.*s' is not %s%s", ZC_TEXT(name), what, advice);
        return false;
    }
    *ret_index = (uint16_t)index;
    return true;
}

static bool read_window(const zc_place *place, uint32_t *ret_seconds)
{
    const char *fault = zc_text_window(zc_place_text(place), ret_seconds);
    if (fault != NULL) {
        zc_place_error(place, "%s", fault);
    }
    return fault == NULL;
}

static void read_reference(zc_build *build, const zc_place *root)
{
    static const char *const keys[] = {"name", "decimals", NULL};
    zc_place place;
    zc_place part;
    uint64_t decimals = 0;
    zc_mission *mission = &build->mission;
    if (!zc_place_member(root, "reference", &place) ||
        !zc_place_want_mapping(&place, "name and decimals")) {
        return;
    }
    zc_place_only_keys(&place, keys);
    if (zc_place_need(&place, "name", "the currency in which unlike assets are added up", &part)) {
        mission->has_reference = zc_value_name(&part, "a currency", false, mission->reference,
                                               sizeof mission->reference);
    }
    if (zc_place_need(&place, "decimals", "amounts are exact", &part) &&
        zc_value_number(&part, "the number of decimals", 0, ZC_MISSION_MAX_SCALE, &decimals)) {
        mission->reference_decimals = (uint8_t)decimals;
    }
}

static void read_feed(zc_build *build, const zc_place *key, const zc_place *value)
{
    static const char *const keys[] = {"key", "says", "oldest", NULL};
    static const char *const says[] = {"prices", "positions", "equity", "settlements", NULL};
    zc_words words = zc_words_of(says);
    zc_feed feed = {0};
    zc_place part;
    if (!zc_value_name(key, "a feed", true, feed.name, sizeof feed.name) ||
        !zc_place_want_mapping(value, "key, says and oldest")) {
        return;
    }
    zc_place_only_keys(value, keys);
    if (zc_place_need(value, "key", "the feed's Ed25519 public key in hex", &part)) {
        (void)zc_value_public_key(&part, feed.pubkey);
    }
    if (zc_place_need(value, "oldest", "how old its word may be, such as 30s", &part)) {
        (void)read_window(&part, &feed.oldest_s);
    }
    if (zc_place_need(value, "says", "prices, positions, equity, settlements", &part)) {
        size_t count = zc_place_items(&part);
        for (size_t i = 0; i < count; i++) {
            zc_place item = zc_place_item(&part, i);
            uint16_t bit = 0;
            if (zc_build_pick(&item, zc_place_text(&item), &words, "what a feed says", &bit)) {
                feed.says |= UINT32_C(1) << bit;
            }
        }
    }
    build->mission.feeds[build->mission.feed_count++] = feed;
}

/* A decimal as units × 10^-scale. */
static bool read_decimal(const zc_place *place, zc_u256 *ret_units, uint8_t *ret_scale)
{
    zc_decimal decimal = {0};
    zc_slice text = zc_place_text(place);
    if (!zc_ok(zc_decimal_read(text, &decimal))) {
        zc_place_error(place, "'%.*s' is not a number such as 0.01", ZC_TEXT(text));
        return false;
    }
    *ret_units = decimal.units;
    *ret_scale = decimal.scale;
    return true;
}

static void read_market(zc_build *build, const zc_place *key, const zc_place *value)
{
    static const char *const keys[] = {"venue", "symbol", "priced-in", "base", "multiplier", NULL};
    zc_words assets = zc_build_asset_words(build);
    zc_market market = {.multiplier = zc_u256_of(1)};
    zc_place part;
    if (!zc_value_name(key, "a market", true, market.name, sizeof market.name) ||
        !zc_place_want_mapping(value, "venue, symbol and priced-in")) {
        return;
    }
    zc_place_only_keys(value, keys);
    if (zc_place_need(value, "venue", "such as venue:binance-usdm", &part)) {
        (void)zc_value_chain(&part, &market.chain_id);
    }
    if (zc_place_need(value, "symbol", "the market as the venue writes it", &part)) {
        (void)zc_value_title(&part, "a market's symbol", market.symbol, sizeof market.symbol);
    }
    if (zc_place_need(value, "priced-in", "the asset in which prices are", &part)) {
        (void)zc_build_pick(&part, zc_place_text(&part), &assets, "an asset of this mission",
                            &market.asset);
    }
    if (zc_place_member(value, "base", &part)) {
        market.has_base = zc_build_pick(&part, zc_place_text(&part), &assets,
                                        "an asset of this mission", &market.base);
    }
    if (zc_place_member(value, "multiplier", &part)) {
        (void)read_decimal(&part, &market.multiplier, &market.scale);
    }
    build->mission.markets[build->mission.market_count++] = market;
}

static void keep_price(zc_mission *mission, const zc_price *price)
{
    size_t at = mission->price_count++;
    while (at > 0 && mission->prices[at - 1].asset > price->asset) {
        mission->prices[at] = mission->prices[at - 1];
        at--;
    }
    mission->prices[at] = *price;
}

static void read_price(zc_build *build, const zc_place *key, const zc_place *value)
{
    static const char *const keys[] = {"feed", "haircut-bps", "fixed", NULL};
    zc_words assets = zc_build_asset_words(build);
    zc_words feeds = zc_build_feed_words(build);
    zc_price price = {0};
    zc_place part;
    uint64_t haircut = 0;
    if (!zc_build_pick(key, zc_place_text(key), &assets, "an asset of this mission",
                       &price.asset) ||
        !zc_place_want_mapping(value, "feed or fixed, and haircut-bps")) {
        return;
    }
    zc_place_only_keys(value, keys);
    if (zc_place_member(value, "feed", &part)) {
        price.has_feed = zc_build_pick(&part, zc_place_text(&part), &feeds,
                                       "a feed of this mission", &price.feed);
    }
    if (zc_place_member(value, "fixed", &part)) {
        const char *fault =
            zc_text_amount(zc_place_text(&part), build->mission.reference_decimals, &price.fixed);
        price.has_fixed = fault == NULL;
        if (fault != NULL) {
            zc_place_error(&part, "%s", fault);
        }
    }
    if (price.has_feed == price.has_fixed) {
        zc_place_error(value, "a price has either 'feed' or 'fixed'");
    }
    if (zc_place_member(value, "haircut-bps", &part) &&
        zc_value_number(&part, "basis points", 0, ZC_BASIS_POINTS, &haircut)) {
        price.haircut_bps = (uint32_t)haircut;
    }
    if (!build->mission.has_reference) {
        zc_place_error(key, "prices need the section 'reference': in which currency are they?");
    }
    keep_price(&build->mission, &price);
}

static void read_breaker_terms(zc_build *build, const zc_place *value, zc_breaker *breaker)
{
    zc_words feeds = zc_build_feed_words(build);
    zc_place part;
    uint64_t count = 0;
    if (zc_place_member(value, "feed", &part)) {
        breaker->has_feed = zc_build_pick(&part, zc_place_text(&part), &feeds,
                                          "a feed of this mission", &breaker->feed);
    }
    if (zc_place_member(value, "within", &part)) {
        (void)read_window(&part, &breaker->window_s);
    }
    if (zc_place_member(value, "more-than", &part) &&
        zc_value_number(&part, "a count, or basis points", 0, UINT32_MAX, &count)) {
        breaker->count = (uint32_t)count;
    }
    if (zc_place_member(value, "loss", &part)) {
        const char *fault = zc_text_amount(zc_place_text(&part), build->mission.reference_decimals,
                                           &breaker->amount);
        if (fault != NULL) {
            zc_place_error(&part, "%s", fault);
        }
    }
}

static void read_breaker(zc_build *build, const zc_place *key, const zc_place *value)
{
    static const char *const keys[] = {"on", "then", "feed", "within", "more-than", "loss", NULL};
    static const char *const modes[] = {"reduce-only", "halted", NULL};
#define ZC_TRIP_WORD(name, number, text) text,
    static const char *const trips[] = {ZC_TRIPS(ZC_TRIP_WORD) NULL};
    zc_words trip_words = zc_words_of(trips);
    zc_words mode_words = zc_words_of(modes);
    zc_breaker breaker = {0};
    zc_place part;
    uint16_t index = 0;
    if (!zc_value_name(key, "a breaker", true, breaker.name, sizeof breaker.name) ||
        !zc_place_want_mapping(value, "on, then, and what it measures")) {
        return;
    }
    zc_place_only_keys(value, keys);
    if (zc_place_need(value, "on", "what trips it", &part) &&
        zc_build_pick(&part, zc_place_text(&part), &trip_words, "what a breaker watches", &index)) {
        breaker.trip = (zc_trip)(index + 1);
    }
    if (zc_place_need(value, "then", "reduce-only or halted", &part) &&
        zc_build_pick(&part, zc_place_text(&part), &mode_words, "a mode", &index)) {
        breaker.mode = (zc_mode)(index + 1);
    }
    read_breaker_terms(build, value, &breaker);
    build->mission.breakers[build->mission.breaker_count++] = breaker;
}

static void each_entry(zc_build *build, const zc_place *root, const char *section, size_t limit,
                       void (*read)(zc_build *, const zc_place *, const zc_place *))
{
    zc_place place;
    if (!zc_place_member(root, section, &place) || !zc_place_want_mapping(&place, "entries")) {
        return;
    }
    size_t count = zc_place_pairs(&place);
    if (count > limit) {
        zc_place_error(&place, "%zu are too many: a mission has at most %zu", count, limit);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        zc_place key;
        zc_place value;
        (void)zc_place_pair(&place, i, &key, &value);
        read(build, &key, &value);
    }
}

static void read_passes(zc_build *build, const zc_place *root)
{
    static const char *const passes[] = {"cancels", "reductions", NULL};
    zc_words words = zc_words_of(passes);
    zc_place place;
    if (!zc_place_member(root, "halt-lets-pass", &place) || zc_place_is_empty_list(&place)) {
        return;
    }
    size_t count = zc_place_items(&place);
    for (size_t i = 0; i < count; i++) {
        zc_place item = zc_place_item(&place, i);
        uint16_t bit = 0;
        if (zc_build_pick(&item, zc_place_text(&item), &words, "what a halt lets pass", &bit)) {
            build->mission.halt_passes |= (uint8_t)(1u << bit);
        }
    }
}

void zc_build_sources(zc_build *build, const zc_place *root)
{
    read_reference(build, root);
    each_entry(build, root, "feeds", ZC_MISSION_MAX_FEEDS, read_feed);
    each_entry(build, root, "prices", ZC_MISSION_MAX_ASSETS, read_price);
    each_entry(build, root, "markets", ZC_MISSION_MAX_MARKETS, read_market);
    each_entry(build, root, "breakers", ZC_MISSION_MAX_BREAKERS, read_breaker);
    read_passes(build, root);
}
