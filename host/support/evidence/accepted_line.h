/* One published measurement, as a line: of a signed list (accepted.h) or of the public log
 * (logged.h). */
#ifndef ZC_EVIDENCE_ACCEPTED_LINE_H
#define ZC_EVIDENCE_ACCEPTED_LINE_H

#include "evidence/evidence.h"

#define ZC_ACCEPTED_REGISTERS_MAX 8

typedef struct zc_accepted_line {
    zc_evidence_kind kind;
    int64_t from; /* seconds since 1970; both ends count */
    int64_t to;
    zc_slice label; /* points into the line; shorter than 96 bytes */
    size_t count;
    zc_measurement wanted[ZC_ACCEPTED_REGISTERS_MAX];
} zc_accepted_line;

/* False for anything that is not exactly such a line, names no register that holds the code, or
 * expects a zero. The line has no newline. */
bool zc_accepted_line_read(zc_slice text, zc_accepted_line *ret_line);
/* Whether every register of the line has its value. Times are the caller's. */
bool zc_accepted_line_fits(const zc_accepted_line *line, zc_evidence_kind kind,
                           const zc_measurement *measurements, size_t count);

#endif
