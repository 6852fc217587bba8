#include "enclave/replay.h"

#include "audit/detail.h"
#include "codec/cbor.h"
#include "enclave/reasons.h"
#include "policy/breaker.h"
#include "policy/feed.h"
#include "policy/review.h"
#include "wire/message.h"

zc_result zc_approval_detail_write(const zc_approval_detail *detail, zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_array(writer, 2));
    ZC_TRY(zc_cbor_put_uint(writer, detail->expires_ms));
    return zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(detail->signature));
}

zc_result zc_approval_detail_read(zc_slice bytes, zc_approval_detail *ret_detail)
{
    zc_reader reader = zc_reader_of(bytes);
    size_t fields;
    ZC_TRY(zc_cbor_get_array(&reader, 2, &fields));
    ZC_TRY(zc_cbor_get_uint_max(&reader, INT64_MAX, &ret_detail->expires_ms));
    ZC_TRY(zc_cbor_get_fixed_bytes(&reader, ret_detail->signature, sizeof ret_detail->signature));
    return zc_reader_end(&reader);
}

zc_result zc_feed_group_write(const zc_feed_group *group, zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_array(writer, 2));
    ZC_TRY(zc_cbor_put_bytes(writer, group->message));
    return zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(group->signature));
}

zc_result zc_feed_group_read(zc_slice bytes, zc_feed_group *ret_group)
{
    zc_reader reader = zc_reader_of(bytes);
    size_t fields;
    ZC_TRY(zc_cbor_get_array(&reader, 2, &fields));
    ZC_TRY(zc_cbor_get_bytes(&reader, &ret_group->message));
    ZC_TRY(zc_cbor_get_fixed_bytes(&reader, ret_group->signature, sizeof ret_group->signature));
    return zc_reader_end(&reader);
}

uint16_t zc_revocable_find(const zc_mission *mission, uint8_t kind, zc_slice name)
{
    bool rules = kind == ZC_REVOKE_RULE;
    size_t count = rules ? mission->rule_count : mission->principal_count;
    for (size_t i = 0; i < count; i++) {
        if (zc_slice_eq_text(name, rules ? mission->rules[i].name : mission->principals[i].name)) {
            return (uint16_t)i;
        }
    }
    return ZC_POLICY_NONE;
}

zc_result zc_revocable_revoke(const zc_replay_side *side, uint8_t kind, uint16_t index)
{
    return kind == ZC_REVOKE_RULE ? zc_policy_revoke_rule(side->policy, side->mission, index)
                                  : zc_policy_revoke_principal(side->policy, side->mission, index);
}

zc_result zc_replay_principal(const zc_replay_side *side, const zc_audit_opening *opening,
                              uint32_t *ret_principal)
{
    const zc_audit_opened *group = &opening->group[ZC_AUDIT_PRINCIPAL];
    zc_reader reader = zc_reader_of(group->bytes);
    size_t fields;
    zc_slice text;
    uint8_t pubkey[32];
    if (!group->open) {
        return zc_fail(ZC_ENCLAVE_BAD_JOURNAL);
    }
    ZC_TRY(zc_cbor_get_array(&reader, 3, &fields));
    ZC_TRY(zc_cbor_get_text(&reader, &text));
    ZC_TRY(zc_cbor_get_text(&reader, &text));
    ZC_TRY(zc_cbor_get_fixed_bytes(&reader, pubkey, sizeof pubkey));
    return zc_mission_find_principal(side->mission, pubkey, ret_principal)
               ? zc_reader_end(&reader)
               : zc_fail(ZC_ENCLAVE_UNKNOWN_PRINCIPAL);
}

static zc_result approve(const zc_replay_side *side, const zc_audit_entry *entry,
                         const zc_audit_opening *opening)
{
    zc_approval_detail detail;
    zc_approval approval = {0};
    ZC_TRY(zc_approval_detail_read(entry->detail, &detail));
    ZC_TRY(zc_replay_principal(side, opening, &approval.principal));
    approval.expires_ms = (int64_t)detail.expires_ms;
    memcpy(approval.leaf, entry->digest, sizeof approval.leaf);
    memcpy(approval.signature, detail.signature, sizeof approval.signature);
    return zc_policy_approve(side->policy, side->mission, side->deployment_id, entry->mission,
                             &approval, (int64_t)entry->time_ms);
}

static zc_result feed(const zc_replay_side *side, const zc_audit_entry *entry,
                      const zc_audit_opening *opening)
{
    zc_feed_group group;
    if (!opening->group[ZC_AUDIT_INTENT].open) {
        return zc_fail(ZC_ENCLAVE_BAD_JOURNAL);
    }
    ZC_TRY(zc_feed_group_read(opening->group[ZC_AUDIT_INTENT].bytes, &group));
    return zc_policy_feed(side->policy, side->mission, side->deployment_id, group.message,
                          group.signature, (int64_t)entry->time_ms);
}

static zc_result trip(const zc_replay_side *side, const zc_audit_entry *entry)
{
    zc_audit_trip trip;
    ZC_TRY(zc_audit_trip_read(entry->detail, &trip));
    return zc_policy_trip(side->policy, side->mission, trip.breaker);
}

zc_result zc_revocation_read(zc_slice detail, zc_revocation *ret_revocation)
{
    zc_reader reader = zc_reader_of(detail);
    zc_revocation revocation = {0};
    size_t fields;
    uint64_t kind;
    ZC_TRY(zc_cbor_get_array(&reader, 3, &fields));
    ZC_TRY(zc_cbor_get_uint_max(&reader, ZC_REVOKE_RULE, &kind));
    ZC_TRY(zc_cbor_get_text(&reader, &revocation.name));
    revocation.kind = (uint8_t)kind;
    *ret_revocation = revocation;
    return ZC_OK;
}

static zc_result revoke(const zc_replay_side *side, const zc_audit_entry *entry)
{
    zc_revocation revocation;
    ZC_TRY(zc_revocation_read(entry->detail, &revocation));
    return zc_revocable_revoke(side, revocation.kind,
                               zc_revocable_find(side->mission, revocation.kind, revocation.name));
}

zc_result zc_replay_change(const zc_replay_side *side, const zc_audit_entry *entry,
                           const zc_audit_opening *opening)
{
    switch (entry->kind) {
    case ZC_AUDIT_BOOT:
        zc_policy_restart(side->policy, side->mission);
        return ZC_OK;
    case ZC_AUDIT_DENIALS:
        zc_policy_clock(side->policy, (int64_t)entry->time_ms);
        return ZC_OK;
    case ZC_AUDIT_APPROVAL:
        return approve(side, entry, opening);
    case ZC_AUDIT_FEED:
        return feed(side, entry, opening);
    case ZC_AUDIT_TRIP:
        return trip(side, entry);
    case ZC_AUDIT_RESUME:
        zc_policy_reset(side->policy, side->mission);
        return ZC_OK;
    case ZC_AUDIT_REVOCATION:
        return revoke(side, entry);
    default:
        return ZC_OK;
    }
}

zc_result zc_replay_hold(const zc_replay_side *side, const zc_request_context *context,
                         const zc_intent *intent, const uint8_t leaf[static 32])
{
    zc_result held = zc_policy_hold(side->policy, side->mission, context, intent, leaf);
    return zc_is(held, ZC_POLICY_REVIEWS_FULL) ? ZC_OK : held;
}
