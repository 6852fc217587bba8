#include <time.h>
#include <unistd.h>

#include "process.h"

#define LINE 256

uint64_t raw_ns(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static size_t put(char line[static LINE], size_t at, const char *text)
{
    while (*text != '\0' && at < LINE - 3) {
        line[at++] = *text++;
    }
    return at;
}

static size_t put_number(char line[static LINE], size_t at, uint64_t number)
{
    char digits[21];
    size_t first = sizeof digits - 1;
    digits[first] = '\0';
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return put(line, at, digits + first);
}

/* One write: lines of several processes do not mix. */
static void print(char line[static LINE], size_t at)
{
    line[at++] = '.';
    line[at++] = '\n';
    ssize_t told = write(STDERR_FILENO, line, at);
    (void)told; /* nobody left to tell */
}

void say(const char *who, const char *what, const char *why)
{
    char line[LINE];
    size_t at = put(line, put(line, put(line, 0, who), ": "), what);
    if (why != NULL) {
        at = put(line, put(line, at, ": "), why);
    }
    print(line, at);
}

void say_when(const char *who, const char *what, const zc_signer_place *place)
{
    char line[LINE];
    size_t at = put(line, put(line, put(line, 0, who), ": "), what);
    at = put_number(line, put(line, at, " after "), (raw_ns() - place->started_ns) / 1000000);
    print(line, put(line, at, " ms"));
}

/* The image has no words for reasons: `zcp` has them for the number (module × 256 + reason). */
void say_failed(const char *who, const char *what, zc_result why)
{
    char line[LINE];
    size_t at = put(line, put(line, put(line, 0, who), ": "), what);
    print(line, put_number(line, put(line, at, ": reason "), why.code));
}

noreturn void leave(const char *who, const char *what, zc_result why)
{
    say_failed(who, what, why);
    _exit(STATUS_FAILED);
}
