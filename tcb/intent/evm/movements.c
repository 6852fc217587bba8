/* What a call moves, from the templates of its method or descriptor. */
#include "intent/evm/scope.h"

/* Uniswap V3's packed path: token, then fee and token once or more. */
#define PATH_FEE 3
#define PATH_HOP (ZC_EVM_ADDRESS_SIZE + PATH_FEE)

/* An allowance that nobody means to use up: half of all 256-bit numbers and more, or all ones of a
 * narrower type (tokens with 96-bit balances take 2^96 − 1 as infinite). */
static bool is_unlimited(const zc_u256 *amount)
{
    if (amount->limb[3] >> 63 != 0) {
        return true;
    }
    zc_u256 next;
    if (!zc_ok(zc_u256_add(amount, &(zc_u256){{1, 0, 0, 0}}, &next))) {
        return true;
    }
    int bits = 0;
    for (size_t i = 0; i < 4; i++) {
        bits += __builtin_popcountll(next.limb[i]);
    }
    bool at_least_96_bits = (amount->limb[1] >> 31 | amount->limb[2] | amount->limb[3]) != 0;
    return bits == 1 && at_least_96_bits;
}

/* What contracts take for the native asset where a token is wanted: zero, and 0xee…ee. */
static bool is_native_mark(const zc_address *token)
{
    bool zero = true;
    bool marked = true;
    for (size_t i = 0; i < token->len; i++) {
        zero = zero && token->byte[i] == 0;
        marked = marked && token->byte[i] == 0xee;
    }
    return zero || marked;
}

static void put_token(uint64_t chain_id, const zc_address *token, zc_asset_id *ret_asset)
{
    ret_asset->kind = ZC_ASSET_TOKEN;
    ret_asset->token_len = token->len;
    ret_asset->chain_id = chain_id;
    memcpy(ret_asset->token, token->byte, ZC_EVM_ADDRESS_SIZE);
}

static void put_native(uint64_t chain_id, zc_asset_id *ret_asset)
{
    ret_asset->kind = ZC_ASSET_NATIVE;
    ret_asset->token_len = 0;
    ret_asset->chain_id = chain_id;
}

static void put_asset(uint64_t chain_id, const zc_address *token, zc_asset_id *ret_asset)
{
    if (is_native_mark(token)) {
        put_native(chain_id, ret_asset);
    } else {
        put_token(chain_id, token, ret_asset);
    }
}

void zc_evm_place_address(const zc_evm_scope *scope, uint8_t place, const zc_abi_leaf *leaf,
                          zc_address *ret_address)
{
    if (place == ZC_DESCRIPTOR_CALLEE) {
        *ret_address = scope->call->target;
    } else if (place == ZC_DESCRIPTOR_CALLER) {
        *ret_address = scope->call->actor;
    } else if (place != ZC_DESCRIPTOR_NOTHING && leaf != NULL) {
        zc_evm_value_put_address(leaf, ret_address);
    } else {
        *ret_address = (zc_address){0};
    }
}

/* Routers write short numbers in place of the sender and of themselves. */
static void put_recipient(const zc_evm_scope *scope, uint8_t place, const zc_abi_leaf *leaf,
                          zc_address *to)
{
    zc_evm_place_address(scope, place, leaf, to);
    if (scope->router == 0 || leaf == NULL) {
        return;
    }
    for (size_t i = 0; i + 1 < ZC_EVM_ADDRESS_SIZE; i++) {
        if (to->byte[i] != 0) {
            return;
        }
    }
    uint8_t number = to->byte[ZC_EVM_ADDRESS_SIZE - 1];
    if (scope->router == 1 ? number == 0 : number == 2) {
        *to = scope->call->target;
    } else if (scope->router == 2 && number == 1) {
        *to = scope->call->actor;
    }
}

static void mark_allowance(const zc_evm_scope *scope, const zc_movement *movement)
{
    if (movement->kind == ZC_MOVEMENT_ALLOWANCE && is_unlimited(&movement->amount)) {
        scope->intent->flags |= ZC_FLAG_UNLIMITED_APPROVAL;
    }
}

zc_result zc_evm_add_movement(const zc_evm_scope *scope, zc_movement *movement)
{
    movement->call = scope->index;
    mark_allowance(scope, movement);
    return zc_intent_add_movement(scope->intent, movement);
}

/* The columns of one template. */
typedef struct zc_row_source {
    zc_evm_column asset, from, to, amount, item;
} zc_row_source;

/* How many rows a template has: one, or one for each element of its arrays, which must be equally
 * long. */
static bool merge_rows(const zc_evm_scope *scope, uint8_t place, zc_evm_column *ret_column,
                       bool *ret_is_array, uint16_t *ret_rows)
{
    *ret_column = (zc_evm_column){.at = UINT16_MAX};
    if (!zc_evm_is_leaf_place(place)) {
        return true;
    }
    *ret_column = zc_evm_column_of(scope->values, place);
    if (ret_column->is_repeated) {
        return true;
    }
    bool fits = !*ret_is_array || *ret_rows == ret_column->count;
    *ret_is_array = true;
    *ret_rows = ret_column->count;
    return fits;
}

static bool is_path(const zc_descriptor_movement *template)
{
    return template->item == ZC_DESCRIPTOR_FIRST || template->item == ZC_DESCRIPTOR_LAST;
}

static bool open_rows(const zc_evm_scope *scope, const zc_descriptor_movement *template,
                      zc_row_source *ret_source, uint16_t *ret_rows)
{
    bool is_array = false;
    *ret_rows = 1;
    uint8_t asset = is_path(template) ? ZC_DESCRIPTOR_NOTHING : template->asset;
    return merge_rows(scope, asset, &ret_source->asset, &is_array, ret_rows) &&
           merge_rows(scope, template->from, &ret_source->from, &is_array, ret_rows) &&
           merge_rows(scope, template->to, &ret_source->to, &is_array, ret_rows) &&
           merge_rows(scope, template->amount, &ret_source->amount, &is_array, ret_rows) &&
           merge_rows(scope, template->item, &ret_source->item, &is_array, ret_rows);
}

/* The token at one end of a path. */
static bool path_token(const zc_evm_scope *scope, const zc_descriptor_movement *template,
                       zc_address *ret_token)
{
    bool first = template->item == ZC_DESCRIPTOR_FIRST;
    const zc_abi_leaf *leaf = first ? zc_evm_value_first(scope->values, template->asset)
                                    : zc_evm_value_last(scope->values, template->asset);
    if (leaf == NULL) {
        return false;
    }
    if (leaf->type == ZC_ABI_ADDRESS) {
        *ret_token = zc_evm_value_address(leaf);
        return true;
    }
    const zc_slice path = leaf->value;
    if (path.len < PATH_HOP + ZC_EVM_ADDRESS_SIZE ||
        (path.len - ZC_EVM_ADDRESS_SIZE) % PATH_HOP != 0) {
        return false;
    }
    *ret_token = zc_address_of_evm(first ? path.data : path.data + path.len - ZC_EVM_ADDRESS_SIZE);
    return true;
}

static bool put_asset_of(const zc_evm_scope *scope, const zc_descriptor_movement *template,
                         const zc_abi_leaf *leaf, zc_asset_id *ret_asset)
{
    const uint64_t chain_id = scope->intent->chain_id;
    zc_address token;
    if (is_path(template)) {
        if (!path_token(scope, template, &token)) {
            return false;
        }
        put_asset(chain_id, &token, ret_asset);
    } else if (template->asset == ZC_DESCRIPTOR_NOTHING) {
        put_native(chain_id, ret_asset);
    } else if (template->asset == ZC_DESCRIPTOR_CALLEE) {
        put_token(chain_id, &scope->call->target, ret_asset);
    } else {
        zc_evm_place_address(scope, template->asset, leaf, &token);
        put_asset(chain_id, &token, ret_asset);
    }
    return true;
}

static zc_u256 amount_of(const zc_evm_scope *scope, const zc_descriptor_movement *template,
                         const zc_abi_leaf *leaf)
{
    if (leaf != NULL) {
        return zc_evm_value_number(leaf);
    }
    if (template->amount == ZC_DESCRIPTOR_VALUE) {
        return scope->call->value;
    }
    return template->kind == ZC_MOVEMENT_CONTROL ? ZC_U256_ZERO : zc_u256_of(1);
}

/* Whose loss or gain it really is. What an account's own allowance takes leaves the account; what a
 * swap brings to somebody else, the account gives to them; what a router keeps is on its way. */
static bool settle_kind(const zc_evm_scope *scope, zc_movement *movement)
{
    const zc_evm_call *call = scope->call;
    if (movement->kind == ZC_MOVEMENT_PULL &&
        (zc_address_eq(&movement->from, &call->actor) ||
         zc_address_eq(&movement->from, &scope->intent->account))) {
        movement->kind = ZC_MOVEMENT_OUT;
    }
    if (movement->kind == ZC_MOVEMENT_RECEIVE && !zc_address_eq(&movement->to, &call->actor)) {
        if (scope->router != 0 && zc_address_eq(&movement->to, &call->target)) {
            return false;
        }
        movement->kind = ZC_MOVEMENT_OUT;
        movement->from = call->actor;
    }
    return movement->kind != ZC_MOVEMENT_OUT || !scope->skips_out ||
           !zc_address_eq(&movement->to, &call->target);
}

/* Straight into the intent, where it counts once it is whole. */
static zc_result add_row(const zc_evm_scope *scope, const zc_descriptor_movement *template,
                         zc_row_source *source)
{
    zc_intent *intent = scope->intent;
    zc_movement *movement;
    const zc_abi_leaf *asset = zc_evm_column_next(&source->asset);
    const zc_abi_leaf *from = zc_evm_column_next(&source->from);
    const zc_abi_leaf *to = zc_evm_column_next(&source->to);
    const zc_abi_leaf *amount = zc_evm_column_next(&source->amount);
    const zc_abi_leaf *item = zc_evm_column_next(&source->item);
    ZC_TRY(zc_intent_next_movement(intent, &movement));
    movement->kind = (zc_movement_kind) template->kind;
    movement->call = scope->index;
    if (!put_asset_of(scope, template, asset, &movement->asset)) {
        return zc_fail(ZC_INTENT_NOT_READ);
    }
    zc_evm_place_address(scope, template->from, from, &movement->from);
    put_recipient(scope, template->to, to, &movement->to);
    movement->amount = amount_of(scope, template, amount);
    movement->has_item = item != NULL;
    movement->item = item != NULL ? zc_evm_value_number(item) : ZC_U256_ZERO;
    if (settle_kind(scope, movement)) {
        mark_allowance(scope, movement);
        intent->movement_count++;
    }
    return ZC_OK;
}

zc_result zc_evm_add_movements(const zc_evm_scope *scope, const zc_descriptor_movement *movements,
                               size_t count)
{
    const uint32_t before = scope->intent->movement_count;
    for (size_t i = 0; i < count; i++) {
        zc_row_source source;
        uint16_t rows;
        zc_result result = ZC_OK;
        if (!open_rows(scope, &movements[i], &source, &rows)) {
            result = zc_fail(ZC_INTENT_NOT_READ);
        }
        for (uint16_t row = 0; zc_ok(result) && row < rows; row++) {
            result = add_row(scope, &movements[i], &source);
        }
        if (!zc_ok(result)) {
            scope->intent->movement_count = before;
            return result;
        }
    }
    return ZC_OK;
}
