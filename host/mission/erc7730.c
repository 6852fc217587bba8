#include "mission/erc7730.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "mission/reasons.h"
#include "mission/signature.h"

#define WHAT "cannot compile the clear-signing file"

typedef struct zc_compile {
    const json_t *file;
    zc_error *error;
    zc_descriptor_list list;
    char path[256]; /* of the format at hand */
} zc_compile;

/* `path` and `key` name the place; `why` says what is wrong there. */
static zc_result fault(zc_compile *run, const char *path, const char *key, const char *why)
{
    zc_result result = zc_error_set(run->error, ZC_MISSION_CLEAR_SIGNING, WHAT, "",
                                    "Correct the file, or leave this construct out of it.");
    zc_error_why(run->error, "%s%s%s: %s", path, key[0] == '\0' ? "" : ".", key, why);
    return result;
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static bool is_any_of(const char *key, const char *const *known, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(key, known[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Every member must be known: one that is passed over could be what matters. */
static zc_result check_members(zc_compile *run, const char *path, const json_t *object,
                               const char *const *known, size_t count)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object)) {
        return fault(run, path, "", "not an object");
    }
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (!is_any_of(key, known, count)) {
            return fault(run, path, key, "is not supported");
        }
    }
    return ZC_OK;
}

#define CHECK_MEMBERS(run, path, object, ...)                                                      \
    check_members(run, path, object, (const char *const[]){__VA_ARGS__},                           \
                  sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* A path to a leaf, or one of the container's words. */
static bool find_place(const zc_signature_types *signature, const char *path, uint8_t *ret_place)
{
    static const struct {
        const char *path;
        uint8_t place;
    } words[] = {{"@.to", ZC_DESCRIPTOR_CALLEE},
                 {"@.from", ZC_DESCRIPTOR_CALLER},
                 {"@.value", ZC_DESCRIPTOR_VALUE}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(path, words[i].path) == 0) {
            *ret_place = words[i].place;
            return true;
        }
    }
    return zc_signature_find(signature, path, ret_place);
}

static bool put_label(const char *text, char *ret_label, size_t size)
{
    if (text == NULL || text[0] == '\0' || strlen(text) >= size) {
        return false;
    }
    for (const char *at = text; *at != '\0'; at++) {
        if (*at < ' ' || *at > '~') {
            return false;
        }
    }
    memcpy(ret_label, text, strlen(text) + 1);
    return true;
}

/* Formats of the standard; those that only dress up the value are raw here. */
static const struct {
    const char *name;
    uint8_t format;
} formats[] = {
    {"raw", ZC_FORMAT_RAW},           {"amount", ZC_FORMAT_NATIVE_AMOUNT},
    {"date", ZC_FORMAT_DATE},         {"tokenAmount", ZC_FORMAT_TOKEN_AMOUNT},
    {"duration", ZC_FORMAT_DURATION}, {"addressName", ZC_FORMAT_ADDRESS},
    {"enum", ZC_FORMAT_RAW},          {"unit", ZC_FORMAT_RAW},
    {"nftName", ZC_FORMAT_RAW},       {"tokenTicker", ZC_FORMAT_ADDRESS},
    {"chainId", ZC_FORMAT_RAW},
};

static bool format_of(const char *name, uint8_t *ret_format)
{
    for (size_t i = 0; name != NULL && i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (strcmp(name, formats[i].name) == 0) {
            *ret_format = formats[i].format;
            return true;
        }
    }
    *ret_format = ZC_FORMAT_RAW;
    return name == NULL;
}

static zc_result read_params(zc_compile *run, const char *path, const json_t *params,
                             const zc_signature_types *signature, zc_descriptor_field *field)
{
    field->token = ZC_DESCRIPTOR_NOTHING;
    if (params != NULL) {
        ZC_TRY(CHECK_MEMBERS(run, path, params, "tokenPath", "nativeCurrencyAddress", "threshold",
                             "message", "types", "sources", "encoding", "base", "decimals",
                             "prefix", "$ref", "collectionPath", "collection"));
    }
    const char *encoding = text_of(params, "encoding");
    if (field->format == ZC_FORMAT_DATE && encoding != NULL && strcmp(encoding, "timestamp") != 0) {
        field->format = ZC_FORMAT_RAW; /* a block's number is no moment */
    }
    if (field->format != ZC_FORMAT_TOKEN_AMOUNT) {
        return ZC_OK;
    }
    const char *token = text_of(params, "tokenPath");
    if (token == NULL) {
        return fault(run, path, "tokenPath", "names no token");
    }
    return find_place(signature, token, &field->token)
               ? ZC_OK
               : fault(run, path, "tokenPath", "leads to no value of the method");
}

/* What $ref names, "$.display.definitions.<name>"; the field's own members go before it. NULL when
 * there is no such definition. The caller decrefs. */
static json_t *resolve(const zc_compile *run, const json_t *field)
{
    static const char prefix[] = "$.display.definitions.";
    const char *reference = text_of(field, "$ref");
    json_t *merged = json_object();
    if (reference != NULL) {
        const json_t *definitions =
            json_object_get(json_object_get(run->file, "display"), "definitions");
        json_t *definition = strncmp(reference, prefix, sizeof(prefix) - 1) == 0
                                 ? json_object_get(definitions, reference + sizeof(prefix) - 1)
                                 : NULL;
        if (definition == NULL || json_object_update(merged, definition) != 0) {
            json_decref(merged);
            return NULL;
        }
    }
    json_t *params = json_incref(json_object_get(merged, "params"));
    (void)json_object_update(merged, (json_t *)(uintptr_t)field);
    if (params != NULL && json_object_get(field, "params") != NULL) {
        json_t *both = json_copy(params);
        (void)json_object_update(both, json_object_get(field, "params"));
        (void)json_object_set_new(merged, "params", both);
    }
    json_decref(params);
    return merged;
}

static zc_result compile_field(zc_compile *run, const char *path, const json_t *merged,
                               const zc_signature_types *signature, zc_descriptor *descriptor)
{
    zc_descriptor_field field = {0};
    const char *value = text_of(merged, "path");
    ZC_TRY(CHECK_MEMBERS(run, path, merged, "$id", "$ref", "path", "label", "format", "params",
                         "visible"));
    if (value == NULL) {
        return fault(run, path, "path", "is missing");
    }
    if (!format_of(text_of(merged, "format"), &field.format)) {
        return fault(run, path, "format", "is not supported");
    }
    if (!find_place(signature, value, &field.leaf)) {
        return fault(run, path, "path", "leads to no single value of the method");
    }
    if (!zc_slice_eq_text(zc_slice_of_text(value), "@.value") && field.leaf >= ZC_ABI_MAX_TYPES) {
        return ZC_OK; /* contract and caller are always shown */
    }
    if (field.leaf == ZC_DESCRIPTOR_VALUE) {
        return ZC_OK; /* so is what is sent along: as a movement */
    }
    if (!put_label(text_of(merged, "label"), field.label, sizeof(field.label))) {
        return fault(run, path, "label", "is not 1 to 31 plain characters");
    }
    ZC_TRY(read_params(run, path, json_object_get(merged, "params"), signature, &field));
    if (descriptor->field_count >= ZC_DESCRIPTOR_MAX_FIELDS) {
        return fault(run, path, "", "more fields than a descriptor holds");
    }
    descriptor->fields[descriptor->field_count++] = field;
    return ZC_OK;
}

static zc_result compile_fields(zc_compile *run, const json_t *format,
                                const zc_signature_types *signature, zc_descriptor *descriptor)
{
    size_t i;
    json_t *field;
    const json_t *fields = json_object_get(format, "fields");
    if (!json_is_array(fields)) {
        return fault(run, run->path, "fields", "is not a list");
    }
    json_array_foreach(fields, i, field)
    {
        char path[sizeof(run->path) + 32];
        (void)snprintf(path, sizeof(path), "%s.fields.[%zu]", run->path, i);
        json_t *merged = resolve(run, field);
        if (merged == NULL) {
            return fault(run, path, "$ref", "names no definition of this file");
        }
        zc_result result = compile_field(run, path, merged, signature, descriptor);
        json_decref(merged);
        ZC_TRY(result);
    }
    return ZC_OK;
}

static bool movement_kind_of(const char *name, uint8_t *ret_kind)
{
    for (unsigned kind = 1; name != NULL && zc_movement_kind_name((zc_movement_kind)kind) != NULL;
         kind++) {
        if (strcmp(name, zc_movement_kind_name((zc_movement_kind)kind)) == 0) {
            *ret_kind = (uint8_t)kind;
            return true;
        }
    }
    return false;
}

static zc_result compile_movement(zc_compile *run, const char *path, const json_t *movement,
                                  const zc_signature_types *signature, zc_descriptor *descriptor)
{
    zc_descriptor_movement *out = &descriptor->movements[descriptor->movement_count];
    const struct {
        const char *key;
        uint8_t *place;
        uint8_t without;
    } places[] = {{"token", &out->asset, ZC_DESCRIPTOR_NOTHING},
                  {"from", &out->from, ZC_DESCRIPTOR_CALLER},
                  {"to", &out->to, ZC_DESCRIPTOR_NOTHING},
                  {"amount", &out->amount, ZC_DESCRIPTOR_NOTHING},
                  {"item", &out->item, ZC_DESCRIPTOR_NOTHING}};
    ZC_TRY(CHECK_MEMBERS(run, path, movement, "kind", "token", "from", "to", "amount", "item"));
    if (!movement_kind_of(text_of(movement, "kind"), &out->kind)) {
        return fault(run, path, "kind", "is no kind of movement");
    }
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        const char *value = text_of(movement, places[i].key);
        *places[i].place = places[i].without;
        if (value != NULL && !find_place(signature, value, places[i].place)) {
            return fault(run, path, places[i].key, "leads to no single value of the method");
        }
    }
    descriptor->movement_count++;
    return ZC_OK;
}

static zc_result compile_movements(zc_compile *run, const json_t *format,
                                   const zc_signature_types *signature, zc_descriptor *descriptor)
{
    size_t i;
    json_t *movement;
    const json_t *movements = json_object_get(format, "movements");
    json_array_foreach(movements, i, movement)
    {
        char path[sizeof(run->path) + 32];
        (void)snprintf(path, sizeof(path), "%s.movements.[%zu]", run->path, i);
        if (i >= ZC_DESCRIPTOR_MAX_MOVEMENTS) {
            return fault(run, path, "", "more movements than a descriptor holds");
        }
        ZC_TRY(compile_movement(run, path, movement, signature, descriptor));
    }
    return ZC_OK;
}

/* "(type name,…)" of an ABI's parameters; tuples become lists of their components. */
static bool write_inputs(const json_t *inputs, char *text, size_t size, unsigned depth)
{
    size_t i;
    json_t *input;
    size_t len = strlen(text);
    if (depth > ZC_ABI_MAX_DEPTH) {
        return false;
    }
    len += (size_t)snprintf(text + len, size - len, "(");
    json_array_foreach(inputs, i, input)
    {
        const char *type = text_of(input, "type");
        const char *name = text_of(input, "name");
        const char *suffix = "";
        if (type == NULL || len + 1 >= size) {
            return false;
        }
        (void)snprintf(text + len, size - len, "%s", i > 0 ? "," : "");
        if (strncmp(type, "tuple", 5) == 0) {
            if (!write_inputs(json_object_get(input, "components"), text, size, depth + 1)) {
                return false;
            }
            suffix = type + 5;
            type = "";
        }
        len = strlen(text);
        len += (size_t)snprintf(text + len, size - len, "%s%s %s", type, suffix,
                                name != NULL ? name : "");
        if (len >= size) {
            return false;
        }
    }
    return (size_t)snprintf(text + len, size - len, ")") + len < size;
}

/* The function of the file's ABI that a key (selector or bare signature) stands for. */
static bool find_in_abi(const zc_compile *run, const char *key, zc_signature_types *ret_signature)
{
    size_t i;
    json_t *item;
    const json_t *contract = json_object_get(json_object_get(run->file, "context"), "contract");
    json_array_foreach(json_object_get(contract, "abi"), i, item)
    {
        char text[2048];
        char selector[2 + 2 * ZC_SELECTOR_SIZE + 1] = "0x";
        const char *name = text_of(item, "name");
        const char *type = text_of(item, "type");
        if (name == NULL || (type != NULL && strcmp(type, "function") != 0)) {
            continue;
        }
        (void)snprintf(text, sizeof(text), "%.64s", name);
        if (!write_inputs(json_object_get(item, "inputs"), text, sizeof(text), 0) ||
            !zc_signature_parse(text, ret_signature)) {
            continue;
        }
        zc_hex_encode(ZC_SLICE_OF_ARRAY(ret_signature->selector), selector + 2);
        if (strcmp(key, selector) == 0 || strcmp(key, ret_signature->canonical) == 0) {
            return true;
        }
    }
    return false;
}

static zc_result find_signature(zc_compile *run, const char *key, zc_signature_types *ret_signature)
{
    if (find_in_abi(run, key, ret_signature)) {
        return ZC_OK;
    }
    if (strncmp(key, "0x", 2) == 0) {
        return fault(run, run->path, "",
                     "a selector needs the method's types: put its ABI into context.contract.abi");
    }
    return zc_signature_parse(key, ret_signature)
               ? ZC_OK
               : fault(run, run->path, "", "not a signature, or beyond the limits");
}

static zc_result add(zc_compile *run, const zc_descriptor *descriptor)
{
    if (run->list.count >= ZC_ERC7730_MAX_DESCRIPTORS) {
        return fault(run, run->path, "", "more methods and deployments than one file may have");
    }
    zc_descriptor *more =
        realloc(run->list.items, (run->list.count + 1) * sizeof(*run->list.items));
    if (more == NULL) {
        return zc_error_set(run->error, ZC_MISSION_NO_MEMORY, WHAT, "no memory",
                            "Free some memory.");
    }
    run->list.items = more;
    run->list.items[run->list.count++] = *descriptor;
    return ZC_OK;
}

static zc_result add_deployments(zc_compile *run, zc_descriptor *descriptor)
{
    size_t i;
    json_t *deployment;
    const json_t *contract = json_object_get(json_object_get(run->file, "context"), "contract");
    json_array_foreach(json_object_get(contract, "deployments"), i, deployment)
    {
        char path[64];
        const json_int_t chain = json_integer_value(json_object_get(deployment, "chainId"));
        const char *address = text_of(deployment, "address");
        (void)snprintf(path, sizeof(path), "$.context.contract.deployments.[%zu]", i);
        if (chain <= 0) {
            return fault(run, path, "chainId", "is no chain");
        }
        if (address == NULL || !zc_ok(zc_address_read((uint64_t)chain, zc_slice_of_text(address),
                                                      &descriptor->contract))) {
            return fault(run, path, "address", "is no address, or its checksum is wrong");
        }
        descriptor->chain_id = (uint64_t)chain;
        if (!zc_ok(zc_descriptor_check(descriptor))) {
            return fault(run, run->path, "",
                         "a field or a movement does not fit the type that it leads to");
        }
        ZC_TRY(add(run, descriptor));
    }
    return ZC_OK;
}

static zc_result compile_format(zc_compile *run, const char *key, const json_t *format)
{
    static zc_signature_types signature;
    zc_descriptor descriptor = {.operation = ZC_OPERATION_CONTRACT_CALL};
    zc_operation operation;
    const char *name = text_of(format, "operation");
    (void)snprintf(run->path, sizeof(run->path), "$.display.formats.%s", key);
    ZC_TRY(CHECK_MEMBERS(run, run->path, format, "$id", "intent", "interpolatedIntent", "fields",
                         "required", "excluded", "operation", "movements"));
    ZC_TRY(find_signature(run, key, &signature));
    if (name != NULL) {
        if (!zc_operation_of_name(zc_slice_of_text(name), &operation)) {
            return fault(run, run->path, "operation", "is no operation");
        }
        descriptor.operation = (uint8_t)operation;
    }
    if (!put_label(signature.method, descriptor.name, sizeof(descriptor.name))) {
        return fault(run, run->path, "", "the method's name is longer than 31 characters");
    }
    memcpy(descriptor.selector, signature.selector, ZC_SELECTOR_SIZE);
    memcpy(descriptor.types, signature.types, signature.types_len);
    descriptor.types_len = signature.types_len;
    ZC_TRY(compile_fields(run, format, &signature, &descriptor));
    ZC_TRY(compile_movements(run, format, &signature, &descriptor));
    return add_deployments(run, &descriptor);
}

static zc_result check_file(zc_compile *run)
{
    const json_t *context = json_object_get(run->file, "context");
    const json_t *contract = json_object_get(context, "contract");
    ZC_TRY(CHECK_MEMBERS(run, "$", run->file, "$schema", "context", "metadata", "display"));
    ZC_TRY(CHECK_MEMBERS(run, "$.context", context, "$id", "contract"));
    ZC_TRY(CHECK_MEMBERS(run, "$.context.contract", contract, "abi", "deployments"));
    ZC_TRY(CHECK_MEMBERS(run, "$.display", json_object_get(run->file, "display"), "definitions",
                         "formats"));
    if (json_array_size(json_object_get(contract, "deployments")) == 0) {
        return fault(run, "$.context.contract", "deployments", "names no contract");
    }
    return ZC_OK;
}

static int by_place(const void *a, const void *b)
{
    return zc_descriptor_compare(a, b);
}

static zc_result compile_all(zc_compile *run)
{
    const char *key;
    json_t *format;
    ZC_TRY(check_file(run));
    json_t *all = json_object_get(json_object_get(run->file, "display"), "formats");
    json_object_foreach(all, key, format)
    {
        ZC_TRY(compile_format(run, key, format));
    }
    if (run->list.count > 0) {
        qsort(run->list.items, run->list.count, sizeof(*run->list.items), by_place);
    }
    const zc_descriptor_set set = {run->list.items, run->list.count};
    return zc_ok(zc_descriptor_set_check(&set))
               ? ZC_OK
               : fault(run, "$.display", "formats", "describes one method of one contract twice");
}

zc_result zc_erc7730_compile(const json_t *file, zc_descriptor_list *ret_list, zc_error *error)
{
    zc_compile run = {.file = file, .error = error};
    zc_result result = compile_all(&run);
    if (!zc_ok(result)) {
        zc_descriptor_list_clear(&run.list);
        return result;
    }
    *ret_list = run.list;
    return ZC_OK;
}

void zc_descriptor_list_clear(zc_descriptor_list *list)
{
    free(list->items);
    *list = (zc_descriptor_list){0};
}
