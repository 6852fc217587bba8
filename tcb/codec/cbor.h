/* Deterministic CBOR (RFC 8949 §4.2.1): the one encoding of everything that we sign, seal, send or
 * log.
 *
 * Writers give the only canonical form. Getters take only that form: shortest heads, definite
 * lengths, UTF-8 in texts. Getters do not look at the order of map keys, because they read one key
 * at a time; a parser of canonical maps reads its keys in ascending order with
 * zc_cbor_get_key_uint(), or runs zc_cbor_check_canonical() first. Byte and text strings come back
 * as views of the input.
 *
 * A getter that fails leaves the reader where it was and its outputs untouched. Errors of all
 * getters: ZC_BASE_TRUNCATED, ZC_CODEC_ILL_FORMED, ZC_CODEC_NOT_CANONICAL, ZC_CODEC_WRONG_TYPE and
 * what their comment adds. Errors of all writers: ZC_BASE_FULL. Public data only: time depends on
 * the bytes (but not on the content of byte strings). */
#ifndef ZC_CODEC_CBOR_H
#define ZC_CODEC_CBOR_H

#include "base/reader.h"
#include "base/u256.h"
#include "base/writer.h"
#include "codec/reasons.h"

/* Nesting that the walkers follow; an array in an array is depth 2. */
#define ZC_CBOR_MAX_DEPTH 16

typedef enum zc_cbor_type {
    ZC_CBOR_UINT = 0,
    ZC_CBOR_NINT,
    ZC_CBOR_BYTES,
    ZC_CBOR_TEXT,
    ZC_CBOR_ARRAY,
    ZC_CBOR_MAP,
    ZC_CBOR_TAG,
    ZC_CBOR_BOOL,
    ZC_CBOR_NULL,
    ZC_CBOR_UNDEFINED,
    ZC_CBOR_FLOAT,
    ZC_CBOR_SIMPLE, /* any other simple value */
    ZC_CBOR_BREAK,  /* the end of an indefinite item */
} zc_cbor_type;

/* One initial byte and its argument, as they stand in the input. */
typedef struct zc_cbor_head {
    zc_cbor_type type;
    uint8_t width;   /* bytes of the argument after the initial byte: 0, 1, 2, 4 or 8 */
    bool indefinite; /* a string, array or map that a break ends; value is 0 */
    uint64_t value;  /* number, length, count, tag, simple value, or the bits of a float */
} zc_cbor_head;

/* Writing. */

ZC_MUST_USE zc_result zc_cbor_put_uint(zc_writer *writer, uint64_t value);
/* The negative number −1 − n. */
ZC_MUST_USE zc_result zc_cbor_put_nint(zc_writer *writer, uint64_t n);
ZC_MUST_USE zc_result zc_cbor_put_int(zc_writer *writer, int64_t value);
ZC_MUST_USE zc_result zc_cbor_put_bytes(zc_writer *writer, zc_slice bytes);
/* The caller vouches that `text` is UTF-8. */
ZC_MUST_USE zc_result zc_cbor_put_text(zc_writer *writer, zc_slice text);
/* `count` items follow. */
ZC_MUST_USE zc_result zc_cbor_put_array(zc_writer *writer, size_t count);
/* `count` pairs follow, their encoded keys in ascending bytewise order. */
ZC_MUST_USE zc_result zc_cbor_put_map(zc_writer *writer, size_t count);
/* The tagged item follows. */
ZC_MUST_USE zc_result zc_cbor_put_tag(zc_writer *writer, uint64_t tag);
ZC_MUST_USE zc_result zc_cbor_put_bool(zc_writer *writer, bool value);
ZC_MUST_USE zc_result zc_cbor_put_null(zc_writer *writer);
/* A byte string of the shortest big-endian form; empty for zero. */
ZC_MUST_USE zc_result zc_cbor_put_u256(zc_writer *writer, const zc_u256 *value);

/* Reading. */

/* The type of the next item; nothing is consumed. */
ZC_MUST_USE zc_result zc_cbor_peek_type(const zc_reader *reader, zc_cbor_type *ret_type);
ZC_MUST_USE zc_result zc_cbor_get_uint(zc_reader *reader, uint64_t *ret_value);
/* Also ZC_CODEC_RANGE above `max`. */
ZC_MUST_USE zc_result zc_cbor_get_uint_max(zc_reader *reader, uint64_t max, uint64_t *ret_value);
/* Either sign; ZC_CODEC_RANGE beyond int64_t. */
ZC_MUST_USE zc_result zc_cbor_get_int(zc_reader *reader, int64_t *ret_value);
ZC_MUST_USE zc_result zc_cbor_get_bytes(zc_reader *reader, zc_slice *ret_bytes);
/* Also ZC_CODEC_BAD_UTF8. */
ZC_MUST_USE zc_result zc_cbor_get_text(zc_reader *reader, zc_slice *ret_text);
/* A copy of a byte string of exactly `len` bytes; ZC_CODEC_WRONG_LENGTH otherwise. */
ZC_MUST_USE zc_result zc_cbor_get_fixed_bytes(zc_reader *reader, uint8_t *ret_bytes, size_t len);
/* Enters an array or a map: the items are read next. ZC_CODEC_TOO_MANY above `max` items or pairs;
 * ZC_BASE_TRUNCATED when the input can't hold as many as it announces. */
ZC_MUST_USE zc_result zc_cbor_get_array(zc_reader *reader, size_t max, size_t *ret_count);
ZC_MUST_USE zc_result zc_cbor_get_map(zc_reader *reader, size_t max, size_t *ret_count);
ZC_MUST_USE zc_result zc_cbor_get_tag(zc_reader *reader, uint64_t *ret_tag);
ZC_MUST_USE zc_result zc_cbor_get_bool(zc_reader *reader, bool *ret_value);
ZC_MUST_USE zc_result zc_cbor_get_null(zc_reader *reader);
/* Consumes a null if one is next; *ret_was_null tells. */
ZC_MUST_USE zc_result zc_cbor_take_null(zc_reader *reader, bool *ret_was_null);
/* A byte string of at most 32 bytes without a leading zero; ZC_CODEC_RANGE or
 * ZC_CODEC_NOT_CANONICAL otherwise. */
ZC_MUST_USE zc_result zc_cbor_get_u256(zc_reader *reader, zc_u256 *ret_value);
/* Reads a map key and requires it: ZC_CODEC_WRONG_KEY for any other item. */
ZC_MUST_USE zc_result zc_cbor_get_key_uint(zc_reader *reader, uint64_t expected);

/* Walking: any depth up to ZC_CBOR_MAX_DEPTH, without recursion; ZC_CODEC_TOO_DEEP beyond. */

/* Passes over one well-formed item of any kind, indefinite lengths included. */
ZC_MUST_USE zc_result zc_cbor_skip(zc_reader *reader);
/* The same, and gives the bytes of the item. */
ZC_MUST_USE zc_result zc_cbor_get_item(zc_reader *reader, zc_slice *ret_item);
/* Whether `bytes` are exactly one well-formed item (RFC 8949 appendix C); ZC_BASE_TRAILING when
 * more follows. Texts may hold any bytes. */
ZC_MUST_USE zc_result zc_cbor_check_well_formed(zc_slice bytes);
/* Whether `bytes` are exactly one item in its deterministic form: shortest heads and floats,
 * definite lengths, map keys ascending and unique (ZC_CODEC_KEY_ORDER), UTF-8 in texts. */
ZC_MUST_USE zc_result zc_cbor_check_canonical(zc_slice bytes);
/* Reads one canonical item and writes it again head by head: what comes out is what went in. For
 * tests of the writer against the reader. */
ZC_MUST_USE zc_result zc_cbor_copy(zc_reader *reader, zc_writer *writer);

/* Reading what others encoded: heads of any width, containers of indefinite length. */

/* The next head as it stands. Errors: ZC_BASE_TRUNCATED, ZC_CODEC_ILL_FORMED. */
ZC_MUST_USE zc_result zc_cbor_get_head_any(zc_reader *reader, zc_cbor_head *ret_head);

/* A container that is being read item by item. A map yields its keys and values in turn. */
typedef struct zc_cbor_container {
    bool indefinite;
    uint64_t left; /* items, or pairs of a map; of a definite container */
} zc_cbor_container;

/* ZC_BASE_TRUNCATED when the input can't hold as many items as a definite head announces. */
ZC_MUST_USE zc_result zc_cbor_enter_map_any(zc_reader *reader, zc_cbor_container *ret_map);
ZC_MUST_USE zc_result zc_cbor_enter_array_any(zc_reader *reader, zc_cbor_container *ret_array);
/* Before each item (each pair of a map): whether one follows. Consumes the break that ends an
 * indefinite container. The caller reads a whole item (pair) between two calls and bounds its own
 * loop. */
ZC_MUST_USE zc_result zc_cbor_container_next(zc_reader *reader, zc_cbor_container *container,
                                             bool *ret_more);

/* Whether `text` is UTF-8 as RFC 3629 has it: no overlong form, no surrogate, nothing above
 * U+10FFFF. */
bool zc_utf8_valid(zc_slice text);

#endif
