#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "entries.h"

CK_RV zcp_p11_open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                           CK_SESSION_HANDLE *session)
{
    (void)application;
    (void)notify;
    CK_RV result = zcp_p11_enter();
    if (result != CKR_OK) {
        return result;
    }
    if (session == NULL) {
        return zcp_p11_leave(CKR_ARGUMENTS_BAD);
    }
    if (slot != ZCP_P11_SLOT) {
        return zcp_p11_leave(CKR_SLOT_ID_INVALID);
    }
    if ((flags & CKF_SERIAL_SESSION) == 0) {
        return zcp_p11_leave(CKR_SESSION_PARALLEL_NOT_SUPPORTED);
    }
    for (size_t i = 0; i < ZCP_P11_MAX_SESSIONS; i++) {
        if (!zcp_p11.sessions[i].open) {
            zcp_p11.sessions[i].open = true;
            *session = i + 1;
            return zcp_p11_leave(CKR_OK);
        }
    }
    return zcp_p11_leave(CKR_SESSION_COUNT);
}

CK_RV zcp_p11_close_session(CK_SESSION_HANDLE handle)
{
    zcp_p11_session *session;
    CK_RV result = zcp_p11_enter_session(handle, &session);
    if (result != CKR_OK) {
        return result;
    }
    zcp_p11_session_clear(session);
    return zcp_p11_leave(CKR_OK);
}

CK_RV zcp_p11_close_all_sessions(CK_SLOT_ID slot)
{
    CK_RV result = zcp_p11_enter();
    if (result != CKR_OK) {
        return result;
    }
    if (slot != ZCP_P11_SLOT) {
        return zcp_p11_leave(CKR_SLOT_ID_INVALID);
    }
    for (size_t i = 0; i < ZCP_P11_MAX_SESSIONS; i++) {
        zcp_p11_session_clear(&zcp_p11.sessions[i]);
    }
    return zcp_p11_leave(CKR_OK);
}

CK_RV zcp_p11_get_session_info(CK_SESSION_HANDLE handle, CK_SESSION_INFO *info)
{
    zcp_p11_session *session;
    CK_RV result = zcp_p11_enter_session(handle, &session);
    if (result != CKR_OK) {
        return result;
    }
    if (info == NULL) {
        return zcp_p11_leave(CKR_ARGUMENTS_BAD);
    }
    *info = (CK_SESSION_INFO){
        .slotID = ZCP_P11_SLOT,
        .state = zcp_p11.logged_in ? CKS_RW_USER_FUNCTIONS : CKS_RW_PUBLIC_SESSION,
        .flags = CKF_SERIAL_SESSION | CKF_RW_SESSION,
    };
    return zcp_p11_leave(CKR_OK);
}

static bool is_name(const unsigned char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool fits = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z') ||
                    (text[i] >= '0' && text[i] <= '9') ||
                    (i > 0 && (text[i] == '.' || text[i] == '_' || text[i] == '-'));
        if (!fits) {
            return false;
        }
    }
    return len > 0 && len < ZCP_P11_NAME_SIZE;
}

/* The credential's file must be there and readable by this process: that is the proof. */
static bool may_use(const char *name)
{
    char path[4096];
    const char *dir = getenv("ZCP_DIR");
    int len = snprintf(path, sizeof path, "%s/credentials/%s.key", dir != NULL ? dir : "var", name);
    return len > 0 && (size_t)len < sizeof path && access(path, R_OK) == 0;
}

CK_RV zcp_p11_login(CK_SESSION_HANDLE handle, CK_USER_TYPE user, unsigned char *pin,
                    unsigned long pin_len)
{
    zcp_p11_session *session;
    char name[ZCP_P11_NAME_SIZE] = {0};
    CK_RV result = zcp_p11_enter_session(handle, &session);
    if (result != CKR_OK) {
        return result;
    }
    if (user == CKU_CONTEXT_SPECIFIC) {
        return zcp_p11_leave(zcp_p11.logged_in ? CKR_OK : CKR_USER_NOT_LOGGED_IN);
    }
    if (user != CKU_USER) {
        return zcp_p11_leave(CKR_USER_TYPE_INVALID);
    }
    if (pin == NULL || !is_name(pin, pin_len)) {
        return zcp_p11_leave(CKR_PIN_INCORRECT);
    }
    memcpy(name, pin, pin_len);
    if (zcp_p11.logged_in && strcmp(name, zcp_p11.credential) == 0) {
        bool named = getenv("ZCP_CREDENTIAL") != NULL;
        return zcp_p11_leave(named ? CKR_OK : CKR_USER_ALREADY_LOGGED_IN);
    }
    if (zcp_p11.logged_in) {
        return zcp_p11_leave(CKR_USER_ALREADY_LOGGED_IN);
    }
    if (!may_use(name)) {
        return zcp_p11_leave(CKR_PIN_INCORRECT);
    }
    memcpy(zcp_p11.credential, name, sizeof name);
    zcp_p11.logged_in = true;
    return zcp_p11_leave(CKR_OK);
}

CK_RV zcp_p11_logout(CK_SESSION_HANDLE handle)
{
    zcp_p11_session *session;
    CK_RV result = zcp_p11_enter_session(handle, &session);
    if (result != CKR_OK) {
        return result;
    }
    if (!zcp_p11.logged_in) {
        return zcp_p11_leave(CKR_USER_NOT_LOGGED_IN);
    }
    zcp_p11.logged_in = false;
    zcp_p11_keys_clear();
    zcp_p11_drop_connections(true);
    return zcp_p11_leave(CKR_OK);
}

CK_RV zcp_p11_seed_random(CK_SESSION_HANDLE handle, unsigned char *seed, unsigned long seed_len)
{
    (void)handle;
    (void)seed;
    (void)seed_len;
    return CKR_RANDOM_SEED_NOT_SUPPORTED;
}

CK_RV zcp_p11_generate_random(CK_SESSION_HANDLE handle, unsigned char *bytes, unsigned long len)
{
    zcp_p11_session *session;
    CK_RV result = zcp_p11_enter_session(handle, &session);
    if (result != CKR_OK) {
        return result;
    }
    (void)zcp_p11_leave(CKR_OK);
    if (bytes == NULL && len > 0) {
        return CKR_ARGUMENTS_BAD;
    }
    for (unsigned long done = 0; done < len;) {
        ssize_t got = getrandom(bytes + done, len - done, 0);
        if (got < 0 && errno != EINTR) {
            return CKR_DEVICE_ERROR;
        }
        done += got > 0 ? (unsigned long)got : 0;
    }
    return CKR_OK;
}
