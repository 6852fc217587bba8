#include "evidence/logged.h"

#include <stdio.h>

#include "audit/checkpoint.h"
#include "audit/proof.h"
#include "codec/base64.h"
#include "evidence/accepted_line.h"

typedef struct proof {
    uint8_t line[ZC_LOGGED_LINE_MAX];
    size_t line_len;
    uint64_t index;
    uint8_t hash[32 * ZC_LOGGED_HASHES_MAX];
    size_t hashes;
    zc_slice checkpoint;
} proof;

bool zc_logged_is(zc_slice bytes)
{
    const size_t len = sizeof ZC_LOGGED_HEAD - 1;
    return bytes.len > len && memcmp(bytes.data, ZC_LOGGED_HEAD "\n", len + 1) == 0;
}

/* The next line without its newline; false where the text ends without one. */
static bool next_line(zc_slice *text, zc_slice *ret_line)
{
    const uint8_t *end = text->len > 0 ? memchr(text->data, '\n', text->len) : NULL;
    if (end == NULL) {
        return false;
    }
    *ret_line = zc_slice_of(text->data, (size_t)(end - text->data));
    *text = zc_slice_of(end + 1, text->len - ret_line->len - 1);
    return true;
}

/* What follows `name` and a space on the next line. */
static bool next_field(zc_slice *text, const char *name, zc_slice *ret_value)
{
    zc_slice line;
    size_t len = strlen(name);
    if (!next_line(text, &line) || line.len <= len + 1 || memcmp(line.data, name, len) != 0 ||
        line.data[len] != ' ') {
        return false;
    }
    *ret_value = zc_slice_of(line.data + len + 1, line.len - len - 1);
    return true;
}

/* Decimal, without leading zeros. */
static bool read_number(zc_slice text, uint64_t *ret_number)
{
    uint64_t number = 0;
    bool sound = text.len > 0 && (text.len == 1 || text.data[0] != '0');
    for (size_t i = 0; i < text.len && sound; i++) {
        unsigned digit = (unsigned)text.data[i] - '0';
        sound = digit < 10 && !__builtin_mul_overflow(number, UINT64_C(10), &number) &&
                !__builtin_add_overflow(number, digit, &number);
    }
    *ret_number = number;
    return sound;
}

static bool read_hash(zc_slice text, uint8_t ret_hash[static 32])
{
    size_t len;
    return zc_ok(zc_base64_decode(text, ret_hash, 32, &len)) && len == 32;
}

static bool read_proof(zc_slice text, proof *ret_proof)
{
    zc_slice part;
    if (!next_line(&text, &part) || !next_field(&text, "extra", &part) ||
        !zc_ok(zc_base64_decode(part, ret_proof->line, sizeof ret_proof->line,
                                &ret_proof->line_len)) ||
        !next_field(&text, "index", &part) || !read_number(part, &ret_proof->index)) {
        return false;
    }
    for (size_t i = 0; next_line(&text, &part); i++) {
        if (part.len == 0) {
            ret_proof->hashes = i;
            ret_proof->checkpoint = text;
            return true;
        }
        if (i == ZC_LOGGED_HASHES_MAX || !read_hash(part, ret_proof->hash + 32 * i)) {
            return false;
        }
    }
    return false;
}

static zc_result open_checkpoint(zc_slice bytes, const uint8_t release_key[static 32],
                                 uint64_t *ret_size, uint8_t ret_root[static 32])
{
    zc_note note;
    zc_note_key key;
    zc_checkpoint_lines lines;
    const zc_slice name = zc_slice_of_text(ZC_LOGGED_NAME);
    if (!zc_ok(zc_note_parse(bytes, &note)) || !zc_ok(zc_checkpoint_split(note.text, &lines)) ||
        !zc_slice_eq(lines.origin, name) || !read_hash(lines.root_base64, ret_root)) {
        return zc_fail(ZC_EVIDENCE_BAD_LOG_PROOF);
    }
    if (!zc_ok(zc_note_key_of(name, release_key, &key)) || !zc_ok(zc_note_verify(&note, &key))) {
        return zc_fail(ZC_EVIDENCE_LOG_NOT_SIGNED);
    }
    *ret_size = lines.size;
    return ZC_OK;
}

static zc_result check_place(const proof *given, const uint8_t release_key[static 32])
{
    uint64_t size;
    uint8_t root[32];
    uint8_t leaf[32];
    ZC_TRY(open_checkpoint(given->checkpoint, release_key, &size, root));
    zc_audit_leaf(zc_slice_of(given->line, given->line_len), leaf);
    zc_slice hashes = zc_slice_of(given->hash, 32 * given->hashes);
    return zc_ok(zc_audit_check_inclusion(given->index, size, leaf, hashes, root))
               ? ZC_OK
               : zc_fail(ZC_EVIDENCE_NOT_IN_LOG);
}

zc_result zc_logged_check(zc_slice bytes, const uint8_t release_key[static 32],
                          zc_evidence_kind kind, const zc_measurement *measurements, size_t count,
                          int64_t at_seconds, char ret_label[static 96])
{
    proof given;
    zc_accepted_line line;
    if (!zc_logged_is(bytes) || !read_proof(bytes, &given)) {
        return zc_fail(ZC_EVIDENCE_BAD_LOG_PROOF);
    }
    ZC_TRY(check_place(&given, release_key));
    if (!zc_accepted_line_read(zc_slice_of(given.line, given.line_len), &line)) {
        return zc_fail(ZC_EVIDENCE_BAD_LOG_PROOF);
    }
    if (!zc_accepted_line_fits(&line, kind, measurements, count)) {
        return zc_fail(ZC_EVIDENCE_NOT_ACCEPTED);
    }
    if (at_seconds < line.from || at_seconds > line.to) {
        return zc_fail(ZC_EVIDENCE_NOT_ACCEPTED_NOW);
    }
    (void)snprintf(ret_label, 96, "%.*s", (int)line.label.len, (const char *)line.label.data);
    return ZC_OK;
}
