/* What a connection to the agent is for (OpenSSH's session-bind@openssh.com, PROTOCOL.agent): which
 * SSH sessions it was bound to, each proven by the server's host key. */
#ifndef ZC_API_SSH_AGENT_BIND_H
#define ZC_API_SSH_AGENT_BIND_H

#include "base/slice.h"

#define ZC_SSH_BINDINGS_MAX 16
#define ZC_SSH_SESSION_ID_MAX 128

typedef struct zc_ssh_binding {
    uint8_t session_id[ZC_SSH_SESSION_ID_MAX];
    size_t len;
    bool forwarding;
} zc_ssh_binding;

/* Zeroed when a connection begins. */
typedef struct zc_ssh_bindings {
    zc_ssh_binding binding[ZC_SSH_BINDINGS_MAX];
    size_t count;
    bool refused; /* one was wrong: nothing is signed any more */
} zc_ssh_bindings;

/* Adds what the extension's body says. False when the host key's signature does not hold, the
 * session is bound already, or one for authentication came before: then the connection is of no use
 * for signing. A host key of a kind that is not checked here binds nothing, and is no fault. */
bool zc_ssh_bind(zc_ssh_bindings *bindings, zc_slice body);
/* Whether these bytes may be signed here: a request to log in names the session that was bound
 * last, and not one that only forwards. */
bool zc_ssh_bound_allows(const zc_ssh_bindings *bindings, zc_slice data);

#endif
