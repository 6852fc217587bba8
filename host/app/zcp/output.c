#include <stdio.h>

#include "invocation.h"
#include "support/reasons.h"

int zc_fail_with(const zc_invocation *invocation, const zc_error *error)
{
    if (invocation->json) {
        zc_error_print_json(stderr, error);
    } else {
        zc_error_print(stderr, "zcp", error);
    }
    return error->exit_code != ZC_EXIT_DONE ? error->exit_code : ZC_EXIT_FAILED;
}

int zc_fail_client(const zc_invocation *invocation, const zcp_error *error)
{
    zc_error edge = {0};
    zc_result set = zc_error_set(&edge, ZC_SUPPORT_IO, error->what, error->why, error->next);
    (void)set;
    if (error->has_offset) {
        zc_error_why(&edge, "%s (at byte %llu)", error->why, (unsigned long long)error->offset);
    }
    edge.exit_code = (int)error->result;
    return zc_fail_with(invocation, &edge);
}

int zc_fail_usage(const zc_invocation *invocation, const char *what, const char *why)
{
    zc_error edge = {0};
    zc_result set = zc_error_set(&edge, ZC_SUPPORT_BAD_ARGUMENT, what, why, "");
    (void)set;
    zc_error_next(&edge, "see `zcp %s --help`", invocation->command->name);
    edge.exit_code = ZC_EXIT_USAGE;
    return zc_fail_with(invocation, &edge);
}
