/* How much a mission may hold: what the parser refuses beyond, and the room that the enclave gives
 * it. */
#ifndef ZC_POLICY_MISSION_BOUNDS_H
#define ZC_POLICY_MISSION_BOUNDS_H

#include <stddef.h>
#include <stdint.h>

/* 100,000 addresses and 1,000 rules. The host's link takes less in one frame (wire/limits.h). */
#define ZC_MISSION_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define ZC_MISSION_MAX_PRINCIPALS 64
#define ZC_MISSION_MAX_ASSETS 256
#define ZC_MISSION_MAX_CONTRACTS 1024
#define ZC_MISSION_MAX_RULES 1024
#define ZC_MISSION_MAX_DESCRIPTORS 256
/* Items in the lists of all rules together. */
#define ZC_MISSION_MAX_CHAINS 4096
#define ZC_MISSION_MAX_EVM 131072   /* addresses of 20 bytes */
#define ZC_MISSION_MAX_OTHERS 16384 /* addresses of any other length */
#define ZC_MISSION_MAX_METHODS 4096
#define ZC_MISSION_MAX_KEY_PATTERNS 2048
#define ZC_MISSION_MAX_CONDITIONS 1024
#define ZC_MISSION_MAX_HOURS 1024
#define ZC_MISSION_MAX_DATES 4096
#define ZC_MISSION_MAX_FEEDS 16
#define ZC_MISSION_MAX_MARKETS 256
#define ZC_MISSION_MAX_ZONES 16
#define ZC_MISSION_MAX_TRANSITIONS 4096 /* of all zones together */
#define ZC_MISSION_MAX_BREAKERS 32
#define ZC_MISSION_MAX_RISK_MODELS 2
#define ZC_MISSION_MAX_SCALE 36
#define ZC_BASIS_POINTS 10000
#define ZC_MISSION_MAX_WINDOW_SECONDS UINT32_C(31622400) /* 366 days */
#define ZC_MISSION_MAX_DENIAL_QUOTA 100000
#define ZC_MISSION_MAX_UNACKED 65536
#define ZC_MISSION_MAX_WITNESSES 16
/* Room for a name of mission, principal, organisation, rule or key pattern and its terminator. */
#define ZC_MISSION_NAME_SIZE 64

#endif
