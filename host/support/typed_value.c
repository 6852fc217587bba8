#include "support/typed_value.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "codec/cbor.h"
#include "intent/typed_data.h"
#include "support/reasons.h"

zc_result zc_typed_fail(zc_typed_writer *writer, const char *format, ...)
{
    char why[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    const zc_result result =
        zc_error_set(writer->error, ZC_SUPPORT_BAD_JSON, "cannot read the typed data", "",
                     "repair the typed data");
    zc_error_why(writer->error, "%s: %s", writer->path, why);
    return result;
}

size_t zc_typed_enter(zc_typed_writer *writer, const char *member)
{
    const size_t before = writer->path_len;
    (void)snprintf(writer->path + before, sizeof writer->path - before, "%s%s",
                   before == 0 ? "" : ".", member);
    writer->path_len = strlen(writer->path);
    return before;
}

size_t zc_typed_enter_at(zc_typed_writer *writer, size_t index)
{
    const size_t before = writer->path_len;
    (void)snprintf(writer->path + before, sizeof writer->path - before, "[%zu]", index);
    writer->path_len = strlen(writer->path);
    return before;
}

void zc_typed_leave(zc_typed_writer *writer, size_t path_len)
{
    writer->path_len = path_len;
    writer->path[path_len] = '\0';
}

zc_result zc_typed_put(zc_typed_writer *writer, zc_result result)
{
    return zc_ok(result) ? result
                         : zc_typed_fail(writer, "the typed data takes more than %d bytes",
                                         ZC_TYPED_DATA_MAX_SIZE);
}

/* A struct that is not there, or under v3 any member. */
static bool may_be_missing(const zc_typed_writer *writer, const char *type, const json_t *value)
{
    if (writer->semantics == 3) {
        return value == NULL;
    }
    return (value == NULL || json_is_null(value)) && strchr(type, '[') == NULL &&
           json_object_get(writer->types, type) != NULL;
}

static zc_result put_elements(zc_typed_writer *writer, const char *type, const json_t *value,
                              unsigned depth)
{
    size_t i;
    json_t *element;
    ZC_TRY(zc_typed_put(writer, zc_cbor_put_array(&writer->form, json_array_size(value))));
    json_array_foreach(value, i, element)
    {
        const size_t before = zc_typed_enter_at(writer, i);
        ZC_TRY(zc_typed_value(writer, type, element, depth + 1));
        zc_typed_leave(writer, before);
    }
    return ZC_OK;
}

/* `bracket` is the last '[' of the type, which the outermost array has. */
static zc_result put_array(zc_typed_writer *writer, const char *type, const char *bracket,
                           const json_t *value, unsigned depth)
{
    const size_t len = (size_t)(bracket - type);
    char *end;
    const unsigned long count = strtoul(bracket + 1, &end, 10);
    char element[ZC_TYPED_DATA_MAX_NAME * 2];
    if (writer->semantics == 3) {
        return zc_typed_fail(writer, "eth_signTypedData_v3 knows no arrays");
    }
    if (strcmp(end, "]") != 0 || len >= sizeof element) {
        return zc_typed_fail(writer, "there is no type %s", type);
    }
    if (!json_is_array(value)) {
        return zc_typed_fail(writer, "not an array, as %s is written", type);
    }
    if (end != bracket + 1 && json_array_size(value) != count) {
        return zc_typed_fail(writer, "%zu elements where %s has %lu", json_array_size(value), type,
                             count);
    }
    memcpy(element, type, len);
    element[len] = '\0';
    return put_elements(writer, element, value, depth);
}

zc_result zc_typed_struct(zc_typed_writer *writer, const char *name, const json_t *value,
                          unsigned depth)
{
    const json_t *members = json_object_get(writer->types, name);
    size_t i;
    json_t *member;
    if (!json_is_object(value)) {
        return zc_typed_fail(writer, "not an object, as %s is written", name);
    }
    if (depth >= ZC_TYPED_DATA_MAX_DEPTH) {
        return zc_typed_fail(writer, "nested deeper than %d levels", ZC_TYPED_DATA_MAX_DEPTH);
    }
    ZC_TRY(zc_typed_put(writer, zc_cbor_put_array(&writer->form, json_array_size(members))));
    json_array_foreach(members, i, member)
    {
        const char *key = json_string_value(json_object_get(member, "name"));
        const char *type = json_string_value(json_object_get(member, "type"));
        const size_t before = zc_typed_enter(writer, key);
        ZC_TRY(zc_typed_value(writer, type, json_object_get(value, key), depth + 1));
        zc_typed_leave(writer, before);
    }
    return ZC_OK;
}

zc_result zc_typed_value(zc_typed_writer *writer, const char *type, const json_t *value,
                         unsigned depth)
{
    const char *bracket = strrchr(type, '[');
    if (depth > ZC_TYPED_DATA_MAX_DEPTH) {
        return zc_typed_fail(writer, "nested deeper than %d levels", ZC_TYPED_DATA_MAX_DEPTH);
    }
    if (may_be_missing(writer, type, value)) {
        return zc_typed_put(writer, zc_cbor_put_null(&writer->form));
    }
    if (value == NULL) {
        return zc_typed_fail(writer, "there is no value (%s)", type);
    }
    if (bracket != NULL) {
        return put_array(writer, type, bracket, value, depth);
    }
    return zc_typed_is_leaf(type) ? zc_typed_leaf(writer, type, value)
                                  : zc_typed_struct(writer, type, value, depth);
}
