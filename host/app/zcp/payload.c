#include "payload.h"

#include <ctype.h>
#include <stdio.h>

#include "base/hex.h"

#define PAYLOAD_FILE_MAX ((size_t)1 << 20)

static zc_slice trimmed(const zc_bytes *bytes)
{
    size_t first = 0;
    size_t last = bytes->len;
    while (first < last && isspace(bytes->data[first])) {
        first++;
    }
    while (last > first && isspace(bytes->data[last - 1])) {
        last--;
    }
    return zc_slice_of(bytes->data + first, last - first);
}

/* In place: the bytes are never longer than their digits. Text that is not hex stays as it is. */
static void decode_hex(zc_bytes *bytes)
{
    zc_slice text = trimmed(bytes);
    size_t len;
    if (text.len >= 2 && zc_ok(zc_hex_decode_some(text, bytes->data, bytes->len, &len))) {
        bytes->len = len;
    }
}

int zc_payload_read(const zc_invocation *invocation, size_t argument, bool hex,
                    zc_bytes *ret_payload)
{
    const char *path = invocation->arguments > argument ? invocation->argument[argument] : "-";
    zc_error error = {0};
    if (!zc_ok(zc_file_read(path, PAYLOAD_FILE_MAX, ret_payload, &error))) {
        return zc_fail_with(invocation, &error);
    }
    if (hex) {
        decode_hex(ret_payload);
    }
    return ZC_EXIT_DONE;
}

int zc_option_hex(const zc_invocation *invocation, const char *name, uint8_t *ret_bytes, size_t len)
{
    const char *text = zc_option_value(invocation, name);
    if (text != NULL && zc_ok(zc_hex_decode(zc_slice_of_text(text), ret_bytes, len))) {
        return ZC_EXIT_DONE;
    }
    char why[96];
    (void)snprintf(why, sizeof why, "--%s wants %zu hexadecimal digits", name, 2 * len);
    return zc_fail_usage(invocation, "cannot read the command line", why);
}
