#include "eif/ramdisk.h"

#include <stdio.h>
#include <stdlib.h>

#define HEAD_SIZE 110
#define MODE_FOLDER 0040755u
#define MODE_PROGRAM 0100755u
#define MODE_FILE 0100644u
#define ARCHIVE_MAX ((size_t)1 << 29)

typedef struct zc_ramdisk_entry {
    char name[ZC_RAMDISK_NAME_MAX + 1];
    uint32_t mode;
    zc_slice data;
} zc_ramdisk_entry;

typedef struct listing {
    zc_ramdisk_entry *item;
    size_t count;
    size_t capacity;
} listing;

/* Relative, no empty part, no "." or "..": the archive writes only below its root. */
static bool name_is_good(const char *name)
{
    size_t len = strlen(name);
    if (len == 0 || len > ZC_RAMDISK_NAME_MAX) {
        return false;
    }
    for (const char *part = name; part != NULL;) {
        size_t part_len = strcspn(part, "/");
        if (part_len == 0 || (part_len == 1 && part[0] == '.') ||
            (part_len == 2 && part[0] == '.' && part[1] == '.')) {
            return false;
        }
        part = part[part_len] == '/' ? part + part_len + 1 : NULL;
    }
    return true;
}

static zc_ramdisk_entry *find(const listing *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->item[i].name, name) == 0) {
            return &list->item[i];
        }
    }
    return NULL;
}

static zc_result add(listing *list, const char *name, uint32_t mode, zc_slice data)
{
    const zc_ramdisk_entry *there = find(list, name);
    if (there != NULL) {
        return there->mode == MODE_FOLDER && mode == MODE_FOLDER ? ZC_OK : zc_fail(ZC_EIF_BAD_NAME);
    }
    if (list->count == list->capacity) {
        return zc_fail(ZC_EIF_TOO_LARGE);
    }
    zc_ramdisk_entry *item = &list->item[list->count++];
    *item = (zc_ramdisk_entry){.mode = mode, .data = data};
    (void)snprintf(item->name, sizeof item->name, "%s", name);
    return ZC_OK;
}

static zc_result add_folders(listing *list, const char *name)
{
    char folder[ZC_RAMDISK_NAME_MAX + 1];
    for (const char *slash = strchr(name, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - name), name);
        ZC_TRY(add(list, folder, MODE_FOLDER, (zc_slice){0}));
    }
    return ZC_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const zc_ramdisk_entry *)a)->name, ((const zc_ramdisk_entry *)b)->name);
}

/* Files and data begin at multiples of four. */
static bool pad(zc_bytes *archive)
{
    static const uint8_t zeros[4] = {0};
    return zc_bytes_append(archive, zc_slice_of(zeros, (4 - archive->len % 4) % 4));
}

static zc_result put(zc_bytes *archive, uint32_t number, const zc_ramdisk_entry *item)
{
    char head[HEAD_SIZE + 1];
    size_t name_len = strlen(item->name) + 1;
    if (item->data.len > ARCHIVE_MAX - archive->len) {
        return zc_fail(ZC_EIF_TOO_LARGE);
    }
    /* magic, inode, mode, uid, gid, links, time, size, four device numbers, name's size, check */
    (void)snprintf(head, sizeof head, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
                   number, item->mode, 0u, 0u, item->mode == MODE_FOLDER ? 2u : 1u, 0u,
                   (unsigned)item->data.len, 0u, 0u, 0u, 0u, (unsigned)name_len, 0u);
    bool done = zc_bytes_append(archive, zc_slice_of(head, HEAD_SIZE)) &&
                zc_bytes_append(archive, zc_slice_of(item->name, name_len)) && pad(archive) &&
                zc_bytes_append(archive, item->data) && pad(archive);
    return done ? ZC_OK : zc_fail(ZC_EIF_NO_MEMORY);
}

static zc_result write_all(const listing *list, zc_bytes *archive)
{
    for (size_t i = 0; i < list->count; i++) {
        ZC_TRY(put(archive, (uint32_t)i + 1, &list->item[i]));
    }
    return put(archive, 0, &(zc_ramdisk_entry){.name = "TRAILER!!!"});
}

static zc_result collect(const zc_ramdisk_file *files, size_t count, listing *list)
{
    for (size_t i = 0; i < count; i++) {
        if (!name_is_good(files[i].name)) {
            return zc_fail(ZC_EIF_BAD_NAME);
        }
        ZC_TRY(add_folders(list, files[i].name));
        ZC_TRY(
            add(list, files[i].name, files[i].program ? MODE_PROGRAM : MODE_FILE, files[i].data));
    }
    return ZC_OK;
}

zc_result zc_ramdisk_write(const zc_ramdisk_file *files, size_t count, zc_bytes *ret_archive)
{
    if (count > ZC_RAMDISK_FILES_MAX) {
        return zc_fail(ZC_EIF_TOO_LARGE);
    }
    listing list = {.capacity = 4 * (size_t)ZC_RAMDISK_FILES_MAX};
    list.item = calloc(list.capacity, sizeof *list.item);
    if (list.item == NULL) {
        return zc_fail(ZC_EIF_NO_MEMORY);
    }
    ZC_BYTES zc_bytes archive = {0};
    zc_result made = collect(files, count, &list);
    if (zc_ok(made)) {
        qsort(list.item, list.count, sizeof *list.item, by_name);
        made = write_all(&list, &archive);
    }
    free(list.item);
    if (zc_ok(made)) {
        *ret_archive = archive;
        archive = (zc_bytes){0};
    }
    return made;
}
