/* A second folder: another disk, a mounted share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log/archive.h"
#include "support/reasons.h"

typedef struct zc_folder_store {
    char path[ZC_PATH_SIZE];
} zc_folder_store;

static zc_result path_of(const zc_folder_store *folder, const char *name,
                         char ret_path[static ZC_PATH_SIZE], zc_error *error)
{
    return zc_path_join(folder->path, name, ret_path)
               ? ZC_OK
               : zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot use the folder",
                              "its path is too long", "choose a shorter one");
}

static zc_result put(void *self, const char *name, zc_slice content, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    ZC_TRY(path_of(self, name, path, error));
    zc_result made = zc_file_create(path, content, 0444, error);
    return zc_is(made, ZC_SUPPORT_EXISTS) ? zc_fail(ZC_LOG_OBJECT_EXISTS) : made;
}

static zc_result get(void *self, const char *name, zc_bytes *ret_content, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    ZC_TRY(path_of(self, name, path, error));
    if (!zc_file_exists(path)) {
        return zc_fail(ZC_LOG_NO_SUCH_OBJECT);
    }
    return zc_file_read(path, 4 * ZC_ARCHIVE_OBJECT_MAX, ret_content, error);
}

zc_result zc_archive_folder(const char *path, zc_archive_store *ret_store, zc_error *error)
{
    static const char *const kinds[] = {"journal", "checkpoint"};
    char folder[ZC_PATH_SIZE];
    zc_folder_store *store = calloc(1, sizeof *store);
    if (store == NULL || strlen(path) >= sizeof ret_store->name) {
        free(store);
        return zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot use the folder",
                            "its path is too long", "choose a shorter one");
    }
    memcpy(store->path, path, strlen(path) + 1);
    zc_result made = ZC_OK;
    for (size_t i = 0; zc_ok(made) && i < 2; i++) {
        made = path_of(store, kinds[i], folder, error);
        made = zc_ok(made) ? zc_file_make_folder(folder, 0750, error) : made;
    }
    if (!zc_ok(made)) {
        free(store);
        return made;
    }
    *ret_store = (zc_archive_store){.self = store, .put = put, .get = get, .close = free};
    (void)snprintf(ret_store->name, sizeof ret_store->name, "%s", path);
    return ZC_OK;
}
