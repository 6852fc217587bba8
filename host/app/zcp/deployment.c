#include "deployment.h"

#include <fcntl.h>
#include <stdlib.h>

#include <sys/file.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/json.h"

#define ANSWER_MAX 65536
#define PATIENCE_S 5

static int connect_zcpd(const zc_invocation *invocation)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char path[ZC_PATH_SIZE];
    if (!zc_in_dir(invocation, "run/zcpd.sock", path) || strlen(path) >= sizeof address.sun_path) {
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = PATIENCE_S};
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
        connect(fd, (const struct sockaddr *)&address, sizeof address) == 0) {
        return fd;
    }
    if (fd >= 0) {
        close(fd);
    }
    return -1;
}

static json_t *read_answer(int fd)
{
    zc_bytes text = {0};
    while (text.len < ANSWER_MAX && (text.len == 0 || memchr(text.data, '\n', text.len) == NULL)) {
        if (!zc_bytes_reserve(&text, 4096)) {
            break;
        }
        ssize_t got = recv(fd, text.data + text.len, 4096, 0);
        if (got <= 0) {
            break;
        }
        text.len += (size_t)got;
    }
    json_t *answer = NULL;
    zc_result parsed =
        zc_json_parse(zc_bytes_slice(&text), "cannot read zcpd's answer", &answer, NULL);
    zc_bytes_clear(&text);
    return zc_ok(parsed) ? answer : NULL;
}

json_t *zc_ask_zcpd(const zc_invocation *invocation, const json_t *question)
{
    int fd = connect_zcpd(invocation);
    char *text = fd >= 0 ? json_dumps(question, JSON_COMPACT) : NULL;
    json_t *answer = NULL;
    if (text != NULL && send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text) &&
        send(fd, "\n", 1, MSG_NOSIGNAL) == 1) {
        answer = read_answer(fd);
    }
    free(text);
    if (fd >= 0) {
        close(fd);
    }
    return answer;
}

static json_t *ask_status(const zc_invocation *invocation, json_t *question)
{
    json_t *answer = question != NULL ? zc_ask_zcpd(invocation, question) : NULL;
    json_decref(question);
    return answer;
}

json_t *zc_ask_zcpd_status(const zc_invocation *invocation)
{
    return ask_status(invocation, json_pack("{s:s}", "command", "status"));
}

json_t *zc_ask_zcpd_started(const zc_invocation *invocation)
{
    return ask_status(invocation, json_pack("{s:s,s:s}", "command", "status", "past", "starting"));
}

pid_t zc_supervisor(const zc_invocation *invocation)
{
    char path[ZC_PATH_SIZE];
    if (!zc_in_dir(invocation, "run/up.lock", path)) {
        return 0;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    char text[32] = {0};
    bool held = flock(fd, LOCK_SH | LOCK_NB) != 0;
    ssize_t got = held ? read(fd, text, sizeof text - 1) : 0;
    close(fd);
    return got > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}
