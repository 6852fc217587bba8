/* Any body of any KMS operation: answered with JSON and a status, and nothing is signed but what
 * Sign asks for. The first byte chooses the operation. */
#include "api/kms/kms.h"
#include "fuzz.h"
#include "../tests/unit/api_kms/fake_zcp.h"

static void (*const operations[])(zc_kms_call *call) = {
    zc_kms_sign,         zc_kms_verify,     zc_kms_get_public_key, zc_kms_describe_key,
    zc_kms_list_keys,    zc_kms_create_key, zc_kms_enable_key,     zc_kms_disable_key,
    zc_kms_list_aliases, zc_kms_list_tags,
};
#define OPERATIONS (sizeof operations / sizeof operations[0])

static zc_gateway gateway;

static void ask(void (*operation)(zc_kms_call *call), json_t *body)
{
    static const zc_http_request http = {.method = "POST", .path = "/", .query = ""};
    zc_api_call api;
    zc_http_response response = {0};
    fake_call(&gateway, &api, &http);
    zc_kms_call call = {.kms = gateway.listener[0].state,
                        .api = &api,
                        .region = "eu-west-1",
                        .body = body,
                        .response = &response};
    size_t before = fake.signatures;
    operation(&call);
    zc_call_end(&api, &gateway.listener[0], response.status);
    FUZZ_CHECK(response.status == 200 || response.status == 400);
    FUZZ_CHECK(fake.signatures == before || (operation == zc_kms_sign && response.status == 200));
    json_t *answer = json_loadb((const char *)response.body.data, response.body.len, 0, NULL);
    FUZZ_CHECK(json_is_object(answer));
    FUZZ_CHECK((response.status == 200) == (json_object_get(answer, "__type") == NULL));
    json_decref(answer);
    zc_http_response_clear(&response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char why[96];
    if (gateway.listeners == 0) {
        fake_begin(&gateway, zc_translator_by_name("kms"), "/tmp/zc-fuzz-kms");
    }
    if (size == 0) {
        return 0;
    }
    json_t *body = zc_http_json(zc_slice_of(data + 1, size - 1), why);
    if (json_is_object(body)) {
        ask(operations[data[0] % OPERATIONS], body);
    }
    json_decref(body);
    return 0;
}
