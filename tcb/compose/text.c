#include "base/hex.h"
#include "codec/base64.h"
#include "compose/venue.h"

zc_writer zc_compose_begin(zc_compose_text *text)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(text->byte);
    writer.at += text->len;
    return writer;
}

void zc_compose_end(zc_compose_text *text, const zc_writer *writer)
{
    text->len = (uint16_t)zc_writer_len(writer);
}

zc_result zc_compose_write_decimal(zc_writer *writer, const zc_decimal *decimal)
{
    return zc_decimal_write(decimal, writer);
}

zc_result zc_compose_write_u64(zc_writer *writer, uint64_t value)
{
    char digits[ZC_U256_DECIMAL_SIZE];
    const zc_u256 number = zc_u256_of(value);
    size_t len = zc_u256_to_decimal(&number, digits);
    return zc_write_slice(writer, zc_slice_of(digits, len));
}

static bool is_letter_or_digit(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool zc_compose_is_made_of(zc_slice text, const char *others)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (!is_letter_or_digit(c) && (c == 0 || strchr(others, c) == NULL)) {
            return false;
        }
    }
    return true;
}

static zc_result write_json_char(zc_writer *writer, uint8_t c)
{
    static const char digits[] = "0123456789abcdef";
    if (c == '"' || c == '\\') {
        ZC_TRY(zc_write_u8(writer, '\\'));
        return zc_write_u8(writer, c);
    }
    /* Beyond ASCII nothing gets here; were it to, it would still be inside the string. */
    if (c < 0x20 || c >= 0x7f) {
        ZC_TRY(zc_write_text(writer, "\\u00"));
        ZC_TRY(zc_write_u8(writer, (uint8_t)digits[c >> 4]));
        return zc_write_u8(writer, (uint8_t)digits[c & 15]);
    }
    return zc_write_u8(writer, c);
}

zc_result zc_compose_write_json(zc_writer *writer, zc_slice text)
{
    zc_writer trial = *writer;
    ZC_TRY(zc_write_u8(&trial, '"'));
    for (size_t i = 0; i < text.len; i++) {
        ZC_TRY(write_json_char(&trial, text.data[i]));
    }
    ZC_TRY(zc_write_u8(&trial, '"'));
    *writer = trial;
    return ZC_OK;
}

zc_result zc_compose_write_percent(zc_writer *writer, zc_slice text)
{
    static const char digits[] = "0123456789ABCDEF";
    zc_writer trial = *writer;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (zc_compose_is_made_of(zc_slice_of(&c, 1), "-._~")) {
            ZC_TRY(zc_write_u8(&trial, c));
        } else {
            ZC_TRY(zc_write_u8(&trial, '%'));
            ZC_TRY(zc_write_u8(&trial, (uint8_t)digits[c >> 4]));
            ZC_TRY(zc_write_u8(&trial, (uint8_t)digits[c & 15]));
        }
    }
    *writer = trial;
    return ZC_OK;
}

static zc_result write_padded(zc_writer *writer, uint64_t value, unsigned width)
{
    uint8_t digits[4];
    for (unsigned i = width; i > 0; i--) {
        digits[i - 1] = (uint8_t)('0' + value % 10);
        value /= 10;
    }
    return zc_write_slice(writer, zc_slice_of(digits, width));
}

/* Days since 1970-01-01 to a date of the Gregorian calendar: years begin in March, so that the leap
 * day is the last of its year, and 400 of them are 146097 days. */
static void date_of(uint64_t days, uint64_t *ret_year, uint64_t *ret_month, uint64_t *ret_day)
{
    uint64_t since = days + 719468; /* 0000-03-01 */
    uint64_t in_era = since % 146097;
    uint64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    uint64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    uint64_t from_march = (5 * in_year + 2) / 153;
    *ret_day = in_year - (153 * from_march + 2) / 5 + 1;
    *ret_month = from_march < 10 ? from_march + 3 : from_march - 9;
    *ret_year = year + since / 146097 * 400 + (*ret_month <= 2 ? 1 : 0);
}

zc_result zc_compose_write_iso8601(zc_writer *writer, uint64_t time_ms)
{
    static const char marks[] = "--T::.Z";
    const uint64_t year_10000 = UINT64_C(253402300800000);
    const unsigned width[] = {4, 2, 2, 2, 2, 2, 3};
    uint64_t parts[7];
    if (time_ms >= year_10000) {
        return zc_fail(ZC_COMPOSE_TIME);
    }
    date_of(time_ms / 86400000, &parts[0], &parts[1], &parts[2]);
    parts[3] = time_ms / 3600000 % 24;
    parts[4] = time_ms / 60000 % 60;
    parts[5] = time_ms / 1000 % 60;
    parts[6] = time_ms % 1000;
    zc_writer trial = *writer;
    for (size_t i = 0; i < 7; i++) {
        ZC_TRY(write_padded(&trial, parts[i], width[i]));
        ZC_TRY(zc_write_u8(&trial, (uint8_t)marks[i]));
    }
    *writer = trial;
    return ZC_OK;
}

zc_result zc_compose_write_base64_url(zc_writer *writer, zc_slice bytes)
{
    zc_writer trial = *writer;
    ZC_TRY(zc_write_base64(&trial, bytes));
    for (uint8_t *at = writer->at; at < trial.at; at++) {
        if (*at == '+') {
            *at = '-';
        } else if (*at == '/') {
            *at = '_';
        }
    }
    while (trial.at > writer->at && trial.at[-1] == '=') {
        trial.at--;
    }
    *writer = trial;
    return ZC_OK;
}
