#include "options.h"

#include <stdio.h>
#include <string.h>

#include <fcntl.h>
#include <sys/socket.h>

#include "process.h"

static const char help[] =
    "zcp-enclave --platform-dir DIR/platform\n"
    "\n"
    "The enclave of the local platform. zcpd starts it, with the link to itself as descriptor 3\n"
    "and the listening socket for clients as descriptor 4. To run one, use 'zcp up'.\n";

static const char suffix[] = "/platform";

static bool read_dir(const char *text, zc_enclave_options *ret_options)
{
    size_t len = strlen(text);
    while (len > 1 && text[len - 1] == '/') {
        len--;
    }
    size_t tail = sizeof suffix - 1;
    if (len < tail || len - tail >= sizeof ret_options->dir ||
        memcmp(text + len - tail, suffix, tail) != 0) {
        return false;
    }
    memcpy(ret_options->dir, text, len - tail);
    ret_options->dir[len - tail] = '\0';
    if (len == tail) {
        memcpy(ret_options->dir, "/", 2);
    }
    return true;
}

static bool is_socket(int fd, bool listening)
{
    int accepts = 0;
    socklen_t len = sizeof accepts;
    return fcntl(fd, F_GETFD) >= 0 &&
           getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &len) == 0 &&
           (accepts != 0) == listening;
}

bool options_read(int argc, char **argv, zc_enclave_options *ret_options, int *ret_status)
{
    *ret_status = 2;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        *ret_status = fputs(help, stdout) < 0;
        return false;
    }
    if (argc != 3 || strcmp(argv[1], "--platform-dir") != 0) {
        say("zcp-enclave", "wrong options", "it is started by zcpd; use 'zcp up'");
        return false;
    }
    if (!read_dir(argv[2], ret_options)) {
        say("zcp-enclave", "wrong --platform-dir", "it must be DIR/platform");
        return false;
    }
    if (!is_socket(HOST_FD, false) || !is_socket(LISTEN_FD, true)) {
        say("zcp-enclave", "descriptors 3 and 4 are not the host link and a listening socket",
            "it is started by zcpd; use 'zcp up'");
        return false;
    }
    return true;
}
