/* A temporary folder of the process's own, for targets that keep files: no run knows what another
 * left, and nothing stays. */
#ifndef ZC_FUZZ_FOLDER_H
#define ZC_FUZZ_FOLDER_H

#include <ftw.h>
#include <stdio.h>

#include "fuzz.h"

static char fuzz_folder_path[] = "/tmp/zc-fuzz-XXXXXX";

static inline int fuzz_remove_one(const char *path, const struct stat *status, int kind,
                                  struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

/* Removes what is in it, and the folder. */
static inline void fuzz_folder_remove(void)
{
    (void)nftw(fuzz_folder_path, fuzz_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Its path. Made with the first call, removed when the process ends well. */
static inline const char *fuzz_folder(void)
{
    static bool made;
    if (!made) {
        made = true;
        FUZZ_CHECK(mkdtemp(fuzz_folder_path) != NULL && atexit(fuzz_folder_remove) == 0);
    }
    return fuzz_folder_path;
}

#endif
