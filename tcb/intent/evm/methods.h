/* Private to the module: the contract methods that everybody uses, by selector.
 *
 * A method is data: its types, the labels of its arguments, the value it moves, the calls it makes.
 * What data can't say (packed encodings, commands) is a function. Places are offsets of leaves in
 * the type program, or ZC_DESCRIPTOR_….
 *
 * A selector says what a method is called, not what the contract does with it. Everything here is
 * what a contract of that standard does; whether the contract at hand is one, policy decides by its
 * address. */
#ifndef ZC_INTENT_EVM_METHODS_H
#define ZC_INTENT_EVM_METHODS_H

#include "intent/descriptor.h"
#include "intent/evm/values.h"

/* Nested calls that are delegatecalls whatever the arguments say. A target of zero is no call. */
enum {
    ZC_EVM_DELEGATE_WITH_DATA = 1, /* and none without data */
    ZC_EVM_DELEGATE_ALWAYS = 2,
};

/* Calls that the method makes, one for each element where a place is within an array. */
typedef struct zc_evm_nested {
    bool is_there;
    bool is_self;      /* the contract runs its own methods for the same sender */
    uint8_t delegate;  /* ZC_EVM_DELEGATE_… */
    uint8_t target;    /* a leaf or CALLEE */
    uint8_t value;     /* a leaf or NOTHING */
    uint8_t data;      /* a leaf */
    uint8_t operation; /* a leaf: 1 is a delegatecall; or NOTHING */
    uint8_t actor;     /* who makes them: CALLEE, CALLER or a leaf */
} zc_evm_nested;

struct zc_evm_scope;
typedef zc_result zc_evm_method_fn(struct zc_evm_scope *scope);

typedef struct zc_evm_method {
    uint32_t selector;
    const char *signature; /* as the selector's hash has it */
    const char *types;     /* a type program: no type has the code 0 */
    /* Of the leaves in order, by commas. With "=" in front: what people are told by a movement, so
     * that only rules look at it. Empty: a call within says it, or it is part of a signature. */
    const char *labels;
    uint8_t operation;
    uint8_t movement_count;
    uint8_t router; /* 1: recipient 0 is the router; 2: recipient 1 the sender, 2 the router */
    uint32_t flags;
    zc_descriptor_movement movement[3];
    zc_evm_nested nested;
    zc_evm_method_fn *special; /* or NULL */
} zc_evm_method;

/* Ascending by selector. */
typedef struct zc_evm_methods {
    const zc_evm_method *items;
    size_t count;
} zc_evm_methods;

extern const zc_evm_methods zc_evm_methods_token;
extern const zc_evm_methods zc_evm_methods_control;
extern const zc_evm_methods zc_evm_methods_batch;
extern const zc_evm_methods zc_evm_methods_swap;

/* NULL for a selector that is not known. */
const zc_evm_method *zc_evm_method_find(uint32_t selector);

/* The special ones. */
zc_evm_method_fn zc_evm_approval_for_all;
zc_evm_method_fn zc_evm_dai_permit;
zc_evm_method_fn zc_evm_safe_execute;
zc_evm_method_fn zc_evm_multi_send;
zc_evm_method_fn zc_evm_execute_7579;
zc_evm_method_fn zc_evm_universal_router;

#endif
