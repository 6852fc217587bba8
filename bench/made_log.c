#include "made_log.h"

#include <time.h>

#include "attest/binding.h"
#include "attest/nsm.h"
#include "codec/cbor.h"
#include "crypto/hash.h"
#include "nsm_soft/root.h"

#define HALT_EVERY 1000
#define HALT_AT 500
#define FIRST_DECISION (2 + ZC_MADE_KEYS)
/* As long as the groups of a token transfer are. */
#define GROUP_SIZE 120
#define TAG_SIZE 32

static zc_result draw_signer(zc_drbg *drbg, zc_curve curve, zc_signer *signer)
{
    return zc_signer_generate(signer, curve, drbg);
}

static uint64_t now_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* The keys of a made log are nobody's: the clock is seed enough. */
static void seed_of_clock(uint8_t ret_seed[static 32])
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    zc_sha256(zc_slice_of(&now, sizeof now), ret_seed);
}

static zc_result make_genesis(zc_made_log *log)
{
    uint8_t statement_bytes[ZC_GENESIS_STATEMENT_MAX];
    zc_writer statement = ZC_WRITER_OF_ARRAY(statement_bytes);
    zc_writer record = ZC_WRITER_OF_ARRAY(log->record);
    zc_genesis_signature founder = {0};
    zc_signature signature;
    zc_genesis *genesis = &log->genesis;
    ZC_TRY(zc_pubkey_compress(&log->identity.pubkey, genesis->identity));
    memcpy(genesis->log_key, log->log_key.pubkey.byte, sizeof genesis->log_key);
    memset(genesis->root_commitment, 0xc0, sizeof genesis->root_commitment);
    memset(genesis->mission_hash, 0x3a, sizeof genesis->mission_hash);
    if (log->decider != NULL) {
        memcpy(genesis->mission_hash, log->decider->mission_hash, sizeof genesis->mission_hash);
    }
    zc_genesis_deployment_id(genesis->identity, genesis->root_commitment, genesis->deployment_id);
    ZC_TRY(zc_genesis_statement_write(genesis, &statement));
    ZC_TRY(zc_sign_message_ed25519(&log->founder, zc_writer_written(&statement), &signature));
    memcpy(founder.public_key, log->founder.pubkey.byte, sizeof founder.public_key);
    memcpy(founder.signature, signature.byte, sizeof founder.signature);
    ZC_TRY(zc_genesis_record_write(zc_writer_written(&statement), &founder, 1, &record));
    log->record_len = zc_writer_len(&record);
    return ZC_OK;
}

zc_result zc_made_log_open(zc_made_log *log, const char *dir, uint64_t boot_every)
{
    uint8_t seed[32];
    zc_drbg drbg;
    memset(log, 0, sizeof *log);
    log->boot_every = boot_every;
    ZC_TRY(zc_nsm_soft_install(dir));
    ZC_TRY(zc_nsm_soft_new(dir, &log->nsm));
    log->begin_ms = now_ms();
    seed_of_clock(seed);
    zc_drbg_init(&drbg, seed);
    zc_result made = draw_signer(&drbg, ZC_CURVE_P256, &log->identity);
    made = zc_ok(made) ? draw_signer(&drbg, ZC_CURVE_ED25519, &log->log_key) : made;
    made = zc_ok(made) ? draw_signer(&drbg, ZC_CURVE_ED25519, &log->founder) : made;
    zc_drbg_clear(&drbg);
    made = zc_ok(made) ? make_genesis(log) : made;
    zc_audit_log_init(&log->chain);
    if (!zc_ok(made)) {
        zc_made_log_close(log);
    }
    return made;
}

zc_result zc_made_log_decide_by(zc_made_log *log, const zc_made_decider *decider)
{
    log->decider = decider;
    return make_genesis(log);
}

void zc_made_log_close(zc_made_log *log)
{
    zc_nsm_soft_free(log->nsm);
    log->nsm = NULL;
    zc_signer_clear(&log->identity);
    zc_signer_clear(&log->log_key);
    zc_signer_clear(&log->founder);
}

static zc_result make_document(zc_made_log *log, zc_slice *ret_document)
{
    static uint8_t response[ZC_NSM_RESPONSE_MAX];
    uint8_t binding_bytes[ZC_ATTEST_BINDING_SIZE];
    uint8_t request_bytes[ZC_NSM_REQUEST_MAX];
    zc_writer user_data = ZC_WRITER_OF_ARRAY(binding_bytes);
    zc_writer request = ZC_WRITER_OF_ARRAY(request_bytes);
    zc_attest_binding binding = {0};
    zc_slice document;
    memcpy(binding.deployment_id, log->genesis.deployment_id, sizeof binding.deployment_id);
    memcpy(binding.identity, log->genesis.identity, sizeof binding.identity);
    memcpy(binding.log_key, log->genesis.log_key, sizeof binding.log_key);
    memcpy(binding.mission_hash, log->genesis.mission_hash, sizeof binding.mission_hash);
    memcpy(binding.boot_id, log->boot_id, sizeof binding.boot_id);
    zc_sha256(zc_slice_of(log->record, log->record_len), binding.genesis_sha256);
    ZC_TRY(zc_attest_binding_write(&binding, &user_data));
    ZC_TRY(zc_nsm_request_attestation(&request, zc_nsm_field_of(zc_writer_written(&user_data)),
                                      (zc_nsm_field){0}, (zc_nsm_field){0}));
    zc_buffer room = {.data = response, .len = sizeof response};
    size_t len = zc_nsm_soft_answer(log->nsm, zc_writer_written(&request), room);
    ZC_TRY(zc_nsm_response_document(zc_slice_of(response, len), &document));
    memcpy(log->document, document.data, document.len);
    *ret_document = zc_slice_of(log->document, document.len);
    return ZC_OK;
}

static bool boots_at(const zc_made_log *log, uint64_t sequence)
{
    return sequence == 1 || (log->boot_every > 0 && sequence > FIRST_DECISION &&
                             sequence % log->boot_every == log->boot_every - 1);
}

static zc_audit_kind kind_of(const zc_made_log *log, uint64_t sequence)
{
    return sequence == 0                          ? ZC_AUDIT_GENESIS
           : boots_at(log, sequence)              ? ZC_AUDIT_BOOT
           : sequence < FIRST_DECISION            ? ZC_AUDIT_KEY_CREATED
           : sequence % HALT_EVERY == HALT_AT     ? ZC_AUDIT_HALT
           : sequence % HALT_EVERY == HALT_AT + 1 ? ZC_AUDIT_RESUME
                                                  : ZC_AUDIT_DECISION;
}

static zc_audit_decision decision_of(uint64_t sequence)
{
    return sequence % 10 == 3   ? ZC_AUDIT_DENY
           : sequence % 10 == 7 ? ZC_AUDIT_REVIEW
                                : ZC_AUDIT_ALLOW;
}

static int key_byte(const zc_audit_entry *entry)
{
    return (int)(0x41 + entry->sequence % ZC_MADE_KEYS);
}

static void name_key(zc_made_log *log, zc_audit_entry *entry)
{
    size_t key = (size_t)(entry->sequence % ZC_MADE_KEYS);
    bool created = entry->kind == ZC_AUDIT_KEY_CREATED;
    entry->has_key = true;
    memset(entry->key_id, key_byte(entry), sizeof entry->key_id);
    log->uses[key] += entry->decision == ZC_AUDIT_ALLOW ? 1 : 0;
    entry->key_uses = log->uses[key];
    entry->has_key_previous = !created;
    entry->key_previous = created ? 0 : log->last[key];
    log->last[key] = entry->sequence;
}

/* A decision that nobody made. */
static void make_decision(zc_audit_entry *entry, zc_audit_opening *opening)
{
    static const uint8_t group[GROUP_SIZE];
    entry->decision = decision_of(entry->sequence);
    zc_sha256(zc_slice_of(&entry->sequence, sizeof entry->sequence), entry->digest);
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        opening->group[i].open = true;
        opening->group[i].bytes = ZC_SLICE_OF_ARRAY(group);
    }
}

static zc_result decide(zc_made_log *log, zc_audit_entry *entry, zc_audit_opening *opening)
{
    entry->has_digest = true;
    if (log->decider == NULL) {
        make_decision(entry, opening);
    } else {
        memset(entry->key_id, key_byte(entry), sizeof entry->key_id);
        ZC_TRY(log->decider->decide(log->decider->self, entry, opening));
    }
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        memcpy(opening->group[i].salt, &entry->sequence, sizeof entry->sequence);
    }
    return ZC_OK;
}

static zc_result fill_entry(zc_made_log *log, zc_audit_entry *entry, zc_audit_opening *opening)
{
    if (entry->kind == ZC_AUDIT_GENESIS || entry->kind == ZC_AUDIT_BOOT) {
        bool first = entry->sequence <= 1;
        memset(log->boot_id, 0xb0, sizeof log->boot_id);
        if (!first) {
            memcpy(log->boot_id, &entry->sequence, sizeof entry->sequence);
        }
    }
    memcpy(entry->boot_id, log->boot_id, sizeof entry->boot_id);
    memcpy(entry->mission, log->genesis.mission_hash, sizeof entry->mission);
    memcpy(entry->previous, log->chain.head, sizeof entry->previous);
    entry->detail = zc_slice_of_text("");
    if (entry->kind == ZC_AUDIT_GENESIS) {
        entry->detail = zc_slice_of(log->record, log->record_len);
    } else if (entry->kind == ZC_AUDIT_BOOT) {
        ZC_TRY(make_document(log, &entry->detail));
    } else if (entry->kind == ZC_AUDIT_DECISION) {
        ZC_TRY(decide(log, entry, opening));
        name_key(log, entry);
    } else if (entry->kind == ZC_AUDIT_KEY_CREATED) {
        name_key(log, entry);
    }
    return ZC_OK;
}

static zc_result write_frame(zc_slice entry, zc_slice opening, zc_made_entry *made)
{
    static const uint8_t tag[TAG_SIZE];
    uint8_t *head = NULL;
    zc_writer out = ZC_WRITER_OF_ARRAY(made->frame);
    ZC_TRY(zc_write_reserve(&out, 4, &head));
    ZC_TRY(zc_cbor_put_array(&out, 3));
    ZC_TRY(zc_cbor_put_bytes(&out, entry));
    ZC_TRY(zc_cbor_put_bytes(&out, opening));
    ZC_TRY(zc_cbor_put_bytes(&out, ZC_SLICE_OF_ARRAY(tag)));
    made->frame_len = zc_writer_len(&out);
    zc_writer length = zc_writer_of(head, 4);
    return zc_write_u32(&length, (uint32_t)(made->frame_len - 4));
}

zc_result zc_made_log_next(zc_made_log *log, zc_made_entry *ret_entry)
{
    static uint8_t bytes[ZC_AUDIT_ENTRY_MAX];
    static uint8_t opening_bytes[ZC_AUDIT_OPENING_MAX];
    uint64_t sequence = log->chain.next;
    zc_audit_opening opening = {0};
    zc_writer out = ZC_WRITER_OF_ARRAY(bytes);
    zc_writer opened = ZC_WRITER_OF_ARRAY(opening_bytes);
    /* Else a thousand entries a millisecond: a long log is not older than its boots' certificates.
     */
    uint64_t since = log->decider != NULL ? sequence * log->decider->entry_ms : sequence / 1000;
    zc_audit_entry entry = {
        .sequence = sequence, .time_ms = log->begin_ms + since, .kind = kind_of(log, sequence)};
    ZC_TRY(fill_entry(log, &entry, &opening));
    zc_audit_commit_all(&opening, &entry);
    ZC_TRY(zc_audit_entry_write(&entry, &out));
    if (entry.kind == ZC_AUDIT_DECISION) {
        ZC_TRY(zc_audit_opening_write(&opening, &opened));
    }
    ret_entry->bytes = zc_writer_written(&out);
    ret_entry->opening = zc_writer_written(&opened);
    zc_audit_leaf(ret_entry->bytes, ret_entry->leaf);
    zc_audit_log_append(&log->chain, ret_entry->leaf);
    return write_frame(ret_entry->bytes, ret_entry->opening, ret_entry);
}

zc_result zc_made_log_checkpoint(const zc_made_log *log, zc_writer *writer)
{
    zc_audit_checkpoint checkpoint = {.size = log->chain.next, .extension = zc_slice_of_text("")};
    if (log->decider != NULL) {
        checkpoint.extension = log->decider->state(log->decider->self);
    }
    zc_audit_log_root(&log->chain, checkpoint.root);
    return zc_audit_checkpoint_write(log->genesis.deployment_id, &checkpoint, &log->log_key,
                                     writer);
}
