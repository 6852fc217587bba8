#include "api/ssh_agent/blob.h"

#include <string.h>

#include "crypto/hash.h"
#include "crypto/verify.h"

#define SCALAR 32

static const char ecdsa_name[] = "ecdsa-sha2-nistp256";
static const char curve_name[] = "nistp256";
static const char ed25519_name[] = "ssh-ed25519";

static bool is(zc_slice bytes, const char *text)
{
    return bytes.len == strlen(text) && memcmp(bytes.data, text, bytes.len) == 0;
}

zc_result zc_ssh_get_string(zc_reader *reader, zc_slice *ret_bytes)
{
    uint32_t len;
    zc_reader at = *reader;
    ZC_TRY(zc_read_u32(&at, &len));
    ZC_TRY(zc_read_slice(&at, len, ret_bytes));
    *reader = at;
    return ZC_OK;
}

zc_result zc_ssh_put_string(zc_writer *writer, zc_slice bytes)
{
    ZC_TRY(zc_write_u32(writer, (uint32_t)bytes.len));
    return zc_write_slice(writer, bytes);
}

bool zc_ssh_serves(const zcp_key *key)
{
    return key->curve == ZCP_P256 || key->curve == ZCP_ED25519;
}

zc_result zc_ssh_put_key(zc_writer *writer, const zcp_key *key)
{
    const zc_slice public_key = zc_slice_of(key->public_key, key->public_key_len);
    if (key->curve == ZCP_ED25519) {
        ZC_TRY(zc_ssh_put_string(writer, zc_slice_of_text(ed25519_name)));
        return zc_ssh_put_string(writer, public_key);
    }
    ZC_TRY(zc_ssh_put_string(writer, zc_slice_of_text(ecdsa_name)));
    ZC_TRY(zc_ssh_put_string(writer, zc_slice_of_text(curve_name)));
    return zc_ssh_put_string(writer, public_key);
}

/* mpint: shortest, with a zero in front where the first bit would be a sign. */
static zc_result put_scalar(zc_writer *writer, const uint8_t scalar[static SCALAR])
{
    size_t from = 0;
    while (from < SCALAR && scalar[from] == 0) {
        from++;
    }
    bool pad = from < SCALAR && (scalar[from] & 0x80) != 0;
    ZC_TRY(zc_write_u32(writer, (uint32_t)(SCALAR - from + (pad ? 1 : 0))));
    if (pad) {
        ZC_TRY(zc_write_u8(writer, 0));
    }
    return zc_write_slice(writer, zc_slice_of(scalar + from, SCALAR - from));
}

zc_result zc_ssh_put_signature(zc_writer *writer, const zcp_key *key,
                               const uint8_t signature[static 64])
{
    uint8_t scalars[2 * (4 + 1 + SCALAR)];
    zc_writer inner = ZC_WRITER_OF_ARRAY(scalars);
    if (key->curve == ZCP_ED25519) {
        ZC_TRY(zc_ssh_put_string(writer, zc_slice_of_text(ed25519_name)));
        return zc_ssh_put_string(writer, zc_slice_of(signature, 64));
    }
    ZC_TRY(zc_ssh_put_string(writer, zc_slice_of_text(ecdsa_name)));
    ZC_TRY(put_scalar(&inner, signature));
    ZC_TRY(put_scalar(&inner, signature + SCALAR));
    return zc_ssh_put_string(writer, zc_writer_written(&inner));
}

static bool get_scalar(zc_reader *reader, uint8_t ret_scalar[static SCALAR])
{
    zc_slice bytes;
    if (!zc_ok(zc_ssh_get_string(reader, &bytes))) {
        return false;
    }
    if (bytes.len == SCALAR + 1 && bytes.data[0] == 0) {
        bytes = zc_slice_of(bytes.data + 1, SCALAR);
    }
    if (bytes.len > SCALAR) {
        return false;
    }
    memset(ret_scalar, 0, SCALAR);
    if (bytes.len > 0) {
        memcpy(ret_scalar + SCALAR - bytes.len, bytes.data, bytes.len);
    }
    return true;
}

static bool ecdsa_holds(zc_reader *key, zc_slice value, zc_slice data)
{
    zc_slice curve;
    zc_slice point;
    zc_pubkey parsed;
    uint8_t digest[32];
    uint8_t sig[2 * SCALAR];
    zc_reader scalars = zc_reader_of(value);
    bool read = zc_ok(zc_ssh_get_string(key, &curve)) && is(curve, curve_name) &&
                zc_ok(zc_ssh_get_string(key, &point)) && zc_ok(zc_reader_end(key)) &&
                zc_ok(zc_pubkey_parse(ZC_CURVE_P256, point, &parsed)) &&
                get_scalar(&scalars, sig) && get_scalar(&scalars, sig + SCALAR) &&
                zc_ok(zc_reader_end(&scalars));
    zc_sha256(data, digest);
    return read && zc_ok(zc_verify_digest(&parsed, digest, sig));
}

static bool ed25519_holds(zc_reader *key, zc_slice value, zc_slice data)
{
    zc_slice point;
    return zc_ok(zc_ssh_get_string(key, &point)) && zc_ok(zc_reader_end(key)) && point.len == 32 &&
           value.len == 64 && zc_ok(zc_verify_ed25519(point.data, data, value.data));
}

bool zc_ssh_signature_holds(zc_slice blob, zc_slice signature, zc_slice data)
{
    zc_slice kind;
    zc_slice name;
    zc_slice value;
    zc_reader key = zc_reader_of(blob);
    zc_reader sig = zc_reader_of(signature);
    bool read = zc_ok(zc_ssh_get_string(&key, &kind)) && zc_ok(zc_ssh_get_string(&sig, &name)) &&
                zc_ok(zc_ssh_get_string(&sig, &value)) && zc_ok(zc_reader_end(&sig)) &&
                kind.len == name.len && memcmp(kind.data, name.data, kind.len) == 0;
    return read && ((is(kind, ecdsa_name) && ecdsa_holds(&key, value, data)) ||
                    (is(kind, ed25519_name) && ed25519_holds(&key, value, data)));
}
