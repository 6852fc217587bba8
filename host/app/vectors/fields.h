/* Fields of a case, out of its JSON. One that is missing or malformed is a problem of the case, and
 * its value is then empty or zero. What a field gives lives as long as the case. */
#ifndef ZC_VECTORS_FIELDS_H
#define ZC_VECTORS_FIELDS_H

#include <jansson.h>

#include "base/u256.h"
#include "report.h"

/* Present and not null. */
bool zc_field_has(const json_t *object, const char *key);
/* The text as it is; "" when it is none, without a problem. */
const char *zc_field_text(const json_t *object, const char *key);
/* Whether the field is this text. */
bool zc_field_is(const json_t *object, const char *key, const char *text);

zc_slice zc_field_hex(zc_report *report, const json_t *object, const char *key);
/* Exactly `len` bytes of hex. */
void zc_field_copy(zc_report *report, const json_t *object, const char *key, uint8_t *ret_bytes,
                   size_t len);
/* Hex of a text that stands alone. */
zc_slice zc_hex_of(zc_report *report, const json_t *text);
/* Standard base64. */
zc_slice zc_base64_of(zc_report *report, const json_t *text);
/* A number as JSON has it, or a text: decimal, or hex behind 0x with any number of digits. */
zc_u256 zc_field_number(zc_report *report, const json_t *object, const char *key);
uint64_t zc_field_u64(zc_report *report, const json_t *object, const char *key);

#endif
