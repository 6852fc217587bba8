#include "support/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/reasons.h"

#define READ_STEP ((size_t)64 << 10)

bool zc_path_join(const char *folder, const char *name, char ret_path[static ZC_PATH_SIZE])
{
    int needed = snprintf(ret_path, ZC_PATH_SIZE, "%s/%s", folder, name);
    return needed > 0 && needed < ZC_PATH_SIZE;
}

bool zc_file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static zc_result no_memory(zc_error *error, const char *path)
{
    zc_result result = zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "", "the machine gave no memory",
                                    "free some memory and try again");
    zc_error_what(error, "cannot read %s", path);
    return result;
}

/* A file that says how long it is needs no more memory than that, which is wiped page by page in
 * the end. */
static size_t first_step(int fd)
{
    struct stat facts;
    bool sized = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size > 0;
    return sized ? (size_t)facts.st_size + 1 : READ_STEP;
}

/* One byte past the limit is read, so that a file of exactly `limit` bytes still fits. */
static zc_result read_all(int fd, const char *path, size_t limit, zc_bytes *ret_bytes,
                          zc_error *error)
{
    size_t next = first_step(fd);
    for (;;) {
        size_t left = limit + 1 - ret_bytes->len;
        size_t step = left < next ? left : next;
        if (!zc_bytes_reserve(ret_bytes, step)) {
            return no_memory(error, path);
        }
        ssize_t got = read(fd, ret_bytes->data + ret_bytes->len, step);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return zc_error_errno(error, errno, "cannot read", path);
        }
        if (got == 0) {
            ret_bytes->data[ret_bytes->len] = 0;
            return ZC_OK;
        }
        ret_bytes->len += (size_t)got;
        if (ret_bytes->len > limit) {
            zc_result result = zc_error_set(error, ZC_SUPPORT_TOO_LARGE, "", "", "");
            zc_error_what(error, "cannot read %s", path);
            zc_error_why(error, "it is larger than %zu bytes", limit);
            zc_error_next(error, "check that this is the file you mean");
            return result;
        }
        size_t room = ret_bytes->capacity - ret_bytes->len - 1;
        next = room > 0 ? room : READ_STEP;
    }
}

static zc_result check_kind(int fd, const char *path, zc_error *error)
{
    struct stat facts;
    if (fstat(fd, &facts) != 0) {
        return zc_error_errno(error, errno, "cannot read", path);
    }
    if (S_ISDIR(facts.st_mode)) {
        return zc_error_errno(error, EISDIR, "cannot read", path);
    }
    return ZC_OK;
}

static zc_result check_secret(int fd, const char *path, zc_error *error)
{
    struct stat facts;
    if (fstat(fd, &facts) != 0) {
        return zc_error_errno(error, errno, "cannot read", path);
    }
    bool ours = facts.st_uid == geteuid() || facts.st_uid == 0;
    if (!S_ISREG(facts.st_mode) || !ours || (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        zc_result result = zc_error_set(error, ZC_SUPPORT_LOOSE_MODE, "", "", "");
        zc_error_what(error, "will not read the secret in %s", path);
        if (!S_ISREG(facts.st_mode)) {
            zc_error_why(error, "it is not a regular file");
            zc_error_next(error, "name the file that holds the secret");
        } else if (!ours) {
            zc_error_why(error, "it belongs to user %u", (unsigned)facts.st_uid);
            zc_error_next(error, "use a file of your own");
        } else {
            zc_error_why(error, "its mode is %04o, so others than its owner may reach it",
                         (unsigned)facts.st_mode & 07777U);
            zc_error_next(
                error, "run: chmod 600 %s (and replace the secret if others could log in)", path);
        }
        return result;
    }
    return ZC_OK;
}

static zc_result read_file(const char *path, bool secret, size_t limit, zc_bytes *ret_bytes,
                           zc_error *error)
{
    bool standard_input = !secret && strcmp(path, "-") == 0;
    /* O_NONBLOCK: a named pipe where a secret should be must not hang the open. */
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (secret ? O_NOFOLLOW | O_NONBLOCK : 0);
    int fd = standard_input ? STDIN_FILENO : open(path, flags);
    if (fd < 0) {
        return zc_error_errno(error, errno, "cannot read", path);
    }
    const char *name = standard_input ? "standard input" : path;
    zc_bytes bytes = {0};
    zc_result result = secret ? check_secret(fd, name, error) : check_kind(fd, name, error);
    if (zc_ok(result)) {
        result = read_all(fd, name, limit, &bytes, error);
    }
    if (!standard_input) {
        (void)close(fd);
    }
    if (!zc_ok(result)) {
        zc_bytes_clear(&bytes);
        return result;
    }
    *ret_bytes = bytes;
    return ZC_OK;
}

zc_result zc_file_read(const char *path, size_t limit, zc_bytes *ret_bytes, zc_error *error)
{
    return read_file(path, false, limit, ret_bytes, error);
}

zc_result zc_file_read_secret(const char *path, size_t limit, zc_bytes *ret_bytes, zc_error *error)
{
    return read_file(path, true, limit, ret_bytes, error);
}

zc_result zc_file_make_folder(const char *path, mode_t mode, zc_error *error)
{
    char part[ZC_PATH_SIZE];
    size_t len = strlen(path);
    if (len == 0 || len >= sizeof part) {
        return zc_error_errno(error, len == 0 ? ENOENT : ENAMETOOLONG, "cannot make the folder",
                              path);
    }
    memcpy(part, path, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if (part[i] != '/' && part[i] != 0) {
            continue;
        }
        char kept = part[i];
        part[i] = 0;
        if (mkdir(part, mode) != 0 && errno != EEXIST) {
            return zc_error_errno(error, errno, "cannot make the folder", part);
        }
        part[i] = kept;
    }
    struct stat facts;
    if (stat(path, &facts) != 0 || !S_ISDIR(facts.st_mode)) {
        zc_result result = zc_error_errno(error, ENOTDIR, "cannot make the folder", path);
        zc_error_why(error, "there is already a file of this name");
        return result;
    }
    return ZC_OK;
}
