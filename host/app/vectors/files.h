/* Files of test vectors: which ones a path stands for, and what JSON they hold. */
#ifndef ZC_VECTORS_FILES_H
#define ZC_VECTORS_FILES_H

#include <jansson.h>

#include "support/file.h"

#define ZC_VECTORS_MAX_FILE ((size_t)64 << 20)

/* Calls `visit` with each regular file at or under `path`, in order of names; `name` is the part
 * behind `path`, or the file's own name. Errors: those of the file system, in words. */
typedef void zc_visit_fn(void *self, const char *path, const char *name);
ZC_MUST_USE zc_result zc_files_visit(const char *path, zc_visit_fn *visit, void *self,
                                     zc_error *error);

/* Reads JSON: a byte order mark is passed over, and an integer of more than 18 digits becomes a
 * text of its digits, because JSON libraries round or refuse it. NULL, with `ret_why` filled, for
 * what is no JSON. The caller decrefs. */
json_t *zc_files_json(const char *path, char *ret_why, size_t capacity);

#endif
