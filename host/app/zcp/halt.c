#include <stdio.h>

#include "commands.h"
#include "support/json.h"

const zc_option zc_halt_options[] = {
    {"reason", "TEXT", "goes into the log"},
    {NULL, NULL, NULL},
};

static int answer(const zc_invocation *invocation, zcp_result result, uint64_t entry,
                  const char *text, const zcp_error *error)
{
    if (result != ZCP_OK) {
        return zc_fail_client(invocation, error);
    }
    if (invocation->json) {
        (void)printf("{\"entry\": %llu}\n", (unsigned long long)entry);
    } else {
        (void)printf("%s (log entry %llu)\n", text, (unsigned long long)entry);
    }
    return ZC_EXIT_DONE;
}

int zc_run_halt(zc_invocation *invocation)
{
    zcp_session *session;
    int code = zc_session_open(invocation, &session);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    uint64_t entry = 0;
    zcp_error error;
    zcp_result halted = zcp_halt(session, zc_option_value(invocation, "reason"), &entry, &error);
    zcp_close(session);
    return answer(invocation, halted, entry, "Halted: nothing is signed until `zcp resume`",
                  &error);
}

int zc_run_resume(zc_invocation *invocation)
{
    zcp_session *session;
    int code = zc_session_open(invocation, &session);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    uint64_t entry = 0;
    zcp_error error;
    zcp_result resumed = zcp_resume(session, &entry, &error);
    zcp_close(session);
    return answer(invocation, resumed, entry, "Signing goes on", &error);
}
