/* Children in a sandbox, and how they end. */
#ifndef ZC_TEST_SANDBOXED_H
#define ZC_TEST_SANDBOXED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "nsm_soft/sandbox.h"

/* What a child does once it is inside; `link` is its end of a stream to the test. */
typedef void sandboxed_act(int link);

typedef struct sandboxed {
    pid_t pid;
    int link;      /* the test's end */
    uint32_t bits; /* as zc_sandbox_enter() reported; 0 if it failed */
} sandboxed;

/* Starts a child that enters and then acts; it leaves with 0 after the act, with 99 if it could not
 * enter. `own_pids`: with zc_sandbox_fork() instead of fork(). */
sandboxed sandboxed_start(zc_sandbox_role role, bool own_pids, sandboxed_act *act);
/* Waits for its end and returns the wait status. */
int sandboxed_end(sandboxed *child);
/* Both; −1 for a child that did not get inside. */
int sandboxed_run(zc_sandbox_role role, bool own_pids, sandboxed_act *act);

bool died_of(int status, int signal_number);
bool left_with(int status, int code);

#endif
