/* HTTP as a translator sees it: plain structs, so that a translator is tested without a server. */
#ifndef ZC_API_HTTP_H
#define ZC_API_HTTP_H

#include <jansson.h>

#include "support/bytes.h"

#define ZC_HTTP_HEADERS_MAX 64

typedef struct zc_http_header {
    const char *name; /* as sent */
    const char *value;
} zc_http_header;

/* All of it is untrusted, and lives until the handler returns. */
typedef struct zc_http_request {
    const char *method; /* as sent: "POST", "LIST" */
    const char *target; /* as sent, percent-encoding and all, up to '?' */
    const char *query;  /* as sent, behind '?'; "" where there is none */
    const char
        *path;     /* target, decoded once. Refused earlier: "..", "//", NUL, control characters */
    zc_slice body; /* whole; not NUL-terminated */
    zc_http_header headers[ZC_HTTP_HEADERS_MAX];
    size_t header_count;
} zc_http_request;

/* Decodes a target as sent ("/a%2db?c=d") into the path and the query, in the caller's buffers of
 * strlen(target) + 1 bytes each; the target itself is cut at its '?'. False for what servers
 * disagree about: "..", "//", encoded slashes, NUL, control characters, broken escapes. */
bool zc_http_target_split(char *target, char *ret_path, const char **ret_query);

/* The value of a header whatever its case; NULL when it is absent or occurs more than once. */
const char *zc_http_header_value(const zc_http_request *request, const char *name);
/* Decodes one parameter of the query into `ret_value`; false when it is absent, occurs twice, is
 * badly encoded or too long. */
bool zc_http_query(const zc_http_request *request, const char *name, char *ret_value,
                   size_t capacity);
/* Whether the path is `prefix` followed by one more segment, which goes to *ret_rest (a view of the
 * path). Example: "/v1/keys/" and "/v1/keys/trader". */
bool zc_http_path_under(const zc_http_request *request, const char *prefix, const char **ret_rest);

typedef struct zc_http_response {
    unsigned status; /* 200 */
    const char *content_type;
    zc_bytes body;
    struct {
        const char *name; /* a constant */
        char value[256];
    } headers[8];
    size_t header_count;
} zc_http_response;

/* Adds a header; the value is cut to its room, and control characters become '?'. */
void zc_http_header_add(zc_http_response *response, const char *name, const char *value);
/* The answer is this JSON. Takes the reference; NULL, or no memory, makes it an empty 500. */
void zc_http_reply_json(zc_http_response *response, unsigned status, json_t *take);
void zc_http_reply_text(zc_http_response *response, unsigned status, const char *text);
/* The answer is a copy of these bytes; no memory makes it an empty 500. `content_type` lives on. */
void zc_http_reply_bytes(zc_http_response *response, unsigned status, const char *content_type,
                         zc_slice bytes);
void zc_http_response_clear(zc_http_response *response);

/* Parses a body strictly: one value, no duplicate keys, nothing behind it, UTF-8, at most 64 levels
 * deep. NULL when it is not that; `ret_why` (may be NULL) says why, without quoting the input. The
 * caller decrefs. */
json_t *zc_http_json(zc_slice body, char ret_why[static 96]);

#endif
