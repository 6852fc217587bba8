/* A view of bytes that somebody else owns. Never of a secret: secrets have types of their own
 * (secret.h). */
#ifndef ZC_BASE_SLICE_H
#define ZC_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct zc_slice {
    const uint8_t *data; /* may be NULL when len is 0 */
    size_t len;
} zc_slice;

/* A buffer of the caller's to be filled. */
typedef struct zc_buffer {
    uint8_t *data;
    size_t len;
} zc_buffer;

static inline zc_slice zc_slice_of(const void *data, size_t len)
{
    return (zc_slice){.data = data, .len = len};
}

#define ZC_SLICE_OF_ARRAY(array) zc_slice_of((array), sizeof(array))

static inline zc_slice zc_slice_of_text(const char *text)
{
    return zc_slice_of(text, strlen(text));
}

/* Variable-time: for public bytes only. */
static inline bool zc_slice_eq(zc_slice a, zc_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool zc_slice_eq_text(zc_slice a, const char *text)
{
    return zc_slice_eq(a, zc_slice_of_text(text));
}

#endif
