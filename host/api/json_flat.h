/* JSON as most clients send it, read quickly: one object whose members are plain ASCII texts. */
#ifndef ZC_API_JSON_FLAT_H
#define ZC_API_JSON_FLAT_H

#include <jansson.h>

#include "base/slice.h"

/* Members that it reads at most. */
#define ZC_JSON_FLAT_MAX 16

/* Exactly what jansson makes of the bytes, when they are one object of at most ZC_JSON_FLAT_MAX
 * members with different names, all of whose names and values are texts of printable ASCII without
 * escapes. NULL for whatever else, right or wrong: jansson then says which. The caller decrefs. */
json_t *zc_json_flat(zc_slice text);

#endif
