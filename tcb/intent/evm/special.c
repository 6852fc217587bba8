/* Methods whose effect takes more than a template. */
#include "intent/evm/scope.h"

/* Places in setApprovalForAll(address operator, bool approved). */
enum { OPERATOR = 0, APPROVED = 1 };

zc_result zc_evm_approval_for_all(zc_evm_scope *scope)
{
    const zc_u256 approved = zc_evm_value_number(zc_evm_value_first(scope->values, APPROVED));
    zc_movement allowance = {.kind = ZC_MOVEMENT_ALLOWANCE};
    allowance.asset =
        zc_asset_id_token(scope->intent->chain_id, zc_address_slice(&scope->call->target));
    allowance.from = scope->call->actor;
    allowance.to = zc_evm_value_address(zc_evm_value_first(scope->values, OPERATOR));
    if (!zc_u256_is_zero(&approved)) {
        allowance.amount = ZC_U256_MAX;
        scope->intent->flags |= ZC_FLAG_APPROVAL_FOR_ALL;
    }
    return zc_evm_add_movement(scope, &allowance);
}

/* Places in DAI's permit(address holder, address spender, uint256 nonce, uint256 expiry, bool
 * allowed, …): all or nothing. */
enum { HOLDER = 0, SPENDER = 1, ALLOWED = 4 };

zc_result zc_evm_dai_permit(zc_evm_scope *scope)
{
    const zc_u256 allowed = zc_evm_value_number(zc_evm_value_first(scope->values, ALLOWED));
    zc_movement allowance = {.kind = ZC_MOVEMENT_ALLOWANCE};
    allowance.asset =
        zc_asset_id_token(scope->intent->chain_id, zc_address_slice(&scope->call->target));
    allowance.from = zc_evm_value_address(zc_evm_value_first(scope->values, HOLDER));
    allowance.to = zc_evm_value_address(zc_evm_value_first(scope->values, SPENDER));
    allowance.amount = zc_u256_is_zero(&allowed) ? ZC_U256_ZERO : ZC_U256_MAX;
    return zc_evm_add_movement(scope, &allowance);
}

/* Places in a Safe's execTransaction(address to, uint256 value, bytes data, uint8 operation,
 * uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver,
 * bytes signatures). */
enum { SAFE_TX_GAS = 4, BASE_GAS = 5, GAS_PRICE = 6, GAS_TOKEN = 7, REFUND_RECEIVER = 8 };

/* The gas that is paid back is what was used, at most safeTxGas where that is given, else all of
 * the transaction's; and baseGas on top. */
static zc_u256 most_refund(const zc_evm_scope *scope, const zc_u256 *price)
{
    zc_u256 gas = zc_evm_value_number(zc_evm_value_first(scope->values, SAFE_TX_GAS));
    const zc_u256 base = zc_evm_value_number(zc_evm_value_first(scope->values, BASE_GAS));
    zc_u256 refund;
    gas = zc_u256_max(&gas, &scope->intent->gas_limit);
    if (!zc_ok(zc_u256_add(&gas, &base, &gas)) || !zc_ok(zc_u256_mul(&gas, price, &refund))) {
        return ZC_U256_MAX;
    }
    return refund;
}

/* A Safe pays whoever executes for it, or the receiver that its owners named: with a high enough
 * price that is a way to empty it. */
zc_result zc_evm_safe_execute(zc_evm_scope *scope)
{
    const zc_u256 price = zc_evm_value_number(zc_evm_value_first(scope->values, GAS_PRICE));
    if (zc_u256_is_zero(&price)) {
        return ZC_OK;
    }
    const zc_address token = zc_evm_value_address(zc_evm_value_first(scope->values, GAS_TOKEN));
    const zc_address nobody = zc_address_of_evm((const uint8_t[ZC_EVM_ADDRESS_SIZE]){0});
    zc_movement refund = {.kind = ZC_MOVEMENT_OUT};
    refund.asset = zc_address_eq(&token, &nobody)
                       ? zc_asset_id_native(scope->intent->chain_id)
                       : zc_asset_id_token(scope->intent->chain_id, zc_address_slice(&token));
    refund.from = scope->call->target;
    refund.to = zc_evm_value_address(zc_evm_value_first(scope->values, REFUND_RECEIVER));
    if (zc_address_eq(&refund.to, &nobody)) {
        refund.to = scope->intent->account;
    }
    refund.amount = most_refund(scope, &price);
    return zc_evm_add_movement(scope, &refund);
}
