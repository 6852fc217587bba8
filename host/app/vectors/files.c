#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#define DEPTH_MAX 16

typedef struct zc_walk {
    size_t root_len; /* of the path that all names start behind */
    zc_visit_fn *visit;
    void *self;
    zc_error *error;
} zc_walk;

static int is_listed(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static zc_result walk(const zc_walk *walked, const char *path, unsigned depth);

static zc_result walk_folder(const zc_walk *walked, const char *path, unsigned depth)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_listed, alphasort);
    if (count < 0) {
        return zc_error_errno(walked->error, errno, "cannot list", path);
    }
    zc_result result = ZC_OK;
    for (int i = 0; i < count; i++) {
        char below[ZC_PATH_SIZE];
        if (zc_ok(result) && !zc_path_join(path, entries[i]->d_name, below)) {
            result = zc_error_errno(walked->error, ENAMETOOLONG, "cannot list", path);
        }
        if (zc_ok(result)) {
            result = walk(walked, below, depth + 1);
        }
        free(entries[i]);
    }
    free(entries);
    return result;
}

static zc_result walk(const zc_walk *walked, const char *path, unsigned depth)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        return zc_error_errno(walked->error, errno, "cannot read", path);
    }
    if (S_ISDIR(status.st_mode)) {
        return depth < DEPTH_MAX ? walk_folder(walked, path, depth)
                                 : zc_error_errno(walked->error, ELOOP, "cannot list", path);
    }
    const char *name = path + walked->root_len;
    while (*name == '/') {
        name++;
    }
    if (*name == '\0') {
        const char *slash = strrchr(path, '/');
        name = slash != NULL ? slash + 1 : path;
    }
    walked->visit(walked->self, path, name);
    return ZC_OK;
}

zc_result zc_files_visit(const char *path, zc_visit_fn *visit, void *self, zc_error *error)
{
    const zc_walk walked = {.root_len = strlen(path), .visit = visit, .self = self, .error = error};
    return walk(&walked, path, 0);
}

static size_t number_len(zc_slice text, size_t at)
{
    size_t len = 0;
    while (at + len < text.len && strchr("+-.eE0123456789", text.data[at + len]) != NULL &&
           text.data[at + len] != '\0') {
        len++;
    }
    return len;
}

static bool is_huge(zc_slice number)
{
    size_t digits = 0;
    for (size_t i = 0; i < number.len; i++) {
        if (number.data[i] >= '0' && number.data[i] <= '9') {
            digits++;
        } else if (i > 0 || number.data[i] != '-') {
            return false;
        }
    }
    return digits > 18;
}

/* Copies JSON and puts quotes around the integers that are too large for its readers. */
static bool quote_huge(zc_slice text, zc_bytes *ret_quoted)
{
    const zc_slice quote = zc_slice_of_text("\"");
    bool in_string = false;
    bool good = true;
    for (size_t i = 0; good && i < text.len;) {
        size_t len = in_string ? 0 : number_len(text, i);
        zc_slice part = zc_slice_of(text.data + i, len > 0 ? len : 1);
        if (len > 0 && is_huge(part)) {
            good = zc_bytes_append(ret_quoted, quote) && zc_bytes_append(ret_quoted, part) &&
                   zc_bytes_append(ret_quoted, quote);
        } else {
            if (in_string && text.data[i] == '\\' && i + 1 < text.len) {
                part.len = 2;
            } else if (text.data[i] == '"') {
                in_string = !in_string;
            }
            good = zc_bytes_append(ret_quoted, part);
        }
        i += part.len;
    }
    return good;
}

json_t *zc_files_json(const char *path, char *ret_why, size_t capacity)
{
    ZC_BYTES zc_bytes raw = {0};
    ZC_BYTES zc_bytes quoted = {0};
    zc_error error = {0};
    json_error_t fault;
    if (!zc_ok(zc_file_read(path, ZC_VECTORS_MAX_FILE, &raw, &error))) {
        (void)snprintf(ret_why, capacity, "%s: %s", error.what, error.why);
        return NULL;
    }
    zc_slice text = zc_bytes_slice(&raw);
    if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0) {
        text = zc_slice_of(text.data + 3, text.len - 3);
    }
    if (!quote_huge(text, &quoted)) {
        (void)snprintf(ret_why, capacity, "no memory");
        return NULL;
    }
    json_t *root = json_loadb((const char *)quoted.data, quoted.len, JSON_ALLOW_NUL, &fault);
    if (root == NULL) {
        (void)snprintf(ret_why, capacity, "not JSON: line %d: %s", fault.line, fault.text);
    }
    return root;
}
