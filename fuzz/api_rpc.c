/* Any body of JSON-RPC, to each interface that speaks it: answered with JSON or with nothing, and
 * only methods that sign make signatures. The first byte chooses the interface. */
#include <stdlib.h>

#include "../tests/unit/api_fake/fake.h"
#include "fuzz.h"

static const char *const names[] = {"jsonrpc", "web3signer", "clef"};
#define INTERFACES (sizeof names / sizeof names[0])

static zc_gateway gateways[INTERFACES];

/* Whether the word stands anywhere in the body, whatever JSON makes of its escapes. */
static bool may_sign(zc_slice body)
{
    static const char *const words[] = {"ign", "end", "\\u"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (memmem(body.data, body.len, words[i], strlen(words[i])) != NULL) {
            return true;
        }
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *answer;
    if (size == 0) {
        return 0;
    }
    size_t chosen = data[0] % INTERFACES;
    zc_gateway *gateway = &gateways[chosen];
    if (gateway->listeners == 0) {
        fake_begin(gateway, zc_translator_by_name(names[chosen]), "/nonexistent");
    }
    const zc_http_request request = {.method = "POST",
                                     .target = "/",
                                     .path = "/",
                                     .query = "",
                                     .body = zc_slice_of(data + 1, size - 1)};
    size_t before = fake.signatures;
    unsigned status = fake_ask(gateway, &request, &answer);
    FUZZ_CHECK(status == 200 || status == 204);
    FUZZ_CHECK(fake.signatures == before || may_sign(request.body));
    FUZZ_CHECK(status == 204 || json_is_object(answer) || json_is_array(answer));
    json_decref(answer);
    return 0;
}
