/* The one loop behind every message: a body is a table of fields, and the table is the format.
 *
 * A body is a canonical CBOR map with small ascending keys. The same table writes it, reads it and
 * holds each field to its limits, so that what one end writes the other takes, and nothing else.
 * For the files of wire/ alone. */
#ifndef ZC_WIRE_FIELDS_H
#define ZC_WIRE_FIELDS_H

#include "base/reader.h"
#include "base/writer.h"
#include "wire/reasons.h"

typedef enum zc_field_kind {
    ZC_FIELD_U8,
    ZC_FIELD_U16,
    ZC_FIELD_U32,
    ZC_FIELD_U64,
    ZC_FIELD_BOOL,
    ZC_FIELD_BYTES, /* zc_slice, a view */
    ZC_FIELD_TEXT,  /* zc_slice, a view of UTF-8 */
    ZC_FIELD_FIXED, /* bytes inside the struct; may be secret */
    ZC_FIELD_U256,
} zc_field_kind;

typedef enum zc_field_presence {
    ZC_FIELD_ALWAYS,
    ZC_FIELD_OPTIONAL,  /* in the map exactly when the bool at `has` is true */
    ZC_FIELD_COMPANION, /* the same, decided by an optional field before it */
} zc_field_presence;

typedef struct zc_field {
    uint8_t key;
    zc_field_kind kind;
    zc_field_presence presence;
    size_t offset; /* in the struct */
    size_t has;    /* offset of a bool */
    uint64_t min;  /* of the number, or of the length */
    uint64_t max;  /* for ZC_FIELD_FIXED, the length */
} zc_field;

typedef struct zc_fields {
    const zc_field *field;
    size_t count;
} zc_fields;

#define ZC_FIELDS(table)                                                                           \
    {                                                                                              \
        (table), sizeof(table) / sizeof((table)[0])                                                \
    }

/* One row of a table: key, kind, struct, member, least, most. */
#define ZC_FIELD_ROW(key, kind, type, member, least, most)                                         \
    {                                                                                              \
        (key), (kind), ZC_FIELD_ALWAYS, offsetof(type, member), 0, (least), (most)                 \
    }
#define ZC_FIELD_ROW_IF(key, kind, type, member, least, most, presence, flag)                      \
    {                                                                                              \
        (key), (kind), (presence), offsetof(type, member), offsetof(type, flag), (least), (most)   \
    }
#define ZC_FIELD_ROW_FIXED(key, type, member)                                                      \
    {                                                                                              \
        (key), ZC_FIELD_FIXED, ZC_FIELD_ALWAYS, offsetof(type, member), 0, 0,                      \
            sizeof(((type *)0)->member)                                                            \
    }

/* Writes a body from a struct. Errors: ZC_BASE_FULL, ZC_WIRE_FIELD_TOO_LONG, ZC_WIRE_FIELD_RANGE,
 * ZC_CODEC_BAD_UTF8. The writer may be left in the middle: the callers restore theirs. */
ZC_MUST_USE zc_result zc_fields_write(const zc_fields *fields, const void *body, zc_writer *writer);
/* Reads a body into a struct, which is partly filled on failure: callers read into one of their
 * own. Errors: those of the CBOR getters, ZC_WIRE_WRONG_FIELDS, ZC_WIRE_FIELD_TOO_LONG,
 * ZC_WIRE_FIELD_RANGE. */
ZC_MUST_USE zc_result zc_fields_read(const zc_fields *fields, zc_reader *reader, void *ret_body);

/* What is around a body: {1: number, 2: number, 3: body} or {1: number, 2: body}. The getters leave
 * the reader at the body. A map of another size, or other keys: ZC_WIRE_WRONG_FIELDS. */
ZC_MUST_USE zc_result zc_envelope_write(uint64_t id, uint64_t kind, zc_writer *writer);
ZC_MUST_USE zc_result zc_envelope_read(zc_reader *reader, uint64_t *ret_id, uint64_t *ret_kind);
ZC_MUST_USE zc_result zc_typed_write(uint64_t kind, zc_writer *writer);
ZC_MUST_USE zc_result zc_typed_read(zc_reader *reader, uint64_t *ret_kind);
/* One key of a map: ZC_WIRE_WRONG_FIELDS for any other. */
ZC_MUST_USE zc_result zc_field_key(zc_reader *reader, uint64_t key);
/* A map of exactly `count` pairs: ZC_WIRE_WRONG_FIELDS for any other number. */
ZC_MUST_USE zc_result zc_field_map(zc_reader *reader, size_t count);

#endif
