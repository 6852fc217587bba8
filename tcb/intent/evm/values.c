#include "intent/evm/values.h"

#define NONE UINT16_MAX

static void append(zc_evm_values *values, const zc_abi_leaf *leaf)
{
    const uint16_t at = values->count++;
    values->leaf[at] = *leaf;
    values->next[at] = NONE;
    if (values->elements[leaf->at]++ == 0) {
        values->first[leaf->at] = at;
    } else {
        values->next[values->last[leaf->at]] = at;
    }
    values->last[leaf->at] = at;
}

zc_result zc_evm_values_read(zc_evm_values *values, zc_slice types, zc_slice data)
{
    zc_abi_walk walk;
    zc_abi_leaf leaf;
    bool more;
    values->count = 0;
    ZC_TRY(zc_abi_walk_begin(&walk, types, data));
    memset(values->elements, 0, types.len * sizeof(values->elements[0]));
    for (;;) {
        ZC_TRY(zc_abi_walk_next(&walk, &leaf, &more));
        if (!more) {
            break;
        }
        if (values->count >= ZC_EVM_MAX_VALUES) {
            return zc_fail(ZC_CODEC_TOO_MANY);
        }
        append(values, &leaf);
    }
    values->left = zc_abi_walk_left(&walk);
    return ZC_OK;
}

zc_evm_column zc_evm_column_of(const zc_evm_values *values, uint8_t leaf)
{
    zc_evm_column column = {.values = values, .count = values->elements[leaf], .at = NONE};
    if (column.count > 0) {
        column.at = values->first[leaf];
        column.is_repeated = values->leaf[column.at].arrays == 0;
    }
    return column;
}

const zc_abi_leaf *zc_evm_column_next(zc_evm_column *column)
{
    if (column->at == NONE) {
        return NULL;
    }
    const uint16_t at = column->at;
    if (!column->is_repeated) {
        column->at = column->values->next[at];
    }
    return &column->values->leaf[at];
}

const zc_abi_leaf *zc_evm_value_first(const zc_evm_values *values, uint8_t leaf)
{
    return values->elements[leaf] == 0 ? NULL : &values->leaf[values->first[leaf]];
}

const zc_abi_leaf *zc_evm_value_last(const zc_evm_values *values, uint8_t leaf)
{
    return values->elements[leaf] == 0 ? NULL : &values->leaf[values->last[leaf]];
}

/* A word is always 32 bytes, so that this needs no checks: it is what batches spend their time on.
 */
zc_u256 zc_evm_value_number(const zc_abi_leaf *leaf)
{
    zc_u256 number;
    for (size_t i = 0; i < 4; i++) {
        uint64_t limb;
        memcpy(&limb, leaf->value.data + 24 - 8 * i, sizeof(limb));
        number.limb[i] = __builtin_bswap64(limb);
    }
    return number;
}

zc_address zc_evm_value_address(const zc_abi_leaf *leaf)
{
    return zc_address_of_evm(leaf->value.data + ZC_ABI_WORD - ZC_EVM_ADDRESS_SIZE);
}
