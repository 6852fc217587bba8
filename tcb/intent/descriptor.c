#include "intent/descriptor.h"

int zc_descriptor_compare(const zc_descriptor *a, const zc_descriptor *b)
{
    int order = memcmp(a->selector, b->selector, ZC_SELECTOR_SIZE);
    if (order == 0) {
        order = zc_address_compare(&a->contract, &b->contract);
    }
    if (order == 0) {
        order = a->chain_id < b->chain_id ? -1 : a->chain_id > b->chain_id;
    }
    return order < 0 ? -1 : order > 0;
}

static const zc_descriptor *find_exactly(const zc_descriptor_set *set, const zc_descriptor *key)
{
    size_t low = 0;
    size_t high = set->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (zc_descriptor_compare(&set->items[middle], key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < set->count && zc_descriptor_compare(&set->items[low], key) == 0 ? &set->items[low]
                                                                                 : NULL;
}

const zc_descriptor *zc_descriptor_find(const zc_descriptor_set *set, uint64_t chain_id,
                                        const zc_address *contract,
                                        const uint8_t selector[static ZC_SELECTOR_SIZE])
{
    if (set == NULL || set->count == 0) {
        return NULL;
    }
    const zc_address any = {0};
    const zc_address *const contracts[] = {contract, &any};
    const uint64_t chains[] = {chain_id, 0};
    zc_descriptor key;
    memcpy(key.selector, selector, ZC_SELECTOR_SIZE);
    for (size_t i = 0; i < 4; i++) {
        key.contract = *contracts[i / 2];
        key.chain_id = chains[i % 2];
        const zc_descriptor *found = find_exactly(set, &key);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

static bool is_plain_name(const char *text, size_t size)
{
    size_t len = strnlen(text, size);
    for (size_t i = 0; i < len; i++) {
        if (text[i] < ' ' || text[i] > '~') {
            return false;
        }
    }
    return len > 0 && len < size;
}

/* The types of a descriptor: where each begins and how many arrays hold it. */
typedef struct zc_leaves {
    const zc_descriptor *descriptor;
    zc_abi_shape shape[ZC_ABI_MAX_TYPES];
    uint8_t arrays[ZC_ABI_MAX_TYPES];
} zc_leaves;

static zc_result open_leaves(const zc_descriptor *descriptor, zc_leaves *leaves)
{
    const zc_slice types = zc_slice_of(descriptor->types, descriptor->types_len);
    memset(leaves, 0, sizeof(*leaves));
    leaves->descriptor = descriptor;
    if (descriptor->types_len > ZC_ABI_MAX_TYPES) {
        return zc_fail(ZC_INTENT_DESCRIPTOR);
    }
    ZC_TRY(zc_abi_shape_types(types, leaves->shape));
    for (size_t at = 0; at < types.len; at++) {
        const uint8_t type = types.data[at];
        if (leaves->shape[at].end == 0 || (type != ZC_ABI_ARRAY && type != ZC_ABI_ARRAY_OF)) {
            continue;
        }
        for (size_t within = at + 1; within < leaves->shape[at].end; within++) {
            leaves->arrays[within]++;
        }
    }
    return ZC_OK;
}

static bool is_leaf(const zc_leaves *leaves, uint8_t place)
{
    return place < leaves->descriptor->types_len && leaves->shape[place].end != 0 &&
           zc_abi_is_leaf(leaves->descriptor->types[place]);
}

static bool is_uint(const zc_leaves *leaves, uint8_t place)
{
    return is_leaf(leaves, place) && leaves->descriptor->types[place] <= ZC_ABI_UINT256;
}

static bool is_address(const zc_leaves *leaves, uint8_t place)
{
    return is_leaf(leaves, place) && leaves->descriptor->types[place] == ZC_ABI_ADDRESS;
}

static bool is_sound_field(const zc_leaves *leaves, const zc_descriptor_field *field)
{
    const uint8_t leaf = field->leaf;
    if (!is_leaf(leaves, leaf) || !is_plain_name(field->label, sizeof(field->label))) {
        return false;
    }
    const bool has_token = field->format == ZC_FORMAT_TOKEN_AMOUNT;
    if (has_token ? field->token != ZC_DESCRIPTOR_CALLEE && !is_address(leaves, field->token)
                  : field->token != ZC_DESCRIPTOR_NOTHING) {
        return false;
    }
    switch (field->format) {
    case ZC_FORMAT_RAW:
        return true;
    case ZC_FORMAT_ADDRESS:
        return is_address(leaves, leaf);
    case ZC_FORMAT_TOKEN_AMOUNT:
    case ZC_FORMAT_NATIVE_AMOUNT:
    case ZC_FORMAT_DATE:
    case ZC_FORMAT_DURATION:
        return is_uint(leaves, leaf);
    default:
        return false;
    }
}

/* Elements of arrays within arrays have no one place in a row. */
static bool is_flat(const zc_leaves *leaves, uint8_t place)
{
    return place >= ZC_ABI_MAX_TYPES || leaves->arrays[place] <= 1;
}

static bool is_party(const zc_leaves *leaves, uint8_t place)
{
    return place == ZC_DESCRIPTOR_CALLEE || place == ZC_DESCRIPTOR_CALLER ||
           is_address(leaves, place);
}

static bool is_sound_asset(const zc_leaves *leaves, const zc_descriptor_movement *movement)
{
    const uint8_t asset = movement->asset;
    if (movement->item == ZC_DESCRIPTOR_FIRST || movement->item == ZC_DESCRIPTOR_LAST) {
        return is_leaf(leaves, asset) &&
               (leaves->descriptor->types[asset] == ZC_ABI_BYTES
                    ? leaves->arrays[asset] == 0
                    : is_address(leaves, asset) && leaves->arrays[asset] == 1);
    }
    return (asset == ZC_DESCRIPTOR_NOTHING || asset == ZC_DESCRIPTOR_CALLEE ||
            is_address(leaves, asset)) &&
           (movement->item == ZC_DESCRIPTOR_NOTHING || is_uint(leaves, movement->item));
}

static bool is_sound_movement(const zc_leaves *leaves, const zc_descriptor_movement *movement)
{
    const bool has_item = movement->item < ZC_ABI_MAX_TYPES;
    const bool has_amount = movement->amount == ZC_DESCRIPTOR_VALUE ||
                            is_uint(leaves, movement->amount) ||
                            (movement->amount == ZC_DESCRIPTOR_NOTHING &&
                             (has_item || movement->kind == ZC_MOVEMENT_CONTROL));
    return movement->kind != ZC_MOVEMENT_FEE &&
           zc_movement_kind_name((zc_movement_kind)movement->kind) != NULL && has_amount &&
           is_sound_asset(leaves, movement) && is_party(leaves, movement->from) &&
           (movement->to == ZC_DESCRIPTOR_NOTHING || is_party(leaves, movement->to)) &&
           is_flat(leaves, movement->asset) && is_flat(leaves, movement->from) &&
           is_flat(leaves, movement->to) && is_flat(leaves, movement->amount) &&
           is_flat(leaves, movement->item);
}

static bool is_sound_head(const zc_descriptor *descriptor)
{
    return descriptor->chain_id < ZC_CHAIN_TAG &&
           (descriptor->contract.len == 0 || descriptor->contract.len == ZC_EVM_ADDRESS_SIZE) &&
           zc_operation_name((zc_operation)descriptor->operation) != NULL &&
           descriptor->field_count <= ZC_DESCRIPTOR_MAX_FIELDS &&
           descriptor->movement_count <= ZC_DESCRIPTOR_MAX_MOVEMENTS &&
           is_plain_name(descriptor->name, sizeof(descriptor->name));
}

zc_result zc_descriptor_check(const zc_descriptor *descriptor)
{
    zc_leaves leaves;
    if (!is_sound_head(descriptor)) {
        return zc_fail(ZC_INTENT_DESCRIPTOR);
    }
    ZC_TRY(open_leaves(descriptor, &leaves));
    for (size_t i = 0; i < descriptor->field_count; i++) {
        if (!is_sound_field(&leaves, &descriptor->fields[i])) {
            return zc_fail(ZC_INTENT_DESCRIPTOR);
        }
    }
    for (size_t i = 0; i < descriptor->movement_count; i++) {
        if (!is_sound_movement(&leaves, &descriptor->movements[i])) {
            return zc_fail(ZC_INTENT_DESCRIPTOR);
        }
    }
    return ZC_OK;
}

zc_result zc_descriptor_set_check(const zc_descriptor_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        ZC_TRY(zc_descriptor_check(&set->items[i]));
        if (i > 0 && zc_descriptor_compare(&set->items[i - 1], &set->items[i]) >= 0) {
            return zc_fail(ZC_INTENT_DESCRIPTOR);
        }
    }
    return ZC_OK;
}
