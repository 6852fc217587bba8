/* Any body of any KMS operation: answered with JSON and a status, and nothing is signed but what
 * Sign asks for. The first byte chooses the operation. */
#include "../tests/unit/api_fake/fake.h"
#include "folder.h"

static void (*const operations[])(zc_kms_call *call) = {
    zc_kms_sign,         zc_kms_verify,     zc_kms_get_public_key, zc_kms_describe_key,
    zc_kms_list_keys,    zc_kms_create_key, zc_kms_enable_key,     zc_kms_disable_key,
    zc_kms_list_aliases, zc_kms_list_tags,
};
#define OPERATIONS (sizeof operations / sizeof operations[0])

static zc_gateway gateway;

static void ask(void (*operation)(zc_kms_call *call), json_t *body)
{
    json_t *answer;
    size_t before = fake.signatures;
    unsigned status = fake_kms(&gateway, operation, body, &answer);
    FUZZ_CHECK(status == 200 || status == 400);
    FUZZ_CHECK(fake.signatures == before || (operation == zc_kms_sign && status == 200));
    FUZZ_CHECK(json_is_object(answer));
    FUZZ_CHECK((status == 200) == (json_object_get(answer, "__type") == NULL));
    json_decref(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char why[96];
    if (gateway.listeners == 0) {
        fake_begin(&gateway, zc_translator_by_name("kms"), fuzz_folder());
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
