/* Where a JSON object or list ends in a stream of bytes, without reading what is in it. */
#ifndef ZC_API_CLEF_SCAN_H
#define ZC_API_CLEF_SCAN_H

#include "base/slice.h"

/* Zeroed at the beginning of each value. */
typedef struct zc_json_scan {
    size_t at; /* bytes that were looked at */
    size_t depth;
    bool in_text;
    bool escaped;
} zc_json_scan;

typedef enum zc_json_scan_result {
    ZC_JSON_SCAN_MORE = 1, /* the value goes on */
    ZC_JSON_SCAN_WHOLE,    /* the first `at` bytes, with white space in front, are one value */
    ZC_JSON_SCAN_BAD,      /* it begins with neither bracket, or holds a zero byte */
} zc_json_scan_result;

/* Goes on where it stopped: `bytes` are all since the value's beginning. Looks at each byte once.
 */
zc_json_scan_result zc_json_scan_next(zc_json_scan *scan, zc_slice bytes);

#endif
