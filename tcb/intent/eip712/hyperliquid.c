/* What a Hyperliquid account signs for itself. Amounts are decimal text; movements count USDC in
 * millionths, as its contract does, and every other asset in 10^-8. Assets go by the venue's name,
 * destinations are text, as the venue takes them.
 *
 * The domain names any chain and no contract: the venue looks at its name alone. */
#include "codec/cbor.h"
#include "intent/eip712/known.h"

#define USDC "USDC"
enum { USDC_DECIMALS = 6, SPOT_DECIMALS = 8 };

static zc_result enter(const zc_eip712_meaning *meaning, zc_reader *message, size_t count)
{
    zc_slice network;
    if (!zc_slice_eq_text(meaning->domain_name, "HyperliquidSignTransaction") ||
        meaning->chain == 0) {
        return zc_fail(ZC_INTENT_TYPED_UNDEFINED);
    }
    ZC_TRY(zc_eip712_enter(message, count));
    ZC_TRY(zc_cbor_get_text(message, &network));
    if (!zc_slice_eq_text(network, "Mainnet") && !zc_slice_eq_text(network, "Testnet")) {
        return zc_fail(ZC_INTENT_TYPED_RANGE);
    }
    meaning->intent->flags &= ~(uint64_t)ZC_FLAG_OPEN_DOMAIN;
    return ZC_OK;
}

/* "12.5" in units of 10^-decimals. More places than that are refused. */
static zc_result parse_amount(zc_slice text, unsigned decimals, zc_u256 *ret_amount)
{
    char digits[ZC_U256_DECIMAL_SIZE];
    const uint8_t *point = text.len == 0 ? NULL : memchr(text.data, '.', text.len);
    const size_t whole = point == NULL ? text.len : (size_t)(point - text.data);
    const size_t places = point == NULL ? 0 : text.len - whole - 1;
    if (whole == 0 || places > decimals || (point != NULL && places == 0) ||
        whole + decimals > sizeof(digits) - 1) {
        return zc_fail(ZC_INTENT_TYPED_RANGE);
    }
    memset(digits, '0', whole + decimals);
    memcpy(digits, text.data, whole);
    if (places > 0) {
        memcpy(digits + whole, text.data + whole + 1, places);
    }
    return zc_u256_from_decimal(zc_slice_of(digits, whole + decimals), ret_amount);
}

static zc_result get_destination(zc_reader *message, zc_address *ret_to)
{
    zc_slice text;
    ZC_TRY(zc_cbor_get_text(message, &text));
    if (text.len == 0 || text.len > ZC_ADDRESS_MAX) {
        return zc_fail(ZC_INTENT_TYPED_LENGTH);
    }
    *ret_to = zc_address_of(text);
    return ZC_OK;
}

/* Adds an OUT movement of the amount that stands next. */
static zc_result read_amount(const zc_eip712_meaning *meaning, zc_reader *message, zc_slice token,
                             const zc_address *to)
{
    zc_slice text;
    zc_movement out = {
        .kind = ZC_MOVEMENT_OUT,
        .call = ZC_CALL_NONE,
        .from = meaning->intent->account,
        .to = *to,
    };
    if (token.len == 0 || token.len > ZC_TOKEN_MAX) {
        return zc_fail(ZC_INTENT_TYPED_LENGTH);
    }
    out.asset = zc_asset_id_token(ZC_CHAIN_VENUE(ZC_VENUE_HYPERLIQUID), token);
    ZC_TRY(zc_cbor_get_text(message, &text));
    ZC_TRY(parse_amount(text, zc_slice_eq_text(token, USDC) ? USDC_DECIMALS : SPOT_DECIMALS,
                        &out.amount));
    return zc_intent_add_movement(meaning->intent, &out);
}

static zc_result read_usd(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_address to;
    ZC_TRY(enter(meaning, message, 4));
    ZC_TRY(get_destination(message, &to));
    return read_amount(meaning, message, zc_slice_of_text(USDC), &to);
}

zc_result zc_eip712_read_hyperliquid_usd_send(const zc_eip712_meaning *meaning, zc_reader *message)
{
    ZC_TRY(read_usd(meaning, message));
    meaning->intent->operation = ZC_OPERATION_VENUE_TRANSFER;
    return ZC_OK;
}

zc_result zc_eip712_read_hyperliquid_withdraw(const zc_eip712_meaning *meaning, zc_reader *message)
{
    ZC_TRY(read_usd(meaning, message));
    meaning->intent->operation = ZC_OPERATION_VENUE_WITHDRAW;
    meaning->intent->flags |= ZC_FLAG_WITHDRAWAL;
    return ZC_OK;
}

/* A destination may be the system address of another chain (HyperEVM): then it is a withdrawal, and
 * nobody but the venue can tell, so each send counts as a transfer to a stranger. */
zc_result zc_eip712_read_hyperliquid_spot_send(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_address to;
    zc_slice token;
    ZC_TRY(enter(meaning, message, 5));
    ZC_TRY(get_destination(message, &to));
    ZC_TRY(zc_cbor_get_text(message, &token));
    ZC_TRY(read_amount(meaning, message, token, &to));
    meaning->intent->operation = ZC_OPERATION_VENUE_TRANSFER;
    return ZC_OK;
}

zc_result zc_eip712_read_hyperliquid_send_asset(const zc_eip712_meaning *meaning,
                                                zc_reader *message)
{
    zc_address to;
    zc_slice from_dex;
    zc_slice to_dex;
    zc_slice token;
    ZC_TRY(enter(meaning, message, 8));
    ZC_TRY(get_destination(message, &to));
    ZC_TRY(zc_cbor_get_text(message, &from_dex));
    ZC_TRY(zc_cbor_get_text(message, &to_dex));
    ZC_TRY(zc_cbor_get_text(message, &token));
    ZC_TRY(read_amount(meaning, message, token, &to));
    meaning->intent->operation = ZC_OPERATION_VENUE_TRANSFER;
    return ZC_OK;
}

/* Between the account's own spot and perpetual balances: nothing leaves it. */
zc_result zc_eip712_read_hyperliquid_class(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_slice text;
    zc_u256 amount;
    ZC_TRY(enter(meaning, message, 4));
    ZC_TRY(zc_cbor_get_text(message, &text));
    /* "100 subaccount:0x…" moves it for a subaccount, which is not understood. */
    ZC_TRY(parse_amount(text, USDC_DECIMALS, &amount));
    meaning->intent->operation = ZC_OPERATION_VENUE_TRANSFER;
    return ZC_OK;
}

static zc_result add_control(const zc_eip712_meaning *meaning, const zc_address *to)
{
    const zc_movement control = {
        .kind = ZC_MOVEMENT_CONTROL,
        .call = ZC_CALL_NONE,
        .asset = zc_asset_id_native(ZC_CHAIN_VENUE(ZC_VENUE_HYPERLIQUID)),
        .from = meaning->intent->account,
        .to = *to,
    };
    return zc_intent_add_movement(meaning->intent, &control);
}

/* An agent trades for the account until it is replaced. */
zc_result zc_eip712_read_hyperliquid_agent(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_address agent;
    ZC_TRY(enter(meaning, message, 4));
    ZC_TRY(zc_eip712_get_address(message, &agent));
    ZC_TRY(add_control(meaning, &agent));
    meaning->intent->operation = ZC_OPERATION_VENUE_ADMIN;
    meaning->intent->flags |= ZC_FLAG_CONTROL_CHANGE | ZC_FLAG_GRANT | ZC_FLAG_KEY_MANAGEMENT;
    return ZC_OK;
}

/* A builder may take a share of each order's value that is sent through it. */
zc_result zc_eip712_read_hyperliquid_builder(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_slice rate;
    zc_address builder;
    ZC_TRY(enter(meaning, message, 4));
    ZC_TRY(zc_cbor_get_text(message, &rate));
    ZC_TRY(zc_eip712_get_address(message, &builder));
    meaning->intent->operation = ZC_OPERATION_VENUE_ADMIN;
    meaning->intent->flags |= ZC_FLAG_GRANT | ZC_FLAG_NO_EXPIRY;
    return ZC_OK;
}

/* The phantom agent under which orders are signed: all that matters is in a hash. */
zc_result zc_eip712_read_hyperliquid_phantom(const zc_eip712_meaning *meaning, zc_reader *message)
{
    (void)message;
    meaning->intent->flags |= ZC_FLAG_OPAQUE_HASH;
    return ZC_OK;
}
