/* Public keys and their signatures in the forms that interfaces hand out. */
#ifndef ZC_API_PUBLIC_KEY_H
#define ZC_API_PUBLIC_KEY_H

#include <jansson.h>

#include "base/writer.h"
#include "support/bytes.h"
#include "zcp.h"

#define ZC_SPKI_MAX 96
#define ZC_PEM_SIZE 256

/* SubjectPublicKeyInfo (RFC 5280), in DER. Errors: ZC_BASE_FULL; ZC_CRYPTO_WRONG_CURVE for keys
 * that have no such form here. */
ZC_MUST_USE zc_result zc_spki_write(const zcp_key *key, zc_writer *writer);
/* The same between the lines of RFC 7468. False for keys that have no such form. */
bool zc_public_key_pem(const zcp_key *key, char ret_pem[static ZC_PEM_SIZE]);

/* Whether the signature (DER for ECDSA, 64 bytes for Ed25519) is the key's over the SHA-256 of the
 * message, or over the message where it is a digest of 32 bytes; Ed25519 takes the message itself.
 */
bool zc_public_key_holds(const zcp_key *key, bool is_digest, zc_slice message, zc_slice signature);

/* Base64 (RFC 4648), as a JSON text; NULL when the machine gives no memory. The URL's alphabet has
 * no padding. */
json_t *zc_base64_json(zc_slice bytes);
json_t *zc_base64url_json(zc_slice bytes);
/* At most `most` bytes, into empty bytes of the caller's; false when the text is not that. */
bool zc_base64_read(const char *text, size_t most, zc_bytes *ret_bytes);
bool zc_base64url_read(const char *text, size_t most, zc_bytes *ret_bytes);

#endif
