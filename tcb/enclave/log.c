#include "enclave/parts.h"

#include "audit/checkpoint.h"
#include "audit/tag.h"

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
    memcpy(ret_leaf, leaf, sizeof leaf);
    return ZC_OK;
}

void zc_log_name_key(zc_enclave *enclave, zc_key *key, uint64_t use, zc_audit_entry *entry)
{
    key->uses += use;
    entry->has_key = true;
    entry->key_uses = key->uses;
    entry->has_key_previous = key->has_last_entry;
    entry->key_previous = key->last_entry;
    memcpy(entry->key_id, key->id, sizeof entry->key_id);
    key->has_last_entry = true;
    key->last_entry = enclave->log.next;
}

static zc_result sign_checkpoint(zc_enclave *enclave, zc_effects *effects)
{
    zc_audit_checkpoint checkpoint = {.size = enclave->checkpoint_size};
    memcpy(checkpoint.root, enclave->checkpoint_root, sizeof checkpoint.root);
    uint8_t note[ZC_AUDIT_CHECKPOINT_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(note);
    ZC_TRY(zc_audit_checkpoint_write(enclave->genesis.deployment_id, &checkpoint,
                                     &enclave->secrets->log_key, &writer));
    enclave->checkpoint_wanted = false;
    enclave->checkpoint_last = enclave->checkpoint_size;
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
    zc_audit_log_root(&enclave->log, enclave->checkpoint_root);
    return enclave->acked >= enclave->checkpoint_ordinal ? sign_checkpoint(enclave, effects)
                                                         : ZC_OK;
}
