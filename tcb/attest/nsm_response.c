#include "attest/nsm.h"

#include "codec/cbor.h"
#include "loose.h"

enum {
    F_LOCK,
    F_DATA,
    F_RANDOM,
    F_DOCUMENT,
    F_MAJOR,
    F_MINOR,
    F_PATCH,
    F_MODULE_ID,
    F_MAX_PCRS,
    F_LOCKED_PCRS,
    F_DIGEST,
    F_COUNT
};
static const char *const field_names[F_COUNT] = {
    "lock",          "data",      "random",   "document",    "version_major", "version_minor",
    "version_patch", "module_id", "max_pcrs", "locked_pcrs", "digest"};
#define BIT(field) (UINT32_C(1) << (field))
#define DESCRIBE_FIELDS                                                                            \
    (BIT(F_MAJOR) | BIT(F_MINOR) | BIT(F_PATCH) | BIT(F_MODULE_ID) | BIT(F_MAX_PCRS) |             \
     BIT(F_LOCKED_PCRS) | BIT(F_DIGEST))

typedef struct response_form {
    const char *name;
    uint32_t required; /* fields of {name: {fields}}; 0: the name alone, as a text */
} response_form;

static const response_form forms[] = {
    [ZC_NSM_DESCRIBE] = {"DescribeNSM", DESCRIBE_FIELDS},
    [ZC_NSM_GET_RANDOM] = {"GetRandom", BIT(F_RANDOM)},
    [ZC_NSM_DESCRIBE_PCR] = {"DescribePCR", BIT(F_LOCK) | BIT(F_DATA)},
    [ZC_NSM_EXTEND_PCR] = {"ExtendPCR", BIT(F_DATA)},
    [ZC_NSM_LOCK_PCR] = {"LockPCR", 0},
    [ZC_NSM_LOCK_PCRS] = {"LockPCRs", 0},
    [ZC_NSM_ATTESTATION] = {"Attestation", BIT(F_DOCUMENT)},
};
#define FORMS (sizeof forms / sizeof forms[0])

static const char *const error_names[] = {
    [ZC_NSM_ERROR_NONE] = "Success",
    [ZC_NSM_ERROR_INVALID_ARGUMENT] = "InvalidArgument",
    [ZC_NSM_ERROR_INVALID_INDEX] = "InvalidIndex",
    [ZC_NSM_ERROR_INVALID_RESPONSE] = "InvalidResponse",
    [ZC_NSM_ERROR_READ_ONLY_INDEX] = "ReadOnlyIndex",
    [ZC_NSM_ERROR_INVALID_OPERATION] = "InvalidOperation",
    [ZC_NSM_ERROR_BUFFER_TOO_SMALL] = "BufferTooSmall",
    [ZC_NSM_ERROR_INPUT_TOO_LARGE] = "InputTooLarge",
    [ZC_NSM_ERROR_INTERNAL] = "InternalError",
};
#define ERRORS (sizeof error_names / sizeof error_names[0])

static zc_result put_name(zc_writer *writer, const char *name)
{
    return zc_cbor_put_text(writer, zc_slice_of_text(name));
}

static zc_result put_locked(zc_writer *writer, uint32_t locked)
{
    ZC_TRY(zc_cbor_put_array(writer, (size_t)__builtin_popcount(locked)));
    for (unsigned i = 0; i < ZC_NSM_PCRS; i++) {
        if ((locked & BIT(i)) != 0) {
            ZC_TRY(zc_cbor_put_uint(writer, i));
        }
    }
    return ZC_OK;
}

static zc_result put_field(zc_writer *writer, const zc_nsm_response *response, unsigned field)
{
    ZC_TRY(put_name(writer, field_names[field]));
    switch (field) {
    case F_LOCK:
        return zc_cbor_put_bool(writer, response->locked);
    case F_MAJOR:
    case F_MINOR:
    case F_PATCH:
        return zc_cbor_put_uint(writer, response->version[field - F_MAJOR]);
    case F_MODULE_ID:
        return zc_cbor_put_text(writer, response->module_id);
    case F_MAX_PCRS:
        return zc_cbor_put_uint(writer, response->max_pcrs);
    case F_LOCKED_PCRS:
        return put_locked(writer, response->locked_pcrs);
    case F_DIGEST:
        return zc_cbor_put_text(writer, response->digest);
    default:
        return zc_cbor_put_bytes(writer, response->bytes);
    }
}

static zc_result put_response(zc_writer *writer, const zc_nsm_response *response)
{
    if (response->error != ZC_NSM_ERROR_NONE) {
        ZC_TRY(zc_cbor_put_map(writer, 1));
        ZC_TRY(put_name(writer, "Error"));
        return put_name(writer, error_names[response->error]);
    }
    const response_form *form = &forms[response->op];
    if (form->required == 0) {
        return put_name(writer, form->name);
    }
    ZC_TRY(zc_cbor_put_map(writer, 1));
    ZC_TRY(put_name(writer, form->name));
    ZC_TRY(zc_cbor_put_map(writer, (size_t)__builtin_popcount(form->required)));
    for (unsigned field = 0; field < F_COUNT; field++) {
        if ((form->required & BIT(field)) != 0) {
            ZC_TRY(put_field(writer, response, field));
        }
    }
    return ZC_OK;
}

zc_result zc_nsm_response_write(zc_writer *writer, const zc_nsm_response *response)
{
    bool refused = response->error != ZC_NSM_ERROR_NONE;
    if ((refused && (size_t)response->error >= ERRORS) ||
        (!refused && (response->op < ZC_NSM_DESCRIBE || response->op > ZC_NSM_ATTESTATION))) {
        return zc_fail(ZC_ATTEST_BAD_RESPONSE);
    }
    zc_writer ahead = *writer;
    ZC_TRY(put_response(&ahead, response));
    *writer = ahead;
    return ZC_OK;
}

static zc_result get_u16(zc_reader *reader, uint16_t *ret_value)
{
    uint64_t number;
    ZC_TRY(zc_loose_get_uint(reader, UINT16_MAX, &number));
    *ret_value = (uint16_t)number;
    return ZC_OK;
}

static zc_result get_locked(zc_reader *reader, uint32_t *ret_locked)
{
    zc_cbor_container array;
    ZC_TRY(zc_cbor_enter_array_any(reader, &array));
    uint32_t locked = 0;
    for (int items = 0; items <= ZC_NSM_PCRS; items++) {
        bool more;
        uint64_t index;
        ZC_TRY(zc_cbor_container_next(reader, &array, &more));
        if (!more) {
            *ret_locked = locked;
            return ZC_OK;
        }
        ZC_TRY(zc_loose_get_uint(reader, ZC_NSM_PCRS - 1, &index));
        locked |= BIT(index);
    }
    return zc_fail(ZC_CODEC_TOO_MANY);
}

static zc_result read_field(void *self, unsigned field, zc_reader *reader)
{
    zc_nsm_response *response = self;
    switch (field) {
    case F_LOCK:
        return zc_cbor_get_bool(reader, &response->locked);
    case F_MAJOR:
    case F_MINOR:
    case F_PATCH:
        return get_u16(reader, &response->version[field - F_MAJOR]);
    case F_MODULE_ID:
        return zc_loose_get_text(reader, ZC_NSM_FIELD_MAX, &response->module_id);
    case F_MAX_PCRS:
        return get_u16(reader, &response->max_pcrs);
    case F_LOCKED_PCRS:
        return get_locked(reader, &response->locked_pcrs);
    case F_DIGEST:
        return zc_loose_get_text(reader, 16, &response->digest);
    default:
        return zc_loose_get_bytes(reader, ZC_NSM_RESPONSE_MAX, &response->bytes);
    }
}

static zc_result parse_error(zc_reader *reader, zc_nsm_response *response)
{
    zc_slice name;
    ZC_TRY(zc_loose_get_text(reader, 32, &name));
    int error = zc_loose_find(error_names, ERRORS, name);
    /* An error that is not known, or the error "Success", is still not what was asked for. */
    response->error = error <= 0 ? ZC_NSM_ERROR_INTERNAL : (zc_nsm_error)error;
    return ZC_OK;
}

/* The operation of this name, among those with or without a body; 0 when there is none. */
static zc_nsm_op find_form(zc_slice name, bool body)
{
    for (size_t op = ZC_NSM_DESCRIBE; op < FORMS; op++) {
        if ((forms[op].required != 0) == body && zc_slice_eq_text(name, forms[op].name)) {
            return (zc_nsm_op)op;
        }
    }
    return (zc_nsm_op)0;
}

static zc_result parse_named(zc_reader *reader, zc_nsm_response *response)
{
    zc_slice name;
    ZC_TRY(zc_loose_get_text(reader, 32, &name));
    if (zc_slice_eq_text(name, "Error")) {
        return parse_error(reader, response);
    }
    response->op = find_form(name, true);
    if (response->op == 0) {
        return zc_fail(ZC_ATTEST_BAD_RESPONSE);
    }
    zc_loose_fields fields = {.names = field_names,
                              .count = F_COUNT,
                              .skip_unknown = true,
                              .read = read_field,
                              .self = response};
    uint32_t seen;
    ZC_TRY(zc_loose_get_map(reader, &fields, &seen));
    return seen == forms[response->op].required ? ZC_OK : zc_fail(ZC_ATTEST_BAD_RESPONSE);
}

static zc_result parse_map(zc_reader *reader, zc_nsm_response *response)
{
    zc_cbor_container outer;
    bool more;
    ZC_TRY(zc_cbor_enter_map_any(reader, &outer));
    ZC_TRY(zc_cbor_container_next(reader, &outer, &more));
    if (!more) {
        return zc_fail(ZC_ATTEST_BAD_RESPONSE);
    }
    ZC_TRY(parse_named(reader, response));
    ZC_TRY(zc_cbor_container_next(reader, &outer, &more));
    return more ? zc_fail(ZC_ATTEST_BAD_RESPONSE) : ZC_OK;
}

static zc_result parse_text(zc_reader *reader, zc_nsm_response *response)
{
    zc_slice name;
    ZC_TRY(zc_loose_get_text(reader, 32, &name));
    response->op = find_form(name, false);
    return response->op != 0 ? ZC_OK : zc_fail(ZC_ATTEST_BAD_RESPONSE);
}

static zc_result parse_response(zc_slice bytes, zc_nsm_response *response)
{
    zc_reader reader = zc_reader_of(bytes);
    zc_cbor_type type;
    ZC_TRY(zc_cbor_peek_type(&reader, &type));
    ZC_TRY(type == ZC_CBOR_TEXT ? parse_text(&reader, response) : parse_map(&reader, response));
    return zc_reader_end(&reader);
}

zc_result zc_nsm_response_parse(zc_slice response, zc_nsm_response *ret_response)
{
    zc_nsm_response parsed = {0};
    if (response.len > ZC_NSM_RESPONSE_MAX || !zc_ok(parse_response(response, &parsed))) {
        return zc_fail(ZC_ATTEST_BAD_RESPONSE);
    }
    *ret_response = parsed;
    return ZC_OK;
}
