#include "evidence/accepted.h"

#include <stdio.h>

#include "audit/note.h"
#include "evidence/accepted_line.h"

static zc_slice next_line(zc_slice *text)
{
    const uint8_t *end = text->len > 0 ? memchr(text->data, '\n', text->len) : NULL;
    size_t len = end != NULL ? (size_t)(end - text->data) : text->len;
    zc_slice line = zc_slice_of(text->data, len);
    size_t used = end != NULL ? len + 1 : len;
    *text = zc_slice_of(text->data + used, text->len - used);
    return line;
}

static zc_result open_note(zc_slice bytes, const uint8_t release_key[static 32], zc_slice *ret_text)
{
    zc_note note;
    zc_note_key key;
    if (bytes.len > ZC_NOTE_MAX || !zc_ok(zc_note_parse(bytes, &note))) {
        return zc_fail(ZC_EVIDENCE_BAD_ACCEPTED);
    }
    if (!zc_ok(zc_note_key_of(zc_slice_of_text(ZC_ACCEPTED_NAME), release_key, &key)) ||
        !zc_ok(zc_note_verify(&note, &key))) {
        return zc_fail(ZC_EVIDENCE_ACCEPTED_NOT_SIGNED);
    }
    *ret_text = note.text;
    return ZC_OK;
}

zc_result zc_accepted_check(zc_slice bytes, const uint8_t release_key[static 32],
                            zc_evidence_kind kind, const zc_measurement *measurements, size_t count,
                            int64_t at_seconds, char ret_label[static 96])
{
    zc_slice text;
    bool fits_once = false;
    bool accepted = false;
    char label[96] = "";
    ZC_TRY(open_note(bytes, release_key, &text));
    if (!zc_slice_eq_text(next_line(&text), ZC_ACCEPTED_NAME)) {
        return zc_fail(ZC_EVIDENCE_BAD_ACCEPTED);
    }
    for (size_t lines = 0; text.len > 0; lines++) {
        zc_accepted_line e;
        if (lines == ZC_ACCEPTED_LINES_MAX || !zc_accepted_line_read(next_line(&text), &e)) {
            return zc_fail(ZC_EVIDENCE_BAD_ACCEPTED);
        }
        if (!zc_accepted_line_fits(&e, kind, measurements, count)) {
            continue;
        }
        fits_once = true;
        if (!accepted && at_seconds >= e.from && at_seconds <= e.to) {
            accepted = true;
            (void)snprintf(label, sizeof label, "%.*s", (int)e.label.len,
                           (const char *)e.label.data);
        }
    }
    if (!accepted) {
        return zc_fail(fits_once ? ZC_EVIDENCE_NOT_ACCEPTED_NOW : ZC_EVIDENCE_NOT_ACCEPTED);
    }
    memcpy(ret_label, label, sizeof label);
    return ZC_OK;
}
