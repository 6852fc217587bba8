/* What follows from the root secret: HKDF-SHA256 with an info string of its own for each use.
 *
 * In all: root: secret; constant-time. The caller clears what it gets. A candidate that is no
 * scalar of the curve is passed over; that one was refused (2^-32 for P-256) is all that shows. */
#ifndef ZC_KEYS_DERIVE_H
#define ZC_KEYS_DERIVE_H

#include "base/secret.h"
#include "crypto/hmac.h"
#include "crypto/signer.h"
#include "keys/reasons.h"

/* The deployment identity, P-256. Errors: ZC_KEYS_DERIVATION, those of zc_signer_init(). */
ZC_MUST_USE zc_result zc_derive_identity(const zc_secret32 *root, zc_signer *ret_signer);
/* The log key, Ed25519. */
ZC_MUST_USE zc_result zc_derive_log_key(const zc_secret32 *root, zc_signer *ret_signer);
/* The key of the journal's tags (audit/tag.h). */
ZC_MUST_USE zc_result zc_derive_tag_key(const zc_secret32 *root, zc_hmac_key *ret_key);

#endif
