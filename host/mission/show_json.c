#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "crypto/hash.h"
#include "mission/page.h"
#include "mission/reasons.h"
#include "mission/show.h"
#include "support/json.h"

static bool set_page(json_t *object, const char *key, zc_page *page)
{
    bool ok = !page->failed && zc_json_set_slice_text(object, key, zc_bytes_slice(&page->bytes));
    zc_bytes_clear(&page->bytes);
    return ok;
}

static json_t *principal_json(const zc_principal *principal)
{
    json_t *object = json_object();
    zc_page roles = {0};
    zc_page_put_roles(&roles, principal->roles);
    bool ok = zc_json_set_text(object, "name", principal->name) &&
              zc_json_set_text(object, "organisation", principal->organisation) &&
              zc_json_set_hex(object, "key", ZC_SLICE_OF_ARRAY(principal->pubkey));
    ok = set_page(object, "roles", &roles) && ok;
    if (!ok) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *asset_json(const zc_asset *asset)
{
    json_t *object = json_object();
    bool ok = zc_json_set_text(object, "name", asset->name) &&
              zc_json_set_u64(object, "chain", asset->id.chain_id) &&
              zc_json_set_bool(object, "native", asset->id.kind == ZC_ASSET_NATIVE) &&
              zc_json_set_u64(object, "decimals", asset->decimals);
    if (asset->id.kind == ZC_ASSET_TOKEN) {
        ok = zc_json_set_hex0x(object, "contract", zc_asset_id_slice(&asset->id)) && ok;
    }
    if (!ok) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *contract_json(const zc_contract *contract)
{
    json_t *object = json_object();
    if (zc_json_set_text(object, "name", contract->name) &&
        zc_json_set_u64(object, "chain", contract->chain_id) &&
        zc_json_set_hex0x(object, "address", zc_address_slice(&contract->address))) {
        return object;
    }
    json_decref(object);
    return NULL;
}

static json_t *descriptor_json(const zc_mission *mission, const zc_descriptor *descriptor)
{
    json_t *object = json_object();
    zc_page text = {0};
    zc_page_put_descriptor(&text, mission, descriptor, "; ");
    bool ok = !text.failed && zc_json_set_text(object, "name", descriptor->name) &&
              zc_json_set_hex0x(object, "selector", ZC_SLICE_OF_ARRAY(descriptor->selector)) &&
              zc_json_set_u64(object, "chain", descriptor->chain_id) &&
              zc_json_set_hex0x(object, "contract", zc_address_slice(&descriptor->contract)) &&
              zc_json_set_slice_text(object, "text", zc_bytes_slice(&text.bytes));
    zc_bytes_clear(&text.bytes);
    if (!ok) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *rule_json(const zc_mission *mission, const zc_rule *rule)
{
    json_t *object = json_object();
    zc_page text = {0};
    zc_page_put_rule(&text, mission, rule, " ");
    bool ok = !text.failed && zc_json_set_text(object, "name", rule->name) &&
              zc_json_set_text(object, "kind", zc_rule_kind_name(rule->kind)) &&
              zc_json_set_slice_text(object, "text", zc_bytes_slice(&text.bytes));
    zc_bytes_clear(&text.bytes);
    if (!ok) {
        json_decref(object);
        return NULL;
    }
    return object;
}

/* json_array_append_new() refuses NULL: a failure in an item fails the whole. */
static bool set_lists(json_t *object, const zc_mission *mission)
{
    json_t *principals = json_array();
    json_t *assets = json_array();
    json_t *contracts = json_array();
    json_t *described = json_array();
    json_t *rules = json_array();
    bool ok = true;
    for (size_t i = 0; i < mission->principal_count; i++) {
        ok = json_array_append_new(principals, principal_json(&mission->principals[i])) == 0 && ok;
    }
    for (size_t i = 0; i < mission->asset_count; i++) {
        ok = json_array_append_new(assets, asset_json(&mission->assets[i])) == 0 && ok;
    }
    for (size_t i = 0; i < mission->contract_count; i++) {
        ok = json_array_append_new(contracts, contract_json(&mission->contracts[i])) == 0 && ok;
    }
    for (size_t i = 0; i < mission->descriptor_count; i++) {
        ok = json_array_append_new(described, descriptor_json(mission, &mission->descriptors[i])) ==
                 0 &&
             ok;
    }
    for (size_t i = 0; i < mission->rule_count; i++) {
        ok = json_array_append_new(rules, rule_json(mission, &mission->rules[i])) == 0 && ok;
    }
    ok = zc_json_set(object, "principals", principals) && ok;
    ok = zc_json_set(object, "assets", assets) && ok;
    ok = zc_json_set(object, "contracts", contracts) && ok;
    ok = zc_json_set(object, "clear_signing", described) && ok;
    return zc_json_set(object, "rules", rules) && ok;
}

/* PCR16 after the one extension that the enclave makes: SHA-384(48 zeros ‖ hash). */
static void pcr16_of(const uint8_t hash[static 32], uint8_t ret_pcr[static 48])
{
    uint8_t extended[48 + 32] = {0};
    memcpy(extended + 48, hash, 32);
    zc_sha384(ZC_SLICE_OF_ARRAY(extended), ret_pcr);
}

static bool set_witnesses(json_t *audit, const zc_mission *mission)
{
    json_t *witnesses = json_array();
    bool ok = zc_json_set_u64(audit, "witnesses_needed", mission->witnesses_needed);
    for (size_t i = 0; i < mission->witness_count; i++) {
        const zc_witness *witness = &mission->witnesses[i];
        json_t *item = json_object();
        ok = zc_json_set_text(item, "name", witness->name) &&
             zc_json_set_hex(item, "key", ZC_SLICE_OF_ARRAY(witness->pubkey)) && ok;
        ok = json_array_append_new(witnesses, item) == 0 && ok;
    }
    return zc_json_set(audit, "witnesses", witnesses) && ok;
}

static bool fill(json_t *object, const zc_mission *mission, zc_slice compiled)
{
    uint8_t hash[32];
    uint8_t pcr16[48];
    zc_mission_hash(compiled, hash);
    pcr16_of(hash, pcr16);
    json_t *quorum = json_object();
    json_t *audit = json_object();
    bool ok = zc_json_set_u64(quorum, "founders", mission->founders_needed) &&
              zc_json_set_u64(quorum, "resume", mission->resume_needed) &&
              zc_json_set_u64(audit, "max_unacked", mission->max_unacked) &&
              zc_json_set_u64(audit, "denials_per_minute", mission->denial_quota) &&
              set_witnesses(audit, mission);
    ok = zc_json_set(object, "quorum", quorum) && ok;
    ok = zc_json_set(object, "audit", audit) && ok;
    return ok && zc_json_set_text(object, "name", mission->name) &&
           zc_json_set_hex(object, "hash", ZC_SLICE_OF_ARRAY(hash)) &&
           zc_json_set_hex(object, "pcr16", ZC_SLICE_OF_ARRAY(pcr16)) &&
           zc_json_set_bool(object, "open", mission->open) && set_lists(object, mission);
}

zc_result zc_mission_show_json(zc_slice compiled, json_t **ret_object, zc_error *error)
{
    zc_mission *mission = calloc(1, sizeof *mission);
    json_t *object = json_object();
    zc_result parsed = mission == NULL ? ZC_OK : zc_mission_parse(compiled, mission);
    bool ok = zc_ok(parsed) && mission != NULL && fill(object, mission, compiled);
    free(mission);
    if (ok) {
        *ret_object = object;
        return ZC_OK;
    }
    json_decref(object);
    if (!zc_ok(parsed)) {
        (void)zc_error_from(error, parsed, "cannot show the mission",
                            "compile it from its YAML again");
        return zc_fail(ZC_MISSION_NOT_COMPILED);
    }
    return zc_error_set(error, ZC_MISSION_NO_MEMORY, "cannot show the mission",
                        "the machine gave no memory", "free some memory and try again");
}
