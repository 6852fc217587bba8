#include <unistd.h>

#include "process.h"
#include "support/reason.h"

static size_t append(char *line, size_t at, size_t capacity, const char *text)
{
    while (*text != '\0' && at < capacity) {
        line[at++] = *text++;
    }
    return at;
}

void say(const char *who, const char *what, const char *why)
{
    char line[512];
    size_t room = sizeof line - 2;
    size_t len = append(line, 0, room, who);
    len = append(line, len, room, ": ");
    len = append(line, len, room, what);
    len = append(line, len, room, ": ");
    len = append(line, len, room, why);
    line[len++] = '.';
    line[len++] = '\n';
    ssize_t told = write(STDERR_FILENO, line, len);
    (void)told; /* nobody left to tell */
}

noreturn void leave(const char *who, const char *what, zc_result why)
{
    say(who, what, zc_reason_text(why));
    _exit(STATUS_FAILED);
}
