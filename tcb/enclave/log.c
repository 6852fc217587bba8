#include "enclave/change/change_parts.h"
#include "enclave/snapshot_parts.h"

#include "audit/checkpoint.h"
#include "audit/tag.h"
#include "audit/verifier_state.h"
#include "base/hex.h"
#include "codec/cbor.h"

static void fill_salts(zc_enclave *enclave, zc_audit_opening *opening)
{
    uint8_t salt[ZC_AUDIT_GROUPS][ZC_AUDIT_SALT_SIZE];
    zc_drbg_bytes(&enclave->secrets->drbg, &salt[0][0], sizeof salt);
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        memcpy(opening->group[i].salt, salt[i], ZC_AUDIT_SALT_SIZE);
    }
}

zc_result zc_log_append(zc_enclave *enclave, zc_audit_entry *entry, zc_audit_opening *opening,
                        zc_effects *effects, uint8_t ret_leaf[static 32])
{
    if (zc_activation_done(enclave)) {
        return zc_fail(ZC_ENCLAVE_STOPPING); /* the next entry is a boot of the next mission */
    }
    entry->sequence = enclave->log.next;
    entry->time_ms = (uint64_t)enclave->now_ms;
    memcpy(entry->previous, enclave->log.head, sizeof entry->previous);
    memcpy(entry->boot_id, enclave->boot_id, sizeof entry->boot_id);
    memcpy(entry->mission, enclave->mission_hash, sizeof entry->mission);
    fill_salts(enclave, opening);
    zc_audit_commit_all(opening, entry);

    zc_writer entry_writer = ZC_WRITER_OF_ARRAY(enclave->entry_bytes);
    ZC_TRY(zc_audit_entry_write(entry, &entry_writer));
    zc_writer opening_writer = ZC_WRITER_OF_ARRAY(enclave->opening_bytes);
    ZC_TRY(zc_audit_opening_write(opening, &opening_writer));

    zc_host_message message = {.type = ZC_HOST_STORE,
                               .store = {.ordinal = enclave->ordinal + 1,
                                         .kind = ZC_STORE_ENTRY,
                                         .name = zc_slice_of_text(""),
                                         .data = zc_writer_written(&entry_writer),
                                         .has_opening = true,
                                         .opening = zc_writer_written(&opening_writer)}};
    uint8_t leaf[32];
    zc_audit_leaf(message.store.data, leaf);
    zc_audit_tag(&enclave->secrets->tag_key, enclave->genesis.deployment_id, entry->sequence, leaf,
                 message.store.tag);
    ZC_TRY(zc_emit_host(effects, &message));
    enclave->ordinal++;
    zc_audit_log_append(&enclave->log, leaf);
    zc_audit_verifier_follow(&enclave->verifier, entry);
    zc_witness_appended(enclave);
    if (entry->kind == ZC_AUDIT_DECISION || entry->kind == ZC_AUDIT_DENIALS ||
        entry->kind == ZC_AUDIT_FEED) {
        enclave->snapshots.logged_ms = enclave->policy.now_ms;
    }
    memcpy(ret_leaf, leaf, sizeof leaf);
    return ZC_OK;
}

zc_audit_key_track *zc_log_track(const zc_enclave *enclave, const zc_key *key)
{
    return &enclave->verifier.keys.track[key->place->log - 1];
}

zc_result zc_log_begin_key(zc_enclave *enclave, zc_key *key)
{
    zc_audit_keys *keys = &enclave->verifier.keys;
    zc_audit_key_track *track;
    ZC_TRY(zc_audit_keys_add(keys, key->id, &track));
    key->place->log = (uint32_t)keys->count;
    return ZC_OK;
}

void zc_log_name_key(zc_enclave *enclave, zc_key *key, uint64_t use, zc_audit_entry *entry)
{
    zc_audit_key_track *track = zc_log_track(enclave, key);
    const bool first = entry->kind == ZC_AUDIT_KEY_CREATED || entry->kind == ZC_AUDIT_KEY_IMPORTED;
    track->uses += use;
    entry->has_key = true;
    entry->key_uses = track->uses;
    entry->has_key_previous = !first;
    entry->key_previous = track->last;
    memcpy(entry->key_id, key->id, sizeof entry->key_id);
    track->last = enclave->log.next;
}

/* "policy <hex> <ms>": the digest of the policy's state after the checkpoint's last entry, and the
 * policy's clock then, which refusals that are only counted move, too. */
static zc_result write_policy_line(const zc_enclave *enclave, zc_writer *writer)
{
    char decimal[ZC_U256_DECIMAL_SIZE];
    zc_u256 clock = zc_u256_of(enclave->checkpoint_clock);
    (void)zc_u256_to_decimal(&clock, decimal);
    ZC_TRY(zc_write_text(writer, "policy "));
    ZC_TRY(zc_write_hex(writer, ZC_SLICE_OF_ARRAY(enclave->checkpoint_policy)));
    ZC_TRY(zc_write_u8(writer, ' '));
    ZC_TRY(zc_write_text(writer, decimal));
    return zc_write_u8(writer, '\n');
}

static zc_result sign_checkpoint(zc_enclave *enclave, zc_effects *effects)
{
    uint8_t extension[256];
    zc_writer line = ZC_WRITER_OF_ARRAY(extension);
    ZC_TRY(write_policy_line(enclave, &line));
    zc_audit_checkpoint checkpoint = {.size = enclave->checkpoint_size,
                                      .extension = zc_writer_written(&line)};
    memcpy(checkpoint.root, enclave->checkpoint_root, sizeof checkpoint.root);
    uint8_t note[ZC_AUDIT_CHECKPOINT_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(note);
    ZC_TRY(zc_audit_checkpoint_write(enclave->genesis.deployment_id, &checkpoint,
                                     &enclave->secrets->log_key, &writer));
    enclave->checkpoint_wanted = false;
    enclave->checkpoint_last = enclave->checkpoint_size;
    zc_witness_remember(enclave);
    return zc_emit_store(enclave, effects, ZC_STORE_CHECKPOINT, zc_slice_of_text(""),
                         zc_writer_written(&writer));
}

zc_result zc_log_checkpoint(zc_enclave *enclave, zc_effects *effects)
{
    if (enclave->checkpoint_wanted) {
        return enclave->acked >= enclave->checkpoint_ordinal ? sign_checkpoint(enclave, effects)
                                                             : ZC_OK;
    }
    if (enclave->log.next == enclave->checkpoint_last) {
        return ZC_OK;
    }
    enclave->checkpoint_wanted = true;
    enclave->checkpoint_size = enclave->log.next;
    enclave->checkpoint_ordinal = enclave->ordinal;
    enclave->checkpoint_ms = enclave->now_ms;
    enclave->checkpoint_clock = (uint64_t)enclave->policy.now_ms;
    zc_policy_digest(&enclave->policy, &enclave->mission, enclave->checkpoint_policy);
    zc_audit_log_root(&enclave->log, enclave->checkpoint_root);
    return enclave->acked >= enclave->checkpoint_ordinal ? sign_checkpoint(enclave, effects)
                                                         : ZC_OK;
}

/* Detail of a CLOCK entry: by how many milliseconds it was set, negative for backwards. The
 * enclave's own time never goes back, whatever the clock does. */
zc_result zc_log_clock(zc_enclave *enclave, const zc_event *event, zc_effects *effects)
{
    int64_t ahead = event->now_ms - (int64_t)(event->now_ns / 1000000);
    int64_t step = ahead - enclave->clock_ahead_ms;
    bool stepped = enclave->clock_known &&
                   (step > ZC_ENCLAVE_CLOCK_STEP_MS || step < -ZC_ENCLAVE_CLOCK_STEP_MS);
    /* A clock that is drawn slowly towards another time is followed. */
    enclave->clock_known = true;
    enclave->clock_ahead_ms = ahead;
    if (!stepped) {
        return ZC_OK;
    }
    uint8_t detail[16];
    zc_writer writer = ZC_WRITER_OF_ARRAY(detail);
    ZC_TRY(zc_cbor_put_int(&writer, step));
    zc_audit_entry entry = {.kind = ZC_AUDIT_CLOCK, .detail = zc_writer_written(&writer)};
    zc_audit_opening opening = {0};
    uint8_t leaf[32];
    return zc_log_append(enclave, &entry, &opening, effects, leaf);
}

uint64_t zc_log_reply_after(const zc_enclave *enclave)
{
    uint64_t lag = enclave->mission.max_unacked;
    uint64_t after = enclave->ordinal > lag ? enclave->ordinal - lag : 0;
    return after > enclave->floor_ordinal ? after : enclave->floor_ordinal;
}

void zc_log_raise_floor(zc_enclave *enclave)
{
    enclave->floor_ordinal = enclave->ordinal;
}

zc_result zc_log_may_sign(const zc_enclave *enclave, const zc_intent *intent)
{
    bool reduces = intent->operation == ZC_OPERATION_ORDER_CANCEL ||
                   intent->operation == ZC_OPERATION_ORDER_CANCEL_ALL;
    uint64_t most = (uint64_t)enclave->mission.max_unacked + ZC_ENCLAVE_IN_FLIGHT_MAX -
                    (reduces ? 0 : ZC_ENCLAVE_IN_FLIGHT_KEPT);
    if (enclave->stopping) {
        return zc_fail(ZC_ENCLAVE_STOPPING);
    }
    if (enclave->ordinal - enclave->acked >= most) {
        return zc_fail(ZC_ENCLAVE_LOG_BEHIND);
    }
    return zc_witness_behind(enclave) ? zc_fail(ZC_ENCLAVE_NOT_WITNESSED) : ZC_OK;
}

zc_result zc_on_stop(zc_enclave *enclave, const zc_message *message)
{
    if (enclave->stopping) {
        return ZC_OK;
    }
    ZC_TRY(zc_denials_flush_all(enclave, message->effects));
    zc_count_open_sessions_ended(enclave);
    enclave->stopping = true;
    return zc_log_advance_stop(enclave, message->effects);
}

/* A checkpoint that was under way may be older than the last entry; then one more follows it. */
zc_result zc_log_advance_stop(zc_enclave *enclave, zc_effects *effects)
{
    if (!enclave->stopping || enclave->stop_ordinal != 0) {
        return ZC_OK;
    }
    ZC_TRY(zc_counts_flush(enclave, true, effects));
    if (zc_counts_pending(enclave)) {
        return ZC_OK; /* the next step has room */
    }
    ZC_TRY(zc_activation_log(enclave, effects));
    if (!enclave->stop_snapshot && !zc_activation_done(enclave)) {
        enclave->stop_snapshot = true;
        zc_snapshot_at_stop(enclave);
    }
    ZC_TRY(zc_snapshot_advance(enclave, effects));
    if (enclave->snapshots.leaving) {
        return ZC_OK;
    }
    ZC_TRY(zc_log_checkpoint(enclave, effects));
    if (!enclave->checkpoint_wanted && enclave->checkpoint_last < enclave->log.next) {
        ZC_TRY(zc_log_checkpoint(enclave, effects));
    }
    if (enclave->checkpoint_last < enclave->log.next) {
        return ZC_OK;
    }
    enclave->stop_ordinal = enclave->ordinal;
    zc_host_message stopped = {.type = ZC_HOST_STOPPED};
    return zc_emit_host(effects, &stopped);
}
