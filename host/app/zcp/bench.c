/* `zcp bench` is a program of its own, beside this one: nothing of it is in the command line's way.
 */
#include <errno.h>
#include <unistd.h>

#include "commands.h"

int zc_run_bench(zc_invocation *invocation)
{
    char program[ZC_PATH_SIZE];
    zc_error error = {0};
    if (zc_beside("zcp-bench", program)) {
        char json[] = "--json";
        char *arguments[] = {program, invocation->json ? json : NULL, NULL};
        execv(program, arguments);
    }
    zc_result set = zc_error_errno(&error, errno, "cannot run", "zcp-bench");
    (void)set;
    return zc_fail_with(invocation, &error);
}
