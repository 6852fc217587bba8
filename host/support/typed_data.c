#include "support/typed_data.h"

#include <stdlib.h>
#include <string.h>

#include "codec/cbor.h"
#include "intent/typed_data.h"
#include "support/reasons.h"
#include "support/typed_value.h"

#define DOMAIN "EIP712Domain"
enum { FORM_VERSION = 1, FORM_PARTS = 6 };

/* The form's list of types: those that are used, by name. */
typedef struct type_list {
    size_t count;
    const char *name[ZC_TYPED_DATA_MAX_TYPES];
} type_list;

static bool is_listed(const type_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->name[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static zc_result add_type(zc_typed_writer *writer, type_list *list, const char *name)
{
    if (is_listed(list, name)) {
        return ZC_OK;
    }
    if (list->count >= ZC_TYPED_DATA_MAX_TYPES) {
        return zc_typed_fail(writer, "more than %d types", ZC_TYPED_DATA_MAX_TYPES);
    }
    list->name[list->count++] = name;
    return ZC_OK;
}

/* The type that a member's type is an array of, if it is a struct. The names in the list are those
 * of `types` itself. */
static zc_result add_used(zc_typed_writer *writer, type_list *list, const char *type)
{
    char base[ZC_TYPED_DATA_MAX_NAME + 1];
    const size_t len = strcspn(type, "[");
    const char *key;
    json_t *members;
    if (len >= sizeof base) {
        return zc_typed_fail(writer, "the name of the type is too long");
    }
    memcpy(base, type, len);
    base[len] = '\0';
    if (zc_typed_is_leaf(base)) {
        return ZC_OK;
    }
    json_object_foreach((json_t *)(uintptr_t)writer->types, key, members)
    {
        if (strcmp(key, base) == 0) {
            return add_type(writer, list, key);
        }
    }
    return zc_typed_fail(writer, "there is no type %s", base);
}

/* The members of one type: [{name, type}…]. */
static zc_result add_members(zc_typed_writer *writer, type_list *list, const json_t *members)
{
    size_t i;
    json_t *member;
    if (!json_is_array(members)) {
        return zc_typed_fail(writer, "not an array of members");
    }
    json_array_foreach(members, i, member)
    {
        const size_t before = zc_typed_enter_at(writer, i);
        const char *type = json_string_value(json_object_get(member, "type"));
        if (type == NULL || json_string_value(json_object_get(member, "name")) == NULL) {
            return zc_typed_fail(writer, "not a member: {\"name\": …, \"type\": …}");
        }
        ZC_TRY(add_used(writer, list, type));
        zc_typed_leave(writer, before);
    }
    return ZC_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Follows the types from the two that are values; the list grows while it is walked. */
static zc_result list_types(zc_typed_writer *writer, const char *primary, type_list *ret_list)
{
    ret_list->count = 0;
    size_t before = zc_typed_enter(writer, "primaryType");
    ZC_TRY(add_used(writer, ret_list, primary));
    zc_typed_leave(writer, before);
    ZC_TRY(add_type(writer, ret_list, DOMAIN));
    before = zc_typed_enter(writer, "types");
    for (size_t i = 0; i < ret_list->count; i++) {
        const size_t inner = zc_typed_enter(writer, ret_list->name[i]);
        ZC_TRY(add_members(writer, ret_list, json_object_get(writer->types, ret_list->name[i])));
        zc_typed_leave(writer, inner);
    }
    zc_typed_leave(writer, before);
    qsort(ret_list->name, ret_list->count, sizeof *ret_list->name, by_name);
    return ZC_OK;
}

static zc_result put_text(zc_typed_writer *writer, const char *text)
{
    return zc_typed_put(writer, zc_cbor_put_text(&writer->form, zc_slice_of_text(text)));
}

static zc_result put_types(zc_typed_writer *writer, const type_list *list)
{
    ZC_TRY(zc_typed_put(writer, zc_cbor_put_array(&writer->form, list->count)));
    for (size_t i = 0; i < list->count; i++) {
        const json_t *members = json_object_get(writer->types, list->name[i]);
        size_t m;
        json_t *member;
        ZC_TRY(zc_typed_put(writer, zc_cbor_put_array(&writer->form, 2)));
        ZC_TRY(put_text(writer, list->name[i]));
        ZC_TRY(zc_typed_put(writer, zc_cbor_put_array(&writer->form, json_array_size(members))));
        json_array_foreach(members, m, member)
        {
            ZC_TRY(zc_typed_put(writer, zc_cbor_put_array(&writer->form, 2)));
            ZC_TRY(put_text(writer, json_string_value(json_object_get(member, "name"))));
            ZC_TRY(put_text(writer, json_string_value(json_object_get(member, "type"))));
        }
    }
    return ZC_OK;
}

/* EIP712Domain of the members that the domain has, in EIP-712's order. */
static zc_result derive_domain(zc_typed_writer *writer, const json_t *domain, json_t *members)
{
    static const char *const usual[][2] = {{"name", "string"},
                                           {"version", "string"},
                                           {"chainId", "uint256"},
                                           {"verifyingContract", "address"},
                                           {"salt", "bytes32"}};
    size_t present = 0;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)domain, key, value)
    {
        present += json_is_null(value) ? 0 : 1;
    }
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        value = json_object_get(domain, usual[i][0]);
        if (value == NULL || json_is_null(value)) {
            continue;
        }
        present--;
        if (json_array_append_new(
                members, json_pack("{s:s, s:s}", "name", usual[i][0], "type", usual[i][1])) != 0) {
            return zc_error_set(writer->error, ZC_SUPPORT_NO_MEMORY, "cannot read the typed data",
                                "the machine gave no memory", "free memory");
        }
    }
    return present == 0 ? ZC_OK
                        : zc_typed_fail(writer, "a member that no domain has; define " DOMAIN);
}

static zc_result put_values(zc_typed_writer *writer, const char *primary, const json_t *domain,
                            const json_t *message)
{
    size_t before = zc_typed_enter(writer, "domain");
    ZC_TRY(zc_typed_struct(writer, DOMAIN, domain, 0));
    zc_typed_leave(writer, before);
    before = zc_typed_enter(writer, "message");
    if (strcmp(primary, DOMAIN) != 0) {
        ZC_TRY(zc_typed_struct(writer, primary, message, 0));
    } else if (message != NULL && json_object_size(message) > 0) {
        return zc_typed_fail(writer, "of this primary type only the domain is signed");
    } else {
        ZC_TRY(zc_typed_put(writer, zc_cbor_put_null(&writer->form)));
    }
    zc_typed_leave(writer, before);
    return ZC_OK;
}

static zc_result put_form(zc_typed_writer *writer, const char *primary, const json_t *domain,
                          const json_t *message)
{
    type_list list;
    ZC_TRY(list_types(writer, primary, &list));
    ZC_TRY(zc_typed_put(writer, zc_cbor_put_array(&writer->form, FORM_PARTS)));
    ZC_TRY(zc_typed_put(writer, zc_cbor_put_uint(&writer->form, FORM_VERSION)));
    ZC_TRY(zc_typed_put(writer, zc_cbor_put_uint(&writer->form, writer->semantics)));
    ZC_TRY(put_types(writer, &list));
    ZC_TRY(put_text(writer, primary));
    return put_values(writer, primary, domain, message);
}

/* The form of typed data whose `types` has an EIP712Domain. */
static zc_result write_form(zc_typed_writer *writer, const json_t *root, const json_t *domain,
                            zc_bytes *ret_form)
{
    const char *primary = json_string_value(json_object_get(root, "primaryType"));
    if (primary == NULL) {
        return zc_typed_fail(writer, "primaryType is missing, or no text");
    }
    if (!zc_bytes_reserve(ret_form, ZC_TYPED_DATA_MAX_SIZE)) {
        return zc_error_set(writer->error, ZC_SUPPORT_NO_MEMORY, "cannot read the typed data",
                            "the machine gave no memory", "free memory");
    }
    writer->form = zc_writer_of(ret_form->data + ret_form->len, ZC_TYPED_DATA_MAX_SIZE);
    ZC_TRY(put_form(writer, primary, domain, json_object_get(root, "message")));
    ret_form->len += zc_writer_len(&writer->form);
    return ZC_OK;
}

static zc_result with_domain(zc_typed_writer *writer, const json_t *root, const json_t *domain,
                             zc_bytes *ret_form)
{
    json_t *members = json_array();
    json_t *types = json_copy((json_t *)(uintptr_t)json_object_get(root, "types"));
    zc_result result;
    if (members == NULL || types == NULL || json_object_set(types, DOMAIN, members) != 0) {
        result = zc_error_set(writer->error, ZC_SUPPORT_NO_MEMORY, "cannot read the typed data",
                              "the machine gave no memory", "free memory");
    } else {
        const size_t before = zc_typed_enter(writer, "domain");
        result = derive_domain(writer, domain, members);
        if (zc_ok(result)) {
            zc_typed_leave(writer, before);
            writer->types = types;
            result = write_form(writer, root, domain, ret_form);
        }
    }
    json_decref(members);
    json_decref(types);
    return result;
}

zc_result zc_typed_data_of_json(const json_t *root, unsigned semantics, zc_bytes *ret_form,
                                zc_error *error)
{
    zc_typed_writer writer = {.semantics = semantics, .error = error};
    const json_t *domain = json_object_get(root, "domain");
    writer.types = json_object_get(root, "types");
    if (json_is_array(root)) {
        return zc_error_set(error, ZC_SUPPORT_BAD_JSON, "cannot read the typed data",
                            "it is the first form of eth_signTypedData, an array without a domain, "
                            "whose signature anybody can use anywhere",
                            "ask for eth_signTypedData_v4");
    }
    if (!json_is_object(writer.types) || !json_is_object(domain)) {
        return zc_error_set(error, ZC_SUPPORT_BAD_JSON, "cannot read the typed data",
                            "it is no object with types, primaryType, domain and message",
                            "give what eth_signTypedData_v4 takes");
    }
    return json_object_get(writer.types, DOMAIN) != NULL
               ? write_form(&writer, root, domain, ret_form)
               : with_domain(&writer, root, domain, ret_form);
}

zc_result zc_typed_data_parse(zc_slice json, unsigned semantics, zc_bytes *ret_form,
                              zc_error *error)
{
    json_error_t fault;
    json_t *root = json_loadb(json.len == 0 ? "" : (const char *)json.data, json.len,
                              JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &fault);
    if (root == NULL) {
        const zc_result result =
            zc_error_set(error, ZC_SUPPORT_BAD_JSON, "cannot read the typed data", "",
                         "repair it; write large numbers as texts");
        zc_error_why(error, "it is not JSON at line %d, column %d: %s", fault.line, fault.column,
                     fault.text);
        return result;
    }
    const zc_result result = zc_typed_data_of_json(root, semantics, ret_form, error);
    json_decref(root);
    return result;
}
