/* A principal's Ed25519 credential: D/credentials/NAME.key holds the seed as 64 hex digits (mode
 * 0600), NAME.pub the public key likewise (mode 0644). The seed can also lie in a keyring of the
 * kernel ("keyring:NAME"), or stay in a PKCS #11 token ("pkcs11:…", RFC 7512). */
#ifndef ZC_SUPPORT_CREDENTIAL_H
#define ZC_SUPPORT_CREDENTIAL_H

#include "base/secret.h"
#include "base/slice.h"
#include "support/error.h"

#define ZC_CREDENTIAL_NAME_SIZE 64

typedef struct zc_credential_token zc_credential_token;

/* Not to be copied where it has a token, which belongs to one. */
typedef struct zc_credential {
    char name[ZC_CREDENTIAL_NAME_SIZE];
    zc_credential_token *token; /* signs in place of the seed; NULL: none */
    zc_secret32 seed;
    uint8_t public_key[32];
} zc_credential;

/* Makes NAME.key and NAME.pub in `folder` (made with mode 0700 when absent) from the kernel's
 * randomness. Errors: ZC_SUPPORT_BAD_NAME, ZC_SUPPORT_EXISTS, and those of files. */
ZC_MUST_USE zc_result zc_credential_create(const char *folder, const char *name,
                                           zc_credential *ret_credential, zc_error *error);
/* Loads folder/NAME.key, or from a place of zc_credential_is_elsewhere(). A missing .pub is written
 * again. Errors: ZC_SUPPORT_BAD_NAME, _NOT_FOUND, _LOOSE_MODE, _BAD_CREDENTIAL. */
ZC_MUST_USE zc_result zc_credential_load(const char *folder, const char *name,
                                         zc_credential *ret_credential, zc_error *error);
/* Whether a text names a place that is no file: "keyring:…", "pkcs11:…". */
bool zc_credential_is_elsewhere(const char *place);
/* Loads a .key file by its path, or from such a place; the credential's name is the file's without
 * ".key", or the key's. */
ZC_MUST_USE zc_result zc_credential_load_file(const char *path, zc_credential *ret_credential,
                                              zc_error *error);
/* load, or create where there is none. */
ZC_MUST_USE zc_result zc_credential_ensure(const char *folder, const char *name,
                                           zc_credential *ret_credential, zc_error *error);
/* The public key alone, from NAME.pub; the secret is not touched. */
ZC_MUST_USE zc_result zc_credential_public(const char *folder, const char *name,
                                           uint8_t ret_public_key[static 32], zc_error *error);

/* Ed25519 over the message as it is. Secret: the seed. */
ZC_MUST_USE zc_result zc_credential_sign(const zc_credential *credential, zc_slice message,
                                         uint8_t ret_signature[static 64]);
void zc_credential_clear(zc_credential *credential);

#define ZC_CREDENTIAL __attribute__((cleanup(zc_credential_clear)))

/* Whether `name` may name a credential or a file of ours: 1 to 63 of a-z 0-9 . _ -, beginning with
 * a letter or a digit. */
bool zc_name_ok(const char *name);

#endif
