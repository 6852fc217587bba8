/* `zcp feed` and `zcp revoke`: what changes the policy's state without asking for a signature. */
#include <inttypes.h>
#include <stdio.h>

#include "base/reader.h"
#include "commands.h"
#include "enclave/replay.h"
#include "support/json.h"

/* A message, its signature, and what is around them. */
#define FEED_FILE_MAX 65536

static int print_entry(const zc_invocation *invocation, const char *text, uint64_t entry)
{
    if (!invocation->json) {
        (void)printf("%s (log entry %" PRIu64 ")\n", text, entry);
        return ZC_EXIT_DONE;
    }
    json_t *out = json_object();
    bool printed =
        out != NULL && zc_json_set_u64(out, "entry", entry) && zc_json_print(stdout, out);
    json_decref(out);
    return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

static int read_input(const zc_invocation *invocation, zc_bytes *ret_bytes)
{
    zc_error error = {0};
    const char *path = invocation->arguments > 0 ? invocation->argument[0] : "-";
    if (strcmp(path, "-") == 0) {
        path = "/dev/stdin";
    }
    return zc_ok(zc_file_read(path, FEED_FILE_MAX, ret_bytes, &error))
               ? ZC_EXIT_DONE
               : zc_fail_with(invocation, &error);
}

int zc_run_feed(zc_invocation *invocation)
{
    ZC_BYTES zc_bytes input = {0};
    zc_feed_group signed_words;
    zcp_session *session;
    uint64_t entry = 0;
    zcp_error error;
    int code = read_input(invocation, &input);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    if (!zc_ok(zc_feed_group_read(zc_bytes_slice(&input), &signed_words))) {
        return zc_fail_usage(invocation, "cannot use the feed's message",
                             "the file wants to be CBOR: [message, signature of 64 bytes]");
    }
    code = zc_session_open(invocation, &session);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    zcp_result fed = zcp_feed(session, signed_words.message.data, signed_words.message.len,
                              signed_words.signature, &entry, &error);
    zcp_close(session);
    return fed == ZCP_OK ? print_entry(invocation, "Taken", entry)
                         : zc_fail_client(invocation, &error);
}

static int revoke(zc_invocation *invocation, zcp_revocable kind)
{
    zcp_session *session;
    uint64_t entry = 0;
    zcp_error error;
    int code = zc_session_open(invocation, &session);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    zcp_result revoked = zcp_revoke(session, kind, invocation->argument[0], &entry, &error);
    zcp_close(session);
    return revoked == ZCP_OK ? print_entry(invocation, "Revoked", entry)
                             : zc_fail_client(invocation, &error);
}

int zc_run_revoke_principal(zc_invocation *invocation)
{
    return revoke(invocation, ZCP_REVOKE_PRINCIPAL);
}

int zc_run_revoke_rule(zc_invocation *invocation)
{
    return revoke(invocation, ZCP_REVOKE_RULE);
}
