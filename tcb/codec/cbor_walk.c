/* Items within items, without recursion: a stack of ZC_CBOR_MAX_DEPTH open containers. */
#include "codec/cbor_head.h"

typedef struct open_item {
    zc_cbor_type type; /* array, map, tag, or an indefinite string of chunks */
    bool indefinite;
    bool key_done;         /* of a map: the value comes next */
    uint64_t left;         /* entries still to come; of a definite one */
    const uint8_t *key_at; /* of a map: where the present key begins */
    zc_slice last_key;     /* of a map: the key before, empty for the first */
} open_item;

typedef struct walk {
    zc_reader reader;
    bool canonical;
    zc_writer *copy; /* where heads and strings are written again, or NULL */
    size_t depth;
    open_item open[ZC_CBOR_MAX_DEPTH];
} walk;

static open_item *innermost(walk *w)
{
    return w->depth == 0 ? NULL : &w->open[w->depth - 1];
}

static zc_result open_container(walk *w, zc_cbor_type type, bool indefinite, uint64_t count)
{
    if (w->depth == ZC_CBOR_MAX_DEPTH) {
        return zc_fail(ZC_CODEC_TOO_DEEP);
    }
    w->open[w->depth++] = (open_item){.type = type, .indefinite = indefinite, .left = count};
    return ZC_OK;
}

static bool bytes_ascend(zc_slice a, zc_slice b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common == 0 ? 0 : memcmp(a.data, b.data, common);
    return order < 0 || (order == 0 && a.len < b.len);
}

/* A key has been read to its end. */
static zc_result close_key(walk *w, open_item *map)
{
    zc_slice key = zc_slice_of(map->key_at, (size_t)(w->reader.at - map->key_at));
    if (w->canonical && !bytes_ascend(map->last_key, key)) {
        return zc_fail(ZC_CODEC_KEY_ORDER);
    }
    map->last_key = key;
    map->key_done = true;
    return ZC_OK;
}

/* An item has been read to its end; so may be, with it, the containers that it is the last of. */
static zc_result close_item(walk *w)
{
    for (open_item *outer = innermost(w); outer != NULL; outer = innermost(w)) {
        if (outer->type == ZC_CBOR_MAP && !outer->key_done) {
            return close_key(w, outer);
        }
        outer->key_done = false;
        if (outer->indefinite || --outer->left > 0) {
            return ZC_OK;
        }
        w->depth--;
    }
    return ZC_OK;
}

static zc_result close_indefinite(walk *w)
{
    open_item *outer = innermost(w);
    if (outer == NULL || !outer->indefinite || outer->key_done) {
        return zc_fail(ZC_CODEC_ILL_FORMED);
    }
    w->depth--;
    return close_item(w);
}

/* Writes a canonical head again through the writer's own functions. */
static zc_result copy_head(zc_writer *writer, const zc_cbor_head *head)
{
    switch (head->type) {
    case ZC_CBOR_BOOL:
        return zc_cbor_put_bool(writer, head->value == 21);
    case ZC_CBOR_NULL:
        return zc_cbor_put_null(writer);
    case ZC_CBOR_UNDEFINED:
    case ZC_CBOR_SIMPLE:
        return zc_cbor_put_head(writer, ZC_CBOR_MAJOR_SIMPLE, head->value);
    case ZC_CBOR_FLOAT:
        ZC_TRY(zc_write_u8(writer, head->width == 2 ? 0xf9 : head->width == 4 ? 0xfa : 0xfb));
        return head->width == 2   ? zc_write_u16(writer, (uint16_t)head->value)
               : head->width == 4 ? zc_write_u32(writer, (uint32_t)head->value)
                                  : zc_write_u64(writer, head->value);
    default:
        return zc_cbor_put_head(writer, (unsigned)head->type, head->value);
    }
}

static zc_result walk_string(walk *w, const zc_cbor_head *head)
{
    if (head->indefinite) {
        return open_container(w, head->type, true, 0);
    }
    if (head->value > zc_reader_left(&w->reader)) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    zc_slice content;
    ZC_TRY(zc_read_slice(&w->reader, (size_t)head->value, &content));
    if (w->canonical && head->type == ZC_CBOR_TEXT && !zc_utf8_valid(content)) {
        return zc_fail(ZC_CODEC_BAD_UTF8);
    }
    if (w->copy != NULL) {
        ZC_TRY(zc_write_slice(w->copy, content));
    }
    return close_item(w);
}

static zc_result walk_container(walk *w, const zc_cbor_head *head)
{
    size_t smallest = head->type == ZC_CBOR_MAP ? 2 : 1;
    if (head->value > zc_reader_left(&w->reader) / smallest) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    if (!head->indefinite && head->value == 0) {
        return close_item(w);
    }
    return open_container(w, head->type, head->indefinite, head->value);
}

static zc_result walk_head(walk *w)
{
    open_item *outer = innermost(w);
    if (outer != NULL && outer->type == ZC_CBOR_MAP && !outer->key_done) {
        outer->key_at = w->reader.at;
    }
    zc_cbor_head head;
    ZC_TRY(w->canonical ? zc_cbor_get_head(&w->reader, &head)
                        : zc_cbor_get_head_any(&w->reader, &head));
    if (head.type == ZC_CBOR_BREAK) {
        return close_indefinite(w);
    }
    bool in_chunks = outer != NULL && (outer->type == ZC_CBOR_BYTES || outer->type == ZC_CBOR_TEXT);
    if (in_chunks && (head.type != outer->type || head.indefinite)) {
        return zc_fail(ZC_CODEC_ILL_FORMED);
    }
    if (w->copy != NULL) {
        ZC_TRY(copy_head(w->copy, &head));
    }
    switch (head.type) {
    case ZC_CBOR_BYTES:
    case ZC_CBOR_TEXT:
        return walk_string(w, &head);
    case ZC_CBOR_ARRAY:
    case ZC_CBOR_MAP:
        return walk_container(w, &head);
    case ZC_CBOR_TAG:
        return open_container(w, ZC_CBOR_TAG, false, 1);
    default:
        return close_item(w);
    }
}

/* Each turn consumes at least one byte, so the input bounds the loop. */
static zc_result walk_item(zc_reader *reader, bool canonical, zc_writer *copy)
{
    walk w = {.reader = *reader, .canonical = canonical, .copy = copy};
    do {
        ZC_TRY(walk_head(&w));
    } while (w.depth > 0);
    *reader = w.reader;
    return ZC_OK;
}

zc_result zc_cbor_skip(zc_reader *reader)
{
    return walk_item(reader, false, NULL);
}

zc_result zc_cbor_get_item(zc_reader *reader, zc_slice *ret_item)
{
    const uint8_t *start = reader->at;
    ZC_TRY(zc_cbor_skip(reader));
    *ret_item = zc_slice_of(start, (size_t)(reader->at - start));
    return ZC_OK;
}

zc_result zc_cbor_check_well_formed(zc_slice bytes)
{
    zc_reader reader = zc_reader_of(bytes);
    ZC_TRY(walk_item(&reader, false, NULL));
    return zc_reader_end(&reader);
}

zc_result zc_cbor_check_canonical(zc_slice bytes)
{
    zc_reader reader = zc_reader_of(bytes);
    ZC_TRY(walk_item(&reader, true, NULL));
    return zc_reader_end(&reader);
}

zc_result zc_cbor_copy(zc_reader *reader, zc_writer *writer)
{
    zc_writer to = *writer;
    ZC_TRY(walk_item(reader, true, &to));
    *writer = to;
    return ZC_OK;
}

static zc_result enter_any(zc_reader *reader, zc_cbor_type type, zc_cbor_container *ret_container)
{
    zc_reader at = *reader;
    zc_cbor_head head;
    ZC_TRY(zc_cbor_get_head_any(&at, &head));
    if (head.type != type) {
        return zc_fail(ZC_CODEC_WRONG_TYPE);
    }
    if (head.value > zc_reader_left(&at) / (type == ZC_CBOR_MAP ? 2 : 1)) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    *reader = at;
    *ret_container = (zc_cbor_container){.indefinite = head.indefinite, .left = head.value};
    return ZC_OK;
}

zc_result zc_cbor_enter_map_any(zc_reader *reader, zc_cbor_container *ret_map)
{
    return enter_any(reader, ZC_CBOR_MAP, ret_map);
}

zc_result zc_cbor_enter_array_any(zc_reader *reader, zc_cbor_container *ret_array)
{
    return enter_any(reader, ZC_CBOR_ARRAY, ret_array);
}

zc_result zc_cbor_container_next(zc_reader *reader, zc_cbor_container *container, bool *ret_more)
{
    if (!container->indefinite) {
        *ret_more = container->left > 0;
        container->left -= container->left > 0;
        return ZC_OK;
    }
    zc_cbor_type type;
    ZC_TRY(zc_cbor_peek_type(reader, &type));
    if (type == ZC_CBOR_BREAK) {
        ZC_TRY(zc_skip(reader, 1));
        /* Over for good: a second call answers as for an empty definite container. */
        *container = (zc_cbor_container){0};
    }
    *ret_more = type != ZC_CBOR_BREAK;
    return ZC_OK;
}
