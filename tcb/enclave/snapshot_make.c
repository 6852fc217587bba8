#include "audit/verifier_state.h"
#include "codec/cbor.h"
#include "enclave/change/change_parts.h"
#include "enclave/snapshot_parts.h"
#include "policy/snapshot.h"

/* Pieces that one step gives out: the effects of a step have room for more. */
#define STEP_PIECES 2

/* [* key id, nonce]: the greatest that a venue's request of each key has carried. */
static zc_result write_nonces(const zc_enclave *enclave, zc_writer *writer)
{
    size_t count = 0;
    for (size_t i = 0; i < enclave->keyring.count; i++) {
        count += enclave->keyring.place[i].last_nonce != 0;
    }
    ZC_TRY(zc_cbor_put_array(writer, 2 * count));
    for (size_t i = 0; i < enclave->keyring.count; i++) {
        const zc_key_place *key = &enclave->keyring.place[i];
        if (key->last_nonce != 0) {
            ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(key->id)));
            ZC_TRY(zc_cbor_put_uint(writer, key->last_nonce));
        }
    }
    return ZC_OK;
}

static zc_result write_state(zc_enclave *enclave, zc_writer *writer)
{
    uint8_t digest[32];
    enclave->verifier.log = enclave->log;
    ZC_TRY(zc_audit_verifier_write(&enclave->verifier, writer));
    ZC_TRY(write_nonces(enclave, writer));
    ZC_TRY(zc_policy_snapshot_write(&enclave->policy, &enclave->mission, writer));
    ZC_TRY(zc_beside_write(enclave, writer));
    ZC_TRY(zc_descent_write(enclave, writer));
    zc_policy_digest(&enclave->policy, &enclave->mission, digest);
    return zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(digest));
}

/* A state too large to be written down is left: the log has it all. */
static void begin(zc_enclave *enclave)
{
    zc_snapshots *snapshots = &enclave->snapshots;
    zc_writer writer = zc_writer_of(snapshots->bytes, snapshots->room);
    snapshots->last_size = enclave->log.next;
    snapshots->last_ms = enclave->now_ms;
    if (!zc_ok(write_state(enclave, &writer))) {
        return;
    }
    size_t len = zc_writer_len(&writer);
    snapshots->len = len;
    snapshots->done = 0;
    snapshots->leaving = true;
    snapshots->head = (zc_snapshot_head){
        .sequence = enclave->log.next,
        .count = (uint32_t)((len + ZC_SNAPSHOT_PIECE_MAX - 1) / ZC_SNAPSHOT_PIECE_MAX)};
    memcpy(snapshots->head.leaf, enclave->log.head, sizeof snapshots->head.leaf);
    zc_drbg_bytes(&enclave->secrets->drbg, snapshots->head.id, sizeof snapshots->head.id);
}

static zc_result give_piece(zc_enclave *enclave, zc_effects *effects)
{
    zc_snapshots *snapshots = &enclave->snapshots;
    size_t left = snapshots->len - snapshots->done;
    zc_slice plain = zc_slice_of(snapshots->bytes + snapshots->done,
                                 left < ZC_SNAPSHOT_PIECE_MAX ? left : ZC_SNAPSHOT_PIECE_MAX);
    zc_seal_place place;
    zc_mission_place_of(enclave, &place);
    zc_writer writer = ZC_WRITER_OF_ARRAY(enclave->opening_bytes);
    ZC_TRY(zc_snapshot_seal(&enclave->secrets->seal, &place, &snapshots->head, plain,
                            &enclave->secrets->drbg, &writer));
    ZC_TRY(zc_emit_store(enclave, effects, ZC_STORE_SNAPSHOT, zc_slice_of_text(""),
                         zc_writer_written(&writer)));
    snapshots->done += plain.len;
    snapshots->head.index++;
    snapshots->leaving = snapshots->done < snapshots->len;
    return ZC_OK;
}

zc_result zc_snapshot_advance(zc_enclave *enclave, zc_effects *effects)
{
    for (size_t i = 0; i < STEP_PIECES && enclave->snapshots.leaving; i++) {
        if (!zc_ok(zc_effects_have_room(effects))) {
            return ZC_OK; /* the next step goes on */
        }
        ZC_TRY(give_piece(enclave, effects));
    }
    return ZC_OK;
}

static bool is_as_logged(const zc_enclave *enclave)
{
    return enclave->policy.now_ms == enclave->snapshots.logged_ms;
}

static bool is_due(const zc_enclave *enclave)
{
    const zc_snapshots *snapshots = &enclave->snapshots;
    uint64_t entries = enclave->log.next - snapshots->last_size;
    bool old = enclave->now_ms - snapshots->last_ms >= ZC_ENCLAVE_SNAPSHOT_MS;
    /* A host that does not keep up is not given more to keep. */
    bool keeps_up = enclave->ordinal - enclave->acked < ZC_ENCLAVE_IN_FLIGHT_KEPT;
    uint64_t quarter = enclave->verifier.keys.count / 4;
    uint64_t enough = quarter > ZC_ENCLAVE_SNAPSHOT_ENTRIES ? quarter : ZC_ENCLAVE_SNAPSHOT_ENTRIES;
    return keeps_up && is_as_logged(enclave) &&
           (entries >= enough || (old && entries >= ZC_ENCLAVE_SNAPSHOT_FEWER));
}

zc_result zc_snapshot_tick(zc_enclave *enclave, zc_effects *effects)
{
    if (!enclave->snapshots.leaving && is_due(enclave)) {
        begin(enclave);
    }
    return zc_snapshot_advance(enclave, effects);
}

void zc_snapshot_at_stop(zc_enclave *enclave)
{
    uint64_t entries = enclave->log.next - enclave->snapshots.last_size;
    if (entries >= ZC_ENCLAVE_SNAPSHOT_AT_STOP && is_as_logged(enclave)) {
        begin(enclave);
    }
}
