#include "codec/abi.h"

#include <endian.h>

static bool is_blob(uint8_t type)
{
    return type == ZC_ABI_BYTES || type == ZC_ABI_STRING;
}

/* Bytes of a type's own code: a fixed array and a tuple have a count behind it. */
static size_t code_len(uint8_t type)
{
    return type == ZC_ABI_ARRAY_OF || type == ZC_ABI_TUPLE ? 2 : 1;
}

/* Marks where types begin, front to back. Returns how many there are, 0 if one is unknown. */
static size_t find_types(zc_slice types, uint8_t ret_at[static ZC_ABI_MAX_TYPES])
{
    size_t count = 0;
    for (size_t at = 0; at < types.len; at += code_len(types.data[at])) {
        uint8_t type = types.data[at];
        bool nests = type >= ZC_ABI_ARRAY && type <= ZC_ABI_TUPLE;
        if (!zc_abi_is_leaf(type) && !nests) {
            return 0;
        }
        if (code_len(type) == 2 && (at + 1 >= types.len || types.data[at + 1] == 0)) {
            return 0;
        }
        ret_at[count++] = (uint8_t)at;
    }
    return count;
}

/* A tuple's items stand one after the other; an array's is one. */
static bool shape_items(zc_slice types, size_t at, size_t items, const zc_abi_shape *shape,
                        zc_abi_shape *ret_shape)
{
    size_t next = at + code_len(types.data[at]);
    size_t words = 0;
    for (size_t i = 0; i < items; i++) {
        if (next >= types.len) {
            return false;
        }
        words += shape[next].words;
        ret_shape->is_dynamic = ret_shape->is_dynamic || shape[next].is_dynamic;
        if (shape[next].height >= ret_shape->height) {
            ret_shape->height = (uint8_t)(shape[next].height + 1);
        }
        next = shape[next].end;
    }
    ret_shape->end = (uint8_t)next;
    if (types.data[at] == ZC_ABI_ARRAY_OF) {
        words *= types.data[at + 1];
    }
    if (words > ZC_ABI_MAX_HEAD || ret_shape->height > ZC_ABI_MAX_DEPTH) {
        return false;
    }
    ret_shape->words = (uint16_t)words;
    return true;
}

static bool shape_one(zc_slice types, size_t at, zc_abi_shape *shape)
{
    uint8_t type = types.data[at];
    zc_abi_shape out = {.end = (uint8_t)(at + 1), .is_dynamic = is_blob(type), .words = 1};
    if (!zc_abi_is_leaf(type)) {
        out.is_dynamic = type == ZC_ABI_ARRAY;
        if (!shape_items(types, at, type == ZC_ABI_TUPLE ? types.data[at + 1] : 1, shape, &out)) {
            return false;
        }
        if (out.is_dynamic) {
            out.words = 1;
        }
    }
    shape[at] = out;
    return true;
}

zc_result zc_abi_shape_types(zc_slice types, zc_abi_shape ret_shape[static ZC_ABI_MAX_TYPES])
{
    uint8_t at[ZC_ABI_MAX_TYPES];
    if (types.len > ZC_ABI_MAX_TYPES) {
        return zc_fail(ZC_CODEC_ABI_TYPES);
    }
    size_t count = find_types(types, at);
    if (count == 0 && types.len != 0) {
        return zc_fail(ZC_CODEC_ABI_TYPES);
    }
    /* What a type holds stands behind it, so from the back each is known when it is needed. */
    for (size_t i = count; i-- > 0;) {
        if (!shape_one(types, at[i], ret_shape)) {
            return zc_fail(ZC_CODEC_ABI_TYPES);
        }
    }
    return ZC_OK;
}

static zc_result words_at(const zc_abi_walk *walk, size_t at, size_t words)
{
    return at <= walk->data.len && (walk->data.len - at) / ZC_ABI_WORD >= words
               ? ZC_OK
               : zc_fail(ZC_BASE_TRUNCATED);
}

static const uint8_t *word(const zc_abi_walk *walk, size_t at)
{
    return walk->data.data + at;
}

/* Of a word that the data holds, by eights: calls spend their time on these. */
static uint64_t limb(const uint8_t *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof(value));
    return be64toh(value);
}

/* Whether the first `len` bytes of a word, at most all of them, are `with`: 0 or 0xff. */
static bool is_filled(const uint8_t *bytes, size_t len, uint8_t with)
{
    static const uint8_t zeros[ZC_ABI_WORD];
    uint8_t turned[ZC_ABI_WORD];
    if (with == 0) {
        return memcmp(bytes, zeros, len) == 0;
    }
    for (size_t i = 0; i < len; i++) {
        turned[i] = (uint8_t)~bytes[i];
    }
    return memcmp(turned, zeros, len) == 0;
}

/* A length, a count or an offset: no data is as long as 2^32. */
static zc_result get_size(const zc_abi_walk *walk, size_t at, size_t *ret_size)
{
    ZC_TRY(words_at(walk, at, 1));
    const uint8_t *bytes = word(walk, at);
    const uint64_t low = limb(bytes + 24);
    if ((limb(bytes) | limb(bytes + 8) | limb(bytes + 16)) != 0 || low > UINT32_MAX) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    *ret_size = (size_t)low;
    return ZC_OK;
}

/* Whether the bits outside of the value are what they must be. */
static bool is_clean(uint8_t type, const uint8_t *bytes)
{
    switch (type) {
    case ZC_ABI_UINT256:
    case ZC_ABI_BYTES32:
        return true;
    case ZC_ABI_ADDRESS:
        return limb(bytes) == 0 && limb(bytes + 8) <= UINT32_MAX;
    case ZC_ABI_BOOL:
        return (limb(bytes) | limb(bytes + 8) | limb(bytes + 16)) == 0 && limb(bytes + 24) <= 1;
    default:
        break;
    }
    if (type <= ZC_ABI_INT) {
        return is_filled(bytes, 32u - type, 0);
    }
    if (type <= ZC_ABI_FIXED) {
        size_t above = 32u - (type - ZC_ABI_INT);
        return is_filled(bytes, above, bytes[above] >> 7 != 0 ? 0xff : 0);
    }
    size_t len = type - ZC_ABI_FIXED;
    return is_filled(bytes + len, 32 - len, 0);
}

zc_result zc_abi_walk_begin(zc_abi_walk *walk, zc_slice types, zc_slice data)
{
    walk->types = (zc_slice){0};
    walk->items = 0;
    walk->words = 0;
    walk->is_flat = true;
    ZC_TRY(zc_abi_shape_types(types, walk->shape));
    for (size_t at = 0; at < types.len; at = walk->shape[at].end) {
        walk->words += walk->shape[at].words;
        walk->items++;
        walk->is_flat = walk->is_flat && zc_abi_is_leaf(types.data[at]) && !is_blob(types.data[at]);
    }
    walk->types = types;
    return zc_abi_walk_again(walk, data);
}

zc_result zc_abi_walk_again(zc_abi_walk *walk, zc_slice data)
{
    walk->data = data;
    walk->depth = 1;
    ZC_TRY(words_at(walk, 0, walk->words));
    walk->tail = (size_t)walk->words * ZC_ABI_WORD;
    walk->frame[0] = (zc_abi_frame){.left = walk->items};
    return ZC_OK;
}

/* A frame for what is within the item of `type` that `parent` has at hand, in its place above the
 * open ones; open_frame() makes it one of them. */
static zc_result frame_within(zc_abi_walk *walk, const zc_abi_frame *parent, size_t type,
                              uint16_t index, size_t base, zc_abi_frame **ret_frame)
{
    uint8_t code = walk->types.data[type];
    bool is_array = code != ZC_ABI_TUPLE;
    if (walk->depth > ZC_ABI_MAX_DEPTH) {
        return zc_fail(ZC_CODEC_ABI_TYPES);
    }
    zc_abi_frame *frame = &walk->frame[walk->depth];
    frame->is_array = is_array;
    frame->type = (uint8_t)(type + code_len(code));
    frame->arrays = (uint8_t)(parent->arrays + (is_array ? 1 : 0));
    frame->index = is_array ? 0 : index;
    frame->left = code == ZC_ABI_ARRAY ? 0 : walk->types.data[type + 1];
    frame->base = base;
    frame->head = base;
    *ret_frame = frame;
    return ZC_OK;
}

/* Its heads begin at its base and take `words`. */
static zc_result open_frame(zc_abi_walk *walk, const zc_abi_frame *frame, size_t words)
{
    ZC_TRY(words_at(walk, frame->base, words));
    walk->depth++;
    return ZC_OK;
}

/* The words of the heads of what is within a type that has its value in the tail. */
static size_t inner_words(const zc_abi_walk *walk, const zc_abi_frame *frame)
{
    size_t words = 0;
    size_t type = frame->type;
    if (frame->is_array) {
        return (size_t)frame->left * walk->shape[type].words;
    }
    for (size_t i = 0; i < frame->left; i++) {
        words += walk->shape[type].words;
        type = walk->shape[type].end;
    }
    return words;
}

/* Content, and zeros to the end of its last word. */
static zc_result take_blob(zc_abi_walk *walk, zc_slice *ret_value)
{
    size_t len;
    ZC_TRY(get_size(walk, walk->tail, &len));
    size_t words = len / ZC_ABI_WORD + (len % ZC_ABI_WORD != 0 ? 1 : 0);
    size_t start = walk->tail + ZC_ABI_WORD;
    ZC_TRY(words_at(walk, start, words));
    if (!is_filled(walk->data.data + start + len, words * ZC_ABI_WORD - len, 0)) {
        return zc_fail(ZC_CODEC_ABI_DIRTY);
    }
    *ret_value = zc_slice_of(walk->data.data + start, len);
    walk->tail = start + words * ZC_ABI_WORD;
    return ZC_OK;
}

/* The value of a dynamic tuple or array begins where the tails have come to. */
static zc_result open_tail(zc_abi_walk *walk, const zc_abi_frame *parent, size_t type,
                           uint16_t index)
{
    zc_abi_frame *frame;
    ZC_TRY(frame_within(walk, parent, type, index, walk->tail, &frame));
    if (walk->types.data[type] == ZC_ABI_ARRAY) {
        size_t count;
        ZC_TRY(get_size(walk, walk->tail, &count));
        if (count > ZC_ABI_MAX_ELEMENTS) {
            return zc_fail(ZC_CODEC_TOO_MANY);
        }
        frame->left = (uint16_t)count;
        frame->base += ZC_ABI_WORD;
        frame->head = frame->base;
    }
    size_t words = inner_words(walk, frame);
    ZC_TRY(open_frame(walk, frame, words));
    walk->tail = frame->base + words * ZC_ABI_WORD;
    return ZC_OK;
}

static zc_result open_inline(zc_abi_walk *walk, const zc_abi_frame *parent, size_t type,
                             uint16_t index, size_t base)
{
    zc_abi_frame *frame;
    ZC_TRY(frame_within(walk, parent, type, index, base, &frame));
    return open_frame(walk, frame, walk->shape[type].words);
}

/* Takes the next item of the innermost frame. `*ret_is_leaf`: it is one; else it has been opened.
 */
static inline zc_result take_item(zc_abi_walk *walk, zc_abi_leaf *ret_leaf, bool *ret_is_leaf)
{
    zc_abi_frame *frame = &walk->frame[walk->depth - 1];
    const size_t type = frame->type;
    const zc_abi_shape *shape = &walk->shape[type];
    const size_t head = frame->head;
    const uint16_t index = frame->index;
    const uint8_t code = walk->types.data[type];
    const bool is_leaf = zc_abi_is_leaf(code);
    zc_slice value = zc_slice_of(word(walk, head), ZC_ABI_WORD);
    *ret_is_leaf = is_leaf;
    frame->left--;
    frame->head += (size_t)shape->words * ZC_ABI_WORD;
    if (frame->is_array) {
        frame->index++;
    } else {
        frame->type = shape->end;
    }
    if (shape->is_dynamic) {
        size_t offset;
        ZC_TRY(get_size(walk, head, &offset));
        if (frame->base + offset != walk->tail) {
            return zc_fail(ZC_CODEC_ABI_OFFSET);
        }
        if (!is_leaf) {
            return open_tail(walk, frame, type, index);
        }
        ZC_TRY(take_blob(walk, &value));
    } else if (!is_leaf) {
        return open_inline(walk, frame, type, index, head);
    } else if (!is_clean(code, value.data)) {
        return zc_fail(ZC_CODEC_ABI_DIRTY);
    }
    ret_leaf->at = (uint8_t)type;
    ret_leaf->type = code;
    ret_leaf->arrays = frame->arrays;
    ret_leaf->index = index;
    ret_leaf->value = value;
    return ZC_OK;
}

zc_result zc_abi_walk_next(zc_abi_walk *walk, zc_abi_leaf *ret_leaf, bool *ret_more)
{
    while (walk->depth > 0) {
        bool is_leaf;
        if (walk->frame[walk->depth - 1].left == 0) {
            walk->depth--;
            continue;
        }
        ZC_TRY(take_item(walk, ret_leaf, &is_leaf));
        if (is_leaf) {
            *ret_more = true;
            return ZC_OK;
        }
    }
    *ret_more = false;
    return ZC_OK;
}

/* Types of one word each, none of them taken yet: the heads, which are there, are all there is. */
static zc_result take_words(zc_abi_walk *walk, zc_abi_leaf *ret_leaves)
{
    const uint8_t *next = walk->data.data;
    for (size_t i = 0; i < walk->items; i++, next += ZC_ABI_WORD) {
        const uint8_t type = walk->types.data[i];
        if (!is_clean(type, next)) {
            return zc_fail(ZC_CODEC_ABI_DIRTY);
        }
        ret_leaves[i].at = (uint8_t)i;
        ret_leaves[i].type = type;
        ret_leaves[i].arrays = 0;
        ret_leaves[i].index = 0;
        ret_leaves[i].value = zc_slice_of(next, ZC_ABI_WORD);
    }
    walk->depth = 0;
    return ZC_OK;
}

zc_result zc_abi_walk_all(zc_abi_walk *walk, size_t max, zc_abi_leaf *ret_leaves, size_t *ret_count)
{
    size_t count = 0;
    if (walk->is_flat && walk->depth == 1 && walk->frame[0].left == walk->items &&
        walk->items <= max) {
        ZC_TRY(take_words(walk, ret_leaves));
        *ret_count = walk->items;
        return ZC_OK;
    }
    while (walk->depth > 0) {
        bool is_leaf;
        if (walk->frame[walk->depth - 1].left == 0) {
            walk->depth--;
            continue;
        }
        zc_abi_leaf one_too_many;
        ZC_TRY(take_item(walk, count < max ? &ret_leaves[count] : &one_too_many, &is_leaf));
        if (is_leaf && ++count > max) {
            return zc_fail(ZC_CODEC_TOO_MANY);
        }
    }
    *ret_count = count;
    return ZC_OK;
}

size_t zc_abi_walk_left(const zc_abi_walk *walk)
{
    return walk->data.len - walk->tail;
}
