#include "codec/bech32.h"
#include "codec/cbor.h"
#include "crypto/hash.h"
#include "intent/cosmos/walk.h"

#define NANOS_PER_SECOND 1000000000
#define MIN_DENOM 3

zc_result zc_cosmos_get_text(const zc_pb_field *field, zc_slice *ret_text)
{
    if (field->wire != ZC_PB_BYTES) {
        return zc_fail(ZC_INTENT_COSMOS_WIRE);
    }
    if (!zc_utf8_valid(field->bytes)) {
        return zc_fail(ZC_INTENT_COSMOS_TEXT);
    }
    *ret_text = field->bytes;
    return ZC_OK;
}

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What sdk.ValidateDenom takes: a letter, and at least two more of letters, digits and "/:._-". */
static bool is_denom(zc_slice text)
{
    if (text.len < MIN_DENOM || text.len > ZC_TOKEN_MAX || !is_letter(text.data[0])) {
        return false;
    }
    for (size_t i = 1; i < text.len; i++) {
        const uint8_t c = text.data[i];
        if (!is_letter(c) && (c < '0' || c > '9') && (c == '\0' || strchr("/:._-", c) == NULL)) {
            return false;
        }
    }
    return true;
}

/* Two fields of bytes, 1 and 2; others are none of Coin's or Any's. */
static zc_result get_pair(zc_slice message, zc_slice ret_pair[static 2])
{
    zc_reader reader = zc_reader_of(message);
    zc_pb_sequence sequence = {0};
    zc_pb_field field;
    while (zc_reader_left(&reader) != 0) {
        ZC_TRY(zc_pb_get_field(&reader, &field));
        ZC_TRY(zc_pb_sequence_check(&sequence, field.number, false));
        if (field.number > 2 || field.wire != ZC_PB_BYTES) {
            return zc_fail(ZC_INTENT_COSMOS_WIRE);
        }
        ret_pair[field.number - 1] = field.bytes;
    }
    return ZC_OK;
}

zc_result zc_cosmos_get_coin(const zc_pb_field *field, uint64_t chain, zc_cosmos_coin *ret_coin)
{
    zc_slice pair[2] = {{NULL, 0}, {NULL, 0}};
    if (field->wire != ZC_PB_BYTES) {
        return zc_fail(ZC_INTENT_COSMOS_WIRE);
    }
    ZC_TRY(get_pair(field->bytes, pair));
    if (!is_denom(pair[0])) {
        return zc_fail(ZC_INTENT_COSMOS_DENOM);
    }
    zc_u256 amount;
    if (!zc_ok(zc_u256_from_decimal(pair[1], &amount))) {
        return zc_fail(ZC_INTENT_COSMOS_AMOUNT);
    }
    *ret_coin = (zc_cosmos_coin){.asset = zc_asset_id_token(chain, pair[0]),
                                 .amount = amount,
                                 .denom = pair[0],
                                 .digits = pair[1]};
    return ZC_OK;
}

zc_result zc_cosmos_get_any(zc_slice any, zc_slice *ret_type_url, zc_slice *ret_value)
{
    zc_slice pair[2] = {{NULL, 0}, {NULL, 0}};
    ZC_TRY(get_pair(any, pair));
    if (pair[0].len == 0) {
        return zc_fail(ZC_INTENT_COSMOS_MISSING);
    }
    if (!zc_utf8_valid(pair[0])) {
        return zc_fail(ZC_INTENT_COSMOS_TEXT);
    }
    *ret_type_url = pair[0];
    *ret_value = pair[1];
    return ZC_OK;
}

zc_result zc_cosmos_get_time(const zc_pb_field *field, int64_t *ret_seconds, uint32_t *ret_nanos)
{
    zc_pb_sequence sequence = {0};
    zc_pb_field part;
    uint64_t value[2] = {0, 0};
    if (field->wire != ZC_PB_BYTES) {
        return zc_fail(ZC_INTENT_COSMOS_WIRE);
    }
    zc_reader reader = zc_reader_of(field->bytes);
    while (zc_reader_left(&reader) != 0) {
        ZC_TRY(zc_pb_get_field(&reader, &part));
        ZC_TRY(zc_pb_sequence_check(&sequence, part.number, false));
        if (part.number > 2 || part.wire != ZC_PB_VARINT) {
            return zc_fail(ZC_INTENT_COSMOS_WIRE);
        }
        value[part.number - 1] = part.value;
    }
    if (value[1] >= NANOS_PER_SECOND) {
        return zc_fail(ZC_INTENT_COSMOS_WIRE);
    }
    *ret_seconds = (int64_t)value[0];
    *ret_nanos = (uint32_t)value[1];
    return ZC_OK;
}

/* Groups of five bits as bytes, the spare bits of the last being zero. The text has been read once
 * already: zc_bech32_read() with its own prefix would take the whole of it again. */
static bool regroup(const zc_bech32_text *parts, uint8_t *ret_bytes, size_t *ret_len)
{
    uint32_t bits = 0;
    unsigned count = 0;
    size_t len = 0;
    for (size_t i = 0; i < parts->data_len; i++) {
        bits = (bits << 5 | parts->data[i]) & 0xfff;
        count += 5;
        if (count >= 8) {
            count -= 8;
            if (len == ZC_BECH32_MAX_BYTES) {
                return false;
            }
            ret_bytes[len++] = (uint8_t)(bits >> count);
        }
    }
    *ret_len = len;
    return count < 5 && (bits & ((1u << count) - 1)) == 0;
}

zc_result zc_cosmos_get_address(zc_slice text, zc_address *ret_address)
{
    zc_bech32_text parts;
    uint8_t bytes[ZC_BECH32_MAX_BYTES];
    size_t len;
    if (!zc_ok(zc_bech32_read_groups(text, &parts)) || parts.kind != ZC_BECH32 ||
        !regroup(&parts, bytes, &len) || len == 0) {
        return zc_fail(ZC_INTENT_COSMOS_ADDRESS);
    }
    *ret_address = zc_address_of(zc_slice_of(bytes, len));
    return ZC_OK;
}

zc_result zc_cosmos_add_text(zc_intent *intent, uint16_t call, const char *label,
                             zc_argument_kind kind, zc_slice text)
{
    zc_argument *argument;
    uint8_t hash[32];
    ZC_TRY(zc_intent_add_argument(intent, call, kind, label, &argument));
    if (text.len > ZC_ARGUMENT_BYTES_MAX) {
        zc_sha256(text, hash);
        text = ZC_SLICE_OF_ARRAY(hash);
        argument->is_hash = true;
    }
    argument->len = (uint8_t)text.len;
    if (text.len != 0) {
        memcpy(argument->byte, text.data, text.len);
    }
    return ZC_OK;
}

zc_result zc_cosmos_add_number(zc_intent *intent, uint16_t call, const char *label,
                               zc_argument_kind kind, uint64_t value)
{
    zc_argument *argument;
    ZC_TRY(zc_intent_add_argument(intent, call, kind, label, &argument));
    argument->number = zc_u256_of(value);
    if (kind == ZC_ARGUMENT_SIGNED && value >> 63 != 0) {
        argument->number.limb[1] = UINT64_MAX;
        argument->number.limb[2] = UINT64_MAX;
        argument->number.limb[3] = UINT64_MAX;
    }
    return ZC_OK;
}

/* As Cosmos writes coins: the amount, then the denomination. */
zc_result zc_cosmos_add_coin(zc_intent *intent, uint16_t call, const char *label,
                             const zc_cosmos_coin *coin)
{
    uint8_t text[ZC_U256_DECIMAL_SIZE + ZC_TOKEN_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    ZC_TRY(zc_write_slice(&writer, coin->digits));
    ZC_TRY(zc_write_slice(&writer, coin->denom));
    return zc_cosmos_add_text(intent, call, label, ZC_ARGUMENT_TEXT, zc_writer_written(&writer));
}
