#include "mission.h"

#include <stdio.h>
#include <string.h>

#include "crypto/signer.h"
#include "intent/intent.h"
#include "requests.h"

#define MINUTE 60

enum { ETH, USDC };

typedef struct zc_desk {
    zc_mission *mission;
    unsigned number;
    zc_list keys;
    zc_list chains;
    zc_address_list counterparties;
    zc_address_list forbidden;
    zc_list methods;
} zc_desk;

static zc_list list_of(size_t *pool_count, size_t count)
{
    zc_list list = {.listed = true, .count = (uint16_t)count, .first = (uint16_t)*pool_count};
    *pool_count += count;
    return list;
}

static zc_list add_keys(zc_mission *mission, unsigned number)
{
    zc_list list = list_of(&mission->key_pattern_count, 1);
    (void)snprintf(mission->key_patterns[list.first].text, ZC_MISSION_NAME_SIZE, "desk%02u-*",
                   number);
    return list;
}

static zc_list add_chains(zc_mission *mission)
{
    static const uint64_t chains[] = {ZC_BENCH_CHAIN, 10, 8453};
    zc_list list = list_of(&mission->chain_count, 3);
    memcpy(&mission->chains[list.first], chains, sizeof chains);
    return list;
}

/* Ascending and evenly spread, beginning with `first`, which is in the lower half of all. */
static zc_address_list add_addresses(zc_mission *mission, const uint8_t first[static 20],
                                     size_t count)
{
    uint32_t stride = UINT32_C(0x80000000) / (uint32_t)count;
    uint32_t beginning =
        (uint32_t)first[0] << 24 | (uint32_t)first[1] << 16 | (uint32_t)first[2] << 8 | first[3];
    zc_address_list list = {
        .listed = true, .evm_count = (uint32_t)count, .evm_first = (uint32_t)mission->evm_count};
    mission->evm_count += count;
    for (size_t i = 0; i < count; i++) {
        zc_evm_item *address = &mission->evm[list.evm_first + i];
        memcpy(address->byte, first, sizeof address->byte);
        uint32_t head = beginning + (uint32_t)i * stride;
        for (size_t j = 0; j < sizeof head; j++) {
            address->byte[j] = (uint8_t)(head >> (24 - 8 * j));
        }
    }
    return list;
}

static zc_list add_method(zc_mission *mission)
{
    static const uint8_t transfer[4] = {0xa9, 0x05, 0x9c, 0xbb};
    zc_list list = list_of(&mission->method_count, 1);
    mission->methods[list.first].len = sizeof transfer;
    memcpy(mission->methods[list.first].byte, transfer, sizeof transfer);
    return list;
}

static zc_rule *add_rule(const zc_desk *desk, const char *name, zc_rule_kind kind, uint32_t uses)
{
    zc_rule *rule = &desk->mission->rules[desk->mission->rule_count++];
    *rule = (zc_rule){.kind = kind};
    (void)snprintf(rule->name, sizeof rule->name, "desk%02u/%s", desk->number, name);
    rule->scope.principals_listed = true;
    rule->scope.principals = UINT64_C(1) << desk->number % ZC_BENCH_PRINCIPALS;
    rule->scope.keys = desk->keys;
    rule->scope.uses = uses;
    return rule;
}

static void add_transfer(const zc_desk *desk, const char *name, zc_operation operation,
                         unsigned asset)
{
    zc_rule *rule = add_rule(desk, name, ZC_RULE_ALLOW, zc_use_bit(ZC_USE_TX));
    rule->scope.chains = desk->chains;
    rule->scope.operations_listed = true;
    rule->scope.operations = zc_operation_bit(operation);
    rule->scope.assets_listed = true;
    rule->scope.assets[0] = UINT64_C(1) << asset;
    rule->scope.counterparties = desk->counterparties;
    if (asset == USDC) {
        rule->scope.methods = desk->methods;
    }
}

static void add_limit(const zc_desk *desk, const char *name, uint32_t window_s, unsigned asset)
{
    zc_rule_kind kind = window_s == 0 ? ZC_RULE_LIMIT_PER_TX : ZC_RULE_LIMIT_WINDOW;
    zc_rule *rule = add_rule(desk, name, kind, zc_use_bit(ZC_USE_TX));
    rule->has_asset = true;
    rule->asset = (uint16_t)asset;
    rule->has_amount = true;
    rule->measure = ZC_MEASURE_VALUE;
    rule->amount = (zc_u256){{0, 1, 0, 0}}; /* 2^64 base units: 18 ETH or far too much USDC */
    rule->window_s = window_s;
    if (window_s != 0) {
        rule->amount = (zc_u256){{0, 1u << 20, 0, 0}};
    }
}

static void add_desk(zc_mission *mission, unsigned number, const zc_bench_mission_size *size)
{
    static const uint8_t forbidden[20] = {0x10, 0x01};
    zc_desk desk = {.mission = mission, .number = number};
    desk.keys = add_keys(mission, number);
    desk.chains = add_chains(mission);
    desk.counterparties = add_addresses(mission, zc_bench_recipient, size->counterparties);
    desk.forbidden = add_addresses(mission, forbidden, size->forbidden);
    desk.methods = add_method(mission);

    uint32_t tx = zc_use_bit(ZC_USE_TX);
    zc_rule *orders = add_rule(&desk, "orders", ZC_RULE_ALLOW, zc_use_bit(ZC_USE_MESSAGE));
    orders->scope.operations_listed = true;
    orders->scope.operations = zc_operation_bit(ZC_OPERATION_MESSAGE);
    add_transfer(&desk, "usdc", ZC_OPERATION_TOKEN_TRANSFER, USDC);
    add_transfer(&desk, "eth", ZC_OPERATION_TRANSFER, ETH);
    add_limit(&desk, "usdc-per-tx", 0, USDC);
    add_limit(&desk, "usdc-per-1m", MINUTE, USDC);
    add_limit(&desk, "eth-per-tx", 0, ETH);
    add_limit(&desk, "eth-per-1m", MINUTE, ETH);
    zc_rule *pace = add_rule(&desk, "pace", ZC_RULE_LIMIT_RATE, tx | zc_use_bit(ZC_USE_MESSAGE));
    pace->window_s = MINUTE;
    pace->count = 1000000;
    add_rule(&desk, "forbidden", ZC_RULE_DENY, tx)->scope.contracts = desk.forbidden;
    add_rule(&desk, "chains", ZC_RULE_RESTRICT_CHAINS, tx)->scope.chains = desk.chains;
}

/* The others' keys are real ones too, whose private halves are forgotten at once. */
static zc_result add_principals(zc_mission *mission, const uint8_t first[static 32])
{
    zc_drbg drbg;
    zc_signer signer;
    zc_drbg_init(&drbg, first);
    mission->principal_count = ZC_BENCH_PRINCIPALS;
    for (size_t i = 0; i < ZC_BENCH_PRINCIPALS; i++) {
        zc_principal *principal = &mission->principals[i];
        ZC_TRY(zc_signer_generate(&signer, ZC_CURVE_ED25519, &drbg));
        (void)snprintf(principal->name, sizeof principal->name, "desk%02zu", i);
        (void)snprintf(principal->organisation, sizeof principal->organisation, "Bench Trading");
        memcpy(principal->pubkey, i == 0 ? first : signer.pubkey.byte, sizeof principal->pubkey);
        principal->roles = i == 0 ? ZC_ROLES_KNOWN : ZC_ROLE_SIGNER;
    }
    zc_signer_clear(&signer);
    return ZC_OK;
}

static void add_assets(zc_mission *mission)
{
    mission->asset_count = 2;
    mission->assets[ETH] =
        (zc_asset){.name = "ETH", .decimals = 18, .id = zc_asset_id_native(ZC_BENCH_CHAIN)};
    mission->assets[USDC] = (zc_asset){
        .name = "USDC",
        .decimals = 6,
        .id = zc_asset_id_token(ZC_BENCH_CHAIN, zc_slice_of(zc_bench_token, ZC_EVM_ADDRESS_SIZE))};
}

zc_result zc_bench_mission(const zc_bench_mission_size *size, const uint8_t first[static 32],
                           zc_writer *writer, zc_mission *ret_mission)
{
    zc_mission *mission = ret_mission;
    memset(mission, 0, sizeof *mission);
    (void)snprintf(mission->name, sizeof mission->name, "bench");
    mission->founders_needed = 1;
    mission->resume_needed = 1;
    mission->denial_quota = 60;
    ZC_TRY(add_principals(mission, first));
    add_assets(mission);
    for (unsigned i = 0; i < size->desks; i++) {
        add_desk(mission, i, size);
    }
    ZC_TRY(zc_mission_write(mission, writer));
    return zc_mission_parse(zc_writer_written(writer), ret_mission);
}
