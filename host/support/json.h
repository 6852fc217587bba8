/* Thin helpers over jansson for what the command line and zcpd print and read.
 *
 * The set functions return false when the machine gives no memory; one check at the end suffices:
 *
 *     bool ok = zc_json_set_text(object, "name", name) && zc_json_set_u64(object, "uses", uses);
 */
#ifndef ZC_SUPPORT_JSON_H
#define ZC_SUPPORT_JSON_H

#include <jansson.h>

#include "base/slice.h"
#include "base/u256.h"
#include "support/error.h"

bool zc_json_set_text(json_t *object, const char *key, const char *text);
/* Bytes that should be UTF-8; what is not is shown as U+FFFD. */
bool zc_json_set_slice_text(json_t *object, const char *key, zc_slice text);
/* Lower-case hex without 0x (digests, keys), and with 0x (chain data). */
bool zc_json_set_hex(json_t *object, const char *key, zc_slice bytes);
bool zc_json_set_hex0x(json_t *object, const char *key, zc_slice bytes);
bool zc_json_set_bool(json_t *object, const char *key, bool value);
/* A JSON number; beyond 2^53 a decimal string, which no reader rounds. */
bool zc_json_set_u64(json_t *object, const char *key, uint64_t value);
/* Always a decimal string. */
bool zc_json_set_u256(json_t *object, const char *key, const zc_u256 *value);
/* Takes the reference to `value`, also when it fails. */
bool zc_json_set(json_t *object, const char *key, json_t *value);

/* One object, one line. Keeps the reference. False when the stream fails. */
bool zc_json_print(FILE *out, const json_t *object);

/* Parses one object of at most a few kilobytes (ZC_SUPPORT_BAD_JSON; duplicate keys are refused).
 * The caller decrefs. `what` begins the error: "cannot read deployment.json". */
ZC_MUST_USE zc_result zc_json_parse(zc_slice text, const char *what, json_t **ret_object,
                                    zc_error *error);
/* Members of an object; ZC_SUPPORT_BAD_JSON with the key's name when absent or of another type. The
 * text lives as long as the object. */
ZC_MUST_USE zc_result zc_json_get_text(const json_t *object, const char *key, const char **ret_text,
                                       zc_error *error);
/* Exactly `len` bytes of hex, 0x allowed. */
ZC_MUST_USE zc_result zc_json_get_hex(const json_t *object, const char *key, uint8_t *ret_bytes,
                                      size_t len, zc_error *error);
ZC_MUST_USE zc_result zc_json_get_u64(const json_t *object, const char *key, uint64_t *ret_value,
                                      zc_error *error);

#endif
