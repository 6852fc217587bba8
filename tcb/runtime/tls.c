#include "runtime/tls.h"

#include <errno.h>
#include <limits.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include "crypto/setup.h"
#include "wire/limits.h"

#define SUITE "TLS_AES_256_GCM_SHA384"
#define GROUPS "X25519:P-256"
/* Small records of ours keep the write buffer small. */
#define FRAGMENT 4096

/* RFC 8446 §4.1.3: a ServerHello with this random is a HelloRetryRequest. */
static const uint8_t retry_random[32] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

/* A client whose key share fits nothing would be asked again, and its second ClientHello may claim
 * 128 KiB that OpenSSL then takes from the arena. Our clients offer a group that is known here. */
static void refuse_retry(int written, int version, int content, const void *bytes, size_t len,
                         SSL *ssl, void *argument)
{
    enum { HANDSHAKE = 22, SERVER_HELLO = 2, RANDOM_AT = 6 };
    (void)version;
    (void)ssl;
    const uint8_t *message = bytes;
    if (written && content == HANDSHAKE && len >= RANDOM_AT + sizeof retry_random &&
        message[0] == SERVER_HELLO &&
        memcmp(message + RANDOM_AT, retry_random, sizeof retry_random) == 0) {
        ((zc_tls_session *)argument)->refused = true;
    }
}

static int bio_result(BIO *bio, ssize_t done, int retry_flag)
{
    if (done < 0 && (errno == EAGAIN || errno == EINTR)) {
        BIO_set_flags(bio, retry_flag | BIO_FLAGS_SHOULD_RETRY);
    }
    return (int)done;
}

static int bio_write(BIO *bio, const char *bytes, int len)
{
    const zc_tls_session *session = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (session->refused || len <= 0) {
        return -1;
    }
    ssize_t sent = send(session->fd, bytes, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL);
    return bio_result(bio, sent, BIO_FLAGS_WRITE);
}

static int bio_read(BIO *bio, char *bytes, int len)
{
    zc_tls_session *session = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    size_t left = ZC_TLS_RECEIVE_MAX - session->received;
    if (session->refused || len <= 0 || left == 0) {
        return -1;
    }
    size_t wanted = (size_t)len < left ? (size_t)len : left;
    ssize_t got = recv(session->fd, bytes, wanted, MSG_DONTWAIT);
    if (got > 0) {
        session->received += (size_t)got;
    }
    return bio_result(bio, got, BIO_FLAGS_READ);
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static BIO_METHOD *make_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "zcp");
    if (method != NULL && BIO_meth_set_write(method, bio_write) == 1 &&
        BIO_meth_set_read(method, bio_read) == 1 && BIO_meth_set_ctrl(method, bio_control) == 1) {
        return method;
    }
    BIO_meth_free(method);
    return NULL;
}

static bool narrow(SSL_CTX *ctx)
{
    const uint64_t options = SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                             SSL_OP_CIPHER_SERVER_PREFERENCE;
    SSL_CTX_set_options(ctx, options);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
    /* Without NO_AUTO_CHAIN each handshake would look for issuers in an empty store. */
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_msg_callback(ctx, refuse_retry);
    return SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_ciphersuites(ctx, SUITE) == 1 &&
           SSL_CTX_set1_groups_list(ctx, GROUPS) == 1 && SSL_CTX_set_num_tickets(ctx, 0) == 1 &&
           SSL_CTX_set_max_early_data(ctx, 0) == 1 &&
           SSL_CTX_set_recv_max_early_data(ctx, 0) == 1 &&
           SSL_CTX_set_max_send_fragment(ctx, FRAGMENT) == 1;
}

zc_result zc_tls_init(zc_tls *tls, zc_slice entropy)
{
    *tls = (zc_tls){0};
    if (!zc_openssl_setup() ||
        OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL) != 1) {
        return zc_fail(ZC_RUNTIME_TLS_SETUP);
    }
    if (entropy.len > 0 && entropy.len <= 1024) {
        RAND_add(entropy.data, (int)entropy.len, (double)entropy.len);
    }
    tls->method = make_method();
    tls->ctx = SSL_CTX_new(TLS_server_method());
    if (tls->method == NULL || tls->ctx == NULL || !narrow(tls->ctx)) {
        return zc_fail(ZC_RUNTIME_TLS_SETUP);
    }
    tls->key = EVP_EC_gen("P-256");
    return tls->key == NULL ? zc_fail(ZC_RUNTIME_TLS_KEY) : ZC_OK;
}

void zc_tls_clear(zc_tls *tls)
{
    SSL_CTX_free(tls->ctx);
    EVP_PKEY_free(tls->key);
    BIO_meth_free(tls->method);
    *tls = (zc_tls){0};
}

zc_result zc_tls_write_spki(const zc_tls *tls, zc_writer *writer)
{
    uint8_t der[ZC_SPKI_MAX];
    int len = i2d_PUBKEY(tls->key, NULL);
    if (len <= 0 || (size_t)len > sizeof der) {
        return zc_fail(ZC_RUNTIME_TLS_KEY);
    }
    unsigned char *at = der;
    if (i2d_PUBKEY(tls->key, &at) != len) {
        return zc_fail(ZC_RUNTIME_TLS_KEY);
    }
    return zc_write_slice(writer, zc_slice_of(der, (size_t)len));
}

zc_result zc_tls_set_certificate(zc_tls *tls, zc_slice der)
{
    const unsigned char *at = der.data;
    if (der.len == 0 || der.len > ZC_CERTIFICATE_MAX) {
        return zc_fail(ZC_RUNTIME_TLS_CERTIFICATE);
    }
    X509 *certificate = d2i_X509(NULL, &at, (long)der.len);
    bool set = certificate != NULL && at == der.data + der.len &&
               X509_check_private_key(certificate, tls->key) == 1 &&
               SSL_CTX_use_certificate(tls->ctx, certificate) == 1 &&
               SSL_CTX_use_PrivateKey(tls->ctx, tls->key) == 1;
    X509_free(certificate);
    ERR_clear_error();
    return set ? ZC_OK : zc_fail(ZC_RUNTIME_TLS_CERTIFICATE);
}

zc_result zc_tls_begin(const zc_tls *tls, int fd, zc_tls_session *session)
{
    *session = (zc_tls_session){.fd = fd};
    session->ssl = SSL_new(tls->ctx);
    BIO *bio = session->ssl == NULL ? NULL : BIO_new(tls->method);
    if (bio == NULL) {
        zc_tls_end(session);
        ERR_clear_error();
        return zc_fail(ZC_RUNTIME_TLS_SETUP);
    }
    BIO_set_data(bio, session);
    BIO_set_init(bio, 1);
    SSL_set_bio(session->ssl, bio, bio);
    SSL_set_msg_callback_arg(session->ssl, session);
    SSL_set_accept_state(session->ssl);
    return ZC_OK;
}

static zc_tls_progress progress_of(const zc_tls_session *session, int outcome)
{
    if (outcome > 0) {
        return ZC_TLS_DONE;
    }
    int why = SSL_get_error(session->ssl, outcome);
    ERR_clear_error();
    bool wait = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
    return wait && !session->refused ? ZC_TLS_WAIT : ZC_TLS_FAILED;
}

zc_tls_progress zc_tls_shake(zc_tls_session *session)
{
    ERR_clear_error();
    return progress_of(session, SSL_do_handshake(session->ssl));
}

zc_tls_progress zc_tls_write(zc_tls_session *session, zc_slice bytes, size_t *at)
{
    ERR_clear_error();
    while (*at < bytes.len) {
        size_t written = 0;
        int outcome = SSL_write_ex(session->ssl, bytes.data + *at, bytes.len - *at, &written);
        if (outcome <= 0) {
            return progress_of(session, outcome);
        }
        *at += written;
    }
    return ZC_TLS_DONE;
}

zc_result zc_tls_export(const zc_tls_session *session, zc_session_secrets *ret_secrets)
{
    uint8_t exporter[ZC_SESSION_EXPORTER_SIZE];
    int outcome =
        SSL_export_keying_material(session->ssl, exporter, sizeof exporter, ZC_SESSION_LABEL,
                                   sizeof ZC_SESSION_LABEL - 1, NULL, 0, 0);
    if (outcome == 1) {
        zc_session_secrets_of(exporter, ret_secrets);
    }
    zc_wipe(exporter, sizeof exporter);
    return outcome == 1 ? ZC_OK : zc_fail(ZC_RUNTIME_TLS_HANDSHAKE);
}

void zc_tls_end(zc_tls_session *session)
{
    /* Nothing is sent: SSL_shutdown() is what would. */
    SSL_free(session->ssl);
    zc_wipe(session, sizeof *session);
    session->fd = -1;
}
