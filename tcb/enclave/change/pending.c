#include "enclave/change/pending.h"

#include <string.h>

#include "crypto/hash.h"
#include "crypto/verify.h"
#include "enclave/reasons.h"

bool zc_change_lives(const zc_change *change, int64_t now_ms)
{
    return change->begun && now_ms < change->expires_ms;
}

static bool has_bit(uint64_t bits, uint32_t at)
{
    return at < ZC_MISSION_MAX_PRINCIPALS && (bits >> at & 1) != 0;
}

bool zc_change_member(const zc_change_side *side, uint32_t principal)
{
    return side->mission->has_change && has_bit(side->mission->change.principals, principal) &&
           !has_bit(side->revoked, principal);
}

uint64_t zc_change_signers(const zc_change *change, const zc_change_side *side, int64_t now_ms)
{
    uint64_t signers = 0;
    for (uint32_t i = 0; i < side->mission->principal_count; i++) {
        bool counts = has_bit(change->signed_by, i) && zc_change_member(side, i) &&
                      now_ms < change->vote[i].expires_ms;
        signers |= counts ? UINT64_C(1) << i : 0;
    }
    return signers;
}

zc_result zc_change_ready(const zc_change *change, const zc_change_side *side, int64_t now_ms)
{
    if (!zc_change_lives(change, now_ms)) {
        return zc_fail(ZC_ENCLAVE_NO_CHANGE);
    }
    if (!zc_mission_change_agreed(side->mission, zc_change_signers(change, side, now_ms))) {
        return zc_fail(ZC_ENCLAVE_CHANGE_QUORUM);
    }
    return now_ms >= change->earliest_ms ? ZC_OK : zc_fail(ZC_ENCLAVE_CHANGE_EARLY);
}

zc_audit_change zc_change_begin(const zc_change_side *side, const uint8_t to[static 32],
                                int64_t now_ms)
{
    const zc_mission *mission = side->mission;
    zc_audit_change step = {
        .step = ZC_AUDIT_CHANGE_BEGIN,
        .earliest_ms = (uint64_t)(now_ms + (int64_t)mission->change_delay_s * 1000),
        .expires_ms = (uint64_t)(now_ms + (int64_t)mission->change.valid_s * 1000)};
    memcpy(step.from, side->mission_hash, sizeof step.from);
    memcpy(step.to, to, sizeof step.to);
    return step;
}

/* Eight bytes of a hash that names it, and its decimals. */
static void put_unit(zc_slice name, uint8_t decimals, uint8_t *ret_unit)
{
    uint8_t hash[32];
    zc_sha256(name, hash);
    memcpy(ret_unit, hash, ZC_AUDIT_CHANGE_UNIT - 1);
    ret_unit[ZC_AUDIT_CHANGE_UNIT - 1] = decimals;
}

static void put_asset(const zc_asset *asset, uint8_t *ret_unit)
{
    uint8_t bytes[9 + ZC_TOKEN_MAX] = {(uint8_t)asset->id.kind};
    size_t len = 9;
    for (size_t i = 0; i < 8; i++) {
        bytes[1 + i] = (uint8_t)(asset->id.chain_id >> (56 - 8 * i));
    }
    if (asset->id.kind == ZC_ASSET_TOKEN) {
        zc_slice token = zc_asset_id_slice(&asset->id);
        memcpy(bytes + len, token.data, token.len);
        len += token.len;
    }
    put_unit(zc_slice_of(bytes, len), asset->decimals, ret_unit);
}

void zc_change_units(const zc_mission *mission, zc_change_room *room, zc_slice *ret_reference,
                     zc_slice *ret_units)
{
    *ret_reference = zc_slice_of(room->reference, 0);
    if (mission->has_reference) {
        put_unit(zc_slice_of_text(mission->reference), mission->reference_decimals,
                 room->reference);
        *ret_reference = ZC_SLICE_OF_ARRAY(room->reference);
    }
    for (size_t i = 0; i < mission->asset_count; i++) {
        put_asset(&mission->assets[i], room->units + i * ZC_AUDIT_CHANGE_UNIT);
    }
    *ret_units = zc_slice_of(room->units, mission->asset_count * ZC_AUDIT_CHANGE_UNIT);
}

void zc_change_activate(const zc_change *change, const zc_change_side *side, int64_t now_ms,
                        zc_change_room *room, zc_audit_change *ret_step)
{
    const zc_mission *mission = side->mission;
    uint64_t signers = zc_change_signers(change, side, now_ms);
    size_t revoked = 0;
    *ret_step = (zc_audit_change){.step = ZC_AUDIT_CHANGE_ACTIVATE, .begun = change->entry};
    memcpy(ret_step->from, side->mission_hash, sizeof ret_step->from);
    memcpy(ret_step->to, change->to, sizeof ret_step->to);
    for (uint32_t i = 0; i < mission->principal_count; i++) {
        if (has_bit(signers, i)) {
            zc_audit_change_signer *signer = &ret_step->signer[ret_step->signer_count++];
            signer->expires_ms = (uint64_t)change->vote[i].expires_ms;
            memcpy(signer->key, mission->principals[i].pubkey, sizeof signer->key);
            memcpy(signer->signature, change->vote[i].signature, sizeof signer->signature);
        }
        if (has_bit(side->revoked, i)) {
            memcpy(room->revoked + revoked, mission->principals[i].pubkey, 32);
            revoked += 32;
        }
    }
    ret_step->revoked = zc_slice_of(room->revoked, revoked);
    zc_change_units(mission, room, &ret_step->reference, &ret_step->units);
}

static bool is_signed(const zc_change_side *side, const zc_audit_change *statement,
                      const uint8_t key[static 32], const uint8_t signature[static 64])
{
    uint8_t bytes[ZC_AUDIT_CHANGE_STATEMENT_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    return zc_ok(zc_audit_change_statement(side->deployment_id, statement, &writer)) &&
           zc_ok(zc_verify_ed25519(key, zc_writer_written(&writer), signature));
}

zc_result zc_change_check(const zc_change_side *side, const zc_audit_change *step, int64_t now_ms)
{
    uint64_t signers = 0;
    for (size_t i = 0; i < step->signer_count; i++) {
        const zc_audit_change_signer *signer = &step->signer[i];
        uint32_t who = 0;
        zc_audit_change statement = {.begun = step->begun, .expires_ms = signer->expires_ms};
        memcpy(statement.from, step->from, sizeof statement.from);
        memcpy(statement.to, step->to, sizeof statement.to);
        if (!zc_mission_find_principal(side->mission, signer->key, &who) ||
            !zc_change_member(side, who)) {
            return zc_fail(ZC_ENCLAVE_CHANGE_QUORUM);
        }
        if ((int64_t)signer->expires_ms <= now_ms) {
            return zc_fail(ZC_ENCLAVE_CHANGE_EXPIRY);
        }
        if (!is_signed(side, &statement, signer->key, signer->signature)) {
            return zc_fail(ZC_ENCLAVE_CHANGE_SIGNATURE);
        }
        signers |= UINT64_C(1) << who;
    }
    bool whose = memcmp(step->from, side->mission_hash, sizeof step->from) == 0;
    return whose && zc_mission_change_agreed(side->mission, signers)
               ? ZC_OK
               : zc_fail(ZC_ENCLAVE_CHANGE_QUORUM);
}

static zc_result begin(zc_change *change, const zc_change_side *side, const zc_audit_change *step,
                       uint64_t sequence, uint32_t principal, int64_t now_ms)
{
    const zc_mission *mission = side->mission;
    if (!mission->has_change) {
        return zc_fail(ZC_ENCLAVE_MISSION_FIXED);
    }
    bool approves = principal < mission->principal_count && !has_bit(side->revoked, principal) &&
                    (mission->principals[principal].roles & ZC_ROLE_APPROVER) != 0;
    if (!approves && !zc_change_member(side, principal)) {
        return zc_fail(ZC_ENCLAVE_NOT_PERMITTED);
    }
    if (zc_change_lives(change, now_ms)) {
        return zc_fail(ZC_ENCLAVE_CHANGE_UNDER_WAY);
    }
    if (memcmp(step->to, side->mission_hash, sizeof step->to) == 0) {
        return zc_fail(ZC_ENCLAVE_CHANGE_NOTHING);
    }
    const zc_audit_change wanted = zc_change_begin(side, step->to, now_ms);
    if (memcmp(step->from, wanted.from, sizeof wanted.from) != 0 ||
        step->earliest_ms != wanted.earliest_ms || step->expires_ms != wanted.expires_ms) {
        return zc_fail(ZC_ENCLAVE_BAD_JOURNAL);
    }
    memset(change, 0, sizeof *change);
    change->begun = true;
    change->entry = sequence;
    change->earliest_ms = (int64_t)step->earliest_ms;
    change->expires_ms = (int64_t)step->expires_ms;
    memcpy(change->to, step->to, sizeof change->to);
    return ZC_OK;
}

static zc_result sign(zc_change *change, const zc_change_side *side, const zc_audit_change *step,
                      uint32_t principal, int64_t now_ms)
{
    zc_audit_change statement = {.begun = change->entry, .expires_ms = step->expires_ms};
    int64_t expires_ms = (int64_t)step->expires_ms;
    memcpy(statement.from, side->mission_hash, sizeof statement.from);
    memcpy(statement.to, change->to, sizeof statement.to);
    if (has_bit(zc_change_signers(change, side, now_ms), principal)) {
        return zc_fail(ZC_ENCLAVE_CHANGE_SIGNED);
    }
    if (expires_ms <= now_ms || expires_ms > change->expires_ms) {
        return zc_fail(ZC_ENCLAVE_CHANGE_EXPIRY);
    }
    if (!is_signed(side, &statement, side->mission->principals[principal].pubkey,
                   step->signature)) {
        return zc_fail(ZC_ENCLAVE_CHANGE_SIGNATURE);
    }
    change->signed_by |= UINT64_C(1) << principal;
    change->vote[principal].expires_ms = expires_ms;
    memcpy(change->vote[principal].signature, step->signature, sizeof step->signature);
    return ZC_OK;
}

zc_result zc_change_take(zc_change *change, const zc_change_side *side, const zc_audit_change *step,
                         uint64_t sequence, uint32_t principal, int64_t now_ms)
{
    if (step->step == ZC_AUDIT_CHANGE_BEGIN) {
        return begin(change, side, step, sequence, principal, now_ms);
    }
    if (!zc_change_lives(change, now_ms) || step->begun != change->entry) {
        return zc_fail(side->mission->has_change ? ZC_ENCLAVE_NO_CHANGE : ZC_ENCLAVE_MISSION_FIXED);
    }
    if (!zc_change_member(side, principal)) {
        return zc_fail(ZC_ENCLAVE_NOT_PERMITTED);
    }
    if (step->step == ZC_AUDIT_CHANGE_SIGN) {
        return sign(change, side, step, principal, now_ms);
    }
    if (step->step == ZC_AUDIT_CHANGE_ACTIVATE) {
        ZC_TRY(zc_change_ready(change, side, now_ms));
        if (memcmp(step->to, change->to, sizeof change->to) != 0) {
            return zc_fail(ZC_ENCLAVE_NO_CHANGE);
        }
        ZC_TRY(zc_change_check(side, step, now_ms));
    }
    memset(change, 0, sizeof *change);
    return ZC_OK;
}
