#include "evidence/accepted.h"

#include <stdio.h>

#include "audit/note.h"
#include "base/ct.h"
#include "base/hex.h"
#include "crypto/certificate.h"

static bool digits(zc_slice text, size_t at, size_t count, unsigned *ret_value)
{
    unsigned value = 0;
    for (size_t i = at; i < at + count; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        value = 10 * value + (unsigned)(text.data[i] - '0');
    }
    *ret_value = value;
    return true;
}

bool zc_evidence_time(zc_slice text, int64_t *ret_seconds)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned year, month, day, hour, minute, second;
    bool shaped = text.len == 20 && text.data[4] == '-' && text.data[7] == '-' &&
                  text.data[10] == 'T' && text.data[13] == ':' && text.data[16] == ':' &&
                  text.data[19] == 'Z' && digits(text, 0, 4, &year) && digits(text, 5, 2, &month) &&
                  digits(text, 8, 2, &day) && digits(text, 11, 2, &hour) &&
                  digits(text, 14, 2, &minute) && digits(text, 17, 2, &second);
    if (!shaped || year < 1970 || month < 1 || month > 12 || hour > 23 || minute > 59 ||
        second > 59) {
        return false;
    }
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    unsigned last = month == 2 && leap ? 29 : days[month - 1];
    if (day < 1 || day > last) {
        return false;
    }
    *ret_seconds = zc_unix_seconds(year, month, day, hour * 3600 + minute * 60 + second);
    return true;
}

/* The next word of a line; words are parted by one space each. Empty at its end. */
static zc_slice next_word(zc_slice *line)
{
    size_t len = 0;
    while (len < line->len && line->data[len] != ' ') {
        len++;
    }
    zc_slice word = zc_slice_of(line->data, len);
    size_t used = len < line->len ? len + 1 : len;
    *line = zc_slice_of(line->data + used, line->len - used);
    return word;
}

static zc_slice next_line(zc_slice *text)
{
    const uint8_t *end = text->len > 0 ? memchr(text->data, '\n', text->len) : NULL;
    size_t len = end != NULL ? (size_t)(end - text->data) : text->len;
    zc_slice line = zc_slice_of(text->data, len);
    size_t used = end != NULL ? len + 1 : len;
    *text = zc_slice_of(text->data + used, text->len - used);
    return line;
}

typedef struct entry {
    zc_evidence_kind kind;
    int64_t from;
    int64_t to;
    zc_slice label;
    size_t count;
    zc_measurement wanted[ZC_ACCEPTED_REGISTERS_MAX];
} entry;

/* By kind: its word in a list, and the register that names the code itself. */
static const struct {
    const char *word;
    const char *code;
} kinds[] = {
    [ZC_EVIDENCE_NITRO] = {"nitro", "PCR0"},
    [ZC_EVIDENCE_SNP] = {"snp", "MEASUREMENT"},
    [ZC_EVIDENCE_SGX] = {"sgx", "MRENCLAVE"},
    [ZC_EVIDENCE_TDX] = {"tdx", "MRTD"},
};

const char *zc_evidence_code_register(zc_evidence_kind kind)
{
    return (size_t)kind < sizeof kinds / sizeof *kinds ? kinds[kind].code : NULL;
}

static bool read_kind(zc_slice word, zc_evidence_kind *ret_kind)
{
    for (size_t i = ZC_EVIDENCE_NITRO; i < sizeof kinds / sizeof *kinds; i++) {
        if (zc_slice_eq_text(word, kinds[i].word)) {
            *ret_kind = (zc_evidence_kind)i;
            return true;
        }
    }
    return false;
}

/* NAME=hex */
static bool read_register(zc_slice word, zc_measurement *ret_wanted)
{
    const uint8_t *equals = memchr(word.data, '=', word.len);
    zc_measurement wanted = {0};
    size_t name_len = equals != NULL ? (size_t)(equals - word.data) : 0;
    if (name_len == 0 || name_len >= sizeof wanted.name) {
        return false;
    }
    memcpy(wanted.name, word.data, name_len);
    zc_slice hex = zc_slice_of(equals + 1, word.len - name_len - 1);
    if (!zc_ok(zc_hex_decode_some(hex, wanted.value, sizeof wanted.value, &wanted.len)) ||
        zc_ct_is_zero(wanted.value, wanted.len)) {
        return false;
    }
    *ret_wanted = wanted;
    return true;
}

static bool names_code(const entry *e)
{
    for (size_t i = 0; i < e->count; i++) {
        if (strcmp(e->wanted[i].name, kinds[e->kind].code) == 0) {
            return true;
        }
    }
    return false;
}

static bool read_entry(zc_slice line, entry *ret_entry)
{
    *ret_entry = (entry){0};
    if (!read_kind(next_word(&line), &ret_entry->kind) ||
        !zc_evidence_time(next_word(&line), &ret_entry->from) ||
        !zc_evidence_time(next_word(&line), &ret_entry->to) || ret_entry->to < ret_entry->from) {
        return false;
    }
    ret_entry->label = next_word(&line);
    while (line.len > 0) {
        if (ret_entry->count == ZC_ACCEPTED_REGISTERS_MAX ||
            !read_register(next_word(&line), &ret_entry->wanted[ret_entry->count++])) {
            return false;
        }
    }
    return ret_entry->label.len > 0 && ret_entry->label.len < 96 && names_code(ret_entry);
}

static bool has_value(const zc_measurement *measurements, size_t count,
                      const zc_measurement *wanted)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(measurements[i].name, wanted->name) == 0) {
            return measurements[i].len == wanted->len &&
                   memcmp(measurements[i].value, wanted->value, wanted->len) == 0;
        }
    }
    return false;
}

static bool entry_fits(const entry *e, zc_evidence_kind kind, const zc_measurement *measurements,
                       size_t count)
{
    bool fits = e->kind == kind && e->count > 0;
    for (size_t i = 0; fits && i < e->count; i++) {
        fits = has_value(measurements, count, &e->wanted[i]);
    }
    return fits;
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
        entry e;
        if (lines == ZC_ACCEPTED_LINES_MAX || !read_entry(next_line(&text), &e)) {
            return zc_fail(ZC_EVIDENCE_BAD_ACCEPTED);
        }
        if (!entry_fits(&e, kind, measurements, count)) {
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
