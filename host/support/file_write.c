#include "support/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/reasons.h"

zc_result zc_file_write_all(int fd, zc_slice bytes, const char *name, zc_error *error)
{
    size_t done = 0;
    while (done < bytes.len) {
        ssize_t put = write(fd, bytes.data + done, bytes.len - done);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return zc_error_errno(error, put == 0 ? ENOSPC : errno, "cannot write", name);
        }
        done += (size_t)put;
    }
    return ZC_OK;
}

zc_result zc_file_sync_failed(zc_error *error, int number, const char *path)
{
    (void)zc_error_errno(error, number, "cannot make sure that this is on the disk:", path);
    if (error != NULL) {
        error->result = zc_fail(ZC_SUPPORT_SYNC_FAILED);
    }
    return zc_fail(ZC_SUPPORT_SYNC_FAILED);
}

zc_result zc_file_sync(int fd, const char *path, zc_error *error)
{
    return fsync(fd) == 0 ? ZC_OK : zc_file_sync_failed(error, errno, path);
}

static zc_result fill_temporary(int fd, zc_slice bytes, mode_t mode, const char *path,
                                zc_error *error)
{
    if (fchmod(fd, mode) != 0) {
        return zc_error_errno(error, errno, "cannot set the mode of", path);
    }
    ZC_TRY(zc_file_write_all(fd, bytes, path, error));
    return zc_file_sync(fd, path, error);
}

/* The folder's own entry must be on the disk too, or a power cut takes the rename back. */
static zc_result sync_folder_of(const char *path, zc_error *error)
{
    char folder[ZC_PATH_SIZE];
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
    memcpy(folder, slash == NULL ? "." : path, len);
    folder[len] = 0;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return zc_error_errno(error, errno, "cannot open the folder", folder);
    }
    zc_result synced = zc_file_sync(fd, folder, error);
    (void)close(fd);
    return synced;
}

/* Gives the temporary file its name: over an old one, or only where there is none. */
static int put_in_place(const char *temporary, const char *path, bool only_new)
{
    if (!only_new) {
        return rename(temporary, path);
    }
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return -1;
    }
    /* Some file systems lack RENAME_NOREPLACE; link() refuses an existing name everywhere. */
    if (link(temporary, path) != 0) {
        return -1;
    }
    (void)unlink(temporary);
    return 0;
}

static zc_result write_file(const char *path, zc_slice bytes, mode_t mode, bool only_new,
                            zc_error *error)
{
    char temporary[ZC_PATH_SIZE];
    int needed = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    if (needed < 0 || (size_t)needed >= sizeof temporary) {
        return zc_error_errno(error, ENAMETOOLONG, "cannot write", path);
    }
    if (only_new && zc_file_exists(path)) {
        return zc_error_errno(error, EEXIST, "cannot write", path);
    }
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0) {
        return zc_error_errno(error, errno, "cannot write", path);
    }
    zc_result result = fill_temporary(fd, bytes, mode, path, error);
    if (close(fd) != 0 && zc_ok(result)) {
        result = zc_error_errno(error, errno, "cannot write", path);
    }
    if (zc_ok(result) && put_in_place(temporary, path, only_new) != 0) {
        result = zc_error_errno(error, errno, "cannot write", path);
    }
    if (!zc_ok(result)) {
        (void)unlink(temporary);
        return result;
    }
    return sync_folder_of(path, error);
}

/* A device or a pipe, such as /dev/stdout, is written to; a file in its place would destroy it. */
static zc_result write_into(const char *path, zc_slice bytes, zc_error *error)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return zc_error_errno(error, errno, "cannot write", path);
    }
    zc_result result = zc_file_write_all(fd, bytes, path, error);
    if (close(fd) != 0 && zc_ok(result)) {
        result = zc_error_errno(error, errno, "cannot write", path);
    }
    return result;
}

zc_result zc_file_write(const char *path, zc_slice bytes, mode_t mode, zc_error *error)
{
    struct stat there;
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
        return write_into(path, bytes, error);
    }
    return write_file(path, bytes, mode, false, error);
}

zc_result zc_file_create(const char *path, zc_slice bytes, mode_t mode, zc_error *error)
{
    return write_file(path, bytes, mode, true, error);
}
