/* The parts of the step and how they call each other. Private to the module. */
#ifndef ZC_ENCLAVE_PARTS_H
#define ZC_ENCLAVE_PARTS_H

#include "enclave/state.h"

/* One message with whatever came along. */
typedef struct zc_message {
    const zc_event *event;
    const zc_host_message *host; /* of a host frame */
    const zc_request *request;   /* of a record */
    zc_session *session;         /* of a record; authenticated but for AUTH */
    zc_effects *effects;
} zc_message;

/* A handler that fails over a request has the failure sent to the client; over anything else the
 * enclave stops, because its state can't be trusted any more. */
typedef zc_result zc_handler(zc_enclave *enclave, const zc_message *message);

/* Whether all that one request can cause still fits. Errors: ZC_ENCLAVE_EFFECTS_FULL. */
ZC_MUST_USE zc_result zc_effects_have_room(const zc_effects *effects);

/* effects.c. Errors of all: ZC_ENCLAVE_EFFECTS_FULL and those of the message's writer. */
ZC_MUST_USE zc_result zc_emit_host(zc_effects *effects, const zc_host_message *message);
ZC_MUST_USE zc_result zc_emit_front(zc_effects *effects, zc_slice certificate, zc_slice document,
                                    zc_slice genesis);
/* The reply leaves once `after_ordinal` is durable. */
ZC_MUST_USE zc_result zc_emit_reply(zc_effects *effects, uint64_t session, uint64_t after_ordinal,
                                    const zc_reply *reply);
/* Waits for what was handed out before it, so that the answers to requests that sign come in
 * their order; reading requests may overtake them. */
ZC_MUST_USE zc_result zc_emit_failure(zc_enclave *enclave, zc_effects *effects, uint64_t session,
                                      uint64_t request, zc_result result, const size_t *offset);
ZC_MUST_USE zc_result zc_emit_plain(zc_effects *effects, zc_effect_kind kind, uint64_t session,
                                    zc_slice bytes);
/* Something for the host to keep; `ret_ordinal` may be NULL. */
ZC_MUST_USE zc_result zc_emit_store(zc_enclave *enclave, zc_effects *effects, zc_store_kind kind,
                                    zc_slice name, zc_slice data);

/* sessions.c. The table of open sessions. */
zc_session *zc_sessions_find(zc_enclave *enclave, uint64_t id);
ZC_MUST_USE zc_result zc_sessions_open(zc_enclave *enclave, uint64_t id, zc_session **ret_session);
void zc_sessions_close(zc_enclave *enclave, uint64_t id);

/* waits.c. Questions to the security module, answered in order. */
ZC_MUST_USE zc_result zc_wait_push(zc_enclave *enclave, const zc_wait *wait);
ZC_MUST_USE zc_result zc_ask_document(zc_enclave *enclave, zc_effects *effects, const zc_wait *wait,
                                      zc_slice nonce, zc_slice public_key);
zc_handler zc_on_nsm;

/* boot.c, genesis.c, load.c. From START to SERVING. */
zc_handler zc_on_start, zc_on_mission_part, zc_on_boot, zc_on_wrap_key;
zc_handler zc_on_genesis_signed, zc_on_key_blob, zc_on_keys, zc_on_entry, zc_on_load_done,
    zc_on_ack;
ZC_MUST_USE zc_result zc_genesis_begin(zc_enclave *enclave, const zc_secret32 *wrap_key,
                                       zc_effects *effects);
ZC_MUST_USE zc_result zc_root_derive(zc_enclave *enclave);
ZC_MUST_USE zc_result zc_boot_pcr0(zc_enclave *enclave, zc_slice answer, zc_effects *effects);
ZC_MUST_USE zc_result zc_boot_extended(zc_enclave *enclave, zc_slice answer, zc_effects *effects);
ZC_MUST_USE zc_result zc_boot_locked(zc_enclave *enclave, zc_slice answer, zc_effects *effects);
/* Asks for the boot document once everything is loaded and front's key is there. */
ZC_MUST_USE zc_result zc_boot_advance(zc_enclave *enclave, zc_effects *effects);

/* What keys' seals are bound to: this deployment and image, and the mission that it was born with,
 * so that they outlive a change of the mission. They open only to who holds the root. */
void zc_place_of(const zc_enclave *enclave, zc_seal_place *ret_place);
/* What the root's seal and snapshots are bound to: the mission that is measured now. */
void zc_mission_place_of(const zc_enclave *enclave, zc_seal_place *ret_place);
/* Whether enough founders of the mission signed the genesis record. Errors: those of
 * zc_genesis_verify(). */
ZC_MUST_USE zc_result zc_founders_check(const zc_enclave *enclave, zc_slice record);

/* evidence.c. What front shows to clients. */
zc_handler zc_on_front_key;
ZC_MUST_USE zc_result zc_evidence_boot(zc_enclave *enclave, zc_slice document, zc_effects *effects);
ZC_MUST_USE zc_result zc_evidence_publish(zc_enclave *enclave, zc_slice document,
                                          zc_effects *effects);
/* Logs a newer document and shows it. */
ZC_MUST_USE zc_result zc_evidence_renew(zc_enclave *enclave, zc_slice document,
                                        zc_effects *effects);
/* Shows the boot's document and serves. */
ZC_MUST_USE zc_result zc_evidence_serve(zc_enclave *enclave, zc_effects *effects);
ZC_MUST_USE zc_result zc_evidence_refresh(zc_enclave *enclave, zc_effects *effects);

/* log.c. */
/* Completes the entry (sequence, chain, time, boot, mission, salts and commitments), appends it,
 * and hands it to the host. The reply that depends on it goes after enclave->ordinal. */
ZC_MUST_USE zc_result zc_log_append(zc_enclave *enclave, zc_audit_entry *entry,
                                    zc_audit_opening *opening, zc_effects *effects,
                                    uint8_t ret_leaf[static 32]);
/* Logs that the machine's clock was set, by the monotonic one. */
ZC_MUST_USE zc_result zc_log_clock(zc_enclave *enclave, const zc_event *event, zc_effects *effects);
/* What the log says of a key that was born. */
zc_audit_key_track *zc_log_track(const zc_enclave *enclave, const zc_key *key);
/* The key's first entry is about to be made. Errors: ZC_AUDIT_TOO_MANY_KEYS. */
ZC_MUST_USE zc_result zc_log_begin_key(zc_enclave *enclave, zc_key *key);
/* Names the key in an entry and counts it there. `use` is 1 for an entry that authorises a
 * signature. */
void zc_log_name_key(zc_enclave *enclave, zc_key *key, uint64_t use, zc_audit_entry *entry);
/* Takes a checkpoint when there is something new, and signs the one taken once it is durable. */
ZC_MUST_USE zc_result zc_log_checkpoint(zc_enclave *enclave, zc_effects *effects);

/* The ordinal that a signature's reply waits for: all but the last max_unacked things handed out,
 * and always what the deployment could not go on without. */
uint64_t zc_log_reply_after(const zc_enclave *enclave);
/* Replies from now on wait at least for what has been handed out so far. */
void zc_log_raise_floor(zc_enclave *enclave);
/* The ordinal that an answer to this session waits for, so that it does not overtake the one
 * before. */
uint64_t zc_reply_after(zc_enclave *enclave, uint64_t session);
/* Whether another decision may be logged. Cancellations may use what is kept for them.
 * Errors: ZC_ENCLAVE_LOG_BEHIND, ZC_ENCLAVE_NOT_WITNESSED, ZC_ENCLAVE_STOPPING. */
ZC_MUST_USE zc_result zc_log_may_sign(const zc_enclave *enclave, const zc_intent *intent);
/* The host wants an end: last counts, a last checkpoint, STOPPED. */
zc_handler zc_on_stop;
ZC_MUST_USE zc_result zc_log_advance_stop(zc_enclave *enclave, zc_effects *effects);

/* witness.c. */
zc_handler zc_on_cosigned, zc_on_lost_tail;
/* The boot waits for its cosignatures. */
ZC_MUST_USE zc_result zc_witness_wait(zc_enclave *enclave, zc_effects *effects);
bool zc_witness_wanted(const zc_enclave *enclave);
/* Something uncosigned is older than it may be. */
bool zc_witness_behind(const zc_enclave *enclave);
/* The checkpoint just signed may come back cosigned. */
void zc_witness_remember(zc_enclave *enclave);
void zc_witness_appended(zc_enclave *enclave);

/* groups.c. The private groups of entries.
 *   principal = [name, organisation, public key]
 *   rule      = [use, key name, rule name, reason, measured, limit, asset name,
 *                ? scores ; policy/score.h, where a risk model was asked] */
ZC_MUST_USE zc_result zc_group_principal(zc_enclave *enclave, uint32_t principal,
                                         zc_audit_opening *opening);
ZC_MUST_USE zc_result zc_group_intent(zc_enclave *enclave, const zc_intent *intent,
                                      zc_audit_opening *opening);
ZC_MUST_USE zc_result zc_group_rule(zc_enclave *enclave, uint8_t use, zc_slice key_name,
                                    const zc_decision *decision, zc_audit_opening *opening);
ZC_MUST_USE zc_result zc_group_read_principal(const zc_enclave *enclave, zc_slice bytes,
                                              uint32_t *ret_principal);
typedef struct zc_rule_group {
    uint8_t use;
    zc_slice key_name;
    zc_slice rule;
    uint16_t reason;
} zc_rule_group;
ZC_MUST_USE zc_result zc_group_read_rule(zc_slice bytes, zc_rule_group *ret_group);

/* request.c, control.c, keyring_ops.c, key_import.c, sign.c. One record, one request, one reply. */
void zc_request_take(zc_enclave *enclave, const zc_event *event, zc_effects *effects);
zc_handler zc_on_session_open, zc_on_session_closed, zc_on_tick;
zc_handler zc_on_auth, zc_on_status, zc_on_attest, zc_on_halt, zc_on_resume;
zc_handler zc_on_key_create, zc_on_key_list, zc_on_key_show, zc_on_key_disable;
zc_handler zc_on_key_import_begin, zc_on_key_import;
zc_handler zc_on_sign;
/* The key of this name, with what it signs with. Errors: ZC_ENCLAVE_UNKNOWN_KEY,
 * ZC_KEYS_SEAL_BROKEN. */
ZC_MUST_USE zc_result zc_key_find(zc_enclave *enclave, zc_slice name, zc_key **ret_key);
/* The key whose secrets stand in the ring's spare places enters ring, log and store. `material` as
 * zc_key_seal() wants it. */
ZC_MUST_USE zc_result zc_key_adopt(zc_enclave *enclave, const zc_message *message,
                                   const zc_key *record, const zc_key_material *material,
                                   zc_audit_kind kind);
/* Whether the session's principal has one of these roles. Errors: ZC_ENCLAVE_NOT_PERMITTED. */
ZC_MUST_USE zc_result zc_require_role(const zc_enclave *enclave, const zc_session *session,
                                      uint32_t roles);
zc_slice zc_rule_name(const zc_enclave *enclave, const zc_decision *decision);
zc_slice zc_decision_asset(const zc_enclave *enclave, const zc_decision *decision);

/* denials.c. `opening` holds the intent's group already. */
ZC_MUST_USE zc_result zc_deny(zc_enclave *enclave, const zc_message *message, zc_key *key,
                              const zc_decision *decision, zc_audit_opening *opening);
/* Every count, however young. */
ZC_MUST_USE zc_result zc_denials_flush_all(zc_enclave *enclave, zc_effects *effects);
ZC_MUST_USE zc_result zc_denials_flush(zc_enclave *enclave, zc_effects *effects);

/* counts.c. Sessions and errors, by the minute (counts.h). */
void zc_count_session_begun(zc_enclave *enclave, const zc_session *session);
void zc_count_session_ended(zc_enclave *enclave, const zc_session *session);
/* All that are open, because the enclave stops. */
void zc_count_open_sessions_ended(zc_enclave *enclave);
void zc_count_error(zc_enclave *enclave, zc_result error);
/* Logs the counts of minutes that are over, or all, as far as the step has room. */
ZC_MUST_USE zc_result zc_counts_flush(zc_enclave *enclave, bool all, zc_effects *effects);
bool zc_counts_pending(const zc_enclave *enclave);

/* table.c. */
/* The handler for an event, host message or request in the present phase; NULL when there is none.
 */
zc_handler *zc_table_event(const zc_enclave *enclave, zc_event_kind kind);
zc_handler *zc_table_host(const zc_enclave *enclave, zc_host_type type);
zc_handler *zc_table_request(const zc_enclave *enclave, zc_op op);

#endif
