/* Structures whose meaning is known. */
#include "samples.h"

#define NEVER "'0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'"
#define PERMIT "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"

static void permit(const char *value, const char *deadline)
{
    char message[512];
    (void)snprintf(message, sizeof message,
                   "{'owner': '" ALICE "', 'spender': '" BOB
                   "', 'value': %s, 'nonce': 7, 'deadline': %s}",
                   value, deadline);
    decode_message(PERMIT, message);
}

static void permit__amount__allowance_of_the_token(void **state)
{
    (void)state;
    permit("1000", "1700000000");
    assert_int_equal(intent.operation, ZC_OPERATION_PERMIT);
    assert_int_equal(intent.flags, 0);
    assert_int_equal(intent.movement_count, 1);
    const zc_movement *movement = &intent.movements[0];
    assert_int_equal(movement->kind, ZC_MOVEMENT_ALLOWANCE);
    assert_int_equal(movement->asset.kind, ZC_ASSET_TOKEN);
    assert_int_equal(movement->asset.chain_id, 1);
    assert_int_equal(movement->asset.token[0], 0xcc);
    assert_int_equal(movement->amount.limb[0], 1000);
    assert_address(&movement->from, ALICE);
    assert_address(&movement->to, BOB);
    assert_true(intent.has_expiry);
    assert_int_equal(intent.expiry_ms, UINT64_C(1700000000000));
}

static void permit__all_and_for_ever__flagged(void **state)
{
    (void)state;
    permit(NEVER, NEVER);
    assert_int_equal(intent.flags, ZC_FLAG_UNLIMITED_APPROVAL | ZC_FLAG_NO_EXPIRY);
    assert_false(intent.has_expiry);
}

/* Without a contract in the domain nobody knows which token it is. */
static void permit__no_contract__nothing_claimed(void **state)
{
    (void)state;
    decode_in("{'chainId': 1}", PERMIT,
              "{'owner': '" ALICE "', 'spender': '" BOB
              "', 'value': 1, 'nonce': 7, 'deadline': 1}");
    assert_int_equal(intent.operation, ZC_OPERATION_TYPED_DATA);
    assert_int_equal(intent.movement_count, 0);
    assert_int_equal(intent.flags, ZC_FLAG_OPEN_DOMAIN | ZC_FLAG_PARTIAL_DECODE);
}

static void dai_permit(const char *expiry, const char *allowed)
{
    char message[512];
    (void)snprintf(message, sizeof message,
                   "{'holder': '" ALICE "', 'spender': '" BOB
                   "', 'nonce': 0, 'expiry': %s, 'allowed': %s}",
                   expiry, allowed);
    decode_message(
        "Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)",
        message);
}

static void dai_permit__allowed__without_limit(void **state)
{
    (void)state;
    dai_permit("0", "true");
    assert_int_equal(intent.flags, ZC_FLAG_UNLIMITED_APPROVAL | ZC_FLAG_NO_EXPIRY);
    dai_permit("5", "false");
    assert_int_equal(intent.flags, 0);
    assert_true(zc_u256_is_zero(&intent.movements[0].amount));
    assert_int_equal(intent.expiry_ms, 5000);
}

static void item_permit__one_nft__allowance_of_it(void **state)
{
    (void)state;
    decode_message("Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)",
                   "{'spender': '" BOB "', 'tokenId': 9, 'nonce': 0, 'deadline': 5}");
    assert_int_equal(intent.operation, ZC_OPERATION_PERMIT);
    assert_true(intent.movements[0].has_item);
    assert_int_equal(intent.movements[0].item.limb[0], 9);
    assert_int_equal(intent.movements[0].amount.limb[0], 1);
    assert_address(&intent.movements[0].to, BOB);
}

static void permit2_batch__details__one_allowance_each(void **state)
{
    (void)state;
    decode_message("PermitBatch(PermitDetails[] details,address spender,uint256 sigDeadline)"
                   "PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)",
                   "{'details': [{'token': '" ALICE
                   "', 'amount': 5, 'expiration': 10, 'nonce': 0}, {'token': '" BOB
                   "', 'amount': '0xffffffffffffffffffffffffffffffffffffffff', 'expiration': "
                   "'0xffffffffffff', 'nonce': 0}], 'spender': '" BOB "', 'sigDeadline': 20}");
    assert_int_equal(intent.operation, ZC_OPERATION_PERMIT);
    assert_int_equal(intent.movement_count, 2);
    assert_int_equal(intent.flags, ZC_FLAG_UNLIMITED_APPROVAL | ZC_FLAG_NO_EXPIRY);
    assert_int_equal(intent.expiry_ms, 20000);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(intent.movements[i].kind, ZC_MOVEMENT_ALLOWANCE);
        assert_address(&intent.movements[i].to, BOB);
    }
    assert_int_equal(intent.movements[0].asset.token[0], 0xa1);
}

#define WITNESS                                                                                    \
    "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,"          \
    "uint256 deadline,W witness)W(bytes32 x)"
#define WITNESS_MESSAGE                                                                            \
    "{'permitted': {'token': '" ALICE "', 'amount': 9}, 'spender': '" BOB                          \
    "', 'nonce': 1, 'deadline': 2, 'witness': {'x': '0x'}}"

static void permit2_witness__any_witness__allowance(void **state)
{
    (void)state;
    decode_message(WITNESS "TokenPermissions(address token,uint256 amount)", WITNESS_MESSAGE);
    assert_int_equal(intent.operation, ZC_OPERATION_PERMIT);
    assert_int_equal(intent.movement_count, 1);
    assert_int_equal(intent.movements[0].amount.limb[0], 9);
    assert_address(&intent.movements[0].to, BOB);
}

static void permit2_witness__other_permissions__nothing_claimed(void **state)
{
    (void)state;
    decode_message(WITNESS "TokenPermissions(uint256 amount,address token)", WITNESS_MESSAGE);
    assert_int_equal(intent.operation, ZC_OPERATION_TYPED_DATA);
    assert_int_equal(intent.movement_count, 0);
}

static void token_transfer__authorization__goes_out(void **state)
{
    (void)state;
    decode_message("TransferWithAuthorization(address from,address to,uint256 value,"
                   "uint256 validAfter,uint256 validBefore,bytes32 nonce)",
                   "{'from': '" ALICE "', 'to': '" BOB
                   "', 'value': 12, 'validAfter': 0, 'validBefore': 9, 'nonce': '0x'}");
    assert_int_equal(intent.operation, ZC_OPERATION_TOKEN_TRANSFER);
    assert_int_equal(intent.movements[0].kind, ZC_MOVEMENT_OUT);
    assert_address(&intent.movements[0].to, BOB);
    assert_int_equal(intent.expiry_ms, 9000);
}

static void safe_tx(const char *operation, const char *gas_price, const char *data)
{
    char message[1024];
    (void)snprintf(message, sizeof message,
                   "{'to': '" BOB "', 'value': 0, 'data': '%s', 'operation': %s, 'safeTxGas': 10, "
                   "'baseGas': 20, 'gasPrice': %s, 'gasToken': '" ALICE "', 'refundReceiver': '" BOB
                   "', 'nonce': 3}",
                   data, operation, gas_price);
    decode_message("SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,"
                   "uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,"
                   "uint256 nonce)",
                   message);
}

#define TRANSFER                                                                                   \
    "0xa9059cbb000000000000000000000000a11cea11cea11cea11cea11cea11cea11cea11ce"                   \
    "0000000000000000000000000000000000000000000000000000000000000064"

static void safe_tx__token_transfer__leaves_the_safe(void **state)
{
    (void)state;
    safe_tx("0", "0", TRANSFER);
    assert_int_equal(intent.operation, ZC_OPERATION_TOKEN_TRANSFER);
    assert_int_equal(intent.flags, 0);
    assert_int_equal(intent.call_count, 1);
    assert_address(&intent.calls[0].target, BOB);
    assert_false(intent.calls[0].is_delegate);
    assert_int_equal(intent.movement_count, 1);
    assert_address(&intent.movements[0].from, CONTRACT);
    assert_address(&intent.movements[0].to, ALICE);
    assert_int_equal(intent.movements[0].amount.limb[0], 100);
}

/* The Bybit theft: what looks like a transfer is code that runs as the Safe. */
static void safe_tx__delegatecall__flagged_with_its_target(void **state)
{
    (void)state;
    safe_tx("1", "0", TRANSFER);
    assert_true(has_flag(ZC_FLAG_DELEGATECALL));
    assert_true(intent.calls[0].is_delegate);
    assert_false(intent.calls[0].is_read);
    assert_address(&intent.calls[0].target, BOB);
    for (size_t i = 0; i < intent.movement_count; i++) {
        assert_int_not_equal(intent.movements[i].kind, ZC_MOVEMENT_OUT);
    }
}

static void safe_tx__refund__goes_out(void **state)
{
    (void)state;
    safe_tx("0", "2", TRANSFER);
    assert_true(has_flag(ZC_FLAG_UNKNOWN_FEE));
    const zc_movement *last = &intent.movements[intent.movement_count - 1];
    assert_int_equal(last->amount.limb[0], 60);
    assert_int_equal(last->asset.token[0], 0xa1);
    assert_address(&last->to, BOB);
}

static void safe_tx__operation_of_no_kind__nothing_claimed(void **state)
{
    (void)state;
    safe_tx("2", "0", TRANSFER);
    assert_true(has_flag(ZC_FLAG_PARTIAL_DECODE));
    assert_int_equal(intent.call_count, 0);
    assert_int_equal(intent.movement_count, 0);
    assert_int_equal(intent.operation, ZC_OPERATION_TYPED_DATA);
}

static void safe_message__hash__opaque(void **state)
{
    (void)state;
    decode_message("SafeMessage(bytes message)",
                   "{'message': '0x1111111111111111111111111111111111111111111111111111111111111111"
                   "'}");
    assert_int_equal(intent.flags, ZC_FLAG_OPAQUE_HASH);
}

#define SEAPORT                                                                                    \
    "OrderComponents(address offerer,address zone,OfferItem[] offer,"                              \
    "ConsiderationItem[] consideration,uint8 orderType,uint256 startTime,uint256 endTime,"         \
    "bytes32 zoneHash,uint256 salt,bytes32 conduitKey,uint256 counter)"                            \
    "ConsiderationItem(uint8 itemType,address token,uint256 identifierOrCriteria,"                 \
    "uint256 startAmount,uint256 endAmount,address recipient)"                                     \
    "OfferItem(uint8 itemType,address token,uint256 identifierOrCriteria,uint256 startAmount,"     \
    "uint256 endAmount)"
#define ETHER                                                                                      \
    "'itemType': 0, 'token': '0x0000000000000000000000000000000000000000', "                       \
    "'identifierOrCriteria': 0"
/* An NFT against ether: 9 falling to 4 for the owner, 1 for the market. */
#define ORDER(end)                                                                                 \
    "{'offerer': '" ALICE "', 'zone': '" BOB "', 'offer': [{'itemType': 2, 'token': '" BOB         \
    "', 'identifierOrCriteria': 77, 'startAmount': 1, 'endAmount': 1}], 'consideration': "         \
    "[{" ETHER ", 'startAmount': 9, 'endAmount': 4, 'recipient': '" ALICE "'}, {" ETHER            \
    ", 'startAmount': 1, 'endAmount': 1, 'recipient': '" BOB "'}], 'orderType': 0, "               \
    "'startTime': 0, 'endTime': " end                                                              \
    ", 'zoneHash': '0x', 'salt': 0, 'conduitKey': '0x', 'counter': 0}"

static void seaport__order__offer_out_and_own_consideration_expected(void **state)
{
    (void)state;
    decode_message(SEAPORT, ORDER("50"));
    assert_int_equal(intent.operation, ZC_OPERATION_SWAP);
    assert_int_equal(intent.movement_count, 2);
    assert_int_equal(intent.movements[0].kind, ZC_MOVEMENT_OUT);
    assert_true(intent.movements[0].has_item);
    assert_int_equal(intent.movements[0].item.limb[0], 77);
    assert_int_equal(intent.movements[1].kind, ZC_MOVEMENT_RECEIVE);
    assert_int_equal(intent.movements[1].amount.limb[0], 4);
    assert_int_equal(intent.movements[1].asset.kind, ZC_ASSET_NATIVE);
    assert_int_equal(intent.expiry_ms, 50000);
}

static void seaport__bulk__every_leaf(void **state)
{
    (void)state;
    decode_message("BulkOrder(OrderComponents[2][2] tree)" SEAPORT,
                   "{'tree': [[" ORDER("1") "," ORDER("9") "],[" ORDER("3") "," ORDER("4") "]]}");
    assert_int_equal(intent.operation, ZC_OPERATION_BATCH);
    assert_int_equal(intent.movement_count, 8);
    assert_int_equal(intent.expiry_ms, 9000);
}

static void cow_order__receiver__decides_where_it_goes(void **state)
{
    (void)state;
    static const char types[] =
        "Order(address sellToken,address buyToken,address receiver,uint256 sellAmount,"
        "uint256 buyAmount,uint32 validTo,bytes32 appData,uint256 feeAmount,string kind,"
        "bool partiallyFillable,string sellTokenBalance,string buyTokenBalance)";
#define COW(receiver, balance)                                                                     \
    "{'sellToken': '" ALICE "', 'buyToken': '" BOB "', 'receiver': '" receiver                     \
    "', 'sellAmount': 10, 'buyAmount': 3, 'validTo': 60, 'appData': '0x', 'feeAmount': 2, "        \
    "'kind': 'sell', 'partiallyFillable': false, 'sellTokenBalance': '" balance                    \
    "', 'buyTokenBalance': 'erc20'}"
    decode_message(types, COW("0x0000000000000000000000000000000000000000", "erc20"));
    assert_int_equal(intent.operation, ZC_OPERATION_SWAP);
    assert_int_equal(intent.flags, 0);
    assert_int_equal(intent.movement_count, 2);
    assert_int_equal(intent.movements[0].amount.limb[0], 12);
    assert_int_equal(intent.movements[0].to.len, 0);
    assert_int_equal(intent.movements[1].kind, ZC_MOVEMENT_RECEIVE);
    assert_int_equal(intent.expiry_ms, 60000);
    decode_message(types, COW(BOB, "internal"));
    assert_int_equal(intent.flags, ZC_FLAG_PARTIAL_DECODE);
    assert_int_equal(intent.movement_count, 1);
    assert_address(&intent.movements[0].to, BOB);
}

static void user_operation__call_and_fee__of_the_account(void **state)
{
    (void)state;
    decode_message("PackedUserOperation(address sender,uint256 nonce,bytes initCode,"
                   "bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,"
                   "bytes32 gasFees,bytes paymasterAndData)",
                   "{'sender': '" ALICE
                   "', 'nonce': 1, 'initCode': '0x01', 'callData': '0x11223344', "
                   "'accountGasLimits': "
                   "'0x0000000000000000000000000000000a00000000000000000000000000000014', "
                   "'preVerificationGas': 5, 'gasFees': "
                   "'0x0000000000000000000000000000000100000000000000000000000000000002', "
                   "'paymasterAndData': '0x'}");
    assert_address(&intent.calls[0].target, ALICE);
    assert_true(has_flag(ZC_FLAG_UNKNOWN_CALLDATA));
    assert_true(has_flag(ZC_FLAG_CONTRACT_CREATION));
    const zc_movement *fee = &intent.movements[intent.movement_count - 1];
    assert_int_equal(fee->kind, ZC_MOVEMENT_FEE);
    assert_int_equal(fee->amount.limb[0], 70);
    assert_address(&fee->from, ALICE);
}

/* The venue's domain names no contract. */
#define HYPERLIQUID_DOMAIN(name)                                                                   \
    "{'name': '" name "', 'version': '1', 'chainId': 421614, 'verifyingContract': "                \
    "'0x0000000000000000000000000000000000000000'}"
#define WITHDRAW                                                                                   \
    "HyperliquidTransaction:Withdraw(string hyperliquidChain,string destination,string amount,"    \
    "uint64 time)"

static void withdraw(const char *domain, const char *amount)
{
    char message[512];
    (void)snprintf(message, sizeof message,
                   "{'hyperliquidChain': 'Mainnet', 'destination': '" BOB
                   "', 'amount': '%s', 'time': 1}",
                   amount);
    decode_in(domain, WITHDRAW, message);
}

static void hyperliquid__withdrawal__goes_out(void **state)
{
    (void)state;
    withdraw(HYPERLIQUID_DOMAIN("HyperliquidSignTransaction"), "12.5");
    assert_int_equal(intent.operation, ZC_OPERATION_VENUE_WITHDRAW);
    assert_int_equal(intent.flags, ZC_FLAG_WITHDRAWAL);
    assert_int_equal(intent.movements[0].amount.limb[0], 12500000);
    assert_int_equal(intent.movements[0].asset.chain_id, ZC_CHAIN_VENUE(ZC_VENUE_HYPERLIQUID));
    assert_memory_equal(intent.movements[0].to.byte, BOB, 42);
}

static void hyperliquid__amounts_that_are_none__nothing_claimed(void **state)
{
    (void)state;
    static const char *const amounts[] = {"",    ".5", "5.", "1.0000001", "-1",  "1e3",
                                          "1,5", "+1", " 1", "1.2.3",     "0x10"};
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        withdraw(HYPERLIQUID_DOMAIN("HyperliquidSignTransaction"), amounts[i]);
        assert_int_equal(intent.operation, ZC_OPERATION_TYPED_DATA);
        assert_true(has_flag(ZC_FLAG_PARTIAL_DECODE));
        assert_true(has_flag(ZC_FLAG_OPEN_DOMAIN));
        assert_int_equal(intent.movement_count, 0);
    }
}

static void hyperliquid__another_domain__nothing_claimed(void **state)
{
    (void)state;
    withdraw(HYPERLIQUID_DOMAIN("Other"), "1");
    assert_int_equal(intent.flags, ZC_FLAG_PARTIAL_DECODE | ZC_FLAG_OPEN_DOMAIN);
}

static void hyperliquid__agent__takes_control(void **state)
{
    (void)state;
    decode_in(HYPERLIQUID_DOMAIN("HyperliquidSignTransaction"),
              "HyperliquidTransaction:ApproveAgent(string hyperliquidChain,address agentAddress,"
              "string agentName,uint64 nonce)",
              "{'hyperliquidChain': 'Mainnet', 'agentAddress': '" BOB
              "', 'agentName': 'a', 'nonce': 1}");
    assert_int_equal(intent.operation, ZC_OPERATION_VENUE_ADMIN);
    assert_true(has_flag(ZC_FLAG_CONTROL_CHANGE));
    assert_int_equal(intent.movements[0].kind, ZC_MOVEMENT_CONTROL);
    assert_address(&intent.movements[0].to, BOB);
}

static void hyperliquid__phantom_agent__opaque(void **state)
{
    (void)state;
    decode_message("Agent(string source,bytes32 connectionId)",
                   "{'source': 'a', 'connectionId': '0x'}");
    assert_int_equal(intent.flags, ZC_FLAG_OPAQUE_HASH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(permit__amount__allowance_of_the_token),
        cmocka_unit_test(permit__all_and_for_ever__flagged),
        cmocka_unit_test(permit__no_contract__nothing_claimed),
        cmocka_unit_test(dai_permit__allowed__without_limit),
        cmocka_unit_test(item_permit__one_nft__allowance_of_it),
        cmocka_unit_test(permit2_batch__details__one_allowance_each),
        cmocka_unit_test(permit2_witness__any_witness__allowance),
        cmocka_unit_test(permit2_witness__other_permissions__nothing_claimed),
        cmocka_unit_test(token_transfer__authorization__goes_out),
        cmocka_unit_test(safe_tx__token_transfer__leaves_the_safe),
        cmocka_unit_test(safe_tx__delegatecall__flagged_with_its_target),
        cmocka_unit_test(safe_tx__refund__goes_out),
        cmocka_unit_test(safe_tx__operation_of_no_kind__nothing_claimed),
        cmocka_unit_test(safe_message__hash__opaque),
        cmocka_unit_test(seaport__order__offer_out_and_own_consideration_expected),
        cmocka_unit_test(seaport__bulk__every_leaf),
        cmocka_unit_test(cow_order__receiver__decides_where_it_goes),
        cmocka_unit_test(user_operation__call_and_fee__of_the_account),
        cmocka_unit_test(hyperliquid__withdrawal__goes_out),
        cmocka_unit_test(hyperliquid__amounts_that_are_none__nothing_claimed),
        cmocka_unit_test(hyperliquid__another_domain__nothing_claimed),
        cmocka_unit_test(hyperliquid__agent__takes_control),
        cmocka_unit_test(hyperliquid__phantom_agent__opaque),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
