/* AWS Signature Version 4 of one request to S3, in its headers.
 *
 * Signed are the host and every x-amz- header; paths are of letters, digits and -_./ alone, and so
 * need no escapes. Source: AWS, "Signature Version 4 signing process". */
#ifndef ZC_LOG_SIGV4_H
#define ZC_LOG_SIGV4_H

#include "base/slice.h"
#include "log/credentials.h"

#define ZC_SIGV4_HEADERS 6
#define ZC_SIGV4_LINE_SIZE (ZC_CREDENTIAL_SIZE + 64)

typedef struct zc_sigv4_request {
    const char *method;
    const char *url; /* "http://host:port/path" or with ?name=value */
    const char *region;
    zc_slice body;
    int64_t now_s;
    const char *lock_until; /* "2026-11-21T00:00:00Z": object lock in compliance mode; NULL: none */
} zc_sigv4_request;

/* "Name: value", ready to be sent. */
typedef struct zc_sigv4_headers {
    size_t count;
    char line[ZC_SIGV4_HEADERS][ZC_SIGV4_LINE_SIZE];
} zc_sigv4_headers;

/* False when the URL is no such one, or when the credentials are too long. The headers hold a
 * session's token; the caller wipes them. */
bool zc_sigv4_sign(const zc_sigv4_request *request, const zc_credentials *credentials,
                   zc_sigv4_headers *ret_headers);

#endif
