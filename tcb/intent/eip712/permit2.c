/* Uniswap's Permit2: allowances that last (PermitSingle, PermitBatch), and transfers that the
 * spender may make once (PermitTransferFrom and its kin, UniswapX orders among them). The spender
 * of a transfer chooses the recipient and takes at most the amount, so both are allowances. */
#include "codec/cbor.h"
#include "intent/eip712/known.h"

/* Allowances are added before their spender is known, who stands behind them. */
static void set_spender(zc_intent *intent, const zc_address *spender)
{
    for (size_t i = 0; i < intent->movement_count; i++) {
        intent->movements[i].to = *spender;
    }
}

static zc_result read_details(const zc_eip712_meaning *meaning, zc_reader *message)
{
    static const zc_address nobody = {0};
    zc_address token;
    zc_u256 amount;
    zc_u256 expiration;
    zc_u256 nonce;
    ZC_TRY(zc_eip712_enter(message, 4));
    ZC_TRY(zc_eip712_get_address(message, &token));
    ZC_TRY(zc_cbor_get_u256(message, &amount));
    ZC_TRY(zc_cbor_get_u256(message, &expiration));
    ZC_TRY(zc_cbor_get_u256(message, &nonce));
    if (zc_eip712_is_never(&expiration)) {
        meaning->intent->flags |= ZC_FLAG_NO_EXPIRY;
    }
    return zc_eip712_add_allowance(meaning, &token, &meaning->intent->account, &nobody, &amount);
}

static zc_result end_details(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_address spender;
    zc_u256 deadline;
    ZC_TRY(zc_eip712_get_address(message, &spender));
    ZC_TRY(zc_cbor_get_u256(message, &deadline));
    set_spender(meaning->intent, &spender);
    zc_eip712_set_expiry(meaning->intent, &deadline);
    meaning->intent->operation = ZC_OPERATION_PERMIT;
    return ZC_OK;
}

zc_result zc_eip712_read_permit2_single(const zc_eip712_meaning *meaning, zc_reader *message)
{
    ZC_TRY(zc_eip712_enter(message, 3));
    ZC_TRY(read_details(meaning, message));
    return end_details(meaning, message);
}

zc_result zc_eip712_read_permit2_batch(const zc_eip712_meaning *meaning, zc_reader *message)
{
    size_t count;
    ZC_TRY(zc_eip712_enter(message, 3));
    ZC_TRY(zc_cbor_get_array(message, ZC_INTENT_MAX_MOVEMENTS, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(read_details(meaning, message));
    }
    return end_details(meaning, message);
}

static zc_result read_permitted(const zc_eip712_meaning *meaning, zc_reader *message)
{
    static const zc_address nobody = {0};
    zc_address token;
    zc_u256 amount;
    ZC_TRY(zc_eip712_enter(message, 2));
    ZC_TRY(zc_eip712_get_address(message, &token));
    ZC_TRY(zc_cbor_get_u256(message, &amount));
    return zc_eip712_add_allowance(meaning, &token, &meaning->intent->account, &nobody, &amount);
}

/* A witness binds the spender to something, which is among the arguments and changes nothing of
 * what may be taken. */
static zc_result enter_transfer(zc_reader *message)
{
    size_t count;
    ZC_TRY(zc_cbor_get_array(message, 5, &count));
    return count >= 4 ? ZC_OK : zc_fail(ZC_INTENT_TYPED_COUNT);
}

static zc_result end_transfer(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_address spender;
    zc_u256 nonce;
    zc_u256 deadline;
    ZC_TRY(zc_eip712_get_address(message, &spender));
    ZC_TRY(zc_cbor_get_u256(message, &nonce));
    ZC_TRY(zc_cbor_get_u256(message, &deadline));
    set_spender(meaning->intent, &spender);
    zc_eip712_set_expiry(meaning->intent, &deadline);
    meaning->intent->operation = ZC_OPERATION_PERMIT;
    return ZC_OK;
}

zc_result zc_eip712_read_permit2_transfer(const zc_eip712_meaning *meaning, zc_reader *message)
{
    ZC_TRY(enter_transfer(message));
    ZC_TRY(read_permitted(meaning, message));
    return end_transfer(meaning, message);
}

zc_result zc_eip712_read_permit2_batch_transfer(const zc_eip712_meaning *meaning,
                                                zc_reader *message)
{
    size_t count;
    ZC_TRY(enter_transfer(message));
    ZC_TRY(zc_cbor_get_array(message, ZC_INTENT_MAX_MOVEMENTS, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(read_permitted(meaning, message));
    }
    return end_transfer(meaning, message);
}

static bool starts_with(zc_slice text, const char *start)
{
    const size_t len = strlen(start);
    return text.len > len && memcmp(text.data, start, len) == 0;
}

/* Whether the type TokenPermissions is Permit2's own. */
static bool has_token_permissions(const zc_eip712_types *types)
{
    char text[64];
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    const int index = zc_eip712_type_find(types, zc_slice_of_text("TokenPermissions"));
    return index >= 0 && zc_ok(zc_eip712_encode_type(types, (size_t)index, &writer)) &&
           zc_slice_eq_text(zc_writer_written(&writer),
                            "TokenPermissions(address token,uint256 amount)");
}

bool zc_eip712_is_permit2_witness(const zc_eip712_meaning *meaning, bool *ret_is_batch)
{
    static const char *const starts[] = {
        "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,"
        "uint256 deadline,",
        "PermitBatchWitnessTransferFrom(TokenPermissions[] permitted,address spender,"
        "uint256 nonce,uint256 deadline,"};
    const zc_eip712_types *types = meaning->types;
    if (types->type[types->primary].count != 5 || !has_token_permissions(types)) {
        return false;
    }
    for (size_t i = 0; i < 2; i++) {
        if (starts_with(meaning->text, starts[i])) {
            *ret_is_batch = i == 1;
            return true;
        }
    }
    return false;
}
