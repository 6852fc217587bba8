/* Core's sessions: a table of fixed size, records in, records out. Internal to the runtime.
 *
 * A session owns its connection, its two keys and, while it needs them, a long input and a long
 * output buffer. Closing takes two moves: zc_session_end() closes the connection at once, and the
 * loop reaps the session when nothing looks at its buffers any more. */
#ifndef ZC_RUNTIME_SESSIONS_H
#define ZC_RUNTIME_SESSIONS_H

#include "base/secret.h"
#include "runtime/buffers.h"
#include "runtime/core.h"
#include "runtime/shared.h"
#include "wire/session.h"

/* What a session has for input while there is some; the first record must fit it. */
#define ZC_SESSION_IN 2048
/* An id's place in the table is its remainder by this. */
#define ZC_SESSION_PLACES 16384
/* Replies that one session may have waiting for the host before it must wait; a record of several
 * requests may take it beyond. */
#define ZC_SESSION_HELD 64
/* Sessions in shared memory at the same time. */
#define ZC_SESSIONS_SHARED 64

typedef enum zc_session_state {
    ZC_SESSION_FREE = 0,
    ZC_SESSION_OPEN,
    ZC_SESSION_LEAVING, /* takes no requests; ends when its replies are out */
    ZC_SESSION_ENDED,   /* connection closed; waits to be reaped */
} zc_session_state;

/* What a session in shared memory has of its own. */
typedef struct zc_session_shared {
    uint64_t session; /* 0: a free place */
    void *memory;
    zc_shared_end end;
} zc_session_shared;

typedef struct zc_session {
    uint64_t id; /* never used twice; its low bits are the place in the table */
    int fd;
    zc_session_state state;
    bool announce;           /* the machine is to hear of the end */
    bool spoke;              /* the first record has come, and opened */
    bool starved;            /* waits for a long input buffer */
    bool partial;            /* what is there is not a whole record: only more bytes help */
    bool queued;             /* in the run queue */
    bool awake;              /* its record keys stand prepared */
    bool spoke_lately;       /* since the others were last looked through */
    bool listed;             /* its place is in the list of those awake */
    uint32_t interest;       /* what epoll watches */
    uint32_t held;           /* replies that wait for the host */
    uint64_t read_deadline;  /* monotonic milliseconds; 0: none */
    uint64_t drain_deadline; /* likewise */
    uint8_t *in;             /* NULL while there is no input */
    size_t in_capacity;
    size_t in_at;
    size_t in_len;
    uint8_t *out; /* NULL while everything has been sent */
    size_t out_at;
    size_t out_len;
    zc_session_shared *shared; /* NULL: its bytes come and go through the socket */
    zc_record_end opener;
    zc_record_end sealer;
} zc_session;

typedef struct zc_session_limits {
    uint32_t first_record_ms;
    uint32_t record_ms;
    uint32_t drain_ms;
} zc_session_limits;

/* Places in the table, first in, first out; no place is in it twice. */
typedef struct zc_places {
    uint16_t at[ZC_CORE_SESSIONS];
    size_t first;
    size_t count;
} zc_places;

typedef struct zc_sessions {
    zc_session *table; /* ZC_CORE_SESSIONS, in the vault */
    size_t count;      /* of them that are used */
    size_t begun;      /* the first so many have had a session; the others were never touched */
    int epoll_fd;
    zc_session_limits limits;
    uint64_t births;
    size_t open;
    zc_places idle;
    zc_places run;   /* have input to look at without being woken */
    zc_places ended; /* to be reaped */
    zc_places awake; /* at most ZC_CORE_AWAKE */
    zc_buffers in_buffers;
    zc_buffers out_buffers;
    bool shares; /* shared memory is given out */
    size_t shared_count;
    zc_session_shared shared[ZC_SESSIONS_SHARED];
    bool watched[ZC_CORE_SESSIONS]; /* by place: it may have a deadline, or be starved */
    size_t short_idle;
    uint16_t short_place[ZC_CORE_SESSIONS]; /* free short input buffers; the last used is the first
                                               to be used again, so most are never touched */
    uint8_t in[ZC_CORE_SESSIONS][ZC_SESSION_IN];
} zc_sessions;

void zc_places_put(zc_places *places, uint16_t place);
/* False when there is none. */
bool zc_places_take(zc_places *places, uint16_t *ret_place);

/* `vault` and `epoll_fd` stay the caller's. */
void zc_sessions_init(zc_sessions *sessions, const zc_vault *vault, int epoll_fd,
                      zc_session_limits limits, size_t max_sessions);
/* Ends and wipes all of them. */
void zc_sessions_clear(zc_sessions *sessions);

/* When the table is full, ends the session that has been silent the longest since its handshake, if
 * there is one; its place is free once it has been reaped. A handshake takes so long that whoever
 * fills the table with silence is silent for a second before this. */
void zc_sessions_make_place(zc_sessions *sessions);
/* Takes a connection, closing it on failure. Errors: ZC_RUNTIME_SESSIONS_FULL,
 * ZC_RUNTIME_NO_DESCRIPTOR, and those of zc_record_end_init(). */
ZC_MUST_USE zc_result zc_session_begin(zc_sessions *sessions, int fd,
                                       const zc_session_secrets *secrets, uint64_t now_ms,
                                       zc_session **ret_session);
/* To be called before a record is opened or sealed: prepares for its keys, and lets the keys of one
 * that has not spoken for long rest. */
void zc_session_wake(zc_sessions *sessions, zc_session *session);
/* Says that the session has a deadline now, or waits for a buffer. */
void zc_session_watch(zc_sessions *sessions, const zc_session *session);
/* A short buffer for input, of ZC_SESSION_IN bytes, and back: there is one for each session. */
void zc_session_take_short(zc_sessions *sessions, zc_session *session);
void zc_session_give_short(zc_sessions *sessions, zc_session *session);
/* The session of this id unless it has ended; NULL when there is none. */
zc_session *zc_session_find(zc_sessions *sessions, uint64_t id);
/* Closes the connection at once. With `announce` the machine hears of it. */
void zc_session_end(zc_sessions *sessions, zc_session *session, bool announce);
/* Takes no more requests, and ends without announcement once its replies are out. */
void zc_session_leave(zc_sessions *sessions, zc_session *session);
/* The next ended session, for the loop to announce; NULL when there is none. Then
 * zc_session_free(). */
zc_session *zc_session_next_ended(zc_sessions *sessions);
void zc_session_free(zc_sessions *sessions, zc_session *session);

/* Reads once what there is. The session may end. */
void zc_session_receive(zc_sessions *sessions, zc_session *session, uint64_t now_ms);
/* Whether requests may be taken from it now. */
bool zc_session_may_run(const zc_session *session);
/* Opens the next whole record in place: true, and its plaintext is there until
 * zc_session_consume(). False when there is none; a record that does not open ends the session. */
bool zc_session_next(zc_sessions *sessions, zc_session *session, zc_slice *ret_plain,
                     size_t *ret_total);
void zc_session_consume(zc_sessions *sessions, zc_session *session, size_t total, uint64_t now_ms);

/* Sends sealed records, queueing what the client does not take now; ends the session when the
 * queue is full. */
void zc_session_send(zc_sessions *sessions, zc_session *session, zc_slice record, uint64_t now_ms);
/* Sends what is queued. The session may end. The deadline stands from the first byte that was
 * queued to the last that leaves: a trickle does not move it. */
void zc_session_flush(zc_sessions *sessions, zc_session *session, uint64_t now_ms);

/* session_shared.c. Answers a client that asks for shared memory, and moves the session there if
 * `may`, if there is some, and if nothing is under way. The session may end. */
void zc_session_offer_shared(zc_sessions *sessions, zc_session *session, bool may);
/* Takes the bytes off the socket that only wake us. The session may end. */
void zc_session_hear_bell(zc_sessions *sessions, zc_session *session);
/* Wakes the client if it sleeps. */
void zc_session_ring_bell(const zc_session *session);
void zc_session_free_shared(zc_sessions *sessions, zc_session *session);
/* Whether any session has input in shared memory that may be taken now. */
bool zc_sessions_shared_ready(const zc_sessions *sessions);
/* Before and after sleeping. */
void zc_sessions_arm_shared(zc_sessions *sessions);
void zc_sessions_disarm_shared(zc_sessions *sessions);

/* A reply of the session that waited for the host has left the queue. */
void zc_session_released(zc_sessions *sessions, zc_session *session, uint64_t now_ms);

/* Brings epoll and the run queue in line with the session's state: to be called after anything
 * above has touched it. */
void zc_session_settle(zc_sessions *sessions, zc_session *session);
/* Ends sessions whose deadlines have passed, and gives starved ones another chance. */
void zc_sessions_expire(zc_sessions *sessions, uint64_t now_ms);

#endif
