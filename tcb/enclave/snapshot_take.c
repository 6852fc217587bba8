#include "audit/verifier_state.h"
#include "codec/cbor.h"
#include "enclave/change/change_parts.h"
#include "enclave/snapshot_parts.h"
#include "policy/snapshot.h"

/* Whether this piece continues those that were brought. */
static bool is_next(const zc_snapshots *snapshots, const zc_snapshot_head *head)
{
    const zc_snapshot_head *before = &snapshots->head;
    if (!snapshots->coming) {
        return head->index == 0 && head->sequence > 0;
    }
    return head->index == before->index + 1 && head->count == before->count &&
           head->sequence == before->sequence &&
           memcmp(head->leaf, before->leaf, sizeof head->leaf) == 0 &&
           memcmp(head->id, before->id, sizeof head->id) == 0;
}

static zc_result take_piece(zc_enclave *enclave, zc_slice sealed)
{
    zc_snapshots *snapshots = &enclave->snapshots;
    zc_snapshot_head head;
    zc_seal_place place;
    zc_mission_place_of(enclave, &place);
    zc_writer writer =
        zc_writer_of(snapshots->bytes + snapshots->len, snapshots->room - snapshots->len);
    ZC_TRY(zc_snapshot_open(&enclave->secrets->seal, &place, sealed, &head, &writer));
    if (!is_next(snapshots, &head)) {
        return zc_fail(ZC_ENCLAVE_BAD_SNAPSHOT);
    }
    snapshots->head = head;
    snapshots->coming = true;
    snapshots->len += zc_writer_len(&writer);
    return ZC_OK;
}

/* Checked as a whole first; then taken over. */
static zc_result pass_nonces(zc_reader *reader, zc_enclave *enclave, bool apply)
{
    size_t items;
    ZC_TRY(zc_cbor_get_array(reader, 2 * enclave->keyring.capacity, &items));
    for (size_t i = 0; i + 1 < items; i += 2) {
        uint8_t id[ZC_KEY_ID_SIZE];
        uint64_t nonce;
        ZC_TRY(zc_cbor_get_fixed_bytes(reader, id, sizeof id));
        ZC_TRY(zc_cbor_get_uint(reader, &nonce));
        uint32_t number = apply ? zc_keyring_by_id(&enclave->keyring, id) : ZC_KEYS_NONE;
        if (number != ZC_KEYS_NONE) {
            enclave->keyring.place[number].last_nonce = nonce;
        }
    }
    return items % 2 == 0 ? ZC_OK : zc_fail(ZC_ENCLAVE_BAD_SNAPSHOT);
}

/* Where the log speaks of the keys that the host has brought. */
static void take_keys(zc_enclave *enclave)
{
    const zc_audit_keys *keys = &enclave->verifier.keys;
    for (size_t i = 0; i < keys->count; i++) {
        const uint32_t number = zc_keyring_by_id(&enclave->keyring, keys->track[i].id);
        if (number != ZC_KEYS_NONE) {
            enclave->keyring.place[number].log = (uint32_t)(i + 1);
        }
    }
}

static zc_result read_state(zc_enclave *enclave, zc_reader *reader, zc_reader *ret_nonces)
{
    uint8_t said[32];
    uint8_t digest[32];
    ZC_TRY(zc_audit_verifier_read(&enclave->verifier, reader));
    *ret_nonces = *reader;
    ZC_TRY(pass_nonces(reader, enclave, false));
    ZC_TRY(zc_policy_snapshot_read(&enclave->policy, &enclave->mission, reader));
    ZC_TRY(zc_beside_read(enclave, reader));
    ZC_TRY(zc_descent_read(enclave, reader));
    ZC_TRY(zc_cbor_get_fixed_bytes(reader, said, sizeof said));
    ZC_TRY(zc_reader_end(reader));
    zc_policy_digest(&enclave->policy, &enclave->mission, digest);
    bool same = enclave->verifier.log.next == enclave->snapshots.head.sequence &&
                memcmp(enclave->verifier.log.head, enclave->snapshots.head.leaf, 32) == 0 &&
                memcmp(digest, said, sizeof said) == 0;
    return same ? ZC_OK : zc_fail(ZC_ENCLAVE_BAD_SNAPSHOT);
}

static zc_result go_on(zc_enclave *enclave)
{
    zc_snapshots *snapshots = &enclave->snapshots;
    zc_reader reader = zc_reader_of(zc_slice_of(snapshots->bytes, snapshots->len));
    zc_reader nonces;
    ZC_TRY(read_state(enclave, &reader, &nonces));
    take_keys(enclave);
    ZC_TRY(pass_nonces(&nonces, enclave, true));
    enclave->log = enclave->verifier.log;
    enclave->halted_in_log = enclave->verifier.halted;
    int64_t then = (int64_t)enclave->verifier.last_time_ms;
    enclave->now_ms = then > enclave->now_ms ? then : enclave->now_ms;
    snapshots->last_size = enclave->log.next;
    snapshots->last_ms = enclave->now_ms;
    return ZC_OK;
}

/* As if none had come. */
static void forget(zc_enclave *enclave)
{
    zc_audit_verifier_reset(&enclave->verifier);
    zc_policy_init(&enclave->policy, &enclave->mission);
    memset(&enclave->changes, 0, sizeof enclave->changes);
    enclave->snapshots.refused = true;
}

static zc_result answer(zc_enclave *enclave, zc_result taken, zc_effects *effects)
{
    zc_host_message message = {
        .type = ZC_HOST_SNAPSHOT_TAKEN,
        .snapshot_taken = {.sequence = enclave->log.next, .code = taken.code}};
    return zc_emit_host(effects, &message);
}

zc_result zc_on_snapshot(zc_enclave *enclave, const zc_message *message)
{
    zc_snapshots *snapshots = &enclave->snapshots;
    if (!enclave->root_open || !enclave->has_genesis || enclave->loaded || enclave->log.next > 0) {
        return zc_fail(ZC_ENCLAVE_WRONG_PHASE);
    }
    if (snapshots->refused) {
        return ZC_OK; /* the host knows already */
    }
    zc_result taken = take_piece(enclave, message->host->snapshot.piece);
    if (zc_ok(taken) && snapshots->head.index + 1 < snapshots->head.count) {
        return ZC_OK;
    }
    taken = zc_ok(taken) ? go_on(enclave) : taken;
    if (!zc_ok(taken)) {
        forget(enclave);
        zc_count_error(enclave, taken); /* in the log once it is written again */
    }
    return answer(enclave, taken, message->effects);
}
