#include <string.h>

#include "runtime/core_state.h"

/* Requests of one session before others get their turn. */
#define TURN 8

void zc_core_break(zc_core *core, zc_result why)
{
    if (!zc_core_is_over(core)) {
        core->broken = why;
    }
}

void zc_core_read_clocks(zc_core *core)
{
    core->now_ns = zc_platform_monotonic_ns(core->platform);
    int64_t now;
    if (zc_ok(zc_platform_now_ms(core->platform, &now))) {
        core->now_ms = now; /* without a clock, the last time stands still */
    }
}

void zc_core_push(zc_core *core)
{
    size_t len = core->sealed_len;
    zc_session *session = len == 0 ? NULL : zc_session_find(&core->sessions, core->sealed_session);
    core->sealed_len = 0;
    if (session != NULL) {
        zc_session_send(&core->sessions, session, zc_slice_of(core->sealed, len),
                        zc_core_session_ms(core));
        zc_session_settle(&core->sessions, session);
    }
}

/* Where the plaintext of a session's next reply is to be put. Records that leave together are never
 * more than a client's queue takes. */
static uint8_t *room_for_reply(zc_core *core, uint64_t session, size_t len)
{
    if (core->sealed_session != session ||
        core->sealed_len + len + ZC_RECORD_OVERHEAD > ZC_BUFFER_SIZE) {
        zc_core_push(core);
        core->sealed_session = session;
    }
    return core->sealed + core->sealed_len + ZC_FRAME_HEAD;
}

/* Seals `len` bytes where room_for_reply() said; they leave with the next zc_core_push(). */
static void send_reply(zc_core *core, zc_session *session, size_t len)
{
    zc_writer writer =
        zc_writer_of(core->sealed + core->sealed_len, ZC_CORE_SEALED - core->sealed_len);
    zc_slice plain = zc_slice_of(core->sealed + core->sealed_len + ZC_FRAME_HEAD, len);
    zc_session_wake(&core->sessions, session);
    if (!zc_ok(zc_record_seal(&session->sealer, plain, &writer))) {
        zc_session_end(&core->sessions, session, true);
        return;
    }
    core->sealed_len += zc_writer_len(&writer);
}

/* With as many signatures under way as there may be, this one is made here. */
static void sign_now(zc_core *core, zc_effect *effect)
{
    const zc_sign_work *work = effect->work;
    uint8_t *reply = core->effects.bytes + (effect->bytes.data - core->effects.bytes);
    zc_signature signature;
    zc_result made =
        zc_sign_digest(work->signer, work->mode, work->fresh, work->digest, &signature);
    zc_work_settle(work, made, &signature, reply, &effect->bytes.len);
    effect->work = NULL;
}

static bool hold(zc_core *core, zc_session *session, const zc_effect *effect)
{
    const zc_sign_work *work = effect->work;
    zc_held_reply held = {.session = effect->session, .ordinal = effect->after_ordinal};
    if (work != NULL) {
        held.work = zc_signers_next(core->signers);
        held.request = work->request;
        held.place = work->place;
    }
    if (!zc_ok(zc_held_put(&core->held, &held, effect->bytes))) {
        return false;
    }
    if (work != NULL) {
        zc_signers_submit(core->signers, work);
    }
    core->held_ordinal = held.ordinal > core->held_ordinal ? held.ordinal : core->held_ordinal;
    session->held++;
    return true;
}

/* Whether a reply that waits for nothing would overtake one of the same session whose signature is
 * still being made: answers to requests that sign come in their order. */
static bool would_overtake(zc_core *core, const zc_session *session)
{
    if (core->signers == NULL || session->held == 0) {
        return false;
    }
    zc_held_reply oldest;
    zc_core_release(core);
    /* What is stored and still there waits for its signature alone, or has just got it. */
    return session->held > 0 &&
           zc_held_peek(&core->held, core->machine.acked(core->machine.state), &oldest);
}

/* Sends a reply, or holds it back until what it rests on is stored and its signature made. False
 * when it can't be either. */
static bool reply_or_hold(zc_core *core, zc_session *session, zc_effect *effect)
{
    if (effect->bytes.len > ZC_RECORD_MAX_PLAIN) {
        return false;
    }
    if (effect->work != NULL && (core->signers == NULL || !zc_signers_has_room(core->signers))) {
        sign_now(core, effect);
    }
    if (effect->work == NULL && effect->after_ordinal <= core->machine.acked(core->machine.state) &&
        !would_overtake(core, session)) {
        memcpy(room_for_reply(core, session->id, effect->bytes.len), effect->bytes.data,
               effect->bytes.len);
        send_reply(core, session, effect->bytes.len);
        return true;
    }
    return hold(core, session, effect);
}

static void reply(zc_core *core, zc_effect *effect)
{
    zc_session *session = zc_session_find(&core->sessions, effect->session);
    if (session == NULL) {
        return;
    }
    if (!reply_or_hold(core, session, effect)) {
        zc_session_end(&core->sessions, session, true);
    }
    /* What is sealed but not sent yet would not count: then zc_core_push() settles. */
    if (core->sealed_len == 0 || core->sealed_session != session->id) {
        zc_session_settle(&core->sessions, session);
    }
}

/* Whether the signature of the oldest reply is there; what nobody has taken yet is made here. */
static bool is_signed(zc_core *core, const zc_held_reply *held)
{
    if (held->work == 0) {
        return true;
    }
    while (!zc_signers_is_done(core->signers, held->work)) {
        if (!zc_signers_help(core->signers)) {
            return false; /* a worker is at it */
        }
    }
    return true;
}

/* Puts the signature into the reply of *len bytes. */
static void fill_in(zc_core *core, const zc_held_reply *held, uint8_t *reply, size_t *len)
{
    zc_signature signature;
    const zc_sign_work work = {.request = held->request, .place = held->place};
    if (held->work != 0) {
        zc_result made = zc_signers_collect(core->signers, held->work, &signature);
        zc_work_settle(&work, made, &signature, reply, len);
    }
}

void zc_core_release(zc_core *core)
{
    uint64_t acked = core->machine.acked(core->machine.state);
    zc_held_reply held;
    while (zc_held_peek(&core->held, acked, &held) && is_signed(core, &held)) {
        zc_buffer plain = {.data = room_for_reply(core, held.session, held.len),
                           .len = ZC_RECORD_MAX_PLAIN};
        if (!zc_held_take(&core->held, acked, plain, &held)) {
            return; /* it was there a moment ago */
        }
        fill_in(core, &held, plain.data, &held.len);
        zc_session *session = zc_session_find(&core->sessions, held.session);
        if (session == NULL) {
            continue;
        }
        zc_session_released(&core->sessions, session, zc_core_session_ms(core));
        send_reply(core, session, held.len);
    }
    zc_core_push(core);
}

static void ask_nsm(zc_core *core, zc_slice request)
{
    zc_nsm_queue *queue = &core->nsm;
    if (queue->count == ZC_NSM_PENDING) {
        zc_core_break(core, zc_fail(ZC_RUNTIME_TOO_MUCH_NSM));
        return;
    }
    size_t at = (queue->first + queue->count) % ZC_NSM_PENDING;
    queue->count++;
    /* A request that is too long keeps its turn, and its answer will be that it failed. */
    bool fits = request.len <= ZC_NSM_REQUEST_MAX;
    queue->item[at].len = fits ? request.len : 0;
    if (fits && request.len > 0) {
        memcpy(queue->item[at].bytes, request.data, request.len);
    }
}

static void carry_out(zc_core *core, zc_effect *effect)
{
    switch (effect->kind) {
    case ZC_EFFECT_HOST: {
        zc_result put = zc_link_put(&core->host, effect->bytes);
        if (!zc_ok(put)) {
            zc_core_break(core, put);
        }
        core->host_at_once = core->host_at_once || !core->in_record;
        core->host_frames++;
        core->host_due_ns =
            core->host_due_ns == 0 ? core->now_ns + ZC_CORE_GATHER_NS : core->host_due_ns;
        break;
    }
    case ZC_EFFECT_FRONT:
        zc_core_to_front(core, effect->bytes);
        break;
    case ZC_EFFECT_REPLY:
        reply(core, effect);
        break;
    case ZC_EFFECT_CLOSE: {
        zc_session *session = zc_session_find(&core->sessions, effect->session);
        zc_core_push(core);
        if (session != NULL) {
            zc_session_leave(&core->sessions, session);
        }
        break;
    }
    case ZC_EFFECT_NSM:
        ask_nsm(core, effect->bytes);
        break;
    case ZC_EFFECT_WRAP_KEY:
        core->wrap_wanted = true;
        core->wrap_next = effect->bytes.len == sizeof core->wrap_pcr16;
        if (core->wrap_next) {
            memcpy(core->wrap_pcr16, effect->bytes.data, sizeof core->wrap_pcr16);
        }
        break;
    case ZC_EFFECT_EXIT:
        core->leaving = true;
        core->status = (int)effect->session;
        break;
    }
}

/* A venue's request may have its passphrase in it: replies don't stay in memory. */
static void wipe_replies(zc_effects *effects)
{
    zc_wipe(effects->work, effects->work_count * sizeof effects->work[0]);
    for (size_t i = 0; i < effects->count; i++) {
        const zc_effect *effect = &effects->item[i];
        if (effect->kind == ZC_EFFECT_REPLY && effect->bytes.len > 0) {
            zc_wipe(effects->bytes + (effect->bytes.data - effects->bytes), effect->bytes.len);
        }
    }
}

static void step(zc_core *core, zc_event_kind kind, uint64_t session, zc_slice bytes)
{
    zc_event event = {.kind = kind,
                      .session = session,
                      .bytes = bytes,
                      .now_ms = core->now_ms,
                      .now_ns = zc_platform_monotonic_ns(core->platform)};
    core->in_record = kind == ZC_EVENT_RECORD;
    zc_effects_empty(&core->effects);
    core->machine.step(core->machine.state, &event, &core->effects);
    for (size_t i = 0; i < core->effects.count && !zc_core_is_over(core); i++) {
        carry_out(core, &core->effects.item[i]);
    }
    wipe_replies(&core->effects);
}

/* The answer to the oldest request, `len` bytes of it; none says that it failed. */
static void finish_nsm(zc_core *core, size_t len)
{
    core->nsm.first = (core->nsm.first + 1) % ZC_NSM_PENDING;
    core->nsm.count--;
    step(core, ZC_EVENT_NSM, 0, zc_slice_of(core->nsm_response, len));
    zc_wipe(core->nsm_response, len); /* it may have been entropy */
}

/* Puts the oldest request to the security module: a document takes as long as fifty signatures, so
 * nobody waits for it who does not have to. While the enclave starts, everything does: what the
 * host sends next rests on the answer. */
static void answer_nsm(zc_core *core)
{
    zc_nsm_queue *queue = &core->nsm;
    const zc_platform_ops *ops = core->platform->ops;
    zc_slice request = zc_slice_of(queue->item[queue->first].bytes, queue->item[queue->first].len);
    zc_buffer response = {.data = core->nsm_response, .len = sizeof core->nsm_response};
    size_t len = 0;
    if (request.len > 0 && ops->nsm_ask != NULL && core->shown) {
        core->nsm_asked = zc_ok(ops->nsm_ask(core->platform->self, request));
        if (core->nsm_asked) {
            return;
        }
    } else if (request.len == 0 ||
               !zc_ok(zc_platform_nsm(core->platform, request, response, &len))) {
        len = 0;
    }
    finish_nsm(core, len);
}

static void answer_wrap_key(zc_core *core)
{
    ZC_SECRET zc_secret32 key = {{0}};
    core->wrap_wanted = false;
    bool released =
        zc_ok(core->wrap_next ? zc_platform_next_wrap_key(core->platform, core->wrap_pcr16, &key)
                              : zc_platform_wrap_key(core->platform, &key));
    step(core, ZC_EVENT_WRAP_KEY, 0, zc_slice_of(key.byte, released ? sizeof key.byte : 0));
}

/* Goes on until nothing is left to ask, or an answer is to come. */
static void go_on(zc_core *core)
{
    while (!zc_core_is_over(core) && !core->nsm_asked) {
        if (core->nsm.count > 0) {
            answer_nsm(core);
        } else if (core->wrap_wanted) {
            answer_wrap_key(core);
        } else {
            return;
        }
    }
}

void zc_core_dispatch(zc_core *core, zc_event_kind kind, uint64_t session, zc_slice bytes)
{
    step(core, kind, session, bytes);
    go_on(core);
}

void zc_core_hear_nsm(zc_core *core)
{
    zc_buffer response = {.data = core->nsm_response, .len = sizeof core->nsm_response};
    size_t len = 0;
    if (!core->nsm_asked || !zc_core_has_room(core)) {
        return;
    }
    if (!zc_ok(core->platform->ops->nsm_take(core->platform->self, response, &len))) {
        len = 0;
    }
    core->nsm_asked = false;
    finish_nsm(core, len);
    go_on(core);
}

void zc_core_run_session(zc_core *core, zc_session *session)
{
    core->hot = session->id;
    for (size_t i = 0; i < TURN && zc_core_has_room(core) && !zc_core_is_over(core) &&
                       zc_session_may_run(session);
         i++) {
        zc_slice plain;
        size_t total;
        if (!zc_session_next(&core->sessions, session, &plain, &total)) {
            break;
        }
        if (plain.len == 1 && plain.data[0] == ZC_SHARED_ASK) {
            zc_core_push(core);
            bool may = core->machine.knows != NULL &&
                       core->machine.knows(core->machine.state, session->id);
            zc_session_offer_shared(&core->sessions, session, may);
        } else {
            zc_core_dispatch(core, ZC_EVENT_RECORD, session->id, plain);
        }
        /* Long replies at once: whether the client reads decides whether it may go on asking. */
        if (core->sealed_len > ZC_BUFFER_SIZE / 2) {
            zc_core_push(core);
        }
        zc_session_consume(&core->sessions, session, total, zc_core_session_ms(core));
        if (core->signers != NULL) {
            zc_signers_wake(core->signers);
        }
    }
    zc_core_push(core);
    zc_session_settle(&core->sessions, session);
}

void zc_core_reap(zc_core *core)
{
    zc_session *session;
    while (zc_core_has_room(core) && !zc_core_is_over(core) &&
           (session = zc_session_next_ended(&core->sessions)) != NULL) {
        uint64_t id = session->id;
        bool announce = session->announce;
        zc_session_free(&core->sessions, session);
        if (announce) {
            zc_core_dispatch(core, ZC_EVENT_SESSION_CLOSED, id, (zc_slice){0});
        }
    }
}
