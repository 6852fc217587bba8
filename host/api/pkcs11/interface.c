/* What the library shows to the world: C_GetFunctionList, and the interfaces of version 3. */
#include <string.h>

#include "entries.h"

#define EXPORT __attribute__((visibility("default")))

/* In place of what this token does not do: encryption, secret keys, PINs of a token. Arguments are
 * not looked at, whatever they are. */
static CK_RV not_supported(void)
{
    return CKR_FUNCTION_NOT_SUPPORTED;
}

/* Nothing runs beside its caller (PKCS #11 v3.1, 5.22). */
static CK_RV not_parallel(void)
{
    return CKR_FUNCTION_NOT_PARALLEL;
}

EXPORT CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list);

#define NO(name) .name = (CK_##name)(void (*)(void))not_supported

static CK_FUNCTION_LIST functions = {
    .version = {2, 40},
    .C_Initialize = zcp_p11_initialize,
    .C_Finalize = zcp_p11_finalize,
    .C_GetInfo = zcp_p11_get_info,
    .C_GetFunctionList = C_GetFunctionList,
    .C_GetSlotList = zcp_p11_get_slot_list,
    .C_GetSlotInfo = zcp_p11_get_slot_info,
    .C_GetTokenInfo = zcp_p11_get_token_info,
    .C_GetMechanismList = zcp_p11_get_mechanism_list,
    .C_GetMechanismInfo = zcp_p11_get_mechanism_info,
    NO(C_InitToken),
    NO(C_InitPIN),
    NO(C_SetPIN),
    .C_OpenSession = zcp_p11_open_session,
    .C_CloseSession = zcp_p11_close_session,
    .C_CloseAllSessions = zcp_p11_close_all_sessions,
    .C_GetSessionInfo = zcp_p11_get_session_info,
    NO(C_GetOperationState),
    NO(C_SetOperationState),
    .C_Login = zcp_p11_login,
    .C_Logout = zcp_p11_logout,
    .C_CreateObject = zcp_p11_create_object,
    NO(C_CopyObject),
    .C_DestroyObject = zcp_p11_destroy_object,
    NO(C_GetObjectSize),
    .C_GetAttributeValue = zcp_p11_get_attribute_value,
    NO(C_SetAttributeValue),
    .C_FindObjectsInit = zcp_p11_find_objects_init,
    .C_FindObjects = zcp_p11_find_objects,
    .C_FindObjectsFinal = zcp_p11_find_objects_final,
    NO(C_EncryptInit),
    NO(C_Encrypt),
    NO(C_EncryptUpdate),
    NO(C_EncryptFinal),
    NO(C_DecryptInit),
    NO(C_Decrypt),
    NO(C_DecryptUpdate),
    NO(C_DecryptFinal),
    .C_DigestInit = zcp_p11_digest_init,
    .C_Digest = zcp_p11_digest,
    .C_DigestUpdate = zcp_p11_digest_update,
    NO(C_DigestKey),
    .C_DigestFinal = zcp_p11_digest_final,
    .C_SignInit = zcp_p11_sign_init,
    .C_Sign = zcp_p11_sign,
    .C_SignUpdate = zcp_p11_sign_update,
    .C_SignFinal = zcp_p11_sign_final,
    NO(C_SignRecoverInit),
    NO(C_SignRecover),
    .C_VerifyInit = zcp_p11_verify_init,
    .C_Verify = zcp_p11_verify,
    .C_VerifyUpdate = zcp_p11_verify_update,
    .C_VerifyFinal = zcp_p11_verify_final,
    NO(C_VerifyRecoverInit),
    NO(C_VerifyRecover),
    NO(C_DigestEncryptUpdate),
    NO(C_DecryptDigestUpdate),
    NO(C_SignEncryptUpdate),
    NO(C_DecryptVerifyUpdate),
    NO(C_GenerateKey),
    .C_GenerateKeyPair = zcp_p11_generate_key_pair,
    NO(C_WrapKey),
    NO(C_UnwrapKey),
    NO(C_DeriveKey),
    .C_SeedRandom = zcp_p11_seed_random,
    .C_GenerateRandom = zcp_p11_generate_random,
    .C_GetFunctionStatus = (CK_C_GetFunctionStatus)(void (*)(void))not_parallel,
    .C_CancelFunction = (CK_C_CancelFunction)(void (*)(void))not_parallel,
    NO(C_WaitForSlotEvent),
};

EXPORT CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list)
{
    if (list == NULL) {
        return CKR_ARGUMENTS_BAD;
    }
    *list = &functions;
    return CKR_OK;
}

/* Version 3, which Debian 12's header does not have yet: the same functions, and 24 more. */

typedef struct interface_3 {
    const char *name;
    void *functions;
    CK_FLAGS flags;
} interface_3;

EXPORT CK_RV C_GetInterfaceList(interface_3 *list, unsigned long *count);
EXPORT CK_RV C_GetInterface(const char *name, CK_VERSION *version, interface_3 **interface,
                            CK_FLAGS flags);

#define MORE_FUNCTIONS 24

/* C_GetInterfaceList, C_GetInterface, C_LoginUser, C_SessionCancel, then the 20 for messages. */
typedef struct function_list_3 {
    CK_FUNCTION_LIST old;
    void (*more[MORE_FUNCTIONS])(void);
} function_list_3;

static function_list_3 functions_3;

static interface_3 interfaces[] = {
    {"PKCS 11", &functions_3, 0},
    {"PKCS 11", &functions, 0},
};

static void make_list_3(void)
{
    functions_3.old = functions;
    functions_3.old.version = (CK_VERSION){3, 0};
    for (size_t i = 0; i < MORE_FUNCTIONS; i++) {
        functions_3.more[i] = (void (*)(void))not_supported;
    }
    functions_3.more[0] = (void (*)(void))C_GetInterfaceList;
    functions_3.more[1] = (void (*)(void))C_GetInterface;
}

EXPORT CK_RV C_GetInterfaceList(interface_3 *list, unsigned long *count)
{
    enum { COUNT = sizeof interfaces / sizeof interfaces[0] };
    if (count == NULL) {
        return CKR_ARGUMENTS_BAD;
    }
    bool fits = list == NULL || *count >= COUNT;
    if (list != NULL && fits) {
        memcpy(list, interfaces, sizeof interfaces);
    }
    *count = COUNT;
    return fits ? CKR_OK : CKR_BUFFER_TOO_SMALL;
}

EXPORT CK_RV C_GetInterface(const char *name, CK_VERSION *version, interface_3 **interface,
                            CK_FLAGS flags)
{
    static const CK_VERSION versions[] = {{3, 0}, {2, 40}};
    if (interface == NULL) {
        return CKR_ARGUMENTS_BAD;
    }
    for (size_t i = 0; i < sizeof interfaces / sizeof interfaces[0]; i++) {
        bool named = name == NULL || strcmp(name, interfaces[i].name) == 0;
        bool versioned = version == NULL || (version->major == versions[i].major &&
                                             version->minor == versions[i].minor);
        if (named && versioned && (flags & ~interfaces[i].flags) == 0) {
            *interface = &interfaces[i];
            return CKR_OK;
        }
    }
    return CKR_FUNCTION_FAILED;
}

/* No thread of the parent's holds our lock in a child. */
static void before_fork(void)
{
    (void)pthread_mutex_lock(&zcp_p11.lock);
}

static void after_fork(void)
{
    (void)pthread_mutex_unlock(&zcp_p11.lock);
}

__attribute__((constructor)) static void load(void)
{
    make_list_3();
    (void)pthread_atfork(before_fork, after_fork, after_fork);
}
