/* What a venue's file builds a composition with. */
#include "compose/venue.h"

bool zc_compose_has(const zc_compose_job *job, zc_order_field field)
{
    return (zc_order_fields(job->order) & (UINT32_C(1) << field)) != 0;
}

void zc_compose_take(zc_compose_job *job, zc_order_field field)
{
    job->left &= ~(UINT32_C(1) << field);
}

zc_result zc_compose_need(zc_compose_job *job, zc_order_field field)
{
    if (!zc_compose_has(job, field)) {
        return zc_fail(ZC_COMPOSE_NEEDS(field));
    }
    zc_compose_take(job, field);
    return ZC_OK;
}

zc_result zc_compose_header_begin(zc_composition *out, const char *name)
{
    if (out->header_count == ZC_COMPOSE_MAX_HEADERS) {
        return zc_fail(ZC_COMPOSE_TOO_LONG);
    }
    out->headers[out->header_count++] = (zc_compose_header){.name = name, .at = out->values.len};
    return ZC_OK;
}

zc_result zc_compose_header_add(zc_composition *out, zc_slice text)
{
    zc_writer writer = zc_compose_begin(&out->values);
    ZC_TRY(zc_write_slice(&writer, text));
    zc_compose_end(&out->values, &writer);
    zc_compose_header *header = &out->headers[out->header_count - 1];
    header->len = (uint16_t)(header->len + text.len);
    return ZC_OK;
}

zc_result zc_compose_header_add_u64(zc_composition *out, uint64_t value)
{
    char digits[ZC_U256_DECIMAL_SIZE];
    const zc_u256 number = zc_u256_of(value);
    size_t len = zc_u256_to_decimal(&number, digits);
    return zc_compose_header_add(out, zc_slice_of(digits, len));
}

zc_result zc_compose_add_header(zc_composition *out, const char *name, zc_slice value)
{
    ZC_TRY(zc_compose_header_begin(out, name));
    return zc_compose_header_add(out, value);
}

zc_result zc_compose_add_header_u64(zc_composition *out, const char *name, uint64_t value)
{
    ZC_TRY(zc_compose_header_begin(out, name));
    return zc_compose_header_add_u64(out, value);
}

zc_result zc_compose_add_header_hole(zc_composition *out, const char *name, uint8_t of,
                                     zc_compose_encoding encoding)
{
    ZC_TRY(zc_compose_header_begin(out, name));
    return zc_compose_add_hole(out, ZC_COMPOSE_HEADER, of, encoding);
}

zc_result zc_compose_add_hole(zc_composition *out, zc_compose_part part, uint8_t of,
                              zc_compose_encoding encoding)
{
    if (out->hole_count == ZC_COMPOSE_MAX_HOLES) {
        return zc_fail(ZC_COMPOSE_TOO_LONG);
    }
    zc_compose_hole hole = {.part = part, .encoding = encoding, .of = of};
    if (part == ZC_COMPOSE_HEADER) {
        hole.header = (uint8_t)(out->header_count - 1);
        hole.at = out->headers[hole.header].len;
    } else {
        hole.at = part == ZC_COMPOSE_PATH ? out->path.len : out->body.len;
    }
    if (of == ZC_COMPOSE_OF_PASSPHRASE) {
        out->needs_passphrase = true;
    }
    out->holes[out->hole_count++] = hole;
    return ZC_OK;
}

zc_result zc_compose_add_signing(zc_composition *out, zc_compose_scheme scheme)
{
    if (out->signing_count == ZC_COMPOSE_MAX_SIGNINGS) {
        return zc_fail(ZC_COMPOSE_TOO_LONG);
    }
    out->signings[out->signing_count++] = (zc_compose_signing){.scheme = scheme};
    return ZC_OK;
}

zc_result zc_compose_sign_passphrase(zc_composition *out, zc_compose_scheme scheme)
{
    ZC_TRY(zc_compose_add_signing(out, scheme));
    out->signings[out->signing_count - 1].is_passphrase = true;
    out->needs_passphrase = true;
    return ZC_OK;
}

zc_result zc_compose_preimage_add(zc_composition *out, zc_slice bytes)
{
    zc_writer writer = zc_compose_begin(&out->preimage);
    ZC_TRY(zc_write_slice(&writer, bytes));
    zc_compose_end(&out->preimage, &writer);
    return ZC_OK;
}

zc_result zc_compose_preimage_add_u64(zc_composition *out, uint64_t value)
{
    zc_writer writer = zc_compose_begin(&out->preimage);
    ZC_TRY(zc_compose_write_u64(&writer, value));
    zc_compose_end(&out->preimage, &writer);
    return ZC_OK;
}

zc_slice zc_compose_text_slice(const zc_compose_text *text)
{
    return zc_slice_of(text->byte, text->len);
}

void zc_compose_set_call(zc_composition *out, zc_compose_method method, const char *path)
{
    zc_writer writer = zc_writer_of(out->call, sizeof(out->call) - 1);
    size_t len = strlen(path);
    const char *name = zc_compose_method_name(method);
    memset(out->call, 0, sizeof(out->call));
    out->method = method;
    /* The longest method leaves room for a space and more. */
    if (zc_ok(zc_write_text(&writer, name)) && zc_ok(zc_write_u8(&writer, ' '))) {
        size_t room = zc_writer_left(&writer);
        zc_result written = zc_write_slice(&writer, zc_slice_of(path, len < room ? len : room));
        (void)written;
    }
}
