/* zcpd, the host daemon: keeps what the enclave emits and gives it back at the next start. Trusted
 * by nobody.
 *
 * One process, one loop over poll(): the host link to core, the control socket, and the clock. It
 * starts zcp-enclave, and starts it again when it ends. What it acknowledges is on disk. */
#ifndef ZC_ZCPD_DAEMON_H
#define ZC_ZCPD_DAEMON_H

#include <sys/types.h>
#include <time.h>

#include "keys/seal_snapshot.h"
#include "log/publish.h"
#include "log/serve.h"
#include "support/bytes.h"
#include "support/error.h"
#include "support/file.h"
#include "support/journal.h"
#include "support/reasons.h"
#include "support/store.h"
#include "wire/hostlink.h"

#define ZC_CONTROL_CLIENTS 16
#define ZC_CONTROL_LINE 65536

typedef enum zc_daemon_state {
    ZC_DAEMON_STARTING = 1,
    ZC_DAEMON_GENESIS,   /* a new deployment waits for its founders */
    ZC_DAEMON_WITNESSES, /* a boot waits for the witnesses' cosignatures */
    ZC_DAEMON_SERVING,
    ZC_DAEMON_FAILED, /* the last start ended with an error; it is tried again */
    ZC_DAEMON_STOPPING,
} zc_daemon_state;

/* A non-blocking stream with what is still to be sent and what has arrived. */
typedef struct zc_stream {
    int fd; /* −1: closed */
    zc_bytes in;
    zc_bytes out;
} zc_stream;

/* A snapshot whose pieces are arriving. */
typedef struct zc_incoming_snapshot {
    bool open;
    zc_snapshot_head head; /* of its last piece */
    uint64_t last_at;      /* the last entry that it covers: where in the journal */
    uint64_t end_at;
    zc_bytes file;
} zc_incoming_snapshot;

typedef struct zc_daemon {
    char dir[ZC_PATH_SIZE];
    char enclave_program[ZC_PATH_SIZE];
    char platform[16]; /* D/platform/kind: "local", "qemu" */
    zc_daemon_state state;
    int lock_fd;
    int listen_fd;  /* D/run/enclave.sock: handed to each enclave, kept across its restarts */
    int control_fd; /* D/run/zcpd.sock */
    int stop_fd;    /* readable once a signal asks to stop, or a child has ended */
    zc_stream control[ZC_CONTROL_CLIENTS];
    zc_daemon_state told; /* the state that waiting questions were last looked at in */

    pid_t enclave; /* 0: none */
    zc_stream link;
    uint64_t restarts;
    int64_t start_at_ms; /* when the enclave may be started again */
    unsigned failures;   /* starts in a row that did not come to serve */
    zc_error last_error;

    zc_store *store;
    bool journal_open;
    zc_journal journal;
    uint64_t cut_bytes; /* of a torn tail, at the last opening */
    bool loading_keys;
    uint64_t keys_sent; /* place in the store of the last key that was sent */
    zc_journal_reader loader;
    bool loading;
    uint64_t append_ordinal; /* the highest that is kept or waits for the next commit */
    uint64_t acked_ordinal;
    uint64_t last_entry_at; /* where its frame begins in the journal, plus 1; 0: not known */
    zc_incoming_snapshot snapshot;
    uint64_t loaded_from;  /* the first entry that this start had to decide again */
    bool snapshot_offered; /* the enclave has not said yet whether it goes on from it */

    const char *log_listen; /* --log-listen; NULL: the log is not served */
    const char *witness_url[ZC_WITNESSES_MAX];
    size_t witness_count;
    zc_publisher *publisher;
    zc_log_server *log_server;

    uint8_t pcr0[48];
    uint8_t deployment_id[32];
    bool has_deployment_id;
    uint8_t statement[ZC_STATEMENT_MAX];
    size_t statement_len;

    bool served;        /* this enclave has come to serve */
    bool stopped;       /* it has said its last */
    int64_t stop_by_ms; /* 0: not asked to stop yet */
    int64_t waiting_since_ms;
    ino_t cosigned_inode; /* of the note that was sent last */
    struct timespec cosigned_time;
} zc_daemon;

/* daemon.c */
ZC_MUST_USE zc_result zc_daemon_open(zc_daemon *daemon, const char *dir, zc_error *error);
ZC_MUST_USE zc_result zc_daemon_run(zc_daemon *daemon, zc_error *error);
void zc_daemon_close(zc_daemon *daemon);
int64_t zc_daemon_now_ms(void);
/* The run of this enclave is over: it is ended, and started again after a pause. `why` may be NULL.
 */
void zc_daemon_fail(zc_daemon *daemon, const zc_error *why);

/* enclave_process.c */
ZC_MUST_USE zc_result zc_enclave_start(zc_daemon *daemon, zc_error *error);
void zc_enclave_end(zc_daemon *daemon);
/* Ends that the kernel reported: true when the enclave was among them. */
bool zc_enclave_reap(zc_daemon *daemon);
/* The process of this name below the enclave; 0 when there is none. */
pid_t zc_enclave_child(const zc_daemon *daemon, const char *name);

/* stream.c. False: the stream is broken or at its end. */
bool zc_stream_read(zc_stream *stream);
bool zc_stream_write(zc_stream *stream);
bool zc_stream_put(zc_stream *stream, zc_slice bytes);
/* Drops the first `len` bytes that have arrived. */
void zc_stream_taken(zc_stream *stream, size_t len);
void zc_stream_close(zc_stream *stream);

/* hostlink.c */
ZC_MUST_USE zc_result zc_link_send(zc_daemon *daemon, const zc_host_message *message,
                                   zc_error *error);
/* Handles every whole frame that has arrived, then makes it durable and acknowledges it. */
ZC_MUST_USE zc_result zc_link_handle(zc_daemon *daemon, zc_error *error);

/* load.c */
ZC_MUST_USE zc_result zc_load_begin(zc_daemon *daemon, zc_error *error);
/* Goes on while the link takes it. */
ZC_MUST_USE zc_result zc_load_more(zc_daemon *daemon, zc_error *error);

/* snapshot.c */
/* Takes the next piece of a snapshot; the last one puts it in the place of the one before. */
void zc_snapshot_keep(zc_daemon *daemon, zc_slice piece);
/* Brings the enclave its newest snapshot, if there is one of this journal; the loader is open, and
 * then stands behind what the snapshot covers. */
ZC_MUST_USE zc_result zc_snapshot_offer(zc_daemon *daemon, zc_error *error);
void zc_snapshot_answered(zc_daemon *daemon, const zc_host_snapshot_taken *taken);

/* keep.c */
ZC_MUST_USE zc_result zc_keep_open(zc_daemon *daemon, zc_error *error);
void zc_keep_close(zc_daemon *daemon);
ZC_MUST_USE zc_result zc_keep_take(zc_daemon *daemon, const zc_host_store *item, zc_error *error);
/* After this everything taken is on disk. */
ZC_MUST_USE zc_result zc_keep_commit(zc_daemon *daemon, zc_error *error);
ZC_MUST_USE zc_result zc_keep_deployment(zc_daemon *daemon, zc_error *error);

/* mission.c */
/* The sealed root for this mission. */
ZC_MUST_USE zc_result zc_mission_root(zc_daemon *daemon, zc_slice mission, bool *ret_found,
                                      zc_bytes *ret_root, zc_error *error);
/* Puts the mission in place that the log's last change put in force, if it is not there. */
ZC_MUST_USE zc_result zc_mission_follow(zc_daemon *daemon, bool *ret_changed, zc_error *error);

/* witnesses.c */
/* Takes a new cosigned checkpoint to the enclave. */
ZC_MUST_USE zc_result zc_witnesses_poll(zc_daemon *daemon, zc_error *error);
/* A boot waits; `statement` is what the founders sign to go on without the witnesses. */
void zc_witnesses_wait(zc_daemon *daemon, zc_slice statement);
bool zc_witnesses_are_late(const zc_daemon *daemon);
/* Asks the enclave for its last entries and checkpoint. False once they are kept, or hope is gone.
 */
bool zc_daemon_says_farewell(zc_daemon *daemon);

/* publish.c. What was posted is published before zc_publish_close() returns. */
bool zc_publish_option(zc_daemon *daemon, const char *name, const char *value);
ZC_MUST_USE zc_result zc_publish_open(zc_daemon *daemon, zc_error *error);
void zc_publish_checkpoint(zc_daemon *daemon, zc_slice note);
void zc_publish_close(zc_daemon *daemon);

/* control.c: one JSON object a line, either way. */
void zc_control_accept(zc_daemon *daemon);
void zc_control_handle(zc_daemon *daemon, zc_stream *client);
/* Answers who waited for the state to change. */
void zc_control_look_again(zc_daemon *daemon);

#endif
