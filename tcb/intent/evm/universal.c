/* Uniswap's Universal Router: a string of commands, and an encoded input for each. */
#include "intent/evm/method_types.h"
#include "intent/evm/scope.h"

#define MAX_COMMANDS 64
/* The top bit lets a command fail without the rest failing. */
#define MAY_FAIL 0x80

/* In execute(bytes commands, bytes[] inputs, …). */
enum { COMMANDS = 0, INPUTS = 2 };

typedef struct zc_router_command {
    uint8_t command;
    uint8_t payer; /* the leaf that says whether the user pays; or NOTHING: the user does */
    uint8_t movement_count;
    const char *types;
    const char *labels;
    zc_descriptor_movement movement[2];
} zc_router_command;

#define NOTHING ZC_DESCRIPTOR_NOTHING
#define CALLER ZC_DESCRIPTOR_CALLER
#define CALLEE ZC_DESCRIPTOR_CALLEE
#define FIRST ZC_DESCRIPTOR_FIRST
#define LAST ZC_DESCRIPTOR_LAST

static const zc_router_command commands[] = {
    /* V3_SWAP_EXACT_IN: recipient, amountIn, amountOutMin, path, payerIsUser */
    {0x00,
     4,
     2,
     ADDR U256 U256 BYTES BOOL,
     "recipient,,,path,payerIsUser",
     {{ZC_MOVEMENT_OUT, 3, CALLER, CALLEE, 1, FIRST},
      {ZC_MOVEMENT_RECEIVE, 3, CALLEE, 0, 2, LAST}}},
    /* V3_SWAP_EXACT_OUT: recipient, amountOut, amountInMax, path (backwards), payerIsUser */
    {0x01,
     4,
     2,
     ADDR U256 U256 BYTES BOOL,
     "recipient,,,path,payerIsUser",
     {{ZC_MOVEMENT_OUT, 3, CALLER, CALLEE, 2, LAST},
      {ZC_MOVEMENT_RECEIVE, 3, CALLEE, 0, 1, FIRST}}},
    /* PERMIT2_TRANSFER_FROM: token, recipient, amount */
    {0x02, NOTHING, 1, ADDR ADDR U160, ",,", {{ZC_MOVEMENT_OUT, 0, CALLER, 1, 2, NOTHING}}},
    /* PERMIT2_PERMIT_BATCH */
    {0x03,
     NOTHING,
     1,
     T(3) ARR T(4) ADDR U160 U48 U48 ADDR U256 BYTES,
     ",,expiration,nonce,,sigDeadline,",
     {{ZC_MOVEMENT_ALLOWANCE, 5, CALLER, 9, 6, NOTHING}}},
    /* SWEEP: token, recipient, amountMin */
    {0x04, NOTHING, 1, ADDR ADDR U256, ",,", {{ZC_MOVEMENT_RECEIVE, 0, CALLEE, 1, 2, NOTHING}}},
    /* TRANSFER: token, recipient, value */
    {0x05, NOTHING, 1, ADDR ADDR U256, ",,", {{ZC_MOVEMENT_RECEIVE, 0, CALLEE, 1, 2, NOTHING}}},
    /* PAY_PORTION: token, recipient, bips; how much that is shows only when it runs */
    {0x06, NOTHING, 0, ADDR ADDR U256, "token,portion recipient,bips", {{0}}},
    /* V2_SWAP_EXACT_IN */
    {0x08,
     5,
     2,
     ADDR U256 U256 ARR ADDR BOOL,
     "recipient,,,path,payerIsUser",
     {{ZC_MOVEMENT_OUT, 4, CALLER, CALLEE, 1, FIRST},
      {ZC_MOVEMENT_RECEIVE, 4, CALLEE, 0, 2, LAST}}},
    /* V2_SWAP_EXACT_OUT */
    {0x09,
     5,
     2,
     ADDR U256 U256 ARR ADDR BOOL,
     "recipient,,,path,payerIsUser",
     {{ZC_MOVEMENT_OUT, 4, CALLER, CALLEE, 2, FIRST},
      {ZC_MOVEMENT_RECEIVE, 4, CALLEE, 0, 1, LAST}}},
    /* PERMIT2_PERMIT */
    {0x0a,
     NOTHING,
     1,
     T(3) T(4) ADDR U160 U48 U48 ADDR U256 BYTES,
     ",,expiration,nonce,,sigDeadline,",
     {{ZC_MOVEMENT_ALLOWANCE, 4, CALLER, 8, 5, NOTHING}}},
    /* WRAP_ETH: recipient, amount */
    {0x0b, NOTHING, 0, ADDR U256, "wrap recipient,wrap amount", {{0}}},
    /* UNWRAP_WETH: recipient, amountMin */
    {0x0c, NOTHING, 1, ADDR U256, ",", {{ZC_MOVEMENT_RECEIVE, NOTHING, CALLEE, 0, 1, NOTHING}}},
    /* PERMIT2_TRANSFER_FROM_BATCH: from, to, amount, token */
    {0x0d,
     NOTHING,
     1,
     ARR T(4) ADDR ADDR U160 ADDR,
     ",,,",
     {{ZC_MOVEMENT_PULL, 6, 3, 4, 5, NOTHING}}},
    /* BALANCE_CHECK_ERC20: owner, token, minBalance */
    {0x0e, NOTHING, 0, ADDR ADDR U256, "owner,token,minBalance", {{0}}},
};

static const zc_router_command *find_command(uint8_t command)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (commands[i].command == command) {
            return &commands[i];
        }
    }
    return NULL;
}

static zc_result read_command(const zc_evm_scope *scope, uint8_t number, zc_slice input)
{
    zc_evm_values values;
    const zc_router_command *command = find_command(number & (uint8_t)~MAY_FAIL);
    if (command == NULL) {
        return zc_fail(ZC_INTENT_NOT_READ);
    }
    const zc_slice types = zc_slice_of_text(command->types);
    zc_evm_values_init(&values);
    if (!zc_ok(zc_evm_values_read(&values, types, input)) || values.left != 0) {
        return zc_fail(ZC_INTENT_NOT_READ);
    }
    zc_evm_scope inner = *scope;
    inner.values = &values;
    inner.router = 2;
    if (command->payer != NOTHING) {
        const zc_u256 payer = zc_evm_value_number(zc_evm_value_first(&values, command->payer));
        inner.skips_out = zc_u256_is_zero(&payer);
    }
    ZC_TRY(zc_evm_add_movements(&inner, command->movement, command->movement_count));
    return zc_evm_add_arguments(&inner, types, command->labels);
}

/* What is understood stays claimed when another command is not: the call then counts as not read.
 */
zc_result zc_evm_universal_router(zc_evm_scope *scope)
{
    const zc_slice numbers = zc_evm_value_first(scope->values, COMMANDS)->value;
    zc_evm_column inputs = zc_evm_column_of(scope->values, INPUTS);
    zc_result unread = ZC_OK;
    if (numbers.len != inputs.count || numbers.len > MAX_COMMANDS) {
        return zc_fail(ZC_INTENT_NOT_READ);
    }
    for (size_t i = 0; i < numbers.len; i++) {
        const zc_abi_leaf *input = zc_evm_column_next(&inputs);
        zc_result result = read_command(scope, numbers.data[i], input->value);
        if (zc_is(result, ZC_INTENT_NOT_READ)) {
            unread = result;
        } else {
            ZC_TRY(result);
        }
    }
    return unread;
}
