/* The driver's disk and its mission. */
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void driver_broken(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: the driver expects: %s\n", file, line, what);
    abort();
}

void driver_blob_set(driver_blob *blob, zc_slice bytes)
{
    uint8_t *copy = malloc(bytes.len + 1);
    DRIVER_MUST(copy != NULL);
    if (bytes.len > 0) {
        memcpy(copy, bytes.data, bytes.len);
    }
    free(blob->data);
    *blob = (driver_blob){.data = copy, .len = bytes.len};
}

zc_slice driver_slice(const driver_blob *blob)
{
    return zc_slice_of(blob->data, blob->len);
}

void driver_blob_append(driver_blob *blob, zc_slice bytes)
{
    uint8_t *grown = realloc(blob->data, blob->len + bytes.len + 1);
    DRIVER_MUST(grown != NULL);
    if (bytes.len > 0) {
        memcpy(grown + blob->len, bytes.data, bytes.len);
    }
    *blob = (driver_blob){.data = grown, .len = blob->len + bytes.len};
}

void driver_blob_free(driver_blob *blob)
{
    free(blob->data);
    *blob = (driver_blob){0};
}

void driver_store_free(driver_store *store)
{
    driver_blob_free(&store->mission);
    driver_blob_free(&store->genesis);
    driver_blob_free(&store->root);
    driver_blob_free(&store->checkpoint);
    for (size_t i = 0; i < store->entry_count; i++) {
        driver_blob_free(&store->entry[i].entry);
        driver_blob_free(&store->entry[i].opening);
    }
    for (size_t i = 0; i < store->key_count; i++) {
        driver_blob_free(&store->key[i].sealed);
    }
    for (size_t i = 0; i < store->piece_count; i++) {
        driver_blob_free(&store->piece[i]);
    }
    free(store->entry);
    free(store->key);
    free(store->piece);
    *store = (driver_store){0};
}

void driver_keep_entry(driver_store *store, zc_slice entry, zc_slice opening,
                       const uint8_t tag[static 32])
{
    driver_entry *grown = realloc(store->entry, (store->entry_count + 1) * sizeof *grown);
    DRIVER_MUST(grown != NULL);
    store->entry = grown;
    driver_entry *kept = &grown[store->entry_count++];
    *kept = (driver_entry){0};
    driver_blob_set(&kept->entry, entry);
    driver_blob_set(&kept->opening, opening);
    memcpy(kept->tag, tag, sizeof kept->tag);
}

void driver_keep_key(driver_store *store, zc_slice name, zc_slice sealed)
{
    driver_key *grown = realloc(store->key, (store->key_count + 1) * sizeof *grown);
    DRIVER_MUST(grown != NULL && name.len < sizeof grown->name);
    store->key = grown;
    driver_key *kept = &grown[store->key_count++];
    *kept = (driver_key){0};
    memcpy(kept->name, name.data, name.len);
    driver_blob_set(&kept->sealed, sealed);
}

void driver_keep_piece(driver_store *store, zc_slice sealed, bool is_first)
{
    while (is_first && store->piece_count > 0) {
        driver_blob_free(&store->piece[--store->piece_count]);
    }
    driver_blob *grown = realloc(store->piece, (store->piece_count + 1) * sizeof *grown);
    DRIVER_MUST(grown != NULL);
    store->piece = grown;
    grown[store->piece_count] = (driver_blob){0};
    driver_blob_set(&grown[store->piece_count++], sealed);
}

driver_store driver_store_copy(const driver_store *store)
{
    driver_store copy = {0};
    driver_blob_set(&copy.mission, driver_slice(&store->mission));
    driver_blob_set(&copy.genesis, driver_slice(&store->genesis));
    driver_blob_set(&copy.root, driver_slice(&store->root));
    driver_blob_set(&copy.checkpoint, driver_slice(&store->checkpoint));
    for (size_t i = 0; i < store->entry_count; i++) {
        const driver_entry *from = &store->entry[i];
        driver_keep_entry(&copy, driver_slice(&from->entry), driver_slice(&from->opening),
                          from->tag);
    }
    for (size_t i = 0; i < store->key_count; i++) {
        driver_keep_key(&copy, zc_slice_of_text(store->key[i].name),
                        driver_slice(&store->key[i].sealed));
    }
    for (size_t i = 0; i < store->piece_count; i++) {
        driver_keep_piece(&copy, driver_slice(&store->piece[i]), false);
    }
    return copy;
}

/* The mission. */

const zc_signer *driver_principal(unsigned who)
{
    static zc_signer signer[STRANGER + 1];
    if (signer[who].pubkey.len == 0) {
        zc_secret32 seed;
        memset(seed.byte, 0xa0 + (int)who, sizeof seed.byte);
        DRIVER_MUST(zc_ok(zc_signer_init(&signer[who], ZC_CURVE_ED25519, &seed)));
    }
    return &signer[who];
}

static void add_principal(zc_mission *mission, const char *name, const char *organisation,
                          uint32_t roles)
{
    size_t who = mission->principal_count++;
    zc_principal *principal = &mission->principals[who];
    strcpy(principal->name, name);
    strcpy(principal->organisation, organisation);
    memcpy(principal->pubkey, driver_principal((unsigned)who)->pubkey.byte, 32);
    principal->roles = roles;
}

static void add_asset(zc_mission *mission, const char *name, bool native)
{
    zc_asset *asset = &mission->assets[mission->asset_count++];
    strcpy(asset->name, name);
    uint8_t contract[ZC_EVM_ADDRESS_SIZE];
    asset->id = zc_asset_id_native(1);
    asset->decimals = native ? 18 : 6;
    if (!native) {
        memset(contract, 0xaa, sizeof contract);
        asset->id = zc_asset_id_token(1, ZC_SLICE_OF_ARRAY(contract));
    }
}

void driver_mission(zc_mission *mission)
{
    memset(mission, 0, sizeof *mission);
    strcpy(mission->name, "tests");
    mission->founders_needed = 2;
    mission->resume_needed = 2;
    mission->denial_quota = 3;
    add_principal(mission, "alice", "Example Trading",
                  ZC_ROLE_FOUNDER | ZC_ROLE_KEY_ADMIN | ZC_ROLE_APPROVER);
    add_principal(mission, "bob", "Example Risk", ZC_ROLE_FOUNDER | ZC_ROLE_APPROVER);
    add_principal(mission, "carol", "Example Audit",
                  ZC_ROLE_FOUNDER | ZC_ROLE_KEY_ADMIN | ZC_ROLE_APPROVER);
    add_principal(mission, "bot", "Example Trading", ZC_ROLE_SIGNER);
    add_principal(mission, "auditor", "Example Audit", ZC_ROLE_AUDITOR);
    add_asset(mission, "ETH", true);
    add_asset(mission, "USDC", false);
}

zc_rule *driver_rule(zc_mission *mission, const char *name, zc_rule_kind kind)
{
    zc_rule *rule = &mission->rules[mission->rule_count++];
    strcpy(rule->name, name);
    rule->kind = kind;
    rule->scope = zc_scope_any(ZC_USES_KNOWN);
    return rule;
}

void driver_allow_all(zc_mission *mission)
{
    driver_rule(mission, "allow-all", ZC_RULE_ALLOW)->scope.accepted_flags = ZC_FLAGS_KNOWN;
}
