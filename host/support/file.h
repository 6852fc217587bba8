/* Files, whole: read under a size limit, replaced atomically, and refused when a secret lies open.
 *
 * Errors: ZC_SUPPORT_NOT_FOUND, _NO_PERMISSION, _IO, _TOO_LARGE, _LOOSE_MODE, _DISK_FULL, _EXISTS,
 * _SYNC_FAILED; `error` says it in words. Paths are as the user gave them. */
#ifndef ZC_SUPPORT_FILE_H
#define ZC_SUPPORT_FILE_H

#include <sys/types.h>

#include "support/bytes.h"
#include "support/error.h"

/* Reads a regular file, or a pipe, of at most `limit` bytes; "-" is standard input. The caller
 * clears the bytes. */
ZC_MUST_USE zc_result zc_file_read(const char *path, size_t limit, zc_bytes *ret_bytes,
                                   zc_error *error);
/* The same for a file that holds a secret: ZC_SUPPORT_LOOSE_MODE unless it is a regular file of
 * this user or root that group and others can neither read nor write. Never follows a last symbolic
 * link. */
ZC_MUST_USE zc_result zc_file_read_secret(const char *path, size_t limit, zc_bytes *ret_bytes,
                                          zc_error *error);

/* Replaces `path` with `bytes`, or leaves it as it was: temporary file beside it, fsync, rename,
 * fsync of the folder. When it returns ZC_OK the content survives a power cut. What is there and is
 * no regular file (a pipe, a device) is written to instead. */
ZC_MUST_USE zc_result zc_file_write(const char *path, zc_slice bytes, mode_t mode, zc_error *error);
/* The same for a file that must not exist yet (ZC_SUPPORT_EXISTS): never overwrites. */
ZC_MUST_USE zc_result zc_file_create(const char *path, zc_slice bytes, mode_t mode,
                                     zc_error *error);

/* Makes a folder and its parents; an existing one is fine, its mode is left alone. */
ZC_MUST_USE zc_result zc_file_make_folder(const char *path, mode_t mode, zc_error *error);
bool zc_file_exists(const char *path);
/* Writes all bytes to a descriptor, past EINTR and short writes. */
ZC_MUST_USE zc_result zc_file_write_all(int fd, zc_slice bytes, const char *name, zc_error *error);
/* The error of a disk that did not confirm; returns ZC_SUPPORT_SYNC_FAILED. */
ZC_MUST_USE zc_result zc_file_sync_failed(zc_error *error, int number, const char *path);
/* Returns once what was written to the descriptor is on the disk. `path` is for the error's words.
 * Errors: ZC_SUPPORT_SYNC_FAILED. */
ZC_MUST_USE zc_result zc_file_sync(int fd, const char *path, zc_error *error);

/* "folder/name" into a buffer of the caller's; false (and a cut path) when it does not fit. */
#define ZC_PATH_SIZE 4096
bool zc_path_join(const char *folder, const char *name, char ret_path[static ZC_PATH_SIZE])
    __attribute__((warn_unused_result));

#endif
