/* Fills a buffer of the caller's and never passes its end.
 *
 * A write that does not fit leaves the writer where it was and returns ZC_BASE_FULL. Numbers are
 * big-endian. */
#ifndef ZC_BASE_WRITER_H
#define ZC_BASE_WRITER_H

#include "base/reasons.h"
#include "base/slice.h"

typedef struct zc_writer {
    uint8_t *start;
    uint8_t *at;
    uint8_t *end;
} zc_writer;

static inline zc_writer zc_writer_of(void *data, size_t capacity)
{
    uint8_t *start = data;
    return (zc_writer){.start = start, .at = start, .end = start + capacity};
}

#define ZC_WRITER_OF_ARRAY(array) zc_writer_of((array), sizeof(array))

static inline size_t zc_writer_len(const zc_writer *writer)
{
    return (size_t)(writer->at - writer->start);
}

static inline size_t zc_writer_left(const zc_writer *writer)
{
    return (size_t)(writer->end - writer->at);
}

/* What has been written so far; it lives as long as the buffer. */
static inline zc_slice zc_writer_written(const zc_writer *writer)
{
    return zc_slice_of(writer->start, zc_writer_len(writer));
}

ZC_MUST_USE zc_result zc_write_u8(zc_writer *writer, uint8_t value);
ZC_MUST_USE zc_result zc_write_u16(zc_writer *writer, uint16_t value);
ZC_MUST_USE zc_result zc_write_u32(zc_writer *writer, uint32_t value);
ZC_MUST_USE zc_result zc_write_u64(zc_writer *writer, uint64_t value);
ZC_MUST_USE zc_result zc_write_slice(zc_writer *writer, zc_slice bytes);
/* The characters of `text` without its terminator. */
ZC_MUST_USE zc_result zc_write_text(zc_writer *writer, const char *text);
/* Takes the next `len` bytes out of the buffer for the caller to fill. */
ZC_MUST_USE zc_result zc_write_reserve(zc_writer *writer, size_t len, uint8_t **ret_bytes);

#endif
