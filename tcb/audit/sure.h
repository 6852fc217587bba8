/* CBOR heads and strings into room that is known to be enough: an entry has thirteen fields, and a
 * check for each of their fifty heads costs more than all of their bytes. Internal to this module;
 * who calls has counted. */
#ifndef ZC_AUDIT_SURE_H
#define ZC_AUDIT_SURE_H

#include <string.h>

#include "base/slice.h"

enum { ZC_SURE_UINT = 0x00, ZC_SURE_BYTES = 0x40, ZC_SURE_ARRAY = 0x80, ZC_SURE_MAP = 0xa0 };
#define ZC_SURE_NULL 0xf6
/* No head is longer. */
#define ZC_SURE_HEAD_MAX 9

/* The shortest form of a head; returns the place behind it. One of more than a byte touches
 * ZC_SURE_HEAD_MAX bytes: what follows such a head of a string is longer than that. */
static inline uint8_t *zc_sure_head(uint8_t *at, uint8_t major, uint64_t value)
{
    if (value < 24) {
        *at = (uint8_t)(major | value);
        return at + 1;
    }
    /* 24 … 27: one, two, four or eight bytes follow. */
    unsigned log = value <= UINT8_MAX ? 0 : value <= UINT16_MAX ? 1 : value <= UINT32_MAX ? 2 : 3;
    unsigned len = 1u << log;
    uint64_t big = __builtin_bswap64(value << (64 - 8 * len));
    *at = (uint8_t)(major | (24 + log));
    memcpy(at + 1, &big, sizeof big);
    return at + 1 + len;
}

static inline uint8_t *zc_sure_null(uint8_t *at)
{
    *at = ZC_SURE_NULL;
    return at + 1;
}

static inline uint8_t *zc_sure_bytes(uint8_t *at, zc_slice bytes)
{
    at = zc_sure_head(at, ZC_SURE_BYTES, bytes.len);
    if (bytes.len > 0) {
        memcpy(at, bytes.data, bytes.len);
    }
    return at + bytes.len;
}

#endif
