#include "mission/signature.h"

#include <stdio.h>
#include <stdlib.h>

#include "crypto/hash.h"

#define MAX_SUFFIXES ZC_ABI_MAX_DEPTH

typedef struct zc_parse {
    const char *at;
    zc_signature_types *out;
    size_t canonical_len;
} zc_parse;

static void skip_blanks(zc_parse *parse)
{
    while (*parse->at == ' ') {
        parse->at++;
    }
}

static bool take(zc_parse *parse, char wanted)
{
    skip_blanks(parse);
    if (*parse->at != wanted) {
        return false;
    }
    parse->at++;
    return true;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$';
}

/* "" where no word stands. */
static bool take_word(zc_parse *parse, char *ret_word, size_t size)
{
    size_t len = 0;
    skip_blanks(parse);
    while (is_word(parse->at[len])) {
        len++;
    }
    if (len >= size) {
        return false;
    }
    memcpy(ret_word, parse->at, len);
    ret_word[len] = '\0';
    parse->at += len;
    return true;
}

static bool put(zc_parse *parse, const char *text)
{
    const size_t len = strlen(text);
    if (parse->canonical_len + len >= sizeof(parse->out->canonical)) {
        return false;
    }
    memcpy(parse->out->canonical + parse->canonical_len, text, len + 1);
    parse->canonical_len += len;
    return true;
}

static bool emit(zc_parse *parse, uint8_t code)
{
    if (parse->out->types_len >= ZC_ABI_MAX_TYPES) {
        return false;
    }
    parse->out->types[parse->out->types_len++] = code;
    return true;
}

/* "uint" counts bits, "bytes" bytes; a width of 0 stands for none. */
static bool code_of(const char *word, uint8_t *ret_code, const char **ret_canonical)
{
    static const struct {
        const char *name;
        uint8_t code;
        const char *canonical;
    } plain[] = {{"address", ZC_ABI_ADDRESS, "address"}, {"bool", ZC_ABI_BOOL, "bool"},
                 {"bytes", ZC_ABI_BYTES, "bytes"},       {"string", ZC_ABI_STRING, "string"},
                 {"uint", ZC_ABI_UINT256, "uint256"},    {"int", ZC_ABI_INT + 32, "int256"}};
    static const struct {
        const char *prefix;
        uint8_t base;
        unsigned unit;
    } sized[] = {{"uint", ZC_ABI_UINT, 8}, {"int", ZC_ABI_INT, 8}, {"bytes", ZC_ABI_FIXED, 1}};
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
        if (strcmp(word, plain[i].name) == 0) {
            *ret_code = plain[i].code;
            *ret_canonical = plain[i].canonical;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(sized) / sizeof(sized[0]); i++) {
        const size_t len = strlen(sized[i].prefix);
        char *end;
        if (strncmp(word, sized[i].prefix, len) != 0 || word[len] < '1' || word[len] > '9') {
            continue;
        }
        const unsigned long width = strtoul(word + len, &end, 10);
        if (*end == '\0' && width % sized[i].unit == 0 && width / sized[i].unit <= 32) {
            *ret_code = (uint8_t)(sized[i].base + width / sized[i].unit);
            *ret_canonical = word;
            return true;
        }
    }
    return false;
}

/* Array suffixes stand behind a type and before it in the program, the last one first. */
static bool take_suffixes(zc_parse *parse, uint8_t start, uint8_t first_parameter)
{
    uint8_t prefix[2 * MAX_SUFFIXES];
    size_t len = 0;
    zc_signature_types *out = parse->out;
    while (*parse->at == '[') {
        char text[16];
        char *end;
        const unsigned long count = strtoul(parse->at + 1, &end, 10);
        const bool is_open = parse->at[1] == ']';
        if (*end != ']' || (!is_open && (parse->at[1] < '1' || parse->at[1] > '9')) ||
            count > UINT8_MAX || len + 2 > sizeof(prefix)) {
            return false;
        }
        parse->at = end + 1;
        memmove(prefix + (is_open ? 1 : 2), prefix, len);
        prefix[0] = is_open ? ZC_ABI_ARRAY : ZC_ABI_ARRAY_OF;
        if (!is_open) {
            prefix[1] = (uint8_t)count;
        }
        len += is_open ? 1 : 2;
        (void)snprintf(text, sizeof(text), is_open ? "[]" : "[%lu]", count);
        if (!put(parse, text)) {
            return false;
        }
    }
    if (out->types_len + len > ZC_ABI_MAX_TYPES) {
        return false;
    }
    memmove(out->types + start + len, out->types + start, (size_t)(out->types_len - start));
    memcpy(out->types + start, prefix, len);
    out->types_len = (uint8_t)(out->types_len + len);
    for (size_t i = first_parameter; i < out->count; i++) {
        out->parameters[i].at = (uint8_t)(out->parameters[i].at + len);
    }
    return true;
}

static bool take_parameters(zc_parse *parse, uint8_t parent, unsigned depth, uint8_t *ret_count);

/* `depth` bounds how deep tuples nest. */
static bool take_parameter(zc_parse *parse, uint8_t parent, unsigned depth)
{
    char word[ZC_SIGNATURE_NAME_SIZE];
    const char *canonical;
    uint8_t code;
    zc_signature_types *out = parse->out;
    const uint8_t start = out->types_len;
    const uint8_t self = out->count;
    if (self >= ZC_ABI_MAX_TYPES || !take_word(parse, word, sizeof(word))) {
        return false;
    }
    zc_parameter *parameter = &out->parameters[out->count++];
    *parameter = (zc_parameter){.at = start, .parent = parent};
    if (word[0] == '\0' || strcmp(word, "tuple") == 0) {
        uint8_t count;
        if (depth >= ZC_ABI_MAX_DEPTH || !emit(parse, ZC_ABI_TUPLE) || !emit(parse, 0) ||
            !take_parameters(parse, self, depth + 1, &count) || count == 0) {
            return false;
        }
        out->types[start + 1] = count;
    } else if (!code_of(word, &code, &canonical) || !emit(parse, code) || !put(parse, canonical)) {
        return false;
    }
    if (!take_suffixes(parse, start, (uint8_t)(self + 1)) ||
        !take_word(parse, parameter->name, sizeof(parameter->name))) {
        return false;
    }
    /* "bytes calldata data": where it lies is no name. */
    static const char *const places[] = {"calldata", "memory", "storage"};
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (strcmp(parameter->name, places[i]) == 0) {
            return take_word(parse, parameter->name, sizeof(parameter->name));
        }
    }
    return true;
}

static bool take_parameters(zc_parse *parse, uint8_t parent, unsigned depth, uint8_t *ret_count)
{
    *ret_count = 0;
    if (!take(parse, '(') || !put(parse, "(")) {
        return false;
    }
    if (take(parse, ')')) {
        return put(parse, ")");
    }
    do {
        if ((*ret_count > 0 && !put(parse, ",")) || !take_parameter(parse, parent, depth)) {
            return false;
        }
        ++*ret_count;
    } while (take(parse, ','));
    return take(parse, ')') && put(parse, ")");
}

bool zc_signature_parse(const char *text, zc_signature_types *ret_signature)
{
    zc_abi_shape shape[ZC_ABI_MAX_TYPES];
    uint8_t hash[32];
    uint8_t count;
    zc_parse parse = {.at = text, .out = ret_signature};
    memset(ret_signature, 0, sizeof(*ret_signature));
    if (!take_word(&parse, ret_signature->method, sizeof(ret_signature->method)) ||
        ret_signature->method[0] == '\0' || !put(&parse, ret_signature->method) ||
        !take_parameters(&parse, ZC_SIGNATURE_NOBODY, 0, &count)) {
        return false;
    }
    skip_blanks(&parse);
    if (*parse.at != '\0' ||
        !zc_ok(zc_abi_shape_types(zc_slice_of(ret_signature->types, ret_signature->types_len),
                                  shape))) {
        return false;
    }
    zc_keccak256(zc_slice_of_text(ret_signature->canonical), hash);
    memcpy(ret_signature->selector, hash, ZC_SELECTOR_SIZE);
    return true;
}

static bool step_by_name(const zc_signature_types *signature, const char *name, size_t len,
                         uint8_t *parent, uint8_t *at)
{
    for (uint8_t i = 0; i < signature->count; i++) {
        const zc_parameter *parameter = &signature->parameters[i];
        if (parameter->parent == *parent && strlen(parameter->name) == len &&
            strncmp(parameter->name, name, len) == 0) {
            *parent = i;
            *at = parameter->at;
            return true;
        }
    }
    return false;
}

bool zc_signature_find(const zc_signature_types *signature, const char *path, uint8_t *ret_leaf)
{
    uint8_t parent = ZC_SIGNATURE_NOBODY;
    uint8_t at = 0;
    bool is_inside = false; /* of the parameter, past its arrays */
    if (strncmp(path, "#.", 2) == 0) {
        path += 2;
    }
    while (*path != '\0') {
        const size_t len = strcspn(path, ".");
        if (len == 2 && strncmp(path, "[]", 2) == 0) {
            const uint8_t code = signature->types[at];
            if (!is_inside || (code != ZC_ABI_ARRAY && code != ZC_ABI_ARRAY_OF)) {
                return false;
            }
            at = (uint8_t)(at + (code == ZC_ABI_ARRAY ? 1 : 2));
        } else if ((is_inside && signature->types[at] != ZC_ABI_TUPLE) ||
                   !step_by_name(signature, path, len, &parent, &at)) {
            return false;
        }
        is_inside = true;
        path += len + (path[len] == '.' ? 1 : 0);
    }
    *ret_leaf = at;
    return is_inside && zc_abi_is_leaf(signature->types[at]);
}
