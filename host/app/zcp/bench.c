/* `zcp bench` is a program of its own, beside this one: nothing of it is in the command line's way.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>

#include <unistd.h>

#include "commands.h"

const zc_option zc_bench_options[] = {
    {"compare", NULL,
     "also what others offer for the same: p11-kit, ssh-agent, a local HTTPS signer"},
    {"growth", NULL, "also curves: keys, sessions, rules, lists, batches"},
    {"runs", "N", "repeat everything; medians, and how far the repetitions lie apart"},
    {"only", "PATTERN", "just the names that match, as of files: 'enclave.*'"},
    {"html", "FILE", "also a page with the distributions drawn"},
    {0},
};

int zc_run_bench(zc_invocation *invocation)
{
    char program[ZC_PATH_SIZE];
    zc_error error = {0};
    if (zc_beside("zcp-bench", program)) {
        char *arguments[2 * ZC_OPTIONS_MAX + 3] = {program};
        size_t count = 1;
        char json[] = "--json";
        if (invocation->json) {
            arguments[count++] = json;
        }
        char name[ZC_OPTIONS_MAX][32];
        for (size_t i = 0; i < invocation->options; i++) {
            (void)snprintf(name[i], sizeof name[i], "--%s", invocation->name[i]);
            arguments[count++] = name[i];
            if (invocation->value[i] != NULL && invocation->value[i][0] != '\0') {
                /* execv() takes no const, and changes nothing. */
                arguments[count++] = (char *)(uintptr_t)invocation->value[i];
            }
        }
        execv(program, arguments);
    }
    zc_result set = zc_error_errno(&error, errno, "cannot run", "zcp-bench");
    (void)set;
    return zc_fail_with(invocation, &error);
}
