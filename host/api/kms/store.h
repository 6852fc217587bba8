/* What AWS KMS keeps beside keys and an enclave has no use for: aliases, tags, descriptions and
 * dates of deletion. A file of the gateway's own, D/gateway/kms.json; nothing in it decides what
 * may be signed. Rows belong to one identity each, so nobody's alias means a key to somebody else.
 */
#ifndef ZC_KMS_STORE_H
#define ZC_KMS_STORE_H

#include "support/error.h"

#define ZC_KMS_ROWS_MAX ((size_t)8192)
#define ZC_KMS_VALUE_SIZE 257

typedef enum zc_kms_row_kind {
    ZC_KMS_ALIAS = 1,    /* name: of the alias; key: what it stands for; value: when it was made */
    ZC_KMS_TAG = 2,      /* name: the tag */
    ZC_KMS_DELETION = 3, /* value: seconds since 1970 */
    ZC_KMS_DESCRIPTION = 4,
} zc_kms_row_kind;

typedef struct zc_kms_row {
    zc_kms_row_kind kind;
    char identity[64];
    char key[64];
    char name[ZC_KMS_VALUE_SIZE];
    char value[ZC_KMS_VALUE_SIZE];
} zc_kms_row;

typedef struct zc_kms_store zc_kms_store;

ZC_MUST_USE zc_result zc_kms_store_open(const char *dir, zc_kms_store **ret_store, zc_error *error);
void zc_kms_store_close(zc_kms_store *store);

/* Adds a row, or replaces the one of the same kind, identity, name and (but for aliases) key, and
 * writes the file. Errors: those of files; ZC_SUPPORT_TOO_LARGE. */
ZC_MUST_USE zc_result zc_kms_store_put(zc_kms_store *store, const zc_kms_row *row, zc_error *error);
/* The first row from *at on that fits; `identity` and `kind` must, `key` and `name` where they are
 * not NULL. *at is then the next row's number. */
bool zc_kms_store_find(zc_kms_store *store, const char *identity, zc_kms_row_kind kind,
                       const char *key, const char *name, size_t *at, zc_kms_row *ret_row);

#endif
