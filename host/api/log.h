/* The gateway's log: one JSON object a line on standard error. No request body, no token, no secret
 * ever comes here: only names that the identity file, the mission and the interfaces define. */
#ifndef ZC_API_LOG_H
#define ZC_API_LOG_H

#include "api/gateway.h"

typedef enum zc_log_what {
    ZC_LOG_ALL = 0,
    ZC_LOG_REFUSED, /* requests only when they failed or were refused */
    ZC_LOG_NONE,    /* what happens to the gateway, no requests */
} zc_log_what;

void zc_log_set(zc_log_what what);
/* `status` is HTTP's, or 0 for streams. */
void zc_log_request(const zc_api_call *call, unsigned status, uint64_t total_ns);
/* Something that happened to the gateway: "listening", "reloaded". `detail` may be NULL. */
void zc_log_event(const char *level, const char *event, const char *detail);
void zc_log_error(const char *event, const zc_error *error);

#endif
