/* Listening sockets: made here, or handed over by systemd. */
#ifndef ZC_API_LISTEN_H
#define ZC_API_LISTEN_H

#include "support/error.h"

#define ZC_INHERITED_MAX 16

/* "127.0.0.1:8080", "[::1]:8080", "unix:PATH" (mode 0600; a path without a leading slash lies in
 * `dir`). A dead socket file is replaced, a living one is an error. `ret_path` gets the path to
 * remove at the end, or "". */
ZC_MUST_USE zc_result zc_listen(const char *address, const char *dir, int *ret_fd, char *ret_path,
                                size_t capacity, zc_error *error);
/* Whether it can be reached from this machine alone. */
bool zc_listen_is_local(const char *address);

/* Sockets of systemd's socket activation, with their names (FileDescriptorName=; "" for none). The
 * environment is cleaned, so that no child takes them for its own. */
size_t zc_listen_inherited(int ret_fds[static ZC_INHERITED_MAX],
                           char ret_names[static ZC_INHERITED_MAX][32]);

/* systemd's notification protocol: "READY=1". Nothing happens when nobody listens for it. */
void zc_notify(const char *state);
/* How often the watchdog wants to hear from this process; 0: never. */
uint64_t zc_notify_watchdog_us(void);

#endif
