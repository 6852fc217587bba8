#include "log/nats_tls.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "support/file.h"
#include "support/reasons.h"

#define PEM_MAX ((size_t)1 << 20)

struct zc_nats_tls {
    SSL_CTX *context;
    SSL *session;
};

static zc_result unusable(const char *path, const char *why, zc_error *error)
{
    zc_result result = zc_error_set(error, ZC_LOG_NO_CREDENTIALS, "", why,
                                    "name PEM files: --ca, and --client-cert with --client-key");
    zc_error_what(error, "cannot use %.200s", path);
    return result;
}

/* The file is read as any secret is: one that others may read is refused. */
static zc_result take_key(SSL_CTX *context, const char *path, zc_error *error)
{
    ZC_BYTES zc_bytes pem = {0};
    ZC_TRY(zc_file_read_secret(path, PEM_MAX, &pem, error));
    BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.len);
    EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    bool taken = key != NULL && SSL_CTX_use_PrivateKey(context, key) == 1 &&
                 SSL_CTX_check_private_key(context) == 1;
    EVP_PKEY_free(key);
    BIO_free(bio);
    return taken ? ZC_OK : unusable(path, "it is no private key of the certificate", error);
}

static zc_result take_files(SSL_CTX *context, const zc_nats_trust *trust, zc_error *error)
{
    bool roots = trust->ca == NULL ? SSL_CTX_set_default_verify_paths(context) == 1
                                   : SSL_CTX_load_verify_file(context, trust->ca) == 1;
    if (!roots) {
        return unusable(trust->ca == NULL ? "the machine's authorities" : trust->ca,
                        "there are no certificates in it", error);
    }
    if (trust->certificate == NULL) {
        return ZC_OK;
    }
    if (SSL_CTX_use_certificate_chain_file(context, trust->certificate) != 1) {
        return unusable(trust->certificate, "there is no certificate in it", error);
    }
    return take_key(context, trust->key, error);
}

/* A certificate is of a name, or of an address. */
static bool expect(SSL *session, const char *host)
{
    uint8_t address[16];
    if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1) {
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1;
    }
    SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    /* SSL_set_tlsext_host_name() itself casts the name's const away; libssl copies it. */
    return SSL_set1_host(session, host) == 1 &&
           SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    (void *)(uintptr_t)host) == 1;
}

static zc_result shake_hands(zc_nats_tls *tls, int fd, const char *host, zc_error *error)
{
    tls->session = SSL_new(tls->context);
    if (tls->session == NULL || !expect(tls->session, host) || SSL_set_fd(tls->session, fd) != 1) {
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot speak TLS",
                            "the machine gave no memory", "free some memory and try again");
    }
    if (SSL_connect(tls->session) == 1) {
        return ZC_OK;
    }
    long verified = SSL_get_verify_result(tls->session);
    const char *why = verified != X509_V_OK ? X509_verify_cert_error_string(verified)
                                            : ERR_reason_error_string(ERR_peek_last_error());
    zc_result result =
        zc_error_set(error, ZC_LOG_UNREACHABLE, "", why == NULL ? "the handshake broke" : why,
                     "check --ca, the server's name in its certificate, and --client-cert where "
                     "it wants one");
    zc_error_what(error, "the NATS server at %.120s gives no TLS that can be trusted", host);
    return result;
}

zc_result zc_nats_tls_open(int fd, const char *host, const zc_nats_trust *trust,
                           zc_nats_tls **ret_tls, zc_error *error)
{
    zc_nats_tls *tls = calloc(1, sizeof *tls);
    SSL_CTX *context = tls == NULL ? NULL : SSL_CTX_new(TLS_client_method());
    if (context == NULL || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
        SSL_CTX_free(context);
        free(tls);
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot speak TLS",
                            "the machine gave no memory", "free some memory and try again");
    }
    tls->context = context;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    zc_result opened = take_files(context, trust, error);
    opened = zc_ok(opened) ? shake_hands(tls, fd, host, error) : opened;
    ERR_clear_error();
    if (!zc_ok(opened)) {
        zc_nats_tls_close(tls);
        return opened;
    }
    *ret_tls = tls;
    return ZC_OK;
}

ssize_t zc_nats_tls_send(zc_nats_tls *tls, zc_slice bytes)
{
    size_t sent = 0;
    return SSL_write_ex(tls->session, bytes.data, bytes.len, &sent) == 1 ? (ssize_t)sent : -1;
}

ssize_t zc_nats_tls_receive(zc_nats_tls *tls, uint8_t *ret_bytes, size_t size)
{
    size_t got = 0;
    if (SSL_read_ex(tls->session, ret_bytes, size, &got) == 1) {
        return (ssize_t)got;
    }
    return SSL_get_error(tls->session, 0) == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

void zc_nats_tls_close(zc_nats_tls *tls)
{
    if (tls != NULL) {
        SSL_free(tls->session);
        SSL_CTX_free(tls->context);
        free(tls);
    }
}
