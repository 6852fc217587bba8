#include "daemon.h"

#include <errno.h>
#include <time.h>

#include "enclave/reasons.h"
#include "support/reason.h"

/* More than core gathers; what is more than this waits for the disk once more. */
#define LOT_BYTES ((size_t)1 << 21)
/* How long the next bytes of a frame are looked for without sleeping, and how often and how long
 * they are waited for. */
#define LOOK_US 40
#define NAPS 4
#define NAP_NS 50000

zc_result zc_link_send(zc_daemon *daemon, const zc_host_message *message, zc_error *error)
{
    zc_stream *link = &daemon->link;
    if (!zc_bytes_reserve(&link->out, ZC_HOST_FRAME_MAX + ZC_FRAME_HEAD)) {
        return zc_error_errno(error, ENOMEM, "cannot speak with the enclave", NULL);
    }
    zc_writer writer =
        zc_writer_of(link->out.data + link->out.len + ZC_FRAME_HEAD, ZC_HOST_FRAME_MAX);
    zc_result written = zc_host_message_write(message, &writer);
    if (!zc_ok(written)) {
        return zc_error_from(error, written, "cannot give the enclave what is stored",
                             "the store holds something that is not this version's");
    }
    zc_frame_head((uint32_t)zc_writer_len(&writer), link->out.data + link->out.len);
    link->out.len += ZC_FRAME_HEAD + zc_writer_len(&writer);
    return ZC_OK;
}

static zc_result on_hello(zc_daemon *daemon, const zc_host_hello *hello, zc_error *error)
{
    memcpy(daemon->pcr0, hello->pcr0, sizeof daemon->pcr0);
    return zc_load_begin(daemon, error);
}

static zc_result on_statement(zc_daemon *daemon, zc_slice statement)
{
    /* Bounded by the message's reader. */
    memcpy(daemon->statement, statement.data, statement.len);
    daemon->statement_len = statement.len;
    daemon->state = ZC_DAEMON_GENESIS;
    return ZC_OK;
}

static zc_result on_serving(zc_daemon *daemon, const zc_host_serving *serving, zc_error *error)
{
    memcpy(daemon->deployment_id, serving->deployment_id, sizeof daemon->deployment_id);
    daemon->has_deployment_id = true;
    daemon->state = daemon->state == ZC_DAEMON_STOPPING ? ZC_DAEMON_STOPPING : ZC_DAEMON_SERVING;
    daemon->served = true;
    daemon->failures = 0;
    daemon->last_error = (zc_error){0};
    daemon->statement_len = 0;
    return zc_keep_deployment(daemon, error);
}

/* What to do about the reasons that a person can do something about. */
static const char *advice(uint16_t code)
{
    switch (code) {
    case ZC_ENCLAVE_ROOT_UNREADABLE:
    case ZC_ENCLAVE_KEY_UNREADABLE:
        return "run the build that this deployment was born with, or start a new one with --dir; "
               "moving keys to another image takes a migration, which this version lacks";
    case ZC_ENCLAVE_WRONG_MISSION:
        return "put back the mission that the log names last; another takes a change by its quorum "
               "(`zcp mission change`)";
    case ZC_ENCLAVE_MISSION_SUPERSEDED:
        return "put the mission that the log changed to into D/mission as HASH.cbor; `zcp audit "
               "tail` names it";
    case ZC_ENCLAVE_BAD_JOURNAL:
    case ZC_ENCLAVE_KEY_WITHOUT_BIRTH:
    case ZC_ENCLAVE_REPLAY_DIFFERS:
        return "`zcp audit verify` finds the place; restore log/journal from a copy of this very "
               "log";
    default:
        return "nothing more is signed until the cause is gone; see `zcp status`";
    }
}

static zc_result on_fatal(const zc_host_fatal *fatal, zc_error *error)
{
    return zc_error_from(error, (zc_result){.code = fatal->code}, "the enclave stopped",
                         advice(fatal->code));
}

static zc_result handle(zc_daemon *daemon, const zc_host_message *message, zc_error *error)
{
    switch (message->type) {
    case ZC_HOST_HELLO:
        return on_hello(daemon, &message->hello, error);
    case ZC_HOST_GENESIS_STATEMENT:
        return on_statement(daemon, message->genesis_statement.statement);
    case ZC_HOST_STORE:
        return zc_keep_take(daemon, &message->store, error);
    case ZC_HOST_SERVING:
        return on_serving(daemon, &message->serving, error);
    case ZC_HOST_FATAL:
        return on_fatal(&message->fatal, error);
    case ZC_HOST_LOST_TAIL_STATEMENT:
        zc_witnesses_wait(daemon, message->genesis_statement.statement);
        return ZC_OK;
    case ZC_HOST_SNAPSHOT_TAKEN:
        zc_snapshot_answered(daemon, &message->snapshot_taken);
        return ZC_OK;
    case ZC_HOST_STOPPED:
        daemon->stopped = true;
        return ZC_OK;
    case ZC_HOST_PHASE:
        return ZC_OK;
    default:
        return zc_error_set(error, ZC_SUPPORT_IO, "cannot follow the enclave",
                            "it sent a message that only the host sends", "restart it");
    }
}

static zc_result acknowledge(zc_daemon *daemon, zc_error *error)
{
    ZC_TRY(zc_keep_commit(daemon, error));
    if (daemon->append_ordinal == daemon->acked_ordinal) {
        return ZC_OK;
    }
    daemon->acked_ordinal = daemon->append_ordinal;
    zc_host_message ack = {.type = ZC_HOST_ACK, .ack = {.ordinal = daemon->acked_ordinal}};
    return zc_link_send(daemon, &ack, error);
}

/* Handles the whole frames that have arrived. Out: how many bytes they were. */
static zc_result handle_arrived(zc_daemon *daemon, size_t *ret_used, zc_error *error)
{
    size_t used = 0;
    for (;;) {
        zc_slice left = zc_slice_of(daemon->link.in.data + used, daemon->link.in.len - used);
        size_t total;
        zc_result peeked = zc_host_frame_peek(left, &total);
        if (zc_is(peeked, ZC_BASE_TRUNCATED) || (zc_ok(peeked) && left.len < total)) {
            break;
        }
        zc_host_message message;
        zc_result read = peeked;
        if (zc_ok(read)) {
            read = zc_host_message_read(
                zc_slice_of(left.data + ZC_FRAME_HEAD, total - ZC_FRAME_HEAD), &message);
        }
        if (!zc_ok(read)) {
            return zc_error_from(error, read, "cannot follow the enclave", "restart it");
        }
        ZC_TRY(handle(daemon, &message, error));
        used += total;
    }
    zc_stream_taken(&daemon->link, used);
    *ret_used = used;
    return ZC_OK;
}

static uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* Reads what comes next of a frame whose beginning is here. Core is sending it at this moment,
 * maybe on another processor: to look for it takes less than to sleep. False: nothing came, or the
 * link has ended, which it says again. */
static bool read_on(zc_stream *link)
{
    static const struct timespec nap = {.tv_nsec = NAP_NS};
    size_t before = link->in.len;
    uint64_t until = now_us() + LOOK_US;
    for (int naps = 0; naps < NAPS; naps++) {
        do {
            if (!zc_stream_read(link)) {
                return false;
            }
        } while (link->in.len == before && now_us() < until);
        if (link->in.len != before) {
            return true;
        }
        (void)nanosleep(&nap, NULL); /* core may need this very processor */
    }
    return false;
}

zc_result zc_link_handle(zc_daemon *daemon, zc_error *error)
{
    size_t used = 0;
    size_t all = 0;
    /* Core sends a lot of entries in one call, and this process wakes at its first bytes. What was
     * read without the rest ends within an entry: the rest is waited for, so that all of it waits
     * for the disk once. */
    do {
        ZC_TRY(handle_arrived(daemon, &used, error));
        all += used;
    } while (all < LOT_BYTES && daemon->link.fd >= 0 && daemon->link.in.len > 0 &&
             read_on(&daemon->link));
    return acknowledge(daemon, error);
}
