/* Private to the module: messages into the intent, by their shapes. */
#ifndef ZC_INTENT_COSMOS_WALK_H
#define ZC_INTENT_COSMOS_WALK_H

#include "codec/protobuf.h"
#include "intent/cosmos.h"
#include "intent/cosmos/shapes.h"

/* A message that waits: nothing is read by recursion. */
typedef struct zc_cosmos_pending {
    zc_slice any; /* google.protobuf.Any */
    uint16_t parent;
    uint8_t depth;
} zc_cosmos_pending;

/* A transaction while it is read. */
typedef struct zc_cosmos_reading {
    zc_slice account;
    zc_intent *intent;
    const uint8_t *fault; /* where what is being read begins */
    size_t signers;
    bool is_involved; /* some message acts for the account, or it pays the fee */
    size_t weighty;   /* messages that run no others */
    zc_operation operation;
    size_t waiting;
    size_t done;
    zc_cosmos_pending queue[ZC_INTENT_MAX_CALLS];
} zc_cosmos_reading;

/* Errors: ZC_INTENT_TOO_MANY_CALLS, ZC_INTENT_COSMOS_DEPTH. */
ZC_MUST_USE zc_result zc_cosmos_enqueue(zc_cosmos_reading *reading, zc_slice any, uint16_t parent,
                                        uint8_t depth);
/* Reads all that waits, and what that runs. */
ZC_MUST_USE zc_result zc_cosmos_walk(zc_cosmos_reading *reading);

typedef struct zc_cosmos_coin {
    zc_asset_id asset;
    zc_u256 amount;
    zc_slice denom;
    zc_slice digits;
} zc_cosmos_coin;

/* Values of fields (values.c). Each holds the field to its wire type: ZC_INTENT_COSMOS_WIRE. */
ZC_MUST_USE zc_result zc_cosmos_get_text(const zc_pb_field *field, zc_slice *ret_text);
ZC_MUST_USE zc_result zc_cosmos_get_coin(const zc_pb_field *field, uint64_t chain,
                                         zc_cosmos_coin *ret_coin);
ZC_MUST_USE zc_result zc_cosmos_get_time(const zc_pb_field *field, int64_t *ret_seconds,
                                         uint32_t *ret_nanos);
ZC_MUST_USE zc_result zc_cosmos_get_any(zc_slice any, zc_slice *ret_type_url, zc_slice *ret_value);
/* Bech32 with any prefix. */
ZC_MUST_USE zc_result zc_cosmos_get_address(zc_slice text, zc_address *ret_address);

ZC_MUST_USE zc_result zc_cosmos_add_text(zc_intent *intent, uint16_t call, const char *label,
                                         zc_argument_kind kind, zc_slice text);
ZC_MUST_USE zc_result zc_cosmos_add_number(zc_intent *intent, uint16_t call, const char *label,
                                           zc_argument_kind kind, uint64_t value);
ZC_MUST_USE zc_result zc_cosmos_add_coin(zc_intent *intent, uint16_t call, const char *label,
                                         const zc_cosmos_coin *coin);

#endif
