#include "codec/abi.h"

bool zc_abi_is_leaf(uint8_t type)
{
    return type >= 1 && type <= ZC_ABI_STRING;
}

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

static bool is_filled(const uint8_t *bytes, size_t len, uint8_t with)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != with) {
            return false;
        }
    }
    return true;
}

/* A length, a count or an offset: no data is as long as 2^32. */
static zc_result get_size(const zc_abi_walk *walk, size_t at, size_t *ret_size)
{
    ZC_TRY(words_at(walk, at, 1));
    const uint8_t *bytes = word(walk, at);
    if (!is_filled(bytes, 28, 0)) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    *ret_size =
        (size_t)bytes[28] << 24 | (size_t)bytes[29] << 16 | (size_t)bytes[30] << 8 | bytes[31];
    return ZC_OK;
}

/* Whether the bits outside of the value are what they must be. */
static bool is_clean(uint8_t type, const uint8_t *bytes)
{
    if (type <= ZC_ABI_INT) {
        return is_filled(bytes, 32u - type, 0);
    }
    if (type <= ZC_ABI_FIXED) {
        size_t above = 32u - (type - ZC_ABI_INT);
        return is_filled(bytes, above, bytes[above] >> 7 != 0 ? 0xff : 0);
    }
    if (type < ZC_ABI_ADDRESS) {
        size_t len = type - ZC_ABI_FIXED;
        return is_filled(bytes + len, 32 - len, 0);
    }
    return type == ZC_ABI_ADDRESS ? is_filled(bytes, 12, 0)
                                  : is_filled(bytes, 31, 0) && bytes[31] <= 1;
}

zc_result zc_abi_walk_begin(zc_abi_walk *walk, zc_slice types, zc_slice data)
{
    size_t words = 0;
    uint16_t items = 0;
    walk->types = types;
    walk->data = data;
    walk->depth = 1;
    ZC_TRY(zc_abi_shape_types(types, walk->shape));
    for (size_t at = 0; at < types.len; at = walk->shape[at].end) {
        words += walk->shape[at].words;
        items++;
    }
    ZC_TRY(words_at(walk, 0, words));
    walk->tail = words * ZC_ABI_WORD;
    walk->frame[0] = (zc_abi_frame){.left = items};
    return ZC_OK;
}

/* Opens the tuple or array whose heads begin at `base` and take `words`. */
static zc_result open_frame(zc_abi_walk *walk, zc_abi_frame frame, size_t words)
{
    ZC_TRY(words_at(walk, frame.base, words));
    if (walk->depth > ZC_ABI_MAX_DEPTH) {
        return zc_fail(ZC_CODEC_ABI_TYPES);
    }
    walk->frame[walk->depth++] = frame;
    return ZC_OK;
}

/* A frame for what is within the item of `type` that `parent` has at hand. */
static zc_abi_frame frame_within(const zc_abi_walk *walk, const zc_abi_frame *parent, size_t type,
                                 uint16_t index, size_t base)
{
    uint8_t code = walk->types.data[type];
    bool is_array = code != ZC_ABI_TUPLE;
    return (zc_abi_frame){
        .is_array = is_array,
        .type = (uint8_t)(type + code_len(code)),
        .arrays = (uint8_t)(parent->arrays + (is_array ? 1 : 0)),
        .index = is_array ? 0 : index,
        .left = code == ZC_ABI_ARRAY ? 0 : walk->types.data[type + 1],
        .base = base,
        .head = base,
    };
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
    zc_abi_frame frame = frame_within(walk, parent, type, index, walk->tail);
    if (walk->types.data[type] == ZC_ABI_ARRAY) {
        size_t count;
        ZC_TRY(get_size(walk, walk->tail, &count));
        if (count > ZC_ABI_MAX_ELEMENTS) {
            return zc_fail(ZC_CODEC_TOO_MANY);
        }
        frame.left = (uint16_t)count;
        frame.base += ZC_ABI_WORD;
        frame.head = frame.base;
    }
    size_t words = inner_words(walk, &frame);
    ZC_TRY(open_frame(walk, frame, words));
    walk->tail = frame.base + words * ZC_ABI_WORD;
    return ZC_OK;
}

/* Takes the next item of the innermost frame. `*ret_is_leaf`: it is one; else it has been opened.
 */
static zc_result take_item(zc_abi_walk *walk, zc_abi_leaf *ret_leaf, bool *ret_is_leaf)
{
    zc_abi_frame *frame = &walk->frame[walk->depth - 1];
    const size_t type = frame->type;
    const zc_abi_shape shape = walk->shape[type];
    const size_t head = frame->head;
    const uint16_t index = frame->index;
    const uint8_t code = walk->types.data[type];
    frame->left--;
    frame->head += (size_t)shape.words * ZC_ABI_WORD;
    if (frame->is_array) {
        frame->index++;
    } else {
        frame->type = shape.end;
    }
    *ret_is_leaf = zc_abi_is_leaf(code);
    if (shape.is_dynamic) {
        size_t offset;
        ZC_TRY(get_size(walk, head, &offset));
        if (frame->base + offset != walk->tail) {
            return zc_fail(ZC_CODEC_ABI_OFFSET);
        }
        if (!*ret_is_leaf) {
            return open_tail(walk, frame, type, index);
        }
    } else if (!*ret_is_leaf) {
        return open_frame(walk, frame_within(walk, frame, type, index, head), shape.words);
    }
    *ret_leaf =
        (zc_abi_leaf){.at = (uint8_t)type, .type = code, .arrays = frame->arrays, .index = index};
    if (is_blob(code)) {
        return take_blob(walk, &ret_leaf->value);
    }
    ret_leaf->value = zc_slice_of(word(walk, head), ZC_ABI_WORD);
    return is_clean(code, ret_leaf->value.data) ? ZC_OK : zc_fail(ZC_CODEC_ABI_DIRTY);
}

zc_result zc_abi_walk_next(zc_abi_walk *walk, zc_abi_leaf *ret_leaf, bool *ret_more)
{
    while (walk->depth > 0) {
        bool is_leaf;
        zc_abi_leaf leaf;
        if (walk->frame[walk->depth - 1].left == 0) {
            walk->depth--;
            continue;
        }
        ZC_TRY(take_item(walk, &leaf, &is_leaf));
        if (is_leaf) {
            *ret_leaf = leaf;
            *ret_more = true;
            return ZC_OK;
        }
    }
    *ret_more = false;
    return ZC_OK;
}

size_t zc_abi_walk_left(const zc_abi_walk *walk)
{
    return walk->data.len - walk->tail;
}
