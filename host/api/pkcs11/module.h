/* Private to the module: libzcp-pkcs11.so, PKCS #11 (v2.40 functions, offered as v3.0 too) over
 * libzcp.
 *
 * One slot with one token: the deployment in $ZCP_DIR. The PIN names the credential to use, and
 * what proves its owner is that the process can read its file; without a login, $ZCP_CREDENTIAL
 * names it. Whoever loads the module can ask what that principal may ask, never more.
 *
 * All functions may be called by many threads. A process that forked finds the module
 * uninitialised in the child, with none of the parent's connections. */
#ifndef ZC_API_PKCS11_MODULE_H
#define ZC_API_PKCS11_MODULE_H

#include <p11-kit/pkcs11.h>
#include <pthread.h>

#include "base/slice.h"
#include "zcp.h"

#define ZCP_P11_SLOT 1UL
#define ZCP_P11_MAX_SESSIONS 256
#define ZCP_P11_MAX_OBJECTS 1024
#define ZCP_P11_NAME_SIZE 64

/* Every key is two objects, and a third if the folder has a certificate for it. A handle is
 * 1 + 4 · place in the list + which of them. */
typedef enum zcp_p11_part {
    ZCP_P11_PRIVATE = 0,
    ZCP_P11_PUBLIC = 1,
    ZCP_P11_CERTIFICATE = 2,
} zcp_p11_part;

typedef struct zcp_p11_key {
    zcp_key key;
    unsigned char id[16]; /* CKA_ID: SHA-256 of the public key, cut */
    unsigned char *certificate;
    size_t certificate_len;
} zcp_p11_key;

typedef enum zcp_p11_operation {
    ZCP_P11_IDLE = 0,
    ZCP_P11_SIGN = 1,
    ZCP_P11_VERIFY = 2,
    ZCP_P11_DIGEST = 3,
} zcp_p11_operation;

/* What a message may have that is collected before it is signed. */
#define ZCP_P11_MAX_MESSAGE ((size_t)1 << 20)

typedef struct zcp_p11_session {
    bool open;
    bool finding;
    zcp_p11_operation operation;
    CK_MECHANISM_TYPE mechanism;
    CK_OBJECT_HANDLE key;
    unsigned char *collected; /* of the updates */
    size_t collected_len;
    CK_OBJECT_HANDLE *found;
    size_t found_count;
    size_t found_next;
} zcp_p11_session;

typedef struct zcp_p11_module {
    pthread_mutex_t lock;
    bool initialized;
    bool logged_in;
    pid_t process;
    char credential[ZCP_P11_NAME_SIZE];
    zcp_p11_session sessions[ZCP_P11_MAX_SESSIONS];
    zcp_p11_key *keys; /* as the enclave listed them last; grows, never shrinks */
    size_t key_count;
} zcp_p11_module;

extern zcp_p11_module zcp_p11;

/* Takes the lock; CKR_CRYPTOKI_NOT_INITIALIZED, without the lock, before C_Initialize and in a
 * forked child. */
CK_RV zcp_p11_enter(void);
/* Also: the session, or CKR_SESSION_HANDLE_INVALID and no lock. */
CK_RV zcp_p11_enter_session(CK_SESSION_HANDLE handle, zcp_p11_session **ret_session);
/* Gives the lock back; returns `result`. */
CK_RV zcp_p11_leave(CK_RV result);
void zcp_p11_session_clear(zcp_p11_session *session);

/* connection.c. Connections to the enclave are kept and shared; each is used by one thread at a
 * time, without the module's lock. */
CK_RV zcp_p11_connect(zcp_session **ret_connection);
void zcp_p11_disconnect(zcp_session *connection, bool keep);
void zcp_p11_drop_connections(bool close);
/* What an error means to the caller; the text goes to standard error where $ZCP_PKCS11_LOG is set.
 */
CK_RV zcp_p11_failed(zcp_result result, const zcp_error *error, const zcp_decision *decision);

/* keys.c. */
/* Asks the enclave for its keys; with the lock held. */
CK_RV zcp_p11_refresh(void);
/* Whether the list, names with commas between, has the name; no list (NULL) has all. It is
 * $ZCP_PKCS11_KEYS: some programs give up on a token that holds one key of a kind they don't know.
 */
bool zcp_p11_is_shown(const char *list, const char *name);
/* NULL for a handle that is no object's. */
zcp_p11_key *zcp_p11_key_of(CK_OBJECT_HANDLE handle, zcp_p11_part *ret_part);
CK_OBJECT_HANDLE zcp_p11_handle(size_t place, zcp_p11_part part);
void zcp_p11_keys_clear(void);

/* Every entry that the function list has and that does something. */
CK_RV zcp_p11_get_info(CK_INFO_PTR info);

#endif
