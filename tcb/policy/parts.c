#include "policy/parts.h"

#include <string.h>

zc_row_key zc_parts_number_key(zc_per per, uint64_t number)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
    }
    return zc_row_key_of(per, ZC_SLICE_OF_ARRAY(bytes));
}

zc_row_key zc_parts_key(const zc_question *question, zc_per per)
{
    switch (per) {
    case ZC_PER_KEY:
        return zc_row_key_of(per, ZC_SLICE_OF_ARRAY(question->context->key_id));
    case ZC_PER_PRINCIPAL:
        return zc_parts_number_key(per, question->context->principal);
    case ZC_PER_CHAIN:
        return zc_parts_number_key(per,
                                   question->intent->has_chain_id ? question->intent->chain_id : 0);
    case ZC_PER_MARKET:
        return zc_parts_number_key(per, question->market);
    case ZC_PER_NONE:
    case ZC_PER_ASSET:
    case ZC_PER_COUNTERPARTY:
        break;
    }
    return zc_row_key_of(ZC_PER_NONE, zc_slice_of(NULL, 0));
}

static uint16_t add_part(zc_parts *parts, const zc_row_key *key, const zc_u256 *amount)
{
    size_t i = 0;
    while (i < parts->count && memcmp(parts->item[i].key.byte, key->byte, sizeof key->byte) != 0) {
        i++;
    }
    if (i == ZC_CHARGE_MAX_PARTS) {
        return ZC_POLICY_TOO_MANY_LIMITS;
    }
    if (i == parts->count) {
        parts->item[parts->count++] = (struct zc_part){.key = *key};
    }
    struct zc_part *part = &parts->item[i];
    if (zc_u256_is_zero(&part->amount)) {
        part->amount = *amount;
        return 0;
    }
    return zc_ok(zc_u256_add(&part->amount, amount, &part->amount)) ? 0 : ZC_POLICY_OVERFLOW;
}

typedef struct zc_parting {
    const zc_question *question;
    const zc_rule *rule;
    zc_valuer valuer;
    zc_row_key whole;
    zc_parts *parts;
} zc_parting;

/* One that names no chain may be of any. */
static bool names_asset(const zc_parting *parting, size_t movement)
{
    const zc_question *question = parting->question;
    if (question->intent->has_chain_id) {
        return question->asset_of[movement] == parting->rule->asset;
    }
    zc_asset_id there = question->intent->movements[movement].asset;
    const zc_asset_id *own = &question->mission->assets[parting->rule->asset].id;
    there.chain_id = own->chain_id;
    return zc_asset_id_eq(own, &there);
}

static uint16_t add_movement(zc_parting *parting, size_t at)
{
    const zc_question *question = parting->question;
    const zc_movement *movement = &question->intent->movements[at];
    bool notional = parting->rule->measure == ZC_MEASURE_NOTIONAL;
    if (!zc_scope_spends(parting->rule, movement->kind) ||
        !zc_scope_pays(question, parting->rule, movement) ||
        (!notional && !names_asset(parting, at)) ||
        (parting->rule->per == ZC_PER_COUNTERPARTY && movement->kind == ZC_MOVEMENT_FEE)) {
        return 0;
    }
    zc_u256 amount = movement->amount;
    zc_row_key key = parting->whole;
    if (notional) {
        uint16_t asset = question->asset_of[at];
        uint16_t reason = zc_value_asset(&parting->valuer, asset, &movement->amount, &amount);
        if (reason != 0) {
            return reason;
        }
        key = parting->rule->per == ZC_PER_ASSET ? zc_parts_number_key(ZC_PER_ASSET, asset) : key;
    }
    if (parting->rule->per == ZC_PER_COUNTERPARTY) {
        key = zc_row_key_of(ZC_PER_COUNTERPARTY, zc_address_slice(&movement->to));
    }
    return add_part(parting->parts, &key, &amount);
}

/* An order counts for limits on value in the asset that it is priced in, and for notional. */
static uint16_t add_order(zc_parting *parting)
{
    const zc_question *question = parting->question;
    const zc_rule *rule = parting->rule;
    zc_u256 amount = ZC_U256_ZERO;
    zc_row_key key = parting->whole;
    if (!zc_order_has_notional(question->intent) || rule->per == ZC_PER_COUNTERPARTY ||
        rule->scope.counterparties.listed) {
        return 0;
    }
    uint16_t reason = 0;
    if (rule->measure == ZC_MEASURE_NOTIONAL) {
        reason = zc_order_value(&parting->valuer, &amount);
    } else if (rule->measure == ZC_MEASURE_VALUE) {
        uint16_t priced_in = question->market == UINT16_MAX
                                 ? UINT16_MAX
                                 : question->mission->markets[question->market].asset;
        bool elsewhere = priced_in != UINT16_MAX && priced_in != rule->asset;
        bool other_chain =
            question->mission->assets[rule->asset].id.chain_id != question->intent->chain_id;
        if (elsewhere || other_chain) {
            return 0;
        }
        reason = zc_order_notional(question, &amount);
    } else {
        return 0;
    }
    if (reason != 0) {
        return reason;
    }
    if (rule->per == ZC_PER_ASSET) {
        key = zc_parts_number_key(ZC_PER_ASSET, question->mission->markets[question->market].asset);
    }
    return add_part(parting->parts, &key, &amount);
}

uint16_t zc_parts_of(const zc_policy_state *state, const zc_question *question, uint16_t at,
                     zc_parts *ret_parts)
{
    const zc_rule *rule = &question->mission->rules[at];
    const zc_intent *intent = question->intent;
    const zc_u256 one = zc_u256_of(1);
    zc_parting parting = {.question = question,
                          .rule = rule,
                          .valuer = {.question = question,
                                     .sources = &state->sources,
                                     .now_ms = state->now_ms,
                                     .feed = ZC_SCOPE_NO_FEED},
                          .whole = zc_parts_key(question, rule->per),
                          .parts = ret_parts};
    ret_parts->count = 0;
    ret_parts->feed = ZC_POLICY_NONE;
    if (rule->per != ZC_PER_ASSET && rule->per != ZC_PER_COUNTERPARTY) {
        ret_parts->item[ret_parts->count++] = (struct zc_part){.key = parting.whole};
    }
    if (rule->kind == ZC_RULE_LIMIT_RATE) {
        return add_part(ret_parts, &parting.whole, &one);
    }
    if (rule->measure == ZC_MEASURE_GAS_PRICE) {
        bool here = question->mission->assets[rule->asset].id.chain_id == intent->chain_id;
        return add_part(ret_parts, &parting.whole, here ? &intent->gas_price : &ZC_U256_ZERO);
    }
    for (size_t i = 0; i < intent->movement_count; i++) {
        uint16_t reason = add_movement(&parting, i);
        if (reason != 0) {
            ret_parts->feed = parting.valuer.feed;
            return reason;
        }
    }
    uint16_t reason = add_order(&parting);
    ret_parts->feed = parting.valuer.feed;
    return reason;
}
