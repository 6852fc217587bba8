/* What fuzz targets of HTTP interfaces share: any request to a translator before a fake libzcp. */
#ifndef ZC_FUZZ_API_CHECK_H
#define ZC_FUZZ_API_CHECK_H

#include "../tests/unit/api_fake/fake.h"
#include "fuzz.h"

#define LONGEST ((size_t)1 << 16)

/* Reads an input as a request: its first byte chooses the method; the lines are the target and the
 * body. False where no server would ask the translator. */
static inline bool fuzz_request(const uint8_t *data, size_t size, const char *const *methods,
                                size_t count, zc_http_request *ret_request)
{
    static char target[LONGEST];
    static char path[LONGEST];
    const char *query = NULL;
    if (size == 0 || size >= LONGEST) {
        return false;
    }
    const uint8_t *end = memchr(data + 1, '\n', size - 1);
    size_t len = end != NULL ? (size_t)(end - data) - 1 : size - 1;
    memcpy(target, data + 1, len);
    target[len] = '\0';
    *ret_request = (zc_http_request){
        .method = methods[data[0] % count],
        .target = target,
        .path = path,
        .body = end != NULL ? zc_slice_of(end + 1, size - len - 2) : (zc_slice){0},
        .headers = {{"content-type", "application/json"}},
        .header_count = 1,
    };
    bool split = zc_http_target_split(target, path, &query);
    ret_request->query = query;
    return split;
}

/* Asks a listener that is started with the first request. The answer is an object with a status;
 * nothing is signed but under `signs`. The caller decrefs. */
static inline json_t *fuzz_ask(zc_gateway *gateway, const char *translator, const char *signs,
                               const zc_http_request *request, unsigned *ret_status)
{
    json_t *answer;
    if (gateway->listeners == 0) {
        fake_begin(gateway, zc_translator_by_name(translator), "/nonexistent");
    }
    size_t before = fake.signatures;
    *ret_status = fake_ask(gateway, request, &answer);
    FUZZ_CHECK(*ret_status >= 200 && *ret_status < 600);
    FUZZ_CHECK(fake.signatures == before || strncmp(request->path, signs, strlen(signs)) == 0);
    FUZZ_CHECK(json_is_object(answer));
    return answer;
}

#endif
