#include "attest/nsm.h"

#include "codec/cbor.h"
#include "loose.h"

enum { F_INDEX, F_RANGE, F_DATA, F_USER_DATA, F_NONCE, F_PUBLIC_KEY, F_COUNT };
static const char *const field_names[F_COUNT] = {"index",     "range", "data",
                                                 "user_data", "nonce", "public_key"};
#define BIT(field) (UINT32_C(1) << (field))

typedef struct request_form {
    const char *name;
    bool body; /* a map {name: {fields}}; otherwise the name alone, as a text */
    uint32_t required;
    uint32_t allowed;
} request_form;

static const request_form forms[] = {
    [ZC_NSM_DESCRIBE] = {"DescribeNSM", false, 0, 0},
    [ZC_NSM_GET_RANDOM] = {"GetRandom", false, 0, 0},
    [ZC_NSM_DESCRIBE_PCR] = {"DescribePCR", true, BIT(F_INDEX), BIT(F_INDEX)},
    [ZC_NSM_EXTEND_PCR] = {"ExtendPCR", true, BIT(F_INDEX) | BIT(F_DATA),
                           BIT(F_INDEX) | BIT(F_DATA)},
    [ZC_NSM_LOCK_PCR] = {"LockPCR", true, BIT(F_INDEX), BIT(F_INDEX)},
    [ZC_NSM_LOCK_PCRS] = {"LockPCRs", true, BIT(F_RANGE), BIT(F_RANGE)},
    [ZC_NSM_ATTESTATION] = {"Attestation", true, 0,
                            BIT(F_USER_DATA) | BIT(F_NONCE) | BIT(F_PUBLIC_KEY)},
};
#define FORMS (sizeof forms / sizeof forms[0])

static zc_result put_name(zc_writer *writer, const char *name)
{
    return zc_cbor_put_text(writer, zc_slice_of_text(name));
}

static zc_result put_optional(zc_writer *writer, const char *name, zc_nsm_field field)
{
    ZC_TRY(put_name(writer, name));
    return field.present ? zc_cbor_put_bytes(writer, field.bytes) : zc_cbor_put_null(writer);
}

static zc_result put_body(zc_writer *writer, const zc_nsm_request *request)
{
    switch (request->op) {
    case ZC_NSM_EXTEND_PCR:
        ZC_TRY(zc_cbor_put_map(writer, 2));
        ZC_TRY(put_name(writer, "index"));
        ZC_TRY(zc_cbor_put_uint(writer, request->index));
        ZC_TRY(put_name(writer, "data"));
        return zc_cbor_put_bytes(writer, request->data);
    case ZC_NSM_ATTESTATION:
        ZC_TRY(zc_cbor_put_map(writer, 3));
        ZC_TRY(put_optional(writer, "user_data", request->user_data));
        ZC_TRY(put_optional(writer, "nonce", request->nonce));
        return put_optional(writer, "public_key", request->public_key);
    default:
        ZC_TRY(zc_cbor_put_map(writer, 1));
        ZC_TRY(put_name(writer, request->op == ZC_NSM_LOCK_PCRS ? "range" : "index"));
        return zc_cbor_put_uint(writer, request->index);
    }
}

static zc_result put_request(zc_writer *writer, const zc_nsm_request *request)
{
    const request_form *form = &forms[request->op];
    if (!form->body) {
        return put_name(writer, form->name);
    }
    ZC_TRY(zc_cbor_put_map(writer, 1));
    ZC_TRY(put_name(writer, form->name));
    return put_body(writer, request);
}

zc_result zc_nsm_request_write(zc_writer *writer, const zc_nsm_request *request)
{
    if (request->op < ZC_NSM_DESCRIBE || request->op > ZC_NSM_ATTESTATION) {
        return zc_fail(ZC_ATTEST_BAD_REQUEST);
    }
    zc_writer ahead = *writer;
    ZC_TRY(put_request(&ahead, request));
    *writer = ahead;
    return ZC_OK;
}

zc_result zc_nsm_request_describe(zc_writer *writer)
{
    return zc_nsm_request_write(writer, &(zc_nsm_request){.op = ZC_NSM_DESCRIBE});
}

zc_result zc_nsm_request_random(zc_writer *writer)
{
    return zc_nsm_request_write(writer, &(zc_nsm_request){.op = ZC_NSM_GET_RANDOM});
}

zc_result zc_nsm_request_describe_pcr(zc_writer *writer, uint16_t index)
{
    return zc_nsm_request_write(writer,
                                &(zc_nsm_request){.op = ZC_NSM_DESCRIBE_PCR, .index = index});
}

zc_result zc_nsm_request_extend_pcr(zc_writer *writer, uint16_t index, zc_slice data)
{
    return zc_nsm_request_write(
        writer, &(zc_nsm_request){.op = ZC_NSM_EXTEND_PCR, .index = index, .data = data});
}

zc_result zc_nsm_request_lock_pcr(zc_writer *writer, uint16_t index)
{
    return zc_nsm_request_write(writer, &(zc_nsm_request){.op = ZC_NSM_LOCK_PCR, .index = index});
}

zc_result zc_nsm_request_lock_pcrs(zc_writer *writer, uint16_t range)
{
    return zc_nsm_request_write(writer, &(zc_nsm_request){.op = ZC_NSM_LOCK_PCRS, .index = range});
}

zc_result zc_nsm_request_attestation(zc_writer *writer, zc_nsm_field user_data, zc_nsm_field nonce,
                                     zc_nsm_field public_key)
{
    return zc_nsm_request_write(writer, &(zc_nsm_request){.op = ZC_NSM_ATTESTATION,
                                                          .user_data = user_data,
                                                          .nonce = nonce,
                                                          .public_key = public_key});
}

static zc_result get_optional(zc_reader *reader, zc_nsm_field *ret_field)
{
    bool was_null;
    ZC_TRY(zc_cbor_take_null(reader, &was_null));
    if (was_null) {
        *ret_field = (zc_nsm_field){0};
        return ZC_OK;
    }
    ret_field->present = true;
    return zc_loose_get_bytes(reader, ZC_NSM_REQUEST_MAX, &ret_field->bytes);
}

static zc_result read_field(void *self, unsigned field, zc_reader *reader)
{
    zc_nsm_request *request = self;
    uint64_t number;
    switch (field) {
    case F_DATA:
        return zc_loose_get_bytes(reader, ZC_NSM_REQUEST_MAX, &request->data);
    case F_USER_DATA:
        return get_optional(reader, &request->user_data);
    case F_NONCE:
        return get_optional(reader, &request->nonce);
    case F_PUBLIC_KEY:
        return get_optional(reader, &request->public_key);
    default:
        ZC_TRY(zc_loose_get_uint(reader, UINT16_MAX, &number));
        request->index = (uint16_t)number;
        return ZC_OK;
    }
}

static zc_result find_form(zc_reader *reader, bool body, zc_nsm_op *ret_op)
{
    zc_slice name;
    ZC_TRY(zc_loose_get_text(reader, 32, &name));
    for (size_t op = ZC_NSM_DESCRIBE; op < FORMS; op++) {
        if (forms[op].body == body && zc_slice_eq_text(name, forms[op].name)) {
            *ret_op = (zc_nsm_op)op;
            return ZC_OK;
        }
    }
    return zc_fail(ZC_ATTEST_BAD_REQUEST);
}

/* {name: {fields}}: the outer map has one pair, of either length form. */
static zc_result parse_body(zc_reader *reader, zc_nsm_request *request)
{
    zc_cbor_container outer;
    bool more;
    ZC_TRY(zc_cbor_enter_map_any(reader, &outer));
    ZC_TRY(zc_cbor_container_next(reader, &outer, &more));
    if (!more) {
        return zc_fail(ZC_ATTEST_BAD_REQUEST);
    }
    ZC_TRY(find_form(reader, true, &request->op));
    zc_loose_fields fields = {
        .names = field_names, .count = F_COUNT, .read = read_field, .self = request};
    uint32_t seen;
    ZC_TRY(zc_loose_get_map(reader, &fields, &seen));
    const request_form *form = &forms[request->op];
    if ((seen & form->required) != form->required || (seen & ~form->allowed) != 0) {
        return zc_fail(ZC_ATTEST_BAD_REQUEST);
    }
    ZC_TRY(zc_cbor_container_next(reader, &outer, &more));
    return more ? zc_fail(ZC_ATTEST_BAD_REQUEST) : ZC_OK;
}

static zc_result parse_request(zc_slice bytes, zc_nsm_request *request)
{
    zc_reader reader = zc_reader_of(bytes);
    zc_cbor_type type;
    ZC_TRY(zc_cbor_peek_type(&reader, &type));
    if (type == ZC_CBOR_TEXT) {
        ZC_TRY(find_form(&reader, false, &request->op));
    } else {
        ZC_TRY(parse_body(&reader, request));
    }
    return zc_reader_end(&reader);
}

zc_result zc_nsm_request_parse(zc_slice request, zc_nsm_request *ret_request)
{
    zc_nsm_request parsed = {0};
    if (request.len > ZC_NSM_REQUEST_MAX || !zc_ok(parse_request(request, &parsed))) {
        return zc_fail(ZC_ATTEST_BAD_REQUEST);
    }
    *ret_request = parsed;
    return ZC_OK;
}
