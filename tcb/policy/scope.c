#include "policy/scope.h"

#include <string.h>

#include "policy/asset_index.h"

static bool chain_listed(const zc_mission *mission, const zc_list *list, uint64_t chain_id)
{
    size_t low = list->first;
    size_t high = low + list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (mission->chains[middle] == chain_id) {
            return true;
        }
        if (mission->chains[middle] < chain_id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

/* Whether the bytes are in an ascending list of addresses or methods: a length, then the bytes. */
static bool bytes_listed(const uint8_t *pool, size_t size, const zc_list *list, zc_slice item)
{
    size_t low = list->first;
    size_t high = low + list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const uint8_t *other = pool + middle * size;
        int order = (int)other[0] - (int)item.len;
        order = order != 0 ? order : memcmp(other + 1, item.data, item.len);
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

static bool others_listed(const zc_mission *mission, const zc_address_list *list, zc_slice address)
{
    const zc_list run = {
        .listed = true, .count = (uint16_t)list->other_count, .first = (uint16_t)list->other_first};
    return list->other_count > 0 &&
           bytes_listed((const uint8_t *)mission->others, sizeof(zc_address), &run, address);
}

bool zc_address_listed(const zc_question *question, const zc_address_list *list, zc_slice address)
{
    return address.len == ZC_EVM_ADDRESS_SIZE
               ? zc_evm_index_has(question->index, question->mission, list, address.data)
               : others_listed(question->mission, list, address);
}

static bool address_listed(const zc_question *question, const zc_address_list *list,
                           const zc_address *address)
{
    return zc_address_listed(question, list, zc_address_slice(address));
}

static bool method_listed(const zc_mission *mission, const zc_list *list, const zc_call *call)
{
    return bytes_listed((const uint8_t *)mission->methods, sizeof(zc_method), list,
                        zc_slice_of(call->method, call->method_len));
}

/* Whether any call, or each of them, has a listed method. */
static bool methods_in_scope(const zc_question *question, const zc_scope *scope, bool all)
{
    const zc_intent *intent = question->intent;
    size_t listed = 0;
    for (size_t i = 0; i < intent->call_count; i++) {
        listed += method_listed(question->mission, &scope->methods, &intent->calls[i]);
    }
    return all ? listed > 0 && listed == intent->call_count : listed > 0;
}

/* What is asked for. Who asks, and with which key, the candidates have been chosen by; a CONFINE
 * rule was chosen by nothing else. */
static bool asked_in_scope(const zc_question *question, const zc_scope *scope)
{
    return (scope->uses & zc_use_bit((zc_use)question->context->use)) != 0 &&
           (!scope->operations_listed ||
            (scope->operations & zc_operation_bit(question->intent->operation)) != 0);
}

static bool asset_bit(const zc_scope *scope, size_t asset)
{
    return ((scope->assets[asset / 64] >> (asset % 64)) & 1) != 0;
}

/* Whether a movement may be of this asset. One that names no chain may be of any chain. */
static bool may_be_asset(const zc_question *question, const zc_asset *asset, const zc_asset_id *id)
{
    if (question->intent->has_chain_id) {
        return zc_asset_id_eq(&asset->id, id);
    }
    zc_asset_id there = *id;
    there.chain_id = asset->id.chain_id;
    return zc_asset_id_eq(&asset->id, &there);
}

static bool asset_covered(const zc_question *question, const zc_scope *scope, size_t movement)
{
    uint16_t asset = question->asset_of[movement];
    return asset != UINT16_MAX && asset_bit(scope, asset);
}

static bool asset_touched(const zc_question *question, const zc_scope *scope, size_t movement)
{
    const zc_asset_id *id = &question->intent->movements[movement].asset;
    if (question->intent->has_chain_id) {
        return asset_covered(question, scope, movement);
    }
    for (size_t i = 0; i < question->mission->asset_count; i++) {
        if (asset_bit(scope, i) && may_be_asset(question, &question->mission->assets[i], id)) {
            return true;
        }
    }
    return false;
}

/* A fee is in the chain's own asset, whatever assets are listed. Cosmos chains have none: there a
 * fee is in any denomination, and must be among those that are listed. */
static bool fee_covered(const zc_question *question, const zc_scope *scope, size_t at)
{
    const zc_movement *movement = &question->intent->movements[at];
    if (movement->asset.chain_id != question->intent->chain_id) {
        return false;
    }
    if (movement->asset.kind == ZC_ASSET_NATIVE) {
        return true;
    }
    return question->intent->family == ZC_FAMILY_COSMOS &&
           (!scope->assets_listed || asset_covered(question, scope, at));
}

static bool movement_covered(const zc_question *question, const zc_scope *scope, size_t at)
{
    const zc_movement *movement = &question->intent->movements[at];
    if (movement->kind == ZC_MOVEMENT_FEE) {
        return fee_covered(question, scope, at);
    }
    /* What comes in costs nothing; who comes to power is judged, of whatever it is. */
    if (movement->kind == ZC_MOVEMENT_RECEIVE) {
        return true;
    }
    if (scope->assets_listed && movement->kind != ZC_MOVEMENT_CONTROL &&
        !asset_covered(question, scope, at)) {
        return false;
    }
    return !scope->counterparties.listed ||
           address_listed(question, &scope->counterparties, &movement->to);
}

static bool market_listed(const zc_question *question, const zc_scope *scope)
{
    uint16_t market = question->market;
    return !scope->markets_listed ||
           (market != UINT16_MAX && ((scope->markets[market / 64] >> (market % 64)) & 1) != 0);
}

/* Every contract that is called, and those that they are known to call, must be listed. */
static bool contracts_covered(const zc_question *question, const zc_scope *scope)
{
    const zc_intent *intent = question->intent;
    for (size_t i = 0; i < intent->call_count; i++) {
        if (!address_listed(question, &scope->contracts, &intent->calls[i].target)) {
            return false;
        }
    }
    return intent->call_count > 0 ||
           (intent->to.len != 0 && address_listed(question, &scope->contracts, &intent->to));
}

bool zc_intent_cancels(const zc_intent *intent)
{
    return intent->operation == ZC_OPERATION_ORDER_CANCEL ||
           intent->operation == ZC_OPERATION_ORDER_CANCEL_ALL;
}

bool zc_intent_reduces(const zc_intent *intent)
{
    return intent->operation == ZC_OPERATION_ORDER_PLACE && intent->has_order &&
           intent->order.reduce_only;
}

bool zc_scope_covers(const zc_question *question, const zc_rule *rule)
{
    const zc_scope *scope = &rule->scope;
    const zc_intent *intent = question->intent;
    if (!asked_in_scope(question, scope)) {
        return false;
    }
    if (scope->chains.listed &&
        !(intent->has_chain_id &&
          chain_listed(question->mission, &scope->chains, intent->chain_id))) {
        return false;
    }
    if (!market_listed(question, scope) ||
        (scope->contracts.listed && !contracts_covered(question, scope)) ||
        (scope->methods.listed && !methods_in_scope(question, scope, true))) {
        return false;
    }
    bool moves = false;
    for (size_t i = 0; i < intent->movement_count; i++) {
        const zc_movement *movement = &intent->movements[i];
        if (!movement_covered(question, scope, i)) {
            return false;
        }
        moves =
            moves || (movement->kind != ZC_MOVEMENT_FEE && movement->kind != ZC_MOVEMENT_RECEIVE &&
                      !(scope->assets_listed && movement->kind == ZC_MOVEMENT_CONTROL));
    }
    return moves || !(scope->assets_listed || scope->counterparties.listed);
}

static bool contract_touched(const zc_question *question, const zc_scope *scope)
{
    const zc_intent *intent = question->intent;
    if (intent->to.len != 0 && address_listed(question, &scope->contracts, &intent->to)) {
        return true;
    }
    for (size_t i = 0; i < intent->call_count; i++) {
        if (address_listed(question, &scope->contracts, &intent->calls[i].target)) {
            return true;
        }
    }
    for (size_t i = 0; i < intent->movement_count; i++) {
        const zc_asset_id *asset = &intent->movements[i].asset;
        if (asset->kind == ZC_ASSET_TOKEN &&
            zc_address_listed(question, &scope->contracts, zc_asset_id_slice(asset))) {
            return true;
        }
    }
    return false;
}

/* Whether a movement goes to a listed counterparty, or takes from one. */
static bool counterparty_touched(const zc_question *question, const zc_scope *scope,
                                 const zc_movement *movement)
{
    const zc_address_list *list = &scope->counterparties;
    return address_listed(question, list, &movement->to) ||
           (!zc_address_eq(&movement->from, &question->intent->account) &&
            address_listed(question, list, &movement->from));
}

static bool movements_touched(const zc_question *question, const zc_scope *scope)
{
    const zc_intent *intent = question->intent;
    if (!scope->assets_listed && !scope->counterparties.listed) {
        return true;
    }
    /* A call that moves nothing still deals with whom it calls. */
    for (size_t i = 0; !scope->assets_listed && i < intent->call_count; i++) {
        if (address_listed(question, &scope->counterparties, &intent->calls[i].target)) {
            return true;
        }
    }
    if (!scope->assets_listed && intent->to.len != 0 &&
        address_listed(question, &scope->counterparties, &intent->to)) {
        return true;
    }
    for (size_t i = 0; i < intent->movement_count; i++) {
        const zc_movement *movement = &intent->movements[i];
        if (movement->kind != ZC_MOVEMENT_FEE &&
            (!scope->assets_listed || asset_touched(question, scope, i)) &&
            (!scope->counterparties.listed || counterparty_touched(question, scope, movement))) {
            return true;
        }
    }
    return false;
}

bool zc_scope_touches(const zc_question *question, const zc_rule *rule)
{
    const zc_scope *scope = &rule->scope;
    const zc_intent *intent = question->intent;
    if (!asked_in_scope(question, scope)) {
        return false;
    }
    if (scope->chains.listed && rule->kind != ZC_RULE_RESTRICT_CHAINS) {
        bool on_list = intent->has_chain_id
                           ? chain_listed(question->mission, &scope->chains, intent->chain_id)
                           : intent->operation != ZC_OPERATION_MESSAGE;
        if (!on_list) {
            return false;
        }
    }
    if (!market_listed(question, scope) ||
        (scope->contracts.listed && !contract_touched(question, scope)) ||
        (scope->methods.listed && !methods_in_scope(question, scope, false))) {
        return false;
    }
    return movements_touched(question, scope);
}

bool zc_scope_chain_permitted(const zc_question *question, const zc_rule *rule)
{
    const zc_intent *intent = question->intent;
    if (!intent->has_chain_id) {
        return intent->operation == ZC_OPERATION_MESSAGE;
    }
    return chain_listed(question->mission, &rule->scope.chains, intent->chain_id);
}

bool zc_scope_spends(const zc_rule *rule, zc_movement_kind kind)
{
    switch (kind) {
    case ZC_MOVEMENT_OUT:
    case ZC_MOVEMENT_LOCK:
        return rule->measure == ZC_MEASURE_VALUE || rule->measure == ZC_MEASURE_NOTIONAL;
    case ZC_MOVEMENT_FEE:
        return rule->measure != ZC_MEASURE_ALLOWANCE;
    case ZC_MOVEMENT_ALLOWANCE:
        return rule->measure != ZC_MEASURE_FEE;
    case ZC_MOVEMENT_PULL:
    case ZC_MOVEMENT_RECEIVE:
    case ZC_MOVEMENT_CONTROL:
        break;
    }
    return false;
}

bool zc_scope_pays(const zc_question *question, const zc_rule *rule, const zc_movement *movement)
{
    return !rule->scope.counterparties.listed ||
           (movement->kind != ZC_MOVEMENT_FEE &&
            address_listed(question, &rule->scope.counterparties, &movement->to));
}
