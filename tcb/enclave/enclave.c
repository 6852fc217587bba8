#include "enclave/policy_parts.h"

/* Equal until somebody changes one: NOLINTNEXTLINE(misc-redundant-expression) */
_Static_assert(ZC_ENCLAVE_KEYS_MAX == ZC_AUDIT_KEYS_MAX && ZC_ENCLAVE_KEYS_MAX == ZC_KEYS_MAX,
               "each key has its place in the log");

_Static_assert(ZC_ENCLAVE_SNAPSHOT_SIZE(ZC_ENCLAVE_KEYS_MAX) <=
                   ZC_SNAPSHOT_PIECE_MAX * ZC_SNAPSHOT_PIECES_MAX,
               "every state leaves in pieces");

/* Behind the object: what the log says of each key, the ring's memory, and a snapshot's. */
static size_t behind(size_t keys)
{
    return ZC_AUDIT_KEYS_SIZE(keys) + ZC_KEYRING_SIZE(keys) + ZC_ENCLAVE_SNAPSHOT_SIZE(keys);
}

size_t zc_enclave_size(size_t keys)
{
    return sizeof(zc_enclave) + behind(keys);
}

static size_t room_for(size_t len)
{
    size_t keys = ZC_ENCLAVE_KEYS_MAX;
    while (keys > 0 && zc_enclave_size(keys) > len) {
        keys /= 2;
    }
    return keys;
}

size_t zc_enclave_vault_size(void)
{
    return sizeof(zc_enclave_secrets);
}

zc_enclave *zc_enclave_init(void *memory, size_t len, const zc_enclave_config *config)
{
    const size_t keys = room_for(len);
    if (keys == 0 || config->signers->len < sizeof(zc_enclave_secrets)) {
        return NULL;
    }
    zc_enclave *enclave = memory;
    enclave->config = *config;
    enclave->phase = ZC_PHASE_SEALED;
    enclave->batch.leaves = config->leaves_signing;
    /* The vault is page-aligned and zeroed. */
    enclave->secrets = (void *)config->signers->memory;
    uint8_t *free = (uint8_t *)(enclave + 1);
    const zc_keyring_room room = {.signers = enclave->secrets->signer,
                                  .residents = ZC_KEYS_RESIDENT,
                                  .venues = enclave->secrets->venue,
                                  .venue_count = ZC_KEYS_MAX_VENUE,
                                  .memory = free + ZC_AUDIT_KEYS_SIZE(keys),
                                  .keys = keys};
    zc_keyring_init(&enclave->keyring, &room);
    enclave->snapshots.bytes = free + ZC_AUDIT_KEYS_SIZE(keys) + ZC_KEYRING_SIZE(keys);
    enclave->snapshots.room = ZC_ENCLAVE_SNAPSHOT_SIZE(keys);
    zc_audit_log_init(&enclave->log);
    zc_audit_verifier_init(&enclave->verifier, free, keys);
    return enclave;
}

void zc_enclave_clear(zc_enclave *enclave)
{
    zc_keyring_clear(&enclave->keyring);
    if (enclave->root_open) {
        zc_seal_keys_clear(&enclave->secrets->seal);
    }
    zc_wipe(enclave->secrets, sizeof *enclave->secrets);
    enclave->stopped = true;
}

uint64_t zc_enclave_acked(const zc_enclave *enclave)
{
    return zc_leases_released(enclave);
}

zc_phase zc_enclave_phase(const zc_enclave *enclave)
{
    return enclave->phase;
}

/* Tells the host why, and leaves. Nothing else can be said to anyone once the state is in doubt. */
static void stop(zc_enclave *enclave, zc_result why, zc_effects *effects)
{
    enclave->stopped = true;
    zc_effects_empty(effects);
    zc_host_message message = {.type = ZC_HOST_FATAL, .fatal = {.code = why.code}};
    zc_result told = zc_emit_host(effects, &message);
    zc_result left = zc_emit_plain(effects, ZC_EFFECT_EXIT, 1, zc_slice_of(NULL, 0));
    (void)told;
    (void)left;
}

static zc_result take_host(zc_enclave *enclave, const zc_event *event, zc_effects *effects)
{
    zc_host_message host;
    ZC_TRY(zc_host_message_read(event->bytes, &host));
    zc_handler *handler = zc_table_host(enclave, host.type);
    if (handler == NULL) {
        return zc_fail(ZC_ENCLAVE_WRONG_PHASE);
    }
    return handler(enclave, &(zc_message){.event = event, .host = &host, .effects = effects});
}

static zc_result take_event(zc_enclave *enclave, const zc_event *event, zc_effects *effects)
{
    zc_handler *handler = zc_table_event(enclave, event->kind);
    if (handler == NULL) {
        /* A session that front opened too early is closed; nothing else can come out of turn. */
        return event->kind == ZC_EVENT_SESSION_OPEN
                   ? zc_emit_plain(effects, ZC_EFFECT_CLOSE, event->session, zc_slice_of(NULL, 0))
                   : zc_fail(ZC_ENCLAVE_WRONG_PHASE);
    }
    return handler(enclave, &(zc_message){.event = event, .effects = effects});
}

void zc_enclave_step(zc_enclave *enclave, const zc_event *event, zc_effects *effects)
{
    if (enclave->stopped) {
        return;
    }
    /* Time never runs backwards in here, whatever the clock does. */
    enclave->now_ms = event->now_ms > enclave->now_ms ? event->now_ms : enclave->now_ms;
    enclave->now_ns = event->now_ns;
    if (event->kind == ZC_EVENT_RECORD) {
        zc_request_take(enclave, event, effects);
        return;
    }
    zc_result taken = event->kind == ZC_EVENT_HOST ? take_host(enclave, event, effects)
                                                   : take_event(enclave, event, effects);
    if (!zc_ok(taken)) {
        stop(enclave, taken, effects);
    }
}
