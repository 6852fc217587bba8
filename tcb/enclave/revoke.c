/* Revocations: what a quorum of approvers takes away at once, and nothing gives back but another
 * mission. Each approver asks in a session of their own; the one who completes the quorum revokes.
 */
#include "enclave/policy_parts.h"

#include "codec/cbor.h"

#define DETAIL_MAX (16 + ZC_NAME_MAX + ZC_MISSION_MAX_PRINCIPALS * 34)

/* Who wants this: bit i is principal i. */
static uint64_t voters_for(const zc_beside *beside, uint8_t kind, uint16_t index)
{
    uint64_t voters = 0;
    for (size_t i = 0; i < ZC_MISSION_MAX_PRINCIPALS; i++) {
        bool same = beside->wish[i].kind == kind && beside->wish[i].index == index;
        voters |= same ? UINT64_C(1) << i : 0;
    }
    return voters;
}

static zc_result write_detail(const zc_enclave *enclave, const zc_request_revoke *wanted,
                              uint64_t voters, zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_array(writer, 3));
    ZC_TRY(zc_cbor_put_uint(writer, wanted->kind));
    ZC_TRY(zc_cbor_put_text(writer, wanted->name));
    return zc_voters_write(enclave, voters, writer);
}

static bool is_revoked(const zc_enclave *enclave, uint8_t kind, uint16_t index)
{
    const zc_policy_state *policy = &enclave->policy;
    return kind == ZC_REVOKE_RULE
               ? (policy->revoked_rules.word[index / 64] >> (index % 64) & 1) != 0
               : (policy->revoked_principals >> index & 1) != 0;
}

static zc_result find(const zc_enclave *enclave, const zc_request_revoke *wanted,
                      uint16_t *ret_index)
{
    uint16_t index = zc_revocable_find(&enclave->mission, wanted->kind, wanted->name);
    if (index == ZC_POLICY_NONE) {
        return zc_fail(ZC_ENCLAVE_NOTHING_TO_REVOKE);
    }
    if (wanted->kind == ZC_REVOKE_RULE && enclave->mission.rules[index].kind != ZC_RULE_ALLOW) {
        return zc_fail(ZC_ENCLAVE_RULE_ALLOWS_NOTHING);
    }
    if (is_revoked(enclave, wanted->kind, index)) {
        return zc_fail(ZC_ENCLAVE_REVOKED_ALREADY);
    }
    *ret_index = index;
    return ZC_OK;
}

zc_result zc_on_revoke(zc_enclave *enclave, const zc_message *message)
{
    const zc_request_revoke *wanted = &message->request->revoke;
    uint16_t index = 0;
    ZC_TRY(zc_require_role(enclave, message->session, ZC_ROLE_APPROVER));
    ZC_TRY(find(enclave, wanted, &index));
    enclave->beside.wish[message->session->principal] =
        (zc_revocation_wish){.kind = wanted->kind, .index = index};
    uint64_t voters = voters_for(&enclave->beside, wanted->kind, index);
    uint32_t votes = zc_voters_count(enclave, voters);
    if (votes < enclave->mission.resume_needed) {
        return zc_reply_votes(enclave, message, votes);
    }
    uint8_t detail[DETAIL_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(detail);
    ZC_TRY(write_detail(enclave, wanted, voters & ~enclave->policy.revoked_principals, &writer));
    const zc_replay_side side = zc_enclave_side(enclave);
    ZC_TRY(zc_revocable_revoke(&side, wanted->kind, index));
    zc_audit_entry entry = {.kind = ZC_AUDIT_REVOCATION, .detail = zc_writer_written(&writer)};
    zc_audit_opening opening = {0};
    return zc_control_log(enclave, message, &entry, &opening);
}
