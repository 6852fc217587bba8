#include "runtime/hello.h"

#include "base/reader.h"

#define RECORD_HANDSHAKE 22
#define VERSION_MAJOR 3
#define HANDSHAKE_CLIENT_HELLO 1
#define RECORD_HEAD 5
#define HANDSHAKE_HEAD 4

/* Reads the heads; fails where the bytes end. */
static zc_result read_heads(zc_reader *reader, bool *ret_plausible, size_t *ret_total)
{
    uint8_t type, major, minor, message, high;
    uint16_t record_len, low;
    ZC_TRY(zc_read_u8(reader, &type));
    *ret_plausible = type == RECORD_HANDSHAKE;
    ZC_TRY(zc_read_u8(reader, &major));
    *ret_plausible = *ret_plausible && major == VERSION_MAJOR;
    ZC_TRY(zc_read_u8(reader, &minor));
    ZC_TRY(zc_read_u16(reader, &record_len));
    *ret_plausible =
        *ret_plausible && record_len > HANDSHAKE_HEAD && record_len <= ZC_HELLO_MAX - RECORD_HEAD;
    ZC_TRY(zc_read_u8(reader, &message));
    *ret_plausible = *ret_plausible && message == HANDSHAKE_CLIENT_HELLO;
    ZC_TRY(zc_read_u8(reader, &high));
    ZC_TRY(zc_read_u16(reader, &low));
    *ret_plausible = *ret_plausible && high == 0 && low == record_len - HANDSHAKE_HEAD;
    *ret_total = (size_t)record_len + RECORD_HEAD;
    return ZC_OK;
}

zc_hello zc_hello_look(zc_slice first_bytes)
{
    zc_reader reader = zc_reader_of(first_bytes);
    bool plausible = true;
    size_t total = 0;
    zc_result read = read_heads(&reader, &plausible, &total);
    if (!plausible) {
        return ZC_HELLO_WRONG;
    }
    return zc_ok(read) && first_bytes.len >= total ? ZC_HELLO_WHOLE : ZC_HELLO_MORE;
}
