/* What the cases of outside test vectors came to.
 *
 * A case begins, collects problems, and ends: it has passed when there was none. Each failed or
 * skipped case is printed with its file and its name. */
#ifndef ZC_VECTORS_REPORT_H
#define ZC_VECTORS_REPORT_H

#include <stddef.h>

#include "base/slice.h"
#include "support/error.h"

typedef struct zc_report {
    const char *file;  /* as messages name it */
    char name[256];    /* of the current case */
    char problem[512]; /* the first one of the current case; "" so far */
    size_t room;       /* bytes of the scratch memory that the current case holds */
    size_t passed;
    size_t failed;
    size_t skipped;
} zc_report;

typedef enum zc_expect {
    ZC_EXPECT_VALID,
    ZC_EXPECT_INVALID,
    ZC_EXPECT_EITHER, /* implementations may differ, but must not crash or give a wrong output */
} zc_expect;

/* A new case. What zc_report_room() gave to the one before is free again. */
void zc_report_begin(zc_report *report, const char *format, ...) ZC_PRINTF(2, 3);
/* Only the first problem of a case is kept: the others follow from it. */
void zc_report_problem(zc_report *report, const char *format, ...) ZC_PRINTF(2, 3);
/* A problem unless `result` is success; returns whether it is. */
bool zc_report_ok(zc_report *report, const char *what, zc_result result);
/* A problem unless the verdict is what was expected. */
void zc_report_verdict(zc_report *report, zc_expect expect, zc_result result);
/* A problem unless the two are equal. */
void zc_report_bytes(zc_report *report, const char *what, zc_slice got, zc_slice wanted);
void zc_report_u64(zc_report *report, const char *what, uint64_t got, uint64_t wanted);
/* Counts the case. */
void zc_report_end(zc_report *report);
/* Counts it as skipped instead. */
void zc_report_skip(zc_report *report, const char *why);
/* A note about the current case, which stays what it is. */
void zc_report_note(const zc_report *report, const char *text);
/* The whole file counts as one case. */
void zc_report_skip_file(zc_report *report, const char *why);
void zc_report_fail_file(zc_report *report, const char *why);

/* Memory until the next case begins. Ends the program when a case wants more than any should. */
uint8_t *zc_report_room(zc_report *report, size_t len);

#endif
