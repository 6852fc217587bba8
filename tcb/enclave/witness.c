/* No rollback, no fork: what the witnesses of the mission have seen of this log.
 *
 * A boot entry holds 32 fresh bytes, so a checkpoint over it is new to everyone. The enclave serves
 * once enough witnesses have cosigned one: a log that lacks what they saw before, or a second copy
 * that went on from the same place, is not consistent with it, and gets no cosignature. While
 * serving, what is not yet cosigned may be ZC_ENCLAVE_UNWITNESSED_MS old: a copy that began in
 * between costs the other its witnesses, and then its signatures. */
#include "enclave/parts.h"

#include "attest/genesis.h"
#include "audit/checkpoint.h"
#include "audit/cosignature.h"
#include "codec/cbor.h"
#include "crypto/verify.h"

#define STATEMENT_SIZE 192

bool zc_witness_wanted(const zc_enclave *enclave)
{
    return enclave->mission.witnesses_needed > 0 && !enclave->tail_lost;
}

void zc_witness_remember(zc_enclave *enclave)
{
    zc_signed_checkpoint *kept =
        &enclave->signed_checkpoint[enclave->signed_count++ % ZC_ENCLAVE_CHECKPOINTS];
    kept->size = enclave->checkpoint_size;
    kept->taken_ms = enclave->checkpoint_ms;
    memcpy(kept->root, enclave->checkpoint_root, sizeof kept->root);
}

void zc_witness_appended(zc_enclave *enclave)
{
    if (enclave->log.next == enclave->cosigned_size + 1) {
        enclave->uncosigned_ms = enclave->now_ms;
    }
}

bool zc_witness_behind(const zc_enclave *enclave)
{
    return zc_witness_wanted(enclave) && enclave->log.next > enclave->cosigned_size &&
           enclave->now_ms - enclave->uncosigned_ms > ZC_ENCLAVE_UNWITNESSED_MS;
}

/* One of the last checkpoints that this boot signed; NULL for any other. The log key alone does not
 * tell: another copy has it, too. */
static const zc_signed_checkpoint *find(const zc_enclave *enclave,
                                        const zc_audit_checkpoint *checkpoint)
{
    for (size_t i = 0; i < ZC_ENCLAVE_CHECKPOINTS && i < enclave->signed_count; i++) {
        const zc_signed_checkpoint *kept = &enclave->signed_checkpoint[i];
        if (kept->size == checkpoint->size &&
            memcmp(kept->root, checkpoint->root, sizeof kept->root) == 0) {
            return kept;
        }
    }
    return NULL;
}

static uint32_t count_cosigners(const zc_mission *mission, const zc_note *note)
{
    uint32_t count = 0;
    for (size_t i = 0; i < mission->witness_count; i++) {
        const zc_witness *witness = &mission->witnesses[i];
        zc_cosigner cosigner;
        uint64_t time_s;
        if (zc_ok(zc_cosigner_of(zc_slice_of_text(witness->name), witness->pubkey, &cosigner)) &&
            zc_ok(zc_cosignature_check(note, &cosigner, &time_s))) {
            count++;
        }
    }
    return count;
}

/* What the host brings may be old or wrong; then it is as if it had not come. */
zc_result zc_on_cosigned(zc_enclave *enclave, const zc_message *message)
{
    zc_slice bytes = message->host->cosigned.note;
    zc_note note;
    zc_audit_checkpoint checkpoint;
    if (!zc_ok(zc_audit_checkpoint_verify(bytes, enclave->genesis.deployment_id,
                                          enclave->genesis.log_key, &checkpoint)) ||
        !zc_ok(zc_note_parse(bytes, &note))) {
        return ZC_OK;
    }
    const zc_signed_checkpoint *ours = find(enclave, &checkpoint);
    if (ours == NULL || ours->size <= enclave->cosigned_size ||
        count_cosigners(&enclave->mission, &note) < enclave->mission.witnesses_needed) {
        return ZC_OK;
    }
    enclave->cosigned_size = ours->size;
    /* What came after it is not older than it. */
    enclave->uncosigned_ms = ours->taken_ms;
    enclave->witnesses_seen = true;
    bool begins = enclave->boot_document_len > 0 && ours->size >= enclave->boot_size;
    return begins ? zc_evidence_serve(enclave, message->effects) : ZC_OK;
}

/* ["zcp-lost-tail-v1", deployment id, mission hash, number of entries, leaf hash of the last]: the
 * last is this boot's entry, so what was signed is of no use at any other. */
static zc_result write_statement(const zc_enclave *enclave, zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_array(writer, 5));
    ZC_TRY(zc_cbor_put_text(writer, zc_slice_of_text("zcp-lost-tail-v1")));
    ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(enclave->genesis.deployment_id)));
    ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(enclave->mission_hash)));
    ZC_TRY(zc_cbor_put_uint(writer, enclave->log.next));
    return zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(enclave->log.head));
}

/* The host is told what the founders would sign, should the end of the log be lost. */
zc_result zc_witness_wait(zc_enclave *enclave, zc_effects *effects)
{
    uint8_t bytes[STATEMENT_SIZE];
    zc_writer statement = ZC_WRITER_OF_ARRAY(bytes);
    ZC_TRY(write_statement(enclave, &statement));
    zc_host_message message = {.type = ZC_HOST_LOST_TAIL_STATEMENT,
                               .genesis_statement = {.statement = zc_writer_written(&statement)}};
    ZC_TRY(zc_emit_host(effects, &message));
    return zc_log_checkpoint(enclave, effects);
}

static bool is_founder(const zc_mission *mission, const uint8_t key[static 32])
{
    uint32_t at;
    return zc_mission_find_principal(mission, key, &at) &&
           (mission->principals[at].roles & ZC_ROLE_FOUNDER) != 0;
}

static bool is_repeated(const zc_host_genesis_signed *list, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (memcmp(list->founder[i].public_key, list->founder[index].public_key, 32) == 0) {
            return true;
        }
    }
    return false;
}

/* How many founders signed it; 0 when anything else is among the signatures. */
static uint32_t count_founders(const zc_enclave *enclave, const zc_host_genesis_signed *list,
                               zc_slice statement)
{
    for (size_t i = 0; i < list->count; i++) {
        const zc_founder_signature *founder = &list->founder[i];
        if (!is_founder(&enclave->mission, founder->public_key) || is_repeated(list, i) ||
            !zc_ok(zc_verify_ed25519(founder->public_key, statement, founder->signature))) {
            return 0;
        }
    }
    return (uint32_t)list->count;
}

/* Detail of a LOST_TAIL entry: as the genesis record, [bstr statement, [* [key, signature]]]. */
static zc_result write_record(const zc_host_genesis_signed *list, zc_slice statement,
                              zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_array(writer, 2));
    ZC_TRY(zc_cbor_put_bytes(writer, statement));
    ZC_TRY(zc_cbor_put_array(writer, list->count));
    for (size_t i = 0; i < list->count; i++) {
        ZC_TRY(zc_cbor_put_array(writer, 2));
        ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(list->founder[i].public_key)));
        ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(list->founder[i].signature)));
    }
    return ZC_OK;
}

/* The founders know that the end of the log is gone and go on without it. What was spent in it is
 * not known any more, so the enclave comes up halted, and a quorum of approvers resumes it. */
zc_result zc_on_lost_tail(zc_enclave *enclave, const zc_message *message)
{
    const zc_host_genesis_signed *list = &message->host->genesis_signed;
    uint8_t bytes[STATEMENT_SIZE];
    uint8_t record[ZC_GENESIS_RECORD_MAX];
    zc_writer statement = ZC_WRITER_OF_ARRAY(bytes);
    zc_writer detail = ZC_WRITER_OF_ARRAY(record);
    if (enclave->boot_document_len == 0) {
        return ZC_OK; /* it serves already, or has not come so far */
    }
    ZC_TRY(write_statement(enclave, &statement));
    if (count_founders(enclave, list, zc_writer_written(&statement)) <
        enclave->mission.founders_needed) {
        return zc_fail(ZC_ENCLAVE_QUORUM_NOT_MET);
    }
    ZC_TRY(write_record(list, zc_writer_written(&statement), &detail));
    zc_audit_entry entry = {.kind = ZC_AUDIT_LOST_TAIL, .detail = zc_writer_written(&detail)};
    zc_audit_opening opening = {0};
    uint8_t leaf[32];
    ZC_TRY(zc_log_append(enclave, &entry, &opening, message->effects, leaf));
    enclave->tail_lost = true;
    enclave->halted_in_log = true;
    return zc_evidence_serve(enclave, message->effects);
}
