#include <stdio.h>

#include "calldata.h"

#include "crypto/hash.h"
#include "intent/evm/methods.h"

static const zc_evm_methods *const tables[] = {&zc_evm_methods_token, &zc_evm_methods_control,
                                               &zc_evm_methods_batch, &zc_evm_methods_swap};

#define EACH_METHOD(method)                                                                        \
    for (size_t t_ = 0; t_ < 4; t_++)                                                              \
        for (const zc_evm_method *method = tables[t_]->items;                                      \
             method < tables[t_]->items + tables[t_]->count; method++)

static void methods__selector__hash_of_signature(void **state)
{
    (void)state;
    EACH_METHOD(method)
    {
        uint8_t hash[32];
        zc_keccak256(zc_slice_of_text(method->signature), hash);
        const uint32_t selector =
            (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
        assert_int_equal(method->selector, selector);
        assert_ptr_equal(zc_evm_method_find(selector), method);
    }
}

static void methods__tables__ascending(void **state)
{
    (void)state;
    for (size_t t = 0; t < 4; t++) {
        for (size_t i = 1; i < tables[t]->count; i++) {
            assert_true(tables[t]->items[i - 1].selector < tables[t]->items[i].selector);
        }
    }
    assert_null(zc_evm_method_find(0));
    assert_null(zc_evm_method_find(UINT32_MAX));
}

/* Writes a type program as Solidity does; what is left open of tuples and arrays stands in `open`.
 */
static void write_types(const char *types, char *ret_text)
{
    struct {
        uint8_t left;
        bool is_tuple;
        char suffix[8];
    } open[16];
    size_t depth = 0;
    char *at = ret_text;
    *at++ = '(';
    for (const uint8_t *type = (const uint8_t *)types; *type != 0; type++) {
        if (*type == ZC_ABI_TUPLE) {
            open[depth].is_tuple = true;
            open[depth].left = *++type;
            open[depth].suffix[0] = '\0';
            depth++;
            *at++ = '(';
            continue;
        }
        if (*type == ZC_ABI_ARRAY) {
            open[depth].is_tuple = false;
            open[depth].left = 1;
            depth++;
            continue;
        }
        if (*type <= ZC_ABI_INT) {
            at += sprintf(at, "uint%d", *type * 8);
        } else if (*type > ZC_ABI_FIXED && *type < ZC_ABI_ADDRESS) {
            at += sprintf(at, "bytes%d", *type - ZC_ABI_FIXED);
        } else {
            static const char *const names[] = {"address", "bool", "bytes", "string"};
            at += sprintf(at, "%s", names[*type - ZC_ABI_ADDRESS]);
        }
        while (depth > 0 && --open[depth - 1].left == 0) {
            depth--;
            at += sprintf(at, "%s", open[depth].is_tuple ? ")" : "[]");
        }
        *at++ = ',';
    }
    if (at[-1] == ',') {
        at--;
    }
    *at++ = ')';
    *at = '\0';
}

static void methods__types__those_of_the_signature(void **state)
{
    (void)state;
    EACH_METHOD(method)
    {
        char text[512];
        write_types(method->types, text);
        assert_string_equal(text, strchr(method->signature, '('));
    }
}

static bool is_leaf_of(const zc_evm_method *method, uint8_t place, uint8_t first, uint8_t last)
{
    zc_abi_shape shape[ZC_ABI_MAX_TYPES] = {0};
    const zc_slice types = zc_slice_of_text(method->types);
    must(zc_abi_shape_types(types, shape));
    return place < types.len && shape[place].end != 0 && types.data[place] >= first &&
           types.data[place] <= last;
}

static bool is_party(const zc_evm_method *method, uint8_t place)
{
    return place >= ZC_DESCRIPTOR_VALUE ||
           is_leaf_of(method, place, ZC_ABI_ADDRESS, ZC_ABI_ADDRESS);
}

static void methods__places__leaves_that_fit(void **state)
{
    (void)state;
    EACH_METHOD(method)
    {
        assert_true(method->movement_count <= 3);
        for (size_t i = 0; i < method->movement_count; i++) {
            const zc_descriptor_movement *movement = &method->movement[i];
            const bool is_path =
                movement->item == ZC_DESCRIPTOR_FIRST || movement->item == ZC_DESCRIPTOR_LAST;
            assert_true(
                is_party(method, movement->asset) ||
                (is_path && is_leaf_of(method, movement->asset, ZC_ABI_BYTES, ZC_ABI_BYTES)));
            assert_true(is_party(method, movement->from));
            assert_true(is_party(method, movement->to));
            assert_true(movement->amount >= ZC_DESCRIPTOR_VALUE ||
                        is_leaf_of(method, movement->amount, 1, ZC_ABI_UINT256));
            assert_true(is_path || movement->item == ZC_DESCRIPTOR_NOTHING ||
                        is_leaf_of(method, movement->item, 1, ZC_ABI_UINT256));
        }
        const zc_evm_nested *nested = &method->nested;
        if (nested->is_there) {
            assert_true(is_party(method, nested->target));
            assert_true(is_party(method, nested->actor));
            assert_true(is_leaf_of(method, nested->data, ZC_ABI_BYTES, ZC_ABI_BYTES));
            assert_true(nested->value >= ZC_DESCRIPTOR_VALUE ||
                        is_leaf_of(method, nested->value, 1, ZC_ABI_UINT256));
            assert_true(nested->operation == ZC_DESCRIPTOR_NOTHING ||
                        is_leaf_of(method, nested->operation, 1, 1));
        }
    }
}

/* As many labels as leaves: a label too few would hide an argument, and shift the others. */
static void methods__labels__one_for_each_leaf(void **state)
{
    (void)state;
    EACH_METHOD(method)
    {
        size_t leaves = 0;
        size_t labels = method->types[0] == '\0' ? 0 : 1;
        for (const char *at = method->types; *at != '\0'; at++) {
            const bool counted = (uint8_t)*at == ZC_ABI_TUPLE;
            leaves += zc_abi_is_leaf((uint8_t)*at) ? 1 : 0;
            at += counted ? 1 : 0;
        }
        for (const char *at = method->labels; *at != '\0'; at++) {
            labels += *at == ',' ? 1 : 0;
        }
        assert_int_equal(labels, leaves);
    }
}

static void method_signature__known_and_unknown__text_or_null(void **state)
{
    (void)state;
    const uint8_t transfer[] = {0xa9, 0x05, 0x9c, 0xbb};
    assert_string_equal(zc_evm_method_signature(ZC_SLICE_OF_ARRAY(transfer)),
                        "transfer(address,uint256)");
    assert_null(zc_evm_method_signature(zc_slice_of(transfer, 3)));
    assert_null(zc_evm_method_signature(zc_slice_of("\0\0\0\0", 4)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods__selector__hash_of_signature),
        cmocka_unit_test(methods__tables__ascending),
        cmocka_unit_test(methods__types__those_of_the_signature),
        cmocka_unit_test(methods__places__leaves_that_fit),
        cmocka_unit_test(methods__labels__one_for_each_leaf),
        cmocka_unit_test(method_signature__known_and_unknown__text_or_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
