#include "crypto/der.h"
#include "intent/bitcoin/plan.h"
#include "intent/bitcoin/psbt_signature.h"
#include "intent/bitcoin/sighash.h"
#include "intent/bitcoin/wire.h"

enum { MAGIC_LEN = 5, MAX_KEY = 34 };

/* BIP-370's flags of what may still be added. */
enum { INPUTS_OPEN = 1, OUTPUTS_OPEN = 2, HAS_SINGLE = 4 };

zc_result zc_btc_write_ecdsa(zc_writer *writer, const zc_signature *signature, uint8_t sighash_type)
{
    zc_writer at = *writer;
    ZC_TRY(zc_der_write_signature(&at, signature->byte, 32));
    ZC_TRY(zc_write_u8(&at, sighash_type));
    *writer = at;
    return ZC_OK;
}

zc_result zc_btc_write_schnorr(zc_writer *writer, const zc_signature *signature,
                               uint8_t sighash_type)
{
    zc_writer at = *writer;
    ZC_TRY(zc_write_slice(&at, ZC_SLICE_OF_ARRAY(signature->byte)));
    if (sighash_type != ZC_BTC_SIGHASH_DEFAULT) {
        ZC_TRY(zc_write_u8(&at, sighash_type));
    }
    *writer = at;
    return ZC_OK;
}

/* The record that a signature becomes: its key (type and key data) and its value. */
static zc_result make_record(const zc_bitcoin_signing *signing, const zc_btc_owner *owner,
                             const zc_signature *signature, zc_writer *key, zc_writer *value)
{
    if (signing->is_schnorr) {
        ZC_TRY(zc_write_u8(key, ZC_PSBT_IN_TAP_SIG));
        return zc_btc_write_schnorr(value, signature, signing->sighash_type);
    }
    ZC_TRY(zc_write_u8(key, ZC_PSBT_IN_PARTIAL_SIG));
    ZC_TRY(zc_write_slice(key, zc_btc_owner_key(owner)));
    return zc_btc_write_ecdsa(value, signature, signing->sighash_type);
}

static bool is_after(zc_slice a, zc_slice b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = memcmp(a.data, b.data, len);
    return order > 0 || (order == 0 && a.len > b.len);
}

/* The map with one more record, in front of the first whose key comes after it: a map in order
 * stays in order. */
static zc_result write_map_with(zc_writer *writer, const zc_psbt_map *map, zc_slice key,
                                zc_slice value)
{
    zc_psbt_record record;
    zc_reader records = zc_reader_of(map->records);
    const uint8_t *start = records.at;
    const uint8_t *here = start;
    while (zc_psbt_next_record(&records, &record) && !is_after(record.key, key)) {
        here = records.at;
    }
    size_t before = (size_t)(here - start);
    ZC_TRY(zc_write_slice(writer, zc_slice_of(start, before)));
    ZC_TRY(zc_btc_write_bytes(writer, key));
    ZC_TRY(zc_btc_write_bytes(writer, value));
    ZC_TRY(zc_write_slice(writer, zc_slice_of(here, map->records.len - before)));
    return zc_write_u8(writer, 0);
}

static zc_result write_map(zc_writer *writer, const zc_psbt_map *map)
{
    ZC_TRY(zc_write_slice(writer, map->records));
    return zc_write_u8(writer, 0);
}

/* What BIP-370 asks of a signer: what the new signatures commit to is no longer open. */
static uint8_t close_flags(uint8_t flags, const zc_psbt_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        uint8_t type = plan->list[i].sighash_type;
        uint8_t base = type & 3;
        if ((type & ZC_BTC_SIGHASH_ANYONECANPAY) == 0) {
            flags &= (uint8_t)~INPUTS_OPEN;
        }
        if (base != ZC_BTC_SIGHASH_NONE) {
            flags &= (uint8_t)~OUTPUTS_OPEN;
        }
        if (base == ZC_BTC_SIGHASH_SINGLE) {
            flags |= HAS_SINGLE;
        }
    }
    return flags;
}

static zc_result write_global(zc_writer *writer, const zc_psbt *psbt, const zc_psbt_plan *plan)
{
    zc_psbt_record record;
    zc_reader records = zc_reader_of(psbt->global.records);
    while (zc_psbt_next_record(&records, &record)) {
        if (psbt->version == 2 && record.type == ZC_PSBT_GLOBAL_MODIFIABLE) {
            uint8_t flags = close_flags(record.value.data[0], plan);
            ZC_TRY(zc_btc_write_bytes(writer, record.key));
            ZC_TRY(zc_btc_write_bytes(writer, zc_slice_of(&flags, 1)));
        } else {
            ZC_TRY(zc_write_slice(writer, record.bytes));
        }
    }
    return zc_write_u8(writer, 0);
}

static zc_result write_input(zc_writer *writer, const zc_psbt *psbt,
                             const zc_bitcoin_signing *signing, const zc_btc_owner *owner,
                             const zc_signature *signature)
{
    uint8_t key[MAX_KEY];
    uint8_t value[ZC_BTC_MAX_SIGNATURE];
    zc_writer key_writer = ZC_WRITER_OF_ARRAY(key);
    zc_writer value_writer = ZC_WRITER_OF_ARRAY(value);
    ZC_TRY(make_record(signing, owner, signature, &key_writer, &value_writer));
    return write_map_with(writer, &psbt->inputs[signing->input], zc_writer_written(&key_writer),
                          zc_writer_written(&value_writer));
}

static zc_result write_signed(zc_writer *writer, const zc_psbt *psbt, const zc_psbt_plan *plan,
                              const zc_btc_owner *owner, const zc_signature *signatures)
{
    size_t next = 0;
    ZC_TRY(zc_write_slice(writer, zc_slice_of(psbt->bytes.data, MAGIC_LEN)));
    ZC_TRY(write_global(writer, psbt, plan));
    for (size_t i = 0; i < psbt->tx.input_count; i++) {
        if (next < plan->count && plan->list[next].input == i) {
            ZC_TRY(write_input(writer, psbt, &plan->list[next], owner, &signatures[next]));
            next++;
        } else {
            ZC_TRY(write_map(writer, &psbt->inputs[i]));
        }
    }
    for (size_t i = 0; i < psbt->tx.output_count; i++) {
        ZC_TRY(write_map(writer, &psbt->outputs[i]));
    }
    return ZC_OK;
}

zc_result zc_psbt_write_signed(zc_slice psbt, const zc_bitcoin_account *account,
                               const zc_signature *signatures, size_t count, zc_writer *writer)
{
    zc_psbt parsed;
    zc_psbt_plan plan;
    zc_btc_owner owner;
    size_t offset;
    zc_writer at = *writer;
    ZC_TRY(zc_btc_owner_init(&owner, account));
    ZC_TRY(zc_psbt_parse(psbt, &parsed, &offset));
    ZC_TRY(zc_psbt_resolve(&parsed));
    ZC_TRY(zc_psbt_make_plan(&parsed, &owner, &plan));
    if (count != plan.count) {
        return zc_fail(ZC_INTENT_PSBT_SIGNATURES);
    }
    ZC_TRY(write_signed(&at, &parsed, &plan, &owner, signatures));
    *writer = at;
    return ZC_OK;
}
