#include "keys/material.h"

#include <string.h>

#include "base/ct.h"
#include "base/reader.h"
#include "codec/cbor.h"

enum { AT_SECRET = 1, AT_PASSPHRASE = 2 };

void zc_key_material_wipe(zc_key_material *material)
{
    zc_wipe(material, sizeof *material);
}

void zc_key_material_bytes_wipe(zc_key_material_bytes *bytes)
{
    zc_wipe(bytes, sizeof *bytes);
}

/* The secret as bytes, whatever its kind; NULL for a kind that has none. */
static zc_slice secret_of(const zc_key_material *material)
{
    if (zc_key_kind_has_curve(material->kind)) {
        return ZC_SLICE_OF_ARRAY(material->secret.scalar.byte);
    }
    if (zc_key_kind_is_mac(material->kind)) {
        return zc_slice_of(material->secret.mac.byte, material->secret.mac.len);
    }
    return zc_slice_of(material->secret.rsa.byte, material->secret.rsa.len);
}

static size_t longest_secret(zc_key_kind kind)
{
    if (zc_key_kind_has_curve(kind)) {
        return sizeof(zc_secret32);
    }
    return zc_key_kind_is_mac(kind) ? ZC_MAC_MAX_SECRET : ZC_RSA_MAX_SECRET;
}

zc_result zc_key_material_write(const zc_key_material *material, zc_key_material_bytes *ret_bytes)
{
    const zc_slice secret = secret_of(material);
    const size_t passphrase_len = material->passphrase.len;
    if (secret.len == 0 || secret.len > longest_secret(material->kind) ||
        passphrase_len > ZC_COMPOSE_MAX_PASSPHRASE) {
        return zc_fail(ZC_KEYS_BAD_MATERIAL);
    }
    zc_writer out = ZC_WRITER_OF_ARRAY(ret_bytes->byte);
    ZC_TRY(zc_cbor_put_map(&out, passphrase_len > 0 ? 2 : 1));
    ZC_TRY(zc_cbor_put_uint(&out, AT_SECRET));
    ZC_TRY(zc_cbor_put_bytes(&out, secret));
    if (passphrase_len > 0) {
        ZC_TRY(zc_cbor_put_uint(&out, AT_PASSPHRASE));
        ZC_TRY(zc_cbor_put_bytes(&out, zc_slice_of(material->passphrase.byte, passphrase_len)));
    }
    ret_bytes->len = zc_writer_len(&out);
    return ZC_OK;
}

/* The next head (RFC 8949 §3) is no part of a secret: it says how long one is. At most two bytes of
 * length follow it in what we take. */
static void declassify_head(zc_key_material_bytes *bytes, const zc_reader *at)
{
    size_t offset = (size_t)(at->at - bytes->byte);
    for (size_t i = 0, more = 1; i < more && offset + i < bytes->len; i++) {
        zc_ct_public(&bytes->byte[offset + i], 1);
        if (i == 0) {
            uint8_t additional = bytes->byte[offset] & 0x1f;
            more += additional == 24 ? 1 : additional == 25 ? 2 : 0;
        }
    }
}

static zc_result get_field(zc_key_material_bytes *bytes, zc_reader *in, uint64_t key, size_t most,
                           zc_slice *ret_value)
{
    declassify_head(bytes, in);
    ZC_TRY(zc_cbor_get_key_uint(in, key));
    declassify_head(bytes, in);
    ZC_TRY(zc_cbor_get_bytes(in, ret_value));
    return ret_value->len > 0 && ret_value->len <= most ? ZC_OK : zc_fail(ZC_KEYS_BAD_MATERIAL);
}

static zc_result keep_secret(zc_key_kind kind, zc_slice secret, zc_key_material *material)
{
    material->kind = kind;
    if (zc_key_kind_has_curve(kind)) {
        if (secret.len != sizeof material->secret.scalar.byte) {
            return zc_fail(ZC_KEYS_BAD_MATERIAL);
        }
        memcpy(material->secret.scalar.byte, secret.data, secret.len);
    } else if (zc_key_kind_is_mac(kind)) {
        material->secret.mac.len = (uint16_t)secret.len;
        memcpy(material->secret.mac.byte, secret.data, secret.len);
    } else {
        material->secret.rsa.len = (uint16_t)secret.len;
        memcpy(material->secret.rsa.byte, secret.data, secret.len);
    }
    return ZC_OK;
}

/* It becomes a header's value. Only the verdict is public, not where the odd character stands. */
static zc_result keep_passphrase(zc_slice passphrase, zc_key_material *material)
{
    uint8_t odd = 0;
    for (size_t i = 0; i < passphrase.len; i++) {
        unsigned c = passphrase.data[i];
        odd |= (uint8_t)((c - 0x20u) >> 8 | (0x7eu - c) >> 8);
    }
    zc_ct_public(&odd, sizeof odd);
    if (odd != 0) {
        return zc_fail(ZC_KEYS_BAD_PASSPHRASE);
    }
    material->passphrase.len = (uint8_t)passphrase.len;
    memcpy(material->passphrase.byte, passphrase.data, passphrase.len);
    return ZC_OK;
}

static zc_result read_map(zc_key_kind kind, zc_key_material_bytes *bytes, zc_key_material *material)
{
    zc_reader in = zc_reader_of(zc_slice_of(bytes->byte, bytes->len));
    size_t fields;
    zc_slice value;
    declassify_head(bytes, &in);
    ZC_TRY(zc_cbor_get_map(&in, 2, &fields));
    if (fields == 0) {
        return zc_fail(ZC_KEYS_BAD_MATERIAL);
    }
    ZC_TRY(get_field(bytes, &in, AT_SECRET, longest_secret(kind), &value));
    ZC_TRY(keep_secret(kind, value, material));
    if (fields == 2) {
        ZC_TRY(get_field(bytes, &in, AT_PASSPHRASE, ZC_COMPOSE_MAX_PASSPHRASE, &value));
        ZC_TRY(keep_passphrase(value, material));
    }
    return zc_reader_end(&in);
}

zc_result zc_key_material_read(zc_key_kind kind, zc_key_material_bytes *bytes,
                               zc_key_material *ret_material)
{
    ZC_KEY_MATERIAL zc_key_material material = {0};
    if (!zc_key_kind_is_known(kind) || bytes->len > sizeof bytes->byte) {
        return zc_fail(ZC_KEYS_BAD_MATERIAL);
    }
    if (zc_key_kind_has_curve(kind) && bytes->len == sizeof(zc_secret32)) {
        ZC_TRY(keep_secret(kind, zc_slice_of(bytes->byte, bytes->len), &material));
    } else {
        zc_result read = read_map(kind, bytes, &material);
        if (!zc_ok(read)) {
            return zc_is(read, ZC_KEYS_BAD_PASSPHRASE) ? read : zc_fail(ZC_KEYS_BAD_MATERIAL);
        }
    }
    *ret_material = material;
    return ZC_OK;
}
