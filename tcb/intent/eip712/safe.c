/* Smart accounts: what a Safe's owner or an ERC-4337 account's key signs is a call that the account
 * then makes. The call is read as if the account made it now. */
#include "codec/cbor.h"
#include "intent/eip712/known.h"
#include "intent/evm/calldata.h"
#include "intent/text.h"

/* The Safe pays who submits the transaction: (safeTxGas + baseGas) · gasPrice of a token that the
 * message names. Where safeTxGas is 0 the gas is whatever is used, so nobody knows the amount. */
typedef struct refund {
    zc_u256 safe_tx_gas;
    zc_u256 base_gas;
    zc_u256 gas_price;
    zc_address token;
    zc_address receiver;
} refund;

static zc_result read_refund(zc_reader *message, refund *ret_refund)
{
    ZC_TRY(zc_cbor_get_u256(message, &ret_refund->safe_tx_gas));
    ZC_TRY(zc_cbor_get_u256(message, &ret_refund->base_gas));
    ZC_TRY(zc_cbor_get_u256(message, &ret_refund->gas_price));
    ZC_TRY(zc_eip712_get_address(message, &ret_refund->token));
    return zc_eip712_get_address(message, &ret_refund->receiver);
}

static zc_result add_refund(const zc_eip712_meaning *meaning, const refund *paid)
{
    if (zc_u256_is_zero(&paid->gas_price)) {
        return ZC_OK;
    }
    const zc_u256 gas = zc_eip712_add_or_max(&paid->safe_tx_gas, &paid->base_gas);
    zc_movement out = zc_eip712_token_movement(meaning, ZC_MOVEMENT_OUT, &paid->token);
    if (zc_eip712_is_zero_address(&paid->token)) {
        out.asset = zc_asset_id_native(meaning->chain);
    }
    out.from = meaning->contract;
    out.to = paid->receiver;
    out.amount = zc_eip712_mul_or_max(&gas, &paid->gas_price);
    meaning->intent->flags |= ZC_FLAG_UNKNOWN_FEE;
    return zc_intent_add_movement(meaning->intent, &out);
}

zc_result zc_eip712_read_safe_tx(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_evm_call call = {.actor = meaning->contract, .parent = ZC_CALL_NONE};
    zc_u256 operation;
    refund paid;
    if (!meaning->has_contract) {
        return zc_fail(ZC_INTENT_TYPED_UNDEFINED);
    }
    ZC_TRY(zc_eip712_enter(message, 10));
    ZC_TRY(zc_eip712_get_address(message, &call.target));
    ZC_TRY(zc_cbor_get_u256(message, &call.value));
    ZC_TRY(zc_cbor_get_bytes(message, &call.data));
    ZC_TRY(zc_cbor_get_u256(message, &operation));
    ZC_TRY(read_refund(message, &paid));
    if (zc_u256_byte_len(&operation) > 1 || operation.limb[0] > 1) {
        return zc_fail(ZC_INTENT_TYPED_RANGE);
    }
    call.is_delegate = operation.limb[0] == 1;
    if (call.is_delegate) {
        meaning->intent->flags |= ZC_FLAG_DELEGATECALL;
    }
    ZC_TRY(zc_evm_read_calls(&call, meaning->descriptors, meaning->intent));
    return add_refund(meaning, &paid);
}

/* What a Safe signs as a message is most often the hash of something else. */
zc_result zc_eip712_read_safe_message(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_slice bytes;
    ZC_TRY(zc_eip712_enter(message, 1));
    ZC_TRY(zc_cbor_get_bytes(message, &bytes));
    if (bytes.len == 32) {
        meaning->intent->flags |= ZC_FLAG_OPAQUE_HASH;
    } else if (!zc_text_is_plain(bytes)) {
        meaning->intent->flags |= ZC_FLAG_UNREADABLE_MESSAGE;
    } else if (bytes.len <= ZC_INTENT_MAX_MESSAGE) {
        meaning->intent->message = bytes;
    } else {
        meaning->intent->flags |= ZC_FLAG_PARTIAL_DECODE;
    }
    return ZC_OK;
}

/* Two numbers of 128 bits in one word. */
static zc_result get_halves(zc_reader *message, zc_u256 *ret_high, zc_u256 *ret_low)
{
    uint8_t word[32];
    ZC_TRY(zc_cbor_get_fixed_bytes(message, word, sizeof(word)));
    ZC_TRY(zc_u256_from_be(zc_slice_of(word, 16), ret_high));
    return zc_u256_from_be(zc_slice_of(word + 16, 16), ret_low);
}

typedef struct user_fees {
    zc_u256 verification_gas;
    zc_u256 call_gas;
    zc_u256 pre_gas;
    zc_u256 tip;
    zc_u256 max_fee;
    zc_slice paymaster;
} user_fees;

static zc_result read_user_fees(zc_reader *message, user_fees *ret_fees)
{
    ZC_TRY(get_halves(message, &ret_fees->verification_gas, &ret_fees->call_gas));
    ZC_TRY(zc_cbor_get_u256(message, &ret_fees->pre_gas));
    ZC_TRY(get_halves(message, &ret_fees->tip, &ret_fees->max_fee));
    return zc_cbor_get_bytes(message, &ret_fees->paymaster);
}

/* The account pays for its gas unless a paymaster does, whose price is its own affair. */
static zc_result add_user_fee(const zc_eip712_meaning *meaning, const zc_address *sender,
                              const user_fees *fees)
{
    zc_u256 gas = zc_eip712_add_or_max(&fees->verification_gas, &fees->call_gas);
    gas = zc_eip712_add_or_max(&gas, &fees->pre_gas);
    zc_movement fee = {
        .kind = ZC_MOVEMENT_FEE,
        .call = ZC_CALL_NONE,
        .asset = zc_asset_id_native(meaning->chain),
        .from = *sender,
        .amount = zc_eip712_mul_or_max(&gas, &fees->max_fee),
    };
    if (fees->paymaster.len > 0) {
        meaning->intent->flags |= ZC_FLAG_UNKNOWN_FEE;
        return ZC_OK;
    }
    return zc_u256_is_zero(&fee.amount) ? ZC_OK : zc_intent_add_movement(meaning->intent, &fee);
}

/* ERC-4337 since version 0.7, whose hash is typed data since 0.8. The entry point calls the account
 * with callData. */
zc_result zc_eip712_read_user_operation(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_evm_call call = {.parent = ZC_CALL_NONE};
    zc_u256 nonce;
    zc_slice init_code;
    user_fees fees;
    ZC_TRY(zc_eip712_enter(message, 8));
    ZC_TRY(zc_eip712_get_address(message, &call.target));
    ZC_TRY(zc_cbor_get_u256(message, &nonce));
    ZC_TRY(zc_cbor_get_bytes(message, &init_code));
    ZC_TRY(zc_cbor_get_bytes(message, &call.data));
    ZC_TRY(read_user_fees(message, &fees));
    call.actor = call.target;
    if (init_code.len > 0) {
        meaning->intent->flags |= ZC_FLAG_CONTRACT_CREATION;
    }
    ZC_TRY(zc_evm_read_calls(&call, meaning->descriptors, meaning->intent));
    return add_user_fee(meaning, &call.target, &fees);
}
