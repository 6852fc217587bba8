/* What is wrong with a mission file, each finding at its place.
 *
 *     missions/desk.yaml:31:11: error: rules[2].per-transaction: 'USDD' is not an asset of this
 *     mission; did you mean 'USDC'? (assets: ETH, USDC)
 */
#ifndef ZC_MISSION_REPORT_H
#define ZC_MISSION_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "support/error.h"

typedef enum zc_finding_level { ZC_FINDING_ERROR = 1, ZC_FINDING_WARNING = 2 } zc_finding_level;

typedef struct zc_finding {
    zc_finding_level level;
    uint32_t line;   /* from 1 */
    uint32_t column; /* from 1 */
    char path[128];  /* "rules[2].per-transaction"; empty for the file as a whole */
    char text[384];  /* what is wrong, and what is allowed */
} zc_finding;

/* Findings beyond the table are counted, not kept. */
#define ZC_FINDINGS_MAX 100

typedef struct zc_report {
    const char *file; /* as the user named it; lives as long as the report */
    zc_finding finding[ZC_FINDINGS_MAX];
    size_t count;    /* kept */
    size_t errors;   /* found */
    size_t warnings; /* found */
} zc_report;

void zc_report_init(zc_report *report, const char *file);
/* Adds one; the text is cut to its field and shows control characters as '?'. */
void zc_report_add(zc_report *report, zc_finding_level level, size_t line, size_t column,
                   const char *path, const char *format, ...) ZC_PRINTF(6, 7);
/* In the order of the file. */
void zc_report_sort(zc_report *report);
/* One line a finding, as compilers write it. */
void zc_report_print(FILE *out, const zc_report *report);
/* {"file", "errors", "warnings", "findings": [{"level", "line", "column", "path", "text"}]}; NULL
 * when the machine gives no memory. The caller decrefs. */
json_t *zc_report_json(const zc_report *report);

#endif
