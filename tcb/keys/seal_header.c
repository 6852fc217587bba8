#include "keys/seal_header.h"

#include <string.h>

#include "base/reader.h"
#include "codec/cbor.h"

/* The keys of a sealed key's header, in their order. */
enum {
    AT_NAME = 1,
    AT_ID,
    AT_KIND,
    AT_TIER,
    AT_ORIGIN,
    AT_NONCE_MODE,
    AT_OWNER,
    AT_CREATED,
    AT_EPOCH,
    HEADER_FIELDS = AT_EPOCH, /* that are always there */
    AT_API_KEY,
    AT_VENUE,
    AT_PUBLIC,
    HEADER_FIELDS_MAX = AT_PUBLIC,
};

static zc_result put_uint(zc_writer *out, uint64_t field, uint64_t value)
{
    ZC_TRY(zc_cbor_put_uint(out, field));
    return zc_cbor_put_uint(out, value);
}

static zc_result put_text(zc_writer *out, uint64_t field, const char *text)
{
    ZC_TRY(zc_cbor_put_uint(out, field));
    return zc_cbor_put_text(out, zc_slice_of_text(text));
}

zc_result zc_seal_header_write(const zc_key *key, uint64_t version, zc_writer *out)
{
    const size_t public_part = version == ZC_SEAL_VERSION_PUBLIC ? 1 : 0;
    const size_t api_key = key->api_key[0] != '\0' ? 1 : 0;
    const size_t venue = key->venue != 0 ? 1 : 0;
    ZC_TRY(zc_cbor_put_map(out, HEADER_FIELDS + api_key + venue + public_part));
    ZC_TRY(put_text(out, AT_NAME, key->name));
    ZC_TRY(zc_cbor_put_uint(out, AT_ID));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(key->id)));
    ZC_TRY(put_uint(out, AT_KIND, key->kind));
    ZC_TRY(put_uint(out, AT_TIER, key->tier));
    ZC_TRY(put_uint(out, AT_ORIGIN, key->origin));
    ZC_TRY(put_uint(out, AT_NONCE_MODE, key->nonce_mode));
    ZC_TRY(put_text(out, AT_OWNER, key->owner));
    ZC_TRY(put_uint(out, AT_CREATED, key->created_ms));
    ZC_TRY(put_uint(out, AT_EPOCH, key->epoch));
    if (api_key != 0) {
        ZC_TRY(put_text(out, AT_API_KEY, key->api_key));
    }
    if (venue != 0) {
        ZC_TRY(put_uint(out, AT_VENUE, key->venue));
    }
    if (public_part == 0) {
        return ZC_OK;
    }
    ZC_TRY(zc_cbor_put_uint(out, AT_PUBLIC));
    return zc_cbor_put_bytes(out, zc_key_public_slice(&key->public_part));
}

static zc_result get_uint(zc_reader *in, uint64_t field, uint64_t *ret_value)
{
    ZC_TRY(zc_cbor_get_key_uint(in, field));
    return zc_cbor_get_uint(in, ret_value);
}

static zc_result get_text(zc_reader *in, uint64_t field, zc_slice *ret_text)
{
    ZC_TRY(zc_cbor_get_key_uint(in, field));
    return zc_cbor_get_text(in, ret_text);
}

static zc_result get_kind(zc_reader *in, zc_key_kind *ret_kind)
{
    uint64_t kind;
    ZC_TRY(get_uint(in, AT_KIND, &kind));
    if (!zc_key_kind_is_known(kind)) {
        return zc_fail(ZC_KEYS_BAD_RECORD);
    }
    *ret_kind = (zc_key_kind)kind;
    return ZC_OK;
}

/* As long as a public key of this curve is. What it is shows in the key's id, once the seal has
 * opened. */
static zc_result get_public(zc_reader *in, zc_key_kind kind, zc_key_public *ret_part)
{
    zc_slice bytes;
    ZC_TRY(zc_cbor_get_bytes(in, &bytes));
    if (!zc_key_kind_has_curve(kind) || bytes.len != (kind == ZC_KEY_KIND_ED25519 ? 32u : 65u)) {
        return zc_fail(ZC_KEYS_BAD_RECORD);
    }
    *ret_part = (zc_key_public){.kind = kind, .len = (uint8_t)bytes.len};
    memcpy(ret_part->byte, bytes.data, bytes.len);
    return ZC_OK;
}

/* `left` fields of those that may be missing: each at most once, in their order, and never empty.
 */
static zc_result get_binding(zc_reader *in, size_t left, zc_key *key)
{
    zc_slice api_key = {0};
    uint64_t venue = 0;
    uint64_t field = 0;
    while (left > 0) {
        const uint64_t before = field;
        ZC_TRY(zc_cbor_get_uint(in, &field));
        if (field <= before || field < AT_API_KEY || field > HEADER_FIELDS_MAX) {
            return zc_fail(ZC_KEYS_BAD_RECORD);
        }
        left--;
        if (field == AT_PUBLIC) {
            ZC_TRY(get_public(in, key->kind, &key->public_part));
            continue;
        }
        ZC_TRY(field == AT_API_KEY ? zc_cbor_get_text(in, &api_key) : zc_cbor_get_uint(in, &venue));
        if (field == AT_API_KEY ? api_key.len == 0 : venue == 0) {
            return zc_fail(ZC_KEYS_BAD_RECORD);
        }
    }
    return zc_key_bind(key, api_key, venue);
}

zc_result zc_seal_header_read(zc_slice header, uint64_t version, zc_key *ret_key)
{
    zc_reader in = zc_reader_of(header);
    size_t fields;
    zc_slice name;
    zc_slice owner;
    uint8_t id[ZC_KEY_ID_SIZE];
    zc_key_kind kind;
    uint64_t tier, origin, nonce_mode, created, epoch;
    zc_key key;
    ZC_TRY(zc_cbor_get_map(&in, HEADER_FIELDS_MAX, &fields));
    if (fields < HEADER_FIELDS) {
        return zc_fail(ZC_KEYS_BAD_RECORD);
    }
    ZC_TRY(get_text(&in, AT_NAME, &name));
    ZC_TRY(zc_cbor_get_key_uint(&in, AT_ID));
    ZC_TRY(zc_cbor_get_fixed_bytes(&in, id, sizeof id));
    ZC_TRY(get_kind(&in, &kind));
    ZC_TRY(get_uint(&in, AT_TIER, &tier));
    ZC_TRY(get_uint(&in, AT_ORIGIN, &origin));
    ZC_TRY(get_uint(&in, AT_NONCE_MODE, &nonce_mode));
    ZC_TRY(get_text(&in, AT_OWNER, &owner));
    ZC_TRY(get_uint(&in, AT_CREATED, &created));
    ZC_TRY(get_uint(&in, AT_EPOCH, &epoch));
    ZC_TRY(zc_key_describe(name, owner, tier, origin, nonce_mode, created, &key));
    key.kind = kind;
    ZC_TRY(get_binding(&in, fields - HEADER_FIELDS, &key));
    ZC_TRY(zc_reader_end(&in));
    if ((key.public_part.len != 0) != (version == ZC_SEAL_VERSION_PUBLIC)) {
        return zc_fail(ZC_KEYS_BAD_RECORD);
    }
    memcpy(key.id, id, sizeof key.id);
    key.epoch = epoch;
    *ret_key = key;
    return ZC_OK;
}
