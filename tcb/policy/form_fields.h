/* The plain fields of the compiled mission's maps: a table says which they are, and the same table
 * reads and writes them, so that parser and writer cannot differ. For the files of policy/ that
 * know the form. */
#ifndef ZC_POLICY_FORM_FIELDS_H
#define ZC_POLICY_FORM_FIELDS_H

#include "base/reader.h"
#include "base/writer.h"
#include "policy/reasons.h"

typedef enum zc_form_kind {
    ZC_FORM_NAME,   /* in a char array: printable ASCII, no space at either end, shorter than the
                       array */
    ZC_FORM_KEY,    /* bytes that fill an array */
    ZC_FORM_NUMBER, /* an unsigned integer or enumeration of any width, at most `max` */
    ZC_FORM_BITS,   /* the same, with no bit that `max` has not */
    ZC_FORM_U256,
    ZC_FORM_INDEX,  /* null, or an uint16_t below `max` */
    ZC_FORM_AMOUNT, /* null, or a zc_u256 */
    ZC_FORM_SCORE,  /* null, or an int64_t */
} zc_form_kind;

typedef struct zc_form_field {
    uint8_t key;
    uint8_t kind;
    uint16_t size; /* of the member */
    uint32_t at;   /* its offset in the struct */
    uint32_t has;  /* offset of the bool that says whether it is there: INDEX, AMOUNT, SCORE */
    uint64_t max;
} zc_form_field;

#define ZC_FORM_SIZE(type, member) (uint16_t)sizeof(((type *)0)->member)
#define ZC_FORM_AT(type, member) (uint32_t) offsetof(type, member)
/* Rows of a table: key, struct, member. */
#define ZC_FORM_ROW(key, kind, type, member, max)                                                  \
    {                                                                                              \
        (key), (kind), ZC_FORM_SIZE(type, member), ZC_FORM_AT(type, member), 0, (max)              \
    }
#define ZC_FORM_ROW_IF(key, kind, type, flag, member, max)                                         \
    {                                                                                              \
        (key), (kind), ZC_FORM_SIZE(type, member), ZC_FORM_AT(type, member),                       \
            ZC_FORM_AT(type, flag), (max)                                                          \
    }
#define ZC_FORM_COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* A run of fields within a map that was entered or begun, each with its key. The struct is partly
 * filled on failure: the caller discards it. Errors: those of the CBOR getters;
 * ZC_POLICY_MISSION_NAME, …_UNKNOWN_BIT, …_INDEX. */
ZC_MUST_USE zc_result zc_form_read_fields(zc_reader *reader, const zc_form_field *table,
                                          size_t count, void *record);
ZC_MUST_USE zc_result zc_form_write_fields(zc_writer *writer, const zc_form_field *table,
                                           size_t count, const void *record);
/* A map of these fields alone. */
ZC_MUST_USE zc_result zc_form_read(zc_reader *reader, const zc_form_field *table, size_t count,
                                   void *record);
ZC_MUST_USE zc_result zc_form_write(zc_writer *writer, const zc_form_field *table, size_t count,
                                    const void *record);

#endif
