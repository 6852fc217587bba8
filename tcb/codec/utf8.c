#include "codec/cbor.h"

/* The well-formed byte sequences of Unicode table 3-7: the second byte's range is what excludes
 * overlong forms, surrogates and values above U+10FFFF. */
typedef struct utf8_row {
    uint8_t first_low, first_high;
    uint8_t second_low, second_high;
    uint8_t len;
} utf8_row;

static const utf8_row utf8_rows[] = {
    {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
    {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
    {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

static bool in_range(uint8_t byte, uint8_t low, uint8_t high)
{
    return byte >= low && byte <= high;
}

/* The length of the sequence that starts at `at`, or 0. */
static size_t sequence_len(const uint8_t *at, size_t left)
{
    if (at[0] < 0x80) {
        return 1;
    }
    for (size_t i = 0; i < sizeof utf8_rows / sizeof utf8_rows[0]; i++) {
        const utf8_row *row = &utf8_rows[i];
        if (!in_range(at[0], row->first_low, row->first_high)) {
            continue;
        }
        if (left < row->len || !in_range(at[1], row->second_low, row->second_high)) {
            return 0;
        }
        for (size_t j = 2; j < row->len; j++) {
            if (!in_range(at[j], 0x80, 0xbf)) {
                return 0;
            }
        }
        return row->len;
    }
    return 0;
}

bool zc_utf8_valid(zc_slice text)
{
    size_t at = 0;
    while (at < text.len) {
        size_t len = sequence_len(text.data + at, text.len - at);
        if (len == 0) {
            return false;
        }
        at += len;
    }
    return true;
}
