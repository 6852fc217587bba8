#include "log/http_client.h"

#include <pthread.h>

#include <curl/curl.h>

#include "support/reasons.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void begin(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
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
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; list != NULL && i < ZC_HTTP_HEADERS && request->header[i] != NULL; i++) {
        if (curl_slist_append(list, request->header[i]) == NULL) {
            curl_slist_free_all(list);
            return NULL;
        }
    }
    return list;
}

static void set_up(CURL *curl, const zc_http_request *request, struct curl_slist *headers,
                   zc_bytes *body)
{
    (void)curl_easy_setopt(curl, CURLOPT_URL, request->url);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, request->timeout_ms);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    (void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    if (request->body.len > 0) {
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.data);
    } else if (strcmp(request->method, "HEAD") == 0) {
        (void)curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    }
}

zc_result zc_http_ask(const zc_http_request *request, zc_http_answer *ret_answer, zc_error *error)
{
    (void)pthread_once(&once, begin);
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = headers_of(request);
    ZC_BYTES zc_bytes body = {0};
    long status = 0;
    if (curl == NULL || headers == NULL) {
        curl_easy_cleanup(curl);
        curl_slist_free_all(headers);
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot ask a server",
                            "the machine gave no memory", "free some memory and try again");
    }
    set_up(curl, request, headers, &body);
    CURLcode code = curl_easy_perform(curl);
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    if (code != CURLE_OK) {
        return unreachable(request, curl_easy_strerror(code), error);
    }
    *ret_answer = (zc_http_answer){.status = status, .body = body};
    body = (zc_bytes){0};
    return ZC_OK;
}
