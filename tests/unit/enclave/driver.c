#include "driver.h"

#include <stdlib.h>
#include <string.h>

#include "attest/measure.h"
#include "attest/nsm.h"
#include "base/ct.h"
#include "wire/frontlink.h"

/* The machine. */

static void *zeroed_pages(size_t len)
{
    size_t whole = (len + 4095) / 4096 * 4096;
    void *memory = aligned_alloc(4096, whole);
    DRIVER_MUST(memory != NULL);
    memset(memory, 0, whole);
    return memory;
}

driver *driver_new(const zc_mission *mission)
{
    return driver_new_for(mission, DRIVER_KEYS);
}

driver *driver_new_for(const zc_mission *mission, size_t keys)
{
    driver *drv = calloc(1, sizeof *drv);
    uint8_t *bytes = malloc(ZC_MISSION_MAX_BYTES);
    DRIVER_MUST(drv != NULL && bytes != NULL);
    zc_writer writer = zc_writer_of(bytes, ZC_MISSION_MAX_BYTES);
    DRIVER_MUST(zc_ok(zc_mission_write(mission, &writer)));
    driver_blob_set(&drv->store.mission, zc_writer_written(&writer));
    free(bytes);
    drv->keys = keys;
    drv->effects = zeroed_pages(sizeof *drv->effects);
    drv->verifier_keys = zeroed_pages(ZC_AUDIT_KEYS_SIZE(drv->keys));
    drv->enclave = zeroed_pages(zc_enclave_size(drv->keys));
    drv->vault = (zc_vault){.memory = zeroed_pages(zc_enclave_vault_size()),
                            .len = zc_enclave_vault_size(),
                            .kind = ZC_VAULT_LOCKED};
    drv->now_ms = DRIVER_T0;
    drv->check_log = drv->auto_ack = drv->auto_nsm = true;
    drv->wrap_key = 0x77;
    memset(drv->pcr[0], 0xc0, sizeof drv->pcr[0]);
    return drv;
}

static driver *new_open(void)
{
    static zc_mission mission;
    driver_mission(&mission);
    driver_allow_all(&mission);
    return driver_new(&mission);
}

driver *driver_new_powered(void)
{
    driver *drv = new_open();
    driver_power_on(drv);
    driver_front_key(drv);
    return drv;
}

driver *driver_new_unborn(void)
{
    driver *drv = driver_new_powered();
    driver_boot(drv);
    DRIVER_MUST(drv->statement.len > 0);
    return drv;
}

driver *driver_new_serving(void)
{
    driver *drv = new_open();
    driver_start(drv);
    DRIVER_MUST(drv->serving);
    return drv;
}

static void forget_pending(driver *drv)
{
    for (size_t i = 0; i < drv->pending_count; i++) {
        driver_blob_free(&drv->pending[i]);
    }
    drv->pending_count = 0;
}

void driver_free(driver *drv)
{
    if (drv->powered) {
        zc_enclave_clear(drv->enclave);
    }
    forget_pending(drv);
    driver_store_free(&drv->store);
    driver_blob_free(&drv->statement);
    driver_blob_free(&drv->document);
    driver_blob_free(&drv->transcript);
    free(drv->verifier_keys);
    free(drv->enclave);
    free(drv->vault.memory);
    free(drv->effects);
    free(drv);
}

/* The security module: a document is whatever it vouches for. */
static void answer_question(driver *drv, const zc_nsm_request *request, zc_writer *writer)
{
    uint8_t document[ZC_NSM_REQUEST_MAX];
    zc_writer text = ZC_WRITER_OF_ARRAY(document);
    zc_nsm_response response = {.op = request->op};
    uint8_t *pcr = drv->pcr[request->index % 32];
    switch (request->op) {
    case ZC_NSM_DESCRIBE_PCR:
        response.bytes = zc_slice_of(pcr, 48);
        response.locked = !drv->pcr0_unlocked;
        break;
    case ZC_NSM_EXTEND_PCR:
        zc_pcr_extend(pcr, request->data);
        response.bytes = zc_slice_of(pcr, 48);
        break;
    case ZC_NSM_ATTESTATION:
        DRIVER_MUST(zc_ok(zc_write_slice(&text, zc_slice_of_text("document:"))));
        DRIVER_MUST(zc_ok(zc_write_slice(&text, request->user_data.bytes)));
        DRIVER_MUST(zc_ok(zc_write_slice(&text, request->nonce.bytes)));
        DRIVER_MUST(zc_ok(zc_write_slice(&text, request->public_key.bytes)));
        response.bytes = zc_writer_written(&text);
        break;
    default:
        break;
    }
    if (drv->refuses) {
        response = (zc_nsm_response){.error = ZC_NSM_ERROR_INTERNAL};
    }
    DRIVER_MUST(zc_ok(zc_nsm_response_write(writer, &response)));
}

static void put_question(driver *drv, zc_slice bytes)
{
    uint8_t answer[ZC_NSM_RESPONSE_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(answer);
    zc_nsm_request request;
    DRIVER_MUST(zc_ok(zc_nsm_request_parse(bytes, &request)));
    answer_question(drv, &request, &writer);
    DRIVER_MUST(drv->pending_count < DRIVER_PENDING);
    drv->pending_wrap[drv->pending_count] = false;
    driver_blob_set(&drv->pending[drv->pending_count++], zc_writer_written(&writer));
}

static void put_wrap_question(driver *drv)
{
    uint8_t key[32];
    memset(key, drv->wrap_key, sizeof key);
    DRIVER_MUST(drv->pending_count < DRIVER_PENDING);
    drv->pending_wrap[drv->pending_count] = true;
    driver_blob_set(&drv->pending[drv->pending_count++],
                    drv->refuses ? zc_slice_of(NULL, 0) : ZC_SLICE_OF_ARRAY(key));
}

/* The host. */
static void keep(driver *drv, const zc_host_store *store)
{
    DRIVER_MUST(store->ordinal == drv->ordinal + 1);
    drv->ordinal = store->ordinal;
    switch (store->kind) {
    case ZC_STORE_ENTRY: {
        zc_audit_entry entry;
        uint8_t leaf[32];
        zc_result fed = zc_audit_verifier_feed(&drv->verifier, store->data, &entry, leaf);
        DRIVER_MUST(zc_ok(fed) || !drv->check_log);
        driver_keep_entry(&drv->store, store->data, store->opening, store->tag);
        break;
    }
    case ZC_STORE_KEY:
        driver_keep_key(&drv->store, store->name, store->data);
        break;
    case ZC_STORE_CHECKPOINT:
        driver_blob_set(&drv->store.checkpoint, store->data);
        break;
    case ZC_STORE_GENESIS:
        driver_blob_set(&drv->store.genesis, store->data);
        break;
    case ZC_STORE_ROOT:
        driver_blob_set(&drv->store.root, store->data);
        break;
    case ZC_STORE_SNAPSHOT: {
        zc_snapshot_head head;
        DRIVER_MUST(zc_ok(zc_snapshot_peek(store->data, &head)));
        driver_keep_piece(&drv->store, store->data, head.index == 0);
        break;
    }
    default:
        DRIVER_MUST(false);
    }
}

static void hear(driver *drv, zc_slice frame)
{
    static zc_host_message message;
    DRIVER_MUST(zc_ok(zc_host_message_read(frame, &message)));
    switch (message.type) {
    case ZC_HOST_HELLO:
        drv->hello = true;
        break;
    case ZC_HOST_GENESIS_STATEMENT:
        driver_blob_set(&drv->statement, message.genesis_statement.statement);
        break;
    case ZC_HOST_LOST_TAIL_STATEMENT:
        driver_blob_set(&drv->statement, message.genesis_statement.statement);
        break;
    case ZC_HOST_STORE:
        keep(drv, &message.store);
        break;
    case ZC_HOST_SERVING:
        drv->serving = true;
        memcpy(drv->deployment_id, message.serving.deployment_id, 32);
        break;
    case ZC_HOST_FATAL:
        drv->fatal = message.fatal.code;
        break;
    case ZC_HOST_SNAPSHOT_TAKEN:
        drv->snapshot_answered = true;
        drv->snapshot_sequence = message.snapshot_taken.sequence;
        drv->snapshot_code = message.snapshot_taken.code;
        break;
    default:
        break;
    }
}

static void take_effect(driver *drv, const zc_effect *effect)
{
    static zc_front_message front;
    switch (effect->kind) {
    case ZC_EFFECT_HOST:
        hear(drv, effect->bytes);
        break;
    case ZC_EFFECT_FRONT:
        DRIVER_MUST(zc_ok(zc_front_message_read(effect->bytes, &front)));
        driver_blob_set(&drv->document, front.evidence.document);
        drv->evidence_count++;
        break;
    case ZC_EFFECT_REPLY:
        DRIVER_MUST(effect->bytes.len <= sizeof drv->reply &&
                    effect->after_ordinal <= drv->ordinal);
        memcpy(drv->reply, effect->bytes.data, effect->bytes.len);
        drv->reply_len = effect->bytes.len;
        drv->reply_session = effect->session;
        drv->reply_after = effect->after_ordinal;
        drv->reply_count++;
        break;
    case ZC_EFFECT_CLOSE:
        drv->close_count++;
        drv->closed = effect->session;
        break;
    case ZC_EFFECT_NSM:
        put_question(drv, effect->bytes);
        break;
    case ZC_EFFECT_WRAP_KEY:
        put_wrap_question(drv);
        break;
    case ZC_EFFECT_EXIT:
        drv->exited = true;
        break;
    }
}

static void note(driver *drv, const zc_effect *effect)
{
    uint64_t head[3] = {effect->kind, effect->session, effect->after_ordinal};
    driver_blob_append(&drv->transcript, ZC_SLICE_OF_ARRAY(head));
    driver_blob_append(&drv->transcript, effect->bytes);
}

static void step_once(driver *drv, zc_event_kind kind, uint64_t session, zc_slice bytes)
{
    zc_event event = {.kind = kind,
                      .session = session,
                      .bytes = bytes,
                      .now_ms = drv->now_ms,
                      .now_ns = (uint64_t)drv->now_ms * 1000000};
    zc_effects_empty(drv->effects);
    zc_enclave_step(drv->enclave, &event, drv->effects);
    /* What leaves is public; the constant-time test holds the step to it. */
    zc_ct_public(drv->effects->bytes, drv->effects->used);
    for (size_t i = 0; i < drv->effects->count; i++) {
        if (drv->keep_transcript) {
            note(drv, &drv->effects->item[i]);
        }
        take_effect(drv, &drv->effects->item[i]);
    }
}

void driver_answer(driver *drv)
{
    DRIVER_MUST(drv->pending_count > 0);
    driver_blob answer = drv->pending[0];
    zc_event_kind kind = drv->pending_wrap[0] ? ZC_EVENT_WRAP_KEY : ZC_EVENT_NSM;
    drv->pending_count--;
    memmove(drv->pending, drv->pending + 1, drv->pending_count * sizeof drv->pending[0]);
    memmove(drv->pending_wrap, drv->pending_wrap + 1, drv->pending_count);
    drv->pending[drv->pending_count] = (driver_blob){0};
    step_once(drv, kind, 0, driver_slice(&answer));
    driver_blob_free(&answer);
}

void driver_step(driver *drv, zc_event_kind kind, uint64_t session, zc_slice bytes)
{
    step_once(drv, kind, session, bytes);
    for (bool busy = true; busy;) {
        busy = false;
        if (drv->auto_nsm && drv->pending_count > 0) {
            driver_answer(drv);
            busy = true;
        } else if (drv->auto_ack && drv->acked < drv->ordinal) {
            zc_host_message message = {.type = ZC_HOST_ACK, .ack = {.ordinal = drv->ordinal}};
            uint8_t frame[64];
            zc_writer writer = ZC_WRITER_OF_ARRAY(frame);
            drv->acked = drv->ordinal;
            DRIVER_MUST(zc_ok(zc_host_message_write(&message, &writer)));
            step_once(drv, ZC_EVENT_HOST, 0, zc_writer_written(&writer));
            busy = true;
        }
    }
}

void driver_host(driver *drv, const zc_host_message *message)
{
    static uint8_t frame[ZC_HOST_FRAME_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(frame);
    DRIVER_MUST(zc_ok(zc_host_message_write(message, &writer)));
    driver_step(drv, ZC_EVENT_HOST, 0, zc_writer_written(&writer));
}

void driver_ack(driver *drv, uint64_t ordinal)
{
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_ACK, .ack = {.ordinal = ordinal}});
}

void driver_tick(driver *drv, int64_t ms)
{
    drv->now_ms += ms;
    driver_step(drv, ZC_EVENT_TICK, 0, zc_slice_of(NULL, 0));
}

void driver_power_on(driver *drv)
{
    if (drv->powered) {
        zc_enclave_clear(drv->enclave);
    }
    drv->powered = true;
    memset(drv->enclave, 0, zc_enclave_size(drv->keys));
    memset(drv->vault.memory, 0, drv->vault.len);
    memset(drv->pcr[16], 0, sizeof drv->pcr[16]);
    forget_pending(drv);
    drv->hello = drv->serving = drv->exited = false;
    drv->fatal = 0;
    drv->ordinal = drv->acked = 0;
    driver_blob_free(&drv->statement);
    memset(drv->verifier_keys, 0, ZC_AUDIT_KEYS_SIZE(drv->keys));
    zc_audit_verifier_init(&drv->verifier, drv->verifier_keys, drv->keys);
    for (size_t i = 0; i < drv->store.entry_count; i++) {
        zc_audit_entry entry;
        uint8_t leaf[32];
        zc_result fed = zc_audit_verifier_feed(
            &drv->verifier, driver_slice(&drv->store.entry[i].entry), &entry, leaf);
        (void)fed; /* a test may have broken it */
    }
    zc_enclave_config config = {.platform = "test", .isolation = 5, .signers = &drv->vault};
    DRIVER_MUST(zc_enclave_init(drv->enclave, zc_enclave_size(drv->keys), &config) == drv->enclave);
    uint8_t entropy[64];
    memset(entropy, 0xe0 + drv->boot++, sizeof entropy);
    driver_step(drv, ZC_EVENT_START, 0, ZC_SLICE_OF_ARRAY(entropy));
}

void driver_front_key(driver *drv)
{
    static const uint8_t head[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                   0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                   0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};
    zc_secret32 scalar = {.byte = {[31] = 7}};
    zc_signer signer;
    uint8_t spki[sizeof head + 65];
    DRIVER_MUST(zc_ok(zc_signer_init(&signer, ZC_CURVE_P256, &scalar)));
    memcpy(spki, head, sizeof head);
    memcpy(spki + sizeof head, signer.pubkey.byte, 65);
    driver_step(drv, ZC_EVENT_FRONT_KEY, 0, ZC_SLICE_OF_ARRAY(spki));
}

void driver_boot(driver *drv)
{
    const driver_store *store = &drv->store;
    zc_slice mission = driver_slice(&store->mission);
    for (; mission.len > ZC_MISSION_MAX && !drv->exited; mission.len -= ZC_MISSION_MAX) {
        driver_host(drv, &(zc_host_message){
                             .type = ZC_HOST_MISSION,
                             .mission = {.part = zc_slice_of(mission.data, ZC_MISSION_MAX)}});
        mission.data += ZC_MISSION_MAX;
    }
    if (drv->exited) {
        return;
    }
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_BOOT,
                                        .boot = {.mission = mission,
                                                 .has_genesis = store->genesis.len > 0,
                                                 .genesis = driver_slice(&store->genesis),
                                                 .has_root = store->root.len > 0,
                                                 .root = driver_slice(&store->root)}});
}

void driver_found(driver *drv, unsigned founders)
{
    zc_host_message message = {.type = ZC_HOST_GENESIS_SIGNED};
    for (unsigned who = 0; who <= STRANGER; who++) {
        if ((founders >> who & 1) == 0) {
            continue;
        }
        zc_founder_signature *founder =
            &message.genesis_signed.founder[message.genesis_signed.count++];
        zc_signature signature;
        DRIVER_MUST(zc_ok(zc_sign_message_ed25519(driver_principal(who),
                                                  driver_slice(&drv->statement), &signature)));
        memcpy(founder->public_key, driver_principal(who)->pubkey.byte, 32);
        memcpy(founder->signature, signature.byte, 64);
    }
    driver_host(drv, &message);
}

void driver_load_keys(driver *drv)
{
    for (size_t i = 0; i < drv->store.key_count && !drv->exited; i++) {
        const driver_key *key = &drv->store.key[i];
        driver_host(drv, &(zc_host_message){.type = ZC_HOST_KEY_BLOB,
                                            .key_blob = {.name = zc_slice_of_text(key->name),
                                                         .sealed = driver_slice(&key->sealed)}});
    }
}

void driver_load_keys_together(driver *drv)
{
    uint8_t *bytes = malloc(ZC_STORED_KEYS_MAX);
    DRIVER_MUST(bytes != NULL);
    zc_writer writer = zc_writer_of(bytes, ZC_STORED_KEYS_MAX);
    for (size_t i = 0; i < drv->store.key_count && !drv->exited; i++) {
        DRIVER_MUST(zc_ok(zc_write_slice(&writer, driver_slice(&drv->store.key[i].sealed))));
        if (i + 1 == drv->store.key_count ||
            zc_writer_len(&writer) + ZC_STORED_KEY_MAX > ZC_STORED_KEYS_MAX) {
            driver_host(drv, &(zc_host_message){.type = ZC_HOST_KEYS,
                                                .keys = {.sealed = zc_writer_written(&writer)}});
            writer = zc_writer_of(bytes, ZC_STORED_KEYS_MAX);
        }
    }
    free(bytes);
}

void driver_load_snapshot(driver *drv)
{
    drv->snapshot_answered = false;
    for (size_t i = 0; i < drv->store.piece_count && !drv->exited; i++) {
        driver_host(drv,
                    &(zc_host_message){.type = ZC_HOST_SNAPSHOT,
                                       .snapshot = {.piece = driver_slice(&drv->store.piece[i])}});
    }
}

void driver_load_entries(driver *drv)
{
    driver_load_entries_from(drv, 0);
}

void driver_load_entries_from(driver *drv, size_t first)
{
    for (size_t i = first; i < drv->store.entry_count && !drv->exited; i++) {
        const driver_entry *entry = &drv->store.entry[i];
        zc_host_message message = {.type = ZC_HOST_ENTRY,
                                   .entry = {.entry = driver_slice(&entry->entry),
                                             .opening = driver_slice(&entry->opening)}};
        memcpy(message.entry.tag, entry->tag, sizeof entry->tag);
        driver_host(drv, &message);
    }
}

void driver_load_done(driver *drv)
{
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_LOAD_DONE});
}

void driver_start(driver *drv)
{
    driver_power_on(drv);
    driver_front_key(drv);
    driver_boot(drv);
    if (drv->statement.len > 0) {
        driver_found(drv, FOUNDERS);
        return;
    }
    driver_load_keys(drv);
    driver_load_entries(drv);
    if (!drv->exited) {
        driver_load_done(drv);
    }
}
