/* Progress on a terminal, nothing when piped.
 *
 *     zc_progress progress;
 *     zc_progress_begin(&progress, "checking the log", total);
 *     … zc_progress_at(&progress, done); …
 *     zc_progress_end(&progress);
 *
 * Draws on standard error at most ten times a second, and only once the work has lasted 300 ms. */
#ifndef ZC_SUPPORT_PROGRESS_H
#define ZC_SUPPORT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct zc_progress {
    FILE *out;
    const char *label;
    uint64_t total; /* 0: unknown, only the count is shown */
    uint64_t done;
    uint64_t start_ms;
    uint64_t drawn_ms;
    bool terminal;
    bool drawn;
} zc_progress;

void zc_progress_begin(zc_progress *progress, const char *label, uint64_t total);
/* The same on another stream; `terminal` decides whether anything is drawn. */
void zc_progress_begin_on(zc_progress *progress, FILE *out, bool terminal, const char *label,
                          uint64_t total);
void zc_progress_at(zc_progress *progress, uint64_t done);
/* Takes the line away again. */
void zc_progress_end(zc_progress *progress);

#endif
