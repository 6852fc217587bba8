/* Byte strings of test cases, written in hex. */
#ifndef ZC_TESTS_CODEC_CASES_H
#define ZC_TESTS_CODEC_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"
#include "base/reader.h"
#include "base/writer.h"
#include "codec/reasons.h"

typedef struct test_bytes {
    uint8_t data[512];
    size_t len;
} test_bytes;

static inline test_bytes from_hex(const char *hex)
{
    test_bytes bytes = {.len = 0};
    zc_result decoded =
        zc_hex_decode_some(zc_slice_of_text(hex), bytes.data, sizeof bytes.data, &bytes.len);
    assert_true(zc_ok(decoded));
    return bytes;
}

static inline zc_slice view(const test_bytes *bytes)
{
    return zc_slice_of(bytes->data, bytes->len);
}

#define assert_ok(expr) assert_int_equal((expr).code, 0)
#define assert_fails(expr, reason) assert_int_equal((expr).code, (reason))

static inline void assert_written(const zc_writer *writer, const char *hex)
{
    test_bytes wanted = from_hex(hex);
    assert_int_equal(zc_writer_len(writer), wanted.len);
    assert_memory_equal(writer->start, wanted.data, wanted.len);
}

#endif
