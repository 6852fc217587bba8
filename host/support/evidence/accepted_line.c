#include "evidence/accepted_line.h"

#include "base/ct.h"
#include "base/hex.h"
#include "crypto/certificate.h"
#include "evidence/accepted.h"

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

static bool names_code(const zc_accepted_line *line)
{
    for (size_t i = 0; i < line->count; i++) {
        if (strcmp(line->wanted[i].name, kinds[line->kind].code) == 0) {
            return true;
        }
    }
    return false;
}

bool zc_accepted_line_read(zc_slice text, zc_accepted_line *ret_line)
{
    *ret_line = (zc_accepted_line){0};
    if (!read_kind(next_word(&text), &ret_line->kind) ||
        !zc_evidence_time(next_word(&text), &ret_line->from) ||
        !zc_evidence_time(next_word(&text), &ret_line->to) || ret_line->to < ret_line->from) {
        return false;
    }
    ret_line->label = next_word(&text);
    while (text.len > 0) {
        if (ret_line->count == ZC_ACCEPTED_REGISTERS_MAX ||
            !read_register(next_word(&text), &ret_line->wanted[ret_line->count++])) {
            return false;
        }
    }
    return ret_line->label.len > 0 && ret_line->label.len < 96 && names_code(ret_line);
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

bool zc_accepted_line_fits(const zc_accepted_line *line, zc_evidence_kind kind,
                           const zc_measurement *measurements, size_t count)
{
    bool fits = line->kind == kind && line->count > 0;
    for (size_t i = 0; fits && i < line->count; i++) {
        fits = has_value(measurements, count, &line->wanted[i]);
    }
    return fits;
}
