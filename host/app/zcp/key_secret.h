/* Private keys and API secrets as people hold them: files in hexadecimal, base64, PEM or DER. */
#ifndef ZC_ZCP_KEY_SECRET_H
#define ZC_ZCP_KEY_SECRET_H

#include "crypto/kind.h"
#include "invocation.h"
#include "support/bytes.h"

/* Reads what --private-key and --secret-encoding name into the bytes that a key of this kind is
 * imported as (zcp_key_secret). Curves: 64 hexadecimal digits; PEM (SEC 1 or PKCS #8); base64 of 32
 * bytes, or for Ed25519 of 64, private and public. HMAC: the text itself, or what it is in base64
 * or hexadecimal; Kraken's are base64. RSA: PKCS #8 in PEM or DER. Returns the exit code. */
int zc_key_secret_read(const zc_invocation *invocation, zc_key_kind kind, zc_bytes *ret_secret);

/* What --passphrase-file names; empty when it is not given. Returns the exit code. */
int zc_key_passphrase_read(const zc_invocation *invocation, zc_bytes *ret_passphrase);

#endif
