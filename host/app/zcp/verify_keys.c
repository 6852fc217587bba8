#include "base/hex.h"
#include "codec/base64.h"
#include "mission/compile.h"
#include "policy/mission.h"
#include "verify.h"

#define WHAT "cannot verify"
#define PEM_MAX ((size_t)4096)

/* A compiled mission is a CBOR map or array; a mission file is text. */
static bool is_compiled(const zc_bytes *bytes)
{
    return bytes->len > 0 && bytes->data[0] >= 0x80;
}

static int compile(const zc_invocation *invocation, const char *path, const zc_bytes *text,
                   zc_bytes *ret_compiled)
{
    static zc_report report;
    char credentials[ZC_PATH_SIZE];
    zc_mission_source source = {
        .file = path,
        .text = zc_bytes_slice(text),
        .credentials = zc_in_dir(invocation, "credentials", credentials) ? credentials : NULL};
    zc_report_init(&report, path);
    if (zc_ok(zc_mission_compile(&source, ret_compiled, &report))) {
        return ZC_EXIT_DONE;
    }
    return zc_fail_usage(invocation, WHAT,
                         "--mission wants a mission that compiles (see `zcp mission check`), a "
                         "compiled one, or 64 hexadecimal digits");
}

int zc_verify_mission(const zc_invocation *invocation, const char *value,
                      uint8_t ret_hash[static 32])
{
    ZC_BYTES zc_bytes file = {0};
    ZC_BYTES zc_bytes compiled = {0};
    zc_error error = {0};
    if (zc_ok(zc_hex_decode(zc_slice_of_text(value), ret_hash, 32))) {
        return ZC_EXIT_DONE;
    }
    if (!zc_ok(zc_file_read(value, ZC_MISSION_FILE_MAX, &file, &error))) {
        return zc_fail_with(invocation, &error);
    }
    if (!is_compiled(&file)) {
        int code = compile(invocation, value, &file, &compiled);
        if (code != ZC_EXIT_DONE) {
            return code;
        }
    }
    zc_mission_hash(zc_bytes_slice(is_compiled(&file) ? &file : &compiled), ret_hash);
    return ZC_EXIT_DONE;
}

/* SubjectPublicKeyInfo of an Ed25519 key (RFC 8410): this, then the key. */
static const uint8_t spki_prefix[12] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                        0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

static bool key_of_pem(const zc_bytes *pem, uint8_t ret_key[static 32])
{
    static const char begin[] = "-----BEGIN PUBLIC KEY-----\n";
    static const char end[] = "\n-----END PUBLIC KEY-----";
    const char *text = pem->data != NULL ? (const char *)pem->data : "";
    const char *from = strstr(text, begin);
    const char *to = from != NULL ? strstr(from + sizeof begin - 1, end) : NULL;
    uint8_t der[sizeof spki_prefix + 32];
    size_t len;
    if (to == NULL) {
        return false;
    }
    from += sizeof begin - 1;
    bool read =
        zc_ok(zc_base64_decode(zc_slice_of(from, (size_t)(to - from)), der, sizeof der, &len)) &&
        len == sizeof der && memcmp(der, spki_prefix, sizeof spki_prefix) == 0;
    if (read) {
        memcpy(ret_key, der + sizeof spki_prefix, 32);
    }
    return read;
}

int zc_verify_release_key(const zc_invocation *invocation, const char *value,
                          uint8_t ret_key[static 32])
{
    ZC_BYTES zc_bytes file = {0};
    zc_error error = {0};
    if (zc_ok(zc_hex_decode(zc_slice_of_text(value), ret_key, 32))) {
        return ZC_EXIT_DONE;
    }
    if (!zc_ok(zc_file_read(value, PEM_MAX, &file, &error))) {
        return zc_fail_with(invocation, &error);
    }
    if (!key_of_pem(&file, ret_key)) {
        return zc_fail_usage(invocation, WHAT,
                             "--release-key wants an Ed25519 public key: PEM, or 64 hexadecimal "
                             "digits");
    }
    return ZC_EXIT_DONE;
}
