/* `zcp approvals` and `zcp approve`: what the mission's rules hold back until people say yes. What
 * an approver reads here the enclave wrote, over the approver's own attested session. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit_text.h"
#include "commands.h"
#include "duration.h"
#include "support/json.h"

#define LIST_MAX 64
#define TEXT_MAX 65536

const zc_option zc_approve_options[] = {
    {"valid", "TIME", "how long the approval holds, such as 5m (default: as long as it may)"},
    {NULL, NULL, NULL},
};

static json_t *review_json(const zcp_review *review, const char *text)
{
    json_t *out = json_object();
    bool made = out != NULL && zc_json_set_u64(out, "id", review->entry) &&
                zc_json_set_hex(out, "leaf", ZC_SLICE_OF_ARRAY(review->leaf)) &&
                zc_json_set_text(out, "principal", review->principal) &&
                zc_json_set_text(out, "key", review->key) &&
                zc_json_set_text(out, "rule", review->rule) &&
                zc_json_set_u64(out, "created_ms", review->created_ms) &&
                zc_json_set_u64(out, "approvals", review->have) &&
                zc_json_set_u64(out, "needed", review->needed) &&
                zc_json_set_bool(out, "approved", review->approved) &&
                zc_json_set_u64(out, "valid_ms", review->valid_ms) &&
                (text == NULL || zc_json_set_text(out, "text", text));
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static bool print_json(const zcp_review *review, const char *text)
{
    json_t *out = review_json(review, text);
    bool printed = out != NULL && zc_json_print(stdout, out);
    json_decref(out);
    return printed;
}

static void print_line(const zcp_review *review)
{
    char when[32];
    zc_audit_time_text(review->created_ms, when);
    (void)printf("%8" PRIu64 "  %s  %s with %s, rule %s: %s (%u of %u)%s\n", review->entry, when,
                 review->principal, review->key, review->rule,
                 review->approved ? "approved" : "waits", review->have, review->needed,
                 review->valid_ms > 0 ? ", you may approve" : "");
}

static int list(const zc_invocation *invocation, zcp_session *session)
{
    static zcp_review reviews[LIST_MAX];
    size_t count = 0;
    uint64_t total = 0;
    zcp_error error;
    if (zcp_review_list(session, 0, reviews, LIST_MAX, &count, &total, &error) != ZCP_OK) {
        return zc_fail_client(invocation, &error);
    }
    for (size_t i = 0; i < count; i++) {
        if (!invocation->json) {
            print_line(&reviews[i]);
        } else if (!print_json(&reviews[i], NULL)) {
            return ZC_EXIT_FAILED;
        }
    }
    if (count == 0 && !invocation->json) {
        (void)puts("Nothing waits for an approval.");
    }
    return ZC_EXIT_DONE;
}

/* The id of the command line; false after a usage error was told. */
static bool read_id(const zc_invocation *invocation, uint64_t *ret_id, int *ret_code)
{
    char *end = NULL;
    const char *text = invocation->argument[0];
    unsigned long long id = strtoull(text, &end, 10);
    if (end == text || *end != '\0') {
        *ret_code = zc_fail_usage(invocation, "cannot find the request",
                                  "ID is the number that `zcp approvals` shows first");
        return false;
    }
    *ret_id = id;
    return true;
}

static int show(const zc_invocation *invocation, zcp_session *session)
{
    static char text[TEXT_MAX];
    uint64_t id = 0;
    int code = ZC_EXIT_DONE;
    zcp_review review;
    zcp_error error;
    if (!read_id(invocation, &id, &code)) {
        return code;
    }
    if (zcp_review_status(session, id, &review, text, sizeof text, &error) != ZCP_OK) {
        return zc_fail_client(invocation, &error);
    }
    if (invocation->json) {
        return print_json(&review, text) ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
    }
    print_line(&review);
    (void)fputs(text, stdout);
    return ZC_EXIT_DONE;
}

int zc_run_approvals(zc_invocation *invocation)
{
    zcp_session *session;
    int code = zc_session_open(invocation, &session);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    code = invocation->arguments == 0 ? list(invocation, session) : show(invocation, session);
    zcp_close(session);
    return code;
}

static int print_approved(const zc_invocation *invocation, const zcp_review *review,
                          const char *text, uint64_t entry)
{
    if (!invocation->json) {
        (void)fputs(text, stdout);
        (void)printf("Approved (log entry %" PRIu64 "): %u of %u approvals. %s\n", entry,
                     review->have, review->needed,
                     review->approved ? "Whoever asked may ask again, once." : "More are needed.");
        return ZC_EXIT_DONE;
    }
    json_t *out = review_json(review, text);
    bool printed =
        out != NULL && zc_json_set_u64(out, "entry", entry) && zc_json_print(stdout, out);
    json_decref(out);
    return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

static int approve(const zc_invocation *invocation, zcp_session *session, uint64_t id,
                   uint64_t valid_ms)
{
    static char text[TEXT_MAX];
    zcp_review review;
    uint64_t entry = 0;
    zcp_error error;
    zcp_result done = zcp_review_status(session, id, &review, text, sizeof text, &error);
    done = done == ZCP_OK ? zcp_approve(session, &review, valid_ms, &entry, &error) : done;
    done = done == ZCP_OK ? zcp_review_status(session, id, &review, NULL, 0, &error) : done;
    return done == ZCP_OK ? print_approved(invocation, &review, text, entry)
                          : zc_fail_client(invocation, &error);
}

int zc_run_approve(zc_invocation *invocation)
{
    zcp_session *session;
    uint64_t id = 0;
    uint64_t valid_ms = 0;
    int code = ZC_EXIT_DONE;
    const char *valid = zc_option_value(invocation, "valid");
    if (!read_id(invocation, &id, &code)) {
        return code;
    }
    if (valid != NULL && !zc_duration_ms(valid, &valid_ms)) {
        return zc_fail_usage(invocation, "cannot approve",
                             "--valid wants a number and s, m, h or d, such as 5m");
    }
    code = zc_session_open(invocation, &session);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    code = approve(invocation, session, id, valid_ms);
    zcp_close(session);
    return code;
}
