#include "api/public_key.h"

#include <string.h>

#include "codec/base64.h"
#include "crypto/hash.h"
#include "crypto/verify.h"

#define PEM_LINE 64

/* Everything before the key's own bytes is constant for a curve (RFC 5480, SEC 2, RFC 8410). */
static const uint8_t p256[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                               0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                               0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};
static const uint8_t secp256k1[] = {0x30, 0x56, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86,
                                    0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
                                    0x81, 0x04, 0x00, 0x0a, 0x03, 0x42, 0x00};
static const uint8_t ed25519[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                  0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

typedef struct spki_prefix {
    zcp_curve curve;
    zc_slice bytes;
} spki_prefix;

static const spki_prefix prefixes[] = {
    {ZCP_P256, {p256, sizeof p256}},
    {ZCP_SECP256K1, {secp256k1, sizeof secp256k1}},
    {ZCP_ED25519, {ed25519, sizeof ed25519}},
};

zc_result zc_spki_write(const zcp_key *key, zc_writer *writer)
{
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (prefixes[i].curve == key->curve) {
            ZC_TRY(zc_write_slice(writer, prefixes[i].bytes));
            return zc_write_slice(writer, zc_slice_of(key->public_key, key->public_key_len));
        }
    }
    return zc_fail(ZC_CRYPTO_WRONG_CURVE);
}

bool zc_public_key_pem(const zcp_key *key, char ret_pem[static ZC_PEM_SIZE])
{
    static const char begin[] = "-----BEGIN PUBLIC KEY-----\n";
    static const char end[] = "-----END PUBLIC KEY-----\n";
    uint8_t der[ZC_SPKI_MAX];
    char text[ZC_BASE64_LEN(ZC_SPKI_MAX)];
    zc_writer spki = ZC_WRITER_OF_ARRAY(der);
    zc_writer base64 = ZC_WRITER_OF_ARRAY(text);
    zc_writer out = zc_writer_of(ret_pem, ZC_PEM_SIZE - 1);
    if (!zc_ok(zc_spki_write(key, &spki)) ||
        !zc_ok(zc_write_base64(&base64, zc_writer_written(&spki))) ||
        !zc_ok(zc_write_text(&out, begin))) {
        return false;
    }
    size_t len = zc_writer_len(&base64);
    for (size_t at = 0; at < len; at += PEM_LINE) {
        size_t line = len - at < PEM_LINE ? len - at : PEM_LINE;
        if (!zc_ok(zc_write_slice(&out, zc_slice_of(text + at, line))) ||
            !zc_ok(zc_write_u8(&out, '\n'))) {
            return false;
        }
    }
    if (!zc_ok(zc_write_text(&out, end))) {
        return false;
    }
    ret_pem[zc_writer_len(&out)] = '\0';
    return true;
}

bool zc_public_key_holds(const zcp_key *key, bool is_digest, zc_slice message, zc_slice signature)
{
    zc_pubkey parsed;
    uint8_t digest[32];
    if (key->curve == ZCP_ED25519) {
        return signature.len == 64 &&
               zc_ok(zc_verify_ed25519(key->public_key, message, signature.data));
    }
    if (!is_digest) {
        zc_sha256(message, digest);
    } else if (message.len == sizeof digest) {
        memcpy(digest, message.data, sizeof digest);
    } else {
        return false;
    }
    zc_curve curve = key->curve == ZCP_P256 ? ZC_CURVE_P256 : ZC_CURVE_SECP256K1;
    return zc_ok(zc_pubkey_parse(curve, zc_slice_of(key->public_key, key->public_key_len),
                                 &parsed)) &&
           zc_ok(zc_verify_digest_der(&parsed, digest, signature));
}

/* Standard base64 into bytes that end with a zero. */
static bool encode(zc_slice bytes, zc_bytes *ret_text)
{
    size_t room = ZC_BASE64_LEN(bytes.len);
    if (!zc_bytes_reserve(ret_text, room + 1)) {
        return false;
    }
    zc_writer writer = zc_writer_of(ret_text->data, room);
    bool made = zc_ok(zc_write_base64(&writer, bytes));
    ret_text->len = zc_writer_len(&writer);
    ret_text->data[ret_text->len] = '\0';
    return made;
}

json_t *zc_base64_json(zc_slice bytes)
{
    ZC_BYTES zc_bytes text = {0};
    return encode(bytes, &text) ? json_stringn((const char *)text.data, text.len) : NULL;
}

json_t *zc_base64url_json(zc_slice bytes)
{
    ZC_BYTES zc_bytes text = {0};
    if (!encode(bytes, &text)) {
        return NULL;
    }
    while (text.len > 0 && text.data[text.len - 1] == '=') {
        text.len--;
    }
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        text.data[i] = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    return json_stringn((const char *)text.data, text.len);
}

static bool decode(zc_slice text, size_t most, zc_bytes *ret_bytes)
{
    size_t len = 0;
    if (text.len > ZC_BASE64_LEN(most) || !zc_bytes_reserve(ret_bytes, most + 1) ||
        !zc_ok(zc_base64_decode(text, ret_bytes->data, most, &len))) {
        return false;
    }
    ret_bytes->len = len;
    return true;
}

bool zc_base64_read(const char *text, size_t most, zc_bytes *ret_bytes)
{
    return decode(zc_slice_of_text(text), most, ret_bytes);
}

bool zc_base64url_read(const char *text, size_t most, zc_bytes *ret_bytes)
{
    ZC_BYTES zc_bytes standard = {0};
    size_t len = strlen(text);
    if (strpbrk(text, "+/=") != NULL || len > ZC_BASE64_LEN(most) ||
        !zc_bytes_append(&standard, zc_slice_of(text, len))) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        uint8_t c = standard.data[i];
        standard.data[i] = c == '-' ? '+' : c == '_' ? '/' : c;
    }
    while (standard.len % 4 != 0) {
        if (!zc_bytes_append(&standard, zc_slice_of_text("="))) {
            return false;
        }
    }
    return decode(zc_bytes_slice(&standard), most, ret_bytes);
}
