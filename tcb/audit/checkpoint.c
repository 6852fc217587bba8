#include "audit/checkpoint.h"

#include <string.h>

#include "base/hex.h"
#include "base/reader.h"
#include "base/u256.h"
#include "codec/base64.h"

static const char origin_prefix[] = "zerocopy/";
#define ORIGIN_PREFIX_LEN (sizeof origin_prefix - 1)

void zc_audit_origin(const uint8_t deployment_id[static 32],
                     uint8_t ret_origin[static ZC_AUDIT_ORIGIN_SIZE])
{
    char hex[2 * 32 + 1];
    zc_hex_encode(zc_slice_of(deployment_id, 32), hex);
    memcpy(ret_origin, origin_prefix, ORIGIN_PREFIX_LEN);
    memcpy(ret_origin + ORIGIN_PREFIX_LEN, hex, sizeof hex - 1);
}

/* A line that is not empty, without its newline. */
static zc_result read_line(zc_reader *in, zc_slice *ret_line)
{
    zc_slice rest = zc_reader_rest(in);
    const uint8_t *newline = rest.len == 0 ? NULL : memchr(rest.data, '\n', rest.len);
    if (newline == NULL || newline == rest.data) {
        return zc_fail(ZC_AUDIT_BAD_CHECKPOINT);
    }
    ZC_TRY(zc_read_slice(in, (size_t)(newline - rest.data), ret_line));
    return zc_skip(in, 1);
}

static zc_result parse_size(zc_slice text, uint64_t *ret_size)
{
    zc_u256 value;
    bool leading_zero = text.len > 1 && text.data[0] == '0';
    if (leading_zero || !zc_ok(zc_u256_from_decimal(text, &value)) ||
        !zc_ok(zc_u256_to_u64(&value, ret_size))) {
        return zc_fail(ZC_AUDIT_BAD_CHECKPOINT);
    }
    return ZC_OK;
}

zc_result zc_checkpoint_split(zc_slice text, zc_checkpoint_lines *ret_lines)
{
    zc_reader in = zc_reader_of(text);
    zc_checkpoint_lines lines;
    zc_slice size;
    ZC_TRY(read_line(&in, &lines.origin));
    ZC_TRY(read_line(&in, &size));
    ZC_TRY(parse_size(size, &lines.size));
    ZC_TRY(read_line(&in, &lines.root_base64));
    lines.extension = zc_reader_rest(&in);
    *ret_lines = lines;
    return ZC_OK;
}

/* Whole lines, none empty: an empty one would end the note's text early for some readers. */
static zc_result check_extension(zc_slice extension)
{
    if (extension.len > ZC_AUDIT_EXTENSION_MAX) {
        return zc_fail(ZC_AUDIT_BAD_CHECKPOINT);
    }
    zc_reader in = zc_reader_of(extension);
    while (zc_reader_left(&in) > 0) {
        zc_slice line;
        ZC_TRY(read_line(&in, &line));
    }
    return ZC_OK;
}

static zc_result write_text(zc_slice origin, const zc_audit_checkpoint *checkpoint, zc_writer *out)
{
    char decimal[ZC_U256_DECIMAL_SIZE];
    zc_u256 size = zc_u256_of(checkpoint->size);
    (void)zc_u256_to_decimal(&size, decimal);
    ZC_TRY(zc_write_slice(out, origin));
    ZC_TRY(zc_write_u8(out, '\n'));
    ZC_TRY(zc_write_text(out, decimal));
    ZC_TRY(zc_write_u8(out, '\n'));
    ZC_TRY(zc_write_base64(out, ZC_SLICE_OF_ARRAY(checkpoint->root)));
    ZC_TRY(zc_write_u8(out, '\n'));
    return zc_write_slice(out, checkpoint->extension);
}

zc_result zc_audit_checkpoint_write(const uint8_t deployment_id[static 32],
                                    const zc_audit_checkpoint *checkpoint, const zc_signer *log_key,
                                    zc_writer *writer)
{
    uint8_t origin[ZC_AUDIT_ORIGIN_SIZE];
    zc_audit_origin(deployment_id, origin);
    ZC_TRY(check_extension(checkpoint->extension));
    zc_writer out = *writer;
    const uint8_t *text = out.at;
    ZC_TRY(write_text(ZC_SLICE_OF_ARRAY(origin), checkpoint, &out));
    size_t text_len = (size_t)(out.at - text);
    ZC_TRY(zc_write_u8(&out, '\n'));
    ZC_TRY(zc_note_sign(zc_slice_of(text, text_len), ZC_SLICE_OF_ARRAY(origin), log_key, &out));
    *writer = out;
    return ZC_OK;
}

static zc_result read_checkpoint(zc_slice text, zc_slice origin,
                                 zc_audit_checkpoint *ret_checkpoint)
{
    zc_checkpoint_lines lines;
    zc_audit_checkpoint checkpoint;
    size_t len;
    ZC_TRY(zc_checkpoint_split(text, &lines));
    if (!zc_slice_eq(lines.origin, origin)) {
        return zc_fail(ZC_AUDIT_WRONG_ORIGIN);
    }
    if (!zc_ok(
            zc_base64_decode(lines.root_base64, checkpoint.root, sizeof checkpoint.root, &len)) ||
        len != sizeof checkpoint.root) {
        return zc_fail(ZC_AUDIT_BAD_CHECKPOINT);
    }
    ZC_TRY(check_extension(lines.extension));
    checkpoint.size = lines.size;
    checkpoint.extension = lines.extension;
    *ret_checkpoint = checkpoint;
    return ZC_OK;
}

zc_result zc_audit_checkpoint_verify(zc_slice note, const uint8_t deployment_id[static 32],
                                     const uint8_t log_key[static 32],
                                     zc_audit_checkpoint *ret_checkpoint)
{
    uint8_t origin[ZC_AUDIT_ORIGIN_SIZE];
    zc_note parsed;
    zc_note_key key;
    zc_audit_checkpoint checkpoint;
    zc_audit_origin(deployment_id, origin);
    ZC_TRY(zc_note_key_of(ZC_SLICE_OF_ARRAY(origin), log_key, &key));
    ZC_TRY(zc_note_parse(note, &parsed));
    /* The text is looked at first only to name the better reason; nothing of it is given out before
     * the signature has been verified. */
    ZC_TRY(read_checkpoint(parsed.text, ZC_SLICE_OF_ARRAY(origin), &checkpoint));
    ZC_TRY(zc_note_verify(&parsed, &key));
    *ret_checkpoint = checkpoint;
    return ZC_OK;
}
