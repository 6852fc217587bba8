#include "module.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDLE_MAX 16

/* Connections that nobody uses at the moment. Guarded by a lock of their own, so that one thread's
 * signature does not hold up another's. */
static pthread_mutex_t idle_lock = PTHREAD_MUTEX_INITIALIZER;
static zcp_session *idle[IDLE_MAX];
static size_t idle_count;

static void say(const zcp_error *error, const zcp_decision *decision)
{
    if (getenv("ZCP_PKCS11_LOG") == NULL) {
        return;
    }
    if (decision != NULL && decision->rule[0] != '\0') {
        (void)fprintf(stderr, "zcp-pkcs11: %s by rule %s: %s (%s, the limit is %s %s). %s\n",
                      error->what, decision->rule, error->why, decision->measured, decision->limit,
                      decision->asset, error->next);
    } else {
        (void)fprintf(stderr, "zcp-pkcs11: %s: %s. %s\n", error->what, error->why, error->next);
    }
}

CK_RV zcp_p11_failed(zcp_result result, const zcp_error *error, const zcp_decision *decision)
{
    say(error, decision);
    switch (result) {
    case ZCP_OK:
        return CKR_OK;
    case ZCP_DENIED:
        return CKR_ACTION_PROHIBITED;
    case ZCP_APPROVAL_NEEDED:
        return CKR_FUNCTION_REJECTED;
    case ZCP_NOT_VERIFIED:
        return CKR_TOKEN_NOT_RECOGNIZED;
    case ZCP_UNREACHABLE:
        return CKR_TOKEN_NOT_PRESENT;
    case ZCP_USAGE:
        return CKR_ARGUMENTS_BAD;
    case ZCP_FAILED:
        break;
    }
    return CKR_FUNCTION_FAILED;
}

CK_RV zcp_p11_connect(zcp_session **ret_connection)
{
    zcp_error error;
    (void)pthread_mutex_lock(&idle_lock);
    zcp_session *connection = idle_count > 0 ? idle[--idle_count] : NULL;
    (void)pthread_mutex_unlock(&idle_lock);
    if (connection != NULL) {
        *ret_connection = connection;
        return CKR_OK;
    }
    const zcp_options options = {.credential = zcp_p11.credential};
    zcp_result opened = zcp_open(&options, ret_connection, &error);
    return opened == ZCP_OK ? CKR_OK : zcp_p11_failed(opened, &error, NULL);
}

void zcp_p11_disconnect(zcp_session *connection, bool keep)
{
    (void)pthread_mutex_lock(&idle_lock);
    bool kept = keep && idle_count < IDLE_MAX;
    if (kept) {
        idle[idle_count++] = connection;
    }
    (void)pthread_mutex_unlock(&idle_lock);
    if (!kept) {
        zcp_close(connection);
    }
}

/* A forked child leaves the parent's connections alone: closing would end them for the parent. */
void zcp_p11_drop_connections(bool close)
{
    (void)pthread_mutex_lock(&idle_lock);
    for (size_t i = 0; close && i < idle_count; i++) {
        zcp_close(idle[i]);
    }
    idle_count = 0;
    (void)pthread_mutex_unlock(&idle_lock);
}
