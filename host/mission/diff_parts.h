/* A diff on its way. Not for users of the module. */
#ifndef ZC_MISSION_DIFF_PARTS_H
#define ZC_MISSION_DIFF_PARTS_H

#include "mission/diff.h"
#include "support/error.h"

typedef struct zc_diff {
    const zc_mission *old;
    const zc_mission *now;
    zc_change_visit visit;
    void *self;
    bool failed;
} zc_diff;

void zc_diff_tell(zc_diff *diff, zc_change_effect effect, const char *part, const char *name,
                  const char *format, ...) ZC_PRINTF(5, 6);

/* diff_rule.c: two rules of one name and kind. */
void zc_diff_rule(zc_diff *diff, const zc_rule *old, const zc_rule *now);

/* diff_clear_signing.c: the methods that they describe. */
void zc_diff_clear_signing(zc_diff *diff);

/* diff_change.c: who may change the mission. */
void zc_diff_change(zc_diff *diff);

#endif
