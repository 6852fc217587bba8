/* Private to the module: all values of one call's arguments, to be looked up by leaf and element.
 *
 * A place is a leaf of the type program or one of ZC_DESCRIPTOR_…; a leaf within an array has a
 * value for each element, a leaf outside has the same value for every element. */
#ifndef ZC_INTENT_EVM_VALUES_H
#define ZC_INTENT_EVM_VALUES_H

#include <endian.h>

#include "codec/abi.h"
#include "intent/address.h"

/* A call with more says more than an intent holds. */
#define ZC_EVM_MAX_VALUES 512

typedef struct zc_evm_values {
    uint16_t count;
    size_t left; /* bytes behind the last value */
    zc_abi_leaf leaf[ZC_EVM_MAX_VALUES];
    uint16_t next[ZC_EVM_MAX_VALUES]; /* the next value of the same leaf */
    uint16_t first[ZC_ABI_MAX_TYPES]; /* by offset in the program */
    uint16_t last[ZC_ABI_MAX_TYPES];
    uint16_t elements[ZC_ABI_MAX_TYPES]; /* how many values the leaf has */
    zc_abi_walk walk; /* as the last reading left it: a batch repeats its methods */
} zc_evm_values;

/* Nothing has been read. The rest is left as it is: clearing it would cost more than the reading.
 */
void zc_evm_values_init(zc_evm_values *values);

/* `types` is never written to between two readings. Walks `data`, what follows the selector, to its
 * end. Errors: those of zc_abi_walk_next(). */
ZC_MUST_USE zc_result zc_evm_values_read(zc_evm_values *values, zc_slice types, zc_slice data);

/* Goes through the values of one leaf. */
typedef struct zc_evm_column {
    const zc_evm_values *values;
    uint16_t count;
    uint16_t at;      /* of the next value */
    bool is_repeated; /* the leaf is outside of arrays */
} zc_evm_column;

/* No value: in the chains of values. */
#define ZC_EVM_NO_VALUE UINT16_MAX

static inline zc_evm_column zc_evm_column_of(const zc_evm_values *values, uint8_t leaf)
{
    zc_evm_column column = {
        .values = values, .count = values->elements[leaf], .at = ZC_EVM_NO_VALUE};
    if (column.count > 0) {
        column.at = values->first[leaf];
        column.is_repeated = values->leaf[column.at].arrays == 0;
    }
    return column;
}
/* The next value, or NULL when there is none. */
static inline const zc_abi_leaf *zc_evm_column_next(zc_evm_column *column)
{
    const uint16_t at = column->at;
    if (at == ZC_EVM_NO_VALUE) {
        return NULL;
    }
    if (!column->is_repeated) {
        column->at = column->values->next[at];
    }
    return &column->values->leaf[at];
}
/* The only or first value of a leaf; NULL where it has none. */
const zc_abi_leaf *zc_evm_value_first(const zc_evm_values *values, uint8_t leaf);
const zc_abi_leaf *zc_evm_value_last(const zc_evm_values *values, uint8_t leaf);

/* A word is always 32 bytes, so that this needs no checks: it is what batches spend their time on.
 */
static inline zc_u256 zc_evm_value_number(const zc_abi_leaf *leaf)
{
    uint64_t limb[4];
    memcpy(limb, leaf->value.data, sizeof(limb));
    return (zc_u256){{be64toh(limb[3]), be64toh(limb[2]), be64toh(limb[1]), be64toh(limb[0])}};
}
/* The low 20 bytes. */
static inline void zc_evm_value_put_address(const zc_abi_leaf *leaf, zc_address *ret_address)
{
    zc_address_set_evm(ret_address, leaf->value.data + ZC_ABI_WORD - ZC_EVM_ADDRESS_SIZE);
}
static inline zc_address zc_evm_value_address(const zc_abi_leaf *leaf)
{
    zc_address address;
    zc_evm_value_put_address(leaf, &address);
    return address;
}

#endif
