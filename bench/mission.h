/* Missions as firms have them, of any number of rules. */
#ifndef ZC_BENCH_MISSION_H
#define ZC_BENCH_MISSION_H

#include "policy/mission.h"

/* Rules of one desk; missions consist of whole desks. */
#define ZC_BENCH_DESK_RULES 10
#define ZC_BENCH_USDC_RULE 1 /* the first desk's allow of USDC transfers */
/* Principals of a mission: the first has every role, the others sign. Desk i is principal i modulo
 * this, with keys of its own. */
#define ZC_BENCH_PRINCIPALS 50

typedef struct zc_bench_mission_size {
    size_t desks;
    size_t counterparties; /* of each desk, listed in two rules; the recipient of requests is one */
    size_t forbidden;      /* contracts of each desk, none of them called */
} zc_bench_mission_size;

#define ZC_BENCH_DESKS(count) (&(const zc_bench_mission_size){(count), 4, 8})

/* Each desk may sign messages, send USDC and ETH to its counterparties, and has limits for each
 * transaction, for each rolling minute and for the pace, forbidden contracts and permitted chains.
 * The limits never deny what the benchmark asks. `first` is the first principal's credential.
 * Errors: those of zc_signer_generate(), zc_mission_write() and zc_mission_parse().
 * Out: the parsed mission, and its compiled form in `writer`. */
ZC_MUST_USE zc_result zc_bench_mission(const zc_bench_mission_size *size,
                                       const uint8_t first[static 32], zc_writer *writer,
                                       zc_mission *ret_mission);

/* "desk00-orders" for desk 0. */
#define ZC_BENCH_KEY_PREFIX "desk00-"

#endif
