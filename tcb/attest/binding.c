#include "attest/binding.h"

#include <stddef.h>

#include "codec/cbor.h"

typedef struct field {
    size_t offset;
    size_t len;
} field;

#define FIELD(name)                                                                                \
    {                                                                                              \
        offsetof(zc_attest_binding, name), sizeof(((zc_attest_binding *)NULL)->name)               \
    }

/* In the order of their keys, 1 to 7. */
static const field fields[] = {
    FIELD(deployment_id), FIELD(identity), FIELD(log_key),        FIELD(tls_spki_sha256),
    FIELD(mission_hash),  FIELD(boot_id),  FIELD(genesis_sha256),
};
#define FIELDS (sizeof fields / sizeof fields[0])

static zc_result put_binding(zc_writer *writer, const zc_attest_binding *binding)
{
    const uint8_t *bytes = (const uint8_t *)binding;
    ZC_TRY(zc_cbor_put_map(writer, FIELDS));
    for (size_t i = 0; i < FIELDS; i++) {
        ZC_TRY(zc_cbor_put_uint(writer, i + 1));
        ZC_TRY(zc_cbor_put_bytes(writer, zc_slice_of(bytes + fields[i].offset, fields[i].len)));
    }
    return ZC_OK;
}

zc_result zc_attest_binding_write(const zc_attest_binding *binding, zc_writer *writer)
{
    zc_writer ahead = *writer;
    ZC_TRY(put_binding(&ahead, binding));
    *writer = ahead;
    return ZC_OK;
}

static zc_result get_binding(zc_slice user_data, zc_attest_binding *binding)
{
    uint8_t *bytes = (uint8_t *)binding;
    zc_reader reader = zc_reader_of(user_data);
    size_t count;
    ZC_TRY(zc_cbor_get_map(&reader, FIELDS, &count));
    if (count != FIELDS) {
        return zc_fail(ZC_ATTEST_BAD_BINDING);
    }
    for (size_t i = 0; i < FIELDS; i++) {
        ZC_TRY(zc_cbor_get_key_uint(&reader, i + 1));
        ZC_TRY(zc_cbor_get_fixed_bytes(&reader, bytes + fields[i].offset, fields[i].len));
    }
    return zc_reader_end(&reader);
}

zc_result zc_attest_binding_parse(zc_slice user_data, zc_attest_binding *ret_binding)
{
    zc_attest_binding binding;
    if (!zc_ok(get_binding(user_data, &binding))) {
        return zc_fail(ZC_ATTEST_BAD_BINDING);
    }
    *ret_binding = binding;
    return ZC_OK;
}
