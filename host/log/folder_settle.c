#include "log/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "support/reasons.h"

/* From so many tiles on, one wait for the whole file system is less than one for each of them. A
 * log that grows by so many in a second is most of what its disk does. */
#define ALL_FROM 32
/* Tiles of one folder come at most so far apart: an entry bundle, and a tile of each level. */
#define NEIGHBOURS (1 + ZC_TILE_LEVELS)

/* Sends the tile on its way, or waits for it. */
static zc_result sync_tile(const char *folder, const zc_tile *tile, bool wait, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    ZC_TRY(zc_folder_path(folder, tile, path, error));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? ZC_OK : zc_error_errno(error, errno, "cannot read", path);
    }
    zc_result synced = ZC_OK;
    if (wait) {
        synced = zc_file_sync(fd, path, error);
    } else {
        (void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE); /* a hint; fsync() has the word */
    }
    (void)close(fd);
    return synced;
}

static zc_result sync_tiles(const char *folder, const zc_tile *tiles, size_t count, bool wait,
                            zc_error *error)
{
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(sync_tile(folder, &tiles[i], wait, error));
    }
    return ZC_OK;
}

static bool share_folder(const zc_tile *a, const zc_tile *b)
{
    return a->entries == b->entries && a->level == b->level &&
           a->number / 1000 == b->number / 1000 &&
           (a->width == ZC_TILE_WIDTH) == (b->width == ZC_TILE_WIDTH) &&
           (a->width == ZC_TILE_WIDTH || a->number == b->number);
}

/* The tile's name must be on the disk too. */
static zc_result sync_folder(const char *folder, const zc_tile *tile, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    ZC_TRY(zc_folder_path(folder, tile, path, error));
    char *slash = strrchr(path, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? ZC_OK : zc_error_errno(error, errno, "cannot open", path);
    }
    zc_result synced = zc_file_sync(fd, path, error);
    (void)close(fd);
    return synced;
}

static zc_result sync_folders(const char *folder, const zc_tile *tiles, size_t count,
                              zc_error *error)
{
    for (size_t i = 0; i < count; i++) {
        bool done = false;
        for (size_t back = 1; back <= i && back <= NEIGHBOURS && !done; back++) {
            done = share_folder(&tiles[i], &tiles[i - back]);
        }
        if (!done) {
            ZC_TRY(sync_folder(folder, &tiles[i], error));
        }
    }
    return ZC_OK;
}

static zc_result sync_file_system(const char *folder, zc_error *error)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return zc_error_errno(error, errno, "cannot open", folder);
    }
    int failed = syncfs(fd) == 0 ? 0 : errno;
    (void)close(fd);
    return failed == 0 ? ZC_OK : zc_file_sync_failed(error, failed, folder);
}

static zc_result sync_each(const char *folder, const zc_tile *tiles, size_t count, zc_error *error)
{
    ZC_TRY(sync_tiles(folder, tiles, count, false, error));
    ZC_TRY(sync_tiles(folder, tiles, count, true, error));
    return sync_folders(folder, tiles, count, error);
}

zc_result zc_folder_settle(const char *folder, const zc_tile *tiles, size_t count, zc_error *error)
{
    ZC_TRY(count < ALL_FROM ? sync_each(folder, tiles, count, error)
                            : sync_file_system(folder, error));
    for (size_t i = 0; i < count; i++) {
        char path[ZC_PATH_SIZE];
        if (tiles[i].width == ZC_TILE_WIDTH) {
            ZC_TRY(zc_folder_path(folder, &tiles[i], path, error));
            zc_folder_drop_partials(path);
        }
    }
    return ZC_OK;
}
