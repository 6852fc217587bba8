/* Protocol Buffers' wire format, read strictly and written canonically (as Cosmos' ADR-027 asks of
 * what is signed): numbers in their shortest form, no groups, field numbers 1 to 2^29 - 1.
 *
 * Nothing here knows a schema. A message is a run of fields; the caller walks it with
 * zc_pb_get_field(), enters an embedded message with zc_reader_of(field.bytes) on a stack of its
 * own, and decides which numbers it knows. zc_pb_sequence_check() holds a walk to ascending field
 * numbers and to one occurrence of what is not repeated.
 *
 * Getters that fail leave the reader where it was and their outputs untouched. Errors of getters:
 * ZC_BASE_TRUNCATED, ZC_CODEC_PB_VARINT, ZC_CODEC_PB_FIELD and what their comment adds. Errors of
 * writers: ZC_BASE_FULL, and ZC_CODEC_PB_FIELD for a field number that does not exist. */
#ifndef ZC_CODEC_PROTOBUF_H
#define ZC_CODEC_PROTOBUF_H

#include "base/reader.h"
#include "base/writer.h"
#include "codec/reasons.h"

#define ZC_PB_MAX_FIELD ((UINT32_C(1) << 29) - 1)
/* A 64-bit number has at most this many groups of seven bits. */
#define ZC_PB_VARINT_MAX 10

typedef enum zc_pb_wire {
    ZC_PB_VARINT = 0, /* `value`: every integer, bool and enum */
    ZC_PB_FIXED64 = 1,
    ZC_PB_BYTES = 2, /* `bytes`: bytes, strings, embedded messages, packed numbers */
    ZC_PB_FIXED32 = 5,
} zc_pb_wire;

typedef struct zc_pb_field {
    uint32_t number;
    zc_pb_wire wire;
    uint64_t value; /* negative numbers in 64-bit two's complement; sint32/64 in zigzag */
    zc_slice bytes; /* borrowed from the input */
} zc_pb_field;

/* A number in its one shortest form; ZC_CODEC_PB_VARINT for a longer one or beyond 64 bits. */
ZC_MUST_USE zc_result zc_pb_get_varint(zc_reader *reader, uint64_t *ret_value);
/* The next field with its value. Call it while zc_reader_left() is not 0. */
ZC_MUST_USE zc_result zc_pb_get_field(zc_reader *reader, zc_pb_field *ret_field);

/* What a walk over one message has seen. Begin with {0}. */
typedef struct zc_pb_sequence {
    uint32_t last;
} zc_pb_sequence;

/* ZC_CODEC_PB_ORDER when the number is below the one before, ZC_CODEC_PB_TWICE when it is the same
 * and not `repeated`: readers differ in which of two values they take. */
ZC_MUST_USE zc_result zc_pb_sequence_check(zc_pb_sequence *sequence, uint32_t number,
                                           bool repeated);

/* Writing. A field of its default value (0, empty) is left out, as proto3 has it; inside `oneof`
 * and repeated fields, where it must stand, use the _always forms. */

ZC_MUST_USE zc_result zc_pb_put_varint(zc_writer *writer, uint64_t value);
ZC_MUST_USE zc_result zc_pb_put_uint(zc_writer *writer, uint32_t number, uint64_t value);
ZC_MUST_USE zc_result zc_pb_put_uint_always(zc_writer *writer, uint32_t number, uint64_t value);
/* int32, int64 and enums: a negative number takes ten bytes. */
ZC_MUST_USE zc_result zc_pb_put_int(zc_writer *writer, uint32_t number, int64_t value);
/* sint32 and sint64. */
ZC_MUST_USE zc_result zc_pb_put_sint(zc_writer *writer, uint32_t number, int64_t value);
ZC_MUST_USE zc_result zc_pb_put_fixed32(zc_writer *writer, uint32_t number, uint32_t value);
ZC_MUST_USE zc_result zc_pb_put_fixed64(zc_writer *writer, uint32_t number, uint64_t value);
ZC_MUST_USE zc_result zc_pb_put_bytes(zc_writer *writer, uint32_t number, zc_slice bytes);
ZC_MUST_USE zc_result zc_pb_put_bytes_always(zc_writer *writer, uint32_t number, zc_slice bytes);
ZC_MUST_USE zc_result zc_pb_put_text(zc_writer *writer, uint32_t number, const char *text);

/* An embedded message: what is written between begin and end becomes its fields. They nest. An
 * empty one is still written, because its presence means something. */
typedef struct zc_pb_message {
    size_t fields_at; /* offset in the writer at which the fields begin */
    uint32_t number;
} zc_pb_message;

void zc_pb_begin(const zc_writer *writer, uint32_t number, zc_pb_message *ret_message);
/* Puts the head in front of the fields. On failure the fields stay as they were. */
ZC_MUST_USE zc_result zc_pb_end(zc_writer *writer, const zc_pb_message *message);

#endif
