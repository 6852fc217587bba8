/* Who may ask, and as whom: the identity file of a gateway (docs/gateway.md).
 *
 *     {"identities": [{"name": "desk-1", "credential": "trader",
 *                      "tokens": ["sha256:<64 hex>"], "uids": [1000],
 *                      "access_keys": [{"id": "AKIA…", "secret": "…"}],
 *                      "certificates": ["<64 hex: SHA-256 of the DER>"]}]}
 *
 * It holds secrets: only its owner may read it. A credential is a name in the deployment's folder,
 * with a slash in it the path of a .key file, or a place (support/credential.h). */
#ifndef ZC_API_IDENTITY_H
#define ZC_API_IDENTITY_H

#include "api/gateway.h"

#define ZC_IDENTITIES_MAX 256
#define ZC_IDENTITY_KEYS_MAX 2048
#define ZC_ACCESS_SECRET_SIZE 129

typedef struct zc_identities zc_identities;

/* From the file's text. The caller frees. */
ZC_MUST_USE zc_result zc_identities_read(zc_slice text, zc_identities **ret_identities,
                                         zc_error *error);
/* The same from the file; `path` NULL: an empty table. */
ZC_MUST_USE zc_result zc_identities_load(const char *path, zc_identities **ret_identities,
                                         zc_error *error);
void zc_identities_free(zc_identities *identities);
bool zc_identities_has_access_keys(const zc_identities *identities);
/* The first one's; for asking after the enclave's health. False when there is none. */
bool zc_identities_first(const zc_identities *identities, zc_identity *ret_identity);

/* Found in time that does not depend on the token. */
bool zc_identity_of_token(const zc_identities *identities, const char *token,
                          zc_identity *ret_identity);
bool zc_identity_of_access_key(const zc_identities *identities, const char *id,
                               zc_identity *ret_identity,
                               char ret_secret[static ZC_ACCESS_SECRET_SIZE]);
bool zc_identity_of_certificate(const zc_identities *identities, const uint8_t sha256[static 32],
                                zc_identity *ret_identity);
bool zc_identity_of_uid(const zc_identities *identities, uint32_t uid, zc_identity *ret_identity);

/* "trader", a path of a .key file, "keyring:NAME" or "pkcs11:URI", into the identity. False when it
 * does not fit. */
bool zc_identity_set_credential(zc_identity *identity, const char *credential);

#endif
