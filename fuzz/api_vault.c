/* Any request to Vault's API: answered with JSON; only a request to sign signs. Lines: the target,
 * the body. The first byte chooses the method. */
#include "api_check.h"

static const char *const methods[] = {"POST", "GET", "LIST", "PUT", "DELETE", "HEAD"};

static zc_gateway gateway;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_http_request request;
    unsigned status;
    if (!fuzz_request(data, size, methods, sizeof methods / sizeof methods[0], &request)) {
        return 0;
    }
    json_t *answer = fuzz_ask(&gateway, "vault", "/v1/transit/sign/", &request, &status);
    bool good = status == 200 || strncmp(request.path, "/v1/sys/", 8) == 0;
    FUZZ_CHECK(good || json_is_array(json_object_get(answer, "errors")));
    json_decref(answer);
    return 0;
}
