/* Allowances and transfers that a token takes by signature: EIP-2612, DAI's older permit,
 * ERC-4494's of one NFT, ERC-3009. The token is the contract that the domain names. */
#include "codec/cbor.h"
#include "intent/eip712/known.h"

static zc_result need_token(const zc_eip712_meaning *meaning)
{
    return meaning->has_contract ? ZC_OK : zc_fail(ZC_INTENT_TYPED_UNDEFINED);
}

zc_result zc_eip712_read_permit(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_address owner;
    zc_address spender;
    zc_u256 value;
    zc_u256 nonce;
    zc_u256 deadline;
    ZC_TRY(need_token(meaning));
    ZC_TRY(zc_eip712_enter(message, 5));
    ZC_TRY(zc_eip712_get_address(message, &owner));
    ZC_TRY(zc_eip712_get_address(message, &spender));
    ZC_TRY(zc_cbor_get_u256(message, &value));
    ZC_TRY(zc_cbor_get_u256(message, &nonce));
    ZC_TRY(zc_cbor_get_u256(message, &deadline));
    ZC_TRY(zc_eip712_add_allowance(meaning, &meaning->contract, &owner, &spender, &value));
    zc_eip712_set_expiry(meaning->intent, &deadline);
    meaning->intent->operation = ZC_OPERATION_PERMIT;
    return ZC_OK;
}

/* All or nothing; an expiry of 0 is none. */
zc_result zc_eip712_read_dai_permit(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_address holder;
    zc_address spender;
    zc_u256 nonce;
    zc_u256 expiry;
    bool allowed;
    ZC_TRY(need_token(meaning));
    ZC_TRY(zc_eip712_enter(message, 5));
    ZC_TRY(zc_eip712_get_address(message, &holder));
    ZC_TRY(zc_eip712_get_address(message, &spender));
    ZC_TRY(zc_cbor_get_u256(message, &nonce));
    ZC_TRY(zc_cbor_get_u256(message, &expiry));
    ZC_TRY(zc_cbor_get_bool(message, &allowed));
    const zc_u256 amount = allowed ? ZC_U256_MAX : ZC_U256_ZERO;
    ZC_TRY(zc_eip712_add_allowance(meaning, &meaning->contract, &holder, &spender, &amount));
    if (zc_u256_is_zero(&expiry)) {
        expiry = ZC_U256_MAX;
    }
    zc_eip712_set_expiry(meaning->intent, &expiry);
    meaning->intent->operation = ZC_OPERATION_PERMIT;
    return ZC_OK;
}

/* Whoever owns the NFT allows it: the account, as far as anybody can tell here. */
zc_result zc_eip712_read_item_permit(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_u256 nonce;
    zc_u256 deadline;
    ZC_TRY(need_token(meaning));
    zc_movement item = zc_eip712_token_movement(meaning, ZC_MOVEMENT_ALLOWANCE, &meaning->contract);
    item.has_item = true;
    item.amount = zc_u256_of(1);
    ZC_TRY(zc_eip712_enter(message, 4));
    ZC_TRY(zc_eip712_get_address(message, &item.to));
    ZC_TRY(zc_cbor_get_u256(message, &item.item));
    ZC_TRY(zc_cbor_get_u256(message, &nonce));
    ZC_TRY(zc_cbor_get_u256(message, &deadline));
    ZC_TRY(zc_intent_add_movement(meaning->intent, &item));
    zc_eip712_set_expiry(meaning->intent, &deadline);
    meaning->intent->operation = ZC_OPERATION_PERMIT;
    return ZC_OK;
}

zc_result zc_eip712_read_token_transfer(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_u256 valid_after;
    zc_u256 valid_before;
    ZC_TRY(need_token(meaning));
    zc_movement out = zc_eip712_token_movement(meaning, ZC_MOVEMENT_OUT, &meaning->contract);
    ZC_TRY(zc_eip712_enter(message, 6));
    ZC_TRY(zc_eip712_get_address(message, &out.from));
    ZC_TRY(zc_eip712_get_address(message, &out.to));
    ZC_TRY(zc_cbor_get_u256(message, &out.amount));
    ZC_TRY(zc_cbor_get_u256(message, &valid_after));
    ZC_TRY(zc_cbor_get_u256(message, &valid_before));
    ZC_TRY(zc_intent_add_movement(meaning->intent, &out));
    zc_eip712_set_expiry(meaning->intent, &valid_before);
    meaning->intent->operation = ZC_OPERATION_TOKEN_TRANSFER;
    return ZC_OK;
}
