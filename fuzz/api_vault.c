/* Any request to Vault's API: answered with JSON; only a request to sign signs. Lines: the target,
 * the body. The first byte chooses the method. */
#include "../tests/unit/api_kms/fake_zcp.h"
#include "fuzz.h"

#define LONGEST ((size_t)1 << 16)

static const char *const methods[] = {"POST", "GET", "LIST", "PUT", "DELETE", "HEAD"};
#define METHODS (sizeof methods / sizeof methods[0])

static zc_gateway gateway;

static void ask(const zc_http_request *request)
{
    static const char prefix[] = "/v1/transit/sign/";
    zc_api_call call;
    zc_http_response response = {0};
    size_t before = fake.signatures;
    fake_call(&gateway, &call, request);
    gateway.listener[0].translator->handle(gateway.listener[0].state, &call, &response);
    zc_call_end(&call, &gateway.listener[0], response.status);
    FUZZ_CHECK(response.status >= 200 && response.status < 600);
    FUZZ_CHECK(fake.signatures == before || strncmp(request->path, prefix, sizeof prefix - 1) == 0);
    json_t *answer = json_loadb((const char *)response.body.data, response.body.len, 0, NULL);
    FUZZ_CHECK(json_is_object(answer));
    bool good = response.status == 200 || strncmp(request->path, "/v1/sys/", 8) == 0;
    FUZZ_CHECK(good || json_is_array(json_object_get(answer, "errors")));
    json_decref(answer);
    zc_http_response_clear(&response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char target[LONGEST];
    static char path[LONGEST];
    const char *query = NULL;
    if (gateway.listeners == 0) {
        fake_begin(&gateway, zc_translator_by_name("vault"), "/nonexistent");
    }
    if (size == 0 || size >= LONGEST) {
        return 0;
    }
    const uint8_t *end = memchr(data + 1, '\n', size - 1);
    size_t len = end != NULL ? (size_t)(end - data) - 1 : size - 1;
    memcpy(target, data + 1, len);
    target[len] = '\0';
    if (!zc_http_target_split(target, path, &query)) {
        return 0;
    }
    const zc_http_request request = {
        .method = methods[data[0] % METHODS],
        .target = target,
        .path = path,
        .query = query,
        .body = end != NULL ? zc_slice_of(end + 1, size - len - 2) : (zc_slice){0},
    };
    ask(&request);
    return 0;
}
