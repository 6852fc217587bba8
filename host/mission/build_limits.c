/* Lines such as '5,000 USDC per transaction', '20,000 USDC per 1h', '30 signatures per 1m'. */
#include <stdio.h>
#include <string.h>

#include "mission/build.h"
#include "mission/value.h"

#define WORDS_MAX 32

static const char form[] = "a limit reads '5,000 USDC per transaction', '20,000 USDC per 1h' or "
                           "'30 signatures per 1m'";

typedef struct limit_line {
    zc_slice word[WORDS_MAX];
    size_t count;
} limit_line;

static bool split(zc_slice text, limit_line *ret_line)
{
    limit_line words = {0};
    size_t at = 0;
    while (at < text.len) {
        size_t start = at;
        while (at < text.len && text.data[at] != ' ') {
            at++;
        }
        if (at > start) {
            if (words.count == WORDS_MAX) {
                return false;
            }
            words.word[words.count++] = zc_slice_of(text.data + start, at - start);
        }
        at++;
    }
    *ret_line = words;
    return true;
}

static bool is(const limit_line *line, size_t at, const char *word)
{
    return at < line->count && zc_slice_eq_text(line->word[at], word);
}

/* The word after 'per': nothing for a transaction, or a window. */
static bool read_period(const zc_place *place, zc_slice word, bool *ret_each, uint32_t *ret_window)
{
    *ret_each = zc_slice_eq_text(word, "transaction") || zc_slice_eq_text(word, "tx");
    *ret_window = 0;
    const char *fault = *ret_each ? NULL : zc_text_window(word, ret_window);
    if (fault != NULL) {
        zc_place_error(place, "'%.*s' is neither 'transaction' nor a window: %s", ZC_TEXT(word),
                       fault);
    }
    return fault == NULL;
}

static bool read_rate(const zc_place *place, zc_slice number, zc_slice period, zc_rule *rule)
{
    bool each;
    const char *fault = zc_text_count(number, &rule->count);
    if (fault != NULL) {
        zc_place_error(place, "'%.*s': %s", ZC_TEXT(number), fault);
        return false;
    }
    if (!read_period(place, period, &each, &rule->window_s)) {
        return false;
    }
    if (each) {
        zc_place_error(place, "a number of signatures is counted in a window: %s", form);
        return false;
    }
    rule->kind = ZC_RULE_LIMIT_RATE;
    return true;
}

static bool read_amount(zc_build *build, const zc_place *place, zc_slice number, zc_slice name,
                        zc_rule *rule)
{
    zc_words words = zc_build_asset_words(build);
    int index = zc_build_find(&words, name);
    if (index < 0) {
        char advice[200];
        zc_words_advise(&words, name, "there are", advice, sizeof advice);
        zc_place_error(place, "'%.*s' is not an asset of this mission%s", ZC_TEXT(name), advice);
        return false;
    }
    const zc_asset *asset = &build->mission.assets[index];
    const char *fault = zc_text_amount(number, asset->decimals, &rule->amount);
    if (fault != NULL) {
        char hint[48] = "";
        if (fault == zc_text_too_fine) {
            (void)snprintf(hint, sizeof hint, ": %s has %u", asset->name, asset->decimals);
        }
        zc_place_error(place, "'%.*s': %s%s", ZC_TEXT(number), fault, hint);
        return false;
    }
    rule->asset = (uint16_t)index;
    rule->has_asset = true;
    rule->has_amount = true;
    rule->measure = ZC_MEASURE_VALUE;
    return true;
}

/* What is added up: '… of fees per …'. */
static bool read_measure(const zc_place *place, zc_slice word, zc_rule *rule)
{
    static const char *const measures[] = {"fees", "allowances", "gas-price", "positions", NULL};
    zc_words words = zc_words_of(measures);
    uint16_t index = 0;
    if (!zc_build_pick(place, word, &words, "what a limit adds up", &index)) {
        return false;
    }
    if (index == 3) {
        rule->kind = ZC_RULE_POSITION;
        rule->measure = ZC_MEASURE_NONE;
    } else {
        rule->measure = (zc_measure_kind)(ZC_MEASURE_FEE + index);
    }
    return true;
}

/* An amount of the limit's own asset, or of the reference. */
static bool read_own_amount(zc_build *build, const zc_place *place, zc_slice text,
                            const zc_rule *rule, zc_u256 *ret_amount)
{
    unsigned decimals = rule->has_asset ? build->mission.assets[rule->asset].decimals
                                        : build->mission.reference_decimals;
    const char *fault = zc_text_amount(text, decimals, ret_amount);
    if (fault != NULL) {
        zc_place_error(place, "'%.*s': %s", ZC_TEXT(text), fault);
    }
    return fault == NULL;
}

static bool read_calendar(zc_build *build, const zc_place *place, zc_slice word, zc_rule *rule)
{
    static const char *const periods[] = {"day", "week", "month", NULL};
    zc_words words = zc_words_of(periods);
    int period = rule->window_s == 86400 ? 0 : rule->window_s == 604800 ? 1 : -1;
    if (rule->period == ZC_PERIOD_MONTH) {
        period = 2;
    }
    if (period < 0 || words.count == 0) {
        zc_place_error(place, "'in %.*s' follows 'per day', 'per week' or 'per month'",
                       ZC_TEXT(word));
        return false;
    }
    rule->window_s = 0;
    rule->period = (zc_period)(period + 1);
    rule->has_zone = zc_build_zone(build, place, word, &rule->zone);
    return rule->has_zone;
}

static bool read_each(const zc_place *place, zc_slice word, zc_rule *rule)
{
#define ZC_PER_WORD(name, number, text) text,
    static const char *const pers[] = {ZC_PERS(ZC_PER_WORD) NULL};
    zc_words words = zc_words_of(pers);
    uint16_t index = 0;
    if (!zc_build_pick(place, word, &words, "what can have a limit of its own", &index)) {
        return false;
    }
    rule->per = (zc_per)(index + 1);
    return true;
}

/* One clause at `at`: 'in ZONE', 'for each X', 'fed by FEED', 'slices of AMOUNT for WINDOW',
 * 'giving back AMOUNT'. Returns the words that it took; 0 after an error. */
static size_t read_clause(zc_build *build, const zc_place *place, const limit_line *line, size_t at,
                          zc_rule *rule)
{
    zc_words feeds = zc_build_feed_words(build);
    size_t left = line->count - at;
    if (is(line, at, "in") && left >= 2) {
        return read_calendar(build, place, line->word[at + 1], rule) ? 2 : 0;
    }
    if (is(line, at, "for") && is(line, at + 1, "each") && left >= 3) {
        return read_each(place, line->word[at + 2], rule) ? 3 : 0;
    }
    if (is(line, at, "fed") && is(line, at + 1, "by") && left >= 3) {
        rule->has_feed =
            zc_build_pick(place, line->word[at + 2], &feeds, "a feed of this mission", &rule->feed);
        return rule->has_feed ? 3 : 0;
    }
    if (is(line, at, "slices") && is(line, at + 1, "of") && is(line, at + 3, "for") && left >= 5) {
        rule->has_lease = read_own_amount(build, place, line->word[at + 2], rule, &rule->lease);
        return rule->has_lease && zc_text_window(line->word[at + 4], &rule->lease_s) == NULL ? 5
                                                                                             : 0;
    }
    if (is(line, at, "giving") && is(line, at + 1, "back") && left >= 3) {
        rule->has_release = read_own_amount(build, place, line->word[at + 2], rule, &rule->release);
        return rule->has_release ? 3 : 0;
    }
    zc_place_error(place,
                   "'%.*s' begins no clause of a limit ('in ZONE', 'for each key', 'fed by "
                   "FEED', 'slices of AMOUNT for 1m', 'giving back AMOUNT')",
                   ZC_TEXT(line->word[at]));
    return 0;
}

static bool read_clauses(zc_build *build, const zc_place *place, const limit_line *line, size_t at,
                         zc_rule *rule)
{
    while (at < line->count) {
        size_t took = read_clause(build, place, line, at, rule);
        if (took == 0) {
            return false;
        }
        at += took;
    }
    if (rule->period == ZC_PERIOD_MONTH && !rule->has_zone) {
        zc_place_error(place, "'per month' needs a zone: 'per month in Europe/Berlin'");
        return false;
    }
    return true;
}

/* '500 basis-points of drawdown fed by FEED', with 'per day in ZONE' or since the start. */
static bool read_drawdown(zc_build *build, const zc_place *place, const limit_line *line, size_t at,
                          zc_rule *rule)
{
    const char *fault = zc_text_count(line->word[at], &rule->count);
    rule->kind = ZC_RULE_DRAWDOWN;
    at += 4;
    if (is(line, at, "per") && is(line, at + 1, "day")) {
        rule->window_s = 86400;
        at += 2;
    }
    if (fault != NULL || !read_clauses(build, place, line, at, rule) || !rule->has_feed ||
        rule->window_s != 0) {
        zc_place_error(place, "a drawdown reads '500 basis-points of drawdown per day in "
                              "Europe/Berlin fed by FEED'");
        return false;
    }
    return true;
}

static bool read_amount_line(zc_build *build, const zc_place *place, const limit_line *line,
                             size_t at, zc_rule *rule)
{
    bool each = false;
    const zc_mission *mission = &build->mission;
    bool reference = mission->has_reference && at + 1 < line->count &&
                     zc_slice_eq_text(line->word[at + 1], mission->reference);
    rule->has_amount = reference;
    rule->measure = reference ? ZC_MEASURE_NOTIONAL : ZC_MEASURE_VALUE;
    if (reference ? !read_own_amount(build, place, line->word[at], rule, &rule->amount)
                  : !read_amount(build, place, line->word[at], line->word[at + 1], rule)) {
        return false;
    }
    at += 2;
    if (is(line, at, "of") && at + 1 < line->count) {
        if (!read_measure(place, line->word[at + 1], rule)) {
            return false;
        }
        at += 2;
    }
    if (!is(line, at, "per") || at + 1 >= line->count) {
        zc_place_error(place, "%s", form);
        return false;
    }
    if (is(line, at + 1, "month")) {
        rule->period = ZC_PERIOD_MONTH;
    } else if (!read_period(place, line->word[at + 1], &each, &rule->window_s)) {
        return false;
    }
    if (rule->kind != ZC_RULE_POSITION) {
        rule->kind = each ? ZC_RULE_LIMIT_PER_TX : ZC_RULE_LIMIT_WINDOW;
    }
    return read_clauses(build, place, line, at + 2, rule);
}

static bool read_line(zc_build *build, const zc_place *place, zc_rule *rule)
{
    limit_line line;
    if (!zc_place_is_scalar(place) || !split(zc_place_text(place), &line)) {
        zc_place_error(place, "%s", form);
        return false;
    }
    size_t at = is(&line, 0, "at") && is(&line, 1, "most") ? 2 : 0;
    bool counted = is(&line, at + 1, "signatures") || is(&line, at + 1, "signature");
    if (is(&line, at + 1, "basis-points") && is(&line, at + 2, "of") &&
        is(&line, at + 3, "drawdown")) {
        return read_drawdown(build, place, &line, at, rule);
    }
    size_t per = at + (is(&line, at + 1, "per") ? 1 : 2);
    if (counted || per == at + 1) {
        if (!is(&line, per, "per") || per + 1 >= line.count) {
            zc_place_error(place, "%s", form);
            return false;
        }
        return read_rate(place, line.word[at], line.word[per + 1], rule) &&
               read_clauses(build, place, &line, per + 2, rule);
    }
    if (line.count < at + 4) {
        zc_place_error(place, "%s", form);
        return false;
    }
    return read_amount_line(build, place, &line, at, rule);
}

/* "5m" for 300: the greatest unit that divides. */
static void window_text(uint32_t seconds, char *ret_text, size_t size)
{
    static const struct {
        uint32_t seconds;
        char letter;
    } units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    size_t i = 0;
    while (seconds % units[i].seconds != 0) {
        i++;
    }
    (void)snprintf(ret_text, size, "%u%c", seconds / units[i].seconds, units[i].letter);
}

/* What denials and the log will call it: trader-pays-usdc/USDC-per-1h, …/USD-per-day-per-key. */
static void name_limit(const zc_build *build, const char *parent, zc_rule *rule)
{
    static const char *const periods[] = {"", "day", "week", "month"};
    char period[16] = "tx";
    char what[24] = "signatures";
    if (rule->period != ZC_PERIOD_NONE) {
        (void)snprintf(period, sizeof period, "%s", periods[rule->period]);
    } else if (rule->window_s != 0) {
        window_text(rule->window_s, period, sizeof period);
    }
    if (rule->kind == ZC_RULE_DRAWDOWN || rule->kind == ZC_RULE_POSITION) {
        (void)snprintf(what, sizeof what, "%s",
                       rule->kind == ZC_RULE_DRAWDOWN ? "drawdown" : "positions");
    } else if (rule->measure > ZC_MEASURE_VALUE && rule->measure < ZC_MEASURE_NOTIONAL) {
        (void)snprintf(what, sizeof what, "%s-%.10s", zc_measure_name(rule->measure),
                       build->mission.assets[rule->asset].name);
    } else if (rule->has_amount) {
        (void)snprintf(what, sizeof what, "%.15s",
                       rule->has_asset ? build->mission.assets[rule->asset].name
                                       : build->mission.reference);
    }
    (void)snprintf(rule->name, sizeof rule->name, "%.24s/%.18s-per-%.10s", parent, what, period);
    if (rule->per != ZC_PER_NONE) {
        size_t len = strlen(rule->name);
        (void)snprintf(rule->name + len, sizeof rule->name - len, "-%s", zc_per_name(rule->per));
    }
}

static bool is_new(const zc_build *build, const zc_rule *rule)
{
    for (size_t i = 0; i < build->mission.rule_count; i++) {
        if (strcmp(build->mission.rules[i].name, rule->name) == 0) {
            return false;
        }
    }
    return true;
}

void zc_build_limits(zc_build *build, const zc_place *limits, const zc_rule *rule)
{
    size_t count = zc_place_items(limits);
    if (zc_place_is_empty_list(limits)) {
        zc_place_warn(limits, "an empty list: there is no limit");
    }
    for (size_t i = 0; i < count; i++) {
        zc_place item = zc_place_item(limits, i);
        zc_rule limit = {.scope = rule->scope};
        if (!read_line(build, &item, &limit)) {
            continue;
        }
        name_limit(build, rule->name, &limit);
        if (is_new(build, &limit)) {
            zc_build_add_rule(build, &item, &limit);
        } else {
            zc_place_error(&item, "there is a limit for this asset and window already");
        }
    }
}
