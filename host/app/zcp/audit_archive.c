/* `zcp audit archive --to PLACE`: a copy of the log where nobody can change it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/hex.h"
#include "commands.h"
#include "crypto/hash.h"
#include "log/archive.h"
#include "support/json.h"
#include "support/reasons.h"

#define LOCK_DAYS_MAX 36500UL

const zc_option zc_audit_archive_options[] = {
    {"to", "PLACE", "a folder, s3://BUCKET/PREFIX, nats://HOST:PORT/STREAM or tls://…"},
    {"endpoint", "URL", "the S3 server (default: AWS's of the region)"},
    {"region", "REGION", "its region (default: $AWS_REGION, else us-east-1)"},
    {"lock-days", "NUMBER", "object lock in compliance mode for so many days"},
    {"credentials", "FILE", "keys of the place (default: the environment's)"},
    {"ca", "PEM", "tls: the server's authorities (default: the machine's)"},
    {"client-cert", "PEM", "tls: the chain that is shown to the server"},
    {"client-key", "PEM", "tls: its key, which nobody else may read"},
    {"again", NULL, "read and compare the whole copy, not what is new alone"},
    {"f", NULL, "go on as the log grows"},
    {NULL, NULL, NULL},
};

static bool lock_days(const zc_invocation *invocation, uint32_t *ret_days)
{
    const char *text = zc_option_value(invocation, "lock-days");
    char *end = NULL;
    unsigned long days = text == NULL ? 0 : strtoul(text, &end, 10);
    *ret_days = (uint32_t)days;
    return text == NULL || (*text >= '1' && *text <= '9' && *end == '\0' && days <= LOCK_DAYS_MAX);
}

static zc_result open_store(const zc_invocation *invocation, uint32_t days,
                            zc_archive_store *ret_store, zc_error *error)
{
    const char *place = zc_option_value(invocation, "to");
    const char *credentials = zc_option_value(invocation, "credentials");
    if (strncmp(place, "nats://", 7) == 0 || strncmp(place, "tls://", 6) == 0) {
        const zc_archive_nats options = {.place = place,
                                         .credentials = credentials,
                                         .ca = zc_option_value(invocation, "ca"),
                                         .certificate = zc_option_value(invocation, "client-cert"),
                                         .key = zc_option_value(invocation, "client-key")};
        return zc_archive_nats_open(&options, ret_store, error);
    }
    if (strncmp(place, "s3://", 5) != 0) {
        return zc_archive_folder(place, ret_store, error);
    }
    const char *region = zc_option_value(invocation, "region");
    const char *usual = getenv("AWS_REGION");
    zc_archive_s3 options = {.place = place,
                             .endpoint = zc_option_value(invocation, "endpoint"),
                             .region = region != NULL  ? region
                                       : usual != NULL ? usual
                                                       : "us-east-1",
                             .lock_days = days,
                             .credentials = credentials};
    return zc_archive_s3_open(&options, ret_store, error);
}

/* D/log/archive-<hash of the place>.json */
static bool state_path(const zc_invocation *invocation, const zc_archive_store *store,
                       char ret_path[static ZC_PATH_SIZE])
{
    uint8_t hash[32];
    char hex[2 * 8 + 1];
    char name[64];
    zc_sha256(zc_slice_of_text(store->name), hash);
    zc_hex_encode(zc_slice_of(hash, 8), hex);
    (void)snprintf(name, sizeof name, "log/archive-%s.json", hex);
    return zc_in_dir(invocation, name, ret_path);
}

static bool say(const zc_invocation *invocation, const zc_archived *archived)
{
    if (!invocation->json) {
        (void)printf(
            "%llu entries in the copy, %llu bytes; %llu objects written and read back, %llu "
            "compared that were there\n",
            (unsigned long long)archived->entries, (unsigned long long)archived->bytes,
            (unsigned long long)archived->objects_written,
            (unsigned long long)archived->objects_compared);
        return fflush(stdout) == 0;
    }
    json_t *out = json_object();
    bool printed = out != NULL && zc_json_set_u64(out, "entries", archived->entries) &&
                   zc_json_set_u64(out, "bytes", archived->bytes) &&
                   zc_json_set_u64(out, "written", archived->objects_written) &&
                   zc_json_set_u64(out, "compared", archived->objects_compared) &&
                   zc_json_print(stdout, out) && fflush(stdout) == 0;
    json_decref(out);
    return printed;
}

/* Once, or once a second until a signal; then only what is new is told. */
static int run(const zc_invocation *invocation, const zc_archive_store *store,
               zc_archive_options *options)
{
    bool follow = zc_option_given(invocation, "f");
    struct timespec second = {.tv_sec = 1};
    for (bool first = true;; first = false) {
        zc_archived archived = {0};
        zc_error error = {0};
        zc_result done = zc_archive_run(store, options, &archived, &error);
        if (!zc_ok(done)) {
            error.exit_code = zc_is(done, ZC_LOG_COPY_DIFFERS) || zc_is(done, ZC_LOG_NOT_HELD)
                                  ? ZC_EXIT_NOT_VERIFIED
                              : zc_is(done, ZC_LOG_UNREACHABLE) ? ZC_EXIT_UNREACHABLE
                                                                : error.exit_code;
            return zc_fail_with(invocation, &error);
        }
        options->again = false;
        if ((first || archived.objects_written > 0) && !say(invocation, &archived)) {
            return ZC_EXIT_FAILED;
        }
        if (!follow) {
            return ZC_EXIT_DONE;
        }
        (void)nanosleep(&second, NULL);
    }
}

int zc_run_audit_archive(zc_invocation *invocation)
{
    char journal[ZC_PATH_SIZE];
    char checkpoint[ZC_PATH_SIZE];
    char state[ZC_PATH_SIZE];
    zc_archive_store store = {0};
    zc_error error = {0};
    uint32_t days = 0;
    if (zc_option_value(invocation, "to") == NULL || !lock_days(invocation, &days)) {
        return zc_fail_usage(invocation, "cannot read the command line",
                             "--to PLACE is wanted; --lock-days is a number of days");
    }
    /* A server that hangs up is an error, not this program's end. */
    (void)signal(SIGPIPE, SIG_IGN);
    zc_result opened = open_store(invocation, days, &store, &error);
    if (!zc_ok(opened)) {
        error.exit_code = zc_is(opened, ZC_LOG_NOT_HELD)           ? ZC_EXIT_NOT_VERIFIED
                          : zc_is(opened, ZC_LOG_UNREACHABLE)      ? ZC_EXIT_UNREACHABLE
                          : zc_is(opened, ZC_SUPPORT_BAD_ARGUMENT) ? ZC_EXIT_USAGE
                                                                   : error.exit_code;
        return zc_fail_with(invocation, &error);
    }
    if (!zc_in_dir(invocation, "log/journal", journal) ||
        !zc_in_dir(invocation, "log/checkpoint", checkpoint) ||
        !state_path(invocation, &store, state)) {
        zc_archive_close(&store);
        return zc_fail_usage(invocation, "cannot read the log", "the path is too long");
    }
    zc_archive_options options = {.journal = journal,
                                  .checkpoint = checkpoint,
                                  .state = state,
                                  .again = zc_option_given(invocation, "again")};
    int code = run(invocation, &store, &options);
    zc_archive_close(&store);
    return code;
}
