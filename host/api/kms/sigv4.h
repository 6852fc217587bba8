/* AWS Signature Version 4, the receiving end, for one service that takes POST / alone.
 *
 * A request is accepted when it is exactly what the holder of the secret signed: every header that
 * says what is asked must be among the signed ones, the body's hash is in the signature, and the
 * time is within five minutes of ours. Whether it came before is asked of replay.h. */
#ifndef ZC_KMS_SIGV4_H
#define ZC_KMS_SIGV4_H

#include "api/http.h"
#include "crypto/hmac.h"

#define ZC_SIGV4_SKEW_SECONDS 300
#define ZC_SIGV4_SECRET_MAX 128

typedef enum zc_sigv4_fault {
    ZC_SIGV4_OK = 0,
    ZC_SIGV4_MISSING,    /* nothing is signed */
    ZC_SIGV4_INCOMPLETE, /* malformed, or something that matters is not signed */
    ZC_SIGV4_SKEWED,     /* signed at another time */
    ZC_SIGV4_WRONG,      /* the signature is of another request or secret */
} zc_sigv4_fault;

/* What the Authorization header says. Views of the request. */
typedef struct zc_sigv4 {
    char access_key[64];
    char date[9]; /* 20260131 */
    char region[32];
    char signed_headers[1024];
    uint8_t signature[32];
    char time[17]; /* 20260131T235959Z */
    int64_t seconds;
} zc_sigv4;

/* Reads and checks all that needs no secret. `ret_why` gets a sentence for the caller. */
zc_sigv4_fault zc_sigv4_read(const zc_http_request *request, const char *service,
                             int64_t now_seconds, zc_sigv4 *ret_sigv4, const char **ret_why);
/* The key of the day, region and service that this request is signed with. Secret: `secret`, at
 * most ZC_SIGV4_SECRET_MAX characters, and the key, which the caller clears. */
void zc_sigv4_signing_key(const zc_sigv4 *sigv4, const char *service, const char *secret,
                          zc_hmac_key *ret_key);
/* Whether the key's holder signed this very request. Secret: `key`. */
bool zc_sigv4_holds(const zc_sigv4 *sigv4, const zc_http_request *request, const char *service,
                    const zc_hmac_key *key);

#endif
