#include "mission/show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "crypto/hash.h"
#include "mission/page.h"
#include "mission/reasons.h"

/* NULL, and why, when it can't be read. The caller frees it. */
static zc_mission *parse(zc_slice compiled, zc_result *ret_result, zc_error *error)
{
    zc_mission *mission = calloc(1, sizeof *mission);
    if (mission == NULL) {
        *ret_result = zc_error_set(error, ZC_MISSION_NO_MEMORY, "cannot show the mission",
                                   "the machine gave no memory", "free some memory and try again");
        return NULL;
    }
    zc_result parsed = zc_mission_parse(compiled, mission);
    if (!zc_ok(parsed)) {
        free(mission);
        (void)zc_error_from(error, parsed, "cannot show the mission",
                            "compile it from its YAML again");
        *ret_result = zc_fail(ZC_MISSION_NOT_COMPILED);
        return NULL;
    }
    return mission;
}

static void put_principals(zc_page *page, const zc_mission *mission)
{
    zc_page_put(page, "\nWho\n");
    for (size_t i = 0; i < mission->principal_count; i++) {
        const zc_principal *principal = &mission->principals[i];
        char key[65];
        zc_hex_encode(ZC_SLICE_OF_ARRAY(principal->pubkey), key);
        zc_page_put(page, "  %s of %s: ", principal->name, principal->organisation);
        zc_page_put_roles(page, principal->roles);
        zc_page_put(page, "\n      key %s\n", key);
    }
}

static void put_quorum(zc_page *page, const zc_mission *mission)
{
    zc_page_put(page, "\nQuorum\n");
    zc_page_put(page,
                "  A deployment is founded by %u founder%s. Signing resumes after a halt when %u "
                "approver%s agree%s.\n",
                mission->founders_needed, mission->founders_needed == 1 ? "" : "s",
                mission->resume_needed, mission->resume_needed == 1 ? "" : "s",
                mission->resume_needed == 1 ? "s" : "");
    if (!mission->has_change) {
        zc_page_put(page, "  Nobody can change this mission: it says nothing about that.\n");
        return;
    }
    zc_page_put(page, "  Another mission takes its place ");
    zc_page_put_panel(page, mission, &mission->change);
    zc_page_put(page, ", and not before %u seconds have passed.\n", mission->change_delay_s);
}

static void put_catalog(zc_page *page, const zc_mission *mission)
{
    if (mission->asset_count > 0) {
        zc_page_put(page, "\nAssets\n");
    }
    for (size_t i = 0; i < mission->asset_count; i++) {
        const zc_asset *asset = &mission->assets[i];
        zc_page_put(page, "  %s: ", asset->name);
        if (asset->id.kind == ZC_ASSET_NATIVE) {
            zc_page_put(page, "the own asset of ");
        } else {
            zc_page_put(page, "the token ");
            zc_page_put_token(page, &asset->id);
            zc_page_put(page, " on ");
        }
        zc_page_put_chain(page, asset->id.chain_id);
        zc_page_put(page, ", %u decimals\n", asset->decimals);
    }
    if (mission->contract_count > 0) {
        zc_page_put(page, "\nNamed addresses\n");
    }
    for (size_t i = 0; i < mission->contract_count; i++) {
        zc_page_put(page, "  %s: ", mission->contracts[i].name);
        zc_page_put_address(page, mission->contracts[i].chain_id, &mission->contracts[i].address);
        zc_page_put(page, " on ");
        zc_page_put_chain(page, mission->contracts[i].chain_id);
        zc_page_put(page, "\n");
    }
}

static bool is_limit(const zc_rule *rule)
{
    return zc_rule_is_limit(rule);
}

/* The rule under which a limit is shown: the first that allows exactly what the limit covers. */
static size_t host_of(const zc_mission *mission, size_t limit)
{
    for (size_t i = 0; i < mission->rule_count; i++) {
        if (mission->rules[i].kind == ZC_RULE_ALLOW &&
            zc_page_same_scope(mission, &mission->rules[i].scope, &mission->rules[limit].scope)) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void put_limits_of(zc_page *page, const zc_mission *mission, size_t rule)
{
    for (size_t i = 0; i < mission->rule_count; i++) {
        if (is_limit(&mission->rules[i]) && host_of(mission, i) == rule) {
            zc_page_put(page, "      ");
            zc_page_put_limit(page, mission, &mission->rules[i]);
            zc_page_put(page, "   [%s]\n", mission->rules[i].name);
        }
    }
}

static void put_rules(zc_page *page, const zc_mission *mission)
{
    zc_page_put(page, "\nRules: what none of them allows is denied\n");
    if (mission->rule_count == 0) {
        zc_page_put(page, "  There are none: nothing is ever signed.\n");
    }
    for (size_t i = 0; i < mission->rule_count; i++) {
        const zc_rule *rule = &mission->rules[i];
        if (is_limit(rule) && host_of(mission, i) != SIZE_MAX) {
            continue;
        }
        zc_page_put(page, "  %s\n      ", rule->name);
        zc_page_put_rule(page, mission, rule, "\n      ");
        zc_page_put(page, "\n");
        if (rule->kind == ZC_RULE_ALLOW) {
            put_limits_of(page, mission, i);
        }
    }
}

static void put_roles_legend(zc_page *page, const zc_mission *mission)
{
    static const struct {
        uint32_t role;
        const char *text;
    } powers[] = {
        {ZC_ROLE_KEY_ADMIN, "create, import and disable keys"},
        {ZC_ROLE_APPROVER, "halt all signing, disable keys, and resume with the quorum"},
        {ZC_ROLE_AUDITOR, "read status, keys and evidence, as every principal may"},
        {ZC_ROLE_SIGNER, "sign, as far as the rules allow"},
    };
    zc_page_put(page, "\nRoles\n");
    for (size_t i = 0; i < sizeof powers / sizeof *powers; i++) {
        const char *separator = "";
        for (size_t j = 0; j < mission->principal_count; j++) {
            if ((mission->principals[j].roles & powers[i].role) != 0) {
                zc_page_put(page, "%s%s", *separator == 0 ? "  " : separator,
                            mission->principals[j].name);
                separator = ", ";
            }
        }
        zc_page_put(page, "%s: may %s\n", *separator == 0 ? "  nobody" : "", powers[i].text);
    }
}

static void put_hash(zc_page *page, zc_slice compiled)
{
    uint8_t hash[32];
    char text[65];
    zc_mission_hash(compiled, hash);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(hash), text);
    zc_page_put(page, "\nHash of this mission, which the enclave measures into PCR16\n  %s\n",
                text);
}

static void put_log(zc_page *page, const zc_mission *mission)
{
    zc_page_put(page, "\nLog\n");
    if (mission->max_unacked == 0) {
        zc_page_put(page, "  A signature leaves only when its log entry is on the disk. ");
    } else {
        zc_page_put(page,
                    "  A signature leaves while at most %u log entries are not yet on the disk. ",
                    mission->max_unacked);
    }
    zc_page_put(page,
                "Up to %u denials per principal and minute are logged one by one; more are counted "
                "together.\n",
                mission->denial_quota);
    if (mission->witness_count > 0) {
        zc_page_put(page, "  It serves only while %u of these witnesses cosign its checkpoints:\n",
                    mission->witnesses_needed);
    }
    for (size_t i = 0; i < mission->witness_count; i++) {
        char key[65];
        zc_hex_encode(ZC_SLICE_OF_ARRAY(mission->witnesses[i].pubkey), key);
        zc_page_put(page, "    %s  %s\n", mission->witnesses[i].name, key);
    }
}

zc_result zc_mission_show(zc_slice compiled, zc_bytes *ret_text, zc_error *error)
{
    zc_result result = ZC_OK;
    zc_mission *mission = parse(compiled, &result, error);
    if (mission == NULL) {
        return result;
    }
    zc_page page = {0};
    zc_page_put(&page, "Mission \"%s\"\n", mission->name);
    if (mission->open) {
        zc_page_put(&page, "\nOPEN: this mission is for tests alone. Never put value behind it.\n");
    }
    put_principals(&page, mission);
    put_roles_legend(&page, mission);
    put_quorum(&page, mission);
    put_catalog(&page, mission);
    zc_page_put_descriptors(&page, mission);
    zc_page_put_sources(&page, mission);
    zc_page_put_models(&page, mission);
    put_rules(&page, mission);
    put_log(&page, mission);
    put_hash(&page, compiled);
    free(mission);
    if (page.failed) {
        zc_bytes_clear(&page.bytes);
        return zc_error_set(error, ZC_MISSION_NO_MEMORY, "cannot show the mission",
                            "the machine gave no memory", "free some memory and try again");
    }
    *ret_text = page.bytes;
    return ZC_OK;
}
