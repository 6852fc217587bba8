#include "codec/bech32.h"

static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

enum { CHECKSUM_LEN = 6, NO_DIGIT = 255 };

static uint8_t digit_value(uint8_t character)
{
    for (uint8_t i = 0; i < 32; i++) {
        if ((uint8_t)alphabet[i] == character) {
            return i;
        }
    }
    return NO_DIGIT;
}

/* One step of the BCH code's remainder, BIP-173. */
static uint32_t step(uint32_t state, uint8_t value)
{
    static const uint32_t generator[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                          0x2a1462b3};
    uint32_t top = state >> 25;
    state = (state & 0x1ffffff) << 5 ^ value;
    for (unsigned i = 0; i < 5; i++) {
        if ((top >> i & 1) != 0) {
            state ^= generator[i];
        }
    }
    return state;
}

static uint32_t remainder_of(zc_slice hrp, zc_slice groups)
{
    uint32_t state = 1;
    for (size_t i = 0; i < hrp.len; i++) {
        state = step(state, hrp.data[i] >> 5);
    }
    state = step(state, 0);
    for (size_t i = 0; i < hrp.len; i++) {
        state = step(state, hrp.data[i] & 31);
    }
    for (size_t i = 0; i < groups.len; i++) {
        state = step(state, groups.data[i]);
    }
    return state;
}

static bool is_hrp(zc_slice hrp)
{
    for (size_t i = 0; i < hrp.len; i++) {
        if (hrp.data[i] < 33 || hrp.data[i] > 126 || (hrp.data[i] >= 'A' && hrp.data[i] <= 'Z')) {
            return false;
        }
    }
    return hrp.len >= 1 && hrp.len <= ZC_BECH32_MAX_HRP;
}

zc_result zc_bech32_write_groups(zc_slice hrp, zc_bech32_kind kind, zc_slice groups,
                                 zc_writer *writer)
{
    if (!is_hrp(hrp)) {
        return zc_fail(ZC_CODEC_BAD_BECH32);
    }
    if (groups.len > ZC_BECH32_MAX_TEXT ||
        hrp.len + 1 + groups.len + CHECKSUM_LEN > ZC_BECH32_MAX_TEXT) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    uint32_t state = remainder_of(hrp, groups);
    for (size_t i = 0; i < groups.len; i++) {
        if (groups.data[i] > 31) {
            return zc_fail(ZC_CODEC_BAD_BECH32);
        }
    }
    for (unsigned i = 0; i < CHECKSUM_LEN; i++) {
        state = step(state, 0);
    }
    state ^= (uint32_t)kind;
    uint8_t *to;
    ZC_TRY(zc_write_reserve(writer, hrp.len + 1 + groups.len + CHECKSUM_LEN, &to));
    memcpy(to, hrp.data, hrp.len);
    to += hrp.len;
    *to++ = '1';
    for (size_t i = 0; i < groups.len; i++) {
        *to++ = (uint8_t)alphabet[groups.data[i]];
    }
    for (unsigned i = 0; i < CHECKSUM_LEN; i++) {
        *to++ = (uint8_t)alphabet[state >> (25 - 5 * i) & 31];
    }
    return ZC_OK;
}

/* Bytes to groups of five bits, zeros at the end. The caller's array is long enough. */
static size_t to_groups(zc_slice bytes, uint8_t *ret_groups)
{
    uint32_t bits = 0;
    unsigned count = 0;
    size_t len = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        bits = (bits << 8 | bytes.data[i]) & 0xfff;
        for (count += 8; count >= 5; count -= 5) {
            ret_groups[len++] = (uint8_t)(bits >> (count - 5) & 31);
        }
    }
    if (count > 0) {
        ret_groups[len++] = (uint8_t)(bits << (5 - count) & 31);
    }
    return len;
}

/* The other way; what is left over must be less than a group, and zero. */
static zc_result to_bytes(zc_slice groups, uint8_t *ret_bytes, size_t capacity, size_t *ret_len)
{
    uint32_t bits = 0;
    unsigned count = 0;
    size_t len = 0;
    if (groups.len * 5 / 8 > capacity) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    if (groups.len * 5 % 8 > 4) {
        return zc_fail(ZC_CODEC_BAD_BECH32);
    }
    uint8_t spare = groups.len * 5 % 8;
    if (spare > 0 && (groups.data[groups.len - 1] & ((1u << spare) - 1)) != 0) {
        return zc_fail(ZC_CODEC_BAD_BECH32);
    }
    for (size_t i = 0; i < groups.len; i++) {
        bits = (bits << 5 | groups.data[i]) & 0xfff;
        count += 5;
        if (count >= 8) {
            count -= 8;
            ret_bytes[len++] = (uint8_t)(bits >> count);
        }
    }
    *ret_len = len;
    return ZC_OK;
}

zc_result zc_bech32_write(zc_slice hrp, zc_bech32_kind kind, zc_slice bytes, zc_writer *writer)
{
    uint8_t groups[ZC_BECH32_MAX_TEXT];
    if (bytes.len > ZC_BECH32_MAX_BYTES) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    return zc_bech32_write_groups(hrp, kind, zc_slice_of(groups, to_groups(bytes, groups)), writer);
}

/* Lower case of all of the text; false for both cases in one text, or what is not printable. */
static bool fold_case(zc_slice text, uint8_t *ret_text)
{
    bool has_lower = false;
    bool has_upper = false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t character = text.data[i];
        if (character < 33 || character > 126) {
            return false;
        }
        bool is_upper = character >= 'A' && character <= 'Z';
        has_upper |= is_upper;
        has_lower |= character >= 'a' && character <= 'z';
        ret_text[i] = is_upper ? (uint8_t)(character + 32) : character;
    }
    return !(has_lower && has_upper);
}

/* The separator is the last "1": the data part's alphabet has none. 0 where it is missing. */
static size_t find_separator(zc_slice text)
{
    size_t at = text.len - 1;
    while (at > 0 && text.data[at] != '1') {
        at--;
    }
    return at;
}

zc_result zc_bech32_read_groups(zc_slice text, zc_bech32_text *ret_text)
{
    uint8_t folded[ZC_BECH32_MAX_TEXT];
    zc_bech32_text found = {0};
    if (text.len > ZC_BECH32_MAX_TEXT) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    if (text.len == 0 || !fold_case(text, folded)) {
        return zc_fail(ZC_CODEC_BAD_BECH32);
    }
    size_t separator = find_separator(zc_slice_of(folded, text.len));
    if (separator < 1 || text.len - separator - 1 < CHECKSUM_LEN) {
        return zc_fail(ZC_CODEC_BAD_BECH32);
    }
    size_t len = text.len - separator - 1;
    for (size_t i = 0; i < len; i++) {
        found.data[i] = digit_value(folded[separator + 1 + i]);
        if (found.data[i] == NO_DIGIT) {
            return zc_fail(ZC_CODEC_BAD_BECH32);
        }
    }
    uint32_t rest = remainder_of(zc_slice_of(folded, separator), zc_slice_of(found.data, len));
    if (rest != ZC_BECH32 && rest != ZC_BECH32M) {
        return zc_fail(ZC_CODEC_BAD_BECH32);
    }
    found.kind = rest == ZC_BECH32 ? ZC_BECH32 : ZC_BECH32M;
    found.hrp_len = (uint8_t)separator;
    found.data_len = (uint8_t)(len - CHECKSUM_LEN);
    memcpy(found.hrp, folded, separator);
    *ret_text = found;
    return ZC_OK;
}

static bool has_hrp(const zc_bech32_text *text, zc_slice hrp)
{
    return zc_slice_eq(zc_slice_of(text->hrp, text->hrp_len), hrp);
}

zc_result zc_bech32_read(zc_slice hrp, zc_bech32_kind kind, zc_slice text, uint8_t *ret_bytes,
                         size_t capacity, size_t *ret_len)
{
    zc_bech32_text found;
    ZC_TRY(zc_bech32_read_groups(text, &found));
    if (found.kind != kind || !has_hrp(&found, hrp)) {
        return zc_fail(ZC_CODEC_BAD_BECH32);
    }
    return to_bytes(zc_slice_of(found.data, found.data_len), ret_bytes, capacity, ret_len);
}

static bool is_program(uint8_t version, size_t len)
{
    return version <= 16 && len >= 2 && len <= ZC_SEGWIT_MAX_PROGRAM &&
           (version != 0 || len == 20 || len == 32);
}

static zc_bech32_kind kind_of_version(uint8_t version)
{
    return version == 0 ? ZC_BECH32 : ZC_BECH32M;
}

zc_result zc_segwit_write(zc_slice hrp, uint8_t version, zc_slice program, zc_writer *writer)
{
    uint8_t groups[ZC_BECH32_MAX_TEXT];
    if (!is_program(version, program.len)) {
        return zc_fail(ZC_CODEC_BAD_BECH32);
    }
    groups[0] = version;
    size_t len = 1 + to_groups(program, groups + 1);
    return zc_bech32_write_groups(hrp, kind_of_version(version), zc_slice_of(groups, len), writer);
}

zc_result zc_segwit_read(zc_slice hrp, zc_slice text, uint8_t *ret_version,
                         uint8_t ret_program[static ZC_SEGWIT_MAX_PROGRAM], size_t *ret_len)
{
    zc_bech32_text found;
    uint8_t program[ZC_BECH32_MAX_BYTES];
    size_t len;
    ZC_TRY(zc_bech32_read_groups(text, &found));
    if (!has_hrp(&found, hrp) || found.data_len < 1 ||
        found.kind != kind_of_version(found.data[0])) {
        return zc_fail(ZC_CODEC_BAD_BECH32);
    }
    ZC_TRY(
        to_bytes(zc_slice_of(found.data + 1, found.data_len - 1u), program, sizeof(program), &len));
    if (!is_program(found.data[0], len)) {
        return zc_fail(ZC_CODEC_BAD_BECH32);
    }
    memcpy(ret_program, program, len);
    *ret_version = found.data[0];
    *ret_len = len;
    return ZC_OK;
}
