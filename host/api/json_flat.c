#include "api/json_flat.h"

#include <stdbool.h>
#include <string.h>

typedef struct scan {
    const char *at;
    const char *end;
} scan;

static void skip_space(scan *in)
{
    while (in->at < in->end &&
           (*in->at == ' ' || *in->at == '\t' || *in->at == '\n' || *in->at == '\r')) {
        in->at++;
    }
}

/* The character, with the space around it. */
static bool take(scan *in, char wanted)
{
    skip_space(in);
    if (in->at == in->end || *in->at != wanted) {
        return false;
    }
    in->at++;
    skip_space(in);
    return true;
}

static bool is_plain(const char *text, size_t len)
{
    bool plain = true;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        plain = plain & (c >= 0x20) & (c < 0x7f) & (c != '\\');
    }
    return plain;
}

/* A text in quotes, which are right here. */
static bool take_text(scan *in, zc_slice *ret_text)
{
    if (in->at == in->end || *in->at != '"') {
        return false;
    }
    const char *from = in->at + 1;
    const char *quote = memchr(from, '"', (size_t)(in->end - from));
    if (quote == NULL || !is_plain(from, (size_t)(quote - from))) {
        return false;
    }
    *ret_text = zc_slice_of(from, (size_t)(quote - from));
    in->at = quote + 1;
    return true;
}

static bool take_member(scan *in, json_t *object)
{
    zc_slice name;
    zc_slice value;
    if (!take_text(in, &name) || !take(in, ':') || !take_text(in, &value) ||
        json_object_getn(object, (const char *)name.data, name.len) != NULL) {
        return false;
    }
    return json_object_setn_new_nocheck(
               object, (const char *)name.data, name.len,
               json_stringn_nocheck((const char *)value.data, value.len)) == 0;
}

static bool take_members(scan *in, json_t *object)
{
    if (!take(in, '{')) {
        return false;
    }
    for (size_t i = 0; i < ZC_JSON_FLAT_MAX; i++) {
        if (!take_member(in, object)) {
            return false;
        }
        if (!take(in, ',')) {
            return take(in, '}') && in->at == in->end;
        }
    }
    return false;
}

json_t *zc_json_flat(zc_slice text)
{
    if (text.len == 0) {
        return NULL;
    }
    scan in = {.at = (const char *)text.data, .end = (const char *)text.data + text.len};
    json_t *object = json_object();
    if (object == NULL || !take_members(&in, object)) {
        json_decref(object);
        return NULL;
    }
    return object;
}
