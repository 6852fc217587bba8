#include "log/nats.h"

#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/hex.h"
#include "log/nats_tls.h"
#include "support/json.h"
#include "support/reasons.h"

#define PATIENCE_S 15
#define READ_STEP ((size_t)65536)
#define NO_RESPONDERS 503

struct zc_nats {
    int fd;
    zc_nats_tls *tls; /* NULL: none */
    char address[128];
    char host[128];
    char inbox[40]; /* "_INBOX.<random>" */
    uint64_t asked;
    zc_bytes in;
    size_t taken; /* of `in` */
};

static zc_result unreachable(const zc_nats *nats, const char *why, zc_error *error)
{
    zc_result result = zc_error_set(error, ZC_LOG_UNREACHABLE, "", why,
                                    "check the address, and that the server runs");
    zc_error_what(error, "cannot talk to the NATS server at %.120s", nats->address);
    return result;
}

static zc_result refused(const zc_nats *nats, zc_slice why, zc_error *error)
{
    zc_result result = zc_error_set(error, ZC_LOG_REFUSED, "", "",
                                    "check the credentials, and that JetStream is on");
    zc_error_what(error, "the NATS server at %.120s refuses", nats->address);
    zc_error_why(error, "%.*s", (int)(why.len < 200 ? why.len : 200),
                 why.len == 0 ? "" : (const char *)why.data);
    return result;
}

static zc_result send_all(const zc_nats *nats, zc_slice bytes, zc_error *error)
{
    size_t sent = 0;
    while (sent < bytes.len) {
        zc_slice rest = zc_slice_of(bytes.data + sent, bytes.len - sent);
        ssize_t put = nats->tls != NULL ? zc_nats_tls_send(nats->tls, rest)
                                        : send(nats->fd, rest.data, rest.len, MSG_NOSIGNAL);
        if (put < 0 && nats->tls == NULL && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return unreachable(nats, "the connection broke", error);
        }
        sent += (size_t)put;
    }
    return ZC_OK;
}

static zc_result send_text(const zc_nats *nats, const char *text, zc_error *error)
{
    return send_all(nats, zc_slice_of_text(text), error);
}

/* Some more bytes, or an error: nothing for PATIENCE_S is one. */
static zc_result receive(zc_nats *nats, zc_error *error)
{
    if (nats->taken > 0) {
        memmove(nats->in.data, nats->in.data + nats->taken, nats->in.len - nats->taken);
        nats->in.len -= nats->taken;
        nats->taken = 0;
    }
    if (nats->in.len > ZC_NATS_PAYLOAD_MAX + ZC_NATS_LINE_MAX ||
        !zc_bytes_reserve(&nats->in, READ_STEP)) {
        return unreachable(nats, "its answer is too long", error);
    }
    for (;;) {
        uint8_t *end = nats->in.data + nats->in.len;
        ssize_t got = nats->tls != NULL ? zc_nats_tls_receive(nats->tls, end, READ_STEP)
                                        : recv(nats->fd, end, READ_STEP, 0);
        if (got < 0 && nats->tls == NULL && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return unreachable(nats, got == 0 ? "it closed the connection" : "it does not answer",
                               error);
        }
        nats->in.len += (size_t)got;
        return ZC_OK;
    }
}

/* The next message that is for us: PINGs are answered, what was said before is passed over. The
 * message lives until the next call. */
static zc_result next(zc_nats *nats, zc_nats_message *ret_message, zc_error *error)
{
    for (;;) {
        size_t len = 0;
        zc_slice rest = zc_slice_of(nats->in.data + nats->taken, nats->in.len - nats->taken);
        if (rest.len > 0 && !zc_ok(zc_nats_parse(rest, ret_message, &len))) {
            return unreachable(nats, "what it says is not NATS", error);
        }
        if (len == 0) {
            ZC_TRY(receive(nats, error));
            continue;
        }
        nats->taken += len;
        if (ret_message->kind == ZC_NATS_PING) {
            ZC_TRY(send_text(nats, "PONG\r\n", error));
        } else if (ret_message->kind == ZC_NATS_ERR) {
            return refused(nats, ret_message->payload, error);
        } else if (ret_message->kind != ZC_NATS_OK) {
            return ZC_OK;
        }
    }
}

static zc_result connect_to(zc_nats *nats, zc_error *error)
{
    char *host = nats->host;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    struct timeval patience = {.tv_sec = PATIENCE_S};
    (void)snprintf(host, sizeof nats->host, "%s", nats->address);
    char *colon = strrchr(host, ':');
    const char *port = "4222";
    if (colon != NULL) {
        *colon = '\0';
        port = colon + 1;
    }
    if (getaddrinfo(host, port, &hints, &found) != 0) {
        return unreachable(nats, "there is no such host", error);
    }
    for (struct addrinfo *at = found; at != NULL && nats->fd < 0; at = at->ai_next) {
        nats->fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
        if (nats->fd < 0) {
            continue;
        }
        (void)setsockopt(nats->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        (void)setsockopt(nats->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (connect(nats->fd, at->ai_addr, at->ai_addrlen) != 0) {
            (void)close(nats->fd);
            nats->fd = -1;
        }
    }
    freeaddrinfo(found);
    return nats->fd >= 0 ? ZC_OK : unreachable(nats, "nobody listens there", error);
}

/* What the server says first, in the clear. */
static zc_result read_info(zc_nats *nats, bool *ret_demands_tls, bool *ret_offers_tls,
                           zc_error *error)
{
    zc_nats_message message;
    json_t *info = NULL;
    ZC_TRY(next(nats, &message, error));
    if (message.kind != ZC_NATS_INFO || !zc_ok(zc_json_parse(message.payload, "", &info, NULL))) {
        return unreachable(nats, "what it says is not NATS", error);
    }
    *ret_demands_tls = json_is_true(json_object_get(info, "tls_required"));
    *ret_offers_tls = *ret_demands_tls || json_is_true(json_object_get(info, "tls_available"));
    bool headers = json_is_true(json_object_get(info, "headers"));
    json_decref(info);
    return headers ? ZC_OK : refused(nats, zc_slice_of_text("it is older than version 2.2"), error);
}

/* Who is between may have said that first line. After it everything comes through TLS, or not at
 * all: what is there already was said by nobody who can be known. */
static zc_result secure(zc_nats *nats, const zc_nats_trust *trust, zc_error *error)
{
    bool demanded = false, offered = false;
    ZC_TRY(read_info(nats, &demanded, &offered, error));
    if (trust == NULL) {
        return demanded ? refused(nats, zc_slice_of_text("it requires TLS: name it tls://"), error)
                        : ZC_OK;
    }
    if (!offered) {
        return refused(nats, zc_slice_of_text("it offers no TLS"), error);
    }
    if (nats->taken != nats->in.len) {
        return unreachable(nats, "it speaks before TLS has begun", error);
    }
    return zc_nats_tls_open(nats->fd, nats->host, trust, &nats->tls, error);
}

static zc_result greet(zc_nats *nats, const zc_credentials *credentials, zc_error *error)
{
    static const char fixed[] = "\"verbose\":false,\"pedantic\":false,\"headers\":true,"
                                "\"no_responders\":true,\"lang\":\"c\",\"version\":\"1\","
                                "\"protocol\":1";
    zc_nats_message message;
    /* Credentials have neither quotes nor backslashes nor control characters. */
    char *text = NULL;
    int made = credentials->token[0] != '\0'
                   ? asprintf(&text, "CONNECT {%s,\"auth_token\":\"%s\"}\r\nPING\r\n", fixed,
                              credentials->token)
               : credentials->user[0] != '\0'
                   ? asprintf(&text, "CONNECT {%s,\"user\":\"%s\",\"pass\":\"%s\"}\r\nPING\r\n",
                              fixed, credentials->user, credentials->password)
                   : asprintf(&text, "CONNECT {%s}\r\nPING\r\n", fixed);
    if (made < 0) {
        return unreachable(nats, "the machine gave no memory", error);
    }
    zc_result said = send_text(nats, text, error);
    explicit_bzero(text, (size_t)made);
    free(text);
    ZC_TRY(said);
    do {
        ZC_TRY(next(nats, &message, error));
    } while (message.kind != ZC_NATS_PONG);
    return ZC_OK;
}

static zc_result subscribe(zc_nats *nats, zc_error *error)
{
    uint8_t random[12];
    char hex[2 * sizeof random + 1];
    char line[96];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
        return unreachable(nats, "the machine gave no random bytes", error);
    }
    zc_hex_encode(ZC_SLICE_OF_ARRAY(random), hex);
    (void)snprintf(nats->inbox, sizeof nats->inbox, "_INBOX.%s", hex);
    (void)snprintf(line, sizeof line, "SUB %s.* 1\r\n", nats->inbox);
    return send_text(nats, line, error);
}

zc_result zc_nats_open(const char *address, const zc_nats_trust *trust,
                       const zc_credentials *credentials, zc_nats **ret_nats, zc_error *error)
{
    zc_nats *nats = calloc(1, sizeof *nats);
    if (nats == NULL || strlen(address) >= sizeof nats->address) {
        free(nats);
        return zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot use the NATS server",
                            "its address is too long", "name it host:port");
    }
    nats->fd = -1;
    memcpy(nats->address, address, strlen(address) + 1);
    zc_result opened = connect_to(nats, error);
    opened = zc_ok(opened) ? secure(nats, trust, error) : opened;
    opened = zc_ok(opened) ? greet(nats, credentials, error) : opened;
    opened = zc_ok(opened) ? subscribe(nats, error) : opened;
    if (!zc_ok(opened)) {
        zc_nats_close(nats);
        return opened;
    }
    *ret_nats = nats;
    return ZC_OK;
}

void zc_nats_close(zc_nats *nats)
{
    if (nats != NULL) {
        zc_nats_tls_close(nats->tls);
        if (nats->fd >= 0) {
            (void)close(nats->fd);
        }
        zc_bytes_clear(&nats->in);
        free(nats);
    }
}

static zc_result send_question(zc_nats *nats, const zc_nats_question *question, const char *reply,
                               zc_error *error)
{
    static const char version[] = "NATS/1.0\r\n";
    const char *lines = question->header != NULL ? question->header : "";
    size_t header_len = sizeof version - 1 + strlen(lines) + 2;
    char head[2 * ZC_NATS_SUBJECT_SIZE];
    ZC_BYTES zc_bytes whole = {0};
    int needed = snprintf(head, sizeof head, "HPUB %s %s %zu %zu\r\n", question->subject, reply,
                          header_len, header_len + question->payload.len);
    bool made = needed > 0 && (size_t)needed < sizeof head &&
                zc_bytes_append(&whole, zc_slice_of_text(head)) &&
                zc_bytes_append(&whole, zc_slice_of_text(version)) &&
                zc_bytes_append(&whole, zc_slice_of_text(lines)) &&
                zc_bytes_append(&whole, zc_slice_of_text("\r\n")) &&
                zc_bytes_append(&whole, question->payload) &&
                zc_bytes_append(&whole, zc_slice_of_text("\r\n"));
    return made ? send_all(nats, zc_bytes_slice(&whole), error)
                : unreachable(nats, "the machine gave no memory", error);
}

zc_result zc_nats_ask(zc_nats *nats, const zc_nats_question *question, zc_bytes *ret_answer,
                      zc_error *error)
{
    char reply[72];
    zc_nats_message message;
    (void)snprintf(reply, sizeof reply, "%s.%" PRIu64, nats->inbox, ++nats->asked);
    ZC_TRY(send_question(nats, question, reply, error));
    do {
        ZC_TRY(next(nats, &message, error));
    } while (message.kind != ZC_NATS_MSG || !zc_slice_eq_text(message.subject, reply));
    if (message.status == NO_RESPONDERS) {
        return refused(nats, zc_slice_of_text("nobody answers there: JetStream is off"), error);
    }
    ret_answer->len = 0;
    return zc_bytes_append(ret_answer, message.payload)
               ? ZC_OK
               : unreachable(nats, "the machine gave no memory", error);
}
