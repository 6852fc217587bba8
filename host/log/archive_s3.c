/* S3 and what speaks like it: SigV4, a key is written once (If-None-Match), object
 * lock in compliance mode where it is asked for. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/secret.h"
#include "log/archive.h"
#include "log/credentials.h"
#include "log/http_client.h"
#include "log/sigv4.h"
#include "support/reasons.h"

#define TIMEOUT_MS 30000
#define URL_SIZE 1024
#define DAY_SECONDS ((time_t)86400)

typedef struct zc_s3 {
    char base[512]; /* endpoint, bucket and prefix, without the final slash */
    char region[33];
    zc_credentials keys;
    uint32_t lock_days;
} zc_s3;

typedef struct zc_s3_call {
    const char *method;
    const char *name;
    const char *query; /* behind the '?'; NULL: none */
    zc_slice body;
    bool once; /* only where there is none */
} zc_s3_call;

static void until_text(uint32_t days, char *ret_text, size_t size)
{
    struct tm utc;
    time_t until = time(NULL) + (time_t)days * DAY_SECONDS;
    (void)gmtime_r(&until, &utc);
    (void)strftime(ret_text, size, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static zc_result unusable(zc_error *error)
{
    return zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot use the object store",
                        "its address or a credential is too long, or no http address",
                        "name the server with --endpoint https://HOST, and a shorter prefix");
}

static zc_result ask(const zc_s3 *s3, const zc_s3_call *call, zc_http_answer *ret_answer,
                     zc_error *error)
{
    char url[URL_SIZE];
    char until[32];
    zc_sigv4_headers headers;
    bool locks = call->once && s3->lock_days > 0;
    int needed = snprintf(url, sizeof url, "%s/%s%s%s", s3->base, call->name,
                          call->query != NULL ? "?" : "", call->query != NULL ? call->query : "");
    until_text(s3->lock_days, until, sizeof until);
    zc_sigv4_request to_sign = {.method = call->method,
                                .url = url,
                                .region = s3->region,
                                .body = call->body,
                                .now_s = (int64_t)time(NULL),
                                .lock_until = locks ? until : NULL};
    if (needed < 0 || (size_t)needed >= sizeof url ||
        !zc_sigv4_sign(&to_sign, &s3->keys, &headers)) {
        return unusable(error);
    }
    zc_http_request request = {
        .method = call->method, .url = url, .body = call->body, .timeout_ms = TIMEOUT_MS};
    size_t lines = 0;
    for (size_t i = 0; i < headers.count; i++) {
        request.header[lines++] = headers.line[i];
    }
    if (call->once) {
        request.header[lines++] = "Content-Type: application/octet-stream";
        request.header[lines++] = "If-None-Match: *";
    }
    zc_result asked = zc_http_ask(&request, ret_answer, error);
    zc_wipe(&headers, sizeof headers);
    return asked;
}

/* What stands in an XML element of this name; only ASCII that needs no escapes is looked for. */
static bool element(zc_slice xml, const char *name, char *ret_text, size_t size)
{
    char open[40];
    (void)snprintf(open, sizeof open, "<%s>", name);
    const char *at = xml.len == 0 ? NULL : memmem(xml.data, xml.len, open, strlen(open));
    if (at == NULL) {
        return false;
    }
    at += strlen(open);
    size_t left = xml.len - (size_t)(at - (const char *)xml.data);
    const char *end = memchr(at, '<', left);
    size_t len = end == NULL ? size : (size_t)(end - at);
    if (len >= size) {
        return false;
    }
    memcpy(ret_text, at, len);
    ret_text[len] = '\0';
    return true;
}

static zc_result refused(const zc_http_answer *answer, const char *name, zc_error *error)
{
    char code[64] = "";
    char words[160] = "";
    (void)element(zc_bytes_slice(&answer->body), "Code", code, sizeof code);
    (void)element(zc_bytes_slice(&answer->body), "Message", words, sizeof words);
    zc_result result =
        zc_error_set(error, ZC_LOG_REFUSED, "", "",
                     answer->status == 403
                         ? "check the credentials, the region, and what the key may do"
                         : "check that the bucket is there, and has object lock if --lock-days");
    zc_error_what(error, "the object store refuses %s", name);
    zc_error_why(error, "status %ld %s %s", answer->status, code, words);
    return result;
}

static zc_result put(void *self, const char *name, zc_slice content, zc_error *error)
{
    zc_s3_call call = {.method = "PUT", .name = name, .body = content, .once = true};
    zc_http_answer answer = {0};
    ZC_TRY(ask(self, &call, &answer, error));
    zc_result done = answer.status == 200   ? ZC_OK
                     : answer.status == 412 ? zc_fail(ZC_LOG_OBJECT_EXISTS)
                                            : refused(&answer, name, error);
    zc_bytes_clear(&answer.body);
    return zc_is(done, ZC_LOG_OBJECT_EXISTS)
               ? zc_error_from(error, done, "cannot write to the object store",
                               "another archiver writes there: stop one of the two")
               : done;
}

static zc_result get(void *self, const char *name, zc_bytes *ret_content, zc_error *error)
{
    zc_s3_call call = {.method = "GET", .name = name};
    zc_http_answer answer = {0};
    ZC_TRY(ask(self, &call, &answer, error));
    if (answer.status == 200) {
        *ret_content = answer.body;
        return ZC_OK;
    }
    char code[64] = "";
    (void)element(zc_bytes_slice(&answer.body), "Code", code, sizeof code);
    zc_result done = answer.status == 404 && strcmp(code, "NoSuchBucket") != 0
                         ? zc_fail(ZC_LOG_NO_SUCH_OBJECT)
                         : refused(&answer, name, error);
    zc_bytes_clear(&answer.body);
    return done;
}

/* What the store says about the object's retention must be what was asked for: a store that passes
 * over headers that it doesn't know would promise nothing. An hour is for clocks that differ. */
static zc_result held(void *self, const char *name, zc_error *error)
{
    const zc_s3 *s3 = self;
    zc_s3_call call = {.method = "GET", .name = name, .query = "retention="};
    zc_http_answer answer = {0};
    char mode[32] = "";
    char until[40] = "";
    struct tm utc = {0};
    if (s3->lock_days == 0) {
        return ZC_OK;
    }
    ZC_TRY(ask(s3, &call, &answer, error));
    bool told = answer.status == 200 &&
                element(zc_bytes_slice(&answer.body), "Mode", mode, sizeof mode) &&
                element(zc_bytes_slice(&answer.body), "RetainUntilDate", until, sizeof until) &&
                strptime(until, "%Y-%m-%dT%H:%M:%S", &utc) != NULL;
    time_t wanted = time(NULL) + (time_t)s3->lock_days * DAY_SECONDS - 3600;
    bool good = told && strcmp(mode, "COMPLIANCE") == 0 && timegm(&utc) >= wanted;
    zc_bytes_clear(&answer.body);
    if (good) {
        return ZC_OK;
    }
    zc_result result = zc_error_from(error, zc_fail(ZC_LOG_NOT_HELD), "",
                                     "use a bucket that was made with object lock");
    zc_error_what(error, "the object store does not hold %s", name);
    return result;
}

static void close_store(void *self)
{
    zc_s3 *s3 = self;
    zc_credentials_clear(&s3->keys);
    free(s3);
}

/* "s3://bucket/prefix" behind the endpoint. */
static bool set_base(const zc_archive_s3 *options, zc_s3 *s3)
{
    static const char scheme[] = "s3://";
    const char *place = options->place + sizeof scheme - 1;
    char aws_endpoint[96];
    const char *endpoint = options->endpoint;
    if (strncmp(options->place, scheme, sizeof scheme - 1) != 0 || *place == '\0' ||
        *place == '/' || strlen(options->region) > 32 ||
        place[strspn(place, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                            "-_./")] != '\0') {
        return false;
    }
    if (endpoint == NULL) {
        (void)snprintf(aws_endpoint, sizeof aws_endpoint, "https://s3.%s.amazonaws.com",
                       options->region);
        endpoint = aws_endpoint;
    }
    size_t endpoint_len = strlen(endpoint);
    size_t place_len = strlen(place);
    endpoint_len -= endpoint_len > 0 && endpoint[endpoint_len - 1] == '/' ? 1 : 0;
    place_len -= place[place_len - 1] == '/' ? 1 : 0;
    int needed = snprintf(s3->base, sizeof s3->base, "%.*s/%.*s", (int)endpoint_len, endpoint,
                          (int)place_len, place);
    (void)snprintf(s3->region, sizeof s3->region, "%s", options->region);
    return needed > 0 && (size_t)needed < sizeof s3->base;
}

zc_result zc_archive_s3_open(const zc_archive_s3 *options, zc_archive_store *ret_store,
                             zc_error *error)
{
    zc_s3 *s3 = calloc(1, sizeof *s3);
    if (s3 == NULL || strlen(options->place) >= sizeof ret_store->name || !set_base(options, s3)) {
        free(s3);
        return zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot use the object store",
                            "the place is not s3://BUCKET or s3://BUCKET/PREFIX",
                            "use letters, digits, - _ . and / alone");
    }
    s3->lock_days = options->lock_days;
    zc_result keys = zc_credentials_aws(options->credentials, &s3->keys, error);
    if (!zc_ok(keys)) {
        free(s3);
        return keys;
    }
    *ret_store =
        (zc_archive_store){.self = s3, .put = put, .get = get, .held = held, .close = close_store};
    (void)snprintf(ret_store->name, sizeof ret_store->name, "%s", options->place);
    return ZC_OK;
}
