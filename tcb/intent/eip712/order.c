/* Orders that somebody else fills: Seaport (NFT markets) and CoW Protocol. What is offered goes
 * out; what is asked for is expected and never relied on. */
#include "codec/cbor.h"
#include "intent/eip712/known.h"

/* Seaport's ItemType. */
enum { ITEM_NATIVE, ITEM_ERC20, ITEM_ERC721, ITEM_ERC1155, ITEM_ERC721_ANY, ITEM_ERC1155_ANY };

typedef struct item {
    uint8_t kind;
    zc_address token;
    zc_u256 identifier;
    zc_u256 start;
    zc_u256 end;
} item;

static zc_result read_item(zc_reader *reader, item *ret_item)
{
    zc_u256 kind;
    ZC_TRY(zc_cbor_get_u256(reader, &kind));
    ZC_TRY(zc_eip712_get_address(reader, &ret_item->token));
    ZC_TRY(zc_cbor_get_u256(reader, &ret_item->identifier));
    ZC_TRY(zc_cbor_get_u256(reader, &ret_item->start));
    ZC_TRY(zc_cbor_get_u256(reader, &ret_item->end));
    if (zc_u256_byte_len(&kind) > 1 || kind.limb[0] > ITEM_ERC1155_ANY) {
        return zc_fail(ZC_INTENT_TYPED_RANGE);
    }
    ret_item->kind = (uint8_t)kind.limb[0];
    return ZC_OK;
}

/* Amounts move from start to end while the order lives: the worse of the two is shown. An item "by
 * criteria" is any of a set of tokens that only a hash names. */
static zc_result add_item(const zc_eip712_meaning *meaning, zc_movement_kind kind, const item *what,
                          const zc_address *from, const zc_address *to)
{
    zc_movement movement = zc_eip712_token_movement(meaning, kind, &what->token);
    if (what->kind == ITEM_NATIVE) {
        movement.asset = zc_asset_id_native(meaning->chain);
    }
    movement.from = *from;
    movement.to = *to;
    movement.amount = kind == ZC_MOVEMENT_OUT ? zc_u256_max(&what->start, &what->end)
                                              : zc_u256_min(&what->start, &what->end);
    if (what->kind == ITEM_ERC721 || what->kind == ITEM_ERC1155) {
        movement.has_item = true;
        movement.item = what->identifier;
    } else if (what->kind == ITEM_ERC721_ANY || what->kind == ITEM_ERC1155_ANY) {
        meaning->intent->flags |= ZC_FLAG_PARTIAL_DECODE;
    }
    return zc_intent_add_movement(meaning->intent, &movement);
}

static zc_result read_offer(const zc_eip712_meaning *meaning, zc_reader *message,
                            const zc_address *offerer)
{
    static const zc_address anybody = {0};
    size_t count;
    ZC_TRY(zc_cbor_get_array(message, ZC_INTENT_MAX_MOVEMENTS, &count));
    for (size_t i = 0; i < count; i++) {
        item what;
        ZC_TRY(zc_eip712_enter(message, 5));
        ZC_TRY(read_item(message, &what));
        ZC_TRY(add_item(meaning, ZC_MOVEMENT_OUT, &what, offerer, &anybody));
    }
    return ZC_OK;
}

/* Who fills the order pays it. What goes to others (the market's fee, royalties) costs the account
 * nothing and is no movement of its. */
static zc_result read_consideration(const zc_eip712_meaning *meaning, zc_reader *message,
                                    const zc_address *offerer)
{
    static const zc_address anybody = {0};
    size_t count;
    ZC_TRY(zc_cbor_get_array(message, ZC_TYPED_DATA_MAX_VALUES, &count));
    for (size_t i = 0; i < count; i++) {
        item what;
        zc_address recipient;
        ZC_TRY(zc_eip712_enter(message, 6));
        ZC_TRY(read_item(message, &what));
        ZC_TRY(zc_eip712_get_address(message, &recipient));
        if (zc_address_eq(&recipient, offerer)) {
            ZC_TRY(add_item(meaning, ZC_MOVEMENT_RECEIVE, &what, &anybody, &recipient));
        }
    }
    return ZC_OK;
}

/* Of several orders, the last end counts: until then one of them can be filled. */
static void bound_expiry(zc_intent *intent, const zc_u256 *seconds)
{
    const uint64_t before = intent->has_expiry ? intent->expiry_ms : 0;
    zc_eip712_set_expiry(intent, seconds);
    if (before > intent->expiry_ms) {
        intent->expiry_ms = before;
    }
}

static zc_result read_order(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_address offerer;
    zc_address zone;
    zc_u256 number;
    zc_u256 end_time;
    uint8_t hash[32];
    ZC_TRY(zc_eip712_enter(message, 11));
    ZC_TRY(zc_eip712_get_address(message, &offerer));
    ZC_TRY(zc_eip712_get_address(message, &zone));
    ZC_TRY(read_offer(meaning, message, &offerer));
    ZC_TRY(read_consideration(meaning, message, &offerer));
    ZC_TRY(zc_cbor_get_u256(message, &number)); /* orderType */
    ZC_TRY(zc_cbor_get_u256(message, &number)); /* startTime */
    ZC_TRY(zc_cbor_get_u256(message, &end_time));
    ZC_TRY(zc_cbor_get_fixed_bytes(message, hash, sizeof(hash))); /* zoneHash */
    ZC_TRY(zc_cbor_get_u256(message, &number));                   /* salt */
    ZC_TRY(zc_cbor_get_fixed_bytes(message, hash, sizeof(hash))); /* conduitKey */
    ZC_TRY(zc_cbor_get_u256(message, &number));                   /* counter */
    bound_expiry(meaning->intent, &end_time);
    return ZC_OK;
}

zc_result zc_eip712_read_seaport(const zc_eip712_meaning *meaning, zc_reader *message)
{
    ZC_TRY(read_order(meaning, message));
    meaning->intent->operation = ZC_OPERATION_SWAP;
    return ZC_OK;
}

/* "BulkOrder(OrderComponents[2][2]… tree)": each leaf is an order of its own, and all of them may
 * be filled. */
bool zc_eip712_is_seaport_bulk(const zc_eip712_meaning *meaning)
{
    static const char tail[] = ZC_EIP712_SEAPORT_ITEMS ZC_EIP712_SEAPORT_ORDER;
    const zc_eip712_types *types = meaning->types;
    const zc_eip712_type *type = &types->type[types->primary];
    const zc_eip712_member *tree = &types->member[type->first];
    if (!zc_slice_eq_text(type->name, "BulkOrder") || type->count != 1 || tree->dims == 0 ||
        !zc_slice_eq_text(tree->name, "tree")) {
        return false;
    }
    for (size_t i = 0; i < tree->dims; i++) {
        if (types->dim[tree->first_dim + i] != 2) {
            return false;
        }
    }
    const size_t head = sizeof("BulkOrder(OrderComponents tree)") - 1 + 3 * (size_t)tree->dims;
    return meaning->text.len > head &&
           zc_slice_eq_text(zc_slice_of(meaning->text.data + head, meaning->text.len - head), tail);
}

/* The tree is walked in its order on the wire: a node's two halves follow its head. */
zc_result zc_eip712_read_seaport_bulk(const zc_eip712_meaning *meaning, zc_reader *message)
{
    const zc_eip712_types *types = meaning->types;
    const unsigned height = types->member[types->type[types->primary].first].dims;
    ZC_TRY(zc_eip712_enter(message, 1));
    for (size_t leaf = 0; leaf < (size_t)1 << height; leaf++) {
        for (unsigned level = 0; level < height; level++) {
            /* A head stands before the leaf that is the first below it. */
            if ((leaf & (((size_t)1 << (height - level)) - 1)) == 0) {
                ZC_TRY(zc_eip712_enter(message, 2));
            }
        }
        ZC_TRY(read_order(meaning, message));
    }
    meaning->intent->operation = ZC_OPERATION_BATCH;
    return ZC_OK;
}

static zc_result get_marker(zc_reader *message, const char *usual, bool *ret_is_usual)
{
    zc_slice text;
    ZC_TRY(zc_cbor_get_text(message, &text));
    *ret_is_usual = *ret_is_usual && zc_slice_eq_text(text, usual);
    return ZC_OK;
}

/* Balances held in Balancer's vault ("internal", "external") are other assets than those of the
 * token: they are flagged. */
static zc_result read_cow_tail(const zc_eip712_meaning *meaning, zc_reader *message)
{
    zc_slice kind;
    bool partly;
    bool is_usual = true;
    ZC_TRY(zc_cbor_get_text(message, &kind));
    ZC_TRY(zc_cbor_get_bool(message, &partly));
    ZC_TRY(get_marker(message, "erc20", &is_usual));
    ZC_TRY(get_marker(message, "erc20", &is_usual));
    if (!zc_slice_eq_text(kind, "sell") && !zc_slice_eq_text(kind, "buy")) {
        return zc_fail(ZC_INTENT_TYPED_RANGE);
    }
    if (!is_usual) {
        meaning->intent->flags |= ZC_FLAG_PARTIAL_DECODE;
    }
    return ZC_OK;
}

/* The zero address as receiver is the owner. */
zc_result zc_eip712_read_cow_order(const zc_eip712_meaning *meaning, zc_reader *message)
{
    static const zc_address nobody = {0};
    zc_address sold;
    zc_address bought;
    zc_address receiver;
    zc_u256 sold_amount;
    zc_u256 bought_amount;
    zc_u256 valid_to;
    zc_u256 fee;
    uint8_t app_data[32];
    ZC_TRY(zc_eip712_enter(message, 12));
    ZC_TRY(zc_eip712_get_address(message, &sold));
    ZC_TRY(zc_eip712_get_address(message, &bought));
    ZC_TRY(zc_eip712_get_address(message, &receiver));
    ZC_TRY(zc_cbor_get_u256(message, &sold_amount));
    ZC_TRY(zc_cbor_get_u256(message, &bought_amount));
    ZC_TRY(zc_cbor_get_u256(message, &valid_to));
    ZC_TRY(zc_cbor_get_fixed_bytes(message, app_data, sizeof(app_data)));
    ZC_TRY(zc_cbor_get_u256(message, &fee));
    ZC_TRY(read_cow_tail(meaning, message));
    const bool is_own = zc_eip712_is_zero_address(&receiver);
    zc_movement out = zc_eip712_token_movement(meaning, ZC_MOVEMENT_OUT, &sold);
    out.amount = zc_eip712_add_or_max(&sold_amount, &fee);
    /* Whoever receives is whom the money goes to in the end. */
    out.to = is_own || zc_address_eq(&receiver, &meaning->intent->account) ? nobody : receiver;
    zc_movement receive = zc_eip712_token_movement(meaning, ZC_MOVEMENT_RECEIVE, &bought);
    receive.from = nobody;
    receive.to = is_own ? meaning->intent->account : receiver;
    receive.amount = bought_amount;
    ZC_TRY(zc_intent_add_movement(meaning->intent, &out));
    if (out.to.len == 0) {
        ZC_TRY(zc_intent_add_movement(meaning->intent, &receive));
    }
    zc_eip712_set_expiry(meaning->intent, &valid_to);
    meaning->intent->operation = ZC_OPERATION_SWAP;
    return ZC_OK;
}
