/* What core is made of. Internal to the runtime. */
#ifndef ZC_RUNTIME_CORE_STATE_H
#define ZC_RUNTIME_CORE_STATE_H

#include <sys/epoll.h>

#include "runtime/core.h"
#include "runtime/held.h"
#include "runtime/link.h"
#include "runtime/sessions.h"
#include "wire/frontlink.h"

/* Names of the links in epoll, where no session is. */
#define ZC_CORE_TAG_HOST UINT64_MAX
#define ZC_CORE_TAG_FRONT (UINT64_MAX - 1)
#define ZC_CORE_TAG_LIFELINE (UINT64_MAX - 2)

#define ZC_NSM_REQUEST_MAX 0x1000
#define ZC_NSM_RESPONSE_MAX 0x3000
/* As many as the enclave lets wait. */
#define ZC_NSM_PENDING 64
#define ZC_CORE_PACKET ((size_t)ZC_FRONT_PACKET_MAX)
/* Records that are sent at once, and room for the longest. */
#define ZC_CORE_SEALED ((size_t)ZC_RECORD_MAX + ZC_BUFFER_SIZE)
/* Entries that no reply waits for leave together, because each time the host is woken some request
 * waits for it: when there are this many bytes of them, when the first is this old, or when of
 * those that the mission lets go ahead of the disk an eighth is left, but no fewer than so many and
 * no more than half, so that they are back in time; half, where a breaker would trip. */
#define ZC_CORE_GATHER_BYTES ((size_t)3 << 18)
#define ZC_CORE_GATHER_NS UINT64_C(20000000)
#define ZC_CORE_GATHER_LEFT 256

/* Requests to the security module, oldest first. */
typedef struct zc_nsm_queue {
    size_t first;
    size_t count;
    struct {
        size_t len;
        uint8_t bytes[ZC_NSM_REQUEST_MAX];
    } item[ZC_NSM_PENDING];
} zc_nsm_queue;

struct zc_core {
    zc_machine machine;
    const zc_platform *platform;
    int host_fd;
    int front_fd;
    int all_epoll;   /* links and sessions */
    int links_epoll; /* links only: what is listened to while requests must wait */
    uint32_t host_interest;
    uint32_t front_interest;

    bool leaving;     /* the step has said to exit */
    int status;       /* with this */
    zc_result broken; /* or something has ended core */

    bool wrap_wanted;
    bool wrap_next; /* for the mission with this PCR16, instead of the one that is measured */
    uint8_t wrap_pcr16[48];
    uint64_t now_ns; /* monotonic, as of the last event */
    int64_t now_ms;
    uint64_t paused_ns; /* how long in all requests had to wait for the host */
    uint64_t next_tick_ns;
    uint64_t spin_ns;
    uint64_t active_ns; /* when there was work last */
    uint64_t hot;       /* the session that had requests last: where to look first */

    bool in_record;       /* the event that is being carried out is a client's record */
    bool host_at_once;    /* something for the host is not to be gathered */
    bool host_full;       /* it took less than there is; epoll says when it takes more */
    uint64_t host_frames; /* that are gathered */
    uint64_t host_due_ns; /* when what is gathered leaves at the latest; 0: nothing is */

    zc_nsm_queue nsm;
    bool shown;     /* front has had evidence to show: the enclave serves */
    bool nsm_asked; /* the oldest is with the security module, which answers when it is ready */
    zc_signers *signers; /* the caller's, or NULL */
    zc_link host;
    zc_held held;
    uint64_t held_ordinal; /* the highest that a reply has waited for */
    zc_sessions sessions;
    zc_effects effects;
    /* Records of one session on their way out: they leave together. */
    uint64_t sealed_session;
    size_t sealed_len;
    uint8_t sealed[ZC_CORE_SEALED];
    size_t to_front_len; /* a packet that front has not taken yet */
    uint8_t to_front[ZC_CORE_PACKET];
    uint8_t *from_front; /* ZC_CORE_PACKET bytes in the vault: session secrets pass here */
    uint8_t nsm_response[ZC_NSM_RESPONSE_MAX];
};

/* The clock of sessions' deadlines, in milliseconds: it stands still while they must wait. */
static inline uint64_t zc_core_session_ms(const zc_core *core)
{
    return (core->now_ns - core->paused_ns) / 1000000;
}

/* Whether there is room for whatever one event may cause. */
static inline bool zc_core_has_room(const zc_core *core)
{
    return zc_link_has_room(&core->host) &&
           zc_held_has_room(&core->held, ZC_EFFECTS_MAX, ZC_EFFECTS_BYTES);
}

static inline bool zc_core_is_over(const zc_core *core)
{
    return core->leaving || !zc_ok(core->broken);
}

/* Ends core with this failure unless it is ending already. */
void zc_core_break(zc_core *core, zc_result why);
void zc_core_read_clocks(zc_core *core);

/* Gives the machine one event, carries out its effects, and goes on with what the security module
 * and the platform answer until nothing is left to ask. */
void zc_core_dispatch(zc_core *core, zc_event_kind kind, uint64_t session, zc_slice bytes);
/* Takes the security module's answer to a request that was not waited for. */
void zc_core_hear_nsm(zc_core *core);
/* Sends replies whose ordinals the host has acknowledged by now. */
void zc_core_release(zc_core *core);
/* Sends the records that wait to leave together. */
void zc_core_push(zc_core *core);
/* Waits for events: looks for a while, then sleeps until the next tick at most. Returns how many
 * came, 0 also when shared memory has input, −1 on failure. */
int zc_core_wait(zc_core *core, struct epoll_event *ret_events, int capacity);
/* Looks at the sessions in shared memory. */
void zc_core_poll_shared(zc_core *core);
/* Takes requests from a session for one turn. */
void zc_core_run_session(zc_core *core, zc_session *session);
/* Tells the machine of ended sessions and frees them. */
void zc_core_reap(zc_core *core);

/* One readiness of a link. */
void zc_core_serve_host(zc_core *core, uint32_t events);
void zc_core_serve_front(zc_core *core, uint32_t events);
/* Frames that arrived while there was no room to act on them. */
void zc_core_take_frames(zc_core *core);
/* Sends a packet to front now or as soon as front takes it; a newer packet replaces one that waits.
 */
void zc_core_to_front(zc_core *core, zc_slice packet);
/* Sends what the host takes now, and brings epoll in line. */
void zc_core_settle_links(zc_core *core);

#endif
