#include "policy/risk_gather.h"

#include <string.h>

typedef unsigned __int128 wide;

/* What a row or a counterparty is of: names of unlike things never meet. */
enum { OF_ASSET = 1, OF_MARKET, OF_GAS, OF_COUNTERPARTY };

static zc_risk_name name_of(uint8_t what, uint32_t principal, uint64_t chain, zc_slice rest)
{
    uint8_t head[14] = {what, (uint8_t)(rest.len & 0xff)};
    uint8_t digest[32];
    zc_risk_name name;
    zc_sha256_ctx hash;
    for (unsigned i = 0; i < 4; i++) {
        head[2 + i] = (uint8_t)(principal >> (24 - 8 * i));
    }
    for (unsigned i = 0; i < 8; i++) {
        head[6 + i] = (uint8_t)(chain >> (56 - 8 * i));
    }
    zc_sha256_init(&hash);
    zc_sha256_update(&hash, ZC_SLICE_OF_ARRAY(head));
    zc_sha256_update(&hash, rest);
    zc_sha256_final(&hash, digest);
    memcpy(name.byte, digest, sizeof name.byte);
    return name;
}

zc_risk_name zc_risk_gas_row(const zc_intent *intent, uint32_t principal)
{
    return name_of(OF_GAS, principal, intent->chain_id, zc_slice_of(NULL, 0));
}

static bool is_spent(zc_movement_kind kind)
{
    return kind == ZC_MOVEMENT_OUT || kind == ZC_MOVEMENT_ALLOWANCE || kind == ZC_MOVEMENT_PULL ||
           kind == ZC_MOVEMENT_LOCK;
}

static void add_saturated(zc_u256 *sum, const zc_u256 *amount)
{
    if (!zc_ok(zc_u256_add(sum, amount, sum))) {
        *sum = ZC_U256_MAX;
    }
}

static void gather_movements(const zc_intent *intent, uint32_t principal, zc_risk_amounts *amounts)
{
    const zc_asset_id *assets[ZC_INTENT_MAX_MOVEMENTS];
    for (size_t i = 0; i < intent->movement_count && i < ZC_INTENT_MAX_MOVEMENTS; i++) {
        const zc_movement *movement = &intent->movements[i];
        size_t at = 0;
        if (!is_spent(movement->kind) || zc_u256_is_zero(&movement->amount)) {
            continue;
        }
        while (at < amounts->count && !zc_asset_id_eq(assets[at], &movement->asset)) {
            at++;
        }
        if (at == amounts->count) {
            assets[at] = &movement->asset;
            amounts->amount[at] = ZC_U256_ZERO;
            amounts->row[at] = name_of(OF_ASSET, principal, movement->asset.chain_id,
                                       zc_asset_id_slice(&movement->asset));
            amounts->count++;
        }
        add_saturated(&amounts->amount[at], &movement->amount);
    }
}

void zc_risk_gather_amounts(const zc_intent *intent, uint32_t principal,
                            zc_risk_amounts *ret_amounts)
{
    zc_u256 notional;
    ret_amounts->count = 0;
    gather_movements(intent, principal, ret_amounts);
    if (intent->has_order && zc_risk_order_amount(&intent->order, &notional) &&
        !zc_u256_is_zero(&notional)) {
        const char *market = intent->order.market;
        zc_slice text = zc_slice_of(market, strnlen(market, sizeof intent->order.market));
        ret_amounts->amount[ret_amounts->count] = notional;
        ret_amounts->row[ret_amounts->count] =
            name_of(OF_MARKET, principal, ZC_CHAIN_VENUE(intent->order.venue), text);
        ret_amounts->count++;
    }
}

/* value × 10^(to − from). */
static zc_u256 rescaled(zc_u256 value, unsigned from, unsigned to)
{
    for (; from > to; from--) {
        uint64_t rest;
        (void)!zc_ok(zc_u256_div_u64(&value, 10, &value, &rest));
    }
    for (; from < to; from++) {
        if (!zc_ok(zc_u256_mul_u64(&value, 10, &value))) {
            return ZC_U256_MAX;
        }
    }
    return value;
}

bool zc_risk_order_amount(const zc_order *order, zc_u256 *ret_amount)
{
    zc_u256 product;
    if (order->quote_quantity.present) {
        *ret_amount = rescaled(order->quote_quantity.units, order->quote_quantity.scale, 8);
        return true;
    }
    if (!order->price.present || !order->quantity.present) {
        return false;
    }
    if (!zc_ok(zc_u256_mul(&order->price.units, &order->quantity.units, &product))) {
        product = ZC_U256_MAX;
    }
    *ret_amount = rescaled(product, (unsigned)order->price.scale + order->quantity.scale, 8);
    return true;
}

static void add_party(zc_risk_parties *parties, uint32_t principal, uint64_t chain,
                      const zc_address *address)
{
    if (address->len == 0) {
        return;
    }
    zc_risk_name name = name_of(OF_COUNTERPARTY, principal, chain, zc_address_slice(address));
    for (size_t i = 0; i < parties->count; i++) {
        if (memcmp(&parties->name[i], &name, sizeof name) == 0) {
            return;
        }
    }
    parties->name[parties->count++] = name;
}

void zc_risk_gather_parties(const zc_intent *intent, uint32_t principal,
                            zc_risk_parties *ret_parties)
{
    ret_parties->count = 0;
    for (size_t i = 0; i < intent->movement_count && i < ZC_INTENT_MAX_MOVEMENTS; i++) {
        const zc_movement *movement = &intent->movements[i];
        if (is_spent(movement->kind) || movement->kind == ZC_MOVEMENT_CONTROL) {
            add_party(ret_parties, principal, intent->chain_id, &movement->to);
        }
    }
    for (size_t i = 0; i < intent->call_count && i < ZC_INTENT_MAX_CALLS; i++) {
        add_party(ret_parties, principal, intent->chain_id, &intent->calls[i].target);
    }
}

/* The leading 64 bits of a number that is not zero; the number is about *ret_top × 2^result. */
static int leading_bits(const zc_u256 *value, uint64_t *ret_top)
{
    int limb = 3;
    while (limb > 0 && value->limb[limb] == 0) {
        limb--;
    }
    int shift = __builtin_clzll(value->limb[limb]);
    uint64_t top = value->limb[limb] << shift;
    if (shift > 0 && limb > 0) {
        top |= value->limb[limb - 1] >> (64 - shift);
    }
    *ret_top = top;
    return 64 * limb - shift;
}

int64_t zc_risk_log2(const zc_u256 *value)
{
    uint64_t x;
    int64_t log = leading_bits(value, &x) + 63;
    /* x is in 1 … 2, in units of 2^-63. Squaring doubles the logarithm; its whole part is the next
     * bit. */
    for (int bit = 0; bit < ZC_RISK_FEATURE_BITS; bit++) {
        wide square = (wide)x * x;
        bool carry = (square >> 127) != 0;
        x = (uint64_t)(square >> (carry ? 64 : 63));
        log = 2 * log + carry;
    }
    return log;
}

int64_t zc_risk_ratio(const zc_u256 *value, const zc_u256 *sum, uint64_t count)
{
    zc_u256 product;
    uint64_t above;
    uint64_t below;
    if (zc_u256_is_zero(value)) {
        return 0;
    }
    if (!zc_ok(zc_u256_mul_u64(value, count, &product))) {
        product = ZC_U256_MAX;
    }
    int scale = leading_bits(&product, &above) - leading_bits(sum, &below);
    wide quotient = ((wide)above << 63) / below; /* times 2^(scale − 63); below 2^64 */
    int shift = 63 - ZC_RISK_FEATURE_BITS - scale;
    if (shift < 12) { /* from 2^52 on */
        return ZC_RISK_FEATURE_MAX;
    }
    int64_t ratio = shift > 64 ? 0 : (int64_t)(quotient >> shift);
    return ratio < ZC_RISK_FEATURE_MAX ? ratio : ZC_RISK_FEATURE_MAX;
}
