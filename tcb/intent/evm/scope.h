/* Private to the module: one call that is being read, and the calls that wait. */
#ifndef ZC_INTENT_EVM_SCOPE_H
#define ZC_INTENT_EVM_SCOPE_H

#include "intent/evm/calldata.h"
#include "intent/evm/methods.h"

typedef struct zc_evm_work {
    zc_intent *intent;
    const zc_descriptor_set *descriptors;
    uint32_t actions;            /* calls with an operation of their own so far */
    zc_operation operation;      /* of the last of them */
    const zc_evm_method *method; /* the last that was looked for; NULL: not known */
    uint16_t pending;
    /* Calls that wait, each one above the call that makes it, which stays until they are done. */
    zc_evm_call stack[2 * ZC_INTENT_MAX_CALLS];
    zc_evm_values values; /* of the call at hand */
} zc_evm_work;

typedef struct zc_evm_scope {
    zc_evm_work *work;
    zc_intent *intent;
    const zc_evm_call *call;
    const zc_evm_values *values;
    uint16_t index; /* of the call in intent->calls */
    uint8_t router; /* which addresses stand for router and sender: zc_evm_method */
    bool skips_out; /* somebody else's tokens are spent */
} zc_evm_scope;

/* The functions below return ZC_INTENT_TOO_MANY_… where the intent is full, and
 * ZC_INTENT_NOT_READ where the arguments do not fit together: the function has then added nothing,
 * and the call counts as not read. */

ZC_MUST_USE zc_result zc_evm_add_movements(const zc_evm_scope *scope,
                                           const zc_descriptor_movement *movements, size_t count);
/* A movement of the call's own; fills in the call and, for allowances, the flag. */
ZC_MUST_USE zc_result zc_evm_add_movement(const zc_evm_scope *scope, zc_movement *movement);
/* Labelled values; `labels` as in zc_evm_method. */
ZC_MUST_USE zc_result zc_evm_add_arguments(const zc_evm_scope *scope, zc_slice types,
                                           const char *labels);
ZC_MUST_USE zc_result zc_evm_add_fields(const zc_evm_scope *scope, const zc_descriptor *descriptor);
/* One value as an argument. */
ZC_MUST_USE zc_result zc_evm_add_value(const zc_evm_scope *scope, const char *label,
                                       const zc_abi_leaf *leaf);

/* Whether `count` calls that stand `depth` below the first fit on the stack. */
bool zc_evm_has_room(const zc_evm_work *work, uint8_t depth, size_t count);
/* Puts a call on the stack: what is pushed first is read last, so whoever pushes several turns them
 * round with zc_evm_reverse(). */
ZC_MUST_USE zc_result zc_evm_push(zc_evm_work *work, const zc_evm_call *call);
void zc_evm_reverse(zc_evm_work *work, uint16_t from);
/* A call below the one at hand, with nothing else filled in but that it is an ordinary one. */
void zc_evm_child(const zc_evm_scope *scope, zc_evm_call *ret_child);
ZC_MUST_USE zc_result zc_evm_push_nested(zc_evm_scope *scope, const zc_evm_nested *nested,
                                         bool is_detail);

/* Who or what a place is; `leaf` is the value where the place is one, else NULL. */
void zc_evm_place_address(const zc_evm_scope *scope, uint8_t place, const zc_abi_leaf *leaf,
                          zc_address *ret_address);
static inline bool zc_evm_is_leaf_place(uint8_t place)
{
    return place < ZC_ABI_MAX_TYPES;
}

#endif
