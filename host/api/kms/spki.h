/* A public key as SubjectPublicKeyInfo (RFC 5280), in DER. */
#ifndef ZC_KMS_SPKI_H
#define ZC_KMS_SPKI_H

#include "base/writer.h"
#include "zcp.h"

#define ZC_SPKI_MAX 96

/* Errors: ZC_BASE_FULL; ZC_CRYPTO_WRONG_CURVE for keys that have no such form here. */
ZC_MUST_USE zc_result zc_spki_write(const zcp_key *key, zc_writer *writer);

#endif
