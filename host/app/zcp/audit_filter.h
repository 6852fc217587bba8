/* Which entries of the log a reader wants: the same words for `tail` and `export`. */
#ifndef ZC_ZCP_AUDIT_FILTER_H
#define ZC_ZCP_AUDIT_FILTER_H

#include <jansson.h>

#include "base/u256.h"
#include "invocation.h"
#include "log/scan.h"

#define ZC_AUDIT_FILTER_OPTIONS                                                                    \
    {"principal", "NAME", "only what this principal asked for"},                                   \
        {"key", "NAME", "only what names this key, by name or id"},                                \
        {"decision", "DECISION", "only allow, deny or review"},                                    \
        {"rule", "NAME", "only what this rule settled"},                                           \
        {"since", "TIME", "from this time on (RFC 3339, UTC)"},                                    \
        {"until", "TIME", "before this time (RFC 3339, UTC)"},                                     \
    {                                                                                              \
        "min-amount", "NUMBER", "only where the rule measured at least so much, in base units"     \
    }

typedef struct zc_audit_filter {
    const char *principal;
    const char *key;
    const char *decision;
    const char *rule;
    uint64_t since_ms;
    uint64_t until_ms; /* 0: none */
    bool has_amount;
    zc_u256 amount;
} zc_audit_filter;

bool zc_audit_filter_read(const zc_invocation *invocation, zc_audit_filter *ret_filter);
/* What the entry itself decides; first, because it costs nothing. */
bool zc_audit_filter_public(const zc_audit_filter *filter, const zc_audit_entry *entry);
/* What its opened groups decide, as zc_audit_json() shows them; a closed group matches nothing. */
bool zc_audit_filter_private(const zc_audit_filter *filter, const json_t *entry);

#endif
