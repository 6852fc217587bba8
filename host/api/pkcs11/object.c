#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute.h"
#include "base/hex.h"
#include "entries.h"
#include "support/file.h"

/* Private objects are for who logged in. */
static bool visible(zcp_p11_part part)
{
    return part != ZCP_P11_PRIVATE || zcp_p11.logged_in;
}

/* Fills one attribute, or says how long it is. */
static CK_RV get_one(const zcp_p11_key *key, zcp_p11_part part, CK_ATTRIBUTE *attribute)
{
    zcp_p11_value value;
    CK_RV result = zcp_p11_attribute(key, part, attribute->type, &value);
    if (result != CKR_OK) {
        attribute->ulValueLen = CK_UNAVAILABLE_INFORMATION;
        return result;
    }
    if (attribute->pValue != NULL && attribute->ulValueLen < value.len) {
        attribute->ulValueLen = CK_UNAVAILABLE_INFORMATION;
        return CKR_BUFFER_TOO_SMALL;
    }
    if (attribute->pValue != NULL && value.len != 0) {
        memcpy(attribute->pValue, value.data, value.len);
    }
    attribute->ulValueLen = value.len;
    return CKR_OK;
}

CK_RV zcp_p11_get_attribute_value(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE object,
                                  CK_ATTRIBUTE *template, unsigned long count)
{
    zcp_p11_session *session;
    zcp_p11_part part;
    CK_RV result = zcp_p11_enter_session(handle, &session);
    if (result != CKR_OK) {
        return result;
    }
    const zcp_p11_key *key = zcp_p11_key_of(object, &part);
    if (key == NULL || !visible(part)) {
        return zcp_p11_leave(CKR_OBJECT_HANDLE_INVALID);
    }
    if (template == NULL && count > 0) {
        return zcp_p11_leave(CKR_ARGUMENTS_BAD);
    }
    for (unsigned long i = 0; i < count; i++) {
        CK_RV one = get_one(key, part, &template[i]);
        result = one != CKR_OK ? one : result;
    }
    return zcp_p11_leave(result);
}

static void find(zcp_p11_session *session, const CK_ATTRIBUTE *template, unsigned long count)
{
    for (size_t place = 0; place < zcp_p11.key_count; place++) {
        const zcp_p11_key *key = &zcp_p11.keys[place];
        for (int i = ZCP_P11_PRIVATE; i <= ZCP_P11_CERTIFICATE; i++) {
            zcp_p11_part part = (zcp_p11_part)i;
            bool exists = visible(part) && !key->key.disabled &&
                          (part != ZCP_P11_CERTIFICATE || key->certificate != NULL);
            if (exists && zcp_p11_matches(key, part, template, count)) {
                session->found[session->found_count++] = zcp_p11_handle(place, part);
            }
        }
    }
}

CK_RV zcp_p11_find_objects_init(CK_SESSION_HANDLE handle, CK_ATTRIBUTE *template,
                                unsigned long count)
{
    zcp_p11_session *session;
    CK_RV result = zcp_p11_enter_session(handle, &session);
    if (result != CKR_OK) {
        return result;
    }
    if (session->finding) {
        return zcp_p11_leave(CKR_OPERATION_ACTIVE);
    }
    if (!zcp_p11_readable(template, count)) {
        return zcp_p11_leave(CKR_ARGUMENTS_BAD);
    }
    /* Before a login there is no credential to ask with, and so there are no objects. */
    if (zcp_p11.logged_in) {
        result = zcp_p11_refresh();
    }
    session->found = calloc((size_t)3 * ZCP_P11_MAX_OBJECTS, sizeof *session->found);
    if (result != CKR_OK || session->found == NULL) {
        free(session->found);
        session->found = NULL;
        return zcp_p11_leave(result != CKR_OK ? result : CKR_HOST_MEMORY);
    }
    session->finding = true;
    session->found_count = 0;
    session->found_next = 0;
    find(session, template, count);
    return zcp_p11_leave(CKR_OK);
}

CK_RV zcp_p11_find_objects(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE *objects, unsigned long max,
                           unsigned long *count)
{
    zcp_p11_session *session;
    CK_RV result = zcp_p11_enter_session(handle, &session);
    if (result != CKR_OK) {
        return result;
    }
    if (!session->finding) {
        return zcp_p11_leave(CKR_OPERATION_NOT_INITIALIZED);
    }
    if (count == NULL || (objects == NULL && max > 0)) {
        return zcp_p11_leave(CKR_ARGUMENTS_BAD);
    }
    *count = 0;
    while (*count < max && session->found_next < session->found_count) {
        objects[(*count)++] = session->found[session->found_next++];
    }
    return zcp_p11_leave(CKR_OK);
}

CK_RV zcp_p11_find_objects_final(CK_SESSION_HANDLE handle)
{
    zcp_p11_session *session;
    CK_RV result = zcp_p11_enter_session(handle, &session);
    if (result != CKR_OK) {
        return result;
    }
    if (!session->finding) {
        return zcp_p11_leave(CKR_OPERATION_NOT_INITIALIZED);
    }
    free(session->found);
    session->found = NULL;
    session->finding = false;
    return zcp_p11_leave(CKR_OK);
}

static const CK_ATTRIBUTE *attribute_of(const CK_ATTRIBUTE *template, unsigned long count,
                                        CK_ATTRIBUTE_TYPE type)
{
    for (unsigned long i = 0; i < count; i++) {
        if (template[i].type == type) {
            return &template[i];
        }
    }
    return NULL;
}

/* Which key a certificate is for: the one with its CKA_ID, or its label. */
static size_t key_for(const CK_ATTRIBUTE *template, unsigned long count)
{
    const CK_ATTRIBUTE *id = attribute_of(template, count, CKA_ID);
    const CK_ATTRIBUTE *label = attribute_of(template, count, CKA_LABEL);
    for (size_t i = 0; i < zcp_p11.key_count; i++) {
        const zcp_p11_key *key = &zcp_p11.keys[i];
        bool by_id = id != NULL && id->ulValueLen == sizeof key->id &&
                     memcmp(id->pValue, key->id, sizeof key->id) == 0;
        bool by_label = label != NULL && label->ulValueLen == strlen(key->key.name) &&
                        memcmp(label->pValue, key->key.name, label->ulValueLen) == 0;
        if (by_id || (id == NULL && by_label)) {
            return i;
        }
    }
    return SIZE_MAX;
}

static bool certificate_path(const char *name, char path[static ZC_PATH_SIZE])
{
    const char *dir = getenv("ZCP_DIR");
    int folder = snprintf(path, ZC_PATH_SIZE, "%s/certificates", dir != NULL ? dir : "var");
    if (folder <= 0 || folder >= ZC_PATH_SIZE || !zc_ok(zc_file_make_folder(path, 0755, NULL))) {
        return false;
    }
    int len =
        snprintf(path, ZC_PATH_SIZE, "%s/certificates/%s.der", dir != NULL ? dir : "var", name);
    return len > 0 && len < ZC_PATH_SIZE;
}

/* The one object that can be created: a certificate for a key that is there. It is public, and kept
 * beside the deployment, not in the enclave. */
static CK_RV create_certificate(const CK_ATTRIBUTE *template, unsigned long count,
                                CK_OBJECT_HANDLE *ret_object)
{
    char path[ZC_PATH_SIZE];
    const CK_ATTRIBUTE *value = attribute_of(template, count, CKA_VALUE);
    CK_RV result = zcp_p11_refresh();
    if (result != CKR_OK) {
        return result;
    }
    size_t place = key_for(template, count);
    if (value == NULL || value->ulValueLen == 0 || place == SIZE_MAX) {
        return CKR_TEMPLATE_INCOMPLETE;
    }
    zcp_p11_key *key = &zcp_p11.keys[place];
    if (!certificate_path(key->key.name, path) ||
        !zc_ok(zc_file_write(path, zc_slice_of(value->pValue, value->ulValueLen), 0644, NULL))) {
        return CKR_TOKEN_WRITE_PROTECTED;
    }
    free(key->certificate);
    key->certificate = NULL;
    result = zcp_p11_refresh();
    *ret_object = zcp_p11_handle(place, ZCP_P11_CERTIFICATE);
    return result != CKR_OK ? result : key->certificate != NULL ? CKR_OK : CKR_HOST_MEMORY;
}

CK_RV zcp_p11_create_object(CK_SESSION_HANDLE handle, CK_ATTRIBUTE *template, unsigned long count,
                            CK_OBJECT_HANDLE *object)
{
    zcp_p11_session *session;
    CK_OBJECT_CLASS class = 0;
    CK_RV result = zcp_p11_enter_session(handle, &session);
    if (result != CKR_OK) {
        return result;
    }
    if (template == NULL || object == NULL || !zcp_p11_readable(template, count)) {
        return zcp_p11_leave(CKR_ARGUMENTS_BAD);
    }
    const CK_ATTRIBUTE *given = attribute_of(template, count, CKA_CLASS);
    if (given != NULL && given->ulValueLen == sizeof class) {
        memcpy(&class, given->pValue, sizeof class);
    }
    if (!zcp_p11.logged_in) {
        return zcp_p11_leave(CKR_USER_NOT_LOGGED_IN);
    }
    /* Private keys come in by `zcp key import`, encrypted to the attested enclave. */
    return zcp_p11_leave(class == CKO_CERTIFICATE && given != NULL
                             ? create_certificate(template, count, object)
                             : CKR_TEMPLATE_INCONSISTENT);
}

CK_RV zcp_p11_destroy_object(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE object)
{
    zcp_p11_session *session;
    zcp_p11_part part;
    char path[ZC_PATH_SIZE];
    CK_RV result = zcp_p11_enter_session(handle, &session);
    if (result != CKR_OK) {
        return result;
    }
    zcp_p11_key *key = zcp_p11_key_of(object, &part);
    if (key == NULL || !visible(part)) {
        return zcp_p11_leave(CKR_OBJECT_HANDLE_INVALID);
    }
    if (part != ZCP_P11_CERTIFICATE) {
        /* A key is disabled by `zcp key disable`, for good and in the log: not by a stray call. */
        return zcp_p11_leave(CKR_ACTION_PROHIBITED);
    }
    if (!certificate_path(key->key.name, path) || unlink(path) != 0) {
        return zcp_p11_leave(CKR_TOKEN_WRITE_PROTECTED);
    }
    free(key->certificate);
    key->certificate = NULL;
    key->certificate_len = 0;
    return zcp_p11_leave(CKR_OK);
}

/* The new key's name: CKA_LABEL, or "key-" and CKA_ID in hexadecimal. */
static CK_RV name_of(const CK_ATTRIBUTE *template, unsigned long count,
                     char name[static ZCP_P11_NAME_SIZE])
{
    const CK_ATTRIBUTE *label = attribute_of(template, count, CKA_LABEL);
    const CK_ATTRIBUTE *id = attribute_of(template, count, CKA_ID);
    if (label != NULL && label->ulValueLen > 0 && label->ulValueLen < ZCP_P11_NAME_SIZE) {
        memcpy(name, label->pValue, label->ulValueLen);
        return CKR_OK;
    }
    if (label == NULL && id != NULL && id->ulValueLen > 0 && id->ulValueLen <= 16) {
        (void)snprintf(name, ZCP_P11_NAME_SIZE, "key-");
        zc_hex_encode(zc_slice_of(id->pValue, id->ulValueLen), name + strlen(name));
        return CKR_OK;
    }
    return CKR_TEMPLATE_INCOMPLETE;
}

static CK_RV generate(zcp_curve curve, const char *name, size_t *ret_place)
{
    zcp_session *connection;
    zcp_key key;
    zcp_error error;
    CK_RV result = zcp_p11_connect(&connection);
    if (result != CKR_OK) {
        return result;
    }
    zcp_result made = zcp_key_create(connection, name, curve, ZCP_HOT, ZCP_HEDGED, &key, &error);
    zcp_p11_disconnect(connection, made == ZCP_OK);
    if (made != ZCP_OK) {
        return zcp_p11_failed(made, &error, NULL);
    }
    result = zcp_p11_refresh();
    for (size_t i = 0; result == CKR_OK && i < zcp_p11.key_count; i++) {
        if (strcmp(zcp_p11.keys[i].key.name, name) == 0) {
            *ret_place = i;
            return CKR_OK;
        }
    }
    return result != CKR_OK ? result : CKR_FUNCTION_FAILED;
}

CK_RV zcp_p11_generate_key_pair(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism,
                                CK_ATTRIBUTE *public_template, unsigned long public_count,
                                CK_ATTRIBUTE *private_template, unsigned long private_count,
                                CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key)
{
    zcp_p11_session *session;
    zcp_curve curve;
    size_t place = 0;
    char name[ZCP_P11_NAME_SIZE] = {0};
    CK_RV result = zcp_p11_enter_session(handle, &session);
    if (result != CKR_OK) {
        return result;
    }
    if (mechanism == NULL || public_template == NULL || public_key == NULL || private_key == NULL ||
        !zcp_p11_readable(public_template, public_count) ||
        (private_template != NULL && !zcp_p11_readable(private_template, private_count))) {
        return zcp_p11_leave(CKR_ARGUMENTS_BAD);
    }
    if (!zcp_p11.logged_in) {
        return zcp_p11_leave(CKR_USER_NOT_LOGGED_IN);
    }
    const CK_ATTRIBUTE *parameters = attribute_of(public_template, public_count, CKA_EC_PARAMS);
    if (parameters == NULL ||
        !zcp_p11_curve_of(zc_slice_of(parameters->pValue, parameters->ulValueLen), &curve)) {
        return zcp_p11_leave(parameters == NULL ? CKR_TEMPLATE_INCOMPLETE
                                                : CKR_CURVE_NOT_SUPPORTED);
    }
    bool fits = curve == ZCP_ED25519 ? mechanism->mechanism == CKM_EC_EDWARDS_KEY_PAIR_GEN
                                     : mechanism->mechanism == CKM_EC_KEY_PAIR_GEN;
    if (!fits) {
        return zcp_p11_leave(CKR_MECHANISM_INVALID);
    }
    result = name_of(private_template, private_template != NULL ? private_count : 0, name);
    if (result != CKR_OK) {
        result = name_of(public_template, public_count, name);
    }
    if (result == CKR_OK) {
        result = generate(curve, name, &place);
    }
    if (result == CKR_OK) {
        *public_key = zcp_p11_handle(place, ZCP_P11_PUBLIC);
        *private_key = zcp_p11_handle(place, ZCP_P11_PRIVATE);
    }
    return zcp_p11_leave(result);
}
