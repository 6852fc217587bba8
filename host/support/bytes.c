#include "support/bytes.h"

#include <stdlib.h>

#include "base/secret.h"

/* Grows by copying, never by realloc: the old block may hold a secret and is wiped first. */
static bool move_to(zc_bytes *bytes, size_t capacity)
{
    uint8_t *data = malloc(capacity);
    if (data == NULL) {
        return false;
    }
    if (bytes->len > 0) {
        memcpy(data, bytes->data, bytes->len);
    }
    if (bytes->data != NULL) {
        zc_wipe(bytes->data, bytes->capacity);
        free(bytes->data);
    }
    bytes->data = data;
    bytes->capacity = capacity;
    return true;
}

bool zc_bytes_reserve(zc_bytes *bytes, size_t more)
{
    if (more > SIZE_MAX / 4 || bytes->len > SIZE_MAX / 4) {
        return false;
    }
    size_t needed = bytes->len + more + 1;
    if (needed <= bytes->capacity) {
        return true;
    }
    size_t doubled = bytes->capacity * 2;
    return move_to(bytes, needed > doubled ? needed : doubled);
}

bool zc_bytes_append(zc_bytes *bytes, zc_slice more)
{
    if (!zc_bytes_reserve(bytes, more.len)) {
        return false;
    }
    if (more.len > 0) {
        memcpy(bytes->data + bytes->len, more.data, more.len);
    }
    bytes->len += more.len;
    bytes->data[bytes->len] = 0;
    return true;
}

void zc_bytes_clear(zc_bytes *bytes)
{
    if (bytes->data != NULL) {
        zc_wipe(bytes->data, bytes->capacity);
        free(bytes->data);
    }
    *bytes = (zc_bytes){0};
}
