#include "evidence/internal.h"

/* Past a string whose opening quote is at `at`; the end when it does not close. */
static size_t past_string(zc_slice text, size_t at)
{
    for (at++; at < text.len; at++) {
        if (text.data[at] == '\\') {
            at++;
        } else if (text.data[at] == '"') {
            return at + 1;
        }
    }
    return text.len;
}

/* Past the object that opens at `at`. */
static size_t past_object(zc_slice text, size_t at)
{
    size_t depth = 0;
    while (at < text.len) {
        uint8_t c = text.data[at];
        if (c == '"') {
            at = past_string(text, at);
            continue;
        }
        at++;
        if (c == '{') {
            depth++;
        } else if (c == '}' && --depth == 0) {
            return at;
        }
    }
    return text.len;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t past_space(zc_slice text, size_t at)
{
    while (at < text.len && is_space(text.data[at])) {
        at++;
    }
    return at;
}

/* Only members of the outermost object count: the depth there is one. */
bool zc_json_member_text(zc_slice object, const char *name, zc_slice *ret_value)
{
    size_t name_len = strlen(name);
    size_t at = past_space(object, 0);
    if (at == object.len || object.data[at] != '{') {
        return false;
    }
    at++;
    while (at < object.len) {
        uint8_t c = object.data[at];
        if (c == '{') {
            at = past_object(object, at);
            continue;
        }
        if (c != '"') {
            at++;
            continue;
        }
        size_t end = past_string(object, at);
        size_t colon = past_space(object, end);
        bool is_key = colon < object.len && object.data[colon] == ':';
        if (is_key && end - at == name_len + 2 &&
            memcmp(object.data + at + 1, name, name_len) == 0) {
            size_t value = past_space(object, colon + 1);
            if (value < object.len && object.data[value] == '{') {
                *ret_value = zc_slice_of(object.data + value, past_object(object, value) - value);
                return true;
            }
            return false;
        }
        at = end;
    }
    return false;
}
