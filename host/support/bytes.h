/* Bytes on the heap with an owner: what a file or a row of the store holds. */
#ifndef ZC_SUPPORT_BYTES_H
#define ZC_SUPPORT_BYTES_H

#include "base/slice.h"

typedef struct zc_bytes {
    uint8_t *data; /* NULL when empty; one zero byte follows the last, so that text can be used as a
                      string */
    size_t len;
    size_t capacity;
} zc_bytes;

static inline zc_slice zc_bytes_slice(const zc_bytes *bytes)
{
    return zc_slice_of(bytes->data, bytes->len);
}

/* Makes room for `more` bytes beyond `len`; false when the machine gives no memory. */
bool zc_bytes_reserve(zc_bytes *bytes, size_t more) __attribute__((warn_unused_result));
bool zc_bytes_append(zc_bytes *bytes, zc_slice more) __attribute__((warn_unused_result));
/* Wipes and frees. Zeroed bytes may be cleared. */
void zc_bytes_clear(zc_bytes *bytes);

#define ZC_BYTES __attribute__((cleanup(zc_bytes_clear)))

#endif
