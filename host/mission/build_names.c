/* Principals, quorum, assets, contracts and log settings. */
#include <stdio.h>
#include <string.h>

#include "mission/build.h"
#include "mission/value.h"
#include "support/credential.h"

static const char *principal_word(const void *self, size_t index)
{
    return ((const zc_mission *)self)->principals[index].name;
}

static const char *asset_word(const void *self, size_t index)
{
    return ((const zc_mission *)self)->assets[index].name;
}

static const char *contract_word(const void *self, size_t index)
{
    return ((const zc_mission *)self)->contracts[index].name;
}

zc_words zc_build_principal_words(const zc_build *build)
{
    return (zc_words){build->mission.principal_count, principal_word, &build->mission};
}

zc_words zc_build_asset_words(const zc_build *build)
{
    return (zc_words){build->mission.asset_count, asset_word, &build->mission};
}

zc_words zc_build_contract_words(const zc_build *build)
{
    return (zc_words){build->mission.contract_count, contract_word, &build->mission};
}

int zc_build_find(const zc_words *words, zc_slice name)
{
    for (size_t i = 0; i < words->count; i++) {
        if (zc_slice_eq_text(name, words->word(words->self, i))) {
            return (int)i;
        }
    }
    return -1;
}

static const char *const role_names[] = {"founder", "key-admin", "approver",
                                         "auditor", "signer",    NULL};

static uint32_t read_roles(const zc_place *place)
{
    zc_words words = zc_words_of(role_names);
    uint32_t roles = 0;
    size_t count = zc_place_items(place);
    for (size_t i = 0; i < count; i++) {
        zc_place item = zc_place_item(place, i);
        zc_slice text = zc_place_text(&item);
        int role = zc_build_find(&words, text);
        if (role >= 0) {
            roles |= UINT32_C(1) << role;
            continue;
        }
        char advice[200];
        zc_words_advise(&words, text, "roles", advice, sizeof advice);
        zc_place_error(&item, "'%.*s' is not a role%s", ZC_TEXT(text), advice);
    }
    return roles;
}

static void read_local_key(zc_build *build, const zc_place *place, zc_principal *principal)
{
    const char *folder = build->source->credentials;
    if (folder == NULL) {
        if (!build->checking) {
            zc_place_error(place, "'local' needs a folder of credentials: give --dir, or write the "
                                  "public key here");
        }
        return;
    }
    zc_error error = {0};
    if (zc_ok(zc_credential_public(folder, principal->name, principal->pubkey, &error))) {
        return;
    }
    if (build->checking) {
        zc_place_warn(place, "there is no credential %s/%s.pub yet: `zcp up` makes it", folder,
                      principal->name);
    } else {
        zc_place_error(place, "%s: %s", error.what, error.why);
    }
}

/* Where no key is known yet, a stand-in that no other principal has keeps the later checks quiet.
 */
static void put_stand_in(zc_build *build, zc_principal *principal)
{
    static const uint8_t none[32] = {0};
    if (memcmp(principal->pubkey, none, sizeof none) == 0) {
        principal->pubkey[0] = 1;
        principal->pubkey[31] = (uint8_t)build->mission.principal_count;
    }
}

static void read_key(zc_build *build, const zc_place *place, zc_principal *principal)
{
    if (zc_slice_eq_text(zc_place_text(place), "local")) {
        read_local_key(build, place, principal);
    } else {
        (void)zc_value_public_key(place, principal->pubkey);
    }
    put_stand_in(build, principal);
    for (size_t i = 0; i < build->mission.principal_count; i++) {
        const zc_principal *other = &build->mission.principals[i];
        if (memcmp(other->pubkey, principal->pubkey, 32) == 0) {
            zc_place_error(place,
                           "'%s' has the same key: two principals with one key are one person",
                           other->name);
        }
    }
}

static void read_principal(zc_build *build, const zc_place *key, const zc_place *value)
{
    static const char *const keys[] = {"organisation", "key", "roles", NULL};
    zc_principal principal = {0};
    zc_place part;
    if (!zc_value_name(key, "a principal", true, principal.name, sizeof principal.name) ||
        !zc_place_want_mapping(value, "organisation, key and roles")) {
        return;
    }
    zc_place_only_keys(value, keys);
    if (zc_place_need(value, "organisation", "quorums count organisations", &part)) {
        (void)zc_value_title(&part, "an organisation", principal.organisation,
                             sizeof principal.organisation);
    }
    if (zc_place_need(value, "key", "an Ed25519 public key in hex, or 'local'", &part)) {
        read_key(build, &part, &principal);
    } else {
        put_stand_in(build, &principal);
    }
    if (zc_place_need(value, "roles", "a list of founder, key-admin, approver, auditor, signer",
                      &part)) {
        principal.roles = read_roles(&part);
    }
    build->principal_at[build->mission.principal_count] = *key;
    build->mission.principals[build->mission.principal_count++] = principal;
}

/* Calls `read` for each entry of a section, up to a limit. */
static void each_entry(zc_build *build, const zc_place *root, const char *section, size_t limit,
                       void (*read)(zc_build *, const zc_place *, const zc_place *))
{
    zc_place place;
    if (!zc_place_member(root, section, &place)) {
        return;
    }
    if (!zc_place_want_mapping(&place, "entries")) {
        return;
    }
    size_t count = zc_place_pairs(&place);
    if (count > limit) {
        zc_place_error(&place, "%zu are too many: a mission has at most %zu", count, limit);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        zc_place key;
        zc_place value;
        (void)zc_place_pair(&place, i, &key, &value);
        read(build, &key, &value);
    }
}

void zc_build_principals(zc_build *build, const zc_place *root)
{
    zc_place section;
    if (zc_place_need(root, "principals", "a mission names who may do something", &section)) {
        each_entry(build, root, "principals", ZC_MISSION_MAX_PRINCIPALS, read_principal);
    }
}

static uint32_t holders(const zc_mission *mission, uint32_t role)
{
    uint32_t count = 0;
    for (size_t i = 0; i < mission->principal_count; i++) {
        count += (mission->principals[i].roles & role) != 0;
    }
    return count;
}

static void read_quorum_part(zc_build *build, const zc_place *quorum, const char *key,
                             uint32_t role, const char *role_name, uint32_t *ret_needed)
{
    zc_place part;
    uint64_t needed;
    if (!zc_place_need(quorum, key, "how many signatures are needed", &part) ||
        !zc_value_number(&part, "a quorum", 1, ZC_MISSION_MAX_PRINCIPALS, &needed)) {
        return;
    }
    uint32_t have = holders(&build->mission, role);
    if (needed > have) {
        zc_place_error(&part, "%llu are needed, and only %u of the principals %s the role '%s'",
                       (unsigned long long)needed, have, have == 1 ? "has" : "have", role_name);
    }
    *ret_needed = (uint32_t)needed;
}

void zc_build_quorum(zc_build *build, const zc_place *root)
{
    static const char *const keys[] = {"founders", "resume", NULL};
    zc_place quorum;
    if (!zc_place_need(root, "quorum", "how many founders and approvers must agree", &quorum) ||
        !zc_place_want_mapping(&quorum, "founders and resume")) {
        return;
    }
    zc_place_only_keys(&quorum, keys);
    read_quorum_part(build, &quorum, "founders", ZC_ROLE_FOUNDER, "founder",
                     &build->mission.founders_needed);
    read_quorum_part(build, &quorum, "resume", ZC_ROLE_APPROVER, "approver",
                     &build->mission.resume_needed);
}

static void read_asset_kind(const zc_place *value, zc_asset *asset)
{
    zc_place contract;
    zc_place native;
    bool has_contract = zc_place_member(value, "contract", &contract);
    bool has_native = zc_place_member(value, "native", &native);
    bool has_token = zc_place_member(value, "token", &contract) || has_contract;
    bool is_native = false;
    if (has_native) {
        (void)zc_value_bool(&native, &is_native);
    }
    if (has_token && asset->id.chain_id != 0) {
        (void)zc_value_token(&contract, asset->id.chain_id, &asset->id);
    } else {
        asset->id.kind = ZC_ASSET_NATIVE;
    }
    if (is_native == has_token) {
        zc_place_error(value, "an asset has either 'native: true' (the chain's own) or 'contract: "
                              "0x…' (a token; elsewhere than on EVM chains 'token: …')");
    }
}

static void read_asset(zc_build *build, const zc_place *key, const zc_place *value)
{
    static const char *const keys[] = {"chain", "native", "contract", "token", "decimals", NULL};
    zc_asset asset = {0};
    zc_place part;
    uint64_t decimals = 0;
    if (!zc_value_name(key, "an asset", false, asset.name, sizeof asset.name) ||
        !zc_place_want_mapping(value, "chain, decimals, and native or contract")) {
        return;
    }
    zc_place_only_keys(value, keys);
    if (zc_place_need(value, "chain", "the asset's chain", &part)) {
        (void)zc_value_chain(&part, &asset.id.chain_id);
    }
    if (zc_place_need(value, "decimals", "amounts are exact: how many decimals has one unit?",
                      &part)) {
        (void)zc_value_number(&part, "the number of decimals", 0, ZC_ASSET_MAX_DECIMALS, &decimals);
    }
    asset.decimals = (uint8_t)decimals;
    read_asset_kind(value, &asset);
    for (size_t i = 0; i < build->mission.asset_count; i++) {
        if (zc_asset_id_eq(&asset.id, &build->mission.assets[i].id)) {
            zc_place_error(value, "this is the same asset as '%s'", build->mission.assets[i].name);
        }
    }
    build->mission.assets[build->mission.asset_count++] = asset;
}

void zc_build_assets(zc_build *build, const zc_place *root)
{
    each_entry(build, root, "assets", ZC_MISSION_MAX_ASSETS, read_asset);
}

static void check_contract_is_new(zc_build *build, const zc_place *key, const zc_contract *contract)
{
    for (size_t i = 0; i < build->mission.contract_count; i++) {
        const zc_contract *other = &build->mission.contracts[i];
        if (strcmp(other->name, contract->name) == 0) {
            zc_place_error(key, "contracts and recipients share their names: '%s' is there already",
                           other->name);
        } else if (other->chain_id == contract->chain_id &&
                   zc_address_eq(&other->address, &contract->address)) {
            zc_place_error(key, "this is the same address as '%s'", other->name);
        }
    }
}

static void read_contract(zc_build *build, const zc_place *key, const zc_place *value)
{
    static const char *const keys[] = {"chain", "address", NULL};
    zc_contract contract = {0};
    zc_place part;
    if (!zc_value_name(key, "an address", true, contract.name, sizeof contract.name) ||
        !zc_place_want_mapping(value, "chain and address")) {
        return;
    }
    zc_place_only_keys(value, keys);
    bool ok = zc_place_need(value, "chain", "the address's chain", &part) &&
              zc_value_chain(&part, &contract.chain_id);
    ok = zc_place_need(value, "address", "as its chain writes it", &part) && ok &&
         zc_value_address(&part, contract.chain_id, &contract.address);
    if (ok) {
        check_contract_is_new(build, key, &contract);
    }
    if (build->mission.contract_count == ZC_MISSION_MAX_CONTRACTS) {
        zc_place_error(key, "contracts and recipients together are at most %d",
                       ZC_MISSION_MAX_CONTRACTS);
        return;
    }
    build->mission.contracts[build->mission.contract_count++] = contract;
}

void zc_build_contracts(zc_build *build, const zc_place *root, const char *section)
{
    each_entry(build, root, section, ZC_MISSION_MAX_CONTRACTS, read_contract);
}
