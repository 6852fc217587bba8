/* Any target and body of REST: answered with JSON; only a request to sign signs. Lines: the target,
 * the body. The first byte chooses the method. */
#include "api_check.h"

static const char *const methods[] = {"POST", "GET"};

static zc_gateway gateway;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_http_request request;
    unsigned status;
    if (fuzz_request(data, size, methods, sizeof methods / sizeof methods[0], &request)) {
        json_decref(fuzz_ask(&gateway, "rest", "/v1/sign/", &request, &status));
    }
    return 0;
}
