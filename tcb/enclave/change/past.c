#include "enclave/change/past.h"

#include <string.h>

#include "audit/detail.h"
#include "codec/cbor.h"
#include "enclave/change/pending.h"
#include "enclave/parts.h"
#include "intent/intent_cbor.h"
#include "policy/breaker.h"
#include "policy/recount.h"

/* Everybody whom the mission knows by the key or by the name of who asked; or else all. */
static zc_result read_whose(const zc_mission *mission, zc_slice bytes, uint64_t *ret_whose)
{
    zc_reader reader = zc_reader_of(bytes);
    size_t fields = 0;
    zc_slice name;
    zc_slice organisation;
    uint8_t key[32];
    uint64_t whose = 0;
    uint64_t everybody = 0;
    ZC_TRY(zc_cbor_get_array(&reader, 3, &fields));
    ZC_TRY(zc_cbor_get_text(&reader, &name));
    ZC_TRY(zc_cbor_get_text(&reader, &organisation));
    ZC_TRY(zc_cbor_get_fixed_bytes(&reader, key, sizeof key));
    ZC_TRY(zc_reader_end(&reader));
    for (size_t i = 0; i < mission->principal_count; i++) {
        const zc_principal *principal = &mission->principals[i];
        bool same = memcmp(principal->pubkey, key, sizeof key) == 0 ||
                    zc_slice_eq_text(name, principal->name);
        everybody |= UINT64_C(1) << i;
        whose |= same ? UINT64_C(1) << i : 0;
    }
    *ret_whose = whose != 0 ? whose : everybody;
    return ZC_OK;
}

static zc_result count(zc_past *past, const zc_replay_side *side, const zc_audit_entry *entry,
                       const zc_audit_opening *opening, zc_intent *intent)
{
    zc_rule_group rule;
    uint64_t whose = 0;
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        if (!opening->group[i].open) {
            return zc_fail(ZC_ENCLAVE_BAD_JOURNAL);
        }
    }
    ZC_TRY(zc_group_read_rule(opening->group[ZC_AUDIT_RULE].bytes, &rule));
    ZC_TRY(read_whose(side->mission, opening->group[ZC_AUDIT_PRINCIPAL].bytes, &whose));
    ZC_TRY(zc_intent_read(opening->group[ZC_AUDIT_INTENT].bytes, intent));
    zc_request_context context = {.principal = (uint32_t)__builtin_ctzll(whose),
                                  .key_name = rule.key_name,
                                  .use = rule.use,
                                  .now_ms = (int64_t)entry->time_ms};
    memcpy(context.key_id, entry->key_id, sizeof context.key_id);
    zc_result counted = zc_policy_recount(side->policy, side->mission, &context, whose, intent);
    past->incomplete = past->incomplete || zc_is(counted, ZC_POLICY_NOT_CARRIED);
    return zc_is(counted, ZC_POLICY_NOT_CARRIED) ? ZC_OK : counted;
}

static zc_result take_feed(const zc_replay_side *side, const zc_audit_entry *entry,
                           const zc_audit_opening *opening)
{
    zc_feed_group group;
    if (!opening->group[ZC_AUDIT_INTENT].open) {
        return zc_fail(ZC_ENCLAVE_BAD_JOURNAL);
    }
    ZC_TRY(zc_feed_group_read(opening->group[ZC_AUDIT_INTENT].bytes, &group));
    zc_policy_feed_past(side->policy, side->mission, side->deployment_id, group.message,
                        group.signature, (int64_t)entry->time_ms);
    return ZC_OK;
}

/* Breakers have numbers in the log, which are the other mission's: the mode is what counts. */
static void raise_mode(zc_policy_state *policy, zc_mode mode)
{
    if (mode > policy->mode) {
        policy->mode = mode;
        policy->tripped = ZC_POLICY_NONE;
    }
}

static zc_result trip(const zc_replay_side *side, const zc_audit_entry *entry)
{
    zc_audit_trip trip;
    ZC_TRY(zc_audit_trip_read(entry->detail, &trip));
    raise_mode(side->policy, trip.mode == ZC_MODE_HALTED ? ZC_MODE_HALTED : ZC_MODE_REDUCE_ONLY);
    return ZC_OK;
}

static zc_result revoke_by_name(const zc_replay_side *side, const zc_audit_entry *entry)
{
    zc_revocation revocation;
    ZC_TRY(zc_revocation_read(entry->detail, &revocation));
    uint16_t at = zc_revocable_find(side->mission, revocation.kind, revocation.name);
    zc_result revoked = zc_revocable_revoke(side, revocation.kind, at);
    (void)revoked; /* this mission has nothing of that name that allows anything */
    return ZC_OK;
}

static void revoke_by_key(const zc_replay_side *side, zc_slice keys)
{
    for (size_t at = 0; at + 32 <= keys.len; at += 32) {
        uint8_t key[32];
        uint32_t who = 0;
        memcpy(key, keys.data + at, sizeof key);
        if (zc_mission_find_principal(side->mission, key, &who)) {
            zc_result revoked = zc_policy_revoke_principal(side->policy, side->mission, who);
            (void)revoked; /* it is in range */
        }
    }
}

/* Whether the unit of this name, if it is among those, has the same decimals there. */
static bool agrees(zc_slice units, const uint8_t *unit)
{
    for (size_t at = 0; at + ZC_AUDIT_CHANGE_UNIT <= units.len; at += ZC_AUDIT_CHANGE_UNIT) {
        if (memcmp(units.data + at, unit, ZC_AUDIT_CHANGE_UNIT - 1) == 0) {
            return units.data[at + ZC_AUDIT_CHANGE_UNIT - 1] == unit[ZC_AUDIT_CHANGE_UNIT - 1];
        }
    }
    return true;
}

static bool same_units(const zc_mission *mission, const zc_audit_change *step)
{
    zc_change_room room;
    zc_slice reference;
    zc_slice units;
    zc_change_units(mission, &room, &reference, &units);
    bool same =
        step->reference.len == 0 || reference.len == 0 || zc_slice_eq(step->reference, reference);
    for (size_t at = 0; at < units.len && same; at += ZC_AUDIT_CHANGE_UNIT) {
        same = agrees(step->units, units.data + at);
    }
    return same;
}

static zc_result activate(zc_past *past, const zc_replay_side *side, const zc_audit_entry *entry)
{
    zc_audit_change step;
    ZC_TRY(zc_audit_change_read(entry->detail, &step));
    if (step.step != ZC_AUDIT_CHANGE_ACTIVATE) {
        return ZC_OK;
    }
    revoke_by_key(side, step.revoked);
    if (!same_units(side->mission, &step)) {
        zc_policy_fill_notional(side->policy, side->mission, (int64_t)entry->time_ms);
        past->incomplete = true;
    }
    if (past->incomplete) {
        raise_mode(side->policy, ZC_MODE_HALTED);
    }
    return ZC_OK;
}

zc_result zc_past_take(zc_past *past, const zc_replay_side *side, const zc_audit_entry *entry,
                       const zc_audit_opening *opening, zc_intent *intent)
{
    switch (entry->kind) {
    case ZC_AUDIT_DECISION:
        return entry->decision == ZC_AUDIT_ALLOW ? count(past, side, entry, opening, intent)
                                                 : ZC_OK;
    case ZC_AUDIT_BOOT:
        zc_policy_restart(side->policy, side->mission);
        return ZC_OK;
    case ZC_AUDIT_FEED:
        return take_feed(side, entry, opening);
    case ZC_AUDIT_TRIP:
        return trip(side, entry);
    case ZC_AUDIT_RESUME:
        zc_policy_reset(side->policy, side->mission);
        return ZC_OK;
    case ZC_AUDIT_REVOCATION:
        return revoke_by_name(side, entry);
    case ZC_AUDIT_MISSION:
        return activate(past, side, entry);
    default:
        return ZC_OK;
    }
}
