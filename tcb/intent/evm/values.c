#include "intent/evm/values.h"

void zc_evm_values_init(zc_evm_values *values)
{
    values->count = 0;
    values->walk.types = (zc_slice){0};
}

static zc_result begin(zc_abi_walk *walk, zc_slice types, zc_slice data)
{
    const bool is_same =
        types.len != 0 && types.data == walk->types.data && types.len == walk->types.len;
    return is_same ? zc_abi_walk_again(walk, data) : zc_abi_walk_begin(walk, types, data);
}

/* Chains the values of each leaf. */
static void index_leaves(zc_evm_values *values, size_t types)
{
    memset(values->elements, 0, types * sizeof(values->elements[0]));
    for (uint16_t at = 0; at < values->count; at++) {
        const uint8_t type = values->leaf[at].at;
        values->next[at] = ZC_EVM_NO_VALUE;
        if (values->elements[type]++ == 0) {
            values->first[type] = at;
        } else {
            values->next[values->last[type]] = at;
        }
        values->last[type] = at;
    }
}

zc_result zc_evm_values_read(zc_evm_values *values, zc_slice types, zc_slice data)
{
    size_t count;
    values->count = 0;
    ZC_TRY(begin(&values->walk, types, data));
    ZC_TRY(zc_abi_walk_all(&values->walk, ZC_EVM_MAX_VALUES, values->leaf, &count));
    values->count = (uint16_t)count;
    index_leaves(values, types.len);
    values->left = zc_abi_walk_left(&values->walk);
    return ZC_OK;
}

const zc_abi_leaf *zc_evm_value_first(const zc_evm_values *values, uint8_t leaf)
{
    return values->elements[leaf] == 0 ? NULL : &values->leaf[values->first[leaf]];
}

const zc_abi_leaf *zc_evm_value_last(const zc_evm_values *values, uint8_t leaf)
{
    return values->elements[leaf] == 0 ? NULL : &values->leaf[values->last[leaf]];
}
