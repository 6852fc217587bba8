#include "peer_https.h"

#include <stdio.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Requests and answers fit one buffer, and arrive whole: both ends are ours. */
#define BUFFER 1024

static SSL *client;
static char question[BUFFER];
static int question_len;
static unsigned long long turn;

static EVP_PKEY *make_key(void)
{
    return EVP_EC_gen("P-256");
}

static X509 *make_certificate(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    bool made = certificate != NULL && key != NULL && X509_set_version(certificate, 2) == 1 &&
                X509_gmtime_adj(X509_getm_notBefore(certificate), 0) != NULL &&
                X509_gmtime_adj(X509_getm_notAfter(certificate), 3600) != NULL &&
                X509_set_pubkey(certificate, key) == 1 &&
                X509_sign(certificate, key, EVP_sha256()) > 0;
    if (!made) {
        X509_free(certificate);
        return NULL;
    }
    return certificate;
}

/* The body of a request: 64 digits of a digest. False when there is none. */
static bool read_digest(const char *request, int len, uint8_t ret_digest[static 32])
{
    const char *body = strstr(request, "\r\n\r\n");
    if (body == NULL || request + len - (body + 4) < 64) {
        return false;
    }
    for (size_t i = 0; i < 32; i++) {
        unsigned byte;
        if (sscanf(body + 4 + 2 * i, "%2x", &byte) != 1) {
            return false;
        }
        ret_digest[i] = (uint8_t)byte;
    }
    return true;
}

static void serve(int fd, SSL_CTX *context, EC_KEY *key)
{
    SSL *tls = SSL_new(context);
    char text[BUFFER];
    uint8_t digest[32];
    if (tls == NULL || SSL_set_fd(tls, fd) != 1 || SSL_accept(tls) != 1) {
        return;
    }
    for (;;) {
        int len = SSL_read(tls, text, BUFFER - 1);
        if (len <= 0) {
            return;
        }
        text[len] = '\0';
        uint8_t der[80];
        unsigned der_len = sizeof der;
        char body[200] = "{\"signature\":\"";
        if (!read_digest(text, len, digest) ||
            ECDSA_sign(0, digest, sizeof digest, der, &der_len, key) != 1) {
            return;
        }
        for (unsigned i = 0; i < der_len; i++) {
            (void)snprintf(body + strlen(body), 3, "%02x", der[i]);
        }
        (void)snprintf(body + strlen(body), 3, "\"}");
        len = snprintf(text, BUFFER,
                       "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                       "Content-Length: %zu\r\n\r\n%s",
                       strlen(body), body);
        if (SSL_write(tls, text, len) != len) {
            return;
        }
    }
}

static void server_process(int fd)
{
    EVP_PKEY *key = make_key();
    X509 *certificate = make_certificate(key);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    EC_KEY *signing = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (certificate != NULL && context != NULL && signing != NULL &&
        EC_KEY_generate_key(signing) == 1 && SSL_CTX_use_certificate(context, certificate) == 1 &&
        SSL_CTX_use_PrivateKey(context, key) == 1) {
        serve(fd, context, signing);
    }
    _exit(0);
}

bool zc_peer_https_prepare(const zc_bench_task *task)
{
    (void)task;
    question_len = snprintf(question, sizeof question,
                            "POST /v1/sign HTTP/1.1\r\nHost: localhost\r\n"
                            "Content-Type: text/plain\r\nContent-Length: 64\r\n\r\n%064llx",
                            ++turn);
    return true;
}

bool zc_peer_https_run(const zc_bench_task *task)
{
    char answer[BUFFER];
    (void)task;
    return SSL_write(client, question, question_len) == question_len &&
           SSL_read(client, answer, BUFFER) > 200;
}

const char *zc_peer_https_open(const zc_bench_task *task)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        return "there is no socket";
    }
    pid_t pid = fork();
    if (pid == 0) {
        (void)close(pair[0]);
        server_process(pair[1]);
    }
    (void)close(pair[1]);
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    client = context == NULL ? NULL : SSL_new(context);
    if (pid < 0 || client == NULL || SSL_set_fd(client, pair[0]) != 1 || SSL_connect(client) != 1) {
        return "the signer does not start";
    }
    return zc_peer_https_prepare(task) && zc_peer_https_run(task) ? NULL
                                                                  : "the signer does not sign";
}
