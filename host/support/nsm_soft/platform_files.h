/* The files of D/platform/: names, writing and reading them. Only for this module. */
#ifndef ZC_NSM_SOFT_PLATFORM_FILES_H
#define ZC_NSM_SOFT_PLATFORM_FILES_H

#include <sys/types.h>

#include "base/secret.h"
#include "base/slice.h"
#include "nsm_soft/reasons.h"

#define ZC_PLATFORM_FOLDER "platform"
#define ZC_PLATFORM_ROOT_PEM "root.pem"
#define ZC_PLATFORM_ROOT_KEY "root.key"
#define ZC_PLATFORM_SECRET "secret"
#define ZC_PLATFORM_FILE_MAX ((size_t)8192)

/* The reason for an errno of opening or writing. */
zc_result zc_platform_file_reason(int error);
/* Creates a file in the open folder and writes it durably.
 * Errors: ZC_NSM_SOFT_NOT_PERMITTED, ZC_NSM_SOFT_IO. */
ZC_MUST_USE zc_result zc_platform_file_write(int folder, const char *name, mode_t mode,
                                             zc_slice bytes);
/* Reads a whole file. With `is_secret` it must be a regular file of this user's (or root's) that
 * nobody else may read.
 * Errors: ZC_NSM_SOFT_NOT_INSTALLED, ZC_NSM_SOFT_NOT_PERMITTED, ZC_NSM_SOFT_TOO_OPEN,
 * ZC_NSM_SOFT_DAMAGED when it is empty or does not fit. */
ZC_MUST_USE zc_result zc_platform_file_read(int folder, const char *name, bool is_secret,
                                            zc_buffer ret_bytes, size_t *ret_len);

#endif
