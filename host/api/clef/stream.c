#include <stdlib.h>
#include <string.h>

#include "api/clef/clef.h"
#include "api/clef/scan.h"
#include "api/stream_io.h"
#include "support/bytes.h"

#define VALUE_MAX ((size_t)256 << 10)
#define CHUNK ((size_t)16 << 10)

static bool answer(const zc_rpc *rpc, zc_api_call *call, int fd, zc_slice value)
{
    bool silent;
    zc_api_call_arrived(call);
    json_t *said = zc_rpc_answer(rpc, call, value, &silent);
    char *text = said != NULL ? json_dumps(said, JSON_COMPACT) : NULL;
    bool sent = silent || (text != NULL && zc_stream_write(fd, text, strlen(text)) &&
                           zc_stream_write(fd, "\n", 1));
    free(text);
    json_decref(said);
    zc_api_call_again(call);
    return sent;
}

/* More bytes behind what is there; false at the end, and when the value is too long. */
static bool receive(const zc_api_call *call, int fd, zc_bytes *buffer)
{
    if (buffer->len >= VALUE_MAX || !zc_bytes_reserve(buffer, CHUNK)) {
        return false;
    }
    size_t got = zc_stream_read(call, fd, buffer->data + buffer->len, CHUNK, buffer->len == 0);
    buffer->len += got;
    return got > 0;
}

void zc_clef_serve(void *state, zc_api_call *call, int fd)
{
    ZC_BYTES zc_bytes buffer = {0};
    zc_json_scan scan = {0};
    while (call->identity != NULL && !zc_gateway_draining(call->gateway) &&
           receive(call, fd, &buffer)) {
        zc_json_scan_result found = zc_json_scan_next(&scan, zc_bytes_slice(&buffer));
        while (found == ZC_JSON_SCAN_WHOLE) {
            if (!answer(state, call, fd, zc_slice_of(buffer.data, scan.at))) {
                return;
            }
            memmove(buffer.data, buffer.data + scan.at, buffer.len - scan.at);
            buffer.len -= scan.at;
            scan = (zc_json_scan){0};
            found = zc_json_scan_next(&scan, zc_bytes_slice(&buffer));
        }
        if (found == ZC_JSON_SCAN_BAD) {
            (void)answer(state, call, fd, zc_bytes_slice(&buffer));
            return;
        }
    }
}
