#include "enclave/parts.h"

#include "wire/frontlink.h"
#include "wire/record.h"

/* A writer over what is left of the buffer. */
static zc_writer room(zc_effects *effects)
{
    return zc_writer_of(effects->bytes + effects->used, sizeof effects->bytes - effects->used);
}

static zc_result commit(zc_effects *effects, const zc_effect *effect, const zc_writer *writer)
{
    if (effects->count == ZC_EFFECTS_MAX) {
        return zc_fail(ZC_ENCLAVE_EFFECTS_FULL);
    }
    zc_effect *item = &effects->item[effects->count++];
    *item = *effect;
    item->bytes = zc_writer_written(writer);
    effects->used += item->bytes.len;
    return ZC_OK;
}

/* A request causes at most an entry with its opening, a sealed key or a breaker's entry, and a
 * reply or a question to the security module. */
#define REQUEST_EFFECTS 4
#define REQUEST_BYTES                                                                              \
    (ZC_AUDIT_ENTRY_MAX + ZC_OPENING_MAX + ZC_SEALED_KEY_MAX + ZC_RECORD_MAX_PLAIN + 1024)

zc_result zc_effects_have_room(const zc_effects *effects)
{
    bool fits = effects->count + REQUEST_EFFECTS <= ZC_EFFECTS_MAX &&
                effects->used + REQUEST_BYTES <= sizeof effects->bytes;
    return fits ? ZC_OK : zc_fail(ZC_ENCLAVE_EFFECTS_FULL);
}

zc_result zc_emit_plain(zc_effects *effects, zc_effect_kind kind, uint64_t session, zc_slice bytes)
{
    zc_writer writer = room(effects);
    ZC_TRY(zc_write_slice(&writer, bytes));
    return commit(effects, &(zc_effect){.kind = kind, .session = session}, &writer);
}

zc_result zc_emit_host(zc_effects *effects, const zc_host_message *message)
{
    zc_writer writer = room(effects);
    ZC_TRY(zc_host_message_write(message, &writer));
    return commit(effects, &(zc_effect){.kind = ZC_EFFECT_HOST}, &writer);
}

zc_result zc_emit_store(zc_enclave *enclave, zc_effects *effects, zc_store_kind kind, zc_slice name,
                        zc_slice data)
{
    zc_host_message message = {
        .type = ZC_HOST_STORE,
        .store = {
            .ordinal = enclave->ordinal + 1, .kind = (uint8_t)kind, .name = name, .data = data}};
    ZC_TRY(zc_emit_host(effects, &message));
    enclave->ordinal++;
    if (kind == ZC_STORE_KEY) {
        zc_log_raise_floor(enclave); /* nothing it signs may outlive it */
    }
    return ZC_OK;
}

zc_result zc_emit_front(zc_effects *effects, zc_slice certificate, zc_slice document,
                        zc_slice genesis)
{
    zc_front_message message = {
        .type = ZC_FRONT_EVIDENCE,
        .evidence = {.certificate = certificate, .document = document, .genesis = genesis}};
    zc_writer writer = room(effects);
    ZC_TRY(zc_front_message_write(&message, &writer));
    return commit(effects, &(zc_effect){.kind = ZC_EFFECT_FRONT}, &writer);
}

zc_result zc_emit_reply(zc_effects *effects, uint64_t session, uint64_t after_ordinal,
                        const zc_reply *reply)
{
    zc_writer writer = room(effects);
    ZC_TRY(zc_reply_write(reply, &writer));
    zc_effect effect = {
        .kind = ZC_EFFECT_REPLY, .session = session, .after_ordinal = after_ordinal};
    return commit(effects, &effect, &writer);
}

uint64_t zc_reply_after(zc_enclave *enclave, uint64_t session)
{
    const zc_session *found = zc_sessions_find(enclave, session);
    uint64_t after = zc_log_reply_after(enclave);
    return found != NULL && found->reply_after > after ? found->reply_after : after;
}

zc_result zc_emit_failure(zc_enclave *enclave, zc_effects *effects, uint64_t session,
                          uint64_t request, zc_result result, const size_t *offset)
{
    zc_reply reply = {.id = request,
                      .status = ZC_STATUS_FAILED,
                      .failed = {.code = result.code,
                                 .has_offset = offset != NULL,
                                 .offset = offset != NULL ? *offset : 0}};
    /* That the host does not keep up must be said without waiting for it. */
    bool at_once = zc_is(result, ZC_ENCLAVE_LOG_BEHIND);
    return zc_emit_reply(effects, session, at_once ? 0 : zc_reply_after(enclave, session), &reply);
}
