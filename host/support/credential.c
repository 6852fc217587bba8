#include "support/credential.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/hex.h"
#include "crypto/signer.h"
#include "support/credential_source.h"
#include "support/file.h"
#include "support/reasons.h"

#define KEY_FILE_MAX 256
/* Hex digits, a line end, a terminator. */
#define KEY_TEXT_SIZE (2 * 32 + 2)

static const char name_rule[] =
    "a name has 1 to 63 of a-z, 0-9, '.', '_' and '-', and begins with a letter or a digit";

bool zc_name_ok(const char *name)
{
    static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    static const char rest[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t len = strlen(name);
    return len >= 1 && len < ZC_CREDENTIAL_NAME_SIZE && strchr(first, name[0]) != NULL &&
           strspn(name, rest) == len;
}

static void wipe_signer(zc_signer *signer)
{
    zc_signer_clear(signer);
}

static void wipe_text(char (*text)[KEY_TEXT_SIZE])
{
    zc_wipe(*text, sizeof *text);
}

static zc_result path_of(const char *folder, const char *name, const char *ending,
                         char ret_path[static ZC_PATH_SIZE], zc_error *error)
{
    if (!zc_name_ok(name)) {
        zc_result result =
            zc_error_set(error, ZC_SUPPORT_BAD_NAME, "", name_rule, "choose such a name");
        zc_error_what(error, "'%s' cannot name a credential", name);
        return result;
    }
    char file[ZC_CREDENTIAL_NAME_SIZE + 8];
    (void)snprintf(file, sizeof file, "%s%s", name, ending);
    if (!zc_path_join(folder, file, ret_path)) {
        return zc_error_errno(error, ENAMETOOLONG, "cannot use the folder", folder);
    }
    return ZC_OK;
}

static zc_result fill_public(zc_credential *credential, zc_error *error)
{
    __attribute__((cleanup(wipe_signer))) zc_signer signer = {0};
    zc_result made = zc_signer_init(&signer, ZC_CURVE_ED25519, &credential->seed);
    if (!zc_ok(made)) {
        return zc_error_from(error, made, "cannot use the credential", "make a new one");
    }
    memcpy(credential->public_key, signer.pubkey.byte, sizeof credential->public_key);
    return ZC_OK;
}

static zc_result write_public(const char *folder, const zc_credential *credential, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    ZC_TRY(path_of(folder, credential->name, ".pub", path, error));
    char text[KEY_TEXT_SIZE];
    zc_hex_encode(ZC_SLICE_OF_ARRAY(credential->public_key), text);
    text[64] = '\n';
    return zc_file_write(path, zc_slice_of(text, 65), 0644, error);
}

static zc_result write_secret(const char *path, const zc_credential *credential, zc_error *error)
{
    __attribute__((cleanup(wipe_text))) char text[KEY_TEXT_SIZE];
    zc_hex_encode(ZC_SLICE_OF_ARRAY(credential->seed.byte), text);
    text[64] = '\n';
    return zc_file_create(path, zc_slice_of(text, 65), 0600, error);
}

static zc_result draw_seed(zc_secret32 *seed, zc_error *error)
{
    if (getrandom(seed->byte, sizeof seed->byte, 0) != (ssize_t)sizeof seed->byte) {
        return zc_error_errno(error, errno, "the kernel gave no randomness", NULL);
    }
    return ZC_OK;
}

zc_result zc_credential_create(const char *folder, const char *name, zc_credential *ret_credential,
                               zc_error *error)
{
    char path[ZC_PATH_SIZE];
    ZC_TRY(path_of(folder, name, ".key", path, error));
    ZC_TRY(zc_file_make_folder(folder, 0700, error));
    ZC_CREDENTIAL zc_credential credential = {0};
    (void)snprintf(credential.name, sizeof credential.name, "%s", name);
    ZC_TRY(draw_seed(&credential.seed, error));
    ZC_TRY(fill_public(&credential, error));
    ZC_TRY(write_secret(path, &credential, error));
    ZC_TRY(write_public(folder, &credential, error));
    *ret_credential = credential;
    return ZC_OK;
}

/* 64 hex digits and at most one line end. */
static bool parse_key(const zc_bytes *bytes, uint8_t ret_key[static 32])
{
    size_t len = bytes->len;
    if (len > 0 && bytes->data[len - 1] == '\n') {
        len--;
    }
    if (len > 0 && bytes->data[len - 1] == '\r') {
        len--;
    }
    return len == 64 && zc_ok(zc_hex_decode(zc_slice_of(bytes->data, len), ret_key, 32));
}

static zc_result bad_key(const char *path, const char *holds, zc_error *error)
{
    zc_result result = zc_error_set(error, ZC_SUPPORT_BAD_CREDENTIAL, "", "", "");
    zc_error_what(error, "cannot use %s", path);
    zc_error_why(error, "it does not hold %s as 64 hex digits", holds);
    zc_error_next(error,
                  "restore it from a backup, or make a new credential and name its public key "
                  "in the mission");
    return result;
}

bool zc_credential_is_elsewhere(const char *place)
{
    return strncmp(place, ZC_KEYRING_SCHEME, strlen(ZC_KEYRING_SCHEME)) == 0 ||
           strncmp(place, ZC_TOKEN_SCHEME, strlen(ZC_TOKEN_SCHEME)) == 0;
}

static zc_result load_token(const char *uri, zc_credential *ret_credential, zc_error *error)
{
    zc_credential credential = {.name = "token"};
    ZC_TRY(zc_token_open(uri, &credential.token, credential.public_key, error));
    *ret_credential = credential;
    return ZC_OK;
}

static zc_result read_seed(const char *place, zc_bytes *ret_bytes, zc_error *error)
{
    bool is_keyring = strncmp(place, ZC_KEYRING_SCHEME, strlen(ZC_KEYRING_SCHEME)) == 0;
    return is_keyring
               ? zc_keyring_read(place + strlen(ZC_KEYRING_SCHEME), KEY_FILE_MAX, ret_bytes, error)
               : zc_file_read_secret(place, KEY_FILE_MAX, ret_bytes, error);
}

zc_result zc_credential_load_file(const char *path, zc_credential *ret_credential, zc_error *error)
{
    if (strncmp(path, ZC_TOKEN_SCHEME, strlen(ZC_TOKEN_SCHEME)) == 0) {
        return load_token(path, ret_credential, error);
    }
    ZC_CREDENTIAL zc_credential credential = {0};
    const char *slash = strrchr(path, '/');
    (void)snprintf(credential.name, sizeof credential.name, "%s", slash == NULL ? path : slash + 1);
    char *ending = strstr(credential.name, ".key");
    if (ending != NULL && ending[4] == 0) {
        *ending = 0;
    }
    ZC_BYTES zc_bytes bytes = {0};
    ZC_TRY(read_seed(path, &bytes, error));
    if (!parse_key(&bytes, credential.seed.byte)) {
        return bad_key(path, "an Ed25519 seed", error);
    }
    ZC_TRY(fill_public(&credential, error));
    *ret_credential = credential;
    return ZC_OK;
}

zc_result zc_credential_load(const char *folder, const char *name, zc_credential *ret_credential,
                             zc_error *error)
{
    char path[ZC_PATH_SIZE];
    if (zc_credential_is_elsewhere(name)) {
        return zc_credential_load_file(name, ret_credential, error);
    }
    ZC_TRY(path_of(folder, name, ".key", path, error));
    ZC_CREDENTIAL zc_credential credential = {0};
    ZC_TRY(zc_credential_load_file(path, &credential, error));
    char public_path[ZC_PATH_SIZE];
    ZC_TRY(path_of(folder, name, ".pub", public_path, error));
    if (!zc_file_exists(public_path)) {
        ZC_TRY(write_public(folder, &credential, error));
    }
    *ret_credential = credential;
    return ZC_OK;
}

zc_result zc_credential_ensure(const char *folder, const char *name, zc_credential *ret_credential,
                               zc_error *error)
{
    zc_result made = zc_credential_create(folder, name, ret_credential, error);
    return zc_is(made, ZC_SUPPORT_EXISTS) ? zc_credential_load(folder, name, ret_credential, error)
                                          : made;
}

zc_result zc_credential_public(const char *folder, const char *name,
                               uint8_t ret_public_key[static 32], zc_error *error)
{
    char path[ZC_PATH_SIZE];
    ZC_TRY(path_of(folder, name, ".pub", path, error));
    ZC_BYTES zc_bytes bytes = {0};
    ZC_TRY(zc_file_read(path, KEY_FILE_MAX, &bytes, error));
    uint8_t key[32];
    if (!parse_key(&bytes, key)) {
        return bad_key(path, "an Ed25519 public key", error);
    }
    memcpy(ret_public_key, key, sizeof key);
    return ZC_OK;
}

zc_result zc_credential_sign(const zc_credential *credential, zc_slice message,
                             uint8_t ret_signature[static 64])
{
    if (credential->token != NULL) {
        return zc_token_sign(credential->token, message, ret_signature)
                   ? ZC_OK
                   : zc_fail(ZC_SUPPORT_BAD_CREDENTIAL);
    }
    __attribute__((cleanup(wipe_signer))) zc_signer signer = {0};
    ZC_TRY(zc_signer_init(&signer, ZC_CURVE_ED25519, &credential->seed));
    zc_signature signature;
    ZC_TRY(zc_sign_message_ed25519(&signer, message, &signature));
    memcpy(ret_signature, signature.byte, sizeof signature.byte);
    return ZC_OK;
}

void zc_credential_clear(zc_credential *credential)
{
    zc_token_close(credential->token);
    zc_wipe(credential, sizeof *credential);
}
