/* Private to the module: all values of one call's arguments, to be looked up by leaf and element.
 *
 * A place is a leaf of the type program or one of ZC_DESCRIPTOR_…; a leaf within an array has a
 * value for each element, a leaf outside has the same value for every element. */
#ifndef ZC_INTENT_EVM_VALUES_H
#define ZC_INTENT_EVM_VALUES_H

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
} zc_evm_values;

/* Walks `data`, what follows the selector, to its end. Errors: those of zc_abi_walk_next(). */
ZC_MUST_USE zc_result zc_evm_values_read(zc_evm_values *values, zc_slice types, zc_slice data);

/* Goes through the values of one leaf. */
typedef struct zc_evm_column {
    const zc_evm_values *values;
    uint16_t count;
    uint16_t at;      /* of the next value */
    bool is_repeated; /* the leaf is outside of arrays */
} zc_evm_column;

zc_evm_column zc_evm_column_of(const zc_evm_values *values, uint8_t leaf);
/* The next value, or NULL when there is none. */
const zc_abi_leaf *zc_evm_column_next(zc_evm_column *column);
/* The only or first value of a leaf; NULL where it has none. */
const zc_abi_leaf *zc_evm_value_first(const zc_evm_values *values, uint8_t leaf);
const zc_abi_leaf *zc_evm_value_last(const zc_evm_values *values, uint8_t leaf);

zc_u256 zc_evm_value_number(const zc_abi_leaf *leaf);
/* The low 20 bytes. */
zc_address zc_evm_value_address(const zc_abi_leaf *leaf);

#endif
