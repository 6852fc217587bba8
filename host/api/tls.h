/* Certificates of the gateway's TLS listeners, which can be replaced while it serves. */
#ifndef ZC_API_TLS_H
#define ZC_API_TLS_H

#include "base/slice.h"
#include "support/error.h"

typedef struct zc_tls zc_tls;

typedef struct zc_tls_files {
    const char *certificate; /* PEM chain */
    const char *key;         /* PEM; nobody else may read it */
    const char *client_ca;   /* PEM; NULL: clients need no certificate */
} zc_tls_files;

/* One at a time in a process: GnuTLS gives the callback that chooses a certificate no context. */
ZC_MUST_USE zc_result zc_tls_load(const zc_tls_files *files, zc_tls **ret_tls, zc_error *error);
/* Reads certificate and key again, for new connections. When that fails the old ones stay. The
 * client CA is read once. */
ZC_MUST_USE zc_result zc_tls_reload(zc_tls *tls, zc_error *error);
/* When no server uses it any more. */
void zc_tls_free(zc_tls *tls);

/* For http_server.c: the client CA as PEM (NULL: none), and the certificate callback, a
 * gnutls_certificate_retrieve_function2. */
const char *zc_tls_client_ca(const zc_tls *tls);
void *zc_tls_callback(void);
/* Whether the client of a GnuTLS session showed a certificate of the client CA; its SHA-256. */
bool zc_tls_client(void *session, uint8_t ret_sha256[static 32]);

#endif
