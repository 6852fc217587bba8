#include "intent/bitcoin/psbt.h"

#include "intent/bitcoin/wire.h"

static const uint8_t magic[5] = {0x70, 0x73, 0x62, 0x74, 0xff};

/* Slots of fixed size: read_map() has checked it. */
static uint32_t slot_u32(const zc_psbt_map *map, zc_psbt_slot slot, uint32_t otherwise)
{
    uint32_t value;
    zc_reader reader = zc_reader_of(map->slot[slot]);
    return zc_psbt_has(map, slot) && zc_ok(zc_btc_read_u32(&reader, &value)) ? value : otherwise;
}

static uint64_t slot_u64(const zc_psbt_map *map, zc_psbt_slot slot)
{
    uint64_t value;
    zc_reader reader = zc_reader_of(map->slot[slot]);
    return zc_ok(zc_btc_read_u64(&reader, &value)) ? value : UINT64_MAX;
}

static zc_result slot_count(const zc_psbt_map *map, zc_psbt_slot slot, uint64_t limit,
                            uint32_t *ret_count)
{
    uint64_t count;
    zc_reader reader = zc_reader_of(map->slot[slot]);
    if (!zc_psbt_has(map, slot)) {
        return zc_fail(ZC_INTENT_PSBT_FIELD_MISSING);
    }
    ZC_TRY(zc_btc_read_count(&reader, &count));
    if (count > limit) {
        return zc_fail(ZC_INTENT_PSBT_TOO_MANY);
    }
    *ret_count = (uint32_t)count;
    return ZC_OK;
}

static zc_result begin_v0(zc_psbt *psbt)
{
    if (!zc_psbt_has(&psbt->global, ZC_PSBT_TX)) {
        return zc_fail(ZC_INTENT_PSBT_FIELD_MISSING);
    }
    zc_result result = zc_btc_tx_parse(psbt->global.slot[ZC_PSBT_TX], false, &psbt->tx);
    if (zc_is(result, ZC_BASE_TRUNCATED) || zc_is(result, ZC_BASE_TRAILING)) {
        return zc_fail(ZC_INTENT_BITCOIN_TX);
    }
    ZC_TRY(result);
    for (size_t i = 0; i < psbt->tx.input_count; i++) {
        if (psbt->tx.inputs[i].script_sig.len > 0) {
            return zc_fail(ZC_INTENT_PSBT_TX_SIGNED);
        }
    }
    return ZC_OK;
}

static zc_result begin_v2(zc_psbt *psbt)
{
    const zc_psbt_map *global = &psbt->global;
    if (!zc_psbt_has(global, ZC_PSBT_TX_VERSION)) {
        return zc_fail(ZC_INTENT_PSBT_FIELD_MISSING);
    }
    ZC_TRY(slot_count(global, ZC_PSBT_INPUT_COUNT, ZC_PSBT_MAX_INPUTS, &psbt->tx.input_count));
    ZC_TRY(slot_count(global, ZC_PSBT_OUTPUT_COUNT, ZC_PSBT_MAX_OUTPUTS, &psbt->tx.output_count));
    psbt->tx.version = slot_u32(global, ZC_PSBT_TX_VERSION, 0);
    psbt->tx.has_witness = false;
    return ZC_OK;
}

static zc_result begin(zc_psbt *psbt)
{
    psbt->version = slot_u32(&psbt->global, ZC_PSBT_VERSION, 0);
    switch (psbt->version) {
    case 0:
        return psbt->global.fits_v0 ? begin_v0(psbt) : zc_fail(ZC_INTENT_PSBT_FIELD_MISPLACED);
    case 2:
        return psbt->global.fits_v2 ? begin_v2(psbt) : zc_fail(ZC_INTENT_PSBT_FIELD_MISPLACED);
    default:
        return zc_fail(ZC_INTENT_PSBT_VERSION);
    }
}

static zc_result check_version(const zc_psbt *psbt, const zc_psbt_map *map)
{
    return (psbt->version == 0 ? map->fits_v0 : map->fits_v2)
               ? ZC_OK
               : zc_fail(ZC_INTENT_PSBT_FIELD_MISPLACED);
}

static zc_result take_input(zc_psbt *psbt, size_t at)
{
    const zc_psbt_map *map = &psbt->inputs[at];
    ZC_TRY(check_version(psbt, map));
    if (psbt->version == 0) {
        return ZC_OK;
    }
    if (!zc_psbt_has(map, ZC_PSBT_PREVIOUS_TXID) || !zc_psbt_has(map, ZC_PSBT_PREVIOUS_INDEX)) {
        return zc_fail(ZC_INTENT_PSBT_FIELD_MISSING);
    }
    psbt->tx.inputs[at] = (zc_btc_input){
        .index = slot_u32(map, ZC_PSBT_PREVIOUS_INDEX, 0),
        .sequence = slot_u32(map, ZC_PSBT_SEQUENCE, UINT32_MAX),
    };
    memcpy(psbt->tx.inputs[at].txid, map->slot[ZC_PSBT_PREVIOUS_TXID].data, ZC_BTC_TXID_SIZE);
    return ZC_OK;
}

static zc_result take_output(zc_psbt *psbt, size_t at)
{
    const zc_psbt_map *map = &psbt->outputs[at];
    ZC_TRY(check_version(psbt, map));
    if (psbt->version == 0) {
        return ZC_OK;
    }
    if (!zc_psbt_has(map, ZC_PSBT_AMOUNT) || !zc_psbt_has(map, ZC_PSBT_SCRIPT)) {
        return zc_fail(ZC_INTENT_PSBT_FIELD_MISSING);
    }
    psbt->tx.outputs[at] = (zc_btc_output){
        .amount = slot_u64(map, ZC_PSBT_AMOUNT),
        .script = map->slot[ZC_PSBT_SCRIPT],
    };
    return ZC_OK;
}

/* BIP-370: a kind of lock time that every input which demands one accepts, heights first, and of
 * that kind the latest. */
static zc_result compute_locktime(zc_psbt *psbt)
{
    bool demanded = false;
    bool by_height = true;
    bool by_time = true;
    uint32_t height = 0;
    uint32_t time = 0;
    for (size_t i = 0; i < psbt->tx.input_count; i++) {
        const zc_psbt_map *map = &psbt->inputs[i];
        bool has_height = zc_psbt_has(map, ZC_PSBT_HEIGHT);
        bool has_time = zc_psbt_has(map, ZC_PSBT_TIME);
        if (!has_height && !has_time) {
            continue;
        }
        demanded = true;
        by_height = by_height && has_height;
        by_time = by_time && has_time;
        uint32_t at_height = slot_u32(map, ZC_PSBT_HEIGHT, 0);
        uint32_t at_time = slot_u32(map, ZC_PSBT_TIME, 0);
        height = at_height > height ? at_height : height;
        time = at_time > time ? at_time : time;
    }
    if (demanded && !by_height && !by_time) {
        return zc_fail(ZC_INTENT_PSBT_LOCKTIME);
    }
    psbt->tx.locktime = !demanded   ? slot_u32(&psbt->global, ZC_PSBT_FALLBACK_LOCKTIME, 0)
                        : by_height ? height
                                    : time;
    return ZC_OK;
}

static zc_result read_maps(zc_reader *reader, zc_psbt *psbt)
{
    size_t records_left = ZC_PSBT_MAX_ALL_RECORDS;
    ZC_TRY(zc_psbt_read_map(reader, ZC_PSBT_GLOBAL, &records_left, &psbt->global));
    ZC_TRY(begin(psbt));
    for (size_t i = 0; i < psbt->tx.input_count; i++) {
        ZC_TRY(zc_psbt_read_map(reader, ZC_PSBT_INPUT, &records_left, &psbt->inputs[i]));
        ZC_TRY(take_input(psbt, i));
    }
    for (size_t i = 0; i < psbt->tx.output_count; i++) {
        ZC_TRY(zc_psbt_read_map(reader, ZC_PSBT_OUTPUT, &records_left, &psbt->outputs[i]));
        ZC_TRY(take_output(psbt, i));
    }
    ZC_TRY(zc_reader_end(reader));
    return psbt->version == 2 ? compute_locktime(psbt) : ZC_OK;
}

zc_result zc_psbt_parse(zc_slice bytes, zc_psbt *ret_psbt, size_t *ret_offset)
{
    zc_reader reader = zc_reader_of(bytes);
    zc_slice start;
    *ret_offset = 0;
    if (bytes.len == 0) {
        return zc_fail(ZC_INTENT_EMPTY);
    }
    if (bytes.len > ZC_PSBT_MAX) {
        return zc_fail(ZC_INTENT_TOO_LONG);
    }
    if (!zc_ok(zc_read_slice(&reader, sizeof(magic), &start)) ||
        !zc_slice_eq(start, ZC_SLICE_OF_ARRAY(magic))) {
        return zc_fail(ZC_INTENT_PSBT_MAGIC);
    }
    ret_psbt->bytes = bytes;
    zc_result result = read_maps(&reader, ret_psbt);
    if (!zc_ok(result)) {
        *ret_offset = zc_reader_offset(&reader);
    }
    return result;
}

bool zc_psbt_is_final(const zc_psbt *psbt, size_t input)
{
    return zc_psbt_has(&psbt->inputs[input], ZC_PSBT_FINAL_SCRIPT_SIG) ||
           zc_psbt_has(&psbt->inputs[input], ZC_PSBT_FINAL_WITNESS);
}

bool zc_psbt_partial_signature(const zc_psbt *psbt, size_t input, zc_slice key,
                               zc_slice *ret_signature)
{
    zc_psbt_record record;
    zc_reader records = zc_reader_of(psbt->inputs[input].records);
    while (zc_psbt_next_record(&records, &record)) {
        if (record.type == ZC_PSBT_IN_PARTIAL_SIG && zc_slice_eq(record.key_data, key)) {
            *ret_signature = record.value;
            return true;
        }
    }
    return false;
}
