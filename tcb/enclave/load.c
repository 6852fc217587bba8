/* Coming back: sealed keys, then the whole log, replayed until this state is again what it was. */
#include "enclave/change/change_parts.h"

#include "audit/tag.h"
#include "codec/cbor.h"
#include "enclave/order.h"
#include "intent/intent_cbor.h"

/* Each seal is opened here, so that every name and id of the ring is authentic, no key is there
 * twice, and a blob that does not open ends the start, not a request. */
static zc_result load_key(zc_enclave *enclave, const zc_seal_place *place, zc_slice sealed)
{
    zc_key_holder holder;
    zc_key record;
    zc_key *key;
    if (!zc_ok(zc_keyring_spare(&enclave->keyring, &holder))) {
        return zc_fail(ZC_ENCLAVE_KEYRING_FULL);
    }
    if (!zc_ok(zc_key_open(&enclave->secrets->seal, place, sealed, &holder, &record))) {
        return zc_fail(ZC_ENCLAVE_KEY_UNREADABLE);
    }
    return zc_keyring_add(&enclave->keyring, &record, &key);
}

static bool takes_keys(const zc_enclave *enclave)
{
    return enclave->root_open && enclave->has_genesis && !enclave->loaded && enclave->log.next == 0;
}

zc_result zc_on_key_blob(zc_enclave *enclave, const zc_message *message)
{
    zc_seal_place place;
    if (!takes_keys(enclave)) {
        return zc_fail(ZC_ENCLAVE_WRONG_PHASE);
    }
    zc_place_of(enclave, &place);
    return load_key(enclave, &place, message->host->key_blob.sealed);
}

zc_result zc_on_keys(zc_enclave *enclave, const zc_message *message)
{
    zc_reader in = zc_reader_of(message->host->keys.sealed);
    zc_seal_place place;
    if (!takes_keys(enclave)) {
        return zc_fail(ZC_ENCLAVE_WRONG_PHASE);
    }
    zc_place_of(enclave, &place);
    while (zc_reader_left(&in) > 0) {
        zc_slice sealed;
        if (!zc_ok(zc_cbor_get_item(&in, &sealed))) {
            return zc_fail(ZC_ENCLAVE_KEY_UNREADABLE);
        }
        ZC_TRY(load_key(enclave, &place, sealed));
    }
    return ZC_OK;
}

typedef struct zc_replayed_request {
    const zc_request_context *context;
    const zc_decision *decision;
    const uint8_t *leaf;
} zc_replayed_request;

/* What follows from the decision beside the engine's counters. */
static zc_result replay_outcome(zc_enclave *enclave, const zc_audit_entry *entry,
                                const zc_audit_opening *opening, const zc_replayed_request *request)
{
    const zc_replay_side side = zc_enclave_side(enclave);
    if (entry->decision == ZC_AUDIT_ALLOW) {
        zc_decision_note(enclave, entry->key_id, &enclave->intent, entry->sequence);
    }
    if (entry->decision != ZC_AUDIT_REVIEW) {
        return ZC_OK;
    }
    ZC_TRY(zc_replay_hold(&side, request->context, &enclave->intent, request->leaf));
    zc_review_keep(enclave, request->leaf, entry->sequence, request->decision->rule,
                   request->context->key_name, opening->group[ZC_AUDIT_INTENT].bytes);
    return ZC_OK;
}

/* Decides again what the log says was decided: the counters follow, or the log is not this
 * enclave's. */
static zc_result replay_decision(zc_enclave *enclave, const zc_audit_entry *entry,
                                 const zc_audit_opening *opening, const uint8_t leaf[static 32])
{
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        if (!opening->group[i].open) {
            return zc_fail(ZC_ENCLAVE_BAD_JOURNAL);
        }
    }
    zc_rule_group rule;
    ZC_TRY(zc_group_read_rule(opening->group[ZC_AUDIT_RULE].bytes, &rule));
    zc_request_context context = {.key_name = rule.key_name,
                                  .use = rule.use,
                                  .now_ms = (int64_t)entry->time_ms,
                                  .halted = enclave->halted_in_log};
    memcpy(context.key_id, entry->key_id, sizeof context.key_id);
    ZC_TRY(zc_group_read_principal(enclave, opening->group[ZC_AUDIT_PRINCIPAL].bytes,
                                   &context.principal));
    ZC_TRY(zc_intent_read(opening->group[ZC_AUDIT_INTENT].bytes, &enclave->intent));
    zc_decision decision;
    ZC_TRY(zc_policy_decide(&enclave->policy, &enclave->mission, &context, &enclave->intent,
                            &decision));
    if ((int)decision.outcome != (int)entry->decision || decision.reason != rule.reason ||
        !zc_slice_eq(zc_rule_name(enclave, &decision), rule.rule)) {
        return zc_fail(ZC_ENCLAVE_REPLAY_DIFFERS);
    }
    return replay_outcome(enclave, entry, opening,
                          &(zc_replayed_request){&context, &decision, leaf});
}

static void replay_key(zc_enclave *enclave, const zc_audit_entry *entry)
{
    zc_keyring *ring = &enclave->keyring;
    const bool born = entry->kind == ZC_AUDIT_KEY_CREATED || entry->kind == ZC_AUDIT_KEY_IMPORTED;
    const bool signs = entry->kind == ZC_AUDIT_DECISION && entry->decision == ZC_AUDIT_ALLOW;
    const uint32_t number = born || signs ? zc_keyring_by_id(ring, entry->key_id) : ZC_KEYS_NONE;
    if (number == ZC_KEYS_NONE) {
        return; /* or the host lost its blob: it is gone, and the log keeps what it did */
    }
    if (signs) {
        zc_order_nonce_used(&ring->place[number], &enclave->intent); /* as replay_decision() read */
    }
    if (born) {
        ring->place[number].log = (uint32_t)enclave->verifier.keys.count; /* it is the newest */
    }
}

zc_result zc_on_entry(zc_enclave *enclave, const zc_message *message)
{
    const zc_host_entry *stored = &message->host->entry;
    if (!enclave->root_open || !enclave->has_genesis || enclave->loaded) {
        return zc_fail(ZC_ENCLAVE_WRONG_PHASE);
    }
    zc_audit_entry entry;
    uint8_t leaf[32];
    if (!zc_ok(zc_audit_verifier_feed(&enclave->verifier, stored->entry, &entry, leaf)) ||
        !zc_ok(zc_audit_tag_check(&enclave->secrets->tag_key, enclave->genesis.deployment_id,
                                  entry.sequence, leaf, stored->tag))) {
        return zc_fail(ZC_ENCLAVE_BAD_JOURNAL);
    }
    zc_audit_opening opening = {0};
    if (stored->opening.len > 0 && (!zc_ok(zc_audit_opening_read(stored->opening, &opening)) ||
                                    !zc_ok(zc_audit_opening_check(&opening, &entry)))) {
        return zc_fail(ZC_ENCLAVE_BAD_JOURNAL);
    }
    bool own = false;
    ZC_TRY(zc_descent_take(enclave, &entry, &opening, &own));
    if (own && entry.kind == ZC_AUDIT_DECISION) {
        ZC_TRY(replay_decision(enclave, &entry, &opening, leaf));
    } else if (own) {
        const zc_replay_side side = zc_enclave_side(enclave);
        ZC_TRY(zc_replay_change(&side, &entry, &opening));
    }
    if (entry.has_key) {
        replay_key(enclave, &entry);
    }
    enclave->halted_in_log = enclave->verifier.halted;
    /* Nothing may happen before what has happened, even if the machine's clock was set back. */
    int64_t then = (int64_t)entry.time_ms;
    enclave->now_ms = then > enclave->now_ms ? then : enclave->now_ms;
    zc_audit_log_append(&enclave->log, leaf);
    return ZC_OK;
}

zc_result zc_on_load_done(zc_enclave *enclave, const zc_message *message)
{
    if (!enclave->root_open || !enclave->has_genesis || enclave->loaded) {
        return zc_fail(ZC_ENCLAVE_WRONG_PHASE);
    }
    for (size_t i = 0; i < enclave->keyring.count; i++) {
        if (enclave->keyring.place[i].log == 0) {
            return zc_fail(ZC_ENCLAVE_KEY_WITHOUT_BIRTH);
        }
    }
    ZC_TRY(zc_descent_check(enclave));
    if (enclave->log.next == 0) {
        /* Genesis became durable, but the machine stopped before the log began. */
        zc_audit_entry entry = {.kind = ZC_AUDIT_GENESIS,
                                .detail =
                                    zc_slice_of(enclave->genesis_record, enclave->genesis_len)};
        zc_audit_opening opening = {0};
        uint8_t leaf[32];
        ZC_TRY(zc_log_append(enclave, &entry, &opening, message->effects, leaf));
    }
    /* What was spent of a lease after its last entry may be unknown: its rest counts as spent. */
    zc_policy_restart(&enclave->policy, &enclave->mission);
    enclave->snapshots.logged_ms = enclave->policy.now_ms;
    enclave->loaded = true;
    return zc_boot_advance(enclave, message->effects);
}
