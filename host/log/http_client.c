#include "log/http_client.h"

#include <pthread.h>

#include <curl/curl.h>

#include "support/library.h"
#include "support/reasons.h"

#define LIBRARY "libcurl.so.4"

/* The macros of this name check types at compile time; behind a pointer they are in the way. */
#undef curl_easy_setopt
#undef curl_easy_getinfo

static struct {
    __typeof__(curl_global_init) *global_init;
    __typeof__(curl_easy_init) *easy_init;
    __typeof__(curl_easy_setopt) *setopt;
    __typeof__(curl_easy_perform) *perform;
    __typeof__(curl_easy_getinfo) *getinfo;
    __typeof__(curl_easy_cleanup) *cleanup;
    __typeof__(curl_easy_strerror) *words;
    __typeof__(curl_slist_append) *append;
    __typeof__(curl_slist_free_all) *free_all;
} http;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool loaded;

static void load(void)
{
    const zc_library_function functions[] = {
        {"curl_global_init", &http.global_init}, {"curl_easy_init", &http.easy_init},
        {"curl_easy_setopt", &http.setopt},      {"curl_easy_perform", &http.perform},
        {"curl_easy_getinfo", &http.getinfo},    {"curl_easy_cleanup", &http.cleanup},
        {"curl_easy_strerror", &http.words},     {"curl_slist_append", &http.append},
        {"curl_slist_free_all", &http.free_all},
    };
    loaded = zc_library_load(LIBRARY, functions, sizeof functions / sizeof functions[0]) &&
             http.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

static size_t take(char *data, size_t size, size_t count, void *self)
{
    zc_bytes *body = self;
    size_t len = size * count;
    bool fits = len <= ZC_HTTP_ANSWER_MAX && body->len <= ZC_HTTP_ANSWER_MAX - len;
    return fits && zc_bytes_append(body, zc_slice_of(data, len)) ? len : 0;
}

static zc_result unreachable(const zc_http_request *request, const char *why, zc_error *error)
{
    zc_result result = zc_error_set(error, ZC_LOG_UNREACHABLE, "", why,
                                    "check the address, and that the server runs");
    zc_error_what(error, "cannot reach %.200s", request->url);
    return result;
}

static struct curl_slist *headers_of(const zc_http_request *request)
{
    /* libcurl would wait for a "100 Continue" that small servers never send. */
    struct curl_slist *list = http.append(NULL, "Expect:");
    for (size_t i = 0; list != NULL && i < ZC_HTTP_HEADERS && request->header[i] != NULL; i++) {
        if (http.append(list, request->header[i]) == NULL) {
            http.free_all(list);
            return NULL;
        }
    }
    return list;
}

static void set_up(CURL *curl, const zc_http_request *request, struct curl_slist *headers,
                   zc_bytes *body)
{
    (void)http.setopt(curl, CURLOPT_URL, request->url);
    (void)http.setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)http.setopt(curl, CURLOPT_PROXY, "");
    (void)http.setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)http.setopt(curl, CURLOPT_TIMEOUT_MS, request->timeout_ms);
    (void)http.setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)http.setopt(curl, CURLOPT_WRITEFUNCTION, take);
    (void)http.setopt(curl, CURLOPT_WRITEDATA, body);
    (void)http.setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    if (request->body.len > 0) {
        (void)http.setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
        (void)http.setopt(curl, CURLOPT_POSTFIELDS, request->body.data);
    } else if (strcmp(request->method, "HEAD") == 0) {
        (void)http.setopt(curl, CURLOPT_NOBODY, 1L);
    }
}

zc_result zc_http_ask(const zc_http_request *request, zc_http_answer *ret_answer, zc_error *error)
{
    (void)pthread_once(&once, load);
    if (!loaded) {
        return unreachable(request, "this machine's " LIBRARY " is missing or too old", error);
    }
    CURL *curl = http.easy_init();
    struct curl_slist *headers = headers_of(request);
    ZC_BYTES zc_bytes body = {0};
    long status = 0;
    if (curl == NULL || headers == NULL) {
        http.cleanup(curl);
        http.free_all(headers);
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot ask a server",
                            "the machine gave no memory", "free some memory and try again");
    }
    set_up(curl, request, headers, &body);
    CURLcode code = http.perform(curl);
    (void)http.getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    http.cleanup(curl);
    http.free_all(headers);
    if (code != CURLE_OK) {
        return unreachable(request, http.words(code), error);
    }
    *ret_answer = (zc_http_answer){.status = status, .body = body};
    body = (zc_bytes){0};
    return ZC_OK;
}
