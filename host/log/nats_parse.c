#include <string.h>

#include "base/reader.h"
#include "log/nats.h"

#define WORDS_MAX 6

typedef struct zc_nats_words {
    size_t count;
    zc_slice word[WORDS_MAX];
} zc_nats_words;

/* Words between spaces or tabs. */
static bool split(zc_slice line, zc_nats_words *words)
{
    size_t at = 0;
    words->count = 0;
    while (at < line.len) {
        while (at < line.len && (line.data[at] == ' ' || line.data[at] == '\t')) {
            at++;
        }
        size_t begin = at;
        while (at < line.len && line.data[at] != ' ' && line.data[at] != '\t') {
            at++;
        }
        if (at > begin) {
            if (words->count == WORDS_MAX) {
                return false;
            }
            words->word[words->count++] = zc_slice_of(line.data + begin, at - begin);
        }
    }
    return true;
}

static bool number(zc_slice text, size_t most, size_t *ret_number)
{
    size_t value = 0;
    bool good = text.len > 0 && text.len <= 9;
    for (size_t i = 0; good && i < text.len; i++) {
        good = text.data[i] >= '0' && text.data[i] <= '9';
        value = value * 10 + (size_t)(text.data[i] - '0');
    }
    *ret_number = value;
    return good && value <= most;
}

/* "NATS/1.0 503…": a status that a server puts in place of an answer. */
static unsigned status_of(zc_slice header)
{
    static const char version[] = "NATS/1.0 ";
    size_t status = 0;
    size_t len = sizeof version - 1;
    bool has = header.len >= len + 3 && memcmp(header.data, version, len) == 0 &&
               number(zc_slice_of(header.data + len, 3), 999, &status);
    return has ? (unsigned)status : 0;
}

/* MSG subject sid [reply] bytes, HMSG subject sid [reply] header-bytes bytes; then so many bytes
 * and the end of a line. */
static zc_result parse_message(zc_reader *in, const zc_nats_words *words, bool with_header,
                               zc_nats_message *message, bool *ret_whole)
{
    size_t total = 0;
    size_t header_len = 0;
    size_t fewest = with_header ? 5 : 4;
    zc_slice header = {0};
    if (words->count < fewest || words->count > fewest + 1 ||
        !number(words->word[words->count - 1], ZC_NATS_PAYLOAD_MAX, &total) ||
        (with_header && (!number(words->word[words->count - 2], total, &header_len)))) {
        return zc_fail(ZC_LOG_UNREACHABLE);
    }
    *ret_whole = zc_reader_left(in) >= total + 2;
    if (!*ret_whole) {
        return ZC_OK;
    }
    message->kind = ZC_NATS_MSG;
    message->subject = words->word[1];
    ZC_TRY(zc_read_slice(in, header_len, &header));
    message->status = status_of(header);
    ZC_TRY(zc_read_slice(in, total - header_len, &message->payload));
    zc_slice end;
    ZC_TRY(zc_read_slice(in, 2, &end));
    return zc_slice_eq_text(end, "\r\n") ? ZC_OK : zc_fail(ZC_LOG_UNREACHABLE);
}

static bool plain_kind(zc_slice word, zc_nats_message *message)
{
    static const struct {
        const char *text;
        zc_nats_kind kind;
    } kinds[] = {{"PING", ZC_NATS_PING},
                 {"PONG", ZC_NATS_PONG},
                 {"+OK", ZC_NATS_OK},
                 {"INFO", ZC_NATS_INFO},
                 {"-ERR", ZC_NATS_ERR}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (zc_slice_eq_text(word, kinds[i].text)) {
            message->kind = kinds[i].kind;
            return true;
        }
    }
    return false;
}

static zc_slice first_word(zc_slice line)
{
    size_t len = 0;
    while (len < line.len && line.data[len] != ' ' && line.data[len] != '\t') {
        len++;
    }
    return zc_slice_of(line.data, len);
}

zc_result zc_nats_parse(zc_slice bytes, zc_nats_message *ret_message, size_t *ret_len)
{
    zc_reader in = zc_reader_of(bytes);
    zc_nats_message message = {0};
    zc_slice line;
    size_t look = bytes.len < ZC_NATS_LINE_MAX ? bytes.len : ZC_NATS_LINE_MAX;
    const uint8_t *end = look == 0 ? NULL : memchr(bytes.data, '\n', look);
    if (end == NULL) {
        *ret_len = 0;
        return look < ZC_NATS_LINE_MAX ? ZC_OK : zc_fail(ZC_LOG_UNREACHABLE);
    }
    ZC_TRY(zc_read_slice(&in, (size_t)(end - bytes.data) + 1, &line));
    line.len -= line.len > 1 && line.data[line.len - 2] == '\r' ? 2 : 1;
    zc_slice word = first_word(line);
    bool whole = true;
    bool with_header = zc_slice_eq_text(word, "HMSG");
    if (with_header || zc_slice_eq_text(word, "MSG")) {
        zc_nats_words words;
        if (!split(line, &words)) {
            return zc_fail(ZC_LOG_UNREACHABLE);
        }
        ZC_TRY(parse_message(&in, &words, with_header, &message, &whole));
    } else if (plain_kind(word, &message)) {
        message.payload = zc_slice_of(line.data + word.len, line.len - word.len);
    } else {
        return zc_fail(ZC_LOG_UNREACHABLE);
    }
    *ret_len = whole ? zc_reader_offset(&in) : 0;
    *ret_message = message;
    return ZC_OK;
}
