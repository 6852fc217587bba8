/* Keys in PKCS #11 tokens, through p11-kit, which is loaded when one is wanted: programs without
 * such credentials need nothing of it. */
#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/credential_source.h"
#include "support/file.h"
#include "support/library.h"
#include "support/reasons.h"

#define SLOTS_MAX 64
#define PIN_MAX 256
#define POINT_MAX 40

typedef struct p11_kit {
    P11KitUri *(*uri_new)(void);
    int (*uri_parse)(const char *text, P11KitUriType type, P11KitUri *uri);
    void (*uri_free)(P11KitUri *uri);
    const char *(*uri_module_path)(P11KitUri *uri);
    const char *(*uri_pin_value)(P11KitUri *uri);
    const char *(*uri_pin_source)(P11KitUri *uri);
    int (*uri_match_token)(P11KitUri *uri, CK_TOKEN_INFO_PTR info);
    CK_ATTRIBUTE_PTR (*uri_attribute)(P11KitUri *uri, CK_ATTRIBUTE_TYPE type);
    CK_FUNCTION_LIST **(*load_all)(int flags);
    void (*release_all)(CK_FUNCTION_LIST **modules);
    CK_FUNCTION_LIST *(*load)(const char *path, int flags);
    CK_RV (*initialize)(CK_FUNCTION_LIST *module);
    CK_RV (*finalize)(CK_FUNCTION_LIST *module);
    void (*release)(CK_FUNCTION_LIST *module);
} p11_kit;

struct zc_credential_token {
    CK_FUNCTION_LIST **all; /* NULL: the one module */
    CK_FUNCTION_LIST *module;
    CK_SESSION_HANDLE session;
    bool has_session;
    CK_OBJECT_HANDLE key;
};

static p11_kit kit;
static bool kit_found;
static pthread_once_t kit_once = PTHREAD_ONCE_INIT;

static void load_kit(void)
{
    const zc_library_function functions[] = {
        {"p11_kit_uri_new", &kit.uri_new},
        {"p11_kit_uri_parse", &kit.uri_parse},
        {"p11_kit_uri_free", &kit.uri_free},
        {"p11_kit_uri_get_module_path", &kit.uri_module_path},
        {"p11_kit_uri_get_pin_value", &kit.uri_pin_value},
        {"p11_kit_uri_get_pin_source", &kit.uri_pin_source},
        {"p11_kit_uri_match_token_info", &kit.uri_match_token},
        {"p11_kit_uri_get_attribute", &kit.uri_attribute},
        {"p11_kit_modules_load_and_initialize", &kit.load_all},
        {"p11_kit_modules_finalize_and_release", &kit.release_all},
        {"p11_kit_module_load", &kit.load},
        {"p11_kit_module_initialize", &kit.initialize},
        {"p11_kit_module_finalize", &kit.finalize},
        {"p11_kit_module_release", &kit.release},
    };
    kit_found =
        zc_library_load("libp11-kit.so.0", functions, sizeof functions / sizeof functions[0]);
}

static zc_result refuse(zc_error *error, uint16_t reason, const char *why, const char *next)
{
    return zc_error_set(error, reason, "cannot use the token's credential", why, next);
}

static bool load_module(zc_credential_token *token, P11KitUri *uri, CK_FUNCTION_LIST **modules)
{
    const char *path = kit.uri_module_path(uri);
    if (path == NULL) {
        token->all = kit.load_all(0);
        return token->all != NULL;
    }
    CK_FUNCTION_LIST *module = kit.load(path, P11_KIT_MODULE_CRITICAL);
    if (module != NULL && kit.initialize(module) != CKR_OK) {
        kit.release(module);
        module = NULL;
    }
    token->module = module;
    modules[0] = module;
    return module != NULL;
}

static bool find_slot(CK_FUNCTION_LIST *module, P11KitUri *uri, CK_SLOT_ID *ret_slot)
{
    CK_SLOT_ID slots[SLOTS_MAX];
    CK_ULONG count = SLOTS_MAX;
    if (module->C_GetSlotList(CK_TRUE, slots, &count) != CKR_OK) {
        return false;
    }
    for (CK_ULONG i = 0; i < count; i++) {
        CK_TOKEN_INFO info;
        if (module->C_GetTokenInfo(slots[i], &info) == CKR_OK && kit.uri_match_token(uri, &info)) {
            *ret_slot = slots[i];
            return true;
        }
    }
    return false;
}

/* The PIN of the URI, or of the file that it names; empty where there is none. */
static zc_result read_pin(P11KitUri *uri, zc_bytes *ret_pin, zc_error *error)
{
    const char *value = kit.uri_pin_value(uri);
    const char *source = kit.uri_pin_source(uri);
    if (value != NULL) {
        return zc_bytes_append(ret_pin, zc_slice_of_text(value))
                   ? ZC_OK
                   : refuse(error, ZC_SUPPORT_NO_MEMORY, "there is no memory left", "free some");
    }
    if (source == NULL) {
        return ZC_OK;
    }
    if (strncmp(source, "file:", 5) == 0) {
        source += 5;
        source += strncmp(source, "//", 2) == 0 ? 2 : 0;
    }
    ZC_TRY(zc_file_read_secret(source, PIN_MAX, ret_pin, error));
    while (ret_pin->len > 0 &&
           (ret_pin->data[ret_pin->len - 1] == '\n' || ret_pin->data[ret_pin->len - 1] == '\r')) {
        ret_pin->len--;
    }
    return ZC_OK;
}

static zc_result log_in(zc_credential_token *token, P11KitUri *uri, zc_error *error)
{
    ZC_BYTES zc_bytes pin = {0};
    ZC_TRY(read_pin(uri, &pin, error));
    if (pin.len == 0) {
        return ZC_OK;
    }
    CK_RV rv = token->module->C_Login(token->session, CKU_USER, pin.data, (CK_ULONG)pin.len);
    return rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN
               ? ZC_OK
               : refuse(error, ZC_SUPPORT_BAD_CREDENTIAL, "the token does not take the PIN",
                        "give it with pin-source=file:PATH in the URI");
}

/* The only object of the class that the URI names. */
static bool find_object(zc_credential_token *token, P11KitUri *uri, CK_OBJECT_CLASS class,
                        CK_OBJECT_HANDLE *ret_object)
{
    CK_KEY_TYPE type = CKK_EC_EDWARDS;
    CK_ATTRIBUTE wanted[4] = {{CKA_CLASS, &class, sizeof class},
                              {CKA_KEY_TYPE, &type, sizeof type}};
    CK_ULONG count = 2;
    static const CK_ATTRIBUTE_TYPE named[] = {CKA_ID, CKA_LABEL};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        const CK_ATTRIBUTE *one = kit.uri_attribute(uri, named[i]);
        if (one != NULL) {
            wanted[count++] = *one;
        }
    }
    CK_OBJECT_HANDLE found[2];
    CK_ULONG founds = 0;
    CK_FUNCTION_LIST *module = token->module;
    bool looked = module->C_FindObjectsInit(token->session, wanted, count) == CKR_OK &&
                  module->C_FindObjects(token->session, found, 2, &founds) == CKR_OK;
    (void)module->C_FindObjectsFinal(token->session);
    if (looked && founds == 1) {
        *ret_object = found[0];
    }
    return looked && founds == 1;
}

/* CKA_EC_POINT: 32 bytes in an OCTET STRING, or bare. */
static bool read_point(zc_credential_token *token, CK_OBJECT_HANDLE object,
                       uint8_t ret_public_key[static 32])
{
    uint8_t point[POINT_MAX];
    CK_ATTRIBUTE attribute = {CKA_EC_POINT, point, sizeof point};
    if (token->module->C_GetAttributeValue(token->session, object, &attribute, 1) != CKR_OK) {
        return false;
    }
    bool wrapped = attribute.ulValueLen == 34 && point[0] == 0x04 && point[1] == 32;
    if (!wrapped && attribute.ulValueLen != 32) {
        return false;
    }
    memcpy(ret_public_key, point + (wrapped ? 2 : 0), 32);
    return true;
}

static bool open_session(zc_credential_token *token, P11KitUri *uri)
{
    CK_SLOT_ID slot = 0;
    CK_FUNCTION_LIST *one[2] = {NULL, NULL};
    if (!load_module(token, uri, one)) {
        return false;
    }
    CK_FUNCTION_LIST **modules = token->all != NULL ? token->all : one;
    for (size_t i = 0; modules[i] != NULL && !token->has_session; i++) {
        if (find_slot(modules[i], uri, &slot)) {
            token->module = modules[i];
            token->has_session = modules[i]->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL,
                                                           &token->session) == CKR_OK;
        }
    }
    return token->has_session;
}

static zc_result open_key(zc_credential_token *token, P11KitUri *uri,
                          uint8_t ret_public_key[static 32], zc_error *error)
{
    CK_OBJECT_HANDLE public_key = 0;
    if (!open_session(token, uri)) {
        return refuse(error, ZC_SUPPORT_NOT_FOUND,
                      "no token is the one that the URI names, or its module does not load",
                      "compare it with `p11tool --list-tokens`; module-path= names a module");
    }
    ZC_TRY(log_in(token, uri, error));
    if (!find_object(token, uri, CKO_PRIVATE_KEY, &token->key) ||
        !find_object(token, uri, CKO_PUBLIC_KEY, &public_key) ||
        !read_point(token, public_key, ret_public_key)) {
        return refuse(error, ZC_SUPPORT_BAD_CREDENTIAL,
                      "the URI names no pair of Ed25519 keys, or more than one",
                      "give object= or id= of a key that `pkcs11-tool --keypairgen --key-type "
                      "EC:edwards25519` made, and the PIN");
    }
    return ZC_OK;
}

zc_result zc_token_open(const char *uri_text, zc_credential_token **ret_token,
                        uint8_t ret_public_key[static 32], zc_error *error)
{
    (void)pthread_once(&kit_once, load_kit);
    if (!kit_found) {
        return refuse(error, ZC_SUPPORT_NOT_FOUND, "p11-kit is not on this machine",
                      "install libp11-kit0");
    }
    P11KitUri *uri = kit.uri_new();
    zc_credential_token *token = calloc(1, sizeof *token);
    zc_result opened;
    if (uri == NULL || token == NULL ||
        kit.uri_parse(uri_text, P11_KIT_URI_FOR_ANY, uri) != P11_KIT_URI_OK) {
        opened = refuse(error, ZC_SUPPORT_BAD_ARGUMENT, "this is no PKCS #11 URI (RFC 7512)",
                        "write pkcs11:token=LABEL;object=NAME?pin-source=file:PATH");
    } else {
        opened = open_key(token, uri, ret_public_key, error);
    }
    if (uri != NULL) {
        kit.uri_free(uri);
    }
    if (!zc_ok(opened)) {
        zc_token_close(token);
        return opened;
    }
    *ret_token = token;
    return ZC_OK;
}

bool zc_token_sign(zc_credential_token *token, zc_slice message, uint8_t ret_signature[static 64])
{
    CK_MECHANISM eddsa = {CKM_EDDSA, NULL, 0};
    CK_ULONG len = 64;
    uint8_t signature[64];
    /* The interface of 2.40 takes what it only reads as a pointer to what it could write. */
    CK_BYTE_PTR data = (CK_BYTE_PTR)(uintptr_t)message.data;
    bool made = token->module->C_SignInit(token->session, &eddsa, token->key) == CKR_OK &&
                token->module->C_Sign(token->session, data, (CK_ULONG)message.len, signature,
                                      &len) == CKR_OK &&
                len == sizeof signature;
    if (made) {
        memcpy(ret_signature, signature, sizeof signature);
    }
    return made;
}

void zc_token_close(zc_credential_token *token)
{
    if (token == NULL) {
        return;
    }
    if (token->has_session) {
        (void)token->module->C_CloseSession(token->session);
    }
    if (token->all != NULL) {
        kit.release_all(token->all);
    } else if (token->module != NULL) {
        (void)kit.finalize(token->module);
        kit.release(token->module);
    }
    free(token);
}
