/* A request of AWS KMS as its clients send it, signed anew each time (Signature Version 4). For
 * what measures or loads a gateway; the gateway's own reading of it is host/api/kms/sigv4.c. */
#ifndef ZC_BENCH_KMS_REQUEST_H
#define ZC_BENCH_KMS_REQUEST_H

#include "base/slice.h"

#define ZC_KMS_MESSAGE_MAX ((size_t)512)

typedef struct zc_kms_client {
    unsigned port; /* of 127.0.0.1 */
    const char *key;
    const char *access_key;
    const char *secret;
} zc_kms_client;

/* Writes the whole HTTP request that asks for ECDSA_SHA_256 over the message, at most
 * ZC_KMS_MESSAGE_MAX bytes, dated now. Returns its length, not counting the NUL behind it; 0 when
 * it does not fit. */
size_t zc_kms_sign_request(const zc_kms_client *client, zc_slice message, char *ret_request,
                           size_t capacity);

#endif
