/* D/store.db: what the enclave gave zcpd to keep, opaque to zcpd. SQLite in WAL mode with
 * synchronous=FULL: when a put returns ZC_OK the blob survives a power cut.
 *
 * One writer process. Errors: ZC_SUPPORT_STORE, _STORE_VERSION, _STORE_MISSING, _DISK_FULL,
 * _NO_MEMORY. */
#ifndef ZC_SUPPORT_STORE_H
#define ZC_SUPPORT_STORE_H

#include "support/bytes.h"
#include "support/error.h"
#include "wire/kinds.h"

typedef struct zc_store zc_store;

/* Opens or makes the database (mode 0600) and checks its schema version and integrity. The caller
 * closes it. */
ZC_MUST_USE zc_result zc_store_open(const char *path, zc_store **ret_store, zc_error *error);
void zc_store_close(zc_store *store); /* NULL is fine */

/* Inserts, or replaces a blob of the same kind and name. Durable on return. */
ZC_MUST_USE zc_result zc_store_put(zc_store *store, int kind, zc_slice name, zc_slice data,
                                   zc_error *error);
/* The caller clears the bytes. ZC_SUPPORT_STORE_MISSING when there is none. */
ZC_MUST_USE zc_result zc_store_get(zc_store *store, int kind, zc_slice name, zc_bytes *ret_data,
                                   zc_error *error);
ZC_MUST_USE zc_result zc_store_count(zc_store *store, int kind, size_t *ret_count, zc_error *error);

/* Calls `each` for the blobs of a kind behind place `after`, 0 for the first, in the order in which
 * they were first put, at most `max` of them. The slices live
 * during the call. A failure that `each` returns ends the walk and is returned.
 * Out: the place of the last; `after` when there was none. */
typedef zc_result (*zc_store_visit)(void *self, zc_slice name, zc_slice data);
ZC_MUST_USE zc_result zc_store_each(zc_store *store, int kind, uint64_t after, size_t max,
                                    zc_store_visit each, void *self, uint64_t *ret_last,
                                    zc_error *error);

#endif
