#include "client/internal.h"

#include <stdio.h>

#include "support/reason.h"

void zc_copy_text(char *ret_text, size_t capacity, zc_slice text)
{
    size_t len = text.len < capacity - 1 ? text.len : capacity - 1;
    if (len > 0) {
        memcpy(ret_text, text.data, len);
    }
    ret_text[len] = '\0';
}

zcp_result zc_report(zcp_error *error, zcp_result result, const char *what, const char *why,
                     const char *next)
{
    if (error != NULL) {
        *error = (zcp_error){.result = result};
        zc_copy_text(error->what, sizeof error->what, zc_slice_of_text(what));
        zc_copy_text(error->why, sizeof error->why, zc_slice_of_text(why));
        zc_copy_text(error->next, sizeof error->next, zc_slice_of_text(next));
    }
    return result;
}

zcp_result zc_report_code(zcp_error *error, zcp_result result, uint16_t code, const char *what,
                          const char *next)
{
    zc_report(error, result, what, zc_reason_code_text(code), next);
    if (error != NULL) {
        zc_copy_text(error->reason, sizeof error->reason,
                     zc_slice_of_text(zc_reason_code_name(code)));
    }
    return result;
}

zcp_result zc_report_edge(zcp_error *error, const zc_error *from)
{
    zcp_result result = from->exit_code == ZC_EXIT_DONE ? ZCP_FAILED : (zcp_result)from->exit_code;
    zc_report(error, result, from->what, from->why, from->next);
    if (error != NULL) {
        zc_copy_text(error->reason, sizeof error->reason,
                     zc_slice_of_text(zc_reason_name(from->result)));
    }
    return result;
}

zcp_result zc_report_lost(zcp_error *error, const char *why)
{
    return zc_report(error, ZCP_UNREACHABLE, "lost the enclave", why,
                     "see `zcp status`; start it with `zcp up`");
}
