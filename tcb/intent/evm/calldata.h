/* Private to the module: what a call to a contract does, and what that calls in turn.
 *
 * Methods that everybody uses are known by their selectors (methods.h); the mission describes its
 * own (descriptor.h). Calls within calls are followed with a work stack, not by recursion. Whatever
 * is not understood to the last byte is flagged and claims nothing.
 *
 * A delegatecall runs foreign code with the caller's powers: its calldata may look like a transfer
 * and overwrite the caller's first storage slot (Bybit, 2025). So no method's meaning is taken from
 * a delegatecall but multiSend's, whose code stands at addresses that everybody knows. */
#ifndef ZC_INTENT_EVM_CALLDATA_H
#define ZC_INTENT_EVM_CALLDATA_H

#include "intent/descriptor.h"
#include "intent/intent.h"

typedef struct zc_evm_call {
    zc_address actor;  /* whose assets and powers it uses: the account, a Safe, a batch contract */
    zc_address target; /* the contract that is called, or whose code runs */
    zc_slice data;
    zc_u256 value;
    uint16_t parent;  /* of intent->calls, or ZC_CALL_NONE */
    uint8_t depth;    /* calls above it */
    bool is_delegate; /* the target's code runs as the actor */
    bool is_self;     /* a contract's call of itself (multicall): sender and value stay */
    bool is_done;     /* has been read: its own calls may wait above it */
    bool is_detail;   /* part of what its parent is named for: no operation of its own */
} zc_evm_call;

/* Adds the call and everything below it to an intent that knows account and chain: calls,
 * movements, arguments, flags; sets the operation to what `call` comes to. Fails only where the
 * intent cannot hold what was understood. */
ZC_MUST_USE zc_result zc_evm_read_calls(const zc_evm_call *call,
                                        const zc_descriptor_set *descriptors, zc_intent *intent);

#endif
