#include "policy/mission.h"

#include <stddef.h>
#include <string.h>

#include "base/reader.h"
#include "codec/cbor.h"
#include "policy/mission_form.h"

zc_result zc_mission_enter(zc_reader *reader, size_t keys)
{
    zc_reader at = *reader;
    size_t count = 0;
    ZC_TRY(zc_cbor_get_map(&at, keys, &count));
    if (count != keys) {
        return zc_fail(ZC_CODEC_WRONG_KEY);
    }
    *reader = at;
    return ZC_OK;
}

static bool name_valid(zc_slice text, size_t size)
{
    if (text.len == 0 || text.len >= size || text.data[0] == ' ' ||
        text.data[text.len - 1] == ' ') {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < 0x20 || text.data[i] > 0x7e) {
            return false;
        }
    }
    return true;
}

zc_result zc_mission_read_name(zc_reader *reader, char *ret_name, size_t size)
{
    zc_slice text = {0};
    ZC_TRY(zc_cbor_get_text(reader, &text));
    if (!name_valid(text, size)) {
        return zc_fail(ZC_POLICY_MISSION_NAME);
    }
    memset(ret_name, 0, size);
    memcpy(ret_name, text.data, text.len);
    return ZC_OK;
}

static zc_result read_principal(zc_reader *reader, zc_mission *mission)
{
    zc_principal *principal = &mission->principals[mission->principal_count];
    uint64_t roles = 0;
    ZC_TRY(zc_mission_enter(reader, 4));
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(zc_mission_read_name(reader, principal->name, sizeof principal->name));
    ZC_TRY(zc_cbor_get_key_uint(reader, 2));
    ZC_TRY(zc_mission_read_name(reader, principal->organisation, sizeof principal->organisation));
    ZC_TRY(zc_cbor_get_key_uint(reader, 3));
    ZC_TRY(zc_cbor_get_fixed_bytes(reader, principal->pubkey, sizeof principal->pubkey));
    ZC_TRY(zc_cbor_get_key_uint(reader, 4));
    ZC_TRY(zc_cbor_get_uint(reader, &roles));
    if ((roles & ~(uint64_t)ZC_ROLES_KNOWN) != 0) {
        return zc_fail(ZC_POLICY_MISSION_UNKNOWN_BIT);
    }
    principal->roles = (uint32_t)roles;
    mission->principal_count++;
    return ZC_OK;
}

static zc_result read_chain_id(zc_reader *reader, uint64_t *ret_chain_id)
{
    uint64_t chain_id = 0;
    ZC_TRY(zc_cbor_get_uint(reader, &chain_id));
    if (zc_chain_family(chain_id) == ZC_FAMILY_NONE) {
        return zc_fail(ZC_POLICY_MISSION_ASSET);
    }
    *ret_chain_id = chain_id;
    return ZC_OK;
}

/* Chain and token, keys 2 and 3. */
static zc_result read_asset_id(zc_reader *reader, zc_asset_id *ret_id)
{
    uint64_t chain_id = 0;
    bool native = false;
    zc_slice token = {0};
    ZC_TRY(read_chain_id(reader, &chain_id));
    ZC_TRY(zc_cbor_get_key_uint(reader, 3));
    ZC_TRY(zc_cbor_take_null(reader, &native));
    if (native) {
        ret_id->kind = ZC_ASSET_NATIVE;
        ret_id->chain_id = chain_id;
        return ZC_OK;
    }
    ZC_TRY(zc_cbor_get_bytes(reader, &token));
    bool evm = zc_chain_family(chain_id) == ZC_FAMILY_EVM;
    if (token.len == 0 || token.len > ZC_TOKEN_MAX || (evm && token.len != ZC_EVM_ADDRESS_SIZE)) {
        return zc_fail(ZC_POLICY_MISSION_ASSET);
    }
    *ret_id = zc_asset_id_token(chain_id, token);
    return ZC_OK;
}

static zc_result read_asset(zc_reader *reader, zc_mission *mission)
{
    zc_asset *asset = &mission->assets[mission->asset_count];
    uint64_t decimals = 0;
    ZC_TRY(zc_mission_enter(reader, 4));
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(zc_mission_read_name(reader, asset->name, sizeof asset->name));
    ZC_TRY(zc_cbor_get_key_uint(reader, 2));
    ZC_TRY(read_asset_id(reader, &asset->id));
    ZC_TRY(zc_cbor_get_key_uint(reader, 4));
    ZC_TRY(zc_cbor_get_uint(reader, &decimals));
    if (decimals > ZC_ASSET_MAX_DECIMALS) {
        return zc_fail(ZC_POLICY_MISSION_ASSET);
    }
    asset->decimals = (uint8_t)decimals;
    mission->asset_count++;
    return ZC_OK;
}

zc_result zc_mission_read_address(zc_reader *reader, zc_address *ret_address)
{
    zc_slice bytes = {0};
    ZC_TRY(zc_cbor_get_bytes(reader, &bytes));
    if (bytes.len == 0 || bytes.len > ZC_ADDRESS_MAX) {
        return zc_fail(ZC_POLICY_MISSION_ASSET);
    }
    memset(ret_address, 0, sizeof *ret_address);
    *ret_address = zc_address_of(bytes);
    return ZC_OK;
}

static zc_result read_contract(zc_reader *reader, zc_mission *mission)
{
    zc_contract *contract = &mission->contracts[mission->contract_count];
    ZC_TRY(zc_mission_enter(reader, 3));
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(zc_mission_read_name(reader, contract->name, sizeof contract->name));
    ZC_TRY(zc_cbor_get_key_uint(reader, 2));
    ZC_TRY(read_chain_id(reader, &contract->chain_id));
    ZC_TRY(zc_cbor_get_key_uint(reader, 3));
    ZC_TRY(zc_mission_read_address(reader, &contract->address));
    mission->contract_count++;
    return ZC_OK;
}

static zc_result read_pair(zc_reader *reader, uint32_t *ret_first, uint32_t *ret_second)
{
    uint64_t first = 0;
    uint64_t second = 0;
    ZC_TRY(zc_mission_enter(reader, 2));
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(zc_cbor_get_uint_max(reader, UINT32_MAX, &first));
    ZC_TRY(zc_cbor_get_key_uint(reader, 2));
    ZC_TRY(zc_cbor_get_uint_max(reader, UINT32_MAX, &second));
    *ret_first = (uint32_t)first;
    *ret_second = (uint32_t)second;
    return ZC_OK;
}

/* Key `key` of the mission, and under it an array whose items `read` takes one by one. */
static zc_result read_items(zc_reader *reader, uint64_t key, size_t max, zc_mission *mission,
                            zc_result (*read)(zc_reader *, zc_mission *))
{
    size_t count = 0;
    ZC_TRY(zc_cbor_get_key_uint(reader, key));
    ZC_TRY(zc_cbor_get_array(reader, max, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(read(reader, mission));
    }
    return ZC_OK;
}

static zc_result read_descriptor(zc_reader *reader, zc_mission *mission)
{
    ZC_TRY(zc_descriptor_read(reader, &mission->descriptors[mission->descriptor_count]));
    mission->descriptor_count++;
    return ZC_OK;
}

#define KEYS 18 /* and one more where the mission says how it is changed */

static zc_result read_version(zc_reader *reader, bool *ret_changes)
{
    zc_slice version = {0};
    size_t keys = 0;
    ZC_TRY(zc_cbor_get_map(reader, KEYS + 1, &keys));
    if (keys < KEYS) {
        return zc_fail(ZC_CODEC_WRONG_KEY);
    }
    *ret_changes = keys > KEYS;
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(zc_cbor_get_text(reader, &version));
    return zc_slice_eq_text(version, ZC_MISSION_VERSION) ? ZC_OK
                                                         : zc_fail(ZC_POLICY_MISSION_VERSION);
}

static zc_result read_mission(zc_reader *reader, zc_mission *mission)
{
    bool changes = false;
    ZC_TRY(read_version(reader, &changes));
    ZC_TRY(zc_cbor_get_key_uint(reader, 2));
    ZC_TRY(zc_mission_read_name(reader, mission->name, sizeof mission->name));
    ZC_TRY(read_items(reader, 3, ZC_MISSION_MAX_PRINCIPALS, mission, read_principal));
    ZC_TRY(zc_cbor_get_key_uint(reader, 4));
    ZC_TRY(read_pair(reader, &mission->founders_needed, &mission->resume_needed));
    ZC_TRY(read_items(reader, 5, ZC_MISSION_MAX_ASSETS, mission, read_asset));
    ZC_TRY(read_items(reader, 6, ZC_MISSION_MAX_CONTRACTS, mission, read_contract));
    ZC_TRY(read_items(reader, 7, ZC_MISSION_MAX_RULES, mission, zc_mission_read_rule));
    ZC_TRY(zc_cbor_get_key_uint(reader, 8));
    ZC_TRY(zc_mission_read_audit(reader, mission));
    ZC_TRY(zc_cbor_get_key_uint(reader, 9));
    ZC_TRY(zc_cbor_get_bool(reader, &mission->open));
    ZC_TRY(read_items(reader, 10, ZC_MISSION_MAX_DESCRIPTORS, mission, read_descriptor));
    ZC_TRY(zc_cbor_get_key_uint(reader, 11));
    ZC_TRY(zc_mission_read_reference(reader, mission));
    ZC_TRY(read_items(reader, 12, ZC_MISSION_MAX_FEEDS, mission, zc_mission_read_feed));
    ZC_TRY(read_items(reader, 13, ZC_MISSION_MAX_MARKETS, mission, zc_mission_read_market));
    ZC_TRY(read_items(reader, 14, ZC_MISSION_MAX_ASSETS, mission, zc_mission_read_price));
    ZC_TRY(read_items(reader, 15, ZC_MISSION_MAX_ZONES, mission, zc_mission_read_zone));
    ZC_TRY(read_items(reader, 16, ZC_MISSION_MAX_BREAKERS, mission, zc_mission_read_breaker));
    uint64_t passes = 0;
    ZC_TRY(zc_mission_read_number(reader, 17, ZC_PASS_KNOWN, &passes));
    mission->halt_passes = (uint8_t)passes;
    ZC_TRY(read_items(reader, 18, ZC_MISSION_MAX_RISK_MODELS, mission, zc_mission_read_model));
    if (changes) {
        ZC_TRY(zc_mission_read_change(reader, mission));
    }
    ZC_TRY(zc_reader_end(reader));
    return zc_mission_validate(mission);
}

/* All but what stands last: addresses, each written whole where it is appended, and risk models,
 * whose parser clears each that it reads. Counts say how many there are; a page that holds none is
 * never touched. */
static void clear(zc_mission *mission)
{
    memset(mission, 0, offsetof(zc_mission, evm));
}

zc_result zc_mission_parse(zc_slice bytes, zc_mission *ret_mission)
{
    clear(ret_mission);
    if (bytes.len > ZC_MISSION_MAX_BYTES) {
        return zc_fail(ZC_POLICY_MISSION_TOO_LONG);
    }
    zc_reader reader = zc_reader_of(bytes);
    zc_result result = read_mission(&reader, ret_mission);
    if (!zc_ok(result)) {
        clear(ret_mission);
    }
    return result;
}
