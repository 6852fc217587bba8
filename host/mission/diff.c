#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "mission/diff_parts.h"
#include "mission/page.h"

#define TEXT_MAX 2048

const char *zc_change_effect_name(zc_change_effect effect)
{
    static const char *const names[] = {"changed", "wider", "narrower"};
    return names[effect];
}

void zc_diff_tell(zc_diff *diff, zc_change_effect effect, const char *part, const char *name,
                  const char *format, ...)
{
    char text[TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    diff->visit(diff->self, &(zc_change){effect, part, name, text});
}

static zc_change_effect more_is_wider(uint64_t old, uint64_t now)
{
    return now > old ? ZC_CHANGE_WIDER : ZC_CHANGE_NARROWER;
}

static void tell_number(zc_diff *diff, zc_change_effect effect, const char *part, const char *what,
                        uint64_t old, uint64_t now)
{
    if (old != now) {
        zc_diff_tell(diff, effect, part, "", "%s: %llu → %llu", what, (unsigned long long)old,
                     (unsigned long long)now);
    }
}

static const zc_principal *principal_of(const zc_mission *mission, const char *name)
{
    for (size_t i = 0; i < mission->principal_count; i++) {
        if (strcmp(mission->principals[i].name, name) == 0) {
            return &mission->principals[i];
        }
    }
    return NULL;
}

static void diff_roles(zc_diff *diff, const zc_principal *old, const zc_principal *now)
{
    const uint32_t parts[] = {now->roles & ~old->roles, old->roles & ~now->roles};
    for (size_t i = 0; i < 2; i++) {
        zc_page page = {0};
        if (parts[i] == 0) {
            continue;
        }
        zc_page_put_roles(&page, parts[i]);
        diff->failed = diff->failed || page.failed;
        if (!page.failed) {
            zc_diff_tell(diff, i == 0 ? ZC_CHANGE_WIDER : ZC_CHANGE_NARROWER, "principal",
                         now->name, "%s the roles: %.*s", i == 0 ? "gains" : "loses",
                         (int)page.bytes.len, (const char *)page.bytes.data);
        }
        zc_bytes_clear(&page.bytes);
    }
}

static void diff_principal(zc_diff *diff, const zc_principal *old, const zc_principal *now)
{
    if (memcmp(old->pubkey, now->pubkey, sizeof old->pubkey) != 0) {
        zc_diff_tell(diff, ZC_CHANGE_NEITHER, "principal", now->name,
                     "has another key: whoever held the old one is out, and the holder of the new "
                     "one is in");
    }
    if (strcmp(old->organisation, now->organisation) != 0) {
        zc_diff_tell(diff, ZC_CHANGE_NEITHER, "principal", now->name,
                     "counts for another organisation: %s → %s", old->organisation,
                     now->organisation);
    }
    diff_roles(diff, old, now);
}

static void diff_principals(zc_diff *diff)
{
    for (size_t i = 0; i < diff->now->principal_count; i++) {
        const zc_principal *now = &diff->now->principals[i];
        const zc_principal *old = principal_of(diff->old, now->name);
        if (old == NULL) {
            zc_diff_tell(diff, ZC_CHANGE_WIDER, "principal", now->name, "is new, of %s",
                         now->organisation);
            diff_roles(diff, &(zc_principal){0}, now);
        } else {
            diff_principal(diff, old, now);
        }
    }
    for (size_t i = 0; i < diff->old->principal_count; i++) {
        if (principal_of(diff->now, diff->old->principals[i].name) == NULL) {
            zc_diff_tell(diff, ZC_CHANGE_NARROWER, "principal", diff->old->principals[i].name,
                         "is gone, and may do nothing any more");
        }
    }
}

static const zc_asset *asset_of(const zc_mission *mission, const char *name)
{
    for (size_t i = 0; i < mission->asset_count; i++) {
        if (strcmp(mission->assets[i].name, name) == 0) {
            return &mission->assets[i];
        }
    }
    return NULL;
}

static void diff_assets(zc_diff *diff)
{
    for (size_t i = 0; i < diff->now->asset_count; i++) {
        const zc_asset *now = &diff->now->assets[i];
        const zc_asset *old = asset_of(diff->old, now->name);
        if (old == NULL) {
            zc_diff_tell(diff, ZC_CHANGE_NEITHER, "asset", now->name, "is new");
        } else if (!zc_asset_id_eq(&old->id, &now->id)) {
            zc_diff_tell(diff, ZC_CHANGE_NEITHER, "asset", now->name,
                         "is another asset under the same name: every rule that lists it is about "
                         "something else now");
        } else if (old->decimals != now->decimals) {
            zc_diff_tell(diff, now->decimals > old->decimals ? ZC_CHANGE_WIDER : ZC_CHANGE_NARROWER,
                         "asset", now->name,
                         "decimals: %u → %u; every limit in it is worth something else now",
                         (unsigned)old->decimals, (unsigned)now->decimals);
        }
    }
    for (size_t i = 0; i < diff->old->asset_count; i++) {
        if (asset_of(diff->now, diff->old->assets[i].name) == NULL) {
            zc_diff_tell(diff, ZC_CHANGE_NEITHER, "asset", diff->old->assets[i].name, "is gone");
        }
    }
}

static const zc_contract *contract_of(const zc_mission *mission, const char *name)
{
    for (size_t i = 0; i < mission->contract_count; i++) {
        if (strcmp(mission->contracts[i].name, name) == 0) {
            return &mission->contracts[i];
        }
    }
    return NULL;
}

static void diff_contracts(zc_diff *diff)
{
    for (size_t i = 0; i < diff->now->contract_count; i++) {
        const zc_contract *now = &diff->now->contracts[i];
        const zc_contract *old = contract_of(diff->old, now->name);
        if (old == NULL) {
            zc_diff_tell(diff, ZC_CHANGE_NEITHER, "contract", now->name, "is new");
        } else if (old->chain_id != now->chain_id ||
                   !zc_slice_eq(zc_address_slice(&old->address), zc_address_slice(&now->address))) {
            zc_diff_tell(diff, ZC_CHANGE_NEITHER, "contract", now->name,
                         "is another address under the same name");
        }
    }
    for (size_t i = 0; i < diff->old->contract_count; i++) {
        if (contract_of(diff->now, diff->old->contracts[i].name) == NULL) {
            zc_diff_tell(diff, ZC_CHANGE_NEITHER, "contract", diff->old->contracts[i].name,
                         "is gone");
        }
    }
}

static const zc_rule *rule_of(const zc_mission *mission, const zc_rule *like)
{
    for (size_t i = 0; i < mission->rule_count; i++) {
        if (strcmp(mission->rules[i].name, like->name) == 0) {
            return &mission->rules[i];
        }
    }
    return NULL;
}

/* A rule that is there in one mission only. */
static void tell_rule(zc_diff *diff, const zc_mission *mission, const zc_rule *rule, bool added)
{
    zc_page page = {0};
    bool wider = added == (rule->kind == ZC_RULE_ALLOW);
    zc_page_put_rule(&page, mission, rule, "; ");
    diff->failed = diff->failed || page.failed;
    if (!page.failed) {
        zc_diff_tell(diff, wider ? ZC_CHANGE_WIDER : ZC_CHANGE_NARROWER, "rule", rule->name,
                     "%s: %.*s", added ? "added" : "removed", (int)page.bytes.len,
                     (const char *)page.bytes.data);
    }
    zc_bytes_clear(&page.bytes);
}

static void diff_rules(zc_diff *diff)
{
    for (size_t i = 0; i < diff->now->rule_count; i++) {
        const zc_rule *now = &diff->now->rules[i];
        const zc_rule *old = rule_of(diff->old, now);
        if (old != NULL && old->kind == now->kind) {
            zc_diff_rule(diff, old, now);
            continue;
        }
        if (old != NULL) {
            tell_rule(diff, diff->old, old, false);
        }
        tell_rule(diff, diff->now, now, true);
    }
    for (size_t i = 0; i < diff->old->rule_count; i++) {
        if (rule_of(diff->now, &diff->old->rules[i]) == NULL) {
            tell_rule(diff, diff->old, &diff->old->rules[i], false);
        }
    }
}

static const zc_named_model *model_of(const zc_mission *mission, const char *name)
{
    for (size_t i = 0; i < mission->risk_model_count; i++) {
        if (strcmp(mission->risk_models[i].name, name) == 0) {
            return &mission->risk_models[i];
        }
    }
    return NULL;
}

/* Two models are the same when their forms are, byte for byte. */
static bool same_model(zc_diff *diff, const zc_risk_model *old, const zc_risk_model *now)
{
    zc_bytes bytes[2] = {{0}, {0}};
    size_t len[2] = {0, 0};
    const zc_risk_model *models[] = {old, now};
    for (size_t i = 0; i < 2; i++) {
        if (!zc_bytes_reserve(&bytes[i], ZC_MISSION_MAX_BYTES)) {
            diff->failed = true;
            break;
        }
        zc_writer writer = zc_writer_of(bytes[i].data, ZC_MISSION_MAX_BYTES);
        diff->failed = !zc_ok(zc_risk_model_write(models[i], &writer)) || diff->failed;
        len[i] = zc_writer_len(&writer);
    }
    bool same =
        !diff->failed && len[0] == len[1] && memcmp(bytes[0].data, bytes[1].data, len[0]) == 0;
    zc_bytes_clear(&bytes[0]);
    zc_bytes_clear(&bytes[1]);
    return same;
}

static void diff_models(zc_diff *diff)
{
    for (size_t i = 0; i < diff->now->risk_model_count; i++) {
        const zc_named_model *now = &diff->now->risk_models[i];
        const zc_named_model *old = model_of(diff->old, now->name);
        if (old == NULL) {
            zc_diff_tell(diff, ZC_CHANGE_NEITHER, "risk model", now->name, "is new");
        } else if (!same_model(diff, &old->model, &now->model)) {
            zc_diff_tell(diff, ZC_CHANGE_NEITHER, "risk model", now->name,
                         "is another one: what it scored high may score low now");
        }
    }
    for (size_t i = 0; i < diff->old->risk_model_count; i++) {
        if (model_of(diff->now, diff->old->risk_models[i].name) == NULL) {
            zc_diff_tell(diff, ZC_CHANGE_NEITHER, "risk model", diff->old->risk_models[i].name,
                         "is gone");
        }
    }
}

static void diff_whole(zc_diff *diff)
{
    const zc_mission *old = diff->old;
    const zc_mission *now = diff->now;
    if (strcmp(old->name, now->name) != 0) {
        zc_diff_tell(diff, ZC_CHANGE_NEITHER, "mission", "", "name: %s → %s", old->name, now->name);
    }
    if (old->open != now->open) {
        zc_diff_tell(diff, now->open ? ZC_CHANGE_WIDER : ZC_CHANGE_NARROWER, "mission", "",
                     now->open ? "is marked open, for tests alone" : "is no longer marked open");
    }
    tell_number(diff, more_is_wider(now->founders_needed, old->founders_needed), "quorum",
                "founders needed", old->founders_needed, now->founders_needed);
    tell_number(diff, more_is_wider(now->resume_needed, old->resume_needed), "quorum",
                "approvers needed to resume", old->resume_needed, now->resume_needed);
}

static void diff_audit(zc_diff *diff)
{
    const zc_mission *old = diff->old;
    const zc_mission *now = diff->now;
    tell_number(diff, more_is_wider(old->max_unacked, now->max_unacked), "audit",
                "log entries that may wait while signatures leave", old->max_unacked,
                now->max_unacked);
    tell_number(diff, ZC_CHANGE_NEITHER, "audit", "denials logged one by one a minute",
                old->denial_quota, now->denial_quota);
    tell_number(diff, more_is_wider(now->witnesses_needed, old->witnesses_needed), "audit",
                "witnesses needed", old->witnesses_needed, now->witnesses_needed);
}

/* What is compared as a whole: where rules take their numbers from, and what stops them. */
static void diff_sources(zc_diff *diff)
{
    const zc_mission *old = diff->old;
    const zc_mission *now = diff->now;
    const struct {
        const char *what;
        size_t old_count;
        size_t now_count;
        const void *old_rows;
        const void *now_rows;
        size_t size;
    } parts[] = {
        {"feeds", old->feed_count, now->feed_count, old->feeds, now->feeds, sizeof *now->feeds},
        {"prices", old->price_count, now->price_count, old->prices, now->prices,
         sizeof *now->prices},
        {"markets", old->market_count, now->market_count, old->markets, now->markets,
         sizeof *now->markets},
        {"breakers", old->breaker_count, now->breaker_count, old->breakers, now->breakers,
         sizeof *now->breakers},
        {"time zones", old->zone_count, now->zone_count, old->zones, now->zones,
         sizeof *now->zones},
        {"opening hours", old->hours_count, now->hours_count, old->hours, now->hours,
         sizeof *now->hours},
        {"dates", old->date_count, now->date_count, old->dates, now->dates, sizeof *now->dates},
        {"conditions", old->condition_count, now->condition_count, old->conditions, now->conditions,
         sizeof *now->conditions},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].old_count != parts[i].now_count ||
            memcmp(parts[i].old_rows, parts[i].now_rows, parts[i].now_count * parts[i].size) != 0) {
            zc_diff_tell(diff, ZC_CHANGE_NEITHER, "mission", "",
                         "%s changed (%zu → %zu): compare them in full", parts[i].what,
                         parts[i].old_count, parts[i].now_count);
        }
    }
    if (old->halt_passes != now->halt_passes) {
        bool more = (now->halt_passes & ~old->halt_passes) != 0;
        zc_diff_tell(diff, more ? ZC_CHANGE_WIDER : ZC_CHANGE_NARROWER, "mission", "",
                     "a halt lets %s pass", more ? "more" : "less");
    }
}

bool zc_mission_diff(const zc_mission *old, const zc_mission *new_one, zc_change_visit visit,
                     void *self)
{
    zc_diff diff = {.old = old, .now = new_one, .visit = visit, .self = self};
    diff_whole(&diff);
    diff_principals(&diff);
    diff_assets(&diff);
    diff_contracts(&diff);
    zc_diff_clear_signing(&diff);
    zc_diff_change(&diff);
    diff_sources(&diff);
    diff_models(&diff);
    diff_rules(&diff);
    diff_audit(&diff);
    return !diff.failed;
}
