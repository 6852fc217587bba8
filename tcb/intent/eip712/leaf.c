#include "codec/cbor.h"
#include "crypto/hash.h"
#include "intent/eip712/values.h"

enum { KECCAK_BLOCK = 136 };

zc_result zc_eip712_hash(zc_eip712 *run, zc_slice bytes, uint8_t ret_hash[static 32])
{
    const size_t blocks = bytes.len / KECCAK_BLOCK + 1;
    if (blocks > run->blocks_left) {
        return zc_fail(ZC_INTENT_TYPED_TOO_LARGE);
    }
    run->blocks_left -= blocks;
    zc_keccak256(bytes, ret_hash);
    return ZC_OK;
}

/* Whether the bits above `width` bytes are zero. */
static bool fits(const zc_u256 *number, unsigned width)
{
    return zc_u256_byte_len(number) <= width;
}

/* Whether a number of 256 bits in two's complement fits in `width` bytes: all bits from the sign
 * bit up are the same. */
static bool fits_signed(const zc_u256 *number, unsigned width)
{
    uint8_t bytes[32];
    zc_u256_to_be(number, bytes);
    const uint8_t *low = bytes + 32 - width;
    const uint8_t sign = (low[0] & 0x80) != 0 ? 0xff : 0x00;
    for (const uint8_t *high = bytes; high < low; high++) {
        if (*high != sign) {
            return false;
        }
    }
    return true;
}

static zc_result read_number(zc_reader *reader, const zc_eip712_member *member, zc_u256 *ret_number)
{
    zc_u256 number;
    zc_reader at = *reader;
    ZC_TRY(zc_cbor_get_u256(&at, &number));
    if (member->kind == ZC_EIP712_UINT ? !fits(&number, member->width)
                                       : !fits_signed(&number, member->width)) {
        return zc_fail(ZC_INTENT_TYPED_RANGE);
    }
    *reader = at;
    *ret_number = number;
    return ZC_OK;
}

static zc_result read_sized(zc_reader *reader, size_t len, zc_slice *ret_bytes)
{
    zc_slice bytes;
    zc_reader at = *reader;
    ZC_TRY(zc_cbor_get_bytes(&at, &bytes));
    if (bytes.len != len) {
        return zc_fail(ZC_INTENT_TYPED_LENGTH);
    }
    *reader = at;
    *ret_bytes = bytes;
    return ZC_OK;
}

zc_result zc_eip712_leaf_read(zc_reader *reader, const zc_eip712_member *member,
                              zc_eip712_leaf *ret_leaf)
{
    bool truth;
    switch (member->kind) {
    case ZC_EIP712_UINT:
    case ZC_EIP712_INT:
        return read_number(reader, member, &ret_leaf->number);
    case ZC_EIP712_BYTES_N:
        return read_sized(reader, member->width, &ret_leaf->bytes);
    case ZC_EIP712_ADDRESS:
        return read_sized(reader, ZC_EVM_ADDRESS_SIZE, &ret_leaf->bytes);
    case ZC_EIP712_BYTES:
        return zc_cbor_get_bytes(reader, &ret_leaf->bytes);
    case ZC_EIP712_STRING:
        return zc_cbor_get_text(reader, &ret_leaf->bytes);
    case ZC_EIP712_BOOL:
        ZC_TRY(zc_cbor_get_bool(reader, &truth));
        ret_leaf->number = zc_u256_of(truth ? 1 : 0);
        return ZC_OK;
    case ZC_EIP712_STRUCT:
        break;
    }
    return zc_fail(ZC_INTENT_TYPED_TYPE);
}

zc_result zc_eip712_leaf_encode(zc_eip712 *run, const zc_eip712_member *member,
                                const zc_eip712_leaf *leaf, uint8_t ret_word[static ZC_EIP712_WORD])
{
    switch (member->kind) {
    case ZC_EIP712_BYTES:
    case ZC_EIP712_STRING:
        return zc_eip712_hash(run, leaf->bytes, ret_word);
    case ZC_EIP712_BYTES_N:
        memset(ret_word, 0, ZC_EIP712_WORD);
        memcpy(ret_word, leaf->bytes.data, leaf->bytes.len);
        return ZC_OK;
    case ZC_EIP712_ADDRESS:
        memset(ret_word, 0, ZC_EIP712_WORD);
        memcpy(ret_word + ZC_EIP712_WORD - ZC_EVM_ADDRESS_SIZE, leaf->bytes.data,
               ZC_EVM_ADDRESS_SIZE);
        return ZC_OK;
    default:
        zc_u256_to_be(&leaf->number, ret_word);
        return ZC_OK;
    }
}

static zc_argument *new_argument(const char *label, zc_argument_kind kind, zc_intent *intent)
{
    zc_argument *argument;
    if (!zc_ok(zc_intent_add_argument(intent, ZC_CALL_NONE, kind, label, &argument))) {
        intent->flags |= ZC_FLAG_PARTIAL_DECODE;
        return NULL;
    }
    return argument;
}

void zc_eip712_show_number(const char *label, uint64_t number, zc_intent *intent)
{
    zc_argument *argument = new_argument(label, ZC_ARGUMENT_NUMBER, intent);
    if (argument != NULL) {
        argument->number = zc_u256_of(number);
    }
}

void zc_eip712_show_bytes(const char *label, zc_argument_kind kind, zc_slice bytes,
                          zc_intent *intent)
{
    zc_argument *argument = new_argument(label, kind, intent);
    if (argument == NULL) {
        return;
    }
    if (bytes.len > ZC_ARGUMENT_BYTES_MAX) {
        zc_sha256(bytes, argument->byte);
        argument->is_hash = true;
        argument->len = 32;
        return;
    }
    argument->len = (uint8_t)bytes.len;
    if (bytes.len > 0) {
        memcpy(argument->byte, bytes.data, bytes.len);
    }
}

void zc_eip712_leaf_show(const zc_eip712_member *member, const zc_eip712_leaf *leaf,
                         const char *label, zc_intent *intent)
{
    static const zc_argument_kind kinds[] = {
        [ZC_EIP712_UINT] = ZC_ARGUMENT_NUMBER,   [ZC_EIP712_INT] = ZC_ARGUMENT_SIGNED,
        [ZC_EIP712_BYTES_N] = ZC_ARGUMENT_BYTES, [ZC_EIP712_BYTES] = ZC_ARGUMENT_BYTES,
        [ZC_EIP712_STRING] = ZC_ARGUMENT_TEXT,   [ZC_EIP712_ADDRESS] = ZC_ARGUMENT_ADDRESS,
        [ZC_EIP712_BOOL] = ZC_ARGUMENT_BOOL,
    };
    const zc_argument_kind kind = kinds[member->kind];
    if (kind == ZC_ARGUMENT_BYTES || kind == ZC_ARGUMENT_TEXT || kind == ZC_ARGUMENT_ADDRESS) {
        zc_eip712_show_bytes(label, kind, leaf->bytes, intent);
        return;
    }
    zc_argument *argument = new_argument(label, kind, intent);
    if (argument != NULL) {
        argument->number = leaf->number;
    }
}
