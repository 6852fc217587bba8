#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hex.h"
#include "entries.h"

/* Fixed-size texts of the standard: padded with spaces, not terminated. */
#define PUT_TEXT(field, text) put_text((field), sizeof(field), (text))

static void put_text(unsigned char *field, size_t size, const char *text)
{
    size_t len = strnlen(text, size);
    memset(field, ' ', size);
    memcpy(field, text, len);
}

static const struct {
    CK_MECHANISM_TYPE type;
    CK_MECHANISM_INFO info;
} mechanisms[] = {
    {CKM_ECDSA, {256, 256, CKF_SIGN | CKF_VERIFY | CKF_EC_F_P | CKF_EC_NAMEDCURVE}},
    {CKM_ECDSA_SHA256, {256, 256, CKF_SIGN | CKF_VERIFY | CKF_EC_F_P | CKF_EC_NAMEDCURVE}},
    {CKM_ECDSA_SHA384, {256, 256, CKF_SIGN | CKF_VERIFY | CKF_EC_F_P | CKF_EC_NAMEDCURVE}},
    {CKM_ECDSA_SHA512, {256, 256, CKF_SIGN | CKF_VERIFY | CKF_EC_F_P | CKF_EC_NAMEDCURVE}},
    {CKM_EDDSA, {255, 255, CKF_SIGN | CKF_VERIFY | CKF_EC_NAMEDCURVE}},
    {CKM_EC_KEY_PAIR_GEN, {256, 256, CKF_GENERATE_KEY_PAIR | CKF_EC_F_P | CKF_EC_NAMEDCURVE}},
    {CKM_EC_EDWARDS_KEY_PAIR_GEN, {255, 255, CKF_GENERATE_KEY_PAIR | CKF_EC_NAMEDCURVE}},
    {CKM_SHA256, {0, 0, CKF_DIGEST}},
    {CKM_SHA384, {0, 0, CKF_DIGEST}},
    {CKM_SHA512, {0, 0, CKF_DIGEST}},
};
#define MECHANISMS (sizeof mechanisms / sizeof mechanisms[0])

static void clear_all(void)
{
    for (size_t i = 0; i < ZCP_P11_MAX_SESSIONS; i++) {
        zcp_p11_session_clear(&zcp_p11.sessions[i]);
    }
    zcp_p11_keys_clear();
    zcp_p11.logged_in = false;
}

static void name_credential(const char *name)
{
    memset(zcp_p11.credential, 0, sizeof zcp_p11.credential);
    memcpy(zcp_p11.credential, name, strnlen(name, sizeof zcp_p11.credential - 1));
}

/* Locks are the operating system's always; an application that forbids threads to libraries asks
 * for nothing that we do. */
static bool arguments_good(const CK_C_INITIALIZE_ARGS *arguments)
{
    if (arguments == NULL) {
        return true;
    }
    int given = (arguments->CreateMutex != NULL) + (arguments->DestroyMutex != NULL) +
                (arguments->LockMutex != NULL) + (arguments->UnlockMutex != NULL);
    return arguments->pReserved == NULL && (given == 0 || given == 4);
}

CK_RV zcp_p11_initialize(void *arguments)
{
    const char *credential = getenv("ZCP_CREDENTIAL");
    if (!arguments_good(arguments)) {
        return CKR_ARGUMENTS_BAD;
    }
    (void)pthread_mutex_lock(&zcp_p11.lock);
    bool forked = zcp_p11.initialized && zcp_p11.process != getpid();
    if (zcp_p11.initialized && !forked) {
        return zcp_p11_leave(CKR_CRYPTOKI_ALREADY_INITIALIZED);
    }
    if (forked) {
        zcp_p11_drop_connections(false);
        clear_all();
    }
    zcp_p11.initialized = true;
    zcp_p11.process = getpid();
    name_credential(credential != NULL ? credential : "");
    zcp_p11.logged_in = credential != NULL;
    return zcp_p11_leave(CKR_OK);
}

CK_RV zcp_p11_finalize(void *reserved)
{
    if (reserved != NULL) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV result = zcp_p11_enter();
    if (result != CKR_OK) {
        return result;
    }
    clear_all();
    zcp_p11_drop_connections(true);
    zcp_p11.initialized = false;
    return zcp_p11_leave(CKR_OK);
}

CK_RV zcp_p11_get_info(CK_INFO_PTR info)
{
    CK_RV result = zcp_p11_enter();
    if (result != CKR_OK) {
        return result;
    }
    if (info == NULL) {
        return zcp_p11_leave(CKR_ARGUMENTS_BAD);
    }
    *info = (CK_INFO){.cryptokiVersion = {2, 40}, .libraryVersion = {0, 1}};
    PUT_TEXT(info->manufacturerID, "ZeroCopy");
    PUT_TEXT(info->libraryDescription, "ZeroCopy enclave");
    return zcp_p11_leave(CKR_OK);
}

CK_RV zcp_p11_get_slot_list(unsigned char present, CK_SLOT_ID *list, unsigned long *count)
{
    (void)present;
    CK_RV result = zcp_p11_enter();
    if (result != CKR_OK) {
        return result;
    }
    if (count == NULL) {
        return zcp_p11_leave(CKR_ARGUMENTS_BAD);
    }
    if (list != NULL && *count < 1) {
        *count = 1;
        return zcp_p11_leave(CKR_BUFFER_TOO_SMALL);
    }
    *count = 1;
    if (list != NULL) {
        list[0] = ZCP_P11_SLOT;
    }
    return zcp_p11_leave(CKR_OK);
}

/* Enters, for a call about the one slot. */
static CK_RV enter_slot(CK_SLOT_ID slot, const void *output)
{
    CK_RV result = zcp_p11_enter();
    if (result == CKR_OK && slot != ZCP_P11_SLOT) {
        result = zcp_p11_leave(CKR_SLOT_ID_INVALID);
    } else if (result == CKR_OK && output == NULL) {
        result = zcp_p11_leave(CKR_ARGUMENTS_BAD);
    }
    return result;
}

CK_RV zcp_p11_get_slot_info(CK_SLOT_ID slot, CK_SLOT_INFO *info)
{
    CK_RV result = enter_slot(slot, info);
    if (result != CKR_OK) {
        return result;
    }
    *info = (CK_SLOT_INFO){.flags = CKF_TOKEN_PRESENT, .hardwareVersion = {0, 1}};
    PUT_TEXT(info->slotDescription, "ZeroCopy deployment");
    PUT_TEXT(info->manufacturerID, "ZeroCopy");
    return zcp_p11_leave(CKR_OK);
}

/* What the deployment says of itself; without a credential nobody is asked. */
static void describe(CK_TOKEN_INFO *info)
{
    zcp_session *connection;
    zcp_status status;
    char serial[17];
    if (!zcp_p11.logged_in || zcp_p11_connect(&connection) != CKR_OK) {
        return;
    }
    bool told = zcp_get_status(connection, &status, NULL) == ZCP_OK;
    zcp_p11_disconnect(connection, told);
    if (told) {
        zc_hex_encode(zc_slice_of(status.deployment_id, 8), serial);
        PUT_TEXT(info->serialNumber, serial);
        PUT_TEXT(info->model, status.platform);
    }
}

CK_RV zcp_p11_get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    CK_RV result = enter_slot(slot, info);
    if (result != CKR_OK) {
        return result;
    }
    *info = (CK_TOKEN_INFO){
        .flags = CKF_RNG | CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED |
                 (getenv("ZCP_CREDENTIAL") == NULL ? CKF_LOGIN_REQUIRED : 0),
        .ulMaxSessionCount = ZCP_P11_MAX_SESSIONS,
        .ulSessionCount = CK_UNAVAILABLE_INFORMATION,
        .ulMaxRwSessionCount = ZCP_P11_MAX_SESSIONS,
        .ulRwSessionCount = CK_UNAVAILABLE_INFORMATION,
        .ulMaxPinLen = ZCP_P11_NAME_SIZE - 1,
        .ulMinPinLen = 1,
        .ulTotalPublicMemory = CK_UNAVAILABLE_INFORMATION,
        .ulFreePublicMemory = CK_UNAVAILABLE_INFORMATION,
        .ulTotalPrivateMemory = CK_UNAVAILABLE_INFORMATION,
        .ulFreePrivateMemory = CK_UNAVAILABLE_INFORMATION,
        .hardwareVersion = {0, 1},
        .firmwareVersion = {0, 1},
    };
    PUT_TEXT(info->label, "zerocopy");
    PUT_TEXT(info->manufacturerID, "ZeroCopy");
    PUT_TEXT(info->model, "enclave");
    PUT_TEXT(info->serialNumber, "");
    PUT_TEXT(info->utcTime, "");
    describe(info);
    return zcp_p11_leave(CKR_OK);
}

CK_RV zcp_p11_get_mechanism_list(CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, unsigned long *count)
{
    CK_RV result = enter_slot(slot, count);
    if (result != CKR_OK) {
        return result;
    }
    bool fits = list == NULL || *count >= MECHANISMS;
    for (size_t i = 0; fits && list != NULL && i < MECHANISMS; i++) {
        list[i] = mechanisms[i].type;
    }
    *count = MECHANISMS;
    return zcp_p11_leave(fits ? CKR_OK : CKR_BUFFER_TOO_SMALL);
}

CK_RV zcp_p11_get_mechanism_info(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info)
{
    CK_RV result = enter_slot(slot, info);
    if (result != CKR_OK) {
        return result;
    }
    for (size_t i = 0; i < MECHANISMS; i++) {
        if (mechanisms[i].type == type) {
            *info = mechanisms[i].info;
            return zcp_p11_leave(CKR_OK);
        }
    }
    return zcp_p11_leave(CKR_MECHANISM_INVALID);
}
