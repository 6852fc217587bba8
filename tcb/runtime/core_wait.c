/* How core waits: it looks for a while, where it has been told to, and then it sleeps. */
#include <sched.h>

#include "runtime/core_state.h"

/* Looks at shared memory between two looks at the descriptors, which cost a system call. */
#define LOOKS 32
/* Looks at the socket that spoke last between two looks at all. */
#define HOT_LOOKS 4

static inline void breathe(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/* When there is something to do even if nobody comes. */
static uint64_t due_ns(const zc_core *core)
{
    return core->host_due_ns != 0 && core->host_due_ns < core->next_tick_ns ? core->host_due_ns
                                                                            : core->next_tick_ns;
}

static int sleep_ms(const zc_core *core, uint64_t now_ns)
{
    uint64_t due = due_ns(core);
    return now_ns >= due ? 0 : (int)((due - now_ns) / 1000000) + 1;
}

/* True when shared memory has input. */
static bool look(const zc_core *core)
{
    for (size_t i = 0; i < LOOKS; i++) {
        if (zc_sessions_shared_ready(&core->sessions)) {
            return true;
        }
        breathe();
    }
    return false;
}

/* Reads the socket of the session that spoke last, which is quicker than to ask which one has
 * something to say. True when a request came; it stands in the run queue. */
static bool look_at_hot(zc_core *core)
{
    zc_session *session = zc_session_find(&core->sessions, core->hot);
    if (session == NULL || session->shared != NULL || !zc_session_may_run(session) ||
        session->in_len > 0) {
        return false;
    }
    zc_session_receive(&core->sessions, session, zc_core_session_ms(core));
    zc_session_settle(&core->sessions, session);
    return core->sessions.run.count > 0;
}

/* One look at everything. Returns as epoll_wait(); *ret_found also when input came without it. */
static int look_around(zc_core *core, struct epoll_event *ret_events, int capacity, bool *ret_found)
{
    for (size_t i = 0; i < HOT_LOOKS; i++) {
        if (look_at_hot(core)) {
            *ret_found = true;
            return 0;
        }
    }
    bool ready = core->sessions.shared_count > 0 && look(core);
    int count = epoll_wait(core->all_epoll, ret_events, capacity, 0);
    *ret_found = ready || count != 0;
    return count;
}

/* A bell that came between arming and sleeping is heard at once: it stands in the socket. */
static int sleep_until_rung(zc_core *core, struct epoll_event *ret_events, int capacity,
                            uint64_t now_ns)
{
    zc_sessions_arm_shared(&core->sessions);
    int count = zc_sessions_shared_ready(&core->sessions)
                    ? epoll_wait(core->all_epoll, ret_events, capacity, 0)
                    : epoll_wait(core->all_epoll, ret_events, capacity, sleep_ms(core, now_ns));
    zc_sessions_disarm_shared(&core->sessions);
    return count;
}

/* Signatures are under way: looks for events, and while there are none, helps. */
static int wait_and_help(zc_core *core, struct epoll_event *ret_events, int capacity)
{
    int epoll = zc_core_has_room(core) ? core->all_epoll : core->links_epoll;
    int count = epoll_wait(epoll, ret_events, capacity, 0);
    if (count == 0 && !zc_signers_help(core->signers)) {
        (void)sched_yield(); /* the last ones are with the workers, who may want this processor */
    }
    return count;
}

int zc_core_wait(zc_core *core, struct epoll_event *ret_events, int capacity)
{
    if (core->signers != NULL && zc_signers_busy(core->signers)) {
        return wait_and_help(core, ret_events, capacity);
    }
    uint64_t now = zc_platform_monotonic_ns(core->platform);
    if (!zc_core_has_room(core)) {
        return epoll_wait(core->links_epoll, ret_events, capacity, sleep_ms(core, now));
    }
    if (core->sessions.run.count > 0) {
        return epoll_wait(core->all_epoll, ret_events, capacity, 0);
    }
    while (now - core->active_ns < core->spin_ns && now < due_ns(core)) {
        bool found;
        int count = look_around(core, ret_events, capacity, &found);
        now = zc_platform_monotonic_ns(core->platform);
        if (found) {
            core->active_ns = now;
            return count;
        }
    }
    int count = sleep_until_rung(core, ret_events, capacity, now);
    if (count > 0) {
        core->active_ns = zc_platform_monotonic_ns(core->platform);
    }
    return count;
}

static void poll_session(zc_core *core, zc_session *session)
{
    if (session->out != NULL) {
        zc_session_flush(&core->sessions, session, zc_core_session_ms(core));
    }
    if (session->fd >= 0 && zc_session_may_run(session) && !session->starved &&
        zc_shared_has_input(&session->shared->end)) {
        zc_session_receive(&core->sessions, session, zc_core_session_ms(core));
        zc_core_run_session(core, session);
    }
    zc_session_settle(&core->sessions, session);
}

void zc_core_poll_shared(zc_core *core)
{
    size_t left = core->sessions.shared_count;
    for (size_t i = 0; i < ZC_SESSIONS_SHARED && left > 0; i++) {
        uint64_t id = core->sessions.shared[i].session;
        if (id == 0) {
            continue;
        }
        left--;
        zc_session *session = zc_session_find(&core->sessions, id);
        if (session != NULL && zc_core_has_room(core) && !zc_core_is_over(core)) {
            poll_session(core, session);
        }
    }
}
