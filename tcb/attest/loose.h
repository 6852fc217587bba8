/* Reading CBOR that a security module wrote: heads of any width, containers of indefinite length,
 * strings in one piece. Only for this module.
 *
 * Errors: those of the CBOR getters, which the caller turns into its own. */
#ifndef ZC_ATTEST_LOOSE_H
#define ZC_ATTEST_LOOSE_H

#include "codec/cbor.h"

/* ZC_CODEC_RANGE above `max`. */
ZC_MUST_USE zc_result zc_loose_get_uint(zc_reader *reader, uint64_t max, uint64_t *ret_value);
/* ZC_CODEC_WRONG_LENGTH above `max` bytes. */
ZC_MUST_USE zc_result zc_loose_get_bytes(zc_reader *reader, size_t max, zc_slice *ret_bytes);
/* The same for texts; ZC_CODEC_BAD_UTF8. */
ZC_MUST_USE zc_result zc_loose_get_text(zc_reader *reader, size_t max, zc_slice *ret_text);

/* Which of `count` names `text` is, or −1. At most 32 names. */
int zc_loose_find(const char *const *names, size_t count, zc_slice text);

/* Called for each pair of a map whose key is names[field]: reads the value. */
typedef zc_result zc_loose_read_fn(void *self, unsigned field, zc_reader *reader);

typedef struct zc_loose_fields {
    const char *const *names; /* at most 32 */
    size_t count;
    bool skip_unknown; /* pass over keys that are not named; otherwise ZC_CODEC_WRONG_KEY */
    zc_loose_read_fn *read;
    void *self;
} zc_loose_fields;

/* Reads a map of text keys in any order. *ret_seen has bit i for names[i].
 * Errors: ZC_CODEC_KEY_ORDER when a key occurs twice; ZC_CODEC_TOO_MANY above 32 pairs; those of
 * `read`. What `read` has stored by then stays. */
ZC_MUST_USE zc_result zc_loose_get_map(zc_reader *reader, const zc_loose_fields *fields,
                                       uint32_t *ret_seen);

#endif
