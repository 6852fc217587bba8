/* Tests of a mission: a list of requests, each with the answer that is expected (docs/mission.md,
 * "Testing a mission"). The requests go through the decoders and the policy engine that the enclave
 * itself runs, each case on a state of its own in which nothing was spent. */
#ifndef ZC_MISSION_TEST_H
#define ZC_MISSION_TEST_H

#include "mission/report.h"
#include "policy/mission.h"

/* The longest file of cases, and how often one earlier request may be repeated. */
#define ZC_TEST_FILE_MAX ((size_t)1 << 20)
#define ZC_TEST_MAX_TIMES 10000

/* What a case came to. The texts live during the call. */
typedef struct zc_test_verdict {
    const char *name;
    uint32_t line;
    bool passed;
    const char *answer;  /* "allow", "deny", "review", or "refused": no decoder reads it */
    const char *rule;    /* what settled it; "" for none */
    uint16_t reason;     /* 0 where there is none */
    const char *numbers; /* "6,000 USDC against 5,000 USDC"; "" for none */
    const char *why;     /* why it did not pass; "" */
} zc_test_verdict;

typedef void (*zc_test_visit)(void *self, const zc_test_verdict *verdict);

typedef struct zc_test_run {
    const zc_mission *mission;
    zc_slice cases; /* YAML */
    zc_test_visit visit;
    void *self;
} zc_test_run;

typedef struct zc_test_summary {
    size_t cases;
    size_t failed;
    bool settled[ZC_MISSION_MAX_RULES]; /* rules that settled a decision of some case */
} zc_test_summary;

/* Runs all cases in order; `visit` hears of each that could be read. Cases that could not be read
 * are findings of the report, and fail. Errors: ZC_MISSION_NOT_YAML, ZC_MISSION_FAULTY,
 * ZC_MISSION_NO_MEMORY; the summary holds what was run until then. */
ZC_MUST_USE zc_result zc_mission_test(const zc_test_run *run, zc_report *report,
                                      zc_test_summary *ret_summary);

#endif
