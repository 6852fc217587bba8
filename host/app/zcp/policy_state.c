#include "policy_state.h"

#include <inttypes.h>
#include <stdio.h>

#include "amount.h"
#include "audit_text.h"
#include "catalog.h"

#define LINES_AT_ONCE 64

static const char *mode_name(unsigned mode)
{
    static const char *const names[] = {"normal", "reduce-only", "halted"};
    return mode <= ZCP_MODE_HALTED ? names[mode] : "unknown";
}

/* What is done with each line of a section; false ends it. */
typedef bool line_taker(const zcp_policy_line *line, void *context);

static bool each_line(zcp_session *session, zcp_policy_section section, line_taker *take,
                      void *context)
{
    static zcp_policy_line lines[LINES_AT_ONCE];
    uint64_t from = 0;
    uint64_t total = 1;
    while (from < total) {
        size_t count = 0;
        if (zcp_policy_list(session, section, from, lines, LINES_AT_ONCE, &count, &total, NULL) !=
            ZCP_OK) {
            return false;
        }
        for (size_t i = 0; i < count; i++) {
            if (!take(&lines[i], context)) {
                return false;
            }
        }
        from = count > 0 ? from + count : total;
    }
    return true;
}

typedef struct json_lines {
    json_t *list;
    bool (*fill)(json_t *object, const zcp_policy_line *line);
} json_lines;

static bool append_json(const zcp_policy_line *line, void *context)
{
    json_lines *into = context;
    json_t *one = json_object();
    bool made = one != NULL && into->fill(one, line);
    if (!made) {
        json_decref(one);
        return false;
    }
    return json_array_append_new(into->list, one) == 0;
}

static json_t *section_json(zcp_session *session, zcp_policy_section section,
                            bool (*fill)(json_t *, const zcp_policy_line *))
{
    json_lines into = {.list = json_array(), .fill = fill};
    if (into.list == NULL || !each_line(session, section, append_json, &into)) {
        json_decref(into.list);
        return NULL;
    }
    return into.list;
}

static bool fill_radius(json_t *out, const zcp_policy_line *line)
{
    return zc_json_set_text(out, "asset", line->asset) &&
           zc_json_set_text(out, "amount", line->amount) &&
           zc_json_set_u64(out, "until_ms", line->time_ms);
}

static bool fill_limit(json_t *out, const zcp_policy_line *line)
{
    return zc_json_set_text(out, "rule", line->name) &&
           zc_json_set_text(out, "asset", line->asset) &&
           zc_json_set_text(out, "left", line->amount) &&
           zc_json_set_text(out, "limit", line->limit) &&
           zc_json_set_text(out, "leased", line->leased) &&
           zc_json_set_text(out, "fed_by", line->feed);
}

static bool fill_feed(json_t *out, const zcp_policy_line *line)
{
    return zc_json_set_text(out, "feed", line->name) &&
           zc_json_set_u64(out, "time_ms", line->time_ms) &&
           zc_json_set_bool(out, "fresh", line->state == 1);
}

static bool fill_breaker(json_t *out, const zcp_policy_line *line)
{
    return zc_json_set_text(out, "breaker", line->name) &&
           zc_json_set_text(out, "trips_to", mode_name(line->mode)) &&
           zc_json_set_bool(out, "tripped", line->state == 1) &&
           zc_json_set_text(out, "fed_by", line->feed);
}

static bool fill_revoked(json_t *out, const zcp_policy_line *line)
{
    return zc_json_set_text(out, line->state == ZCP_REVOKE_RULE ? "rule" : "principal", line->name);
}

json_t *zc_radius_json(zcp_session *session)
{
    return section_json(session, ZCP_SECTION_RADIUS, fill_radius);
}

bool zc_policy_state_json(zcp_session *session, const zcp_status *status, json_t *out)
{
    return zc_json_set_text(out, "mode", mode_name(status->mode)) &&
           zc_json_set_text(out, "tripped", status->tripped) &&
           zc_json_set_u64(out, "reviews", status->reviews) &&
           zc_json_set_u64(out, "revoked", status->revoked) &&
           zc_json_set(out, "radius", zc_radius_json(session)) &&
           zc_json_set(out, "limits", section_json(session, ZCP_SECTION_LIMITS, fill_limit)) &&
           zc_json_set(out, "feeds", section_json(session, ZCP_SECTION_FEEDS, fill_feed)) &&
           zc_json_set(out, "breakers",
                       section_json(session, ZCP_SECTION_BREAKERS, fill_breaker)) &&
           zc_json_set(out, "revocations",
                       section_json(session, ZCP_SECTION_REVOKED, fill_revoked));
}

typedef struct printing {
    zc_catalog catalog;
    uint64_t time_ms; /* the enclave's clock */
} printing;

static bool print_radius(const zcp_policy_line *line, void *context)
{
    const printing *page = context;
    char amount[128];
    uint64_t seconds = line->time_ms > page->time_ms ? (line->time_ms - page->time_ms) / 1000 : 0;
    zc_amount_text(&page->catalog, line->amount, line->asset, amount);
    (void)printf("exposure     %s for %" PRIu64 " s, if the host turned hostile now\n", amount,
                 seconds);
    return true;
}

static bool print_limit(const zcp_policy_line *line, void *context)
{
    const printing *page = context;
    char left[128];
    char limit[128];
    zc_amount_text(&page->catalog, line->amount, line->asset, left);
    zc_amount_text(&page->catalog, line->limit, line->asset, limit);
    (void)printf("  %-28s %s of %s left\n", line->name, left, limit);
    return true;
}

static bool print_feed(const zcp_policy_line *line, void *context)
{
    const printing *page = context;
    if (line->time_ms == 0) {
        (void)printf("feed         %s has said nothing yet\n", line->name);
        return true;
    }
    uint64_t age = page->time_ms > line->time_ms ? (page->time_ms - line->time_ms) / 1000 : 0;
    (void)printf("feed         %s spoke %" PRIu64 " s ago%s\n", line->name, age,
                 line->state == 1 ? "" : ": too long");
    return true;
}

static bool print_revoked(const zcp_policy_line *line, void *context)
{
    (void)context;
    (void)printf("revoked      %s %s\n", line->state == ZCP_REVOKE_RULE ? "rule" : "principal",
                 line->name);
    return true;
}

static printing page_of(const zc_invocation *invocation, uint64_t time_ms)
{
    return (printing){.catalog = zc_names_of_folder(invocation, NULL).catalog, .time_ms = time_ms};
}

void zc_radius_lines(const zc_invocation *invocation, json_t *radius)
{
    const zc_catalog catalog = zc_names_of_folder(invocation, NULL).catalog;
    size_t i;
    json_t *line;
    json_array_foreach(radius, i, line)
    {
        char amount[128];
        char until[32];
        zc_amount_text(&catalog, json_string_value(json_object_get(line, "amount")),
                       json_string_value(json_object_get(line, "asset")), amount);
        zc_audit_time_text((uint64_t)json_integer_value(json_object_get(line, "until_ms")), until);
        (void)printf("  %-17s %s until %s, if the host turned hostile now\n", "exposure", amount,
                     until);
    }
}

void zc_policy_state_print(const zc_invocation *invocation, zcp_session *session,
                           const zcp_status *status)
{
    printing page = page_of(invocation, status->time_ms);
    (void)printf("mode         %s%s%s\n", mode_name(status->mode),
                 status->tripped[0] != '\0' ? ", tripped by " : "", status->tripped);
    if (status->reviews > 0) {
        (void)printf("reviews      %" PRIu64 " requests are held back: `zcp approvals`\n",
                     status->reviews);
    }
    (void)each_line(session, ZCP_SECTION_RADIUS, print_radius, &page);
    (void)each_line(session, ZCP_SECTION_FEEDS, print_feed, &page);
    (void)each_line(session, ZCP_SECTION_REVOKED, print_revoked, &page);
    (void)puts("limits");
    (void)each_line(session, ZCP_SECTION_LIMITS, print_limit, &page);
}
