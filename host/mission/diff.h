/* What another mission would change, in plain words: who may do more, and who less. Both are read
 * in their compiled form, by name: a rule, principal or asset that got another name was taken away
 * and added. */
#ifndef ZC_MISSION_DIFF_H
#define ZC_MISSION_DIFF_H

#include "policy/mission.h"
#include "support/bytes.h"

typedef enum zc_change_effect {
    ZC_CHANGE_NEITHER = 0, /* or nobody can tell from the two lists alone */
    ZC_CHANGE_WIDER = 1,   /* something that was refused may be allowed now */
    ZC_CHANGE_NARROWER = 2,
} zc_change_effect;

typedef struct zc_change {
    zc_change_effect effect;
    const char *part; /* "rule", "principal", "asset", "contract", "clear-signing", "quorum",
                         "audit", "mission" */
    const char *name; /* of the part; "" where there is only one */
    const char *text; /* "limit raised: 5,000 USDC → 6,000 USDC" */
} zc_change;

/* The texts live during the call. */
typedef void (*zc_change_visit)(void *self, const zc_change *change);

/* Visits each change: mission, principals, quorum, assets, contracts, rules, log. False when the
 * machine gave no memory. */
bool zc_mission_diff(const zc_mission *old, const zc_mission *new_one, zc_change_visit visit,
                     void *self);

/* "wider", "narrower", or "changed" */
const char *zc_change_effect_name(zc_change_effect effect);

#endif
