#include <stdio.h>

#include "api/rest/rest.h"
#include "base/hex.h"
#include "codec/base64.h"

#define PAYLOAD_MAX ((size_t)60 << 10)

static bool bad(zc_rest_call *call, const char *format, const char *member)
{
    char why[160];
    (void)snprintf(why, sizeof why, format, member); /* formats are this file's own */
    zc_rest_bad(call, why);
    return false;
}

bool zc_rest_members(zc_rest_call *call, const char *known)
{
    const char *key;
    json_t *value;
    json_object_foreach(call->body, key, value)
    {
        bool whole = false;
        size_t len = strlen(key);
        for (const char *at = strstr(known, key); at != NULL && len > 0 && !whole;
             at = strstr(at + 1, key)) {
            whole = at > known && at[-1] == ' ' && at[len] == ' ' && strchr(key, ' ') == NULL;
        }
        if (!whole) {
            return bad(call, "the body has a member that this request does not know: %.63s", key);
        }
    }
    return true;
}

bool zc_rest_text(zc_rest_call *call, const char *member, bool required, const char **ret_text)
{
    const json_t *value = json_object_get(call->body, member);
    const char *text = json_string_value(value);
    if (value == NULL && !required) {
        *ret_text = NULL;
        return true;
    }
    if (text == NULL || strlen(text) != json_string_length(value)) {
        return bad(call, "%.63s must be a text", member);
    }
    *ret_text = text;
    return true;
}

bool zc_rest_hex(zc_rest_call *call, const char *member, uint8_t *ret_bytes, size_t capacity,
                 size_t *ret_len)
{
    const json_t *value = json_object_get(call->body, member);
    const char *text = json_string_value(value);
    if (text == NULL || !zc_ok(zc_hex_decode_some(zc_slice_of(text, json_string_length(value)),
                                                  ret_bytes, capacity, ret_len))) {
        return bad(call, "%.63s must be hexadecimal, and not too long", member);
    }
    return true;
}

bool zc_rest_payload(zc_rest_call *call, zc_bytes *ret_bytes)
{
    const json_t *hex = json_object_get(call->body, "payload");
    const json_t *base64 = json_object_get(call->body, "payload_base64");
    const json_t *plain = json_object_get(call->body, "text");
    const json_t *given = hex != NULL ? hex : base64 != NULL ? base64 : plain;
    bool one = (hex != NULL) + (base64 != NULL) + (plain != NULL) == 1;
    size_t len = json_string_length(given);
    if (!one || !json_is_string(given) || len > 2 * PAYLOAD_MAX + 2 ||
        !zc_bytes_reserve(ret_bytes, len)) {
        return bad(call, "give the payload once, as a text: %s",
                   "payload (hex), payload_base64 or text");
    }
    const zc_slice text = zc_slice_of(json_string_value(given), len);
    if (hex != NULL) {
        return zc_rest_hex(call, "payload", ret_bytes->data, len, &ret_bytes->len);
    }
    if (base64 != NULL) {
        return zc_ok(zc_base64_decode(text, ret_bytes->data, len, &ret_bytes->len)) ||
               bad(call, "%s must be base64", "payload_base64");
    }
    return zc_bytes_append(ret_bytes, text);
}
