/* Who decides what a made log records: a desk that pays, under a mission of its own, by the engine
 * that the enclave has. So the log can be decided again (`zcp audit replay`). */
#ifndef ZC_BENCH_MADE_DESK_H
#define ZC_BENCH_MADE_DESK_H

#include "made_log.h"
#include "policy/policy.h"

typedef struct zc_made_desk {
    zc_made_decider decider;
    zc_mission mission;
    zc_policy_state policy;
    zc_intent intent;
    uint8_t principal[256];
    uint8_t intent_bytes[ZC_AUDIT_OPENING_MAX];
    uint8_t rule[512];
    char state[128];
    uint64_t nonce;
} zc_made_desk;

/* Compiles the desk's mission, with this founder, and writes it to `dir` as mission.yaml and
 * mission.cbor. The desk is large: give it static storage. Errors: those of compiling and of
 * writing files. */
ZC_MUST_USE zc_result zc_made_desk_open(zc_made_desk *desk, const char *dir,
                                        const uint8_t founder[static 32], uint64_t entry_ms);

#endif
