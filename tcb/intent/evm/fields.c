#include "intent/evm/fields.h"

#include "codec/rlp.h"
#include "intent/decode.h"

#define MAX_FIELDS 11
/* EIP-4844: a blob is 2^17 units of blob gas; its hash begins with the version of the commitment.
 */
#define GAS_PER_BLOB (UINT64_C(1) << 17)
#define BLOB_VERSION 1

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
    [ZC_EVM_BLOB] = {11,
                     {ZC_EVM_CHAIN_ID, ZC_EVM_NONCE, ZC_EVM_GAS_TIP, ZC_EVM_GAS_PRICE,
                      ZC_EVM_GAS_LIMIT, ZC_EVM_TO, ZC_EVM_VALUE, ZC_EVM_DATA, ZC_EVM_ACCESSES,
                      ZC_EVM_BLOB_FEE, ZC_EVM_BLOB_HASHES}},
    [ZC_EVM_SET_CODE] = {10,
                         {ZC_EVM_CHAIN_ID, ZC_EVM_NONCE, ZC_EVM_GAS_TIP, ZC_EVM_GAS_PRICE,
                          ZC_EVM_GAS_LIMIT, ZC_EVM_TO, ZC_EVM_VALUE, ZC_EVM_DATA, ZC_EVM_ACCESSES,
                          ZC_EVM_AUTHORIZATIONS}},
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
    uint8_t address[ZC_EVM_ADDRESS_SIZE];
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

static zc_result get_chain_id(zc_reader *items, zc_evm_tx *tx)
{
    zc_reader next = *items;
    uint64_t chain_id;
    ZC_TRY(get_u64(&next, ZC_INTENT_CHAIN_ID, &chain_id));
    if (chain_id >= ZC_CHAIN_TAG) {
        return zc_fail(ZC_INTENT_CHAIN_ID);
    }
    tx->has_chain_id = true;
    tx->chain_id = chain_id;
    *items = next;
    return ZC_OK;
}

/* A node takes no blob transaction without blobs; but what it would do, it says all the same. */
static zc_result get_blob_hashes(zc_reader *items, zc_evm_tx *tx)
{
    zc_reader next = *items;
    zc_reader hashes;
    uint8_t hash[32];
    ZC_TRY(explain(zc_rlp_get_list(&next, &hashes), items, ZC_INTENT_BLOB_HASHES));
    tx->blob_hashes = zc_reader_rest(&hashes);
    while (zc_reader_left(&hashes) > 0) {
        ZC_TRY(
            explain(zc_rlp_get_fixed(&hashes, hash, sizeof(hash)), &hashes, ZC_INTENT_BLOB_HASHES));
        if (hash[0] != BLOB_VERSION || ++tx->blob_count > ZC_EVM_MAX_BLOBS) {
            return zc_fail(ZC_INTENT_BLOB_HASHES);
        }
    }
    *items = next;
    return ZC_OK;
}

/* The three that are signed. A nonce of 2^64 − 1 never holds, but the tuple is well formed. */
static zc_result get_authorization_body(zc_reader *tuple, zc_evm_authorization *ret_tuple)
{
    const uint8_t *start = tuple->at;
    ZC_TRY(get_u64(tuple, ZC_INTENT_CHAIN_ID, &ret_tuple->chain_id));
    if (ret_tuple->chain_id >= ZC_CHAIN_TAG) {
        return zc_fail(ZC_INTENT_CHAIN_ID);
    }
    ZC_TRY(explain(zc_rlp_get_fixed(tuple, ret_tuple->address, sizeof(ret_tuple->address)), tuple,
                   ZC_INTENT_AUTHORIZATIONS));
    ZC_TRY(get_u64(tuple, ZC_INTENT_NONCE, &ret_tuple->nonce));
    ret_tuple->body = zc_slice_of(start, (size_t)(tuple->at - start));
    return ZC_OK;
}

zc_result zc_evm_get_authorization(zc_reader *tuples, zc_evm_authorization *ret_tuple)
{
    zc_reader tuple;
    uint64_t parity;
    zc_evm_authorization read;
    ZC_TRY(explain(zc_rlp_get_list(tuples, &tuple), tuples, ZC_INTENT_AUTHORIZATIONS));
    ZC_TRY(get_authorization_body(&tuple, &read));
    ZC_TRY(get_u64(&tuple, ZC_INTENT_SIGNATURE_V, &parity));
    if (parity > UINT8_MAX) {
        return zc_fail(ZC_INTENT_SIGNATURE_V);
    }
    read.parity = (uint8_t)parity;
    ZC_TRY(get_u256(&tuple, ZC_INTENT_SIGNATURE_RANGE, &read.r));
    ZC_TRY(get_u256(&tuple, ZC_INTENT_SIGNATURE_RANGE, &read.s));
    if (zc_reader_left(&tuple) != 0) {
        return zc_fail(ZC_INTENT_AUTHORIZATIONS);
    }
    *ret_tuple = read;
    return ZC_OK;
}

static zc_result get_authorizations(zc_reader *items, zc_evm_tx *tx)
{
    zc_reader next = *items;
    zc_reader tuples;
    zc_evm_authorization tuple;
    ZC_TRY(explain(zc_rlp_get_list(&next, &tuples), items, ZC_INTENT_AUTHORIZATIONS));
    tx->authorizations = zc_reader_rest(&tuples);
    while (zc_reader_left(&tuples) > 0) {
        if (++tx->authorization_count > ZC_EVM_MAX_AUTHORIZATIONS) {
            return zc_fail(ZC_INTENT_AUTHORIZATIONS);
        }
        ZC_TRY(zc_evm_get_authorization(&tuples, &tuple));
    }
    if (tx->authorization_count == 0) {
        return zc_fail(ZC_INTENT_AUTHORIZATIONS);
    }
    *items = next;
    return ZC_OK;
}

static zc_result get_value(zc_reader *items, zc_evm_field field, zc_evm_tx *tx)
{
    switch (field) {
    case ZC_EVM_CHAIN_ID:
        return get_chain_id(items, tx);
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
    case ZC_EVM_BLOB_FEE:
        return get_u256(items, ZC_INTENT_BLOB_FEE, &tx->blob_fee);
    case ZC_EVM_BLOB_HASHES:
        return get_blob_hashes(items, tx);
    case ZC_EVM_AUTHORIZATIONS:
        return get_authorizations(items, tx);
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
    if (zc_u256_is_zero(&tx->v) || !zc_ok(zc_u256_to_u64(&tx->v, &tx->chain_id)) ||
        tx->chain_id >= ZC_CHAIN_TAG) {
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
    case ZC_EVM_BLOB:
    case ZC_EVM_SET_CODE:
        *ret_type = first;
        return zc_skip(reader, 1);
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

/* EIP-4844's network form: 03 and a list that begins with the transaction's own list. Blobs make it
 * longer than anything else, so only its head is looked at. */
static bool has_sidecar(zc_slice bytes)
{
    zc_rlp_kind kind;
    zc_reader reader = zc_reader_of(bytes);
    uint8_t type;
    uint8_t head;
    if (!zc_ok(zc_read_u8(&reader, &type)) || type != ZC_EVM_BLOB ||
        !zc_ok(zc_read_u8(&reader, &head)) || head < 0xc0) {
        return false;
    }
    size_t len_bytes = head > 0xf7 ? head - 0xf7u : 0;
    return zc_ok(zc_skip(&reader, len_bytes)) && zc_ok(zc_rlp_peek(&reader, &kind)) &&
           kind == ZC_RLP_LIST;
}

zc_result zc_evm_parse(zc_slice bytes, zc_evm_tx *ret_tx, size_t *ret_offset)
{
    if (has_sidecar(bytes)) {
        *ret_offset = 1;
        return zc_fail(ZC_INTENT_BLOB_SIDECAR);
    }
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

/* Gas and blob gas at their highest prices. */
static bool most_fee(const zc_evm_tx *tx, zc_u256 *ret_max_fee)
{
    zc_u256 blobs;
    zc_u256 gas;
    return zc_ok(zc_u256_mul(&tx->gas_limit, &tx->gas_price, &gas)) &&
           zc_ok(zc_u256_mul_u64(&tx->blob_fee, GAS_PER_BLOB * tx->blob_count, &blobs)) &&
           zc_ok(zc_u256_add(&gas, &blobs, ret_max_fee));
}

zc_result zc_evm_check(const zc_evm_tx *tx, zc_u256 *ret_max_fee, size_t *ret_offset)
{
    zc_u256 max_fee;
    ZC_TRY(check_at(zc_u256_cmp(&tx->gas_tip, &tx->gas_price) <= 0, ZC_INTENT_TIP_ABOVE_MAX,
                    tx->offset[ZC_EVM_GAS_TIP], ret_offset));
    ZC_TRY(check_at(tx->has_to || tx->type < ZC_EVM_BLOB, ZC_INTENT_NO_RECIPIENT,
                    tx->offset[ZC_EVM_TO], ret_offset));
    ZC_TRY(check_at(tx->has_to || tx->data.len <= INIT_CODE_MAX, ZC_INTENT_INIT_CODE_LONG,
                    tx->offset[ZC_EVM_DATA], ret_offset));
    ZC_TRY(check_at(most_fee(tx, &max_fee), ZC_INTENT_FEE_OVERFLOW, tx->offset[ZC_EVM_GAS_LIMIT],
                    ret_offset));
    *ret_max_fee = max_fee;
    return ZC_OK;
}

static zc_result parse_authorization(zc_reader *reader, zc_evm_authorization *ret_tuple)
{
    zc_reader items;
    uint8_t magic;
    if (!zc_ok(zc_peek_u8(reader, &magic)) || magic != ZC_EVM_AUTHORIZATION_MAGIC) {
        return zc_fail(ZC_INTENT_NOT_AN_AUTHORIZATION);
    }
    ZC_TRY(zc_skip(reader, 1));
    ZC_TRY(explain(zc_rlp_get_list(reader, &items), reader, ZC_INTENT_NOT_AN_AUTHORIZATION));
    ZC_TRY(get_authorization_body(&items, ret_tuple));
    if (zc_reader_left(&items) != 0) {
        return zc_fail(ZC_INTENT_NOT_AN_AUTHORIZATION);
    }
    return zc_reader_end(reader);
}

zc_result zc_evm_parse_authorization(zc_slice bytes, zc_evm_authorization *ret_tuple,
                                     size_t *ret_offset)
{
    zc_reader reader = zc_reader_of(bytes);
    zc_evm_authorization read;
    zc_result result = parse_authorization(&reader, &read);
    if (!zc_ok(result)) {
        *ret_offset = zc_reader_offset(&reader);
        return result;
    }
    *ret_tuple = read;
    return ZC_OK;
}

bool zc_evm_is_transaction(zc_slice bytes)
{
    zc_evm_tx tx;
    zc_evm_authorization tuple;
    size_t offset;
    if (zc_ok(zc_evm_parse_authorization(bytes, &tuple, &offset))) {
        return true;
    }
    zc_result result = zc_evm_parse(bytes, &tx, &offset);
    if (zc_is(result, ZC_INTENT_BLOB_SIDECAR)) {
        return zc_ok(zc_rlp_check(zc_slice_of(bytes.data + 1, bytes.len - 1)));
    }
    return zc_ok(result);
}
