/* What a mission says about its log: how far the disk may lag, and who witnesses it. */
#include <string.h>

#include "codec/cbor.h"
#include "policy/mission_form.h"

static zc_result read_number(zc_reader *reader, uint64_t key, uint32_t *ret_number)
{
    uint64_t number = 0;
    ZC_TRY(zc_cbor_get_key_uint(reader, key));
    ZC_TRY(zc_cbor_get_uint_max(reader, UINT32_MAX, &number));
    *ret_number = (uint32_t)number;
    return ZC_OK;
}

static zc_result read_witness(zc_reader *reader, zc_witness *witness)
{
    ZC_TRY(zc_mission_enter(reader, 2));
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(zc_mission_read_name(reader, witness->name, sizeof witness->name));
    ZC_TRY(zc_cbor_get_key_uint(reader, 2));
    return zc_cbor_get_fixed_bytes(reader, witness->pubkey, sizeof witness->pubkey);
}

zc_result zc_mission_read_audit(zc_reader *reader, zc_mission *mission)
{
    ZC_TRY(zc_mission_enter(reader, 4));
    ZC_TRY(read_number(reader, 1, &mission->max_unacked));
    ZC_TRY(read_number(reader, 2, &mission->denial_quota));
    ZC_TRY(read_number(reader, 3, &mission->witnesses_needed));
    ZC_TRY(zc_cbor_get_key_uint(reader, 4));
    size_t count = 0;
    ZC_TRY(zc_cbor_get_array(reader, ZC_MISSION_MAX_WITNESSES, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(read_witness(reader, &mission->witnesses[i]));
    }
    mission->witness_count = count;
    return ZC_OK;
}

static zc_result put_number(zc_writer *writer, uint64_t key, uint64_t number)
{
    ZC_TRY(zc_cbor_put_uint(writer, key));
    return zc_cbor_put_uint(writer, number);
}

zc_result zc_mission_write_audit(const zc_mission *mission, zc_writer *writer)
{
    if (mission->witness_count > ZC_MISSION_MAX_WITNESSES) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    ZC_TRY(zc_cbor_put_map(writer, 4));
    ZC_TRY(put_number(writer, 1, mission->max_unacked));
    ZC_TRY(put_number(writer, 2, mission->denial_quota));
    ZC_TRY(put_number(writer, 3, mission->witnesses_needed));
    ZC_TRY(zc_cbor_put_uint(writer, 4));
    ZC_TRY(zc_cbor_put_array(writer, mission->witness_count));
    for (size_t i = 0; i < mission->witness_count; i++) {
        const zc_witness *witness = &mission->witnesses[i];
        size_t len = strnlen(witness->name, sizeof witness->name);
        ZC_TRY(zc_cbor_put_map(writer, 2));
        ZC_TRY(zc_cbor_put_uint(writer, 1));
        ZC_TRY(zc_cbor_put_text(writer, zc_slice_of(witness->name, len)));
        ZC_TRY(zc_cbor_put_uint(writer, 2));
        ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(witness->pubkey)));
    }
    return ZC_OK;
}

/* The name stands in a signed note's line; two witnesses with one key would count as two. */
static bool witness_is_good(const zc_mission *mission, size_t index)
{
    const zc_witness *witness = &mission->witnesses[index];
    for (size_t i = 0; i < index; i++) {
        const zc_witness *other = &mission->witnesses[i];
        if (memcmp(other->pubkey, witness->pubkey, sizeof witness->pubkey) == 0 ||
            strcmp(other->name, witness->name) == 0) {
            return false;
        }
    }
    return strpbrk(witness->name, " +") == NULL;
}

zc_result zc_mission_validate_audit(const zc_mission *mission)
{
    bool good = mission->max_unacked <= ZC_MISSION_MAX_UNACKED &&
                mission->denial_quota <= ZC_MISSION_MAX_DENIAL_QUOTA &&
                mission->witnesses_needed <= mission->witness_count &&
                (mission->witness_count == 0 || mission->witnesses_needed > 0);
    for (size_t i = 0; good && i < mission->witness_count; i++) {
        good = witness_is_good(mission, i);
    }
    return good ? ZC_OK : zc_fail(ZC_POLICY_MISSION_AUDIT);
}
