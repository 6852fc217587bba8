#include "intent/eip712/known.h"

#include "codec/cbor.h"

#define PERMIT_DETAILS "PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)"
#define TOKEN_PERMISSIONS "TokenPermissions(address token,uint256 amount)"
#define AUTHORIZATION                                                                              \
    "WithAuthorization(address from,address to,uint256 value,uint256 validAfter,"                  \
    "uint256 validBefore,bytes32 nonce)"
#define SAFE_TX(gas)                                                                               \
    "SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 " gas    \
    ",uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)"
#define HYPERLIQUID(name, members)                                                                 \
    "HyperliquidTransaction:" name "(string hyperliquidChain," members ")"

static const struct {
    const char *text;
    zc_eip712_reader_fn *read;
} known[] = {
    {"Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
     zc_eip712_read_permit},
    {"Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)",
     zc_eip712_read_dai_permit},
    {"Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)",
     zc_eip712_read_item_permit},
    {"Transfer" AUTHORIZATION, zc_eip712_read_token_transfer},
    {"Receive" AUTHORIZATION, zc_eip712_read_token_transfer},
    {"PermitSingle(PermitDetails details,address spender,uint256 sigDeadline)" PERMIT_DETAILS,
     zc_eip712_read_permit2_single},
    {"PermitBatch(PermitDetails[] details,address spender,uint256 sigDeadline)" PERMIT_DETAILS,
     zc_eip712_read_permit2_batch},
    {"PermitTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,"
     "uint256 deadline)" TOKEN_PERMISSIONS,
     zc_eip712_read_permit2_transfer},
    {"PermitBatchTransferFrom(TokenPermissions[] permitted,address spender,uint256 nonce,"
     "uint256 deadline)" TOKEN_PERMISSIONS,
     zc_eip712_read_permit2_batch_transfer},
    {SAFE_TX("baseGas"), zc_eip712_read_safe_tx},
    {SAFE_TX("dataGas"), zc_eip712_read_safe_tx}, /* before 1.0.0 */
    {"SafeMessage(bytes message)", zc_eip712_read_safe_message},
    {"PackedUserOperation(address sender,uint256 nonce,bytes initCode,bytes callData,"
     "bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterAndData)",
     zc_eip712_read_user_operation},
    {ZC_EIP712_SEAPORT_ORDER ZC_EIP712_SEAPORT_ITEMS, zc_eip712_read_seaport},
    {"Order(address sellToken,address buyToken,address receiver,uint256 sellAmount,"
     "uint256 buyAmount,uint32 validTo,bytes32 appData,uint256 feeAmount,string kind,"
     "bool partiallyFillable,string sellTokenBalance,string buyTokenBalance)",
     zc_eip712_read_cow_order},
    {HYPERLIQUID("UsdSend", "string destination,string amount,uint64 time"),
     zc_eip712_read_hyperliquid_usd_send},
    {HYPERLIQUID("SpotSend", "string destination,string token,string amount,uint64 time"),
     zc_eip712_read_hyperliquid_spot_send},
    {HYPERLIQUID("SendAsset",
                 "string destination,string sourceDex,string destinationDex,string token,"
                 "string amount,string fromSubAccount,uint64 nonce"),
     zc_eip712_read_hyperliquid_send_asset},
    {HYPERLIQUID("Withdraw", "string destination,string amount,uint64 time"),
     zc_eip712_read_hyperliquid_withdraw},
    {HYPERLIQUID("UsdClassTransfer", "string amount,bool toPerp,uint64 nonce"),
     zc_eip712_read_hyperliquid_class},
    {HYPERLIQUID("ApproveAgent", "address agentAddress,string agentName,uint64 nonce"),
     zc_eip712_read_hyperliquid_agent},
    {HYPERLIQUID("ApproveBuilderFee", "string maxFeeRate,address builder,uint64 nonce"),
     zc_eip712_read_hyperliquid_builder},
    {"Agent(string source,bytes32 connectionId)", zc_eip712_read_hyperliquid_phantom},
};

static zc_eip712_reader_fn *reader_of(const zc_eip712_meaning *meaning)
{
    bool is_batch;
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        if (zc_slice_eq_text(meaning->text, known[i].text)) {
            return known[i].read;
        }
    }
    if (zc_eip712_is_permit2_witness(meaning, &is_batch)) {
        return is_batch ? zc_eip712_read_permit2_batch_transfer : zc_eip712_read_permit2_transfer;
    }
    return zc_eip712_is_seaport_bulk(meaning) ? zc_eip712_read_seaport_bulk : NULL;
}

void zc_eip712_understand(const zc_eip712_meaning *meaning, const zc_reader *message)
{
    /* All of an intent but its slots, whose counts are among it. */
    uint8_t before[offsetof(zc_intent, movements)];
    zc_intent *intent = meaning->intent;
    zc_reader reader = *message;
    zc_eip712_reader_fn *read = reader_of(meaning);
    if (read == NULL) {
        return;
    }
    memcpy(before, intent, sizeof(before));
    if (!zc_ok(read(meaning, &reader))) {
        const uint64_t flags = intent->flags;
        memcpy(intent, before, sizeof(before));
        intent->flags |= flags | ZC_FLAG_PARTIAL_DECODE;
    }
}

zc_result zc_eip712_enter(zc_reader *reader, size_t count)
{
    size_t got;
    ZC_TRY(zc_cbor_get_array(reader, count, &got));
    return got == count ? ZC_OK : zc_fail(ZC_INTENT_TYPED_COUNT);
}

zc_result zc_eip712_get_address(zc_reader *reader, zc_address *ret_address)
{
    uint8_t bytes[ZC_EVM_ADDRESS_SIZE];
    ZC_TRY(zc_cbor_get_fixed_bytes(reader, bytes, sizeof(bytes)));
    *ret_address = zc_address_of_evm(bytes);
    return ZC_OK;
}

bool zc_eip712_is_zero_address(const zc_address *address)
{
    static const uint8_t zero[ZC_EVM_ADDRESS_SIZE];
    return zc_slice_eq(zc_address_slice(address), ZC_SLICE_OF_ARRAY(zero));
}

zc_movement zc_eip712_token_movement(const zc_eip712_meaning *meaning, zc_movement_kind kind,
                                     const zc_address *token)
{
    return (zc_movement){
        .kind = kind,
        .call = ZC_CALL_NONE,
        .asset = zc_asset_id_token(meaning->chain, zc_address_slice(token)),
        .from = meaning->intent->account,
    };
}

/* Half of the numbers of the full width, or all ones of a narrower one: 96 bits (UNI, COMP), 128,
 * 160 (Permit2) … */
bool zc_eip712_is_unlimited(const zc_u256 *amount)
{
    zc_u256 next;
    if (amount->limb[3] >> 63 != 0 ||
        !zc_ok(zc_u256_add(amount, &(zc_u256){{1, 0, 0, 0}}, &next))) {
        return true;
    }
    int bits = 0;
    for (size_t i = 0; i < 4; i++) {
        bits += __builtin_popcountll(next.limb[i]);
    }
    return bits == 1 && zc_u256_byte_len(amount) >= 12;
}

zc_result zc_eip712_add_allowance(const zc_eip712_meaning *meaning, const zc_address *token,
                                  const zc_address *owner, const zc_address *spender,
                                  const zc_u256 *amount)
{
    zc_movement movement = zc_eip712_token_movement(meaning, ZC_MOVEMENT_ALLOWANCE, token);
    movement.from = *owner;
    movement.to = *spender;
    movement.amount = *amount;
    if (zc_eip712_is_unlimited(amount)) {
        meaning->intent->flags |= ZC_FLAG_UNLIMITED_APPROVAL;
    }
    return zc_intent_add_movement(meaning->intent, &movement);
}

bool zc_eip712_is_never(const zc_u256 *seconds)
{
    /* The year 10000 and later. */
    const zc_u256 end = zc_u256_of(UINT64_C(253402300800));
    return zc_u256_cmp(seconds, &end) >= 0;
}

void zc_eip712_set_expiry(zc_intent *intent, const zc_u256 *seconds)
{
    if (zc_eip712_is_never(seconds)) {
        intent->flags |= ZC_FLAG_NO_EXPIRY;
        return;
    }
    intent->has_expiry = true;
    intent->expiry_ms = seconds->limb[0] * 1000;
}

zc_u256 zc_eip712_mul_or_max(const zc_u256 *a, const zc_u256 *b)
{
    zc_u256 product = ZC_U256_MAX;
    return zc_ok(zc_u256_mul(a, b, &product)) ? product : ZC_U256_MAX;
}

zc_u256 zc_eip712_add_or_max(const zc_u256 *a, const zc_u256 *b)
{
    zc_u256 sum = ZC_U256_MAX;
    return zc_ok(zc_u256_add(a, b, &sum)) ? sum : ZC_U256_MAX;
}
