/* How a session comes out of the TLS handshake.
 *
 * Both ends take 96 bytes from the TLS 1.3 exporter (RFC 8446 §7.5) with ZC_SESSION_LABEL and no
 * context: the two record keys, and a binding that names this very connection. The client's first
 * record signs the binding, the document that it checked and the deployment that it meant, so that
 * a session with any other enclave, or one in the middle, proves nothing here. */
#ifndef ZC_WIRE_SESSION_H
#define ZC_WIRE_SESSION_H

#include "base/secret.h"
#include "base/writer.h"

#define ZC_SESSION_LABEL "EXPORTER-zcp-session-v1"
#define ZC_SESSION_EXPORTER_SIZE 96
#define ZC_SESSION_AUTH_PREFIX "zcp-session-auth-v1"
#define ZC_SESSION_AUTH_TBS_SIZE (sizeof ZC_SESSION_AUTH_PREFIX - 1 + 96)

typedef struct zc_session_secrets {
    zc_secret32 to_core;   /* the key of records from client to core */
    zc_secret32 to_client; /* the key of records from core to client */
    uint8_t binding[32];   /* not secret, unique to the connection */
} zc_session_secrets;

void zc_session_secrets_wipe(zc_session_secrets *secrets);
#define ZC_SECRET_SESSION __attribute__((cleanup(zc_session_secrets_wipe)))

/* Splits what the exporter gave. The caller wipes `exporter`. Constant time. */
void zc_session_secrets_of(const uint8_t exporter[static ZC_SESSION_EXPORTER_SIZE],
                           zc_session_secrets *ret_secrets);

/* What the client's credential signs: the prefix, then the three in this order. Errors:
 * ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_session_auth_tbs(const uint8_t binding[static 32],
                                          const uint8_t document_sha256[static 32],
                                          const uint8_t deployment_id[static 32],
                                          zc_writer *writer);

#endif
