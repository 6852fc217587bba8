/* zcp-witness: cosigns the checkpoints of logs that only ever grow (C2SP tlog-witness over HTTP).
 *
 *     zcp-witness --dir DIR --name NAME --listen ADDRESS --log KEY…
 *
 * DIR holds its key, made at the first start, and what it cosigned last of each log. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <microhttpd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log/serve.h"
#include "log/witness.h"
#include "support/credential.h"
#include "support/reasons.h"

#define CONNECTIONS 64U
#define IDLE_SECONDS 15U

static zc_witness_server witness;

/* The body of one request as it arrives. */
typedef struct zc_upload {
    zc_bytes body;
    bool too_long;
} zc_upload;

static enum MHD_Result reply(struct MHD_Connection *connection, unsigned status, const char *type,
                             const char *text, size_t len)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) {
        return MHD_NO;
    }
    (void)MHD_add_response_header(response, "Content-Type", type);
    (void)MHD_add_response_header(response, "Cache-Control", "no-store");
    enum MHD_Result queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, const char *text)
{
    return reply(connection, status, "text/plain", text, strlen(text));
}

static enum MHD_Result answer(void *self, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *len, void **state)
{
    (void)self;
    (void)version;
    zc_upload *upload = *state;
    if (upload == NULL) {
        *state = calloc(1, sizeof *upload);
        return *state != NULL ? MHD_YES : MHD_NO;
    }
    if (*len > 0) {
        bool fits = *len <= ZC_WITNESS_REQUEST_MAX - upload->body.len;
        upload->too_long =
            upload->too_long || !fits || !zc_bytes_append(&upload->body, zc_slice_of(data, *len));
        *len = 0;
        return MHD_YES;
    }
    if (strcmp(url, "/add-checkpoint") != 0) {
        return refuse(connection, MHD_HTTP_NOT_FOUND, "only /add-checkpoint\n");
    }
    if (strcmp(method, "POST") != 0) {
        return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only POST\n");
    }
    if (upload->too_long) {
        return refuse(connection, MHD_HTTP_CONTENT_TOO_LARGE, "the request is too long\n");
    }
    zc_witness_answer said;
    zc_witness_answer_to(&witness, zc_bytes_slice(&upload->body), (uint64_t)time(NULL), &said);
    return reply(connection, (unsigned)said.status, said.type, said.body, said.len);
}

static void completed(void *self, struct MHD_Connection *connection, void **state,
                      enum MHD_RequestTerminationCode code)
{
    (void)self;
    (void)connection;
    (void)code;
    zc_upload *upload = *state;
    if (upload != NULL) {
        zc_bytes_clear(&upload->body);
        free(upload);
    }
}

static zc_result load_key(const char *dir, zc_error *error)
{
    ZC_CREDENTIAL zc_credential credential = {0};
    ZC_TRY(zc_credential_ensure(dir, "witness", &credential, error));
    return zc_signer_init(&witness.signer, ZC_CURVE_ED25519, &credential.seed);
}

static void print_key(unsigned port)
{
    zc_cosigner key;
    uint8_t text[ZC_WITNESS_KEY_TEXT];
    zc_writer out = ZC_WRITER_OF_ARRAY(text);
    if (zc_ok(zc_cosigner_of(zc_slice_of_text(witness.name), witness.signer.pubkey.byte, &key)) &&
        zc_ok(zc_cosigner_write(&key, &out))) {
        (void)printf("key %.*s\nport %u\n", (int)zc_writer_len(&out), (const char *)text, port);
        (void)fflush(stdout);
    }
}

/* One thread answers everybody: what a witness remembers changes in one order. */
static int serve(const char *address)
{
    struct sockaddr_storage at;
    sigset_t wanted;
    int number = 0;
    if (zc_socket_address(address, &at) == 0) {
        (void)fprintf(stderr, "zcp-witness: --listen wants an address such as 127.0.0.1:8490\n");
        return ZC_EXIT_USAGE;
    }
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGINT);
    sigprocmask(SIG_BLOCK, &wanted, NULL);
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO |
                     (at.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0U);
    struct MHD_Daemon *daemon =
        MHD_start_daemon(flags, 0, NULL, NULL, answer, NULL, MHD_OPTION_SOCK_ADDR, &at,
                         MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_CONNECTION_LIMIT,
                         CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_END);
    if (daemon == NULL) {
        (void)fprintf(stderr, "zcp-witness: %s can't be had; choose another --listen\n", address);
        return ZC_EXIT_FAILED;
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    print_key(info == NULL ? 0 : info->port);
    (void)sigwait(&wanted, &number);
    MHD_stop_daemon(daemon);
    return ZC_EXIT_DONE;
}

/* Pairs of an option and its value. */
static bool read_options(int argc, char **argv, const char **ret_listen)
{
    for (int at = 1; at + 1 < argc; at += 2) {
        const char *value = argv[at + 1];
        if (strcmp(argv[at], "--dir") == 0 && strlen(value) < sizeof witness.folder) {
            memcpy(witness.folder, value, strlen(value) + 1);
        } else if (strcmp(argv[at], "--name") == 0 && strlen(value) < sizeof witness.name) {
            memcpy(witness.name, value, strlen(value) + 1);
        } else if (strcmp(argv[at], "--listen") == 0) {
            *ret_listen = value;
        } else if (strcmp(argv[at], "--log") != 0 || !zc_ok(zc_witness_add_log(&witness, value))) {
            (void)fprintf(stderr, "zcp-witness: %s %.200s is not understood\n", argv[at], value);
            return false;
        }
    }
    return argc % 2 == 1 && witness.folder[0] != '\0' &&
           zc_ok(zc_note_name_check(zc_slice_of_text(witness.name)));
}

int main(int argc, char **argv)
{
    const char *listen = "127.0.0.1:8490";
    zc_error error = {0};
    if (!read_options(argc, argv, &listen)) {
        (void)fprintf(stderr, "usage: zcp-witness --dir DIR --name NAME [--listen ADDRESS] "
                              "[--log KEY]…\n"
                              "KEY is a log's verifier key: origin+id+base64.\n");
        return ZC_EXIT_USAGE;
    }
    if (!zc_ok(load_key(witness.folder, &error))) {
        zc_error_print(stderr, "zcp-witness", &error);
        return ZC_EXIT_FAILED;
    }
    int code = serve(listen);
    zc_signer_clear(&witness.signer);
    return code;
}
