#include "api/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "api/json_flat.h"

#define JSON_DEPTH_MAX 64

const char *zc_http_header_value(const zc_http_request *request, const char *name)
{
    const char *found = NULL;
    for (size_t i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0) {
            if (found != NULL) {
                return NULL;
            }
            found = request->headers[i].value;
        }
    }
    return found;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* One parameter's value, `len` characters as sent. */
static bool decode_value(const char *value, size_t len, char *ret_value, size_t capacity)
{
    size_t out = 0;
    for (size_t i = 0; i < len; i++) {
        int c = (unsigned char)value[i];
        if (c == '%') {
            int high = len - i > 2 ? hex_digit(value[i + 1]) : -1;
            int low = len - i > 2 ? hex_digit(value[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return false;
            }
            c = high * 16 + low;
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        if (c < 0x20 || c == 0x7f || out + 1 >= capacity) {
            return false;
        }
        ret_value[out++] = (char)c;
    }
    ret_value[out] = '\0';
    return true;
}

bool zc_http_query(const zc_http_request *request, const char *name, char *ret_value,
                   size_t capacity)
{
    const char *found = NULL;
    size_t found_len = 0;
    size_t name_len = strlen(name);
    for (const char *at = request->query; *at != '\0';) {
        size_t len = strcspn(at, "&");
        if (len > name_len && memcmp(at, name, name_len) == 0 && at[name_len] == '=') {
            if (found != NULL) {
                return false;
            }
            found = at + name_len + 1;
            found_len = len - name_len - 1;
        }
        at += len + (at[len] == '&' ? 1 : 0);
    }
    return found != NULL && decode_value(found, found_len, ret_value, capacity);
}

/* "/./" and "/../", also at the end. */
static bool has_dots(const char *path)
{
    for (const char *at = strchr(path, '/'); at != NULL; at = strchr(at + 1, '/')) {
        size_t len = strcspn(at + 1, "/");
        if ((len == 1 && at[1] == '.') || (len == 2 && at[1] == '.' && at[2] == '.')) {
            return true;
        }
    }
    return false;
}

bool zc_http_target_split(char *target, char *ret_path, const char **ret_query)
{
    char *question = strchr(target, '?');
    if (question != NULL) {
        *question = '\0';
    }
    size_t out = 0;
    for (const char *at = target; *at != '\0'; at++) {
        int c = (unsigned char)*at;
        if (c == '%') {
            int high = hex_digit(at[1]);
            int low = high < 0 ? -1 : hex_digit(at[2]);
            if (low < 0) {
                return false;
            }
            c = high * 16 + low;
            at += 2;
            if (c == '/' || c == '\\') {
                return false;
            }
        }
        if (c < 0x20 || c == 0x7f) {
            return false;
        }
        ret_path[out++] = (char)c;
    }
    ret_path[out] = '\0';
    *ret_query = question != NULL ? question + 1 : "";
    return ret_path[0] == '/' && strstr(ret_path, "//") == NULL && !has_dots(ret_path);
}

bool zc_http_path_under(const zc_http_request *request, const char *prefix, const char **ret_rest)
{
    size_t len = strlen(prefix);
    if (strncmp(request->path, prefix, len) != 0) {
        return false;
    }
    const char *rest = request->path + len;
    if (*rest == '\0' || strchr(rest, '/') != NULL) {
        return false;
    }
    *ret_rest = rest;
    return true;
}

void zc_http_header_add(zc_http_response *response, const char *name, const char *value)
{
    size_t room = sizeof response->headers / sizeof response->headers[0];
    if (response->header_count >= room) {
        return;
    }
    response->headers[response->header_count].name = name;
    char *out = response->headers[response->header_count].value;
    size_t capacity = sizeof response->headers[0].value;
    size_t len = 0;
    for (; value[len] != '\0' && len + 1 < capacity; len++) {
        unsigned char c = (unsigned char)value[len];
        out[len] = c < 0x20 || c >= 0x7f ? '?' : (char)c;
    }
    out[len] = '\0';
    response->header_count++;
}

void zc_http_reply_json(zc_http_response *response, unsigned status, json_t *take)
{
    char *text = take == NULL ? NULL : json_dumps(take, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(take);
    zc_http_reply_bytes(response, text != NULL ? status : 500, "application/json",
                        zc_slice_of_text(text != NULL ? text : ""));
    free(text);
}

void zc_http_reply_bytes(zc_http_response *response, unsigned status, const char *content_type,
                         zc_slice bytes)
{
    zc_bytes_clear(&response->body);
    response->content_type = content_type;
    response->status = zc_bytes_append(&response->body, bytes) ? status : 500;
}

void zc_http_reply_text(zc_http_response *response, unsigned status, const char *text)
{
    zc_http_reply_bytes(response, status, "text/plain; charset=utf-8", zc_slice_of_text(text));
}

void zc_http_response_clear(zc_http_response *response)
{
    zc_bytes_clear(&response->body);
    *response = (zc_http_response){0};
}

/* Brackets outside of texts, counted before jansson recurses over them. */
static bool shallow(zc_slice body)
{
    size_t depth = 0;
    bool in_text = false;
    for (size_t i = 0; i < body.len; i++) {
        uint8_t c = body.data[i];
        if (in_text) {
            i += c == '\\' ? 1 : 0;
            in_text = c != '"';
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_DEPTH_MAX) {
                return false;
            }
        } else if (c == '}' || c == ']') {
            depth -= depth > 0 ? 1 : 0;
        }
    }
    return true;
}

json_t *zc_http_json(zc_slice body, char ret_why[static 96])
{
    json_t *flat = zc_json_flat(body);
    if (flat != NULL) {
        return flat;
    }
    /* jansson passes over a zero byte behind a number. */
    if (body.len > 0 && memchr(body.data, '\0', body.len) != NULL) {
        (void)snprintf(ret_why, 96, "it holds a zero byte");
        return NULL;
    }
    if (!shallow(body)) {
        (void)snprintf(ret_why, 96, "it is nested more than %d deep", JSON_DEPTH_MAX);
        return NULL;
    }
    json_error_t fault;
    json_t *value = json_loadb(body.len == 0 ? "" : (const char *)body.data, body.len,
                               JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
    if (value != NULL) {
        return value;
    }
    switch (json_error_code(&fault)) {
    case json_error_duplicate_key:
        (void)snprintf(ret_why, 96, "a name occurs twice in one object");
        break;
    case json_error_invalid_utf8:
        (void)snprintf(ret_why, 96, "it is not UTF-8");
        break;
    default:
        (void)snprintf(ret_why, 96, "not JSON at line %d, column %d", fault.line, fault.column);
        break;
    }
    return NULL;
}
