/* Certificates of a listener, which can be replaced while it serves. */
#ifndef ZC_API_TLS_H
#define ZC_API_TLS_H

#include "support/error.h"

typedef struct zc_tls zc_tls;

typedef struct zc_tls_files {
    const char *certificate; /* PEM chain */
    const char *key;         /* PEM; nobody else may read it */
    const char *client_ca;   /* PEM; NULL: clients need no certificate */
} zc_tls_files;

ZC_MUST_USE zc_result zc_tls_load(const zc_tls_files *files, zc_tls **ret_tls, zc_error *error);
/* Reads the files again. When that fails the old certificate stays in use. */
ZC_MUST_USE zc_result zc_tls_reload(zc_tls *tls, zc_error *error);
void zc_tls_free(zc_tls *tls);

#endif
