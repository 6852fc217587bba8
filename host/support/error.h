/* An error as people get it at the edge: what failed, why, and what to do next.
 *
 * Host functions that touch the world return a zc_result (for the program) and fill a zc_error (for
 * the person). The constructors return the result, so that a failure is one line:
 *
 *     return zc_error_set(error, ZC_SUPPORT_IO, "read the mission", "it is a folder", "name a
 * file");
 *
 * `error` may be NULL everywhere: then only the result is given. */
#ifndef ZC_SUPPORT_ERROR_H
#define ZC_SUPPORT_ERROR_H

#include <stdio.h>

#include "base/result.h"

/* The exit codes of `zcp` (DESIGN §8). */
typedef enum zc_exit {
    ZC_EXIT_DONE = 0,
    ZC_EXIT_FAILED = 1,
    ZC_EXIT_USAGE = 2,
    ZC_EXIT_DENIED = 3,
    ZC_EXIT_NOT_VERIFIED = 4,
    ZC_EXIT_UNREACHABLE = 5,
    ZC_EXIT_APPROVAL_NEEDED = 6,
} zc_exit;

typedef struct zc_error {
    zc_result result;
    int exit_code;  /* a zc_exit; ZC_EXIT_FAILED unless the caller says otherwise */
    char what[256]; /* what failed: "cannot read var/mission.yaml" */
    char why[256];  /* why: "there is no such file" */
    char next[256]; /* what to do next, an imperative: "name a mission with --mission FILE" */
} zc_error;

#define ZC_PRINTF(at, first) __attribute__((format(printf, at, first)))

/* Fills all three parts. What does not fit is cut, with "…" at its end. Returns `code`. */
zc_result zc_error_set(zc_error *error, int code, const char *what, const char *why,
                       const char *next);
/* The same with a result of another module: `why` is the module's own text (support/reason.h). */
zc_result zc_error_from(zc_error *error, zc_result result, const char *what, const char *next);
/* The same from errno: chooses the code (NOT_FOUND, NO_PERMISSION, DISK_FULL, EXISTS, IO), the text
 * and, for the usual ones, the advice. `what` is "cannot open", `path` may be NULL. */
zc_result zc_error_errno(zc_error *error, int number, const char *what, const char *path);
/* The same with printf formats for the parts that vary; they rewrite one part of an error. */
void zc_error_what(zc_error *error, const char *format, ...) ZC_PRINTF(2, 3);
void zc_error_why(zc_error *error, const char *format, ...) ZC_PRINTF(2, 3);
void zc_error_next(zc_error *error, const char *format, ...) ZC_PRINTF(2, 3);
/* Sets the exit code and returns the error's result. */
zc_result zc_error_exit(zc_error *error, zc_exit exit_code);

/* One line for people: "zcp: what: why. Next." `program` is "zcp" or "zcpd". Control characters in
 * the parts are shown as '?': an error never drives the terminal. */
void zc_error_print(FILE *out, const char *program, const zc_error *error);
/* One line of JSON: {"error": {"what", "why", "next", "reason", "exit"}}. */
void zc_error_print_json(FILE *out, const zc_error *error);

#endif
