/* One entry of the log for people and for programs. */
#ifndef ZC_ZCP_AUDIT_TEXT_H
#define ZC_ZCP_AUDIT_TEXT_H

#include <jansson.h>

#include "audit/entry.h"
#include "audit/opening.h"
#include "intent/catalog.h"

/* What is private is shown where `opening` holds it. NULL when the machine gives no memory; the
 * caller decrefs. */
json_t *zc_audit_json(const zc_audit_entry *entry, const zc_audit_opening *opening,
                      const zc_catalog *catalog);
/* UTC with milliseconds, as RFC 3339 has it. */
void zc_audit_time_text(uint64_t ms, char ret_text[static 32]);
void zc_audit_print(const zc_audit_entry *entry, const zc_audit_opening *opening,
                    const zc_catalog *catalog);

#endif
