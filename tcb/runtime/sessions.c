#include "runtime/sessions.h"

#include <sys/epoll.h>

#include "runtime/descriptor.h"

_Static_assert(ZC_CORE_SESSIONS <= ZC_SESSION_PLACES && ZC_SESSION_PLACES <= UINT16_MAX,
               "an id's remainder is a place");

void zc_places_put(zc_places *places, uint16_t place)
{
    if (places->count == ZC_CORE_SESSIONS) {
        __builtin_trap(); /* some place is in the queue twice */
    }
    places->at[(places->first + places->count) % ZC_CORE_SESSIONS] = place;
    places->count++;
}

bool zc_places_take(zc_places *places, uint16_t *ret_place)
{
    if (places->count == 0) {
        return false;
    }
    *ret_place = places->at[places->first];
    places->first = (places->first + 1) % ZC_CORE_SESSIONS;
    places->count--;
    return true;
}

static uint16_t place_of(const zc_sessions *sessions, const zc_session *session)
{
    return (uint16_t)(session - sessions->table);
}

void zc_sessions_init(zc_sessions *sessions, const zc_vault *vault, int epoll_fd,
                      zc_session_limits limits, size_t max_sessions)
{
    bool fewer = max_sessions > 0 && max_sessions < ZC_CORE_SESSIONS;
    sessions->table = (zc_session *)(void *)vault->memory;
    sessions->count = fewer ? max_sessions : ZC_CORE_SESSIONS;
    sessions->epoll_fd = epoll_fd;
    sessions->limits = limits;
    zc_buffers_init(&sessions->in_buffers);
    zc_buffers_init(&sessions->out_buffers);
    /* The vault is zeroed, which is what a free place looks like: no page of it is touched before
     * its first session, because each costs the start as much as a hundred ordinary ones. */
    for (size_t i = 0; i < sessions->count; i++) {
        zc_places_put(&sessions->idle, (uint16_t)i);
        sessions->short_place[i] = (uint16_t)(sessions->count - 1 - i);
    }
    sessions->short_idle = sessions->count;
}

void zc_session_take_short(zc_sessions *sessions, zc_session *session)
{
    if (sessions->short_idle == 0) {
        __builtin_trap(); /* somebody has two */
    }
    session->in = sessions->in[sessions->short_place[--sessions->short_idle]];
    session->in_capacity = ZC_SESSION_IN;
}

void zc_session_give_short(zc_sessions *sessions, zc_session *session)
{
    size_t place = (size_t)(session->in - sessions->in[0]) / ZC_SESSION_IN;
    if (sessions->short_idle == sessions->count || place >= sessions->count) {
        __builtin_trap(); /* given back twice, or not one of ours */
    }
    sessions->short_place[sessions->short_idle++] = (uint16_t)place;
    session->in = NULL;
    session->in_capacity = 0;
}

static void rest(zc_session *session)
{
    if (session->awake) {
        zc_record_end_rest(&session->opener);
        zc_record_end_rest(&session->sealer);
        session->awake = false;
    }
}

/* Takes one place out of the list: the first whose session has not spoken since it was last looked
 * at. After a full round that is true of each. */
static void rest_one(zc_sessions *sessions)
{
    uint16_t place;
    while (zc_places_take(&sessions->awake, &place)) {
        zc_session *session = &sessions->table[place];
        if (!session->awake || !session->spoke_lately) {
            session->listed = false;
            rest(session);
            return;
        }
        session->spoke_lately = false;
        zc_places_put(&sessions->awake, place);
    }
}

void zc_session_wake(zc_sessions *sessions, zc_session *session)
{
    session->spoke_lately = true;
    if (session->awake) {
        return;
    }
    if (!session->listed && sessions->awake.count >= ZC_CORE_AWAKE) {
        rest_one(sessions);
    }
    if (!session->listed) {
        zc_places_put(&sessions->awake, place_of(sessions, session));
    }
    session->listed = true;
    session->awake = true;
}

void zc_session_watch(zc_sessions *sessions, const zc_session *session)
{
    sessions->watched[place_of(sessions, session)] = true;
}

void zc_sessions_clear(zc_sessions *sessions)
{
    for (size_t i = 0; i < sessions->begun; i++) {
        zc_session *session = &sessions->table[i];
        if (session->state != ZC_SESSION_FREE) {
            zc_session_end(sessions, session, false);
            zc_session_free(sessions, session);
        }
    }
}

/* The session that has not spoken and whose time is up first. */
static zc_session *silent_longest(zc_sessions *sessions)
{
    zc_session *found = NULL;
    for (size_t i = 0; i < sessions->count; i++) {
        zc_session *session = &sessions->table[i];
        /* Who has not spoken has a deadline. */
        if (sessions->watched[i] && session->state == ZC_SESSION_OPEN && !session->spoke &&
            (found == NULL || session->read_deadline < found->read_deadline)) {
            found = session;
        }
    }
    return found;
}

void zc_sessions_make_place(zc_sessions *sessions)
{
    zc_session *silent = sessions->idle.count == 0 ? silent_longest(sessions) : NULL;
    if (silent != NULL) {
        zc_session_end(sessions, silent, true);
    }
}

static zc_result take_keys(zc_session *session, const zc_session_secrets *secrets)
{
    ZC_TRY(zc_record_end_init(&session->opener, &secrets->to_core));
    zc_result made = zc_record_end_init(&session->sealer, &secrets->to_client);
    if (!zc_ok(made)) {
        zc_record_end_clear(&session->opener);
    }
    return made;
}

static zc_result fill(zc_sessions *sessions, uint16_t place, int fd,
                      const zc_session_secrets *secrets, uint64_t now_ms)
{
    zc_session *session = &sessions->table[place];
    sessions->begun = place >= sessions->begun ? (size_t)place + 1 : sessions->begun;
    *session = (zc_session){.fd = -1, .queued = session->queued, .listed = session->listed};
    uint64_t id = ++sessions->births * ZC_SESSION_PLACES + place;
    zc_session_wake(sessions, session);
    zc_result taken = take_keys(session, secrets);
    session->awake = zc_ok(taken);
    ZC_TRY(taken);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = id};
    if (epoll_ctl(sessions->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        zc_record_end_clear(&session->opener);
        zc_record_end_clear(&session->sealer);
        session->awake = false;
        return zc_fail(ZC_RUNTIME_NO_DESCRIPTOR);
    }
    session->id = id;
    session->fd = fd;
    session->state = ZC_SESSION_OPEN;
    session->interest = EPOLLIN;
    session->read_deadline = now_ms + sessions->limits.first_record_ms;
    zc_session_watch(sessions, session);
    return ZC_OK;
}

zc_result zc_session_begin(zc_sessions *sessions, int fd, const zc_session_secrets *secrets,
                           uint64_t now_ms, zc_session **ret_session)
{
    uint16_t place;
    if (!zc_places_take(&sessions->idle, &place)) {
        zc_fd_close(&fd);
        return zc_fail(ZC_RUNTIME_SESSIONS_FULL);
    }
    zc_result filled = fill(sessions, place, fd, secrets, now_ms);
    if (!zc_ok(filled)) {
        zc_places_put(&sessions->idle, place);
        zc_fd_close(&fd);
        return filled;
    }
    sessions->open++;
    *ret_session = &sessions->table[place];
    return ZC_OK;
}

zc_session *zc_session_find(zc_sessions *sessions, uint64_t id)
{
    if (id % ZC_SESSION_PLACES >= sessions->begun) {
        return NULL;
    }
    zc_session *session = &sessions->table[id % ZC_SESSION_PLACES];
    bool live = session->state == ZC_SESSION_OPEN || session->state == ZC_SESSION_LEAVING;
    return live && session->id == id ? session : NULL;
}

void zc_session_end(zc_sessions *sessions, zc_session *session, bool announce)
{
    if (session->state != ZC_SESSION_OPEN && session->state != ZC_SESSION_LEAVING) {
        return;
    }
    /* Closing also takes it out of epoll: front has closed its copy, so this is the last. To be
     * safe against a front that has not, it is taken out first. */
    (void)epoll_ctl(sessions->epoll_fd, EPOLL_CTL_DEL, session->fd, NULL);
    zc_fd_close(&session->fd);
    session->announce = announce && session->state == ZC_SESSION_OPEN;
    session->state = ZC_SESSION_ENDED;
    zc_places_put(&sessions->ended, place_of(sessions, session));
}

void zc_session_leave(zc_sessions *sessions, zc_session *session)
{
    if (session->state != ZC_SESSION_OPEN) {
        return;
    }
    session->state = ZC_SESSION_LEAVING;
    session->read_deadline = 0;
    zc_session_settle(sessions, session);
}

zc_session *zc_session_next_ended(zc_sessions *sessions)
{
    uint16_t place;
    return zc_places_take(&sessions->ended, &place) ? &sessions->table[place] : NULL;
}

/* A place may still be in the run queue, or in the list of those awake, when its session is freed
 * and taken anew: `queued` and `listed` survive so that it never gets in twice. */
void zc_session_free(zc_sessions *sessions, zc_session *session)
{
    if (session->in_capacity > ZC_SESSION_IN) {
        zc_buffers_give(&sessions->in_buffers, session->in, session->in_len);
    } else if (session->in != NULL) {
        zc_wipe(session->in, session->in_len);
        zc_session_give_short(sessions, session);
    }
    if (session->out != NULL) {
        zc_buffers_give(&sessions->out_buffers, session->out, session->out_len);
    }
    zc_session_free_shared(sessions, session);
    zc_record_end_clear(&session->opener);
    zc_record_end_clear(&session->sealer);
    bool queued = session->queued;
    bool listed = session->listed;
    zc_wipe(session, sizeof *session);
    session->fd = -1;
    session->queued = queued;
    session->listed = listed;
    sessions->open--;
    zc_places_put(&sessions->idle, place_of(sessions, session));
}

static uint32_t wanted_interest(const zc_session *session)
{
    if (session->shared != NULL) {
        return EPOLLIN; /* bells */
    }
    uint32_t wanted = session->out != NULL ? EPOLLOUT : 0;
    if (zc_session_may_run(session) && !session->starved &&
        (session->in == NULL || session->in_len < session->in_capacity)) {
        wanted |= EPOLLIN;
    }
    return wanted;
}

void zc_session_settle(zc_sessions *sessions, zc_session *session)
{
    if (session->state == ZC_SESSION_LEAVING && session->held == 0 && session->out == NULL) {
        zc_session_end(sessions, session, false);
    }
    if (session->state != ZC_SESSION_OPEN && session->state != ZC_SESSION_LEAVING) {
        return;
    }
    uint32_t wanted = wanted_interest(session);
    if (wanted != session->interest) {
        struct epoll_event event = {.events = wanted, .data.u64 = session->id};
        if (epoll_ctl(sessions->epoll_fd, EPOLL_CTL_MOD, session->fd, &event) != 0) {
            zc_session_end(sessions, session, true);
            return;
        }
        session->interest = wanted;
    }
    if (session->in_len > session->in_at && !session->partial && zc_session_may_run(session) &&
        !session->queued) {
        session->queued = true;
        zc_places_put(&sessions->run, place_of(sessions, session));
    }
}

static bool is_over(uint64_t deadline, uint64_t now_ms)
{
    return deadline != 0 && now_ms >= deadline;
}

static void expire(zc_sessions *sessions, zc_session *session, uint64_t now_ms)
{
    bool listened_to = zc_session_may_run(session);
    if ((listened_to && is_over(session->read_deadline, now_ms)) ||
        is_over(session->drain_deadline, now_ms)) {
        zc_session_end(sessions, session, true);
    } else if (session->starved) {
        session->starved = false;
        session->partial = false;
        zc_session_settle(sessions, session);
    }
}

void zc_sessions_expire(zc_sessions *sessions, uint64_t now_ms)
{
    for (size_t i = 0; i < sessions->count; i++) {
        if (!sessions->watched[i]) {
            continue;
        }
        zc_session *session = &sessions->table[i];
        bool live = session->state == ZC_SESSION_OPEN || session->state == ZC_SESSION_LEAVING;
        if (live) {
            expire(sessions, session, now_ms);
        }
        sessions->watched[i] = live && (session->read_deadline != 0 ||
                                        session->drain_deadline != 0 || session->starved);
    }
}
