#include "module.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

zcp_p11_module zcp_p11 = {.lock = PTHREAD_MUTEX_INITIALIZER};

CK_RV zcp_p11_enter(void)
{
    (void)pthread_mutex_lock(&zcp_p11.lock);
    if (!zcp_p11.initialized || zcp_p11.process != getpid()) {
        return zcp_p11_leave(CKR_CRYPTOKI_NOT_INITIALIZED);
    }
    return CKR_OK;
}

CK_RV zcp_p11_leave(CK_RV result)
{
    (void)pthread_mutex_unlock(&zcp_p11.lock);
    return result;
}

CK_RV zcp_p11_enter_session(CK_SESSION_HANDLE handle, zcp_p11_session **ret_session)
{
    CK_RV result = zcp_p11_enter();
    if (result != CKR_OK) {
        return result;
    }
    if (handle == 0 || handle > ZCP_P11_MAX_SESSIONS || !zcp_p11.sessions[handle - 1].open) {
        return zcp_p11_leave(CKR_SESSION_HANDLE_INVALID);
    }
    *ret_session = &zcp_p11.sessions[handle - 1];
    return CKR_OK;
}

void zcp_p11_session_clear(zcp_p11_session *session)
{
    free(session->collected);
    free(session->found);
    *session = (zcp_p11_session){0};
}
