/* From a file to a session: connect, TLS 1.3 with front, evidence, then the first record to core.
 */
#include "client/internal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "wire/evidence.h"
#include "wire/session.h"

typedef struct zc_handshake {
    SSL_CTX *context;
    SSL *tls;
    uint8_t evidence[ZC_EVIDENCE_MAX];
} zc_handshake;

static void handshake_clear(zc_handshake *handshake)
{
    SSL_free(handshake->tls);
    SSL_CTX_free(handshake->context);
}

static zcp_result connect_socket(zcp_session *session, zcp_error *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(session->place.socket) >= sizeof address.sun_path) {
        return zc_report(error, ZCP_USAGE, "cannot reach the enclave",
                         "the path of its socket is longer than 107 characters",
                         "use a shorter --dir");
    }
    memcpy(address.sun_path, session->place.socket, strlen(session->place.socket));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return zc_report_lost(error, strerror(errno));
    }
    struct timeval limit = {.tv_sec = session->place.timeout_ms / 1000,
                            .tv_usec = (suseconds_t)(session->place.timeout_ms % 1000) * 1000};
    bool ready = setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0 &&
                 setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0 &&
                 connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    if (!ready) {
        int number = errno;
        close(fd);
        zc_report(error, ZCP_UNREACHABLE, "cannot reach the enclave", strerror(number),
                  "is it running? `zcp up` starts it, `zcp status` tells");
        if (error != NULL) {
            (void)snprintf(error->what, sizeof error->what, "cannot reach the enclave at %.200s",
                           session->place.socket);
        }
        return ZCP_UNREACHABLE;
    }
    session->fd = fd;
    session->transport = (zc_transport){.spin_us = session->place.spin_us};
    return ZCP_OK;
}

/* Certificates are not believed for their names: evidence.c checks what the key is vouched for by.
 */
static int any_certificate(X509_STORE_CTX *store, void *unused)
{
    (void)store;
    (void)unused;
    return 1;
}

static bool shake_hands(zcp_session *session, zc_handshake *handshake)
{
    handshake->context = SSL_CTX_new(TLS_client_method());
    if (handshake->context == NULL ||
        SSL_CTX_set_min_proto_version(handshake->context, TLS1_3_VERSION) != 1) {
        return false;
    }
    SSL_CTX_set_cert_verify_callback(handshake->context, any_certificate, NULL);
    SSL_CTX_set_verify(handshake->context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_session_cache_mode(handshake->context, SSL_SESS_CACHE_OFF);
    /* The records after the handshake are not TLS: nothing may be read ahead or sent at the end. */
    SSL_CTX_set_read_ahead(handshake->context, 0);
    SSL_CTX_set_quiet_shutdown(handshake->context, 1);
    handshake->tls = SSL_new(handshake->context);
    return handshake->tls != NULL && SSL_set_fd(handshake->tls, session->fd) == 1 &&
           SSL_connect(handshake->tls) == 1;
}

static bool read_exactly(SSL *tls, uint8_t *ret_bytes, size_t len)
{
    for (size_t got = 0; got < len;) {
        size_t more;
        if (SSL_read_ex(tls, ret_bytes + got, len - got, &more) != 1) {
            return false;
        }
        got += more;
    }
    return true;
}

static bool read_evidence(zc_handshake *handshake, zc_evidence *ret_evidence)
{
    size_t total;
    return read_exactly(handshake->tls, handshake->evidence, ZC_FRAME_HEAD) &&
           zc_ok(zc_evidence_peek_len(zc_slice_of(handshake->evidence, ZC_FRAME_HEAD), &total)) &&
           total <= sizeof handshake->evidence &&
           read_exactly(handshake->tls, handshake->evidence + ZC_FRAME_HEAD,
                        total - ZC_FRAME_HEAD) &&
           zc_ok(zc_evidence_read(zc_slice_of(handshake->evidence, total), ret_evidence));
}

static zcp_result check_channel(zcp_session *session, SSL *tls, const zc_evidence *evidence,
                                uint8_t ret_sha256[static 32], zcp_error *error)
{
    X509 *certificate = SSL_get0_peer_certificate(tls);
    uint8_t *der = NULL;
    int len = certificate == NULL ? -1 : i2d_X509(certificate, &der);
    if (len <= 0) {
        return zc_report(error, ZCP_NOT_VERIFIED, "refused the other end",
                         "it showed no certificate", "check that the socket is the enclave's");
    }
    zcp_result checked = zc_evidence_of_session(session, evidence->document, evidence->genesis,
                                                zc_slice_of(der, (size_t)len), ret_sha256, error);
    OPENSSL_free(der);
    return checked;
}

static bool take_keys(zcp_session *session, SSL *tls, zc_session_secrets *secrets)
{
    uint8_t exporter[ZC_SESSION_EXPORTER_SIZE];
    bool exported = SSL_export_keying_material(tls, exporter, sizeof exporter, ZC_SESSION_LABEL,
                                               sizeof ZC_SESSION_LABEL - 1, NULL, 0, 0) == 1;
    if (exported) {
        zc_session_secrets_of(exporter, secrets);
    }
    zc_wipe(exporter, sizeof exporter);
    return exported && zc_ok(zc_record_end_init(&session->to_core, &secrets->to_core)) &&
           zc_ok(zc_record_end_init(&session->to_client, &secrets->to_client));
}

/* The first record: this credential speaks on this channel, having seen this document of this
 * deployment. */
static zcp_result authenticate(zcp_session *session, const zc_session_secrets *secrets,
                               const uint8_t document_sha256[static 32], zcp_error *error)
{
    uint8_t tbs[ZC_SESSION_AUTH_TBS_SIZE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(tbs);
    zc_request request = {.op = ZC_OP_AUTH};
    memcpy(request.auth.public_key, session->credential.public_key, 32);
    if (!zc_ok(zc_session_auth_tbs(secrets->binding, document_sha256, session->place.deployment_id,
                                   &writer)) ||
        !zc_ok(zc_credential_sign(&session->credential, zc_writer_written(&writer),
                                  request.auth.signature))) {
        return zc_report(error, ZCP_FAILED, "cannot authenticate", "the credential does not sign",
                         "make a new credential");
    }
    zc_reply reply;
    zcp_result asked = zc_client_send(session, &request, error);
    asked = asked == ZCP_OK ? zc_client_receive(session, &reply, error) : asked;
    if (asked != ZCP_OK) {
        return asked;
    }
    if (reply.status != ZC_STATUS_OK) {
        return zc_client_failed(&reply, "the enclave refused the credential", error);
    }
    zc_copy_text(session->principal, sizeof session->principal, reply.auth.principal);
    if (session->place.shared && !zc_transport_share(session)) {
        return zc_report_lost(error, "the connection ended over the question for shared memory");
    }
    return ZCP_OK;
}

static zcp_result establish(zcp_session *session, zc_handshake *handshake, zcp_error *error)
{
    zc_evidence evidence;
    if (!shake_hands(session, handshake) || !read_evidence(handshake, &evidence)) {
        return zc_report(error, ZCP_UNREACHABLE, "got no attested session",
                         "the handshake did not come to its end",
                         "see `zcp status`: the enclave may be starting, or something else listens "
                         "on its socket");
    }
    uint8_t document_sha256[32];
    zcp_result checked = check_channel(session, handshake->tls, &evidence, document_sha256, error);
    if (checked != ZCP_OK) {
        return checked;
    }
    ZC_SECRET_SESSION zc_session_secrets secrets;
    if (!take_keys(session, handshake->tls, &secrets)) {
        return zc_report(error, ZCP_FAILED, "cannot take the session's keys",
                         "the TLS library gave none", "try again");
    }
    return authenticate(session, &secrets, document_sha256, error);
}

void zc_client_disconnect(zcp_session *session)
{
    if (session->fd < 0) {
        return;
    }
    close(session->fd);
    session->fd = -1;
    zc_transport_end(&session->transport);
    zc_record_end_clear(&session->to_core);
    zc_record_end_clear(&session->to_client);
    session->answer_len = 0;
    session->answer_used = 0;
    session->answered = session->next_id;
}

/* libssl writes with write(2), which kills a process whose peer has gone. During a handshake the
 * signal is held back in this thread, and one that came of it is taken away. */
typedef struct zc_pipe_guard {
    sigset_t pipe;
    sigset_t before;
    bool was_pending;
} zc_pipe_guard;

static void hold_sigpipe(zc_pipe_guard *guard)
{
    sigset_t pending;
    sigemptyset(&pending);
    sigemptyset(&guard->pipe);
    sigaddset(&guard->pipe, SIGPIPE);
    sigpending(&pending);
    guard->was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &guard->pipe, &guard->before);
}

static void release_sigpipe(const zc_pipe_guard *guard)
{
    const struct timespec at_once = {0};
    while (!guard->was_pending && sigtimedwait(&guard->pipe, NULL, &at_once) < 0 &&
           errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &guard->before, NULL);
}

zcp_result zc_client_connect(zcp_session *session, zcp_error *error)
{
    zcp_result connected = connect_socket(session, error);
    if (connected != ZCP_OK) {
        return connected;
    }
    zc_handshake handshake = {0};
    zc_pipe_guard guard;
    hold_sigpipe(&guard);
    zcp_result done = establish(session, &handshake, error);
    handshake_clear(&handshake);
    release_sigpipe(&guard);
    if (done != ZCP_OK) {
        zc_client_disconnect(session);
    }
    return done;
}
