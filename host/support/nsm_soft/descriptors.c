#include "nsm_soft/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

#define STANDARD 3

static bool contains(const int *list, size_t count, int fd)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i] == fd) {
            return true;
        }
    }
    return false;
}

/* Inserts into an ascending list without repeats. */
static void insert(int *list, size_t *count, int fd)
{
    if (contains(list, *count, fd)) {
        return;
    }
    size_t at = (*count)++;
    while (at > 0 && list[at - 1] > fd) {
        list[at] = list[at - 1];
        at--;
    }
    list[at] = fd;
}

/* A library that writes to a closed standard error would write into whatever is opened next. */
static bool fill_standard(const int *keep, size_t count)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0) {
        return false;
    }
    bool filled = true;
    for (int fd = 0; fd < STANDARD; fd++) {
        if (!contains(keep, count, fd)) {
            filled = filled && dup2(null, fd) == fd;
        }
    }
    if (null >= STANDARD) {
        close(null);
    }
    return filled;
}

static bool close_between(unsigned first, unsigned last)
{
    return first > last || syscall(SYS_close_range, first, last, 0) == 0;
}

zc_result zc_sandbox_keep_only(const int *keep, size_t count)
{
    int list[ZC_SANDBOX_KEEP_MAX + STANDARD];
    size_t kept = 0;
    if (count > ZC_SANDBOX_KEEP_MAX) {
        return zc_fail(ZC_NSM_SOFT_BAD_PROFILE);
    }
    for (size_t i = 0; i < count; i++) {
        if (fcntl(keep[i], F_GETFD) < 0) {
            return zc_fail(ZC_NSM_SOFT_BAD_PROFILE);
        }
        insert(list, &kept, keep[i]);
    }
    if (!fill_standard(keep, count)) {
        return zc_fail(ZC_NSM_SOFT_DESCRIPTORS);
    }
    for (int fd = 0; fd < STANDARD; fd++) {
        insert(list, &kept, fd);
    }
    unsigned first = 0;
    bool closed = true;
    for (size_t i = 0; i < kept; i++) {
        unsigned fd = (unsigned)list[i];
        closed = closed && (fd == first || close_between(first, fd - 1));
        first = fd + 1;
    }
    closed = closed && close_between(first, UINT_MAX);
    return closed ? ZC_OK : zc_fail(ZC_NSM_SOFT_DESCRIPTORS);
}
