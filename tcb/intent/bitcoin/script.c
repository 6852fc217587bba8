#include "intent/bitcoin/script.h"

#include "intent/bitcoin/wire.h"

/* Scripts that are a payload of fixed length between fixed bytes. */
typedef struct zc_btc_pattern {
    zc_btc_script_kind kind;
    uint8_t prefix_len;
    uint8_t payload_len;
    uint8_t suffix_len;
    uint8_t prefix[3];
    uint8_t suffix[2];
} zc_btc_pattern;

static const zc_btc_pattern patterns[] = {
    {ZC_BTC_P2PKH, 3, 20, 2, {0x76, 0xa9, 0x14}, {0x88, 0xac}},
    {ZC_BTC_P2SH, 2, 20, 1, {0xa9, 0x14}, {0x87}},
    {ZC_BTC_P2WPKH, 2, 20, 0, {0x00, 0x14}, {0}},
    {ZC_BTC_P2WSH, 2, 32, 0, {0x00, 0x20}, {0}},
    {ZC_BTC_P2TR, 2, 32, 0, {0x51, 0x20}, {0}},
    {ZC_BTC_P2PK, 1, 33, 1, {0x21}, {0xac}},
    {ZC_BTC_P2PK, 1, 65, 1, {0x41}, {0xac}},
};

enum { PATTERN_COUNT = sizeof(patterns) / sizeof(patterns[0]) };

static bool is_key(zc_slice bytes)
{
    return (bytes.len == 33 && (bytes.data[0] == 2 || bytes.data[0] == 3)) ||
           (bytes.len == 65 && bytes.data[0] == 4);
}

static bool fits(const zc_btc_pattern *pattern, zc_slice script)
{
    size_t suffix_at = (size_t)pattern->prefix_len + pattern->payload_len;
    return script.len == suffix_at + pattern->suffix_len &&
           memcmp(script.data, pattern->prefix, pattern->prefix_len) == 0 &&
           memcmp(script.data + suffix_at, pattern->suffix, pattern->suffix_len) == 0 &&
           (pattern->kind != ZC_BTC_P2PK ||
            is_key(zc_slice_of(script.data + 1, pattern->payload_len)));
}

static const zc_btc_pattern *find_pattern(zc_slice script)
{
    for (size_t i = 0; i < PATTERN_COUNT; i++) {
        if (fits(&patterns[i], script)) {
            return &patterns[i];
        }
    }
    return NULL;
}

/* BIP-141: a version and one push of 2 to 40 bytes. */
static bool is_witness_program(zc_slice script)
{
    return script.len >= 4 && script.len <= 42 && script.data[1] == script.len - 2 &&
           (script.data[0] == ZC_BTC_OP_0 ||
            (script.data[0] >= ZC_BTC_OP_1 && script.data[0] <= ZC_BTC_OP_16));
}

zc_btc_script_kind zc_btc_script_kind_of(zc_slice script)
{
    zc_btc_multisig multisig;
    const zc_btc_pattern *pattern = find_pattern(script);
    if (pattern != NULL) {
        return pattern->kind;
    }
    if (is_witness_program(script)) {
        return ZC_BTC_WITNESS;
    }
    if (script.len > 0 && script.data[0] == ZC_BTC_OP_RETURN) {
        return ZC_BTC_RETURN;
    }
    return zc_btc_script_multisig(script, &multisig) ? ZC_BTC_MULTISIG : ZC_BTC_ODD;
}

zc_slice zc_btc_script_payload(zc_slice script)
{
    const zc_btc_pattern *pattern = find_pattern(script);
    if (pattern != NULL) {
        return zc_slice_of(script.data + pattern->prefix_len, pattern->payload_len);
    }
    return is_witness_program(script) ? zc_slice_of(script.data + 2, script.len - 2)
                                      : zc_slice_of(NULL, 0);
}

/* 1…16 for OP_1…OP_16; 0 for another opcode. */
static uint8_t small_number(uint8_t opcode)
{
    return opcode >= ZC_BTC_OP_1 && opcode <= ZC_BTC_OP_16 ? (uint8_t)(opcode - ZC_BTC_OP_1 + 1)
                                                           : 0;
}

bool zc_btc_script_multisig(zc_slice script, zc_btc_multisig *ret_multisig)
{
    zc_btc_multisig found = {0};
    if (script.len < 3 || script.data[script.len - 1] != ZC_BTC_OP_CHECKMULTISIG) {
        return false;
    }
    found.required = small_number(script.data[0]);
    uint8_t count = small_number(script.data[script.len - 2]);
    zc_reader keys = zc_reader_of(zc_slice_of(script.data + 1, script.len - 3));
    for (uint8_t i = 0; i < count; i++) {
        uint8_t len;
        if (!zc_ok(zc_read_u8(&keys, &len)) || !zc_ok(zc_read_slice(&keys, len, &found.keys[i])) ||
            !is_key(found.keys[i])) {
            return false;
        }
    }
    found.count = count;
    if (found.required == 0 || found.required > count || !zc_ok(zc_reader_end(&keys))) {
        return false;
    }
    *ret_multisig = found;
    return true;
}

static bool push_len(zc_reader *script, uint8_t opcode, size_t *ret_len)
{
    size_t size = opcode == ZC_BTC_OP_PUSHDATA1   ? 1
                  : opcode == ZC_BTC_OP_PUSHDATA2 ? 2
                  : opcode == ZC_BTC_OP_PUSHDATA4 ? 4
                                                  : 0;
    size_t len = opcode < ZC_BTC_OP_PUSHDATA1 ? opcode : 0;
    zc_slice bytes;
    if (!zc_ok(zc_read_slice(script, size, &bytes))) {
        return false;
    }
    for (size_t i = size; i > 0; i--) {
        len = len << 8 | bytes.data[i - 1];
    }
    *ret_len = len;
    return true;
}

bool zc_btc_script_next(zc_reader *script, uint8_t *ret_opcode, zc_slice *ret_data)
{
    zc_reader at = *script;
    uint8_t opcode;
    size_t len;
    zc_slice data;
    if (!zc_ok(zc_read_u8(&at, &opcode)) || !push_len(&at, opcode, &len) ||
        !zc_ok(zc_read_slice(&at, len, &data))) {
        return false;
    }
    *script = at;
    *ret_opcode = opcode;
    *ret_data = data;
    return true;
}

zc_address zc_btc_script_make(zc_btc_script_kind kind, const uint8_t *payload)
{
    zc_address script = {0};
    for (size_t i = 0; i < PATTERN_COUNT; i++) {
        const zc_btc_pattern *pattern = &patterns[i];
        if (pattern->kind == kind) {
            size_t suffix_at = (size_t)pattern->prefix_len + pattern->payload_len;
            memcpy(script.byte, pattern->prefix, pattern->prefix_len);
            memcpy(script.byte + pattern->prefix_len, payload, pattern->payload_len);
            memcpy(script.byte + suffix_at, pattern->suffix, pattern->suffix_len);
            script.len = (uint8_t)(suffix_at + pattern->suffix_len);
            break;
        }
    }
    return script;
}

zc_result zc_btc_write_push(zc_writer *writer, zc_slice data)
{
    zc_writer at = *writer;
    if (data.len > UINT16_MAX) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    if (data.len < ZC_BTC_OP_PUSHDATA1) {
        ZC_TRY(zc_write_u8(&at, (uint8_t)data.len));
    } else if (data.len <= UINT8_MAX) {
        ZC_TRY(zc_write_u8(&at, ZC_BTC_OP_PUSHDATA1));
        ZC_TRY(zc_write_u8(&at, (uint8_t)data.len));
    } else {
        ZC_TRY(zc_write_u8(&at, ZC_BTC_OP_PUSHDATA2));
        ZC_TRY(zc_write_u8(&at, (uint8_t)(data.len & 0xff)));
        ZC_TRY(zc_write_u8(&at, (uint8_t)(data.len >> 8)));
    }
    ZC_TRY(zc_write_slice(&at, data));
    *writer = at;
    return ZC_OK;
}
