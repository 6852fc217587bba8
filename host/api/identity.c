#include "api/identity.h"

#include <stdlib.h>

#include "base/ct.h"
#include "base/hex.h"
#include "base/secret.h"
#include "crypto/hash.h"
#include "support/credential.h"
#include "support/file.h"
#include "support/json.h"
#include "support/reasons.h"

#define FILE_MAX ((size_t)1 << 20)
#define SECRET_LEAST 16
#define TOKEN_LEAST 16

typedef enum proof_kind { TOKEN = 1, CERTIFICATE, ACCESS_KEY, UID } proof_kind;

typedef struct proof {
    proof_kind kind;
    size_t identity;
    uint8_t hash[32]; /* of a token or certificate */
    uint32_t uid;
    char id[ZC_API_NAME_SIZE]; /* of an access key */
    char secret[ZC_ACCESS_SECRET_SIZE];
} proof;

struct zc_identities {
    size_t count;
    zc_identity identity[ZC_IDENTITIES_MAX];
    size_t proof_count;
    proof proof[ZC_IDENTITY_KEYS_MAX];
};

static zc_result refuse(zc_error *error, const char *name, const char *why)
{
    zc_result result = zc_error_set(error, ZC_SUPPORT_BAD_JSON, "cannot use the identity file", why,
                                    "see docs/gateway.md for its form");
    if (name != NULL && name[0] != '\0') {
        zc_error_why(error, "identity %.63s: %s", name, why);
    }
    return result;
}

bool zc_identity_set_credential(zc_identity *identity, const char *credential)
{
    bool is_path = strchr(credential, '/') != NULL || zc_credential_is_elsewhere(credential);
    size_t capacity = is_path ? sizeof identity->credential_file : sizeof identity->credential;
    char *room = is_path ? identity->credential_file : identity->credential;
    if (strlen(credential) >= capacity || (!is_path && !zc_name_ok(credential))) {
        return false;
    }
    memcpy(room, credential, strlen(credential) + 1);
    return true;
}

static proof *add(zc_identities *all, proof_kind kind)
{
    if (all->proof_count == ZC_IDENTITY_KEYS_MAX) {
        return NULL;
    }
    proof *one = &all->proof[all->proof_count++];
    *one = (proof){.kind = kind, .identity = all->count};
    return one;
}

static bool add_token(zc_identities *all, const json_t *value)
{
    const char *text = json_string_value(value);
    proof *one = text != NULL && strlen(text) >= TOKEN_LEAST ? add(all, TOKEN) : NULL;
    if (one == NULL) {
        return false;
    }
    if (strncmp(text, "sha256:", 7) == 0) {
        return zc_ok(zc_hex_decode(zc_slice_of_text(text + 7), one->hash, sizeof one->hash));
    }
    zc_sha256(zc_slice_of_text(text), one->hash);
    return true;
}

static bool add_certificate(zc_identities *all, const json_t *value)
{
    const char *text = json_string_value(value);
    proof *one = text != NULL ? add(all, CERTIFICATE) : NULL;
    return one != NULL && zc_ok(zc_hex_decode(zc_slice_of_text(text), one->hash, sizeof one->hash));
}

static bool add_uid(zc_identities *all, const json_t *value)
{
    json_int_t uid = json_is_integer(value) ? json_integer_value(value) : -1;
    proof *one = uid >= 0 && uid < UINT32_MAX ? add(all, UID) : NULL;
    if (one != NULL) {
        one->uid = (uint32_t)uid;
    }
    return one != NULL;
}

static bool add_access_key(zc_identities *all, const json_t *value)
{
    const char *id = json_string_value(json_object_get(value, "id"));
    const char *secret = json_string_value(json_object_get(value, "secret"));
    bool fits = json_object_size(value) == 2 && id != NULL && secret != NULL && id[0] != '\0' &&
                strlen(id) < ZC_API_NAME_SIZE && strlen(secret) >= SECRET_LEAST &&
                strlen(secret) < ZC_ACCESS_SECRET_SIZE;
    proof *one = fits ? add(all, ACCESS_KEY) : NULL;
    if (one != NULL) {
        memcpy(one->id, id, strlen(id) + 1);
        memcpy(one->secret, secret, strlen(secret) + 1);
    }
    return one != NULL;
}

typedef struct proof_list {
    const char *key;
    const char *fault;
    bool (*add)(zc_identities *all, const json_t *value);
} proof_list;

static const proof_list proof_lists[] = {
    {"tokens", "a token is a text of 16 characters or more, or sha256: and 64 hex digits",
     add_token},
    {"certificates", "a certificate is given by the 64 hex digits of its SHA-256", add_certificate},
    {"uids", "a uid is a number", add_uid},
    {"access_keys", "an access key has an id and a secret of 16 to 128 characters", add_access_key},
};
#define PROOF_LISTS (sizeof proof_lists / sizeof proof_lists[0])

static zc_result read_proofs(zc_identities *all, const char *name, const char *key,
                             const json_t *list, zc_error *error)
{
    for (size_t kind = 0; kind < PROOF_LISTS; kind++) {
        if (strcmp(proof_lists[kind].key, key) != 0) {
            continue;
        }
        bool read = json_is_array(list);
        for (size_t i = 0; read && i < json_array_size(list); i++) {
            read = proof_lists[kind].add(all, json_array_get(list, i));
        }
        return read ? ZC_OK : refuse(error, name, proof_lists[kind].fault);
    }
    bool known = strcmp(key, "name") == 0 || strcmp(key, "credential") == 0;
    return known ? ZC_OK : refuse(error, name, "it has a member that nobody knows");
}

static zc_result read_identity(zc_identities *all, json_t *object, zc_error *error)
{
    const char *name = json_string_value(json_object_get(object, "name"));
    const char *credential = json_string_value(json_object_get(object, "credential"));
    if (name == NULL || name[0] == '\0' || strlen(name) >= ZC_API_NAME_SIZE || !zc_name_ok(name)) {
        return refuse(error, NULL, "each identity has a name of a-z, 0-9, '.', '_' and '-'");
    }
    if (all->count == ZC_IDENTITIES_MAX) {
        return refuse(error, name, "there are too many identities");
    }
    zc_identity *identity = &all->identity[all->count];
    memcpy(identity->name, name, strlen(name) + 1);
    if (credential == NULL || !zc_identity_set_credential(identity, credential)) {
        return refuse(error, name,
                      "its credential is a principal's name or the path of a .key file");
    }
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        ZC_TRY(read_proofs(all, name, key, value, error));
    }
    all->count++;
    return ZC_OK;
}

/* What two identities claim belongs to neither. */
static zc_result check_unique(const zc_identities *all, zc_error *error)
{
    for (size_t i = 0; i < all->proof_count; i++) {
        for (size_t j = 0; j < i; j++) {
            const proof *a = &all->proof[i];
            const proof *b = &all->proof[j];
            if (a->kind == b->kind && a->uid == b->uid && strcmp(a->id, b->id) == 0 &&
                memcmp(a->hash, b->hash, sizeof a->hash) == 0) {
                return refuse(error, all->identity[a->identity].name,
                              "a token, certificate, uid or access key occurs twice");
            }
        }
    }
    return ZC_OK;
}

static zc_result read_all(zc_identities *all, const json_t *root, zc_error *error)
{
    const json_t *list = json_object_get(root, "identities");
    if (!json_is_array(list) || json_object_size(root) != 1) {
        return refuse(error, NULL, "it is not one object with a list \"identities\"");
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        ZC_TRY(read_identity(all, json_array_get(list, i), error));
    }
    return check_unique(all, error);
}

static zc_result new_table(zc_identities **ret_identities, zc_error *error)
{
    *ret_identities = calloc(1, sizeof **ret_identities);
    return *ret_identities != NULL
               ? ZC_OK
               : zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot read the identity file",
                              "the machine gave no memory", "free some memory and try again");
}

zc_result zc_identities_read(zc_slice text, zc_identities **ret_identities, zc_error *error)
{
    zc_identities *all = NULL;
    json_t *root = NULL;
    ZC_TRY(new_table(&all, error));
    zc_result read = zc_json_parse(text, "cannot read the identity file", &root, error);
    read = zc_ok(read) ? read_all(all, root, error) : read;
    json_decref(root);
    if (!zc_ok(read)) {
        zc_identities_free(all);
        return read;
    }
    *ret_identities = all;
    return ZC_OK;
}

zc_result zc_identities_load(const char *path, zc_identities **ret_identities, zc_error *error)
{
    ZC_BYTES zc_bytes text = {0};
    zc_identities *none = NULL;
    if (path == NULL) {
        ZC_TRY(new_table(&none, error));
        *ret_identities = none;
        return ZC_OK;
    }
    ZC_TRY(zc_file_read_secret(path, FILE_MAX, &text, error));
    return zc_identities_read(zc_bytes_slice(&text), ret_identities, error);
}

void zc_identities_free(zc_identities *identities)
{
    if (identities != NULL) {
        zc_wipe(identities, sizeof *identities);
        free(identities);
    }
}

bool zc_identities_has_access_keys(const zc_identities *identities)
{
    for (size_t i = 0; i < identities->proof_count; i++) {
        if (identities->proof[i].kind == ACCESS_KEY) {
            return true;
        }
    }
    return false;
}

bool zc_identities_first(const zc_identities *identities, zc_identity *ret_identity)
{
    if (identities->count > 0) {
        *ret_identity = identities->identity[0];
    }
    return identities->count > 0;
}

/* Looks at all of them, so that time tells nothing of how far it got. */
static const proof *of_hash(const zc_identities *all, proof_kind kind,
                            const uint8_t hash[static 32])
{
    const proof *found = NULL;
    for (size_t i = 0; i < all->proof_count; i++) {
        const proof *one = &all->proof[i];
        if (one->kind == kind && zc_ct_eq(one->hash, hash, sizeof one->hash)) {
            found = one;
        }
    }
    return found;
}

static bool give(const zc_identities *all, const proof *found, zc_identity *ret_identity)
{
    if (found != NULL) {
        *ret_identity = all->identity[found->identity];
    }
    return found != NULL;
}

bool zc_identity_of_token(const zc_identities *identities, const char *token,
                          zc_identity *ret_identity)
{
    uint8_t hash[32];
    zc_sha256(zc_slice_of_text(token), hash);
    return give(identities, of_hash(identities, TOKEN, hash), ret_identity);
}

bool zc_identity_of_certificate(const zc_identities *identities, const uint8_t sha256[static 32],
                                zc_identity *ret_identity)
{
    return give(identities, of_hash(identities, CERTIFICATE, sha256), ret_identity);
}

bool zc_identity_of_access_key(const zc_identities *identities, const char *id,
                               zc_identity *ret_identity,
                               char ret_secret[static ZC_ACCESS_SECRET_SIZE])
{
    for (size_t i = 0; i < identities->proof_count; i++) {
        const proof *one = &identities->proof[i];
        if (one->kind == ACCESS_KEY && strcmp(one->id, id) == 0) {
            memcpy(ret_secret, one->secret, sizeof one->secret);
            return give(identities, one, ret_identity);
        }
    }
    return false;
}

bool zc_identity_of_uid(const zc_identities *identities, uint32_t uid, zc_identity *ret_identity)
{
    for (size_t i = 0; i < identities->proof_count; i++) {
        const proof *one = &identities->proof[i];
        if (one->kind == UID && one->uid == uid) {
            return give(identities, one, ret_identity);
        }
    }
    return false;
}
