#include "audit/cosignature.h"

#include <string.h>

#include "audit/checkpoint.h"
#include "audit/typed_key.h"
#include "base/reader.h"
#include "base/u256.h"
#include "codec/base64.h"
#include "crypto/verify.h"

/* The signature type of timestamped cosignatures, first byte of an encoded public key. */
#define COSIGNATURE_TYPE 0x04
#define ED25519_SIGNATURE_SIZE 64
#define LINE_BYTES (ZC_NOTE_KEY_ID_SIZE + 8 + ED25519_SIGNATURE_SIZE)
/* "cosignature/v1", "time " and a decimal number, each with a newline. */
#define HEAD_MAX 64

static zc_cosigner cosigner_of(const zc_note_key *key)
{
    zc_cosigner cosigner = {.name = key->name};
    memcpy(cosigner.public_key, key->public_key, sizeof cosigner.public_key);
    memcpy(cosigner.id, key->id, sizeof cosigner.id);
    return cosigner;
}

zc_result zc_cosigner_of(zc_slice name, const uint8_t public_key[static 32],
                         zc_cosigner *ret_cosigner)
{
    zc_note_key key;
    ZC_TRY(zc_typed_key_of(COSIGNATURE_TYPE, name, public_key, &key));
    *ret_cosigner = cosigner_of(&key);
    return ZC_OK;
}

zc_result zc_cosigner_parse(zc_slice text, zc_cosigner *ret_cosigner)
{
    zc_note_key key;
    ZC_TRY(zc_typed_key_parse(COSIGNATURE_TYPE, text, &key));
    *ret_cosigner = cosigner_of(&key);
    return ZC_OK;
}

zc_result zc_cosigner_write(const zc_cosigner *cosigner, zc_writer *writer)
{
    zc_note_key key = {.name = cosigner->name};
    memcpy(key.public_key, cosigner->public_key, sizeof key.public_key);
    memcpy(key.id, cosigner->id, sizeof key.id);
    return zc_typed_key_write(COSIGNATURE_TYPE, &key, writer);
}

/* What a witness signs. No checkpoint of ours is longer than the buffer. */
static zc_result write_signed(zc_slice text, uint64_t time_s, zc_writer *out)
{
    char decimal[ZC_U256_DECIMAL_SIZE];
    zc_u256 seconds = zc_u256_of(time_s);
    (void)zc_u256_to_decimal(&seconds, decimal);
    ZC_TRY(zc_write_text(out, "cosignature/v1\ntime "));
    ZC_TRY(zc_write_text(out, decimal));
    ZC_TRY(zc_write_u8(out, '\n'));
    return zc_ok(zc_write_slice(out, text)) ? ZC_OK : zc_fail(ZC_BASE_TOO_LONG);
}

static zc_result check_line(zc_slice text, const zc_note_line *line, const zc_cosigner *cosigner,
                            uint64_t *ret_time_s)
{
    uint8_t decoded[LINE_BYTES];
    uint8_t message[HEAD_MAX + ZC_AUDIT_CHECKPOINT_MAX];
    size_t len;
    uint64_t time_s;
    if (!zc_ok(zc_base64_decode(line->base64, decoded, sizeof decoded, &len)) ||
        len != sizeof decoded) {
        return zc_fail(ZC_AUDIT_BAD_NOTE_SIGNATURE);
    }
    zc_reader reader = zc_reader_of(ZC_SLICE_OF_ARRAY(decoded));
    zc_writer writer = ZC_WRITER_OF_ARRAY(message);
    ZC_TRY(zc_skip(&reader, ZC_NOTE_KEY_ID_SIZE));
    ZC_TRY(zc_read_u64(&reader, &time_s));
    if (!zc_ok(write_signed(text, time_s, &writer)) ||
        !zc_ok(zc_verify_ed25519(cosigner->public_key, zc_writer_written(&writer),
                                 decoded + LINE_BYTES - ED25519_SIGNATURE_SIZE))) {
        return zc_fail(ZC_AUDIT_BAD_NOTE_SIGNATURE);
    }
    *ret_time_s = time_s;
    return ZC_OK;
}

zc_result zc_cosignature_check(const zc_note *note, const zc_cosigner *cosigner,
                               uint64_t *ret_time_s)
{
    bool found = false;
    uint64_t latest = 0;
    for (size_t i = 0; i < note->count; i++) {
        const zc_note_line *line = &note->line[i];
        uint64_t time_s;
        if (!zc_slice_eq(line->name, cosigner->name) ||
            memcmp(line->key_id, cosigner->id, sizeof cosigner->id) != 0) {
            continue;
        }
        ZC_TRY(check_line(note->text, line, cosigner, &time_s));
        latest = time_s > latest ? time_s : latest;
        found = true;
    }
    if (!found) {
        return zc_fail(ZC_AUDIT_NOT_SIGNED);
    }
    *ret_time_s = latest;
    return ZC_OK;
}

zc_result zc_cosignature_write(zc_slice text, zc_slice name, const zc_signer *signer,
                               uint64_t time_s, zc_writer *writer)
{
    static const uint8_t prefix[4] = {0xe2, 0x80, 0x94, ' '};
    zc_cosigner cosigner;
    zc_signature signature;
    uint8_t message[HEAD_MAX + ZC_AUDIT_CHECKPOINT_MAX];
    uint8_t line[LINE_BYTES];
    zc_writer signs = ZC_WRITER_OF_ARRAY(message);
    ZC_TRY(zc_cosigner_of(name, signer->pubkey.byte, &cosigner));
    ZC_TRY(write_signed(text, time_s, &signs));
    ZC_TRY(zc_sign_message_ed25519(signer, zc_writer_written(&signs), &signature));
    zc_writer bytes = ZC_WRITER_OF_ARRAY(line);
    ZC_TRY(zc_write_slice(&bytes, ZC_SLICE_OF_ARRAY(cosigner.id)));
    ZC_TRY(zc_write_u64(&bytes, time_s));
    ZC_TRY(zc_write_slice(&bytes, zc_slice_of(signature.byte, ED25519_SIGNATURE_SIZE)));
    zc_writer out = *writer;
    ZC_TRY(zc_write_slice(&out, ZC_SLICE_OF_ARRAY(prefix)));
    ZC_TRY(zc_write_slice(&out, name));
    ZC_TRY(zc_write_u8(&out, ' '));
    ZC_TRY(zc_write_base64(&out, ZC_SLICE_OF_ARRAY(line)));
    ZC_TRY(zc_write_u8(&out, '\n'));
    *writer = out;
    return ZC_OK;
}
