#include "enclave/parts.h"

#include "codec/cbor.h"
#include "intent/intent_cbor.h"
#include "policy/score.h"

#define PRINCIPAL_FIELDS 3
#define RULE_FIELDS 7

zc_slice zc_rule_name(const zc_enclave *enclave, const zc_decision *decision)
{
    return zc_slice_of_text(
        decision->rule == ZC_POLICY_NONE ? "" : enclave->mission.rules[decision->rule].name);
}

zc_slice zc_decision_asset(const zc_enclave *enclave, const zc_decision *decision)
{
    return zc_slice_of_text(
        decision->asset == ZC_POLICY_NONE ? "" : enclave->mission.assets[decision->asset].name);
}

static zc_writer group_writer(zc_enclave *enclave, zc_audit_group group)
{
    return ZC_WRITER_OF_ARRAY(enclave->group_bytes[group]);
}

static void keep(zc_audit_opening *opening, zc_audit_group group, const zc_writer *writer)
{
    opening->group[group].open = true;
    opening->group[group].bytes = zc_writer_written(writer);
}

zc_result zc_group_principal(zc_enclave *enclave, uint32_t principal, zc_audit_opening *opening)
{
    const zc_principal *who = &enclave->mission.principals[principal];
    zc_writer writer = group_writer(enclave, ZC_AUDIT_PRINCIPAL);
    ZC_TRY(zc_cbor_put_array(&writer, PRINCIPAL_FIELDS));
    ZC_TRY(zc_cbor_put_text(&writer, zc_slice_of_text(who->name)));
    ZC_TRY(zc_cbor_put_text(&writer, zc_slice_of_text(who->organisation)));
    ZC_TRY(zc_cbor_put_bytes(&writer, ZC_SLICE_OF_ARRAY(who->pubkey)));
    keep(opening, ZC_AUDIT_PRINCIPAL, &writer);
    return ZC_OK;
}

zc_result zc_group_read_principal(const zc_enclave *enclave, zc_slice bytes,
                                  uint32_t *ret_principal)
{
    zc_reader reader = zc_reader_of(bytes);
    size_t fields;
    zc_slice name;
    zc_slice organisation;
    uint8_t pubkey[32];
    ZC_TRY(zc_cbor_get_array(&reader, PRINCIPAL_FIELDS, &fields));
    ZC_TRY(zc_cbor_get_text(&reader, &name));
    ZC_TRY(zc_cbor_get_text(&reader, &organisation));
    ZC_TRY(zc_cbor_get_fixed_bytes(&reader, pubkey, sizeof pubkey));
    ZC_TRY(zc_reader_end(&reader));
    for (uint32_t i = 0; i < enclave->mission.principal_count; i++) {
        if (memcmp(enclave->mission.principals[i].pubkey, pubkey, sizeof pubkey) == 0) {
            *ret_principal = i;
            return ZC_OK;
        }
    }
    return zc_fail(ZC_ENCLAVE_UNKNOWN_PRINCIPAL);
}

zc_result zc_group_intent(zc_enclave *enclave, const zc_intent *intent, zc_audit_opening *opening)
{
    zc_writer writer = group_writer(enclave, ZC_AUDIT_INTENT);
    ZC_TRY(zc_intent_write(intent, &writer));
    keep(opening, ZC_AUDIT_INTENT, &writer);
    return ZC_OK;
}

zc_result zc_group_rule(zc_enclave *enclave, uint8_t use, zc_slice key_name,
                        const zc_decision *decision, zc_audit_opening *opening)
{
    zc_writer writer = group_writer(enclave, ZC_AUDIT_RULE);
    ZC_TRY(zc_cbor_put_array(&writer, RULE_FIELDS + (decision->scored != 0 ? 1 : 0)));
    ZC_TRY(zc_cbor_put_uint(&writer, use));
    ZC_TRY(zc_cbor_put_text(&writer, key_name));
    ZC_TRY(zc_cbor_put_text(&writer, zc_rule_name(enclave, decision)));
    ZC_TRY(zc_cbor_put_uint(&writer, decision->reason));
    ZC_TRY(zc_cbor_put_u256(&writer, &decision->measured));
    ZC_TRY(zc_cbor_put_u256(&writer, &decision->limit));
    ZC_TRY(zc_cbor_put_text(&writer, zc_decision_asset(enclave, decision)));
    if (decision->scored != 0) {
        ZC_TRY(zc_scores_write(&enclave->policy, &enclave->mission, decision, &writer));
    }
    keep(opening, ZC_AUDIT_RULE, &writer);
    return ZC_OK;
}

zc_result zc_group_read_rule(zc_slice bytes, zc_rule_group *ret_group)
{
    zc_reader reader = zc_reader_of(bytes);
    size_t fields;
    uint64_t use;
    uint64_t reason;
    zc_u256 amount;
    zc_slice asset;
    ZC_TRY(zc_cbor_get_array(&reader, RULE_FIELDS + 1, &fields));
    ZC_TRY(zc_cbor_get_uint(&reader, &use));
    ZC_TRY(zc_cbor_get_text(&reader, &ret_group->key_name));
    ZC_TRY(zc_cbor_get_text(&reader, &ret_group->rule));
    ZC_TRY(zc_cbor_get_uint(&reader, &reason));
    ZC_TRY(zc_cbor_get_u256(&reader, &amount));
    ZC_TRY(zc_cbor_get_u256(&reader, &amount));
    ZC_TRY(zc_cbor_get_text(&reader, &asset));
    if (fields > RULE_FIELDS) {
        ZC_TRY(zc_cbor_skip(&reader)); /* the replay computes scores anew */
    }
    ret_group->use = (uint8_t)use;
    ret_group->reason = (uint16_t)reason;
    return zc_reader_end(&reader);
}
