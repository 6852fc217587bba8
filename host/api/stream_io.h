/* Reading and writing for `serve` of a translator (api/gateway.h). */
#ifndef ZC_API_STREAM_IO_H
#define ZC_API_STREAM_IO_H

#include <sys/types.h>

#include "api/gateway.h"

/* Up to `room` bytes; 0 at the end. With `idle`, as between requests, nothing may come for any time
 * while the gateway is not draining; within one, 60 seconds of silence are the end. */
size_t zc_stream_read(const zc_api_call *call, int fd, void *ret_bytes, size_t room, bool idle);
/* All of them, or false. */
bool zc_stream_write(int fd, const void *bytes, size_t len);

#endif
