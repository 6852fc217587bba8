/* The end of the enclave's log as zcpd keeps it on this machine. Only what is public of an entry:
 * who asked, for what and by which rule is committed to there, and `zcp audit tail` shows it to
 * whoever may read the file. */
#ifndef ZC_REST_TAIL_H
#define ZC_REST_TAIL_H

#include <jansson.h>

#include "support/error.h"

#define ZC_REST_TAIL_MAX 1000

typedef struct zc_rest_tail zc_rest_tail;

/* NULL when the machine gives no memory. */
zc_rest_tail *zc_rest_tail_new(const char *dir);
void zc_rest_tail_free(zc_rest_tail *tail);
/* The last `count` entries, oldest first. The caller decrefs. Errors: those of the journal. */
ZC_MUST_USE zc_result zc_rest_tail_read(zc_rest_tail *tail, size_t count, json_t **ret_entries,
                                        zc_error *error);

#endif
