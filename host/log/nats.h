/* A NATS client of one connection that asks and waits: what JetStream's API needs, no more.
 * Source: the NATS client protocol (INFO, CONNECT, SUB, HPUB, MSG, HMSG, PING, PONG, -ERR). With
 * TLS where it is asked for; then no credential is sent without it, whatever the server says. */
#ifndef ZC_LOG_NATS_H
#define ZC_LOG_NATS_H

#include "log/credentials.h"
#include "support/bytes.h"

#define ZC_NATS_SUBJECT_SIZE 192

typedef struct zc_nats zc_nats;

typedef struct zc_nats_question {
    const char *subject;
    const char *header; /* whole lines, each with its end: "Name: value\r\n"; NULL: none */
    zc_slice payload;
} zc_nats_question;

/* Files of PEM. */
typedef struct zc_nats_trust {
    const char *ca;          /* NULL: the machine's authorities */
    const char *certificate; /* a chain that this end shows; NULL: none */
    const char *key;         /* its key, which nobody else may read */
} zc_nats_trust;

/* "host:port"; `trust` NULL: without TLS. The caller closes. Errors: ZC_LOG_UNREACHABLE,
 * ZC_LOG_REFUSED, ZC_LOG_NO_CREDENTIALS, those of files. */
ZC_MUST_USE zc_result zc_nats_open(const char *address, const zc_nats_trust *trust,
                                   const zc_credentials *credentials, zc_nats **ret_nats,
                                   zc_error *error);
/* The payload of the answer, which the caller clears. After an error the connection is of no more
 * use. Errors: ZC_LOG_UNREACHABLE, ZC_LOG_REFUSED (also when nobody listens on the subject). */
ZC_MUST_USE zc_result zc_nats_ask(zc_nats *nats, const zc_nats_question *question,
                                  zc_bytes *ret_answer, zc_error *error);
/* NULL is fine. */
void zc_nats_close(zc_nats *nats);

/* The server's words, taken apart; for the client and its fuzz target. */
typedef enum zc_nats_kind {
    ZC_NATS_MSG,
    ZC_NATS_PING,
    ZC_NATS_PONG,
    ZC_NATS_OK,
    ZC_NATS_INFO,
    ZC_NATS_ERR,
} zc_nats_kind;

typedef struct zc_nats_message {
    zc_nats_kind kind;
    zc_slice subject; /* MSG */
    unsigned status;  /* MSG: of its header's first line; 0: none */
    zc_slice payload; /* MSG; else the rest of the line */
} zc_nats_message;

#define ZC_NATS_LINE_MAX ((size_t)16384)
#define ZC_NATS_PAYLOAD_MAX ((size_t)8 << 20)

/* The first message of `bytes`, into which it points, and how long it is; 0: more is needed.
 * Errors: ZC_LOG_UNREACHABLE for what is none. */
ZC_MUST_USE zc_result zc_nats_parse(zc_slice bytes, zc_nats_message *ret_message, size_t *ret_len);

#endif
