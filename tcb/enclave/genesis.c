/* The birth of a deployment: root secret, identity and log key, and the founders' signatures. */
#include "enclave/snapshot_parts.h"

#include "attest/measure.h"
#include "crypto/hash.h"

void zc_place_of(const zc_enclave *enclave, zc_seal_place *ret_place)
{
    memcpy(ret_place->deployment_id, enclave->genesis.deployment_id,
           sizeof ret_place->deployment_id);
    memcpy(ret_place->pcr0, enclave->pcr0, sizeof ret_place->pcr0);
    zc_measure_mission(enclave->genesis.mission_hash, ret_place->pcr16);
}

void zc_mission_place_of(const zc_enclave *enclave, zc_seal_place *ret_place)
{
    zc_place_of(enclave, ret_place);
    memcpy(ret_place->pcr16, enclave->pcr16, sizeof ret_place->pcr16);
}

zc_result zc_founders_check(const zc_enclave *enclave, zc_slice record)
{
    uint8_t founders[ZC_MISSION_MAX_PRINCIPALS][32];
    size_t count = 0;
    for (size_t i = 0; i < enclave->mission.principal_count; i++) {
        if ((enclave->mission.principals[i].roles & ZC_ROLE_FOUNDER) != 0) {
            memcpy(founders[count++], enclave->mission.principals[i].pubkey, 32);
        }
    }
    zc_genesis verified;
    zc_result checked = zc_genesis_verify(record, (const uint8_t(*)[32])founders, count,
                                          enclave->mission.founders_needed, &verified);
    return checked;
}

zc_result zc_genesis_begin(zc_enclave *enclave, const zc_secret32 *wrap_key, zc_effects *effects)
{
    zc_enclave_secrets *secrets = enclave->secrets;
    zc_drbg_bytes(&secrets->drbg, secrets->root.byte, sizeof secrets->root.byte);
    ZC_TRY(zc_root_derive(enclave));

    zc_genesis *genesis = &enclave->genesis;
    ZC_TRY(zc_pubkey_compress(&secrets->identity.pubkey, genesis->identity));
    memcpy(genesis->log_key, secrets->log_key.pubkey.byte, sizeof genesis->log_key);
    zc_genesis_commit_root(&secrets->root, genesis->root_commitment);
    zc_genesis_deployment_id(genesis->identity, genesis->root_commitment, genesis->deployment_id);
    memcpy(genesis->mission_hash, enclave->mission_hash, sizeof genesis->mission_hash);

    zc_seal_place place;
    zc_mission_place_of(enclave, &place);
    zc_writer sealed = ZC_WRITER_OF_ARRAY(enclave->sealed_root);
    ZC_TRY(zc_root_seal(wrap_key, &place, &secrets->root, &secrets->drbg, &sealed));
    enclave->sealed_root_len = zc_writer_len(&sealed);

    zc_writer statement = ZC_WRITER_OF_ARRAY(enclave->statement);
    ZC_TRY(zc_genesis_statement_write(genesis, &statement));
    enclave->statement_len = zc_writer_len(&statement);
    enclave->phase = ZC_PHASE_GENESIS;
    zc_host_message message = {.type = ZC_HOST_GENESIS_STATEMENT,
                               .genesis_statement = {.statement = zc_writer_written(&statement)}};
    return zc_emit_host(effects, &message);
}

static zc_result write_record(zc_enclave *enclave, const zc_host_genesis_signed *from_host)
{
    zc_genesis_signature signatures[ZC_GENESIS_SIGNATURES_MAX];
    for (size_t i = 0; i < from_host->count; i++) {
        memcpy(signatures[i].public_key, from_host->founder[i].public_key, 32);
        memcpy(signatures[i].signature, from_host->founder[i].signature, 64);
    }
    zc_writer record = ZC_WRITER_OF_ARRAY(enclave->genesis_record);
    ZC_TRY(zc_genesis_record_write(zc_slice_of(enclave->statement, enclave->statement_len),
                                   signatures, from_host->count, &record));
    enclave->genesis_len = zc_writer_len(&record);
    return ZC_OK;
}

zc_result zc_on_genesis_signed(zc_enclave *enclave, const zc_message *message)
{
    ZC_TRY(write_record(enclave, &message->host->genesis_signed));
    zc_slice record = zc_slice_of(enclave->genesis_record, enclave->genesis_len);
    ZC_TRY(zc_founders_check(enclave, record));
    /* The root first: a genesis record without its root would be a deployment that never opens. */
    ZC_TRY(zc_emit_store(enclave, message->effects, ZC_STORE_ROOT, zc_slice_of_text(""),
                         zc_slice_of(enclave->sealed_root, enclave->sealed_root_len)));
    ZC_TRY(
        zc_emit_store(enclave, message->effects, ZC_STORE_GENESIS, zc_slice_of_text(""), record));
    /* The log begins once both are durable (zc_on_ack). */
    enclave->genesis_ordinal = enclave->ordinal;
    enclave->phase = ZC_PHASE_SEALED;
    return ZC_OK;
}

zc_result zc_on_ack(zc_enclave *enclave, const zc_message *message)
{
    uint64_t ordinal = message->host->ack.ordinal;
    if (ordinal > enclave->ordinal) {
        return zc_fail(ZC_ENCLAVE_BAD_JOURNAL);
    }
    enclave->acked = ordinal > enclave->acked ? ordinal : enclave->acked;
    if (enclave->boot_document_len > 0) {
        return zc_log_checkpoint(enclave, message->effects);
    }
    ZC_TRY(zc_snapshot_advance(enclave, message->effects));
    ZC_TRY(zc_log_advance_stop(enclave, message->effects));
    if (enclave->genesis_ordinal == 0 || enclave->acked < enclave->genesis_ordinal) {
        return ZC_OK;
    }
    enclave->genesis_ordinal = 0;
    zc_audit_entry entry = {.kind = ZC_AUDIT_GENESIS,
                            .detail = zc_slice_of(enclave->genesis_record, enclave->genesis_len)};
    zc_audit_opening opening = {0};
    uint8_t leaf[32];
    ZC_TRY(zc_log_append(enclave, &entry, &opening, message->effects, leaf));
    enclave->loaded = true;
    return zc_boot_advance(enclave, message->effects);
}
