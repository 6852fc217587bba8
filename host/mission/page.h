/* Words for the parts of a compiled mission. Not for users of the module. */
#ifndef ZC_MISSION_PAGE_H
#define ZC_MISSION_PAGE_H

#include "policy/mission.h"
#include "support/bytes.h"
#include "support/error.h"

/* A text that grows. After a failure everything is left out, and one check at the end suffices. */
typedef struct zc_page {
    zc_bytes bytes;
    bool failed;
} zc_page;

void zc_page_put(zc_page *page, const char *format, ...) ZC_PRINTF(2, 3);
void zc_page_put_roles(zc_page *page, uint32_t roles);
/* "chain 1 (ethereum)" */
void zc_page_put_chain(zc_page *page, uint64_t chain_id);
/* As `chain` writes it; 0 where no chain is known. */
void zc_page_put_address(zc_page *page, uint64_t chain, const zc_address *address);
/* A token by its chain's own name for it. */
void zc_page_put_token(zc_page *page, const zc_asset_id *id);
/* "5,000.25 USDC" */
void zc_page_put_amount(zc_page *page, const zc_asset *asset, const zc_u256 *amount);
/* "at most 20,000 USDC in any 1 hour" */
void zc_page_put_limit(zc_page *page, const zc_mission *mission, const zc_rule *rule);
/* The whole of a rule; its clauses are divided by `separator`. */
void zc_page_put_rule(zc_page *page, const zc_mission *mission, const zc_rule *rule,
                      const char *separator);
/* What a limit adds up, and how much of it. */
void zc_page_put_measured(zc_page *page, const zc_mission *mission, const zc_rule *rule);
/* "1 day", "90 minutes", "10 seconds" */
void zc_page_put_time(zc_page *page, uint32_t seconds);
/* "only when 2 of a, b, from at least 2 organisations, have approved it within 15 minutes" */
void zc_page_put_panel(zc_page *page, const zc_mission *mission, const zc_panel *panel);
/* For each of what, in which slices, and whether it is enforced or fed by somebody. */
void zc_page_put_limit_terms(zc_page *page, const zc_mission *mission, const zc_rule *rule);
/* Markets, conditions, hours, approvals. */
void zc_page_put_terms(zc_page *page, const zc_mission *mission, const zc_rule *rule,
                       const char *separator);
/* A score in millionths as "0.85". */
void zc_page_put_score(zc_page *page, int64_t score);
/* What a RISK rule makes of a score. */
void zc_page_put_thresholds(zc_page *page, const zc_mission *mission, const zc_rule *rule,
                            const char *separator);
/* "hour:Europe/Berlin": a feature as the mission's file has it. */
void zc_page_put_feature(zc_page *page, const zc_mission *mission, const zc_risk_feature *feature);
/* Each risk model: what it is, and what it looks at. */
void zc_page_put_models(zc_page *page, const zc_mission *mission);
/* One described method, and all of them under their heading. */
void zc_page_put_descriptor(zc_page *page, const zc_mission *mission,
                            const zc_descriptor *descriptor, const char *separator);
void zc_page_put_descriptors(zc_page *page, const zc_mission *mission);
/* Feeds, prices, markets, zones, breakers. */
void zc_page_put_sources(zc_page *page, const zc_mission *mission);
/* Whether two scopes say the same, accepted risks aside. */
bool zc_page_same_scope(const zc_mission *mission, const zc_scope *a, const zc_scope *b);

#endif
