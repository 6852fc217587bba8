/* The compiler's state, shared by its parts. Not for users of the module. */
#ifndef ZC_MISSION_BUILD_H
#define ZC_MISSION_BUILD_H

#include "mission/compile.h"
#include "mission/document.h"
#include "mission/words.h"
#include "policy/build.h"
#include "policy/mission.h"

typedef struct zc_build {
    const zc_mission_source *source;
    bool checking; /* local keys may be absent */
    zc_document document;
    zc_report *report;
    zc_mission mission;
    /* Where each stands in the file. */
    zc_place principal_at[ZC_MISSION_MAX_PRINCIPALS];
    zc_place rule_at[ZC_MISSION_MAX_RULES];
    zc_place model_at[ZC_MISSION_MAX_RISK_MODELS];
} zc_build;

/* The longest name that a rule of the file has; its limits' names are made from it. */
#define ZC_RULE_NAME_SIZE 33

/* Sections, in the order in which they are read. */
void zc_build_principals(zc_build *build, const zc_place *root);
void zc_build_quorum(zc_build *build, const zc_place *root);
void zc_build_assets(zc_build *build, const zc_place *root);
void zc_build_contracts(zc_build *build, const zc_place *root, const char *section);
void zc_build_audit(zc_build *build, const zc_place *root);
/* Who may put another mission in this one's place, and after what delay. Principals were read. */
void zc_build_change(zc_build *build, const zc_place *root);
/* Clear-signing files (erc7730.h). */
void zc_build_clear_signing(zc_build *build, const zc_place *root);
/* Reference, feeds, prices, markets, breakers, what a halt lets pass. Assets were read. */
void zc_build_sources(zc_build *build, const zc_place *root);
/* The zone of this name, with the clock changes that this machine's database knows. */
bool zc_build_zone(zc_build *build, const zc_place *place, zc_slice name, uint16_t *ret_zone);
/* What rules of kind 'hours' and 'review' have, and the conditions of any. */
void zc_build_hours(zc_build *build, const zc_place *value, zc_rule *rule);
void zc_build_panel(zc_build *build, const zc_place *value, zc_rule *rule);
/* Principals in a list, as bits. */
void zc_build_seats(zc_build *build, const zc_place *list, uint64_t *ret_principals);
void zc_build_conditions(zc_build *build, const zc_place *value, zc_rule *rule);
/* Risk models; and what a rule of kind 'risk' has. */
void zc_build_models(zc_build *build, const zc_place *root);
void zc_build_thresholds(zc_build *build, const zc_place *value, zc_rule *rule);
void zc_build_rules(zc_build *build, const zc_place *root);
/* The lines of a rule's `limits`: one rule each, over the scope of `rule`. */
void zc_build_limits(zc_build *build, const zc_place *limits, const zc_rule *rule);
/* Fills all of a rule's scope. `kind` decides what may be left out. */
void zc_build_scope(zc_build *build, const zc_place *place, zc_rule_kind kind,
                    const zc_place *operations, zc_scope *scope);
/* Appends a copy of a rule; reports an error when there are too many. */
void zc_build_add_rule(zc_build *build, const zc_place *place, const zc_rule *rule);

/* Warns about what is odd in a mission without errors. */
void zc_build_lint(zc_build *build);

/* The path of a file beside the mission, or in a folder there: what is compiled is what was handed
 * out with it. Else reports `advice` as an error. */
bool zc_build_file_path(const zc_build *build, const zc_place *place, const char *advice,
                        char *ret_path, size_t size);

/* Names of what the mission has so far. */
zc_words zc_build_principal_words(const zc_build *build);
zc_words zc_build_asset_words(const zc_build *build);
zc_words zc_build_contract_words(const zc_build *build);
zc_words zc_build_feed_words(const zc_build *build);
zc_words zc_build_market_words(const zc_build *build);
/* The index of a name; reports an error when there is none. */
bool zc_build_pick(const zc_place *place, zc_slice name, const zc_words *words, const char *what,
                   uint16_t *ret_index);
/* -1 when there is none. */
int zc_build_find(const zc_words *words, zc_slice name);

#endif
