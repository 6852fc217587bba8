/* Ramdisks: archives in the kernel's "newc" form (Documentation/driver-api/early-userspace), the
 * same bytes for the same content whatever machine, user, time or umask made them.
 *
 * Names are sorted; owner is root, times are zero, modes are 0755 for folders and programs and 0644
 * for the rest; folders above a name are added. */
#ifndef ZC_EIF_RAMDISK_H
#define ZC_EIF_RAMDISK_H

#include "base/slice.h"
#include "eif/reasons.h"
#include "support/bytes.h"

#define ZC_RAMDISK_FILES_MAX 256
#define ZC_RAMDISK_NAME_MAX 255

typedef struct zc_ramdisk_file {
    const char *name; /* "init", "modules/00-vsock.ko" */
    zc_slice data;
    bool program; /* 0755 */
} zc_ramdisk_file;

/* The caller clears the archive. Errors: ZC_EIF_BAD_NAME, ZC_EIF_TOO_LARGE, ZC_EIF_NO_MEMORY. */
ZC_MUST_USE zc_result zc_ramdisk_write(const zc_ramdisk_file *files, size_t count,
                                       zc_bytes *ret_archive);

#endif
