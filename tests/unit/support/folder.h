/* A folder of the test's own, and paths in it. */
#ifndef ZC_TEST_SUPPORT_FOLDER_H
#define ZC_TEST_SUPPORT_FOLDER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/file.h"
#include "support/reasons.h"

static char folder[64];

static inline int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/zc-support-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return 0;
}

static inline int remove_folder(void **state)
{
    (void)state;
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* Four paths at a time. */
static inline const char *in_folder(const char *name)
{
    static char paths[4][ZC_PATH_SIZE];
    static unsigned next;
    char *path = paths[next++ % 4];
    assert_true(zc_path_join(folder, name, path));
    return path;
}

static inline void put_file(const char *path, const void *data, size_t len, mode_t mode)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static inline off_t file_len(const char *path)
{
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    return facts.st_size;
}

#endif
