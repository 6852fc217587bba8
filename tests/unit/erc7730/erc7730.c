#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"
#include "mission/erc7730.h"
#include "mission/reasons.h"
#include "mission/signature.h"

static zc_descriptor_list list;
static zc_error error;

static zc_result compile(const char *text)
{
    json_t *file = json_loads(text, 0, NULL);
    assert_non_null(file);
    memset(&error, 0, sizeof(error));
    zc_result result = zc_erc7730_compile(file, &list, &error);
    json_decref(file);
    return result;
}

#define FILE_WITH(formats)                                                                         \
    "{\"context\":{\"contract\":{\"deployments\":[{\"chainId\":1,\"address\":"                     \
    "\"0x00000000000000000000000000000000000000c1\"},{\"chainId\":10,\"address\":"                 \
    "\"0x00000000000000000000000000000000000000ca\"}]}},\"metadata\":{\"owner\":\"Firm\"},"        \
    "\"display\":{\"definitions\":{\"until\":{\"label\":\"Valid until\",\"format\":\"date\","      \
    "\"params\":{\"encoding\":\"timestamp\"}}},\"formats\":{" formats "}}}"

#define PAY                                                                                        \
    "\"pay(address token,(address to,uint256 amount)[] parts,uint48 until)\":{\"intent\":\"Pay\"," \
    "\"fields\":[{\"path\":\"parts.[].amount\",\"label\":\"Amount\",\"format\":\"tokenAmount\","   \
    "\"params\":{\"tokenPath\":\"token\"}},{\"path\":\"#.until\",\"$ref\":"                        \
    "\"$.display.definitions.until\"},{\"path\":\"@.value\",\"label\":\"Sent\",\"format\":"        \
    "\"amount\"}],\"required\":[\"until\"],\"operation\":\"token-transfer\",\"movements\":["       \
    "{\"kind\":\"out\",\"token\":\"token\",\"to\":\"parts.[].to\",\"amount\":"                     \
    "\"parts.[].amount\"}]}"

static void compile__payment__descriptor_for_each_deployment(void **state)
{
    (void)state;
    const uint8_t types[] = {ZC_ABI_ADDRESS, ZC_ABI_ARRAY,   ZC_ABI_TUPLE,   2,
                             ZC_ABI_ADDRESS, ZC_ABI_UINT256, ZC_ABI_UINT + 6};
    assert_int_equal(compile(FILE_WITH(PAY)).code, 0);
    assert_int_equal(list.count, 2);
    const zc_descriptor *first = &list.items[0];
    assert_int_equal(first->chain_id, 1);
    assert_int_equal(list.items[1].chain_id, 10);
    assert_int_equal(first->contract.byte[19], 0xc1);
    assert_string_equal(first->name, "pay");
    assert_int_equal(first->types_len, sizeof(types));
    assert_memory_equal(first->types, types, sizeof(types));
    assert_int_equal(first->operation, ZC_OPERATION_TOKEN_TRANSFER);
    assert_int_equal(first->field_count, 2);
    assert_int_equal(first->fields[0].leaf, 5);
    assert_int_equal(first->fields[0].token, 0);
    assert_int_equal(first->fields[1].leaf, 6);
    assert_int_equal(first->fields[1].format, ZC_FORMAT_DATE);
    assert_string_equal(first->fields[1].label, "Valid until");
    assert_int_equal(first->movement_count, 1);
    assert_int_equal(first->movements[0].from, ZC_DESCRIPTOR_CALLER);
    assert_int_equal(first->movements[0].to, 4);
    zc_descriptor_list_clear(&list);
}

static void compile__selector_with_abi__types_from_there(void **state)
{
    (void)state;
    assert_int_equal(
        compile("{\"context\":{\"contract\":{\"abi\":[{\"type\":\"function\",\"name\":"
                "\"transfer\",\"inputs\":[{\"name\":\"to\",\"type\":\"address\"},{\"name\":"
                "\"value\",\"type\":\"uint256\"}]},{\"type\":\"function\",\"name\":\"send\","
                "\"inputs\":[{\"name\":\"p\",\"type\":\"tuple[]\",\"components\":[{\"name\":"
                "\"to\",\"type\":\"address\"}]}]}],\"deployments\":[{\"chainId\":1,\"address\":"
                "\"0x00000000000000000000000000000000000000c1\"}]}},\"display\":{\"formats\":{"
                "\"0xa9059cbb\":{\"fields\":[{\"path\":\"value\",\"label\":\"Amount\",\"format\":"
                "\"tokenAmount\",\"params\":{\"tokenPath\":\"@.to\"}}]},\"send((address)[])\":{"
                "\"fields\":[{\"path\":\"p.[].to\",\"label\":\"To\",\"format\":\"addressName\"}]}"
                "}}}")
            .code,
        0);
    assert_int_equal(list.count, 2);
    const zc_descriptor *transfer =
        &list.items[strcmp(list.items[0].name, "transfer") == 0 ? 0 : 1];
    const uint8_t selector[] = {0xa9, 0x05, 0x9c, 0xbb};
    assert_memory_equal(transfer->selector, selector, 4);
    assert_int_equal(transfer->fields[0].token, ZC_DESCRIPTOR_CALLEE);
    zc_descriptor_list_clear(&list);
}

static void compile__unsupported__named_with_its_path(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        const char *why;
    } cases[] = {
        {"{\"context\":{\"eip712\":{}},\"display\":{\"formats\":{}}}", "$.context.eip712: "},
        {"{\"includes\":\"x\",\"context\":{},\"display\":{}}", "$.includes: "},
        {"{\"context\":{\"contract\":{\"factory\":{}}},\"display\":{}}",
         "$.context.contract.factory: "},
        {"{\"context\":{\"contract\":{\"deployments\":[]}},\"display\":{}}",
         "$.context.contract.deployments: "},
        {FILE_WITH("\"0x01020304\":{\"fields\":[]}"), "$.display.formats.0x01020304: "},
        {FILE_WITH("\"f(uint257 a)\":{\"fields\":[]}"), "$.display.formats.f(uint257 a): "},
        {FILE_WITH("\"f(uint8 a)\":{}"), "$.display.formats.f(uint8 a).fields: "},
        {FILE_WITH("\"f(uint8 a)\":{\"fields\":[],\"screens\":{}}"),
         "$.display.formats.f(uint8 a).screens: "},
        {FILE_WITH("\"f(uint8 a)\":{\"fields\":[{\"path\":\"b\",\"label\":\"B\"}]}"),
         "$.display.formats.f(uint8 a).fields.[0].path: "},
        {FILE_WITH("\"f(bytes a)\":{\"fields\":[{\"path\":\"a.[0:20]\",\"label\":\"B\"}]}"),
         "$.display.formats.f(bytes a).fields.[0].path: "},
        {FILE_WITH("\"f(uint8[] a)\":{\"fields\":[{\"path\":\"a\",\"label\":\"A\"}]}"),
         "$.display.formats.f(uint8[] a).fields.[0].path: "},
        {FILE_WITH("\"f(bytes a)\":{\"fields\":[{\"path\":\"a\",\"label\":\"A\",\"format\":"
                   "\"calldata\"}]}"),
         "$.display.formats.f(bytes a).fields.[0].format: "},
        {FILE_WITH("\"f(uint8 a)\":{\"fields\":[{\"$ref\":\"$.display.definitions.no\",\"path\":"
                   "\"a\"}]}"),
         "$.display.formats.f(uint8 a).fields.[0].$ref: "},
        {FILE_WITH("\"f(uint8 a)\":{\"fields\":[{\"path\":\"a\",\"label\":\"A\",\"format\":"
                   "\"tokenAmount\",\"params\":{\"token\":\"0x00\"}}]}"),
         "$.display.formats.f(uint8 a).fields.[0].token: "},
        {FILE_WITH("\"f(uint8 a)\":{\"fields\":[{\"path\":\"a\",\"label\":\"A\",\"format\":"
                   "\"addressName\"}]}"),
         "$.display.formats.f(uint8 a): "},
        {FILE_WITH("\"f(uint8 a)\":{\"fields\":[{\"path\":\"a\",\"label\":\"\\u202e\"}]}"),
         "$.display.formats.f(uint8 a).fields.[0].label: "},
        {FILE_WITH("\"f(uint8 a)\":{\"fields\":[],\"movements\":[{\"kind\":\"steal\"}]}"),
         "$.display.formats.f(uint8 a).movements.[0].kind: "},
        {FILE_WITH("\"f(uint8 a)\":{\"fields\":[]},\"f(uint8 b)\":{\"fields\":[]}"),
         "$.display.formats: "},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(compile(cases[i].file).code, ZC_MISSION_CLEAR_SIGNING);
        if (strncmp(error.why, cases[i].why, strlen(cases[i].why)) != 0) {
            print_error("%zu: %s\n", i, error.why);
        }
        assert_memory_equal(error.why, cases[i].why, strlen(cases[i].why));
    }
}

static void signature_parse__forms__canonical(void **state)
{
    (void)state;
    static zc_signature_types signature;
    static const struct {
        const char *text;
        const char *canonical; /* NULL: refused */
    } cases[] = {
        {"f()", "f()"},
        {"f(uint a, int b)", "f(uint256,int256)"},
        {"f(bytes calldata data)", "f(bytes)"},
        {"f(tuple(address a, uint8[2][] b)[3] c)", "f((address,uint8[2][])[3])"},
        {"f", NULL},
        {"f(", NULL},
        {"f(uint8", NULL},
        {"f(uint8))", NULL},
        {"f(uint7)", NULL},
        {"f(uint264)", NULL},
        {"f(bytes33)", NULL},
        {"f(bytes0)", NULL},
        {"f(uint8[0])", NULL},
        {"f(uint8[-1])", NULL},
        {"f(uint8[)", NULL},
        {"f(uint8,)", NULL},
        {"f(())", NULL},
        {"f(((((((((((uint8)))))))))))", NULL},
        {"(uint8)", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const bool good = zc_signature_parse(cases[i].text, &signature);
        if (good != (cases[i].canonical != NULL)) {
            print_error("%s\n", cases[i].text);
        }
        assert_int_equal(good, cases[i].canonical != NULL);
        if (good) {
            assert_string_equal(signature.canonical, cases[i].canonical);
        }
    }
    /* [2] stands behind its type and the outer [] before all in the program. */
    const uint8_t types[] = {ZC_ABI_ARRAY_OF, 3, ZC_ABI_TUPLE,   2, ZC_ABI_ADDRESS, ZC_ABI_ARRAY,
                             ZC_ABI_ARRAY_OF, 2, ZC_ABI_UINT + 1};
    uint8_t leaf;
    assert_true(zc_signature_parse("f((address a,uint8[2][] b)[3] c)", &signature));
    assert_int_equal(signature.types_len, sizeof(types));
    assert_memory_equal(signature.types, types, sizeof(types));
    assert_true(zc_signature_find(&signature, "c.[].b.[].[]", &leaf));
    assert_int_equal(leaf, 8);
    assert_true(zc_signature_find(&signature, "#.c.[].a", &leaf));
    assert_int_equal(leaf, 4);
    assert_false(zc_signature_find(&signature, "c.a", &leaf));
    assert_false(zc_signature_find(&signature, "c.[].b.[]", &leaf));
    assert_false(zc_signature_find(&signature, "a", &leaf));
    assert_false(zc_signature_find(&signature, "", &leaf));
    assert_false(zc_signature_find(&signature, "c.[].a.x", &leaf));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compile__payment__descriptor_for_each_deployment),
        cmocka_unit_test(compile__selector_with_abi__types_from_there),
        cmocka_unit_test(compile__unsupported__named_with_its_path),
        cmocka_unit_test(signature_parse__forms__canonical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
