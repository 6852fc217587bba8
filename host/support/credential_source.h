/* Credentials that lie in no file: in the kernel's keyrings, and in PKCS #11 tokens. Private to
 * credential.c. */
#ifndef ZC_SUPPORT_CREDENTIAL_SOURCE_H
#define ZC_SUPPORT_CREDENTIAL_SOURCE_H

#include "support/bytes.h"
#include "support/credential.h"

#define ZC_KEYRING_SCHEME "keyring:"
#define ZC_TOKEN_SCHEME "pkcs11:"

/* What a key of type "user" holds, by its description: in the process's, the session's and the
 * user's keyrings, in that order. Errors: ZC_SUPPORT_NOT_FOUND, ZC_SUPPORT_IO. */
ZC_MUST_USE zc_result zc_keyring_read(const char *name, size_t most, zc_bytes *ret_content,
                                      zc_error *error);

/* An Ed25519 key in a token, by its URI (RFC 7512), which names module, PIN or its file where they
 * are needed. p11-kit is loaded when it is first wanted. Errors: ZC_SUPPORT_NOT_FOUND for what is
 * not there, ZC_SUPPORT_BAD_CREDENTIAL for what cannot be used. The caller closes it. */
ZC_MUST_USE zc_result zc_token_open(const char *uri, zc_credential_token **ret_token,
                                    uint8_t ret_public_key[static 32], zc_error *error);
bool zc_token_sign(zc_credential_token *token, zc_slice message, uint8_t ret_signature[static 64]);
void zc_token_close(zc_credential_token *token);

#endif
