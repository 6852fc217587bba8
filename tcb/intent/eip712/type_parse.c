/* The text of a member's type: "uint256", "Person", "bytes32[2][]". */
#include "base/checked.h"
#include "intent/eip712/types.h"

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

bool zc_eip712_name_is_good(zc_slice name, bool of_type)
{
    if (name.len == 0 || name.len > ZC_TYPED_DATA_MAX_NAME || !is_letter(name.data[0])) {
        return false;
    }
    for (size_t i = 1; i < name.len; i++) {
        const uint8_t c = name.data[i];
        if (!is_letter(c) && !is_digit(c) && c != '-' && !(of_type && c == ':')) {
            return false;
        }
    }
    return true;
}

/* A number without leading zeros behind `prefix`, to the end of the text; 0 if it is none. */
static unsigned number_behind(zc_slice text, const char *prefix)
{
    const size_t len = strlen(prefix);
    unsigned number = 0;
    if (text.len <= len || text.len > len + 3 || memcmp(text.data, prefix, len) != 0 ||
        text.data[len] == '0') {
        return 0;
    }
    for (size_t i = len; i < text.len; i++) {
        if (!is_digit(text.data[i])) {
            return 0;
        }
        number = number * 10 + (unsigned)(text.data[i] - '0');
    }
    return number;
}

static bool is_numbered(zc_slice text, const char *prefix)
{
    const size_t len = strlen(prefix);
    if (text.len < len || memcmp(text.data, prefix, len) != 0) {
        return false;
    }
    for (size_t i = len; i < text.len; i++) {
        if (!is_digit(text.data[i])) {
            return false;
        }
    }
    return true;
}

static zc_result with_width(zc_eip712_kind kind, unsigned width, unsigned max,
                            zc_eip712_member *ret_member)
{
    if (width == 0 || width > max) {
        return zc_fail(ZC_INTENT_TYPED_TYPE);
    }
    ret_member->kind = kind;
    ret_member->width = (uint8_t)width;
    return ZC_OK;
}

/* Solidity's "int" and "uint", and "function", are no types of EIP-712; nor can a struct be named
 * so that a reader takes it for a number. */
static zc_result parse_base(zc_slice base, zc_eip712_member *ret_member)
{
    static const struct {
        const char *name;
        zc_eip712_kind kind;
    } plain[] = {{"address", ZC_EIP712_ADDRESS},
                 {"bool", ZC_EIP712_BOOL},
                 {"bytes", ZC_EIP712_BYTES},
                 {"string", ZC_EIP712_STRING}};
    for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++) {
        if (zc_slice_eq_text(base, plain[i].name)) {
            ret_member->kind = plain[i].kind;
            return ZC_OK;
        }
    }
    if (is_numbered(base, "uint")) {
        const unsigned bits = number_behind(base, "uint");
        return with_width(ZC_EIP712_UINT, bits % 8 == 0 ? bits / 8 : 0, 32, ret_member);
    }
    if (is_numbered(base, "int")) {
        const unsigned bits = number_behind(base, "int");
        return with_width(ZC_EIP712_INT, bits % 8 == 0 ? bits / 8 : 0, 32, ret_member);
    }
    if (is_numbered(base, "bytes")) {
        return with_width(ZC_EIP712_BYTES_N, number_behind(base, "bytes"), 32, ret_member);
    }
    if (zc_slice_eq_text(base, "function") || !zc_eip712_name_is_good(base, true)) {
        return zc_fail(ZC_INTENT_TYPED_TYPE);
    }
    ret_member->kind = ZC_EIP712_STRUCT;
    return ZC_OK;
}

/* "[]" or "[n]" with n of at least 1 and no leading zero. */
static zc_result read_dim(zc_reader *reader, uint32_t *ret_dim)
{
    uint8_t c;
    uint32_t number = 0;
    ZC_TRY(zc_read_u8(reader, &c));
    if (c != '[') {
        return zc_fail(ZC_INTENT_TYPED_TYPE);
    }
    for (size_t digits = 0; digits <= 5; digits++) {
        ZC_TRY(zc_read_u8(reader, &c));
        if (c == ']') {
            *ret_dim = number;
            return ZC_OK;
        }
        if (!is_digit(c) || (number == 0 && c == '0')) {
            break;
        }
        number = number * 10 + (uint32_t)(c - '0');
    }
    return zc_fail(ZC_INTENT_TYPED_TYPE);
}

zc_result zc_eip712_type_parse(zc_slice text, zc_eip712_types *types, zc_eip712_member *ret_member,
                               zc_slice *ret_base)
{
    zc_eip712_member member = *ret_member;
    zc_slice base = text;
    const uint8_t *bracket = text.len == 0 ? NULL : memchr(text.data, '[', text.len);
    if (bracket != NULL) {
        base.len = (size_t)(bracket - text.data);
    }
    zc_reader reader = zc_reader_of(zc_slice_of(text.data + base.len, text.len - base.len));
    ZC_TRY(parse_base(base, &member));
    member.type = text;
    member.dims = 0;
    member.first_dim = (uint16_t)types->dim_count;
    while (zc_reader_left(&reader) > 0) {
        uint32_t dim;
        if (!zc_ok(read_dim(&reader, &dim))) {
            return zc_fail(ZC_INTENT_TYPED_TYPE);
        }
        if (member.dims >= ZC_TYPED_DATA_MAX_DEPTH) {
            return zc_fail(ZC_INTENT_TYPED_TOO_DEEP);
        }
        if (types->dim_count >= ZC_TYPED_DATA_MAX_ALL_MEMBERS) {
            return zc_fail(ZC_INTENT_TYPED_TOO_MANY);
        }
        types->dim[types->dim_count++] = dim;
        member.dims++;
    }
    *ret_member = member;
    *ret_base = base;
    return ZC_OK;
}
