/* Values of typed data, out of JSON. For typed_data.c alone. */
#ifndef ZC_SUPPORT_TYPED_VALUE_H
#define ZC_SUPPORT_TYPED_VALUE_H

#include <jansson.h>

#include "base/writer.h"
#include "support/error.h"

typedef struct zc_typed_writer {
    const json_t *types; /* with EIP712Domain */
    unsigned semantics;
    zc_writer form;
    zc_error *error;
    size_t path_len;
    char path[512]; /* where in the JSON we are: "message.to[0].name" */
} zc_typed_writer;

/* Sets the error "<path>: <format…>" and returns it. */
zc_result zc_typed_fail(zc_typed_writer *writer, const char *format, ...) ZC_PRINTF(2, 3);
/* Goes to a member or an element of where we are; zc_typed_leave() with what was returned goes
 * back. */
size_t zc_typed_enter(zc_typed_writer *writer, const char *member);
size_t zc_typed_enter_at(zc_typed_writer *writer, size_t index);
void zc_typed_leave(zc_typed_writer *writer, size_t path_len);
/* What does not fit in the form. */
zc_result zc_typed_put(zc_typed_writer *writer, zc_result result);

/* Writes a value of a type as it is written in a member ("uint8[2][]"). `value` is NULL where the
 * JSON has none. `depth` counts the structs and arrays around it. */
zc_result zc_typed_value(zc_typed_writer *writer, const char *type, const json_t *value,
                         unsigned depth);
/* The value of a struct type, which is in `types`. */
zc_result zc_typed_struct(zc_typed_writer *writer, const char *name, const json_t *value,
                          unsigned depth);

/* The same of a leaf: false when `type` names no type of EIP-712's. */
bool zc_typed_is_leaf(const char *type);
zc_result zc_typed_leaf(zc_typed_writer *writer, const char *type, const json_t *value);

#endif
