#include "audit/note.h"

#include <string.h>

#include "base/reader.h"
#include "codec/base64.h"
#include "codec/cbor.h"
#include "crypto/verify.h"

/* An em dash and a space begin each signature line. */
static const uint8_t line_prefix[4] = {0xe2, 0x80, 0x94, ' '};

#define ED25519_SIGNATURE_SIZE 64

static bool is_plain_text(zc_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < ' ' && text.data[i] != '\n') {
            return false;
        }
    }
    return zc_utf8_valid(text);
}

/* Where the last empty line is: the index of the newline that ends the text. */
static zc_result find_split(zc_slice bytes, size_t *ret_split)
{
    for (size_t i = bytes.len; i >= 2; i--) {
        if (bytes.data[i - 1] == '\n' && bytes.data[i - 2] == '\n') {
            *ret_split = i - 2;
            return ZC_OK;
        }
    }
    return zc_fail(ZC_AUDIT_BAD_NOTE);
}

static zc_result read_line(zc_reader *in, zc_slice *ret_line)
{
    zc_slice rest = zc_reader_rest(in);
    const uint8_t *newline = rest.len == 0 ? NULL : memchr(rest.data, '\n', rest.len);
    if (newline == NULL) {
        return zc_fail(ZC_AUDIT_BAD_NOTE);
    }
    ZC_TRY(zc_read_slice(in, (size_t)(newline - rest.data), ret_line));
    return zc_skip(in, 1);
}

/* "— name base64" */
static zc_result parse_line(zc_slice bytes, zc_note_line *ret_line)
{
    if (bytes.len < sizeof line_prefix ||
        memcmp(bytes.data, line_prefix, sizeof line_prefix) != 0) {
        return zc_fail(ZC_AUDIT_BAD_NOTE);
    }
    const uint8_t *name = bytes.data + sizeof line_prefix;
    size_t left = bytes.len - sizeof line_prefix;
    const uint8_t *space = left == 0 ? NULL : memchr(name, ' ', left);
    if (space == NULL) {
        return zc_fail(ZC_AUDIT_BAD_NOTE);
    }
    size_t name_len = (size_t)(space - name);
    zc_note_line line = {.name = zc_slice_of(name, name_len),
                         .base64 = zc_slice_of(space + 1, left - name_len - 1)};
    ZC_TRY(zc_note_name_check(line.name));
    uint8_t decoded[ZC_NOTE_SIGNATURE_BYTES_MAX];
    size_t len;
    if (!zc_ok(zc_base64_decode(line.base64, decoded, sizeof decoded, &len)) ||
        len <= ZC_NOTE_KEY_ID_SIZE) {
        return zc_fail(ZC_AUDIT_BAD_NOTE);
    }
    memcpy(line.key_id, decoded, sizeof line.key_id);
    *ret_line = line;
    return ZC_OK;
}

zc_result zc_note_parse(zc_slice bytes, zc_note *ret_note)
{
    if (bytes.len > ZC_NOTE_MAX) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    size_t split;
    ZC_TRY(find_split(bytes, &split));
    if (!is_plain_text(bytes)) {
        return zc_fail(ZC_AUDIT_BAD_NOTE);
    }
    zc_reader lines = zc_reader_of(zc_slice_of(bytes.data + split + 2, bytes.len - split - 2));
    size_t count = 0;
    do {
        zc_slice line;
        if (count == ZC_NOTE_SIGNATURES_MAX) {
            return zc_fail(ZC_AUDIT_BAD_NOTE);
        }
        ZC_TRY(read_line(&lines, &line));
        ZC_TRY(parse_line(line, &ret_note->line[count]));
        count++;
    } while (zc_reader_left(&lines) > 0);
    ret_note->text = zc_slice_of(bytes.data, split + 1);
    ret_note->count = count;
    return ZC_OK;
}

static zc_result check_line(const zc_note *note, const zc_note_line *line, const zc_note_key *key)
{
    uint8_t decoded[ZC_NOTE_KEY_ID_SIZE + ED25519_SIGNATURE_SIZE];
    size_t len;
    if (!zc_ok(zc_base64_decode(line->base64, decoded, sizeof decoded, &len)) ||
        len != sizeof decoded ||
        !zc_ok(zc_verify_ed25519(key->public_key, note->text, decoded + ZC_NOTE_KEY_ID_SIZE))) {
        return zc_fail(ZC_AUDIT_BAD_NOTE_SIGNATURE);
    }
    return ZC_OK;
}

zc_result zc_note_verify(const zc_note *note, const zc_note_key *key)
{
    bool signed_by_key = false;
    for (size_t i = 0; i < note->count; i++) {
        const zc_note_line *line = &note->line[i];
        if (!zc_slice_eq(line->name, key->name) ||
            memcmp(line->key_id, key->id, sizeof key->id) != 0) {
            continue;
        }
        ZC_TRY(check_line(note, line, key));
        signed_by_key = true;
    }
    return signed_by_key ? ZC_OK : zc_fail(ZC_AUDIT_NOT_SIGNED);
}

zc_result zc_note_sign(zc_slice text, zc_slice name, const zc_signer *signer, zc_writer *writer)
{
    zc_note_key key;
    zc_signature signature;
    uint8_t bytes[ZC_NOTE_KEY_ID_SIZE + ED25519_SIGNATURE_SIZE];
    ZC_TRY(zc_note_key_of(name, signer->pubkey.byte, &key));
    ZC_TRY(zc_sign_message_ed25519(signer, text, &signature));
    memcpy(bytes, key.id, sizeof key.id);
    memcpy(bytes + sizeof key.id, signature.byte, ED25519_SIGNATURE_SIZE);
    zc_writer out = *writer;
    ZC_TRY(zc_write_slice(&out, ZC_SLICE_OF_ARRAY(line_prefix)));
    ZC_TRY(zc_write_slice(&out, name));
    ZC_TRY(zc_write_u8(&out, ' '));
    ZC_TRY(zc_write_base64(&out, ZC_SLICE_OF_ARRAY(bytes)));
    ZC_TRY(zc_write_u8(&out, '\n'));
    *writer = out;
    return ZC_OK;
}
