#include "api/log.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_LEN 2048

typedef struct line {
    char text[LINE_MAX_LEN];
    size_t len;
} line;

static _Atomic int wanted = ZC_LOG_ALL;

void zc_log_set(zc_log_what what)
{
    atomic_store(&wanted, (int)what);
}

/* Room is kept for the end of the line. */
static void put_raw(line *out, const char *text)
{
    size_t len = strlen(text);
    if (out->len + len < LINE_MAX_LEN - 4) {
        memcpy(out->text + out->len, text, len);
        out->len += len;
    }
}

#define VALUE_MAX ((size_t)256)

static void put_key(line *out, const char *key, const char *behind)
{
    put_raw(out, ",\"");
    put_raw(out, key);
    put_raw(out, behind);
}

static size_t quote(const char *value, char ret_quoted[static 6 * VALUE_MAX + 1])
{
    size_t len = 0;
    for (size_t i = 0; value[i] != '\0' && i < VALUE_MAX; i++) {
        unsigned char c = (unsigned char)value[i];
        if (c == '"' || c == '\\') {
            ret_quoted[len++] = '\\';
            ret_quoted[len++] = (char)c;
        } else if (c < 0x20 || c >= 0x7f) {
            len += (size_t)snprintf(ret_quoted + len, 7, "\\u%04x", c);
        } else {
            ret_quoted[len++] = (char)c;
        }
    }
    ret_quoted[len] = '\0';
    return len;
}

static void put_text(line *out, const char *key, const char *value)
{
    char quoted[6 * VALUE_MAX + 1];
    size_t len = quote(value, quoted);
    /* A member is there whole or not at all. */
    if (out->len + strlen(key) + len + 6 < LINE_MAX_LEN - 4) {
        put_key(out, key, "\":\"");
        put_raw(out, quoted);
        put_raw(out, "\"");
    }
}

static void put_number(line *out, const char *key, uint64_t value)
{
    char text[24];
    size_t at = sizeof text - 1;
    text[at] = '\0';
    do {
        text[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    put_key(out, key, "\":");
    put_raw(out, text + at);
}

/* The second as text is made once a second. */
static const char *second_text(time_t second)
{
    static _Thread_local time_t made;
    static _Thread_local char text[48];
    if (made != second || text[0] == '\0') {
        struct tm utc;
        (void)gmtime_r(&second, &utc);
        (void)strftime(text, sizeof text, "{\"time\":\"%Y-%m-%dT%H:%M:%S.", &utc);
        made = second;
    }
    return text;
}

static void begin(line *out, const char *level, const char *event)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    const unsigned ms = (unsigned)(now.tv_nsec / 1000000);
    const char rest[] = {
        (char)('0' + ms / 100), (char)('0' + ms / 10 % 10), (char)('0' + ms % 10), 'Z', '"', '\0'};
    out->len = 0;
    put_raw(out, second_text(now.tv_sec));
    put_raw(out, rest);
    put_text(out, "level", level);
    put_text(out, "event", event);
}

/* One write, so that lines of several threads don't mix. A log that can't be written stops nothing.
 */
static void end(line *out)
{
    out->text[out->len++] = '}';
    out->text[out->len++] = '\n';
    ssize_t written = write(STDERR_FILENO, out->text, out->len);
    (void)written;
}

static const char *outcome(zcp_result result)
{
    switch (result) {
    case ZCP_OK:
        return "allow";
    case ZCP_DENIED:
        return "deny";
    case ZCP_APPROVAL_NEEDED:
        return "review";
    case ZCP_FAILED:
    case ZCP_USAGE:
    case ZCP_NOT_VERIFIED:
    case ZCP_UNREACHABLE:
        break;
    }
    return "failed";
}

void zc_log_request(const zc_api_call *call, unsigned status, uint64_t total_ns)
{
    bool fine = call->result == ZCP_OK && status < 400;
    int what = atomic_load(&wanted);
    if (what == ZC_LOG_NONE || (what == ZC_LOG_REFUSED && fine)) {
        return;
    }
    line out;
    begin(&out, fine ? "info" : "warn", "request");
    put_text(&out, "interface", call->interface);
    put_text(&out, "id", call->id);
    put_text(&out, "identity", call->identity != NULL ? call->identity->name : "");
    put_text(&out, "operation", call->operation != NULL ? call->operation : "");
    if (call->key[0] != '\0') {
        put_text(&out, "key", call->key);
    }
    if (status != 0) {
        put_number(&out, "status", status);
    }
    if (call->decision.rule[0] != '\0' || call->decision.reason[0] != '\0') {
        put_text(&out, "decision", outcome(call->result));
        put_text(&out, "rule", call->decision.rule);
        put_text(&out, "reason", call->decision.reason);
    }
    put_number(&out, "total_us", total_ns / 1000);
    put_number(&out, "enclave_us", call->enclave_ns / 1000);
    end(&out);
}

void zc_log_event(const char *level, const char *event, const char *detail)
{
    line out;
    begin(&out, level, event);
    if (detail != NULL) {
        put_text(&out, "detail", detail);
    }
    end(&out);
}

void zc_log_error(const char *event, const zc_error *error)
{
    line out;
    begin(&out, "error", event);
    put_text(&out, "what", error->what);
    put_text(&out, "why", error->why);
    put_text(&out, "next", error->next);
    end(&out);
}
