#include <stdio.h>

#include "invocation.h"
#include "support/json.h"
#include "support/reasons.h"

int zc_output_end(const zc_invocation *invocation, int code)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0) {
        return code;
    }
    zc_error error = {0};
    zc_result set = zc_error_set(&error, ZC_SUPPORT_IO, "cannot write to standard output",
                                 "what was to be shown did not get there whole",
                                 "free some space, or send it elsewhere");
    (void)set;
    int failed = zc_fail_with(invocation, &error);
    return code == ZC_EXIT_DONE ? failed : code;
}

int zc_fail_with(const zc_invocation *invocation, const zc_error *error)
{
    if (invocation->json) {
        zc_error_print_json(stderr, error);
    } else {
        zc_error_print(stderr, "zcp", error);
    }
    return error->exit_code != ZC_EXIT_DONE ? error->exit_code : ZC_EXIT_FAILED;
}

int zc_fail_named(const zc_invocation *invocation, const zc_error *error, const char *reason)
{
    if (!invocation->json) {
        return zc_fail_with(invocation, error);
    }
    json_t *parts = json_object();
    json_t *out = json_object();
    bool made = parts != NULL && out != NULL && zc_json_set_text(parts, "what", error->what) &&
                zc_json_set_text(parts, "why", error->why) &&
                zc_json_set_text(parts, "next", error->next) &&
                zc_json_set_text(parts, "reason", reason != NULL ? reason : "") &&
                zc_json_set(parts, "exit", json_integer(error->exit_code));
    made = zc_json_set(out, "error", parts) && made && zc_json_print(stderr, out);
    json_decref(out);
    return made && error->exit_code != ZC_EXIT_DONE ? error->exit_code : ZC_EXIT_FAILED;
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
    return zc_fail_named(invocation, &edge, error->reason);
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
