#include "tee.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>

#include "base/hex.h"
#include "evidence/accepted.h"
#include "files.h"
#include "group.h"

/* 2025-01-01: inside the life of the AMD certificates that are published so far. */
#define SOME_TIME INT64_C(1735689600)

static bool ends_in(const char *name, const char *suffix)
{
    size_t len = strlen(name);
    size_t suffix_len = strlen(suffix);
    return len >= suffix_len && strcmp(name + len - suffix_len, suffix) == 0;
}

bool zc_tee_is_json(const zc_tee_file *file)
{
    return file->bytes.len > 0 && file->bytes.data[0] == '{';
}

bool zc_tee_is_pem(const zc_tee_file *file)
{
    static const char begin[] = "-----BEGIN ";
    return file->bytes.len > sizeof begin && memcmp(file->bytes.data, begin, sizeof begin - 1) == 0;
}

/* In place; what is no hex stays as it is. */
static void decode_hex(zc_bytes *bytes)
{
    size_t kept = 0;
    size_t len;
    for (size_t i = 0; i < bytes->len; i++) {
        if (!isspace(bytes->data[i])) {
            if (!isxdigit(bytes->data[i])) {
                return;
            }
            kept++;
        }
    }
    if (kept < 2 || kept % 2 != 0) {
        return;
    }
    kept = 0;
    for (size_t i = 0; i < bytes->len; i++) {
        if (!isspace(bytes->data[i])) {
            bytes->data[kept++] = bytes->data[i];
        }
    }
    if (zc_ok(zc_hex_decode_some(zc_slice_of(bytes->data, kept), bytes->data, kept, &len))) {
        bytes->len = len;
    }
}

static void keep_time(zc_tee_folder *folder, int64_t at)
{
    if (folder->time_count < ZC_TEE_TIMES) {
        folder->time[folder->time_count++] = at;
    }
}

/* Each moment just after an issue date and just before the next update. JSON inside JSON has its
 * quotes escaped; a date is a date wherever it stands. */
static void find_times(zc_tee_folder *folder, const zc_bytes *bytes)
{
    for (size_t i = 0; i + 20 <= bytes->len; i++) {
        int64_t seconds;
        bool quoted = i > 0 && bytes->data[i - 1] == '"';
        if (quoted && zc_evidence_time(zc_slice_of(bytes->data + i, 20), &seconds)) {
            bool next = i > 16 && memmem(bytes->data + i - 16, 16, "nextUpdate", 10) != NULL;
            bool issue = i > 16 && memmem(bytes->data + i - 16, 16, "issueDate", 9) != NULL;
            if (next || issue) {
                keep_time(folder, next ? seconds - 1 : seconds + 1);
            }
        }
    }
}

static bool read_one(zc_tee_folder *folder, const char *path, const char *name)
{
    zc_error error = {0};
    zc_tee_file *file = &folder->file[folder->count];
    if (!zc_ok(zc_file_read(path, ZC_EVIDENCE_COLLATERAL_MAX, &file->bytes, &error))) {
        return true; /* a folder, or too large: not one of these files */
    }
    (void)snprintf(file->name, sizeof file->name, "%s", name);
    decode_hex(&file->bytes);
    if (zc_tee_is_json(file)) {
        find_times(folder, &file->bytes);
    }
    folder->count++;
    return true;
}

bool zc_tee_open(zc_report *report, const char *path, zc_tee_folder *ret_folder)
{
    char name[ZC_PATH_SIZE];
    const char *slash = strrchr(path, '/');
    (void)snprintf(name, sizeof name, "%.*s", slash != NULL ? (int)(slash - path) : 1,
                   slash != NULL ? path : ".");
    DIR *handle = opendir(name);
    if (handle == NULL) {
        zc_report_problem(report, "the folder can't be read");
        return false;
    }
    keep_time(ret_folder, SOME_TIME);
    for (struct dirent *item = readdir(handle); item != NULL && ret_folder->count < ZC_TEE_FILES;
         item = readdir(handle)) {
        char full[ZC_PATH_SIZE];
        if (item->d_name[0] != '.' && !ends_in(item->d_name, ".md") &&
            zc_path_join(name, item->d_name, full)) {
            (void)read_one(ret_folder, full, item->d_name);
        }
    }
    closedir(handle);
    return true;
}

void zc_tee_close(zc_tee_folder *folder)
{
    for (size_t i = 0; i < folder->count; i++) {
        zc_bytes_clear(&folder->file[i].bytes);
    }
    *folder = (zc_tee_folder){0};
}

const zc_tee_file *zc_tee_find(const zc_tee_folder *folder, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    for (size_t i = 0; i < folder->count; i++) {
        if (strcmp(folder->file[i].name, name) == 0) {
            return &folder->file[i];
        }
    }
    return NULL;
}

static void run(zc_report *report, const zc_tee_folder *folder, const zc_tee_file *file)
{
    if (file == NULL) {
        zc_report_problem(report, "the file can't be read");
    } else if (zc_tee_is_json(file) || zc_tee_is_pem(file)) {
        zc_tee_run_collateral(report, folder, file);
    } else if (zc_evidence_detect(zc_bytes_slice(&file->bytes)) != ZC_EVIDENCE_ANY) {
        zc_tee_run_evidence(report, folder, file);
    } else if (file->bytes.len <= 64) {
        zc_tee_run_nonce(report, folder, file);
    } else {
        zc_report_skip(report, "neither evidence nor what stands beside it");
        return;
    }
    zc_report_end(report);
}

void zc_run_tee_file(zc_report *report, const char *path)
{
    static zc_tee_folder folder;
    zc_report_begin(report, "%s", "the whole file");
    if (zc_tee_open(report, path, &folder)) {
        run(report, &folder, zc_tee_find(&folder, path));
    } else {
        zc_report_end(report);
    }
    zc_tee_close(&folder);
}

/* JSON is read as text: Intel signs its bytes. */
void zc_run_tee(zc_report *report, const char *path, json_t *root)
{
    (void)root;
    zc_run_tee_file(report, path);
}
