#include "intent/evm_fields.h"

#include "codec/rlp.h"
#include "intent/decode.h"

#define MAX_FIELDS 9

/* Indexed by type. */
static const struct zc_evm_layout {
    uint8_t count;
    uint8_t field[MAX_FIELDS];
} layouts[] = {
    [ZC_EVM_LEGACY] = {6,
                       {ZC_EVM_NONCE, ZC_EVM_GAS_PRICE, ZC_EVM_GAS_LIMIT, ZC_EVM_TO, ZC_EVM_VALUE,
                        ZC_EVM_DATA}},
    [ZC_EVM_ACCESS_LIST] = {8,
                            {ZC_EVM_CHAIN_ID, ZC_EVM_NONCE, ZC_EVM_GAS_PRICE, ZC_EVM_GAS_LIMIT,
                             ZC_EVM_TO, ZC_EVM_VALUE, ZC_EVM_DATA, ZC_EVM_ACCESSES}},
    [ZC_EVM_FEE_MARKET] = {9,
                           {ZC_EVM_CHAIN_ID, ZC_EVM_NONCE, ZC_EVM_GAS_TIP, ZC_EVM_GAS_PRICE,
                            ZC_EVM_GAS_LIMIT, ZC_EVM_TO, ZC_EVM_VALUE, ZC_EVM_DATA,
                            ZC_EVM_ACCESSES}},
};

#define INIT_CODE_MAX 49152

/* The codec says what is wrong with an item; here it becomes what is wrong with the transaction. */
static zc_result explain(zc_result result, const zc_reader *items, int reason)
{
    if (zc_is(result, ZC_CODEC_RLP_LEADING_ZERO) || zc_is(result, ZC_CODEC_RLP_WRONG_LENGTH)) {
        return zc_fail(reason);
    }
    if (zc_is(result, ZC_CODEC_RLP_WRONG_KIND)) {
        return zc_fail(ZC_INTENT_FIELD_KIND);
    }
    if (zc_is(result, ZC_BASE_TRUNCATED) && zc_reader_left(items) == 0) {
        return zc_fail(ZC_INTENT_FIELD_MISSING);
    }
    return result;
}

static zc_result get_u64(zc_reader *items, int reason, uint64_t *ret_value)
{
    return explain(zc_rlp_get_u64(items, ret_value), items, reason);
}

static zc_result get_u256(zc_reader *items, int reason, zc_u256 *ret_value)
{
    return explain(zc_rlp_get_u256(items, ret_value), items, reason);
}

/* EIP-2681: an account's nonce stays below 2^64 − 1. */
static zc_result get_nonce(zc_reader *items, zc_evm_tx *tx)
{
    zc_reader next = *items;
    uint64_t nonce;
    ZC_TRY(get_u64(&next, ZC_INTENT_NONCE, &nonce));
    if (nonce == UINT64_MAX) {
        return zc_fail(ZC_INTENT_NONCE);
    }
    tx->nonce = nonce;
    *items = next;
    return ZC_OK;
}

static zc_result get_to(zc_reader *items, zc_evm_tx *tx)
{
    zc_reader next = *items;
    zc_slice to;
    ZC_TRY(explain(zc_rlp_get_string(&next, &to), items, ZC_INTENT_RECIPIENT));
    if (to.len != 0 && to.len != sizeof(tx->to)) {
        return zc_fail(ZC_INTENT_RECIPIENT);
    }
    tx->has_to = to.len != 0;
    if (tx->has_to) {
        memcpy(tx->to, to.data, sizeof(tx->to));
    }
    *items = next;
    return ZC_OK;
}

/* [address, [key…]]: each address 20 bytes, each key 32. */
static zc_result get_access_entry(zc_reader *entries, zc_evm_tx *tx)
{
    zc_reader entry;
    zc_reader keys;
    uint8_t address[ZC_ADDRESS_SIZE];
    uint8_t key[32];
    ZC_TRY(explain(zc_rlp_get_list(entries, &entry), entries, ZC_INTENT_ACCESS_LIST));
    if (++tx->access_addresses > ZC_EVM_MAX_ACCESS_ADDRESSES) {
        return zc_fail(ZC_INTENT_ACCESS_LIST_LONG);
    }
    ZC_TRY(
        explain(zc_rlp_get_fixed(&entry, address, sizeof(address)), &entry, ZC_INTENT_ACCESS_LIST));
    ZC_TRY(explain(zc_rlp_get_list(&entry, &keys), &entry, ZC_INTENT_ACCESS_LIST));
    while (zc_reader_left(&keys) > 0) {
        if (++tx->access_keys > ZC_EVM_MAX_ACCESS_KEYS) {
            return zc_fail(ZC_INTENT_ACCESS_LIST_LONG);
        }
        ZC_TRY(explain(zc_rlp_get_fixed(&keys, key, sizeof(key)), &keys, ZC_INTENT_ACCESS_LIST));
    }
    return zc_reader_left(&entry) == 0 ? ZC_OK : zc_fail(ZC_INTENT_ACCESS_LIST);
}

/* EIP-2930. The cursor stays at the list, which is then the fault's place, unless all of it is
 * good. */
static zc_result get_access_list(zc_reader *items, zc_evm_tx *tx)
{
    zc_reader next = *items;
    zc_reader entries;
    ZC_TRY(explain(zc_rlp_get_list(&next, &entries), items, ZC_INTENT_ACCESS_LIST));
    while (zc_reader_left(&entries) > 0) {
        ZC_TRY(get_access_entry(&entries, tx));
    }
    *items = next;
    return ZC_OK;
}

static zc_result get_value(zc_reader *items, zc_evm_field field, zc_evm_tx *tx)
{
    switch (field) {
    case ZC_EVM_CHAIN_ID:
        tx->has_chain_id = true;
        return get_u64(items, ZC_INTENT_CHAIN_ID, &tx->chain_id);
    case ZC_EVM_NONCE:
        return get_nonce(items, tx);
    case ZC_EVM_GAS_PRICE:
        return get_u256(items, ZC_INTENT_GAS_PRICE, &tx->gas_price);
    case ZC_EVM_GAS_TIP:
        return get_u256(items, ZC_INTENT_GAS_PRICE, &tx->gas_tip);
    case ZC_EVM_GAS_LIMIT:
        return get_u256(items, ZC_INTENT_GAS_LIMIT, &tx->gas_limit);
    case ZC_EVM_TO:
        return get_to(items, tx);
    case ZC_EVM_VALUE:
        return get_u256(items, ZC_INTENT_VALUE, &tx->value);
    case ZC_EVM_DATA:
        return explain(zc_rlp_get_string(items, &tx->data), items, ZC_INTENT_FIELD_KIND);
    case ZC_EVM_ACCESSES:
        return get_access_list(items, tx);
    case ZC_EVM_V:
        return get_u256(items, ZC_INTENT_SIGNATURE_V, &tx->v);
    case ZC_EVM_R:
        return get_u256(items, ZC_INTENT_SIGNATURE_RANGE, &tx->r);
    case ZC_EVM_S:
        return get_u256(items, ZC_INTENT_SIGNATURE_RANGE, &tx->s);
    case ZC_EVM_FIELDS:
        break;
    }
    return zc_fail(ZC_INTENT_FIELD_EXTRA);
}

/* `bytes` is where the whole transaction begins. */
static zc_result get_field(zc_reader *items, const uint8_t *bytes, zc_evm_field field,
                           zc_evm_tx *tx)
{
    tx->offset[field] = (uint32_t)(items->at - bytes);
    return get_value(items, field, tx);
}

/* EIP-155 signs (chain id, 0, 0) where the signature will be. */
static zc_result take_chain_from_v(zc_evm_tx *tx)
{
    tx->has_chain_id = true;
    if (zc_u256_is_zero(&tx->v) || !zc_ok(zc_u256_to_u64(&tx->v, &tx->chain_id))) {
        return zc_fail(ZC_INTENT_CHAIN_ID);
    }
    return ZC_OK;
}

/* Nothing, or three more: a signature or what EIP-155 has in its place. */
static zc_result get_tail(zc_reader *items, const uint8_t *bytes, zc_evm_tx *tx)
{
    if (zc_reader_left(items) == 0) {
        return ZC_OK;
    }
    for (zc_evm_field field = ZC_EVM_V; field <= ZC_EVM_S; field++) {
        ZC_TRY(get_field(items, bytes, field, tx));
    }
    if (zc_reader_left(items) != 0) {
        return zc_fail(ZC_INTENT_FIELD_EXTRA);
    }
    bool empty = zc_u256_is_zero(&tx->r) && zc_u256_is_zero(&tx->s);
    tx->is_signed = tx->type != ZC_EVM_LEGACY || !empty;
    return tx->is_signed ? ZC_OK : take_chain_from_v(tx);
}

static zc_result parse_items(zc_reader *items, const uint8_t *bytes, zc_evm_tx *tx)
{
    const struct zc_evm_layout *layout = &layouts[tx->type];
    const uint8_t *start = items->at;
    for (size_t i = 0; i < layout->count; i++) {
        ZC_TRY(get_field(items, bytes, (zc_evm_field)layout->field[i], tx));
    }
    tx->body = zc_slice_of(start, (size_t)(items->at - start));
    return get_tail(items, bytes, tx);
}

/* EIP-2718: the first byte is a type, or the head of a legacy transaction's list. */
static zc_result get_type(zc_reader *reader, uint8_t *ret_type)
{
    uint8_t first;
    if (!zc_ok(zc_peek_u8(reader, &first))) {
        return zc_fail(ZC_INTENT_EMPTY);
    }
    if (first >= 0xc0) {
        *ret_type = ZC_EVM_LEGACY;
        return ZC_OK;
    }
    switch (first) {
    case ZC_EVM_ACCESS_LIST:
    case ZC_EVM_FEE_MARKET:
        *ret_type = first;
        return zc_skip(reader, 1);
    case ZC_EVM_BLOB:
        return zc_fail(ZC_INTENT_TYPE_BLOB);
    case ZC_EVM_SET_CODE:
        return zc_fail(ZC_INTENT_TYPE_SET_CODE);
    default:
        return zc_fail(first < 0x80 ? ZC_INTENT_TYPE_UNKNOWN : ZC_INTENT_NOT_A_TRANSACTION);
    }
}

static zc_result parse_from(zc_reader *reader, zc_evm_tx *tx, const uint8_t **ret_fault)
{
    zc_reader items;
    *ret_fault = reader->at;
    ZC_TRY(get_type(reader, &tx->type));
    *ret_fault = reader->at;
    zc_result result = zc_rlp_get_list(reader, &items);
    if (zc_is(result, ZC_CODEC_RLP_WRONG_KIND)) {
        return zc_fail(ZC_INTENT_NOT_A_TRANSACTION);
    }
    ZC_TRY(result);
    if (zc_reader_left(&items) == 0) {
        /* An empty reader points at no byte of ours, and offsets are counted from pointers. */
        items = (zc_reader){.start = reader->at, .at = reader->at, .end = reader->at};
    }
    result = parse_items(&items, reader->start, tx);
    *ret_fault = items.at;
    ZC_TRY(result);
    *ret_fault = reader->at;
    return zc_reader_end(reader);
}

zc_result zc_evm_parse(zc_slice bytes, zc_evm_tx *ret_tx, size_t *ret_offset)
{
    if (bytes.len > ZC_EVM_MAX_TX) {
        *ret_offset = ZC_EVM_MAX_TX;
        return zc_fail(ZC_INTENT_TOO_LONG);
    }
    zc_evm_tx tx = {0};
    zc_reader reader = zc_reader_of(bytes);
    const uint8_t *fault;
    zc_result result = parse_from(&reader, &tx, &fault);
    if (!zc_ok(result)) {
        *ret_offset = (size_t)(fault - reader.start);
        return result;
    }
    *ret_tx = tx;
    return ZC_OK;
}

static zc_result check_at(bool good, int reason, uint32_t offset, size_t *ret_offset)
{
    if (good) {
        return ZC_OK;
    }
    *ret_offset = offset;
    return zc_fail(reason);
}

zc_result zc_evm_check(const zc_evm_tx *tx, zc_u256 *ret_max_fee, size_t *ret_offset)
{
    zc_u256 max_fee;
    ZC_TRY(check_at(zc_u256_cmp(&tx->gas_tip, &tx->gas_price) <= 0, ZC_INTENT_TIP_ABOVE_MAX,
                    tx->offset[ZC_EVM_GAS_TIP], ret_offset));
    ZC_TRY(check_at(tx->has_to || tx->data.len <= INIT_CODE_MAX, ZC_INTENT_INIT_CODE_LONG,
                    tx->offset[ZC_EVM_DATA], ret_offset));
    ZC_TRY(check_at(zc_ok(zc_u256_mul(&tx->gas_limit, &tx->gas_price, &max_fee)),
                    ZC_INTENT_FEE_OVERFLOW, tx->offset[ZC_EVM_GAS_LIMIT], ret_offset));
    *ret_max_fee = max_fee;
    return ZC_OK;
}

/* A type byte and then one list to the end: what blob and set-code transactions look like, with or
 * without signature or sidecar. */
static bool is_typed_envelope(zc_slice bytes)
{
    zc_rlp_kind kind;
    zc_reader reader = zc_reader_of(bytes);
    return zc_ok(zc_skip(&reader, 1)) && zc_ok(zc_rlp_peek(&reader, &kind)) &&
           kind == ZC_RLP_LIST && zc_ok(zc_rlp_skip(&reader)) && zc_ok(zc_reader_end(&reader));
}

bool zc_evm_is_transaction(zc_slice bytes)
{
    zc_evm_tx tx;
    size_t offset;
    zc_result result = zc_evm_parse(bytes, &tx, &offset);
    if (zc_is(result, ZC_INTENT_TYPE_BLOB) || zc_is(result, ZC_INTENT_TYPE_SET_CODE)) {
        return is_typed_envelope(bytes);
    }
    return zc_ok(result);
}
