#include "compose/venue.h"
#include "crypto/hash.h"

static void digest_of(const zc_composition *composition, uint8_t ret_digest[static 32])
{
    zc_slice preimage = zc_compose_text_slice(&composition->preimage);
    if (composition->signings[0].scheme == ZC_COMPOSE_ECDSA_KECCAK256) {
        zc_keccak256(preimage, ret_digest);
    } else {
        zc_sha256(preimage, ret_digest);
    }
}

/* A venue's address may be longer than an intent's: then its SHA-256, as with scripts. */
static zc_address destination(const char *to)
{
    zc_slice text = zc_slice_of_text(to);
    if (text.len <= ZC_ADDRESS_MAX) {
        return zc_address_of(text);
    }
    uint8_t hash[32];
    zc_sha256(text, hash);
    return zc_address_of(ZC_SLICE_OF_ARRAY(hash));
}

static zc_result add_text(zc_intent *intent, const char *label, const char *text)
{
    zc_argument *argument;
    zc_slice bytes = zc_slice_of_text(text);
    if (bytes.len == 0) {
        return ZC_OK;
    }
    ZC_TRY(zc_intent_add_argument(intent, 0, ZC_ARGUMENT_TEXT, label, &argument));
    argument->is_hash = bytes.len > ZC_ARGUMENT_BYTES_MAX;
    if (argument->is_hash) {
        zc_sha256(bytes, argument->byte);
        argument->len = 32;
    } else {
        memcpy(argument->byte, bytes.data, bytes.len);
        argument->len = (uint8_t)bytes.len;
    }
    return ZC_OK;
}

/* 10^18 of the base unit are one of the asset, whatever the asset: venues have no base unit, and
 * policy adds up amounts of one asset only in one unit. */
static zc_result amount_of(const zc_decimal *decimal, zc_u256 *ret_amount)
{
    zc_u256 amount = decimal->units;
    if (decimal->scale > ZC_COMPOSE_DECIMALS) {
        for (unsigned i = decimal->scale; i > ZC_COMPOSE_DECIMALS; i--) {
            uint64_t lost;
            if (!zc_ok(zc_u256_div_u64(&amount, 10, &amount, &lost)) || lost != 0) {
                return zc_fail(ZC_COMPOSE_AMOUNT);
            }
        }
    }
    for (unsigned i = decimal->scale; i < ZC_COMPOSE_DECIMALS; i++) {
        if (!zc_ok(zc_u256_mul_u64(&amount, 10, &amount))) {
            return zc_fail(ZC_COMPOSE_AMOUNT);
        }
    }
    *ret_amount = amount;
    return ZC_OK;
}

static zc_result add_movement(const zc_order *order, zc_intent *intent)
{
    zc_movement movement = {.kind = ZC_MOVEMENT_OUT, .call = 0};
    movement.asset =
        zc_asset_id_token(ZC_CHAIN_VENUE(order->venue), zc_slice_of_text(order->asset));
    movement.to = destination(order->to);
    ZC_TRY(amount_of(&order->amount, &movement.amount));
    return zc_intent_add_movement(intent, &movement);
}

static zc_result add_call(const zc_composition *composition, zc_intent *intent)
{
    zc_call *call;
    const zc_address nobody = {0};
    size_t len = strlen(composition->call);
    ZC_TRY(zc_intent_add_call(intent, &nobody, ZC_CALL_NONE, &call));
    memcpy(call->method, composition->call, len);
    call->method_len = (uint8_t)len;
    call->is_read = true;
    call->data_len = (uint32_t)composition->body.len;
    return ZC_OK;
}

static zc_result fill_intent(const zc_order *order, const zc_composition *composition,
                             zc_intent *intent)
{
    intent->family = ZC_FAMILY_VENUE;
    intent->operation = (zc_operation)order->action;
    intent->has_chain_id = true;
    intent->chain_id = ZC_CHAIN_VENUE(order->venue);
    intent->has_order = true;
    intent->order = *order;
    intent->has_expiry = composition->has_expiry;
    intent->expiry_ms = composition->expiry_ms;
    intent->nonce = composition->nonce;
    intent->signatures = composition->signing_count;
    intent->data_len = composition->body.len;
    digest_of(composition, intent->digest);
    ZC_TRY(add_call(composition, intent));
    if (composition->is_key_call) {
        intent->flags |= ZC_FLAG_KEY_MANAGEMENT;
    }
    if (order->action == ZC_OPERATION_VENUE_WITHDRAW) {
        intent->flags |= ZC_FLAG_WITHDRAWAL;
    }
    if (order->action == ZC_OPERATION_VENUE_WITHDRAW ||
        order->action == ZC_OPERATION_VENUE_TRANSFER) {
        intent->to = destination(order->to);
        ZC_TRY(add_movement(order, intent));
        ZC_TRY(add_text(intent, "network", order->network));
        ZC_TRY(add_text(intent, "tag", order->tag));
    }
    const zc_compose_venue *venue = zc_compose_venue_of(order->venue);
    if (venue != NULL && venue->add_intent != NULL) {
        return venue->add_intent(order, composition, intent);
    }
    return ZC_OK;
}

zc_result zc_compose_intent(const zc_order *order, const zc_composition *composition,
                            zc_intent *ret_intent)
{
    zc_intent_reset(ret_intent);
    zc_result result = fill_intent(order, composition, ret_intent);
    if (!zc_ok(result)) {
        zc_intent_reset(ret_intent);
    }
    return result;
}
