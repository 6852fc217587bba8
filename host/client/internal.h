/* Private to libzcp. */
#ifndef ZC_CLIENT_INTERNAL_H
#define ZC_CLIENT_INTERNAL_H

#include <sys/types.h>

#include "attest/binding.h"
#include "attest/cache.h"
#include "support/credential.h"
#include "support/error.h"
#include "support/file.h"
#include "runtime/shared.h"
#include "wire/message.h"
#include "wire/record.h"
#include "zcp.h"

#define ZC_CLIENT_TIMEOUT_MS 10000
/* Requests under way at once. */
#define ZC_CLIENT_PIPELINE 256

/* What the caller pinned, resolved once. */
typedef struct zc_place {
    char dir[ZC_PATH_SIZE];
    char socket[ZC_PATH_SIZE];
    uint8_t root_der[2048];
    size_t root_len;
    uint8_t deployment_id[32];
    uint8_t pcr0[48];
    uint32_t timeout_ms;
    bool reconnect;
    uint32_t spin_us;
    bool shared;
} zc_place;

/* How bytes travel. */
typedef struct zc_transport {
    uint32_t spin_us; /* how long an answer is looked for before sleeping */
    void *memory;     /* shared with core; NULL: the socket carries everything */
    zc_shared_end end;
} zc_transport;

struct zcp_session {
    zc_place place;
    zc_credential credential;
    char principal[64];
    zcp_evidence evidence;
    int fd; /* −1: not connected */
    zc_transport transport;
    zc_record_end to_core;
    zc_record_end to_client;
    uint64_t next_id;
    zc_op pending[ZC_CLIENT_PIPELINE]; /* by id */
    uint64_t answered;                 /* the id of the last answer */
    uint8_t request[ZC_RECORD_MAX_PLAIN];
    uint8_t record[ZC_RECORD_MAX];
    uint8_t answer[ZC_RECORD_MAX];
    size_t answer_len; /* bytes read, perhaps of several records */
    size_t answer_used;
};

/* place.c. Reads what `zcp up` left in the folder, under what the caller says. */
zcp_result zc_place_resolve(const zcp_options *options, zc_place *ret_place, zcp_error *error);
zcp_result zc_place_credential(const zcp_options *options, const zc_place *place,
                               zc_credential *ret_credential, zcp_error *error);
/* The first certificate of a PEM file, as DER. */
zcp_result zc_place_root(const char *path, uint8_t *ret_der, size_t capacity, size_t *ret_len,
                         zcp_error *error);

/* report.c. Errors for people. All return `result`. */
zcp_result zc_report(zcp_error *error, zcp_result result, const char *what, const char *why,
                     const char *next);
/* `why` in the words of the module that gave the code. */
zcp_result zc_report_code(zcp_error *error, zcp_result result, uint16_t code, const char *what,
                          const char *next);
zcp_result zc_report_edge(zcp_error *error, const zc_error *from);
zcp_result zc_report_lost(zcp_error *error, const char *why);

/* handshake.c. Connects, shakes hands, checks the evidence and authenticates. */
zcp_result zc_client_connect(zcp_session *session, zcp_error *error);
void zc_client_disconnect(zcp_session *session);

/* evidence.c. Holds evidence of any kind, in its wrapper, to what the caller pinned, and to this
 * very channel. The hash is that of the evidence without its wrapper. */
zcp_result zc_evidence_of_session(zcp_session *session, zc_slice wrapped, zc_slice genesis,
                                  zc_slice tls_certificate, uint8_t ret_sha256[static 32],
                                  zcp_error *error);

/* verify.c. Chains seen before, by each thread for itself: pure to whoever calls. */
zc_attest_cache *zc_cache_of_thread(void);
/* A reason of the evidence, in words and by name. Returns ZCP_NOT_VERIFIED. */
zcp_result zc_report_evidence(zcp_error *error, zc_result reason, const char *next);

/* transport.c. As send() and recv() of everything or something, waiting as long as the socket's
 * time limits say; errno tells what is wrong. */
bool zc_transport_send(zc_transport *transport, int fd, const uint8_t *bytes, size_t len);
ssize_t zc_transport_receive(zc_transport *transport, int fd, uint8_t *ret_bytes, size_t room);
/* Asks core for shared memory. False when the connection is of no use any more; otherwise the
 * session goes on in whatever way core has granted. */
bool zc_transport_share(zcp_session *session);
void zc_transport_end(zc_transport *transport);

/* exchange.c */
/* Several requests in one record. */
zcp_result zc_client_send_all(zcp_session *session, zc_request *requests, size_t count,
                              zcp_error *error);
zcp_result zc_client_send(zcp_session *session, zc_request *request, zcp_error *error);
zcp_result zc_client_receive(zcp_session *session, zc_reply *ret_reply, zcp_error *error);
/* Sends one request and waits for its answer. `repeatable`: may be asked again after a lost
 * connection. A FAILED answer is already reported; others are the caller's. The reply's views live
 * until the next exchange. */
zcp_result zc_client_ask(zcp_session *session, zc_request *request, bool repeatable,
                         const char *what, zc_reply *ret_reply, zcp_error *error);
zcp_result zc_client_failed(const zc_reply *reply, const char *what, zcp_error *error);
void zc_decision_of(const zc_denial *denial, zcp_decision *ret_decision);

/* Copies text into a fixed array, cut to fit, terminated. */
void zc_copy_text(char *ret_text, size_t capacity, zc_slice text);

#endif
