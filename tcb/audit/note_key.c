#include "audit/typed_key.h"

#include <string.h>

#include "base/hex.h"
#include "codec/base64.h"
#include "codec/cbor.h"
#include "crypto/hash.h"

/* The signature type of Ed25519, first byte of an encoded public key. */
#define ED25519_TYPE 0x01

/* Whether a multi-byte space of Unicode begins at `at`: U+0085, U+00A0, U+1680, U+2000 to U+200A,
 * U+2028, U+2029, U+202F, U+205F, U+3000. */
static bool is_wide_space(const uint8_t *at, size_t left)
{
    if (left >= 2 && at[0] == 0xc2) {
        return at[1] == 0x85 || at[1] == 0xa0;
    }
    if (left < 3) {
        return false;
    }
    uint32_t three = (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
    return three == 0xe19a80 || (three >= 0xe28080 && three <= 0xe2808a) || three == 0xe280a8 ||
           three == 0xe280a9 || three == 0xe280af || three == 0xe2819f || three == 0xe38080;
}

zc_result zc_note_name_check(zc_slice name)
{
    if (name.len == 0 || name.len > ZC_NOTE_NAME_MAX || !zc_utf8_valid(name)) {
        return zc_fail(ZC_AUDIT_BAD_NOTE_NAME);
    }
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.data[i];
        if (c <= ' ' || c == '+' || c == 0x7f || is_wide_space(name.data + i, name.len - i)) {
            return zc_fail(ZC_AUDIT_BAD_NOTE_NAME);
        }
    }
    return ZC_OK;
}

zc_result zc_typed_key_of(uint8_t type, zc_slice name, const uint8_t public_key[static 32],
                          zc_note_key *ret_key)
{
    const uint8_t separator[2] = {'\n', type};
    uint8_t digest[32];
    ZC_TRY(zc_note_name_check(name));
    zc_sha256_ctx hash;
    zc_sha256_init(&hash);
    zc_sha256_update(&hash, name);
    zc_sha256_update(&hash, ZC_SLICE_OF_ARRAY(separator));
    zc_sha256_update(&hash, zc_slice_of(public_key, 32));
    zc_sha256_final(&hash, digest);
    ret_key->name = name;
    memcpy(ret_key->public_key, public_key, 32);
    memcpy(ret_key->id, digest, sizeof ret_key->id);
    return ZC_OK;
}

/* Cuts `text` at the first plus. */
static zc_result cut_at_plus(zc_slice text, zc_slice *ret_before, zc_slice *ret_after)
{
    const uint8_t *plus = text.len == 0 ? NULL : memchr(text.data, '+', text.len);
    if (plus == NULL) {
        return zc_fail(ZC_AUDIT_BAD_NOTE_KEY);
    }
    size_t before = (size_t)(plus - text.data);
    *ret_before = zc_slice_of(text.data, before);
    *ret_after = zc_slice_of(plus + 1, text.len - before - 1);
    return ZC_OK;
}

zc_result zc_typed_key_parse(uint8_t type, zc_slice text, zc_note_key *ret_key)
{
    zc_slice name;
    zc_slice id_hex;
    zc_slice base64;
    ZC_TRY(cut_at_plus(text, &name, &base64));
    /* Base64 has a plus of its own: the id's is the second one, whatever follows. */
    ZC_TRY(cut_at_plus(base64, &id_hex, &base64));
    uint8_t id[ZC_NOTE_KEY_ID_SIZE];
    uint8_t typed_key[33];
    size_t len;
    if (id_hex.len != 2 * sizeof id || !zc_ok(zc_hex_decode(id_hex, id, sizeof id)) ||
        !zc_ok(zc_base64_decode(base64, typed_key, sizeof typed_key, &len)) ||
        len != sizeof typed_key || typed_key[0] != type) {
        return zc_fail(ZC_AUDIT_BAD_NOTE_KEY);
    }
    zc_note_key key;
    ZC_TRY(zc_typed_key_of(type, name, typed_key + 1, &key));
    if (memcmp(key.id, id, sizeof id) != 0) {
        return zc_fail(ZC_AUDIT_BAD_NOTE_KEY);
    }
    *ret_key = key;
    return ZC_OK;
}

zc_result zc_typed_key_write(uint8_t type, const zc_note_key *key, zc_writer *writer)
{
    uint8_t typed_key[33] = {type};
    memcpy(typed_key + 1, key->public_key, 32);
    zc_writer out = *writer;
    ZC_TRY(zc_write_slice(&out, key->name));
    ZC_TRY(zc_write_u8(&out, '+'));
    ZC_TRY(zc_write_hex(&out, ZC_SLICE_OF_ARRAY(key->id)));
    ZC_TRY(zc_write_u8(&out, '+'));
    ZC_TRY(zc_write_base64(&out, ZC_SLICE_OF_ARRAY(typed_key)));
    *writer = out;
    return ZC_OK;
}

zc_result zc_note_key_of(zc_slice name, const uint8_t public_key[static 32], zc_note_key *ret_key)
{
    return zc_typed_key_of(ED25519_TYPE, name, public_key, ret_key);
}

zc_result zc_note_key_parse(zc_slice text, zc_note_key *ret_key)
{
    return zc_typed_key_parse(ED25519_TYPE, text, ret_key);
}

zc_result zc_note_key_write(const zc_note_key *key, zc_writer *writer)
{
    return zc_typed_key_write(ED25519_TYPE, key, writer);
}
