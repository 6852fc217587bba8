/* An ssh-agent on a Unix socket: lengths, and requests one after the other. */
#include <stdlib.h>

#include "api/ssh_agent/agent.h"
#include "api/stream_io.h"
#include "base/reader.h"
#include "support/bytes.h"
#include "support/reasons.h"

#define LENGTH 4

static bool read_all(const zc_api_call *call, int fd, uint8_t *ret_bytes, size_t len, bool idle)
{
    for (size_t at = 0; at < len;) {
        size_t got = zc_stream_read(call, fd, ret_bytes + at, len - at, idle && at == 0);
        if (got == 0) {
            return false;
        }
        at += got;
    }
    return true;
}

/* One request into `ret_request`; false at the end. */
static bool read_request(const zc_api_call *call, int fd, zc_bytes *ret_request)
{
    uint8_t head[LENGTH];
    uint32_t len = 0;
    if (!read_all(call, fd, head, sizeof head, true)) {
        return false;
    }
    zc_reader reader = zc_reader_of(ZC_SLICE_OF_ARRAY(head));
    if (!zc_ok(zc_read_u32(&reader, &len)) || len == 0 || len > ZC_SSH_REQUEST_MAX ||
        !zc_bytes_reserve(ret_request, len) || !read_all(call, fd, ret_request->data, len, false)) {
        return false;
    }
    ret_request->len = len;
    return true;
}

static bool answer(zc_ssh_agent *agent, int fd, zc_slice request, uint8_t *room)
{
    zc_writer head = zc_writer_of(room, LENGTH);
    zc_writer writer = zc_writer_of(room + LENGTH, ZC_SSH_ANSWER_MAX);
    zc_api_call_arrived(agent->call);
    zc_ssh_agent_answer(agent, request, &writer);
    size_t len = zc_writer_len(&writer);
    bool sent =
        zc_ok(zc_write_u32(&head, (uint32_t)len)) && zc_stream_write(fd, room, LENGTH + len);
    zc_api_call_again(agent->call);
    return sent;
}

static void serve(void *state, zc_api_call *call, int fd)
{
    zc_ssh_agent agent = {.locks = state, .call = call};
    uint8_t *room = malloc(LENGTH + ZC_SSH_ANSWER_MAX);
    bool goes_on = room != NULL && call->identity != NULL;
    while (goes_on && !zc_gateway_draining(call->gateway)) {
        ZC_BYTES zc_bytes request = {0}; /* may hold a passphrase: wiped */
        goes_on =
            read_request(call, fd, &request) && answer(&agent, fd, zc_bytes_slice(&request), room);
    }
    free(room);
}

static zc_result start(zc_gateway *gateway, void **ret_state, zc_error *error)
{
    (void)gateway;
    zc_ssh_locks *locks = malloc(sizeof *locks);
    if (locks == NULL || !zc_ssh_locks_init(locks)) {
        free(locks);
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot serve as an ssh-agent",
                            "the machine gave no memory", "free some and try again");
    }
    *ret_state = locks;
    return ZC_OK;
}

static void stop(void *state)
{
    zc_ssh_locks_clear(state);
    free(state);
}

const zc_translator zc_translator_ssh_agent = {
    .name = "ssh-agent",
    .listen = "unix:run/ssh-agent.sock",
    .is_stream = true,
    .start = start,
    .serve = serve,
    .stop = stop,
};
