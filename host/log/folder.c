#include "log/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "audit/chain.h"
#include "base/reader.h"
#include "support/reasons.h"

static zc_result tile_fault(const char *folder, const zc_tile *tile, int code, zc_error *error)
{
    char name[ZC_TILE_NAME_SIZE];
    zc_tile_name(tile, name);
    zc_result result = zc_error_from(error, zc_fail(code), "", "");
    zc_error_what(error, "cannot use %s in %.120s", name, folder);
    zc_error_next(error, "remove %.120s/tile: zcpd makes it anew from the journal", folder);
    return result;
}

zc_result zc_folder_path(const char *folder, const zc_tile *tile,
                         char ret_path[static ZC_PATH_SIZE], zc_error *error)
{
    char name[ZC_TILE_NAME_SIZE];
    zc_tile_name(tile, name);
    return zc_path_join(folder, name, ret_path)
               ? ZC_OK
               : zc_error_errno(error, ENAMETOOLONG, "cannot use the folder", folder);
}

static size_t size_limit(const zc_tile *tile)
{
    return tile->entries ? ZC_BUNDLE_MAX : (size_t)ZC_TILE_WIDTH * ZC_TILE_HASH;
}

/* Cuts a full tile down to the partial one that was asked for. */
static zc_result narrow(const zc_tile *tile, zc_bytes *content)
{
    if (!tile->entries) {
        content->len = (size_t)tile->width * ZC_TILE_HASH;
        return ZC_OK;
    }
    zc_reader reader = zc_reader_of(zc_bytes_slice(content));
    for (unsigned i = 0; i < tile->width; i++) {
        uint16_t len;
        ZC_TRY(zc_read_u16(&reader, &len));
        ZC_TRY(zc_skip(&reader, len));
    }
    content->len = zc_reader_offset(&reader);
    return ZC_OK;
}

zc_result zc_folder_read(const char *folder, const zc_tile *tile, zc_bytes *ret_content,
                         zc_error *error)
{
    char path[ZC_PATH_SIZE];
    zc_tile full = *tile;
    full.width = ZC_TILE_WIDTH;
    ZC_TRY(zc_folder_path(folder, tile, path, error));
    zc_result read = zc_file_read(path, size_limit(tile), ret_content, error);
    bool wider = zc_is(read, ZC_SUPPORT_NOT_FOUND) && tile->width < ZC_TILE_WIDTH;
    if (wider) {
        ZC_TRY(zc_folder_path(folder, &full, path, error));
        read = zc_file_read(path, size_limit(tile), ret_content, error);
    }
    if (zc_is(read, ZC_SUPPORT_NOT_FOUND)) {
        return tile_fault(folder, tile, ZC_LOG_TILE_MISSING, error);
    }
    ZC_TRY(read);
    size_t expected = (size_t)(wider ? ZC_TILE_WIDTH : tile->width) * ZC_TILE_HASH;
    if ((!tile->entries && ret_content->len != expected) ||
        (wider && !zc_ok(narrow(tile, ret_content)))) {
        return tile_fault(folder, tile, ZC_LOG_TILE_SIZE, error);
    }
    return ZC_OK;
}

/* Makes the folders that the last part of `path` needs. */
static zc_result make_folders(const char *path, zc_error *error)
{
    char folder[ZC_PATH_SIZE];
    (void)snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL) {
        return ZC_OK;
    }
    *slash = '\0';
    return zc_file_make_folder(folder, 0755, error);
}

/* Without the waits for the disk: zc_folder_settle() waits once for many. */
static zc_result write_fast(const char *path, zc_slice content, zc_error *error)
{
    char temporary[ZC_PATH_SIZE];
    int needed = snprintf(temporary, sizeof temporary, "%s.new", path);
    if (needed < 0 || (size_t)needed >= sizeof temporary) {
        return zc_error_errno(error, ENAMETOOLONG, "cannot write", path);
    }
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) {
        return zc_error_errno(error, errno, "cannot write", path);
    }
    zc_result written = zc_file_write_all(fd, content, path, error);
    if (close(fd) != 0 && zc_ok(written)) {
        written = zc_error_errno(error, errno, "cannot write", path);
    }
    if (zc_ok(written) && rename(temporary, path) != 0) {
        written = zc_error_errno(error, errno, "cannot write", path);
    }
    return written;
}

/* "….p" holds nothing but partial tiles, and the full one has just come. */
void zc_folder_drop_partials(const char *path)
{
    char folder[ZC_PATH_SIZE];
    int needed = snprintf(folder, sizeof folder, "%s.p", path);
    DIR *list = needed > 0 && (size_t)needed < sizeof folder ? opendir(folder) : NULL;
    if (list == NULL) {
        return;
    }
    for (struct dirent *item; (item = readdir(list)) != NULL;) {
        if (item->d_name[0] != '.') {
            (void)unlinkat(dirfd(list), item->d_name, 0);
        }
    }
    (void)closedir(list);
    (void)rmdir(folder);
}

zc_result zc_folder_write(const char *folder, const zc_tile *tile, zc_slice content, bool durable,
                          zc_error *error)
{
    char path[ZC_PATH_SIZE];
    ZC_TRY(zc_folder_path(folder, tile, path, error));
    zc_result written =
        durable ? zc_file_write(path, content, 0644, error) : write_fast(path, content, error);
    if (zc_is(written, ZC_SUPPORT_NOT_FOUND)) {
        ZC_TRY(make_folders(path, error));
        written =
            durable ? zc_file_write(path, content, 0644, error) : write_fast(path, content, error);
    }
    if (durable && zc_ok(written) && tile->width == ZC_TILE_WIDTH) {
        zc_folder_drop_partials(path);
    }
    return written;
}

zc_result zc_bundle_split(zc_slice bundle, size_t count, zc_slice *ret_entries)
{
    zc_reader reader = zc_reader_of(bundle);
    for (size_t i = 0; i < count; i++) {
        uint16_t len;
        if (!zc_ok(zc_read_u16(&reader, &len)) ||
            !zc_ok(zc_read_slice(&reader, len, &ret_entries[i]))) {
            return zc_fail(ZC_LOG_BAD_BUNDLE);
        }
    }
    return zc_ok(zc_reader_end(&reader)) ? ZC_OK : zc_fail(ZC_LOG_BAD_BUNDLE);
}

zc_result zc_folder_entry(const char *folder, uint64_t size, uint64_t sequence,
                          zc_bytes *ret_bundle, zc_slice *ret_entry, zc_error *error)
{
    if (sequence >= size) {
        return zc_error_from(error, zc_fail(ZC_LOG_NOT_COVERED), "cannot read the entry",
                             "wait a second for the next checkpoint");
    }
    zc_slice entries[ZC_TILE_WIDTH];
    uint64_t number = sequence / ZC_TILE_WIDTH;
    zc_tile tile = {.entries = true, .number = number, .width = zc_tile_width(size, 0, number)};
    ZC_TRY(zc_folder_read(folder, &tile, ret_bundle, error));
    if (!zc_ok(zc_bundle_split(zc_bytes_slice(ret_bundle), tile.width, entries))) {
        return tile_fault(folder, &tile, ZC_LOG_BAD_BUNDLE, error);
    }
    *ret_entry = entries[sequence % ZC_TILE_WIDTH];
    return ZC_OK;
}

static zc_result resume_level(const char *folder, unsigned level, zc_tile_builder *builder,
                              zc_error *error)
{
    uint64_t hashes = builder->size >> (8 * level);
    zc_tile tile = {.level = level,
                    .number = hashes / ZC_TILE_WIDTH,
                    .width = (unsigned)(hashes % ZC_TILE_WIDTH)};
    if (tile.width == 0) {
        return ZC_OK;
    }
    ZC_BYTES zc_bytes content = {0};
    ZC_TRY(zc_folder_read(folder, &tile, &content, error));
    memcpy(builder->open[level][0], content.data, content.len);
    return ZC_OK;
}

zc_result zc_folder_resume(const char *folder, uint64_t size,
                           const uint8_t root[static ZC_TILE_HASH], zc_tile_builder *builder,
                           zc_error *error)
{
    uint8_t found[ZC_TILE_HASH];
    ZC_TILE_TREE zc_tile_tree tree = {.folder = folder, .size = size};
    ZC_TRY(zc_tile_tree_root(&tree, size, found, error));
    if (memcmp(found, root, sizeof found) != 0) {
        return zc_error_from(error, zc_fail(ZC_LOG_TILE_MISMATCH), "cannot go on with the tiles",
                             "they are made anew");
    }
    builder->size = size;
    builder->bundle.len = 0;
    for (unsigned level = 0; level < ZC_TILE_LEVELS; level++) {
        ZC_TRY(resume_level(folder, level, builder, error));
    }
    if (!builder->with_entries || size % ZC_TILE_WIDTH == 0) {
        return ZC_OK;
    }
    zc_tile bundle = {
        .entries = true, .number = size / ZC_TILE_WIDTH, .width = (unsigned)(size % ZC_TILE_WIDTH)};
    return zc_folder_read(folder, &bundle, &builder->bundle, error);
}
