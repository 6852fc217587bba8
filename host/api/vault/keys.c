/* Transit's keys: those of the enclave that Vault has a type for. */
#include <string.h>

#include "api/public_key.h"
#include "api/vault/vault.h"
#include "support/credential.h"
#include "support/json.h"

typedef struct vault_type {
    zcp_curve curve;
    const char *type;
    const char *name; /* of the curve, as a version of a key shows it */
} vault_type;

static const vault_type types[] = {
    {ZCP_P256, "ecdsa-p256", "P-256"},
    {ZCP_ED25519, "ed25519", "ed25519"},
};
#define TYPES (sizeof types / sizeof types[0])

static const vault_type *type_of(zcp_curve curve)
{
    for (size_t i = 0; i < TYPES; i++) {
        if (types[i].curve == curve) {
            return &types[i];
        }
    }
    return NULL;
}

const char *zc_vault_type(zcp_curve curve)
{
    const vault_type *type = type_of(curve);
    return type != NULL ? type->type : NULL;
}

zc_vault_found zc_vault_key(zc_vault_call *call, zcp_key *ret_key)
{
    zcp_error error = {0};
    zcp_result shown = zc_api_key(call->api, call->name, ret_key, &error);
    if (shown == ZCP_OK) {
        return type_of(ret_key->curve) != NULL ? ZC_VAULT_FOUND : ZC_VAULT_ABSENT;
    }
    bool absent = strcmp(error.reason, "ENCLAVE_UNKNOWN_KEY") == 0 || shown == ZCP_USAGE;
    if (!absent) {
        zc_vault_fail_result(call, shown, &error);
    }
    return absent ? ZC_VAULT_ABSENT : ZC_VAULT_ANSWERED;
}

static bool add_name(void *context, const zcp_key *key)
{
    return type_of(key->curve) == NULL ||
           json_array_append_new(context, json_string(key->name)) == 0;
}

void zc_vault_list_keys(zc_vault_call *call)
{
    zcp_error error = {0};
    json_t *names = json_array();
    zcp_result listed = zc_api_keys(call->api, 0, add_name, names, &error);
    if (listed != ZCP_OK) {
        json_decref(names);
        zc_vault_fail_result(call, listed, &error);
    } else if (json_array_size(names) == 0) {
        json_decref(names);
        zc_vault_absent(call->response);
    } else {
        zc_vault_reply(call, json_pack("{s:o}", "keys", names));
    }
}

static json_t *public_key_of(const zcp_key *key)
{
    char pem[ZC_PEM_SIZE];
    if (key->curve == ZCP_ED25519) {
        return zc_base64_json(zc_slice_of(key->public_key, key->public_key_len));
    }
    return zc_public_key_pem(key, pem) ? json_string(pem) : NULL;
}

static json_t *key_json(const zcp_key *key)
{
    static const char *const off[] = {"deletion_allowed",    "derived",
                                      "exportable",          "imported_key",
                                      "supports_encryption", "supports_decryption",
                                      "supports_derivation", "allow_plaintext_backup"};
    const vault_type *type = type_of(key->curve);
    json_t *version =
        json_pack("{s:o?, s:s, s:o?}", "creation_time", zc_vault_time(key->created_ms), "name",
                  type->name, "public_key", public_key_of(key));
    json_t *out =
        json_pack("{s:s, s:s, s:{s:o?}, s:i, s:i, s:i, s:i, s:i, s:b}", "name", key->name, "type",
                  type->type, "keys", "1", version, "latest_version", 1, "min_available_version", 0,
                  "min_decryption_version", 1, "min_encryption_version", 0, "auto_rotate_period", 0,
                  "supports_signing", 1);
    for (size_t i = 0; out != NULL && i < sizeof off / sizeof off[0]; i++) {
        (void)json_object_set_new(out, off[i], json_false());
    }
    if (out != NULL && key->imported) {
        (void)json_object_set_new(out, "imported_key", json_true());
    }
    return out;
}

void zc_vault_read_key(zc_vault_call *call)
{
    zcp_key key;
    zc_vault_found found = zc_vault_key(call, &key);
    if (found == ZC_VAULT_FOUND) {
        zc_vault_reply(call, key_json(&key));
    } else if (found == ZC_VAULT_ABSENT) {
        zc_vault_absent(call->response);
    }
}

/* What would make another kind of key than there are here: NULL, or why not. */
static const char *refused_option(const json_t *body)
{
    static const struct {
        const char *name;
        const char *why;
    } flags[] = {
        {"derived", "key derivation is not supported: a key of an enclave is one key"},
        {"convergent_encryption", "convergent encryption is not supported: keys here sign"},
        {"exportable", "private key material is not exportable"},
        {"allow_plaintext_backup", "plaintext backup is disallowed on the policy"},
        {"deletion_allowed", "deletion is not allowed: a key is disabled, and its log remains"},
    };
    static const char *const numbers[] = {"auto_rotate_period", "min_decryption_version",
                                          "min_encryption_version"};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        bool on = false;
        const json_t *value = json_object_get(body, flags[i].name);
        if (value != NULL && (!zc_vault_flag(value, &on) || on)) {
            return flags[i].why;
        }
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const json_t *value = json_object_get(body, numbers[i]);
        const char *text = json_string_value(value);
        bool none = value == NULL || json_is_null(value) ||
                    (json_is_integer(value) && json_integer_value(value) <= (i == 0 ? 0 : 1)) ||
                    (text != NULL && (strcmp(text, "0") == 0 || strcmp(text, "0s") == 0));
        if (!none) {
            return "a key of an enclave has one version: make another key, under another name";
        }
    }
    return NULL;
}

static void make_key(zc_vault_call *call, zcp_curve curve)
{
    zcp_key key;
    zcp_session *session;
    zcp_error error = {0};
    zcp_result made = zc_api_session(call->api, &session, &error);
    if (made == ZCP_OK) {
        made = zcp_key_create(session, call->name, curve, ZCP_HOT, ZCP_HEDGED, &key, &error);
        call->api->result = made;
    }
    if (made != ZCP_OK) {
        zc_vault_fail_result(call, made, &error);
        return;
    }
    zc_api_key_changed(call->api, key.name);
    zc_vault_reply(call, key_json(&key));
}

void zc_vault_create_key(zc_vault_call *call)
{
    zcp_key key;
    char message[128];
    const json_t *said = json_object_get(call->body, "type");
    const char *type =
        said == NULL || json_is_null(said) ? "aes256-gcm96" : json_string_value(said);
    const vault_type *wanted = NULL;
    for (size_t i = 0; type != NULL && i < TYPES; i++) {
        wanted = strcmp(types[i].type, type) == 0 ? &types[i] : wanted;
    }
    const char *why = refused_option(call->body);
    if (!zc_name_ok(call->name)) {
        zc_vault_fail(call->response, 400,
                      "a key's name has 1 to 63 of a to z, 0 to 9, dot, underscore and hyphen");
        return;
    }
    if (wanted == NULL) {
        (void)snprintf(message, sizeof message, "unknown key type %.40s: ecdsa-p256 or ed25519",
                       type != NULL ? type : "");
        zc_vault_fail(call->response, 400, message);
        return;
    }
    if (why != NULL) {
        zc_vault_fail(call->response, 400, why);
        return;
    }
    zc_vault_found found = zc_vault_key(call, &key);
    if (found == ZC_VAULT_ABSENT) {
        make_key(call, wanted->curve);
    } else if (found == ZC_VAULT_FOUND && key.curve != wanted->curve) {
        zc_vault_fail(call->response, 400, "a key of this name exists already, of another type");
    } else if (found == ZC_VAULT_FOUND) {
        (void)snprintf(message, sizeof message, "key %.63s already existed", key.name);
        zc_vault_reply_with(call, key_json(&key), message);
    }
}

/* The existing key; false with the request answered. */
static bool existing(zc_vault_call *call, zcp_key *ret_key)
{
    char message[128];
    zc_vault_found found = zc_vault_key(call, ret_key);
    if (found == ZC_VAULT_ABSENT) {
        (void)snprintf(message, sizeof message, "no existing key named %.63s could be found",
                       call->name);
        zc_vault_fail(call->response, 400, message);
    }
    return found == ZC_VAULT_FOUND;
}

void zc_vault_configure_key(zc_vault_call *call)
{
    zcp_key key;
    const char *why = refused_option(call->body);
    if (why != NULL) {
        zc_vault_fail(call->response, 400, why);
    } else if (existing(call, &key)) {
        zc_vault_reply(call, key_json(&key));
    }
}

void zc_vault_rotate_key(zc_vault_call *call)
{
    zcp_key key;
    if (existing(call, &key)) {
        zc_vault_fail(call->response, 400,
                      "a key of an enclave has one version: make another key, under another name");
    }
}

void zc_vault_delete_key(zc_vault_call *call)
{
    zcp_key key;
    if (existing(call, &key)) {
        zc_vault_fail(call->response, 400,
                      "error deleting policy: deletion is not allowed for this key");
    }
}
