/* Signing keys of Signature Version 4 that were derived before. A client signs with the same one
 * all day; deriving it takes four HMACs, and looking it up none. */
#ifndef ZC_KMS_SIGNING_KEYS_H
#define ZC_KMS_SIGNING_KEYS_H

#include "api/kms/sigv4.h"

typedef struct zc_signing_keys zc_signing_keys;

/* Of one service: "kms", which lives on. NULL when there is no memory. */
zc_signing_keys *zc_signing_keys_new(const char *service);
/* Wipes what it knows. NULL is fine. */
void zc_signing_keys_free(zc_signing_keys *keys);

/* As zc_sigv4_signing_key(). What is remembered is of this very secret, so a secret that the
 * identity file changes takes effect at once. Threads may call it together. */
void zc_signing_keys_get(zc_signing_keys *keys, const zc_sigv4 *sigv4, const char *secret,
                         zc_hmac_key *ret_key);

#endif
