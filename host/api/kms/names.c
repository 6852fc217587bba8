#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/kms/kms.h"
#include "codec/base64.h"
#include "support/credential.h"
#include "support/json.h"

static const zc_kms_spec specs[] = {
    {ZCP_P256, "ECC_NIST_P256", "ECDSA_SHA_256"},
    {ZCP_SECP256K1, "ECC_SECG_P256K1", "ECDSA_SHA_256"},
    {ZCP_ED25519, "ECC_NIST_EDWARDS25519", "ED25519_SHA_512"},
};
#define SPECS (sizeof specs / sizeof specs[0])

const zc_kms_spec *zc_kms_spec_of_curve(zcp_curve curve)
{
    for (size_t i = 0; i < SPECS; i++) {
        if (specs[i].curve == curve) {
            return &specs[i];
        }
    }
    return NULL;
}

const zc_kms_spec *zc_kms_spec_named(const char *spec)
{
    for (size_t i = 0; i < SPECS; i++) {
        if (strcmp(specs[i].spec, spec) == 0) {
            return &specs[i];
        }
    }
    return NULL;
}

void zc_kms_arn(const zc_kms_call *call, const char *kind, const char *name,
                char ret_arn[static ZC_KMS_ARN_SIZE])
{
    (void)snprintf(ret_arn, ZC_KMS_ARN_SIZE, "arn:aws:kms:%s:" ZC_KMS_ACCOUNT ":%s%s", call->region,
                   kind, name);
}

static bool alias_name(const zc_kms_call *call, const char *alias,
                       char ret_name[static ZC_API_NAME_SIZE])
{
    zc_kms_row row;
    size_t at = 0;
    const char *name = alias;
    if (zc_kms_store_find(call->kms->store, call->api->identity->name, ZC_KMS_ALIAS, NULL, alias,
                          &at, &row)) {
        name = row.key;
    }
    (void)snprintf(ret_name, ZC_API_NAME_SIZE, "%s", name);
    return zc_name_ok(ret_name) && strlen(name) < ZC_API_NAME_SIZE;
}

bool zc_kms_name(const zc_kms_call *call, const char *id, char ret_name[static ZC_API_NAME_SIZE])
{
    bool is_arn = strncmp(id, "arn:", 4) == 0;
    if (is_arn) {
        char prefix[ZC_KMS_ARN_SIZE];
        zc_kms_arn(call, "", "", prefix);
        if (strncmp(id, prefix, strlen(prefix)) != 0) {
            return false;
        }
        id += strlen(prefix);
    }
    if (strncmp(id, "alias/", 6) == 0) {
        return alias_name(call, id + 6, ret_name);
    }
    if (is_arn) {
        if (strncmp(id, "key/", 4) != 0) {
            return false;
        }
        id += 4;
    }
    bool fits = strlen(id) < ZC_API_NAME_SIZE && zc_name_ok(id);
    if (fits) {
        memcpy(ret_name, id, strlen(id) + 1);
    }
    return fits;
}

const char *zc_kms_text(zc_kms_call *call, const char *member, size_t most)
{
    char message[160];
    const char *text = json_string_value(json_object_get(call->body, member));
    if (text != NULL && text[0] != '\0' && strlen(text) <= most) {
        return text;
    }
    (void)snprintf(message, sizeof message,
                   "1 validation error detected: %s must be a string of 1 to %zu characters",
                   member, most);
    zc_kms_fail(call->response, "ValidationException", message);
    return NULL;
}

bool zc_kms_key(zc_kms_call *call, const char *member, zcp_key *ret_key)
{
    char name[ZC_API_NAME_SIZE];
    char message[320];
    zcp_error error;
    const char *id = zc_kms_text(call, member, 2048);
    if (id == NULL) {
        return false;
    }
    if (!zc_kms_name(call, id, name)) {
        (void)snprintf(message, sizeof message, "Key '%.200s' does not exist", id);
        zc_kms_fail(call->response, "NotFoundException", message);
        return false;
    }
    zcp_result shown = zc_api_key(call->api, name, ret_key, &error);
    if (shown != ZCP_OK) {
        if (strcmp(error.reason, "ENCLAVE_UNKNOWN_KEY") == 0) {
            (void)snprintf(message, sizeof message, "Key '%.200s' does not exist", id);
            zc_kms_fail(call->response, "NotFoundException", message);
        } else {
            zc_kms_fail_session(call, shown, &error);
        }
        return false;
    }
    (void)snprintf(call->api->key, sizeof call->api->key, "%s", name);
    return true;
}

bool zc_kms_blob(zc_kms_call *call, const char *member, size_t most, zc_bytes *ret_bytes)
{
    char message[160];
    const json_t *value = json_object_get(call->body, member);
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);
    size_t decoded = 0;
    bool fits = text != NULL && len > 0 && len <= ZC_BASE64_LEN(most) &&
                zc_bytes_reserve(ret_bytes, len) &&
                zc_ok(zc_base64_decode(zc_slice_of(text, len), ret_bytes->data, len, &decoded)) &&
                decoded <= most;
    if (!fits) {
        (void)snprintf(message, sizeof message,
                       "1 validation error detected: %s must be base64 of 1 to %zu bytes", member,
                       most);
        zc_kms_fail(call->response, "ValidationException", message);
        return false;
    }
    ret_bytes->len = decoded;
    return true;
}

bool zc_kms_page(zc_kms_call *call, size_t usual, size_t most, zc_page *ret_page)
{
    const json_t *limit = json_object_get(call->body, "Limit");
    const json_t *marker = json_object_get(call->body, "Marker");
    const char *text = json_string_value(marker);
    char *end = NULL;
    ret_page->limit = usual;
    ret_page->from = 0;
    if (limit != NULL && !json_is_null(limit)) {
        json_int_t wanted = json_integer_value(limit);
        if (!json_is_integer(limit) || wanted < 1 || (size_t)wanted > most) {
            zc_kms_fail(call->response, "ValidationException", "Limit is out of range");
            return false;
        }
        ret_page->limit = (size_t)wanted;
    }
    if (marker != NULL && !json_is_null(marker)) {
        ret_page->from = text != NULL && text[0] == 'n' ? strtoull(text + 1, &end, 10) : 0;
        if (end == NULL || *end != '\0' || end == text + 1) {
            zc_kms_fail(call->response, "InvalidMarkerException", "The marker is not one of ours");
            return false;
        }
    }
    return true;
}

void zc_kms_page_end(json_t *out, const zc_page *page)
{
    char marker[32];
    (void)snprintf(marker, sizeof marker, "n%" PRIu64, page->from + page->limit);
    bool set = zc_json_set_bool(out, "Truncated", page->more) &&
               (!page->more || zc_json_set_text(out, "NextMarker", marker));
    (void)set;
}
