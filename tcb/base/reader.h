/* The one way to touch untrusted bytes.
 *
 * A reader is a cursor over a slice that it does not own. A read that fails leaves the cursor where
 * it was and its outputs untouched. A length prefix yields a sub-reader or a slice; nothing is
 * copied or allocated. A parser is done only when zc_reader_end() says so. Numbers are big-endian
 * unless the name says otherwise.
 *
 * Errors of all reads: ZC_BASE_TRUNCATED. */
#ifndef ZC_BASE_READER_H
#define ZC_BASE_READER_H

#include "base/reasons.h"
#include "base/slice.h"

typedef struct zc_reader {
    const uint8_t *start;
    const uint8_t *at;
    const uint8_t *end;
} zc_reader;

static inline zc_reader zc_reader_of(zc_slice bytes)
{
    /* The empty slice may be NULL; pointer arithmetic on it would be undefined. */
    static const uint8_t nothing = 0;
    const uint8_t *start = bytes.len == 0 ? &nothing : bytes.data;
    return (zc_reader){.start = start, .at = start, .end = start + bytes.len};
}

static inline size_t zc_reader_left(const zc_reader *reader)
{
    return (size_t)(reader->end - reader->at);
}

/* Bytes consumed so far: the offset that an error message names. */
static inline size_t zc_reader_offset(const zc_reader *reader)
{
    return (size_t)(reader->at - reader->start);
}

static inline zc_slice zc_reader_rest(const zc_reader *reader)
{
    return zc_slice_of(reader->at, zc_reader_left(reader));
}

ZC_MUST_USE zc_result zc_read_u8(zc_reader *reader, uint8_t *ret_value);
ZC_MUST_USE zc_result zc_read_u16(zc_reader *reader, uint16_t *ret_value);
ZC_MUST_USE zc_result zc_read_u32(zc_reader *reader, uint32_t *ret_value);
ZC_MUST_USE zc_result zc_read_u64(zc_reader *reader, uint64_t *ret_value);
/* The next byte, not consumed. */
ZC_MUST_USE zc_result zc_peek_u8(const zc_reader *reader, uint8_t *ret_value);
/* A view of the next `len` bytes. */
ZC_MUST_USE zc_result zc_read_slice(zc_reader *reader, size_t len, zc_slice *ret_bytes);
/* A copy of the next `len` bytes into memory of the caller's. */
ZC_MUST_USE zc_result zc_read_copy(zc_reader *reader, uint8_t *ret_bytes, size_t len);
ZC_MUST_USE zc_result zc_skip(zc_reader *reader, size_t len);
/* ZC_BASE_TRAILING unless every byte has been consumed. */
ZC_MUST_USE zc_result zc_reader_end(const zc_reader *reader);

#endif
