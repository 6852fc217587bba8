#include "runtime/core.h"

#include <errno.h>
#include <string.h>

#include <sys/epoll.h>
#include <unistd.h>

#include "runtime/core_state.h"
#include "runtime/descriptor.h"

#define TICK_NS 1000000000ull
#define EVENTS 64
/* How long the last words may take. */
#define FAREWELL_NS 2000000000ull

#define FIRST_RECORD_MS 5000
#define RECORD_MS 10000
#define DRAIN_MS 10000

size_t zc_core_size(void)
{
    return sizeof(zc_core);
}

size_t zc_core_vault_size(void)
{
    return ZC_CORE_SESSIONS * sizeof(zc_session) + ZC_CORE_PACKET;
}

static zc_session_limits limits_of(const zc_core_config *config)
{
    return (zc_session_limits){
        .first_record_ms = config->first_record_ms == 0 ? FIRST_RECORD_MS : config->first_record_ms,
        .record_ms = config->record_ms == 0 ? RECORD_MS : config->record_ms,
        .drain_ms = config->drain_ms == 0 ? DRAIN_MS : config->drain_ms,
    };
}

static zc_result add_link(zc_core *core, int fd, uint64_t tag)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = tag};
    if (epoll_ctl(core->all_epoll, EPOLL_CTL_ADD, fd, &event) != 0 ||
        epoll_ctl(core->links_epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        return zc_fail(ZC_RUNTIME_NO_DESCRIPTOR);
    }
    return ZC_OK;
}

/* The security module's link is the lifeline where there is one. It answers into a loop that has
 * room; a loop that has not, or does not ask, only hears hang-ups. */
static zc_result watch_lifeline(zc_core *core, int fd)
{
    const zc_platform_ops *ops = core->platform->ops;
    bool answers = ops->nsm_ask != NULL && ops->nsm_fd(core->platform->self) == fd;
    struct epoll_event event = {.events = 0, .data.u64 = ZC_CORE_TAG_LIFELINE};
    if (epoll_ctl(core->links_epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        return zc_fail(ZC_RUNTIME_NO_DESCRIPTOR);
    }
    event.events = answers ? EPOLLIN : 0;
    if (epoll_ctl(core->all_epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        return zc_fail(ZC_RUNTIME_NO_DESCRIPTOR);
    }
    return ZC_OK;
}

static zc_result open_epolls(zc_core *core)
{
    core->all_epoll = epoll_create1(EPOLL_CLOEXEC);
    core->links_epoll = epoll_create1(EPOLL_CLOEXEC);
    if (core->all_epoll < 0 || core->links_epoll < 0) {
        return zc_fail(ZC_RUNTIME_NO_DESCRIPTOR);
    }
    ZC_TRY(add_link(core, core->host_fd, ZC_CORE_TAG_HOST));
    ZC_TRY(add_link(core, core->front_fd, ZC_CORE_TAG_FRONT));
    core->host_interest = EPOLLIN;
    core->front_interest = EPOLLIN;
    return ZC_OK;
}

static void close_links(zc_core *core)
{
    zc_fd_close(&core->host_fd);
    zc_fd_close(&core->front_fd);
    zc_fd_close(&core->all_epoll);
    zc_fd_close(&core->links_epoll);
}

zc_result zc_core_init(void *memory, const zc_core_config *config, zc_core **ret_core)
{
    zc_core *core = memory;
    core->machine = config->machine;
    core->platform = config->platform;
    core->host_fd = config->host_fd;
    core->front_fd = config->front_fd;
    zc_result opened = open_epolls(core);
    if (zc_ok(opened) && config->has_lifeline) {
        opened = watch_lifeline(core, config->lifeline_fd);
    }
    if (!zc_ok(opened)) {
        close_links(core);
        return opened;
    }
    zc_link_init(&core->host, core->host_fd);
    zc_held_init(&core->held);
    zc_sessions_init(&core->sessions, config->vault, core->all_epoll, limits_of(config),
                     config->max_sessions);
    core->sessions.shares = config->shared;
    core->signers = config->signers;
    core->spin_ns = config->spin_us * UINT64_C(1000);
    core->from_front = config->vault->memory + ZC_CORE_SESSIONS * sizeof(zc_session);
    *ret_core = core;
    return ZC_OK;
}

static zc_result start(zc_core *core)
{
    ZC_SECRET64 zc_secret64 entropy;
    zc_core_read_clocks(core);
    core->next_tick_ns = core->now_ns + TICK_NS;
    if (!zc_ok(zc_platform_random(core->platform, entropy.byte, sizeof entropy.byte))) {
        return zc_fail(ZC_RUNTIME_NO_ENTROPY);
    }
    zc_core_dispatch(core, ZC_EVENT_START, 0, ZC_SLICE_OF_ARRAY(entropy.byte));
    return ZC_OK;
}

static void serve_session(zc_core *core, uint64_t id, uint32_t events)
{
    zc_session *session = zc_session_find(&core->sessions, id);
    if (session == NULL) {
        return; /* ended since epoll looked */
    }
    if ((events & EPOLLOUT) != 0) {
        zc_session_flush(&core->sessions, session, zc_core_session_ms(core));
        zc_session_settle(&core->sessions, session);
    }
    if ((events & EPOLLIN) != 0 && session->fd >= 0 && session->shared != NULL) {
        zc_session_hear_bell(&core->sessions, session); /* then all shared memory is looked at */
    } else if ((events & EPOLLIN) != 0 && session->fd >= 0) {
        zc_session_receive(&core->sessions, session, zc_core_session_ms(core));
        zc_core_run_session(core, session);
    } else if ((events & (EPOLLHUP | EPOLLERR)) != 0) {
        zc_session_end(&core->sessions, session, true);
    }
}

static void serve(zc_core *core, const struct epoll_event *event)
{
    if (event->data.u64 == ZC_CORE_TAG_HOST) {
        zc_core_serve_host(core, event->events);
    } else if (event->data.u64 == ZC_CORE_TAG_FRONT) {
        zc_core_serve_front(core, event->events);
    } else if (event->data.u64 == ZC_CORE_TAG_LIFELINE && core->nsm_asked &&
               (event->events & EPOLLIN) != 0) {
        zc_core_hear_nsm(core);
    } else if (event->data.u64 == ZC_CORE_TAG_LIFELINE) {
        zc_core_break(core, zc_fail(ZC_RUNTIME_PEER_GONE));
    } else {
        serve_session(core, event->data.u64, event->events);
    }
}

/* Gives each session that was queued when this began one turn. */
static void run_queue(zc_core *core)
{
    uint16_t place;
    for (size_t left = core->sessions.run.count;
         left > 0 && zc_core_has_room(core) && !zc_core_is_over(core) &&
         zc_places_take(&core->sessions.run, &place);
         left--) {
        zc_session *session = &core->sessions.table[place];
        session->queued = false;
        if (session->state == ZC_SESSION_OPEN) {
            zc_core_run_session(core, session);
        }
    }
}

static void tick(zc_core *core)
{
    if (core->now_ns < core->next_tick_ns) {
        return;
    }
    core->next_tick_ns = core->now_ns + TICK_NS;
    zc_sessions_expire(&core->sessions, zc_core_session_ms(core));
    if (zc_link_has_room(&core->host)) {
        zc_core_dispatch(core, ZC_EVENT_TICK, 0, (zc_slice){0});
    }
}

static void turn(zc_core *core)
{
    struct epoll_event event[EVENTS];
    bool paused = !zc_core_has_room(core);
    uint64_t before = core->now_ns;
    int count = zc_core_wait(core, event, EVENTS);
    if (count < 0 && errno != EINTR) {
        zc_core_break(core, zc_fail(ZC_RUNTIME_NO_DESCRIPTOR));
        return;
    }
    zc_core_read_clocks(core);
    if (paused) {
        core->paused_ns += core->now_ns - before;
    }
    for (int i = 0; i < count && !zc_core_is_over(core); i++) {
        serve(core, &event[i]);
    }
    zc_core_poll_shared(core);
    zc_core_take_frames(core);
    run_queue(core);
    if (core->signers != NULL && core->held.count > 0) {
        zc_core_release(core);
    }
    tick(core);
    zc_core_push(core);
    zc_core_reap(core);
    zc_core_settle_links(core);
}

/* Gives the host its last frames, the reason of a fatal end among them, without waiting for ever.
 */
static void farewell(zc_core *core)
{
    uint64_t until = zc_platform_monotonic_ns(core->platform) + FAREWELL_NS;
    while (zc_ok(zc_link_flush(&core->host)) && !zc_link_is_flushed(&core->host) &&
           zc_platform_monotonic_ns(core->platform) < until) {
        struct epoll_event event = {.events = EPOLLOUT, .data.u64 = ZC_CORE_TAG_HOST};
        (void)epoll_ctl(core->links_epoll, EPOLL_CTL_MOD, core->host_fd, &event);
        (void)epoll_ctl(core->links_epoll, EPOLL_CTL_DEL, core->front_fd, NULL);
        (void)epoll_wait(core->links_epoll, &event, 1, 100);
    }
}

zc_result zc_core_run(zc_core *core, int *ret_status)
{
    ZC_TRY(start(core));
    zc_core_settle_links(core);
    while (!zc_core_is_over(core)) {
        turn(core);
    }
    farewell(core);
    ZC_TRY(core->broken);
    *ret_status = core->status;
    return ZC_OK;
}

size_t zc_core_descriptors(const zc_core *core, int ret_fds[static ZC_CORE_DESCRIPTORS])
{
    const int fds[ZC_CORE_DESCRIPTORS] = {core->host_fd, core->front_fd, core->all_epoll,
                                          core->links_epoll};
    memcpy(ret_fds, fds, sizeof fds);
    return ZC_CORE_DESCRIPTORS;
}

size_t zc_core_sessions(const zc_core *core)
{
    return core->sessions.open;
}

void zc_core_clear(zc_core *core)
{
    zc_sessions_clear(&core->sessions);
    close_links(core);
    zc_wipe(core, sizeof *core);
    core->host_fd = core->front_fd = core->all_epoll = core->links_epoll = -1;
}
