/* Lines such as '5,000 USDC per transaction', '20,000 USDC per 1h', '30 signatures per 1m'. */
#include <stdio.h>
#include <string.h>

#include "mission/build.h"
#include "mission/value.h"

#define WORDS_MAX 8

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

static bool read_line(zc_build *build, const zc_place *place, zc_rule *rule)
{
    limit_line line;
    bool each;
    if (!zc_place_is_scalar(place) || !split(zc_place_text(place), &line)) {
        zc_place_error(place, "%s", form);
        return false;
    }
    size_t at = is(&line, 0, "at") && is(&line, 1, "most") ? 2 : 0;
    size_t left = line.count - at;
    bool counted = is(&line, at + 1, "signatures") || is(&line, at + 1, "signature");
    if (left == 3 && is(&line, at + 1, "per")) {
        return read_rate(place, line.word[at], line.word[at + 2], rule);
    }
    if (left != 4 || !is(&line, at + 2, "per")) {
        zc_place_error(place, "%s", form);
        return false;
    }
    if (counted) {
        return read_rate(place, line.word[at], line.word[at + 3], rule);
    }
    if (!read_amount(build, place, line.word[at], line.word[at + 1], rule) ||
        !read_period(place, line.word[at + 3], &each, &rule->window_s)) {
        return false;
    }
    rule->kind = each ? ZC_RULE_LIMIT_PER_TX : ZC_RULE_LIMIT_WINDOW;
    return true;
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

/* What denials and the log will call it: trader-pays-usdc/USDC-per-1h. */
static void name_limit(const zc_build *build, const char *parent, zc_rule *rule)
{
    char period[16] = "tx";
    if (rule->kind != ZC_RULE_LIMIT_PER_TX) {
        window_text(rule->window_s, period, sizeof period);
    }
    const char *what = rule->has_asset ? build->mission.assets[rule->asset].name : "signatures";
    (void)snprintf(rule->name, sizeof rule->name, "%.32s/%.15s-per-%.10s", parent, what, period);
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
