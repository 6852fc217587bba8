/* One HTTP request at a time through libcurl: to witnesses and to object stores. No redirects, no
 * proxy from the environment, TLS certificates are checked. */
#ifndef ZC_LOG_HTTP_CLIENT_H
#define ZC_LOG_HTTP_CLIENT_H

#include "log/reasons.h"
#include "support/bytes.h"
#include "support/error.h"

#define ZC_HTTP_HEADERS 16
#define ZC_HTTP_ANSWER_MAX ((size_t)32 << 20)

typedef struct zc_http_request {
    const char *method;
    const char *url;
    const char *header[ZC_HTTP_HEADERS]; /* "Name: value"; ends with the first NULL */
    zc_slice body;
    long timeout_ms;
} zc_http_request;

typedef struct zc_http_answer {
    long status;
    zc_bytes body; /* the caller clears */
} zc_http_answer;

/* Any status is an answer. Errors: ZC_LOG_UNREACHABLE. Safe from any thread. */
ZC_MUST_USE zc_result zc_http_ask(const zc_http_request *request, zc_http_answer *ret_answer,
                                  zc_error *error);

#endif
