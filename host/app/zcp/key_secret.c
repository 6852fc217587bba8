#include "key_secret.h"

#include <ctype.h>

#include "base/hex.h"
#include "base/secret.h"
#include "codec/base64.h"
#include "crypto/der.h"
#include "crypto/mac.h"
#include "crypto/rsa.h"
#include "crypto/signer.h"
#include "support/file.h"
#include "support/reasons.h"

#define SECRET_FILE_MAX 16384
#define ED25519_PAIR 64

static int bad(const zc_invocation *invocation, const char *why, const char *next)
{
    zc_error error = {0};
    zc_result set = zc_error_set(&error, ZC_SUPPORT_BAD_ARGUMENT, "cannot import", why, next);
    (void)set;
    return zc_fail_with(invocation, &error);
}

static zc_slice trimmed(zc_slice text)
{
    size_t first = 0;
    while (first < text.len && isspace(text.data[first])) {
        first++;
    }
    while (text.len > first && isspace(text.data[text.len - 1])) {
        text.len--;
    }
    return zc_slice_of(text.data + first, text.len - first);
}

/* PEM (RFC 7468). */

static bool begins(zc_slice text, const char *prefix)
{
    size_t len = strlen(prefix);
    return text.len >= len && memcmp(text.data, prefix, len) == 0;
}

/* The label between the dashes, and what stands behind the line. Line breaks may be written out as
 * \n, as they are in the JSON that venues hand out. */
static bool pem_begin(zc_slice text, zc_slice *ret_label, zc_slice *ret_rest)
{
    static const char head[] = "-----BEGIN ";
    static const char tail[] = "-----";
    if (!begins(text, head)) {
        return false;
    }
    zc_slice label = zc_slice_of(text.data + sizeof head - 1, text.len - (sizeof head - 1));
    const uint8_t *end = memmem(label.data, label.len, tail, sizeof tail - 1);
    if (end == NULL) {
        return false;
    }
    const uint8_t *rest = end + sizeof tail - 1;
    *ret_rest = zc_slice_of(rest, label.len - (size_t)(rest - label.data));
    *ret_label = zc_slice_of(label.data, (size_t)(end - label.data));
    return true;
}

/* The DER of the first block, written over the text itself: base64 is longer than what it encodes.
 */
static bool pem_decode(zc_bytes *file, zc_slice *ret_label_copy, char label_room[static 32],
                       zc_slice *ret_der)
{
    zc_slice label;
    zc_slice rest;
    if (!pem_begin(trimmed(zc_bytes_slice(file)), &label, &rest) || label.len >= 32) {
        return false;
    }
    memcpy(label_room, label.data, label.len);
    *ret_label_copy = zc_slice_of((uint8_t *)label_room, label.len);
    size_t len = 0;
    for (size_t i = 0; i < rest.len && rest.data[i] != '-'; i++) {
        if (rest.data[i] == '\\' && i + 1 < rest.len && rest.data[i + 1] == 'n') {
            i++;
        } else if (!isspace(rest.data[i])) {
            file->data[len++] = rest.data[i];
        }
    }
    size_t der_len;
    if (!zc_ok(zc_base64_decode(zc_slice_of(file->data, len), file->data, len, &der_len))) {
        return false;
    }
    *ret_der = zc_slice_of(file->data, der_len);
    return true;
}

static const uint8_t oid_ec[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
static const uint8_t oid_p256[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
static const uint8_t oid_secp256k1[] = {0x2b, 0x81, 0x04, 0x00, 0x0a};
static const uint8_t oid_ed25519[] = {0x2b, 0x65, 0x70};

static zc_slice curve_oid(zc_key_kind kind)
{
    return kind == ZC_KEY_KIND_P256 ? ZC_SLICE_OF_ARRAY(oid_p256)
                                    : ZC_SLICE_OF_ARRAY(oid_secp256k1);
}

/* ECPrivateKey (RFC 5915): version 1, the key, and perhaps the curve in [0]. */
static bool read_sec1(zc_reader *in, zc_key_kind kind, zc_secret32 *ret_key)
{
    zc_reader fields;
    zc_reader parameters;
    zc_slice found;
    uint8_t version[1];
    if (!zc_ok(zc_der_enter(in, ZC_DER_SEQUENCE, &fields)) || !zc_ok(zc_reader_end(in)) ||
        !zc_ok(zc_der_read_unsigned(&fields, version, sizeof version)) || version[0] != 1 ||
        !zc_ok(zc_der_read(&fields, ZC_DER_OCTET_STRING, &found)) ||
        found.len != sizeof ret_key->byte) {
        return false;
    }
    memcpy(ret_key->byte, found.data, found.len);
    if (zc_reader_left(&fields) == 0 || fields.at[0] != 0xa0) {
        return true;
    }
    return zc_ok(zc_der_enter(&fields, 0xa0, &parameters)) &&
           zc_ok(zc_der_read(&parameters, ZC_DER_OID, &found)) &&
           zc_slice_eq(found, curve_oid(kind));
}

/* PrivateKeyInfo (RFC 5208, RFC 8410). */
static bool read_pkcs8(zc_reader *in, zc_key_kind kind, zc_secret32 *ret_key)
{
    zc_reader fields;
    zc_reader algorithm;
    zc_reader inner;
    zc_slice oid;
    zc_slice found;
    uint8_t version[1];
    if (!zc_ok(zc_der_enter(in, ZC_DER_SEQUENCE, &fields)) || !zc_ok(zc_reader_end(in)) ||
        !zc_ok(zc_der_read_unsigned(&fields, version, sizeof version)) || version[0] > 1 ||
        !zc_ok(zc_der_enter(&fields, ZC_DER_SEQUENCE, &algorithm)) ||
        !zc_ok(zc_der_read(&algorithm, ZC_DER_OID, &oid)) ||
        !zc_ok(zc_der_enter(&fields, ZC_DER_OCTET_STRING, &inner))) {
        return false;
    }
    if (kind == ZC_KEY_KIND_ED25519) {
        bool taken = zc_slice_eq(oid, ZC_SLICE_OF_ARRAY(oid_ed25519)) &&
                     zc_ok(zc_der_read(&inner, ZC_DER_OCTET_STRING, &found)) &&
                     found.len == sizeof ret_key->byte;
        if (taken) {
            memcpy(ret_key->byte, found.data, found.len);
        }
        return taken;
    }
    return zc_slice_eq(oid, ZC_SLICE_OF_ARRAY(oid_ec)) &&
           zc_ok(zc_der_read(&algorithm, ZC_DER_OID, &found)) &&
           zc_slice_eq(found, curve_oid(kind)) && read_sec1(&inner, kind, ret_key);
}

static bool read_pem_key(zc_bytes *file, zc_key_kind kind, zc_secret32 *ret_key)
{
    char label_room[32];
    zc_slice label;
    zc_slice der;
    if (!pem_decode(file, &label, label_room, &der)) {
        return false;
    }
    zc_reader in = zc_reader_of(der);
    if (zc_slice_eq_text(label, "EC PRIVATE KEY")) {
        return kind != ZC_KEY_KIND_ED25519 && read_sec1(&in, kind, ret_key);
    }
    return zc_slice_eq_text(label, "PRIVATE KEY") && read_pkcs8(&in, kind, ret_key);
}

/* 32 bytes; of Ed25519 also private and public key together, which must belong to each other. */
static bool read_base64_key(zc_slice text, zc_key_kind kind, zc_secret32 *ret_key)
{
    ZC_SECRET64 zc_secret64 pair = {0};
    size_t len;
    if (!zc_ok(zc_base64_decode(text, pair.byte, sizeof pair.byte, &len))) {
        return false;
    }
    memcpy(ret_key->byte, pair.byte, sizeof ret_key->byte);
    if (len == sizeof ret_key->byte) {
        return true;
    }
    zc_signer signer = {0};
    bool whole = kind == ZC_KEY_KIND_ED25519 && len == ED25519_PAIR &&
                 zc_ok(zc_signer_init(&signer, ZC_CURVE_ED25519, ret_key)) &&
                 memcmp(signer.pubkey.byte, pair.byte + 32, 32) == 0;
    zc_signer_clear(&signer);
    return whole;
}

static int read_curve(const zc_invocation *invocation, zc_key_kind kind, zc_bytes *file,
                      zc_bytes *ret_secret)
{
    ZC_SECRET zc_secret32 key = {0};
    const zc_slice text = trimmed(zc_bytes_slice(file));
    bool taken = begins(text, "-----") ? read_pem_key(file, kind, &key)
                                       : zc_ok(zc_hex_decode(text, key.byte, sizeof key.byte)) ||
                                             read_base64_key(text, kind, &key);
    if (!taken) {
        return bad(invocation, "the file does not hold a private key of this curve",
                   "give it as 64 hexadecimal digits, as PEM, or in base64");
    }
    return zc_bytes_append(ret_secret, ZC_SLICE_OF_ARRAY(key.byte)) ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

static int read_mac(const zc_invocation *invocation, zc_bytes *file, zc_bytes *ret_secret)
{
    const char *venue = zc_option_value(invocation, "venue");
    const char *encoding = zc_option_value(invocation, "secret-encoding");
    if (encoding == NULL) {
        encoding = venue != NULL && strcmp(venue, "kraken") == 0 ? "base64" : "text";
    }
    const zc_slice text = trimmed(zc_bytes_slice(file));
    size_t len = text.len;
    if (!zc_bytes_append(ret_secret, text)) {
        return ZC_EXIT_FAILED;
    }
    bool decoded = false;
    if (strcmp(encoding, "text") == 0) {
        decoded = true;
    } else if (strcmp(encoding, "base64") == 0) {
        decoded = zc_ok(zc_base64_decode(text, ret_secret->data, text.len, &len));
    } else if (strcmp(encoding, "hex") == 0) {
        decoded = zc_ok(zc_hex_decode_some(text, ret_secret->data, text.len, &len));
    } else {
        return zc_fail_usage(invocation, "cannot import",
                             "--secret-encoding is text, base64 or hex");
    }
    if (!decoded || len == 0 || len > ZC_MAC_MAX_SECRET) {
        return bad(invocation, "the file does not hold an API secret in this encoding",
                   "see --secret-encoding; a secret has 1 to 256 bytes");
    }
    ret_secret->len = len;
    return ZC_EXIT_DONE;
}

static int read_rsa(const zc_invocation *invocation, zc_bytes *file, zc_bytes *ret_secret)
{
    static const char next[] = "turn it into PKCS #8 with `openssl pkcs8 -topk8 -nocrypt`";
    char label_room[32];
    zc_slice label;
    zc_slice der = zc_bytes_slice(file);
    if (begins(trimmed(der), "-----") &&
        (!pem_decode(file, &label, label_room, &der) || !zc_slice_eq_text(label, "PRIVATE KEY"))) {
        return bad(invocation, "the file is not an RSA key in PKCS #8 without a password", next);
    }
    if (der.len == 0 || der.len > ZC_RSA_MAX_SECRET || der.data[0] != ZC_DER_SEQUENCE) {
        return bad(invocation, "the file is not an RSA key in PKCS #8, or longer than 4096 bits",
                   next);
    }
    return zc_bytes_append(ret_secret, der) ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

int zc_key_secret_read(const zc_invocation *invocation, zc_key_kind kind, zc_bytes *ret_secret)
{
    const char *path = zc_option_value(invocation, "private-key");
    ZC_BYTES zc_bytes file = {0};
    zc_error error = {0};
    if (path == NULL) {
        return zc_fail_usage(invocation, "cannot import", "--private-key is missing");
    }
    if (!zc_key_kind_is_mac(kind) && zc_option_value(invocation, "secret-encoding") != NULL) {
        return zc_fail_usage(invocation, "cannot import",
                             "--secret-encoding belongs to HMAC secrets");
    }
    if (!zc_ok(zc_file_read(path, SECRET_FILE_MAX, &file, &error))) {
        return zc_fail_with(invocation, &error);
    }
    if (zc_key_kind_has_curve(kind)) {
        return read_curve(invocation, kind, &file, ret_secret);
    }
    return zc_key_kind_is_mac(kind) ? read_mac(invocation, &file, ret_secret)
                                    : read_rsa(invocation, &file, ret_secret);
}

int zc_key_passphrase_read(const zc_invocation *invocation, zc_bytes *ret_passphrase)
{
    const char *path = zc_option_value(invocation, "passphrase-file");
    ZC_BYTES zc_bytes file = {0};
    zc_error error = {0};
    if (path == NULL) {
        return ZC_EXIT_DONE;
    }
    if (!zc_ok(zc_file_read(path, SECRET_FILE_MAX, &file, &error))) {
        return zc_fail_with(invocation, &error);
    }
    /* Only the line's end: a passphrase may begin or end with spaces. */
    zc_slice text = zc_bytes_slice(&file);
    while (text.len > 0 && (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\r')) {
        text.len--;
    }
    if (text.len == 0) {
        return bad(invocation, "the passphrase file is empty", "write the passphrase into it");
    }
    return zc_bytes_append(ret_passphrase, text) ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}
