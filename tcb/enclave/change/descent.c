/* Where this mission comes from: what the log has of its descent from the deployment's birth. */
#include "enclave/change/change_parts.h"

#include "codec/cbor.h"
#include "crypto/hash.h"

static bool is_born(const zc_enclave *enclave)
{
    return memcmp(enclave->mission_hash, enclave->genesis.mission_hash,
                  sizeof enclave->mission_hash) == 0;
}

/* The founders of a later mission may be others, so the log vouches for the record that the host
 * brought. */
static zc_result take_genesis(zc_enclave *enclave, const zc_audit_entry *entry)
{
    zc_slice record = zc_slice_of(enclave->genesis_record, enclave->genesis_len);
    bool same = zc_slice_eq(entry->detail, record) &&
                memcmp(entry->mission, enclave->genesis.mission_hash, sizeof entry->mission) == 0;
    enclave->changes.genesis_seen = same;
    return same ? ZC_OK : zc_fail(ZC_ENCLAVE_BAD_JOURNAL);
}

static zc_result take_step(zc_enclave *enclave, const zc_audit_entry *entry,
                           const zc_audit_opening *opening)
{
    const zc_replay_side side = zc_enclave_side(enclave);
    const zc_change_side own = zc_change_side_of(enclave);
    zc_audit_change step;
    uint32_t principal = 0;
    ZC_TRY(zc_audit_change_read(entry->detail, &step));
    ZC_TRY(zc_replay_principal(&side, opening, &principal));
    return zc_change_take(&enclave->changes.pending, &own, &step, entry->sequence, principal,
                          (int64_t)entry->time_ms);
}

zc_result zc_descent_take(zc_enclave *enclave, const zc_audit_entry *entry,
                          const zc_audit_opening *opening, bool *ret_own)
{
    *ret_own = false;
    if (entry->kind == ZC_AUDIT_GENESIS) {
        return take_genesis(enclave, entry);
    }
    if (memcmp(entry->mission, enclave->mission_hash, sizeof entry->mission) != 0) {
        const zc_replay_side side = zc_enclave_side(enclave);
        ZC_TRY(zc_past_take(&enclave->changes.past, &side, entry, opening, &enclave->intent));
        if (entry->decision == ZC_AUDIT_ALLOW) {
            zc_decision_note(enclave, entry->key_id, &enclave->intent, entry->sequence);
        }
        return ZC_OK;
    }
    enclave->changes.was_in_force = true;
    *ret_own = entry->kind != ZC_AUDIT_MISSION;
    return *ret_own ? ZC_OK : take_step(enclave, entry, opening);
}

zc_result zc_descent_check(const zc_enclave *enclave)
{
    const zc_audit_verifier *log = &enclave->verifier;
    bool born = is_born(enclave);
    if (enclave->log.next == 0) {
        return born ? ZC_OK : zc_fail(ZC_ENCLAVE_WRONG_MISSION);
    }
    if (memcmp(log->mission, enclave->mission_hash, sizeof log->mission) != 0) {
        return zc_fail(enclave->changes.was_in_force || born ? ZC_ENCLAVE_MISSION_SUPERSEDED
                                                             : ZC_ENCLAVE_WRONG_MISSION);
    }
    return born || enclave->changes.genesis_seen ? ZC_OK : zc_fail(ZC_ENCLAVE_BAD_JOURNAL);
}

static void hash_genesis(const zc_enclave *enclave, uint8_t ret_hash[static 32])
{
    zc_sha256(zc_slice_of(enclave->genesis_record, enclave->genesis_len), ret_hash);
}

zc_result zc_descent_write(const zc_enclave *enclave, zc_writer *writer)
{
    uint8_t genesis[32];
    hash_genesis(enclave, genesis);
    ZC_TRY(zc_cbor_put_array(writer, 2));
    ZC_TRY(zc_change_write(&enclave->changes.pending, writer));
    return zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(genesis));
}

zc_result zc_descent_read(zc_enclave *enclave, zc_reader *reader)
{
    uint8_t genesis[32];
    uint8_t said[32];
    size_t parts = 0;
    hash_genesis(enclave, genesis);
    ZC_TRY(zc_cbor_get_array(reader, 2, &parts));
    if (parts != 2) {
        return zc_fail(ZC_ENCLAVE_BAD_SNAPSHOT);
    }
    ZC_TRY(zc_change_read(reader, &enclave->changes.pending));
    ZC_TRY(zc_cbor_get_fixed_bytes(reader, said, sizeof said));
    if (memcmp(said, genesis, sizeof said) != 0) {
        return zc_fail(ZC_ENCLAVE_BAD_SNAPSHOT);
    }
    enclave->changes.genesis_seen = true;
    enclave->changes.was_in_force = true;
    return ZC_OK;
}
