#include "platform_files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

zc_result zc_platform_file_reason(int error)
{
    switch (error) {
    case EACCES:
    case EPERM:
    case EROFS:
        return zc_fail(ZC_NSM_SOFT_NOT_PERMITTED);
    case EEXIST:
    case ENOTEMPTY:
        return zc_fail(ZC_NSM_SOFT_ALREADY_INSTALLED);
    default:
        return zc_fail(ZC_NSM_SOFT_IO);
    }
}

static bool write_all(int fd, zc_slice bytes)
{
    while (bytes.len > 0) {
        ssize_t written = write(fd, bytes.data, bytes.len);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        bytes = zc_slice_of(bytes.data + written, bytes.len - (size_t)written);
    }
    return true;
}

zc_result zc_platform_file_write(int folder, const char *name, mode_t mode, zc_slice bytes)
{
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0) {
        return zc_platform_file_reason(errno);
    }
    /* fchmod: a umask may have taken bits away. */
    bool done = fchmod(fd, mode) == 0 && write_all(fd, bytes) && fsync(fd) == 0;
    int error = errno;
    if (close(fd) != 0 && done) {
        done = false;
        error = errno;
    }
    errno = error;
    return done ? ZC_OK : zc_platform_file_reason(error);
}

/* Fills the buffer to the end of the file; false when it does not fit. */
static bool read_all(int fd, zc_buffer bytes, size_t *ret_len)
{
    size_t len = 0;
    while (len < bytes.len) {
        ssize_t got = read(fd, bytes.data + len, bytes.len - len);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return false;
        }
        if (got == 0) {
            *ret_len = len;
            return true;
        }
        len += (size_t)got;
    }
    return false;
}

static bool is_private(int fd)
{
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && (about.st_mode & 077) == 0 &&
           (about.st_uid == geteuid() || about.st_uid == 0);
}

zc_result zc_platform_file_read(int folder, const char *name, bool is_secret, zc_buffer ret_bytes,
                                size_t *ret_len)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | (is_secret ? O_NOFOLLOW : 0));
    if (fd < 0) {
        return errno == ENOENT || errno == ENOTDIR ? zc_fail(ZC_NSM_SOFT_NOT_INSTALLED)
                                                   : zc_fail(ZC_NSM_SOFT_NOT_PERMITTED);
    }
    size_t len = 0;
    zc_result result = ZC_OK;
    if (is_secret && !is_private(fd)) {
        result = zc_fail(ZC_NSM_SOFT_TOO_OPEN);
    } else if (!read_all(fd, ret_bytes, &len) || len == 0) {
        result = zc_fail(ZC_NSM_SOFT_DAMAGED);
    }
    close(fd);
    if (zc_ok(result)) {
        *ret_len = len;
    }
    return result;
}
