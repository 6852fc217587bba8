/* The frame of `zcp gateway`: what every interface needs, so that a translator only translates.
 *
 * A translator is a table (zc_translator) and a handler. The frame listens, speaks HTTP and TLS,
 * bounds sizes and times, finds out who asks, keeps attested sessions, measures and logs. The
 * handler turns a request into zcp_* calls on the caller's session and the answer back into its
 * interface's words. It holds no logic of its own, and it can do nothing that the caller's
 * credential couldn't do through `zcp`.
 *
 *     static void handle(void *state, zc_api_call *call, zc_http_response *response)
 *     {
 *         if (call->identity == NULL) { … 401 in the interface's form … }
 *         zcp_signature signature; zcp_decision decision; zcp_error error;
 *         switch (zc_api_sign(call, &request, &signature, &decision, &error)) { … }
 *     }
 *     const zc_translator zc_translator_vault = {.name = "vault", .listen = "127.0.0.1:8200",
 *                                                .handle = handle};
 *
 * and a row in translators.h. Handlers run on several threads at once; a call belongs to one.
 * Nothing that a handler is given, and no secret, may be kept beyond the call. */
#ifndef ZC_API_GATEWAY_H
#define ZC_API_GATEWAY_H

#include "api/http.h"
#include "support/error.h"
#include "zcp.h"

#define ZC_API_NAME_SIZE 64
#define ZC_API_ID_SIZE 17

typedef struct zc_gateway zc_gateway;
typedef struct zc_api_lease zc_api_lease;

/* Who asks, and as whom: one line of the identity file (docs/gateway.md), or the credential that
 * the command line gave. Lives as long as the call. */
typedef struct zc_identity {
    char name[ZC_API_NAME_SIZE];       /* for logs and metrics: "desk-1" */
    char credential[ZC_API_NAME_SIZE]; /* of the deployment's folder; empty: credential_file */
    char credential_file[256];
} zc_identity;

typedef struct zc_api_call {
    zc_gateway *gateway;
    const char *interface;       /* "kms" */
    const zc_http_request *http; /* NULL for streams */
    char id[ZC_API_ID_SIZE];     /* of this call: in the log, and as x-request-id */
    const zc_identity *identity; /* NULL: nobody that we know */
    /* What becomes of it, for the log and the metrics; handlers may set `operation` and `key`. */
    const char *operation; /* a constant: "Sign". NULL: not said */
    char key[ZC_API_NAME_SIZE];
    zcp_result result;
    zcp_decision decision;
    uint64_t began_ns;
    uint64_t enclave_ns; /* spent waiting for the enclave */
    /* The frame's own. */
    zc_api_lease *lease;
    zc_identity found;
} zc_api_call;

/* Sessions. Each call gets one of its identity's pool when it first asks, and keeps it to its end:
 * an artefact of zcp_sign lives that long, or until the session's next call. Errors of zcp_open;
 * ZCP_FAILED with reason "GATEWAY_NO_IDENTITY" without an identity. */
zcp_result zc_api_session(zc_api_call *call, zcp_session **ret_session, zcp_error *error);

/* zcp_sign on the call's session, measured and counted. Results and outputs are those of zcp_sign;
 * for every refusal *ret_decision is filled. */
zcp_result zc_api_sign(zc_api_call *call, const zcp_sign_request *request,
                       zcp_signature *ret_signature, zcp_decision *ret_decision, zcp_error *error);

/* What doesn't change of a key (name, curve, tier, public key, address), from this identity's cache
 * or the enclave. `disabled` and `uses` may be old. */
zcp_result zc_api_key(zc_api_call *call, const char *name, zcp_key *ret_key, zcp_error *error);
/* The first key that matches `wanted`, from the cache or among all: ZCP_FAILED with reason
 * "GATEWAY_NO_SUCH_KEY" when there is none. By Ethereum address (any case). All keys from the one
 * whose number is `from`, one by one: false from `visit` ends it. */
typedef bool zc_api_key_matches(const void *wanted, const zcp_key *key);
zcp_result zc_api_key_find(zc_api_call *call, zc_api_key_matches *matches, const void *wanted,
                           zcp_key *ret_key, zcp_error *error);
zcp_result zc_api_key_by_address(zc_api_call *call, const char *address, zcp_key *ret_key,
                                 zcp_error *error);
zcp_result zc_api_keys(zc_api_call *call, uint64_t from,
                       bool (*visit)(void *context, const zcp_key *key), void *context,
                       zcp_error *error);
/* Drops what the cache knows of a key that the caller just made or disabled. */
void zc_api_key_changed(zc_api_call *call, const char *name);

/* The id of what waits for approval: "review-" and the sequence of the log entry, or of the payload
 * where the entry is counted with others. Polling is asking again. */
void zc_api_pending_id(const zcp_decision *decision, const zcp_sign_request *request,
                       char ret_id[static 64]);
/* One sentence about a refusal, the same through all interfaces: "denied by rule R: why: measured M
 * A, limit L A". */
void zc_api_refusal_text(zcp_result result, const zcp_decision *decision,
                         char ret_text[static 512]);
/* The same with the pending id, where people must approve first, and the JSON below. */
json_t *zc_api_refusal(zcp_result result, const zcp_decision *decision,
                       const zcp_sign_request *request, char ret_text[static 640]);
/* {"decision", "rule", "reason", "why", "margin": {measured, limit, asset}, "entry"?, "pending"?}
 */
json_t *zc_api_refusal_json(zcp_result result, const zcp_decision *decision, const char *pending);

/* Identity by what the interface itself carries. The frame has already looked at a client
 * certificate, the peer of a Unix socket, `Authorization: Bearer` and `X-Vault-Token`, and at last
 * the command line's --credential, which stands for every local caller. */
bool zc_api_identify_token(zc_api_call *call, const char *token);
/* AWS access keys: whose it is and its secret, a copy that the caller wipes. Knowing the id proves
 * nothing; zc_api_identify() follows when the signature holds. */
bool zc_api_access_key(zc_api_call *call, const char *access_key, zc_identity *ret_identity,
                       char ret_secret[static 129]);
void zc_api_identify(zc_api_call *call, const zc_identity *identity);

/* An option of the command line that belongs to a translator ("node"); NULL when not given. */
const char *zc_gateway_option(const zc_gateway *gateway, const char *name);
/* The deployment's folder. */
const char *zc_gateway_dir(const zc_gateway *gateway);
/* NULL when the enclave answers and signs; otherwise why not: "draining", "unreachable",
 * "starting", "halted". Asked of the enclave at most once a second. */
const char *zc_gateway_unready(zc_gateway *gateway);
/* Whether the gateway is draining: streams should end at their next quiet moment. */
bool zc_gateway_draining(const zc_gateway *gateway);

typedef struct zc_translator {
    const char *name;
    const char *listen;    /* "127.0.0.1:8545", or "unix:PATH" within the deployment's folder */
    bool is_stream;        /* a protocol of its own on a Unix socket: `serve`, and nothing else */
    bool identifies;       /* the frame leaves finding the caller to `handle` */
    bool needs_access_key; /* of no use without access keys in the identity file */
    bool browsers;         /* answers with an Origin header are allowed (none of ours by default) */
    size_t body_max;       /* 0: 256 KiB */
    /* May be NULL. A state for all handlers of this listener. */
    zc_result (*start)(zc_gateway *gateway, void **ret_state, zc_error *error);
    void (*handle)(void *state, zc_api_call *call, zc_http_response *response);
    /* With `handle` beside it: what comes over a Unix socket (--listen or --ipc) is for `serve`,
     * the rest is HTTP.
     * Owns the connection until it returns, the descriptor is the frame's. One call object for the
     * whole connection; zc_api_call_again() between requests. Reads time out (EAGAIN) after 60 s.
     */
    void (*serve)(void *state, zc_api_call *call, int fd);
    void (*stop)(void *state);
} zc_translator;

/* Streams: a request is there as a whole, and its time counts from now. */
void zc_api_call_arrived(zc_api_call *call);
/* Streams: ends the bookkeeping of one request (log, metrics, session back to the pool) and begins
 * the next. The identity stays. */
void zc_api_call_again(zc_api_call *call);

#endif
