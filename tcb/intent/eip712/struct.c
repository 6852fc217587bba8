/* hashStruct with a stack of its own. Each open struct or array is a frame; what its values encode
 * to are words on a second stack, which the frame's hash replaces when it closes. */
#include "codec/cbor.h"
#include "intent/eip712/values.h"

/* The path of the value that is being read. Names are bounded, and so is the depth. */
#define PATH_SIZE (ZC_TYPED_DATA_MAX_DEPTH * (ZC_TYPED_DATA_MAX_NAME + 16))

typedef struct frame {
    const zc_eip712_member *array; /* NULL: a struct */
    uint8_t dims;                  /* of an array: its own and those inside */
    uint8_t type;                  /* of a struct */
    uint16_t words;                /* where its words begin */
    uint16_t path_len;
    uint32_t next; /* member or element that is read next */
    uint32_t count;
} frame;

typedef struct walk {
    zc_eip712 *run;
    zc_reader *reader;
    zc_intent *intent;
    size_t depth;
    size_t prefix_len;
    char path[PATH_SIZE];
    frame stack[ZC_TYPED_DATA_MAX_DEPTH];
} walk;

zc_result zc_eip712_hash_types(zc_eip712 *run)
{
    for (size_t t = 0; t < run->types.count; t++) {
        zc_writer writer = ZC_WRITER_OF_ARRAY(run->room);
        run->fault = run->types.type[t].name.data;
        if (!zc_ok(zc_eip712_encode_type(&run->types, t, &writer))) {
            return zc_fail(ZC_INTENT_TYPED_TOO_LARGE);
        }
        ZC_TRY(zc_eip712_hash(run, zc_writer_written(&writer), run->types.type[t].hash));
    }
    return ZC_OK;
}

static zc_result push_word(zc_eip712 *run, const uint8_t word[static ZC_EIP712_WORD])
{
    if (run->words >= ZC_EIP712_MAX_WORDS) {
        return zc_fail(ZC_INTENT_TYPED_TOO_MANY);
    }
    memcpy(run->room + run->words * ZC_EIP712_WORD, word, ZC_EIP712_WORD);
    run->words++;
    return ZC_OK;
}

static size_t append(walk *on, size_t len, const char *text, size_t text_len)
{
    if (text_len > sizeof(on->path) - 1 - len) {
        text_len = sizeof(on->path) - 1 - len;
    }
    memcpy(on->path + len, text, text_len);
    return len + text_len;
}

static size_t append_index(walk *on, size_t len, uint32_t index)
{
    char digits[ZC_U256_DECIMAL_SIZE];
    const zc_u256 number = zc_u256_of(index);
    const size_t count = zc_u256_to_decimal(&number, digits);
    len = append(on, len, "[", 1);
    len = append(on, len, digits, count);
    return append(on, len, "]", 1);
}

/* Writes the path of the top frame's next value; returns its length. */
static size_t enter_path(walk *on, const frame *top, const zc_eip712_member *member)
{
    size_t len = top->path_len;
    if (top->array != NULL) {
        len = append_index(on, len, top->next);
    } else {
        if (len > on->prefix_len) {
            len = append(on, len, ".", 1);
        }
        len = append(on, len, (const char *)member->name.data, member->name.len);
    }
    on->path[len] = 0;
    return len;
}

/* The path as a label: of a long one its end, which says what the value is. */
static const char *label_of(walk *on, size_t len, char ret_label[static ZC_ARGUMENT_LABEL_SIZE])
{
    static const char dots[] = "..";
    if (len < ZC_ARGUMENT_LABEL_SIZE) {
        return on->path;
    }
    const size_t kept = ZC_ARGUMENT_LABEL_SIZE - sizeof(dots);
    memcpy(ret_label, dots, sizeof(dots) - 1);
    memcpy(ret_label + sizeof(dots) - 1, on->path + len - kept, kept);
    ret_label[ZC_ARGUMENT_LABEL_SIZE - 1] = 0;
    return ret_label;
}

static zc_result push_frame(walk *on, const frame *next)
{
    if (on->depth >= ZC_TYPED_DATA_MAX_DEPTH) {
        return zc_fail(ZC_INTENT_TYPED_TOO_DEEP);
    }
    on->stack[on->depth] = *next;
    on->stack[on->depth].words = (uint16_t)on->run->words;
    on->depth++;
    return ZC_OK;
}

static zc_result open_struct(walk *on, uint8_t index, size_t path_len)
{
    const zc_eip712_type *type = &on->run->types.type[index];
    size_t count;
    zc_reader at = *on->reader;
    ZC_TRY(zc_cbor_get_array(&at, ZC_TYPED_DATA_MAX_MEMBERS, &count));
    if (count != type->count) {
        return zc_fail(ZC_INTENT_TYPED_COUNT);
    }
    ZC_TRY(push_frame(
        on, &(frame){.type = index, .path_len = (uint16_t)path_len, .count = (uint32_t)count}));
    *on->reader = at;
    return push_word(on->run, type->hash);
}

static zc_result open_array(walk *on, const zc_eip712_member *member, uint8_t dims, size_t path_len)
{
    const uint32_t wanted = on->run->types.dim[member->first_dim + dims - 1];
    size_t count;
    zc_reader at = *on->reader;
    ZC_TRY(zc_cbor_get_array(&at, ZC_TYPED_DATA_MAX_VALUES, &count));
    if (wanted != 0 && count != wanted) {
        return zc_fail(ZC_INTENT_TYPED_COUNT);
    }
    if (count == 0) {
        char label[ZC_ARGUMENT_LABEL_SIZE];
        const size_t len = append(on, path_len, ".length()", sizeof(".length()") - 1);
        on->path[len] = 0;
        zc_eip712_show_number(label_of(on, len, label), 0, on->intent);
    }
    ZC_TRY(push_frame(on, &(frame){.array = member,
                                   .dims = dims,
                                   .path_len = (uint16_t)path_len,
                                   .count = (uint32_t)count}));
    *on->reader = at;
    return ZC_OK;
}

/* A struct that is not there; under v3, any member. */
static zc_result take_null(walk *on, const zc_eip712_member *member, uint8_t dims, size_t path_len)
{
    static const uint8_t nothing[ZC_EIP712_WORD];
    char label[ZC_ARGUMENT_LABEL_SIZE];
    if (on->run->semantics != 3 && (dims > 0 || member->kind != ZC_EIP712_STRUCT)) {
        return zc_fail(ZC_INTENT_TYPED_NULL);
    }
    ZC_TRY(zc_cbor_get_null(on->reader));
    zc_eip712_show_bytes(label_of(on, path_len, label), ZC_ARGUMENT_BYTES, (zc_slice){0},
                         on->intent);
    return on->run->semantics == 3 ? ZC_OK : push_word(on->run, nothing);
}

static zc_result take_leaf(walk *on, const zc_eip712_member *member, size_t path_len)
{
    zc_eip712_leaf leaf = {0};
    uint8_t word[ZC_EIP712_WORD];
    char label[ZC_ARGUMENT_LABEL_SIZE];
    ZC_TRY(zc_eip712_leaf_read(on->reader, member, &leaf));
    ZC_TRY(zc_eip712_leaf_encode(on->run, member, &leaf, word));
    zc_eip712_leaf_show(member, &leaf, label_of(on, path_len, label), on->intent);
    return push_word(on->run, word);
}

/* Reads the next value of the open struct or array. */
static zc_result take_value(walk *on)
{
    frame *top = &on->stack[on->depth - 1];
    const bool is_array = top->array != NULL;
    const zc_eip712_member *member =
        is_array ? top->array
                 : &on->run->types.member[on->run->types.type[top->type].first + top->next];
    const uint8_t dims = is_array ? (uint8_t)(top->dims - 1) : member->dims;
    const size_t path_len = enter_path(on, top, member);
    zc_cbor_type next;
    on->run->fault = on->reader->at;
    if (on->run->values_left == 0) {
        return zc_fail(ZC_INTENT_TYPED_TOO_MANY);
    }
    on->run->values_left--;
    top->next++;
    ZC_TRY(zc_cbor_peek_type(on->reader, &next));
    if (next == ZC_CBOR_NULL) {
        return take_null(on, member, dims, path_len);
    }
    if (dims > 0) {
        return open_array(on, member, dims, path_len);
    }
    return member->kind == ZC_EIP712_STRUCT ? open_struct(on, member->struct_type, path_len)
                                            : take_leaf(on, member, path_len);
}

/* Hashes what the top frame holds and leaves the hash in its place. */
static zc_result close_frame(walk *on)
{
    zc_eip712 *run = on->run;
    const frame *top = &on->stack[--on->depth];
    const zc_slice words = zc_slice_of(run->room + (size_t)top->words * ZC_EIP712_WORD,
                                       (run->words - top->words) * ZC_EIP712_WORD);
    uint8_t hash[32];
    ZC_TRY(zc_eip712_hash(run, words, hash));
    run->words = top->words;
    return push_word(run, hash);
}

zc_result zc_eip712_hash_struct(zc_eip712 *run, zc_reader *reader, size_t index, const char *prefix,
                                zc_intent *intent, uint8_t ret_hash[static 32])
{
    walk on;
    on.run = run;
    on.reader = reader;
    on.intent = intent;
    on.depth = 0;
    on.prefix_len = strlen(prefix);
    memcpy(on.path, prefix, on.prefix_len + 1);
    run->words = 0;
    run->fault = reader->at;
    ZC_TRY(open_struct(&on, (uint8_t)index, on.prefix_len));
    while (on.depth > 0) {
        const frame *top = &on.stack[on.depth - 1];
        ZC_TRY(top->next < top->count ? take_value(&on) : close_frame(&on));
    }
    memcpy(ret_hash, run->room, ZC_EIP712_WORD);
    return ZC_OK;
}
