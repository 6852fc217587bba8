#include "intent/text.h"

#include "base/reader.h"

#define NOT_UTF8 UINT32_MAX

/* The bytes that follow a lead byte, and the smallest code point that may need them (RFC 3629). */
static uint32_t lead_of(uint8_t byte, size_t *ret_more, uint32_t *ret_least)
{
    static const struct {
        uint8_t mask, mark, more;
        uint32_t least;
    } leads[] = {{0x80, 0x00, 0, 0},
                 {0xe0, 0xc0, 1, 0x80},
                 {0xf0, 0xe0, 2, 0x800},
                 {0xf8, 0xf0, 3, 0x10000}};
    for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
        if ((byte & leads[i].mask) == leads[i].mark) {
            *ret_more = leads[i].more;
            *ret_least = leads[i].least;
            return byte & (uint8_t)~leads[i].mask;
        }
    }
    return NOT_UTF8;
}

/* Takes one character; or one byte and answers NOT_UTF8. The reader is not at its end. */
static uint32_t take_character(zc_reader *reader, uint8_t *ret_byte)
{
    size_t more = 0;
    uint32_t least = 0;
    zc_slice tail = {0};
    uint8_t first = 0;
    if (!zc_ok(zc_read_u8(reader, &first))) {
        return NOT_UTF8;
    }
    *ret_byte = first;
    zc_reader next = *reader;
    uint32_t code = lead_of(first, &more, &least);
    if (code == NOT_UTF8 || !zc_ok(zc_read_slice(&next, more, &tail))) {
        return NOT_UTF8;
    }
    for (size_t i = 0; i < tail.len; i++) {
        if ((tail.data[i] & 0xc0) != 0x80) {
            return NOT_UTF8;
        }
        code = code << 6 | (tail.data[i] & 0x3f);
    }
    if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        return NOT_UTF8;
    }
    *reader = next;
    return code;
}

static zc_result write_hex_number(uint32_t value, zc_writer *writer)
{
    static const char digits[] = "0123456789abcdef";
    int shift = 28;
    while (shift > 0 && value >> shift == 0) {
        shift -= 4;
    }
    for (; shift >= 0; shift -= 4) {
        ZC_TRY(zc_write_u8(writer, (uint8_t)digits[value >> shift & 15]));
    }
    return ZC_OK;
}

static zc_result write_character(uint32_t code, uint8_t byte, const char *margin, zc_writer *writer)
{
    if (code == NOT_UTF8) {
        ZC_TRY(zc_write_text(writer, byte < 16 ? "\\x0" : "\\x"));
        return write_hex_number(byte, writer);
    }
    if (code == '\n' && margin != NULL) {
        ZC_TRY(zc_write_u8(writer, '\n'));
        return zc_write_text(writer, margin);
    }
    if (code == '\\') {
        return zc_write_text(writer, "\\\\");
    }
    if (code >= ' ' && code <= '~') {
        return zc_write_u8(writer, byte);
    }
    ZC_TRY(zc_write_text(writer, "\\u{"));
    ZC_TRY(write_hex_number(code, writer));
    return zc_write_u8(writer, '}');
}

zc_result zc_text_escape(zc_slice text, const char *margin, zc_writer *writer)
{
    zc_reader reader = zc_reader_of(text);
    while (zc_reader_left(&reader) > 0) {
        uint8_t byte = 0;
        uint32_t code = take_character(&reader, &byte);
        ZC_TRY(write_character(code, byte, margin, writer));
    }
    return ZC_OK;
}

/* Unicode 15: the ranges of categories Cc, Cf, Zl, Zp, Co and Cs, the variation selectors, and the
 * fillers that show nothing. Sorted. */
static const struct {
    uint32_t first, last;
} hidden[] = {
    {0x00, 0x08},       {0x0b, 0x0c},       {0x0e, 0x1f},        {0x7f, 0x9f},
    {0xad, 0xad},       {0x34f, 0x34f},     {0x600, 0x605},      {0x61c, 0x61c},
    {0x6dd, 0x6dd},     {0x70f, 0x70f},     {0x890, 0x891},      {0x8e2, 0x8e2},
    {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},    {0x200b, 0x200f},
    {0x2028, 0x202e},   {0x2060, 0x206f},   {0x2800, 0x2800},    {0x3164, 0x3164},
    {0xe000, 0xf8ff},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},    {0xffa0, 0xffa0},
    {0xfff0, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd},  {0x13430, 0x1343f},
    {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0x10ffff},
};

static bool is_hidden(uint32_t code)
{
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]) && code >= hidden[i].first; i++) {
        if (code <= hidden[i].last) {
            return true;
        }
    }
    return false;
}

/* Every byte in 0x20…0x7e: no table has a say then. Without a branch a byte, for most messages are
 * of that kind. */
static bool is_printable_ascii(zc_slice text)
{
    unsigned outside = 0;
    for (size_t i = 0; i < text.len; i++) {
        outside |= (unsigned)((uint8_t)(text.data[i] - 0x20) > 0x7e - 0x20);
    }
    return outside == 0;
}

bool zc_text_is_plain(zc_slice text)
{
    if (is_printable_ascii(text)) {
        return true;
    }
    zc_reader reader = zc_reader_of(text);
    while (zc_reader_left(&reader) > 0) {
        uint8_t byte = 0;
        uint32_t code = take_character(&reader, &byte);
        if (code == NOT_UTF8 || is_hidden(code)) {
            return false;
        }
    }
    return true;
}
