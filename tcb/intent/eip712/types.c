#include "intent/eip712/types.h"

#include "codec/cbor.h"

static int compare(zc_slice a, zc_slice b)
{
    const size_t len = a.len < b.len ? a.len : b.len;
    const int order = len == 0 ? 0 : memcmp(a.data, b.data, len);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

int zc_eip712_type_find(const zc_eip712_types *types, zc_slice name)
{
    size_t low = 0;
    size_t high = types->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        const int order = compare(name, types->type[middle].name);
        if (order == 0) {
            return (int)middle;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return -1;
}

static bool has_member(const zc_eip712_types *types, const zc_eip712_type *type, zc_slice name)
{
    for (size_t i = type->first; i < types->member_count; i++) {
        if (zc_slice_eq(types->member[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* [name, type]: both are held as they stand; what the type is, is looked up when all names are
 * known. */
static zc_result read_member(zc_reader *reader, zc_eip712_types *types, zc_eip712_type *type)
{
    zc_eip712_member member = {0};
    size_t parts;
    zc_reader at = *reader;
    ZC_TRY(zc_cbor_get_array(&at, 2, &parts));
    if (parts != 2) {
        return zc_fail(ZC_INTENT_TYPED_COUNT);
    }
    ZC_TRY(zc_cbor_get_text(&at, &member.name));
    ZC_TRY(zc_cbor_get_text(&at, &member.type));
    if (!zc_eip712_name_is_good(member.name, false)) {
        return zc_fail(ZC_INTENT_TYPED_NAME);
    }
    if (has_member(types, type, member.name)) {
        return zc_fail(ZC_INTENT_TYPED_MEMBER_TWICE);
    }
    if (types->member_count >= ZC_TYPED_DATA_MAX_ALL_MEMBERS) {
        return zc_fail(ZC_INTENT_TYPED_TOO_MANY);
    }
    types->member[types->member_count++] = member;
    type->count++;
    *reader = at;
    return ZC_OK;
}

static bool is_struct_name(zc_slice name, zc_eip712_types *types)
{
    zc_eip712_member member = {0};
    zc_slice base;
    return zc_eip712_name_is_good(name, true) &&
           zc_ok(zc_eip712_type_parse(name, types, &member, &base)) &&
           member.kind == ZC_EIP712_STRUCT;
}

static zc_result read_type(zc_reader *reader, zc_eip712_types *types)
{
    zc_eip712_type *type = &types->type[types->count];
    size_t parts;
    size_t members;
    zc_reader at = *reader;
    ZC_TRY(zc_cbor_get_array(&at, 2, &parts));
    if (parts != 2) {
        return zc_fail(ZC_INTENT_TYPED_COUNT);
    }
    ZC_TRY(zc_cbor_get_text(&at, &type->name));
    if (!is_struct_name(type->name, types)) {
        return zc_fail(ZC_INTENT_TYPED_NAME);
    }
    if (types->count > 0 && compare(types->type[types->count - 1].name, type->name) >= 0) {
        return zc_fail(ZC_INTENT_TYPED_ORDER);
    }
    *reader = at; /* from here on a fault is in the members */
    ZC_TRY(zc_cbor_get_array(reader, ZC_TYPED_DATA_MAX_MEMBERS, &members));
    type->first = (uint16_t)types->member_count;
    type->count = 0;
    type->uses = 0;
    for (size_t i = 0; i < members; i++) {
        ZC_TRY(read_member(reader, types, type));
    }
    types->count++;
    return ZC_OK;
}

static zc_result resolve_member(zc_eip712_types *types, zc_eip712_type *type,
                                zc_eip712_member *member)
{
    zc_slice base;
    ZC_TRY(zc_eip712_type_parse(member->type, types, member, &base));
    if (member->kind == ZC_EIP712_STRUCT) {
        const int found = zc_eip712_type_find(types, base);
        if (found < 0) {
            return zc_fail(ZC_INTENT_TYPED_TYPE);
        }
        member->struct_type = (uint8_t)found;
        type->uses |= UINT64_C(1) << found;
    }
    return ZC_OK;
}

static zc_result resolve(zc_eip712_types *types, const uint8_t **ret_fault)
{
    for (size_t t = 0; t < types->count; t++) {
        zc_eip712_type *type = &types->type[t];
        for (size_t i = type->first; i < (size_t)type->first + type->count; i++) {
            const zc_result result = resolve_member(types, type, &types->member[i]);
            if (!zc_ok(result)) {
                *ret_fault = types->member[i].type.data;
                return result;
            }
        }
    }
    return ZC_OK;
}

/* What is used by what is used (Warshall's closure over rows of bits). Cycles are legal. */
static void close_uses(zc_eip712_types *types)
{
    for (size_t via = 0; via < types->count; via++) {
        for (size_t t = 0; t < types->count; t++) {
            if ((types->type[t].uses >> via & 1) != 0) {
                types->type[t].uses |= types->type[via].uses;
            }
        }
    }
}

static zc_result check_all_used(const zc_eip712_types *types, const uint8_t **ret_fault)
{
    const uint64_t used = types->type[types->domain].uses | types->type[types->primary].uses |
                          UINT64_C(1) << types->domain | UINT64_C(1) << types->primary;
    for (size_t t = 0; t < types->count; t++) {
        if ((used >> t & 1) == 0) {
            *ret_fault = types->type[t].name.data;
            return zc_fail(ZC_INTENT_TYPED_UNUSED);
        }
    }
    return ZC_OK;
}

static zc_result read_list(zc_reader *reader, zc_eip712_types *types, zc_slice *ret_primary)
{
    size_t count;
    ZC_TRY(zc_cbor_get_array(reader, ZC_TYPED_DATA_MAX_TYPES, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(read_type(reader, types));
    }
    return zc_cbor_get_text(reader, ret_primary);
}

zc_result zc_eip712_types_read(zc_reader *reader, zc_eip712_types *ret_types,
                               const uint8_t **ret_fault)
{
    zc_slice primary_name;
    ret_types->count = 0;
    ret_types->member_count = 0;
    ret_types->dim_count = 0;
    const zc_result result = read_list(reader, ret_types, &primary_name);
    *ret_fault = reader->at;
    ZC_TRY(result);
    ZC_TRY(resolve(ret_types, ret_fault));
    const int primary = zc_eip712_type_find(ret_types, primary_name);
    const int domain = zc_eip712_type_find(ret_types, zc_slice_of_text("EIP712Domain"));
    if (primary < 0 || domain < 0) {
        return zc_fail(ZC_INTENT_TYPED_UNDEFINED);
    }
    ret_types->primary = (uint8_t)primary;
    ret_types->domain = (uint8_t)domain;
    close_uses(ret_types);
    return check_all_used(ret_types, ret_fault);
}

static zc_result write_type(const zc_eip712_types *types, const zc_eip712_type *type,
                            zc_writer *writer)
{
    ZC_TRY(zc_write_slice(writer, type->name));
    ZC_TRY(zc_write_text(writer, "("));
    for (size_t i = 0; i < type->count; i++) {
        const zc_eip712_member *member = &types->member[type->first + i];
        ZC_TRY(zc_write_text(writer, i == 0 ? "" : ","));
        ZC_TRY(zc_write_slice(writer, member->type));
        ZC_TRY(zc_write_text(writer, " "));
        ZC_TRY(zc_write_slice(writer, member->name));
    }
    return zc_write_text(writer, ")");
}

zc_result zc_eip712_encode_type(const zc_eip712_types *types, size_t index, zc_writer *writer)
{
    ZC_TRY(write_type(types, &types->type[index], writer));
    for (size_t t = 0; t < types->count; t++) {
        if (t != index && (types->type[index].uses >> t & 1) != 0) {
            ZC_TRY(write_type(types, &types->type[t], writer));
        }
    }
    return ZC_OK;
}
