/* The linter's parts. Not for users of the module. */
#ifndef ZC_MISSION_LINT_H
#define ZC_MISSION_LINT_H

#include "mission/build.h"

/* Whether all that `inner` covers is in `outer`; exact for what the lists say, and with key
 * patterns compared as texts. */
bool zc_lint_within(const zc_mission *mission, const zc_scope *inner, const zc_scope *outer);

/* lint_rules.c: rules that can't be reached, that contradict others, that never apply. */
void zc_lint_rules(zc_build *build);
/* lint_risk.c: models that nobody asks, and thresholds that no score reaches. */
void zc_lint_risk(zc_build *build);

#endif
