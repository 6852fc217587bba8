/* EIP-20 tokens. ERC-721's transferFrom and approve have the same selectors and arguments; the
 * bytes alone cannot tell, and the amount is then a token's id. */
#include "codec/abi.h"
#include "intent/evm_methods.h"

/* An allowance that nobody means to use up: half of all 256-bit numbers and more, or all ones of a
 * narrower type (tokens with 96-bit balances take 2^96 − 1 as infinite). */
static bool is_unlimited(const zc_u256 *amount)
{
    if (amount->limb[3] >> 63 != 0) {
        return true;
    }
    zc_u256 next;
    if (!zc_ok(zc_u256_add(amount, &(zc_u256){{1, 0, 0, 0}}, &next))) {
        return true;
    }
    int bits = 0;
    for (size_t i = 0; i < 4; i++) {
        bits += __builtin_popcountll(next.limb[i]);
    }
    bool at_least_96_bits = (amount->limb[1] >> 31 | amount->limb[2] | amount->limb[3]) != 0;
    return bits == 1 && at_least_96_bits;
}

static zc_movement token_movement(const zc_intent *intent, zc_movement_kind kind)
{
    zc_movement movement = {
        .kind = kind,
        .asset = {.kind = ZC_ASSET_TOKEN, .chain_id = intent->chain_id},
    };
    memcpy(movement.asset.contract, intent->to, ZC_ADDRESS_SIZE);
    memcpy(movement.from, intent->account, ZC_ADDRESS_SIZE);
    return movement;
}

zc_result zc_erc20_transfer(zc_reader *arguments, zc_intent *intent)
{
    zc_movement out = token_movement(intent, ZC_MOVEMENT_OUT);
    ZC_TRY(zc_abi_get_address(arguments, out.to));
    ZC_TRY(zc_abi_get_u256(arguments, &out.amount));
    ZC_TRY(zc_intent_add_movement(intent, &out));
    intent->operation = ZC_OPERATION_TOKEN_TRANSFER;
    return ZC_OK;
}

zc_result zc_erc20_transfer_from(zc_reader *arguments, zc_intent *intent)
{
    zc_movement move = token_movement(intent, ZC_MOVEMENT_PULL);
    ZC_TRY(zc_abi_get_address(arguments, move.from));
    ZC_TRY(zc_abi_get_address(arguments, move.to));
    ZC_TRY(zc_abi_get_u256(arguments, &move.amount));
    if (memcmp(move.from, intent->account, ZC_ADDRESS_SIZE) == 0) {
        move.kind = ZC_MOVEMENT_OUT;
    }
    ZC_TRY(zc_intent_add_movement(intent, &move));
    intent->operation = ZC_OPERATION_TOKEN_TRANSFER_FROM;
    return ZC_OK;
}

zc_result zc_erc20_approve(zc_reader *arguments, zc_intent *intent)
{
    zc_movement allowance = token_movement(intent, ZC_MOVEMENT_ALLOWANCE);
    ZC_TRY(zc_abi_get_address(arguments, allowance.to));
    ZC_TRY(zc_abi_get_u256(arguments, &allowance.amount));
    ZC_TRY(zc_intent_add_movement(intent, &allowance));
    intent->operation = ZC_OPERATION_APPROVE;
    if (is_unlimited(&allowance.amount)) {
        intent->flags |= ZC_FLAG_UNLIMITED_APPROVAL;
    }
    return ZC_OK;
}

/* OpenZeppelin's increaseAllowance: what is added may be taken beyond what already could be. */
zc_result zc_erc20_increase_allowance(zc_reader *arguments, zc_intent *intent)
{
    return zc_erc20_approve(arguments, intent);
}
