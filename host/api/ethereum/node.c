#include "api/ethereum/node.h"

#include <curl/curl.h>
#include <stdlib.h>

#include "support/bytes.h"

#define ANSWER_MAX ((size_t)16 << 20)
#define TIMEOUT_MS 10000L

static size_t collect(char *data, size_t size, size_t count, void *context)
{
    zc_bytes *answer = context;
    size_t len = size * count;
    bool fits = len <= ANSWER_MAX - answer->len && zc_bytes_append(answer, zc_slice_of(data, len));
    return fits ? len : 0;
}

static bool post(const char *url, const char *body, zc_bytes *answer)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "content-type: application/json");
    bool sent = curl != NULL && headers != NULL &&
                curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, TIMEOUT_MS) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer) == CURLE_OK &&
                curl_easy_perform(curl) == CURLE_OK;
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return sent;
}

json_t *zc_node_ask(const char *url, const char *method, json_t *parameters)
{
    ZC_BYTES zc_bytes answer = {0};
    json_t *request = json_pack("{s:s, s:i, s:s, s:O}", "jsonrpc", "2.0", "id", 1, "method", method,
                                "params", parameters);
    char *body = request != NULL ? json_dumps(request, JSON_COMPACT) : NULL;
    json_t *read = NULL;
    if (body != NULL && post(url, body, &answer)) {
        read = json_loadb((const char *)answer.data, answer.len, JSON_REJECT_DUPLICATES, NULL);
    }
    bool usable = json_is_object(read) && (json_object_get(read, "result") != NULL ||
                                           json_object_get(read, "error") != NULL);
    if (!usable) {
        json_decref(read);
        read = NULL;
    }
    free(body);
    json_decref(request);
    return read;
}
