#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attest/measure.h"
#include "attest/nsm.h"
#include "base/ct.h"
#include "codec/rlp.h"
#include "crypto/hash.h"
#include "wire/frontlink.h"
#include "wire/session.h"

_Noreturn void driver_broken(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: the driver expects: %s\n", file, line, what);
    abort();
}

void driver_blob_set(driver_blob *blob, zc_slice bytes)
{
    uint8_t *copy = malloc(bytes.len + 1);
    DRIVER_MUST(copy != NULL);
    if (bytes.len > 0) {
        memcpy(copy, bytes.data, bytes.len);
    }
    free(blob->data);
    *blob = (driver_blob){.data = copy, .len = bytes.len};
}

zc_slice driver_slice(const driver_blob *blob)
{
    return zc_slice_of(blob->data, blob->len);
}

static void blob_append(driver_blob *blob, zc_slice bytes)
{
    uint8_t *grown = realloc(blob->data, blob->len + bytes.len + 1);
    DRIVER_MUST(grown != NULL);
    if (bytes.len > 0) {
        memcpy(grown + blob->len, bytes.data, bytes.len);
    }
    *blob = (driver_blob){.data = grown, .len = blob->len + bytes.len};
}

static void blob_free(driver_blob *blob)
{
    free(blob->data);
    *blob = (driver_blob){0};
}

void driver_store_free(driver_store *store)
{
    blob_free(&store->mission);
    blob_free(&store->genesis);
    blob_free(&store->root);
    blob_free(&store->checkpoint);
    for (size_t i = 0; i < store->entry_count; i++) {
        blob_free(&store->entry[i].entry);
        blob_free(&store->entry[i].opening);
    }
    for (size_t i = 0; i < store->key_count; i++) {
        blob_free(&store->key[i].sealed);
    }
    free(store->entry);
    free(store->key);
    *store = (driver_store){0};
}

static void keep_entry(driver_store *store, zc_slice entry, zc_slice opening, const uint8_t tag[32])
{
    driver_entry *grown = realloc(store->entry, (store->entry_count + 1) * sizeof *grown);
    DRIVER_MUST(grown != NULL);
    store->entry = grown;
    driver_entry *kept = &grown[store->entry_count++];
    *kept = (driver_entry){0};
    driver_blob_set(&kept->entry, entry);
    driver_blob_set(&kept->opening, opening);
    memcpy(kept->tag, tag, sizeof kept->tag);
}

static void keep_key(driver_store *store, zc_slice name, zc_slice sealed)
{
    driver_key *grown = realloc(store->key, (store->key_count + 1) * sizeof *grown);
    DRIVER_MUST(grown != NULL && name.len < sizeof grown->name);
    store->key = grown;
    driver_key *kept = &grown[store->key_count++];
    *kept = (driver_key){0};
    memcpy(kept->name, name.data, name.len);
    driver_blob_set(&kept->sealed, sealed);
}

driver_store driver_store_copy(const driver_store *store)
{
    driver_store copy = {0};
    driver_blob_set(&copy.mission, driver_slice(&store->mission));
    driver_blob_set(&copy.genesis, driver_slice(&store->genesis));
    driver_blob_set(&copy.root, driver_slice(&store->root));
    driver_blob_set(&copy.checkpoint, driver_slice(&store->checkpoint));
    for (size_t i = 0; i < store->entry_count; i++) {
        const driver_entry *from = &store->entry[i];
        keep_entry(&copy, driver_slice(&from->entry), driver_slice(&from->opening), from->tag);
    }
    for (size_t i = 0; i < store->key_count; i++) {
        keep_key(&copy, zc_slice_of_text(store->key[i].name), driver_slice(&store->key[i].sealed));
    }
    return copy;
}

/* The mission. */

const zc_signer *driver_principal(unsigned who)
{
    static zc_signer signer[STRANGER + 1];
    if (signer[who].pubkey.len == 0) {
        zc_secret32 seed;
        memset(seed.byte, 0xa0 + (int)who, sizeof seed.byte);
        DRIVER_MUST(zc_ok(zc_signer_init(&signer[who], ZC_CURVE_ED25519, &seed)));
    }
    return &signer[who];
}

static void add_principal(zc_mission *mission, const char *name, const char *organisation,
                          uint32_t roles)
{
    size_t who = mission->principal_count++;
    zc_principal *principal = &mission->principals[who];
    strcpy(principal->name, name);
    strcpy(principal->organisation, organisation);
    memcpy(principal->pubkey, driver_principal((unsigned)who)->pubkey.byte, 32);
    principal->roles = roles;
}

static void add_asset(zc_mission *mission, const char *name, bool native)
{
    zc_asset *asset = &mission->assets[mission->asset_count++];
    strcpy(asset->name, name);
    asset->chain_id = 1;
    asset->native = native;
    asset->decimals = native ? 18 : 6;
    if (!native) {
        memset(asset->contract, 0xaa, sizeof asset->contract);
    }
}

void driver_mission(zc_mission *mission)
{
    memset(mission, 0, sizeof *mission);
    strcpy(mission->name, "tests");
    mission->founders_needed = 2;
    mission->resume_needed = 2;
    mission->denial_quota = 3;
    add_principal(mission, "alice", "Example Trading",
                  ZC_ROLE_FOUNDER | ZC_ROLE_KEY_ADMIN | ZC_ROLE_APPROVER);
    add_principal(mission, "bob", "Example Risk", ZC_ROLE_FOUNDER | ZC_ROLE_APPROVER);
    add_principal(mission, "carol", "Example Audit",
                  ZC_ROLE_FOUNDER | ZC_ROLE_KEY_ADMIN | ZC_ROLE_APPROVER);
    add_principal(mission, "bot", "Example Trading", ZC_ROLE_SIGNER);
    add_principal(mission, "auditor", "Example Audit", ZC_ROLE_AUDITOR);
    add_asset(mission, "ETH", true);
    add_asset(mission, "USDC", false);
}

zc_rule *driver_rule(zc_mission *mission, const char *name, zc_rule_kind kind)
{
    zc_rule *rule = &mission->rules[mission->rule_count++];
    strcpy(rule->name, name);
    rule->kind = kind;
    rule->scope = zc_scope_any(ZC_USES_KNOWN);
    return rule;
}

void driver_allow_all(zc_mission *mission)
{
    driver_rule(mission, "allow-all", ZC_RULE_ALLOW)->scope.accepted_flags = ZC_FLAGS_KNOWN;
}

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
    driver *drv = calloc(1, sizeof *drv);
    uint8_t *bytes = malloc(ZC_MISSION_MAX);
    DRIVER_MUST(drv != NULL && bytes != NULL);
    zc_writer writer = zc_writer_of(bytes, ZC_MISSION_MAX);
    DRIVER_MUST(zc_ok(zc_mission_write(mission, &writer)));
    driver_blob_set(&drv->store.mission, zc_writer_written(&writer));
    free(bytes);
    drv->effects = zeroed_pages(sizeof *drv->effects);
    drv->enclave = zeroed_pages(zc_enclave_size());
    drv->vault = (zc_vault){.memory = zeroed_pages(zc_enclave_vault_size()),
                            .len = zc_enclave_vault_size(),
                            .kind = ZC_VAULT_LOCKED};
    drv->now_ms = DRIVER_T0;
    drv->check_log = drv->auto_ack = drv->auto_nsm = true;
    drv->wrap_key = 0x77;
    memset(drv->pcr[0], 0xc0, sizeof drv->pcr[0]);
    return drv;
}

driver *driver_new_serving(void)
{
    static zc_mission mission;
    driver_mission(&mission);
    driver_allow_all(&mission);
    driver *drv = driver_new(&mission);
    driver_start(drv);
    DRIVER_MUST(drv->serving);
    return drv;
}

static void forget_pending(driver *drv)
{
    for (size_t i = 0; i < drv->pending_count; i++) {
        blob_free(&drv->pending[i]);
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
    blob_free(&drv->statement);
    blob_free(&drv->document);
    blob_free(&drv->transcript);
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
        keep_entry(&drv->store, store->data, store->opening, store->tag);
        break;
    }
    case ZC_STORE_KEY:
        keep_key(&drv->store, store->name, store->data);
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
    blob_append(&drv->transcript, ZC_SLICE_OF_ARRAY(head));
    blob_append(&drv->transcript, effect->bytes);
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
    blob_free(&answer);
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
    memset(drv->enclave, 0, zc_enclave_size());
    memset(drv->vault.memory, 0, drv->vault.len);
    memset(drv->pcr[16], 0, sizeof drv->pcr[16]);
    forget_pending(drv);
    drv->hello = drv->serving = drv->exited = false;
    drv->fatal = 0;
    drv->ordinal = drv->acked = 0;
    blob_free(&drv->statement);
    zc_audit_verifier_init(&drv->verifier);
    for (size_t i = 0; i < drv->store.entry_count; i++) {
        zc_audit_entry entry;
        uint8_t leaf[32];
        zc_result fed = zc_audit_verifier_feed(
            &drv->verifier, driver_slice(&drv->store.entry[i].entry), &entry, leaf);
        (void)fed; /* a test may have broken it */
    }
    zc_enclave_config config = {.platform = "test", .isolation = 5, .signers = &drv->vault};
    DRIVER_MUST(zc_enclave_init(drv->enclave, zc_enclave_size(), &config) == drv->enclave);
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
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_BOOT,
                                        .boot = {.mission = driver_slice(&store->mission),
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

void driver_load_entries(driver *drv)
{
    for (size_t i = 0; i < drv->store.entry_count && !drv->exited; i++) {
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

/* Clients. */

static void session_bytes(const driver *drv, uint64_t session, uint8_t ret_bytes[static 64])
{
    memset(ret_bytes, (int)(session & 0xff), 32);
    zc_sha256(driver_slice(&drv->document), ret_bytes + 32);
}

uint64_t driver_open(driver *drv)
{
    uint8_t bytes[64];
    uint64_t session = ++drv->last_session;
    session_bytes(drv, session, bytes);
    driver_step(drv, ZC_EVENT_SESSION_OPEN, session, ZC_SLICE_OF_ARRAY(bytes));
    return session;
}

void driver_auth_request(driver *drv, uint64_t session, unsigned who, zc_request *ret_request)
{
    uint8_t bytes[64];
    uint8_t tbs[ZC_SESSION_AUTH_TBS_SIZE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(tbs);
    zc_signature signature;
    session_bytes(drv, session, bytes);
    DRIVER_MUST(zc_ok(zc_session_auth_tbs(bytes, bytes + 32, drv->deployment_id, &writer)));
    DRIVER_MUST(zc_ok(
        zc_sign_message_ed25519(driver_principal(who), zc_writer_written(&writer), &signature)));
    *ret_request = (zc_request){.op = ZC_OP_AUTH};
    memcpy(ret_request->auth.public_key, driver_principal(who)->pubkey.byte, 32);
    memcpy(ret_request->auth.signature, signature.byte, 64);
}

uint64_t driver_connect(driver *drv, unsigned who)
{
    uint64_t session = driver_open(drv);
    zc_request request;
    driver_auth_request(drv, session, who, &request);
    DRIVER_MUST(driver_ask(drv, session, &request).status == ZC_STATUS_OK);
    return session;
}

void driver_send(driver *drv, uint64_t session, zc_request *request)
{
    static uint8_t record[ZC_PAYLOAD_MAX + 1024];
    zc_writer writer = ZC_WRITER_OF_ARRAY(record);
    request->id = ++drv->last_request;
    DRIVER_MUST(zc_ok(zc_request_write(request, &writer)));
    drv->reply_count = 0;
    driver_step(drv, ZC_EVENT_RECORD, session, zc_writer_written(&writer));
}

zc_reply driver_read_reply(const driver *drv, const zc_request *request)
{
    zc_reply reply;
    DRIVER_MUST(drv->reply_count == 1);
    DRIVER_MUST(zc_ok(zc_reply_read(zc_slice_of(drv->reply, drv->reply_len), request->op, &reply)));
    DRIVER_MUST(reply.id == request->id);
    return reply;
}

zc_reply driver_ask(driver *drv, uint64_t session, zc_request *request)
{
    driver_send(drv, session, request);
    zc_reply reply = driver_read_reply(drv, request);
    DRIVER_MUST(drv->reply_session == session);
    return reply;
}

zc_reply driver_create(driver *drv, uint64_t session, const char *name, zc_curve curve)
{
    zc_request request = {.op = ZC_OP_KEY_CREATE,
                          .key_create = {.name = zc_slice_of_text(name),
                                         .curve = (uint8_t)curve,
                                         .tier = ZC_TIER_HOT,
                                         .nonce_mode = ZC_NONCE_HEDGED}};
    return driver_ask(drv, session, &request);
}

zc_reply driver_sign(driver *drv, uint64_t session, const char *key, zc_use use, zc_family family,
                     zc_slice payload)
{
    zc_request request = {.op = ZC_OP_SIGN,
                          .sign = {.key = zc_slice_of_text(key),
                                   .use = (uint8_t)use,
                                   .family = (uint8_t)family,
                                   .payload = payload}};
    return driver_ask(drv, session, &request);
}

zc_reply driver_sign_text(driver *drv, uint64_t session, const char *key, const char *text)
{
    return driver_sign(drv, session, key, ZC_USE_MESSAGE, ZC_FAMILY_NONE, zc_slice_of_text(text));
}

zc_slice driver_transfer(uint64_t nonce, uint64_t wei)
{
    static uint8_t bytes[256];
    uint8_t to[20];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_rlp_list fields, accesses;
    memset(to, 0x35, sizeof to);
    DRIVER_MUST(zc_ok(zc_write_u8(&writer, 2)));
    zc_rlp_list_begin(&writer, &fields);
    const uint64_t head[] = {1, nonce, 1, 1, 21000}; /* chain, nonce, tip, price, gas */
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++) {
        DRIVER_MUST(zc_ok(zc_rlp_put_u64(&writer, head[i])));
    }
    DRIVER_MUST(zc_ok(zc_rlp_put_string(&writer, ZC_SLICE_OF_ARRAY(to))));
    DRIVER_MUST(zc_ok(zc_rlp_put_u64(&writer, wei)));
    DRIVER_MUST(zc_ok(zc_rlp_put_string(&writer, zc_slice_of_text(""))));
    zc_rlp_list_begin(&writer, &accesses);
    DRIVER_MUST(zc_ok(zc_rlp_list_end(&writer, &accesses)));
    DRIVER_MUST(zc_ok(zc_rlp_list_end(&writer, &fields)));
    return zc_writer_written(&writer);
}

zc_audit_entry driver_entry_at(const driver *drv, size_t sequence)
{
    zc_audit_entry entry;
    DRIVER_MUST(sequence < drv->store.entry_count);
    DRIVER_MUST(
        zc_ok(zc_audit_entry_read(driver_slice(&drv->store.entry[sequence].entry), &entry)));
    return entry;
}

zc_audit_entry driver_last_entry(const driver *drv)
{
    DRIVER_MUST(drv->store.entry_count > 0);
    return driver_entry_at(drv, drv->store.entry_count - 1);
}
