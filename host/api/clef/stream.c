#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "api/clef/clef.h"
#include "api/clef/scan.h"
#include "support/bytes.h"

#define VALUE_MAX ((size_t)256 << 10)
#define CHUNK ((size_t)16 << 10)

static bool send_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, text, len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return false;
        }
        text += sent;
        len -= (size_t)sent;
    }
    return true;
}

static bool answer(const zc_rpc *rpc, zc_api_call *call, int fd, zc_slice value)
{
    bool silent;
    json_t *said = zc_rpc_answer(rpc, call, value, &silent);
    char *text = said != NULL ? json_dumps(said, JSON_COMPACT) : NULL;
    bool sent =
        silent || (text != NULL && send_all(fd, text, strlen(text)) && send_all(fd, "\n", 1));
    free(text);
    json_decref(said);
    zc_api_call_again(call);
    return sent;
}

/* More bytes behind what is there; false at the end, and when the value is too long. */
static bool receive(int fd, zc_bytes *buffer)
{
    if (buffer->len >= VALUE_MAX || !zc_bytes_reserve(buffer, CHUNK)) {
        return false;
    }
    ssize_t got;
    do {
        got = recv(fd, buffer->data + buffer->len, CHUNK, 0);
    } while (got < 0 && errno == EINTR);
    buffer->len += got > 0 ? (size_t)got : 0;
    return got > 0;
}

void zc_clef_serve(void *state, zc_api_call *call, int fd)
{
    ZC_BYTES zc_bytes buffer = {0};
    zc_json_scan scan = {0};
    while (call->identity != NULL && !zc_gateway_draining(call->gateway) && receive(fd, &buffer)) {
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
