#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/u256.h"
#include "codec/cbor.h"
#include "intent/address.h"
#include "intent/typed_data.h"
#include "support/reasons.h"
#include "support/typed_value.h"

/* The largest whole number that every reader of JSON keeps exactly. */
#define SAFE_INTEGER ((INT64_C(1) << 53) - 1)

/* The digits behind `prefix`, if nothing else follows: 0 without digits, and as an answer to
 * anything that is no such type. */
static unsigned width_of(const char *type, const char *prefix, bool *ret_is)
{
    const size_t len = strlen(prefix);
    char *end;
    *ret_is = false;
    if (strncmp(type, prefix, len) != 0 || strspn(type + len, "0123456789") != strlen(type + len) ||
        strlen(type + len) > 3) {
        return 0;
    }
    *ret_is = true;
    return (unsigned)strtoul(type + len, &end, 10);
}

/* A number and its sign. */
typedef struct number {
    bool is_negative;
    zc_u256 magnitude;
} number;

static bool parse_hex(const char *digits, zc_u256 *ret_value)
{
    uint8_t bytes[32] = {0};
    char even[2 * sizeof bytes];
    const size_t zeros = strspn(digits, "0");
    const size_t len = strlen(digits) - zeros;
    const size_t pad = len % 2;
    if (len + zeros == 0 || len > sizeof even) {
        return false;
    }
    const size_t size = (len + pad) / 2;
    even[0] = '0';
    for (size_t i = 0; i < len; i++) {
        even[pad + i] = digits[zeros + i];
    }
    return strspn(digits + zeros, "0123456789abcdefABCDEF") == len &&
           zc_ok(zc_hex_decode(zc_slice_of(even, len + pad), bytes + sizeof bytes - size, size)) &&
           zc_ok(zc_u256_from_be(ZC_SLICE_OF_ARRAY(bytes), ret_value));
}

static bool parse_text(const char *text, number *ret_number)
{
    ret_number->is_negative = text[0] == '-';
    text += ret_number->is_negative ? 1 : 0;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        return parse_hex(text + 2, &ret_number->magnitude);
    }
    return zc_ok(zc_u256_from_decimal(zc_slice_of_text(text), &ret_number->magnitude));
}

/* The text of a JSON string, unless it holds a NUL: then no number and no bytes. */
static const char *plain_text(const json_t *value)
{
    const char *text = json_string_value(value);
    return text != NULL && strlen(text) == json_string_length(value) ? text : NULL;
}

static zc_result read_number(zc_typed_writer *writer, const json_t *value, number *ret_number)
{
    *ret_number = (number){0};
    if (json_is_integer(value)) {
        const json_int_t integer = json_integer_value(value);
        if (integer > SAFE_INTEGER || integer < -SAFE_INTEGER) {
            return zc_typed_fail(writer, "%lld is beyond 2^53: write it as a text",
                                 (long long)integer);
        }
        ret_number->is_negative = integer < 0;
        ret_number->magnitude = zc_u256_of((uint64_t)(integer < 0 ? -integer : integer));
        return ZC_OK;
    }
    if (json_is_real(value)) {
        return zc_typed_fail(writer, "not a whole number in digits");
    }
    const char *text = plain_text(value);
    if (text == NULL || !parse_text(text, ret_number)) {
        return zc_typed_fail(writer, "not a number: digits, or hex behind 0x, of at most 256 bits");
    }
    return ZC_OK;
}

static zc_u256 power_of_two(unsigned bits)
{
    zc_u256 power = ZC_U256_ZERO;
    power.limb[bits / 64] = UINT64_C(1) << bits % 64;
    return power;
}

/* 2^256 − magnitude. */
static zc_u256 negated(const zc_u256 *magnitude)
{
    zc_u256 result;
    uint64_t carry = 1;
    for (size_t i = 0; i < 4; i++) {
        result.limb[i] = ~magnitude->limb[i] + carry;
        carry = carry == 1 && result.limb[i] == 0 ? 1 : 0;
    }
    return result;
}

static bool number_fits(const number *value, unsigned bits, bool is_signed)
{
    const bool is_zero = zc_u256_is_zero(&value->magnitude);
    if (!is_signed) {
        return (!value->is_negative || is_zero) && zc_u256_byte_len(&value->magnitude) <= bits / 8;
    }
    const zc_u256 limit = power_of_two(bits - 1);
    const int order = zc_u256_cmp(&value->magnitude, &limit);
    return value->is_negative ? order <= 0 : order < 0;
}

static zc_result put_number(zc_typed_writer *writer, const char *type, unsigned bits,
                            bool is_signed, const json_t *value)
{
    number read;
    ZC_TRY(read_number(writer, value, &read));
    if (!number_fits(&read, bits, is_signed)) {
        char digits[ZC_U256_DECIMAL_SIZE];
        (void)zc_u256_to_decimal(&read.magnitude, digits);
        return zc_typed_fail(writer, "%s%s does not fit in %s", read.is_negative ? "-" : "", digits,
                             type);
    }
    const zc_u256 out = read.is_negative ? negated(&read.magnitude) : read.magnitude;
    return zc_typed_put(writer, zc_cbor_put_u256(&writer->form, &out));
}

/* The digits behind 0x; NULL if it does not start so. */
static const char *behind_0x(const json_t *value)
{
    const char *text = plain_text(value);
    return text != NULL && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? text + 2 : NULL;
}

static zc_result put_bytes_n(zc_typed_writer *writer, const char *type, unsigned size,
                             const json_t *value)
{
    uint8_t bytes[32] = {0};
    size_t len = 0;
    const char *digits = behind_0x(value);
    if (digits == NULL) {
        return zc_typed_fail(writer, "not hex behind 0x, as %s is written", type);
    }
    /* What some write for no bytes, or for zeros. */
    if (strcmp(digits, "0") == 0) {
        digits = "";
    }
    if (strlen(digits) > 2 * (size_t)size) {
        return zc_typed_fail(writer, "%zu bytes do not fit in %s", (strlen(digits) + 1) / 2, type);
    }
    if (!zc_ok(zc_hex_decode_some(zc_slice_of_text(digits), bytes, size, &len))) {
        return zc_typed_fail(writer, "not hex with two digits a byte");
    }
    return zc_typed_put(writer, zc_cbor_put_bytes(&writer->form, zc_slice_of(bytes, size)));
}

static zc_result put_bytes(zc_typed_writer *writer, const json_t *value)
{
    const char *digits = behind_0x(value);
    if (digits == NULL) {
        return zc_typed_fail(writer, "not hex behind 0x, as bytes are written");
    }
    const size_t size = strlen(digits) / 2;
    uint8_t *bytes = malloc(size + 1);
    if (bytes == NULL) {
        return zc_error_set(writer->error, ZC_SUPPORT_NO_MEMORY, "cannot read the typed data",
                            "the machine gave no memory", "free memory");
    }
    zc_result result = zc_hex_decode(zc_slice_of_text(digits), bytes, size);
    result = zc_ok(result)
                 ? zc_typed_put(writer, zc_cbor_put_bytes(&writer->form, zc_slice_of(bytes, size)))
                 : zc_typed_fail(writer, "not hex with two digits a byte");
    free(bytes);
    return result;
}

static zc_result put_address(zc_typed_writer *writer, const json_t *value)
{
    char text[ZC_ADDRESS_TEXT_SIZE] = "0x";
    zc_address address;
    const char *digits = behind_0x(value);
    if (digits == NULL) {
        digits = plain_text(value);
    }
    if (digits == NULL || strlen(digits) != (size_t)2 * ZC_EVM_ADDRESS_SIZE ||
        strspn(digits, "0123456789abcdefABCDEF") != strlen(digits)) {
        return zc_typed_fail(writer, "not an address: 20 bytes in hex");
    }
    memcpy(text + 2, digits, strlen(digits) + 1);
    if (!zc_ok(zc_address_read(1, zc_slice_of_text(text), &address))) {
        return zc_typed_fail(writer, "the checksum of the address is wrong (EIP-55)");
    }
    return zc_typed_put(writer, zc_cbor_put_bytes(&writer->form, zc_address_slice(&address)));
}

static zc_result put_string(zc_typed_writer *writer, const json_t *value)
{
    if (!json_is_string(value)) {
        return zc_typed_fail(writer, "not a text");
    }
    const zc_slice text = zc_slice_of(json_string_value(value), json_string_length(value));
    return zc_typed_put(writer, zc_cbor_put_text(&writer->form, text));
}

bool zc_typed_is_leaf(const char *type)
{
    static const char *const plain[] = {"address", "bool", "string"};
    bool is;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (strcmp(type, plain[i]) == 0) {
            return true;
        }
    }
    (void)width_of(type, "bytes", &is);
    if (!is) {
        (void)width_of(type, "uint", &is);
    }
    if (!is) {
        (void)width_of(type, "int", &is);
    }
    return is;
}

zc_result zc_typed_leaf(zc_typed_writer *writer, const char *type, const json_t *value)
{
    bool is_bytes;
    bool is_uint;
    bool is_int;
    const unsigned size = width_of(type, "bytes", &is_bytes);
    const unsigned bits = width_of(type, "uint", &is_uint) | width_of(type, "int", &is_int);
    if (strcmp(type, "address") == 0) {
        return put_address(writer, value);
    }
    if (strcmp(type, "string") == 0) {
        return put_string(writer, value);
    }
    if (strcmp(type, "bytes") == 0) {
        return put_bytes(writer, value);
    }
    if (strcmp(type, "bool") == 0) {
        return json_is_boolean(value)
                   ? zc_typed_put(writer, zc_cbor_put_bool(&writer->form, json_is_true(value)))
                   : zc_typed_fail(writer, "neither true nor false");
    }
    if (is_bytes && size >= 1 && size <= 32) {
        return put_bytes_n(writer, type, size, value);
    }
    if ((is_uint || is_int) && bits % 8 == 0 && bits >= 8 && bits <= 256) {
        return put_number(writer, type, bits, is_int, value);
    }
    return zc_typed_fail(writer, "there is no type %s", type);
}
