/* JSON out, in one form: no white space, keys in the order in which they are written. There is no
 * reader: nothing in the image takes JSON.
 *
 * Commas and colons are the writer's; objects and arrays nest to ZC_JSON_MAX_DEPTH. A text is
 * always inside its quotes, whatever it holds. A call that fails leaves the output as it was.
 * Errors: ZC_BASE_FULL, ZC_CODEC_TOO_DEEP, ZC_CODEC_BAD_UTF8 (texts and keys), and
 * ZC_CODEC_JSON_SHAPE for a sequence of calls that is no JSON: a value without a key in an object,
 * a key elsewhere, the wrong or an early end, two values one after the other. */
#ifndef ZC_CODEC_JSON_WRITE_H
#define ZC_CODEC_JSON_WRITE_H

#include "base/writer.h"
#include "codec/reasons.h"

#define ZC_JSON_MAX_DEPTH 16

typedef struct zc_json {
    zc_writer *out; /* the caller's */
    uint8_t depth;
    bool has_key;     /* a key waits for its value */
    bool is_done;     /* the outermost value is complete */
    uint32_t objects; /* bit n: the container at depth n + 1 is an object */
    uint32_t filled;  /* bit n: it has an item */
} zc_json;

/* A document that is appended to `out`. */
zc_json zc_json_of(zc_writer *out);
ZC_MUST_USE zc_result zc_json_open_object(zc_json *json);
ZC_MUST_USE zc_result zc_json_close_object(zc_json *json);
ZC_MUST_USE zc_result zc_json_open_array(zc_json *json);
ZC_MUST_USE zc_result zc_json_close_array(zc_json *json);
ZC_MUST_USE zc_result zc_json_key(zc_json *json, const char *key);
/* UTF-8 as it is, but quotes, backslashes, and control characters, which become escapes. */
ZC_MUST_USE zc_result zc_json_text(zc_json *json, zc_slice text);
ZC_MUST_USE zc_result zc_json_u64(zc_json *json, uint64_t value);
ZC_MUST_USE zc_result zc_json_i64(zc_json *json, int64_t value);
ZC_MUST_USE zc_result zc_json_bool(zc_json *json, bool value);
ZC_MUST_USE zc_result zc_json_null(zc_json *json);
/* A value that somebody else puts at the present end of the output, now or later. */
ZC_MUST_USE zc_result zc_json_elsewhere(zc_json *json);
/* A key and its text in one step. */
ZC_MUST_USE zc_result zc_json_pair(zc_json *json, const char *key, zc_slice text);
/* ZC_CODEC_JSON_SHAPE unless exactly one value has been written. */
ZC_MUST_USE zc_result zc_json_end(const zc_json *json);

#endif
