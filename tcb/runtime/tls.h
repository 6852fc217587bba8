/* TLS 1.3, server side, as narrow as OpenSSL lets it be made. Internal to front. */
#ifndef ZC_RUNTIME_TLS_H
#define ZC_RUNTIME_TLS_H

#include <openssl/ssl.h>

#include "base/writer.h"
#include "runtime/reasons.h"
#include "wire/session.h"

/* What a client may send before its handshake is done: one ClientHello and one Finished. */
#define ZC_TLS_RECEIVE_MAX ((size_t)6 * 1024)

typedef struct zc_tls {
    SSL_CTX *ctx;
    EVP_PKEY *key; /* P-256, made here, never written */
    BIO_METHOD *method;
} zc_tls;

/* One handshake. Stays where it is between _begin and _end: OpenSSL points to it. */
typedef struct zc_tls_session {
    SSL *ssl;
    int fd; /* the caller's */
    size_t received;
    bool refused; /* it asked for something that is not done here */
} zc_tls_session;

typedef enum zc_tls_progress {
    ZC_TLS_DONE,
    ZC_TLS_WAIT, /* until the connection is readable or writable again */
    ZC_TLS_FAILED,
} zc_tls_progress;

/* Makes settings and key. `entropy` is mixed into OpenSSL's own; may be empty. Errors:
 * ZC_RUNTIME_TLS_SETUP, ZC_RUNTIME_TLS_KEY. The caller clears it in any case. */
ZC_MUST_USE zc_result zc_tls_init(zc_tls *tls, zc_slice entropy);
void zc_tls_clear(zc_tls *tls);
/* The key's SubjectPublicKeyInfo. Errors: ZC_RUNTIME_TLS_KEY, ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_tls_write_spki(const zc_tls *tls, zc_writer *writer);
/* For handshakes that begin from now on. Errors: ZC_RUNTIME_TLS_CERTIFICATE. */
ZC_MUST_USE zc_result zc_tls_set_certificate(zc_tls *tls, zc_slice der);

/* Errors: ZC_RUNTIME_TLS_SETUP when there is no memory for another one. */
ZC_MUST_USE zc_result zc_tls_begin(const zc_tls *tls, int fd, zc_tls_session *session);
zc_tls_progress zc_tls_shake(zc_tls_session *session);
/* Writes bytes from *at on, and moves it. */
zc_tls_progress zc_tls_write(zc_tls_session *session, zc_slice bytes, size_t *at);
/* Errors: ZC_RUNTIME_TLS_HANDSHAKE. */
ZC_MUST_USE zc_result zc_tls_export(const zc_tls_session *session, zc_session_secrets *ret_secrets);
/* Forgets the handshake and its keys, saying nothing to the client. May be called on {0} and twice.
 */
void zc_tls_end(zc_tls_session *session);

#endif
