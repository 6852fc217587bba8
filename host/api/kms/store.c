#include "api/kms/store.h"

#include <pthread.h>
#include <stdlib.h>

#include "support/file.h"
#include "support/json.h"
#include "support/reasons.h"

#define FILE_LIMIT ((size_t)16 << 20)

struct zc_kms_store {
    pthread_rwlock_t lock;
    char path[ZC_PATH_SIZE];
    size_t count;
    size_t capacity;
    zc_kms_row *rows;
};

static bool grow(zc_kms_store *store)
{
    if (store->count < store->capacity) {
        return true;
    }
    size_t capacity = store->capacity * 2 + 16;
    zc_kms_row *rows = realloc(store->rows, capacity * sizeof *rows);
    if (rows == NULL || capacity > ZC_KMS_ROWS_MAX * 2) {
        store->rows = rows != NULL ? rows : store->rows;
        return false;
    }
    store->rows = rows;
    store->capacity = capacity;
    return true;
}

static bool copy(const json_t *object, const char *key, char *ret_text, size_t capacity)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (text == NULL || strlen(text) >= capacity) {
        return false;
    }
    memcpy(ret_text, text, strlen(text) + 1);
    return true;
}

static bool read_row(const json_t *object, zc_kms_row *ret_row)
{
    json_int_t kind = json_integer_value(json_object_get(object, "kind"));
    ret_row->kind = (zc_kms_row_kind)kind;
    return kind >= ZC_KMS_ALIAS && kind <= ZC_KMS_DESCRIPTION &&
           copy(object, "identity", ret_row->identity, sizeof ret_row->identity) &&
           copy(object, "key", ret_row->key, sizeof ret_row->key) &&
           copy(object, "name", ret_row->name, sizeof ret_row->name) &&
           copy(object, "value", ret_row->value, sizeof ret_row->value);
}

static zc_result read_rows(zc_kms_store *store, const json_t *root, zc_error *error)
{
    const json_t *list = json_object_get(root, "rows");
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (i == ZC_KMS_ROWS_MAX || !grow(store) ||
            !read_row(json_array_get(list, i), &store->rows[store->count])) {
            zc_result result = zc_error_set(error, ZC_SUPPORT_BAD_JSON, "", "a row is not ours",
                                            "repair the file, or remove it: aliases and tags are "
                                            "lost, keys are not");
            zc_error_what(error, "cannot use %s", store->path);
            return result;
        }
        store->count++;
    }
    return ZC_OK;
}

static zc_result read_file(zc_kms_store *store, zc_error *error)
{
    ZC_BYTES zc_bytes text = {0};
    json_t *root = NULL;
    if (!zc_file_exists(store->path)) {
        return ZC_OK;
    }
    ZC_TRY(zc_file_read(store->path, FILE_LIMIT, &text, error));
    ZC_TRY(zc_json_parse(zc_bytes_slice(&text), "cannot read the KMS store", &root, error));
    zc_result read = read_rows(store, root, error);
    json_decref(root);
    return read;
}

zc_result zc_kms_store_open(const char *dir, zc_kms_store **ret_store, zc_error *error)
{
    char folder[ZC_PATH_SIZE];
    zc_kms_store *store = calloc(1, sizeof *store);
    if (store == NULL || pthread_rwlock_init(&store->lock, NULL) != 0 ||
        !zc_path_join(dir, "gateway", folder) || !zc_path_join(folder, "kms.json", store->path)) {
        free(store);
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot open the KMS store",
                            "the machine gave no memory, or the folder's path is too long",
                            "free some memory, or choose a shorter --dir");
    }
    zc_result opened = zc_file_make_folder(folder, 0700, error);
    opened = zc_ok(opened) ? read_file(store, error) : opened;
    if (!zc_ok(opened)) {
        zc_kms_store_close(store);
        return opened;
    }
    *ret_store = store;
    return ZC_OK;
}

void zc_kms_store_close(zc_kms_store *store)
{
    if (store != NULL) {
        (void)pthread_rwlock_destroy(&store->lock);
        free(store->rows);
        free(store);
    }
}

static json_t *row_json(const zc_kms_row *row)
{
    json_t *out = json_object();
    bool made = out != NULL && zc_json_set(out, "kind", json_integer(row->kind)) &&
                zc_json_set_text(out, "identity", row->identity) &&
                zc_json_set_text(out, "key", row->key) &&
                zc_json_set_text(out, "name", row->name) &&
                zc_json_set_text(out, "value", row->value);
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static zc_result write_file(const zc_kms_store *store, zc_error *error)
{
    json_t *list = json_array();
    json_t *root = json_object();
    bool made = list != NULL && root != NULL;
    for (size_t i = 0; made && i < store->count; i++) {
        made = json_array_append_new(list, row_json(&store->rows[i])) == 0;
    }
    made = zc_json_set(root, "rows", list) && made;
    char *text = made ? json_dumps(root, JSON_INDENT(1)) : NULL;
    json_decref(root);
    if (text == NULL) {
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot write the KMS store",
                            "the machine gave no memory", "free some memory and try again");
    }
    zc_result written = zc_file_write(store->path, zc_slice_of_text(text), 0600, error);
    free(text);
    return written;
}

static bool fits(const zc_kms_row *row, const char *identity, zc_kms_row_kind kind, const char *key,
                 const char *name)
{
    return row->kind == kind && strcmp(row->identity, identity) == 0 &&
           (key == NULL || strcmp(row->key, key) == 0) &&
           (name == NULL || strcmp(row->name, name) == 0);
}

static zc_result put_locked(zc_kms_store *store, const zc_kms_row *row, zc_error *error)
{
    size_t at = 0;
    const char *key = row->kind == ZC_KMS_ALIAS ? NULL : row->key;
    while (at < store->count && !fits(&store->rows[at], row->identity, row->kind, key, row->name)) {
        at++;
    }
    bool is_new = at == store->count;
    if (is_new && (store->count == ZC_KMS_ROWS_MAX || !grow(store))) {
        return zc_error_set(error, ZC_SUPPORT_TOO_LARGE, "cannot keep it",
                            "there are as many aliases and tags as the gateway keeps",
                            "remove some");
    }
    zc_kms_row before = is_new ? (zc_kms_row){0} : store->rows[at];
    store->rows[at] = *row;
    store->count += is_new ? 1 : 0;
    zc_result written = write_file(store, error);
    if (!zc_ok(written)) {
        store->rows[at] = before;
        store->count -= is_new ? 1 : 0;
    }
    return written;
}

zc_result zc_kms_store_put(zc_kms_store *store, const zc_kms_row *row, zc_error *error)
{
    (void)pthread_rwlock_wrlock(&store->lock);
    zc_result put = put_locked(store, row, error);
    (void)pthread_rwlock_unlock(&store->lock);
    return put;
}

bool zc_kms_store_find(zc_kms_store *store, const char *identity, zc_kms_row_kind kind,
                       const char *key, const char *name, size_t *at, zc_kms_row *ret_row)
{
    bool found = false;
    (void)pthread_rwlock_rdlock(&store->lock);
    while (!found && *at < store->count) {
        const zc_kms_row *row = &store->rows[(*at)++];
        found = fits(row, identity, kind, key, name);
        if (found) {
            *ret_row = *row;
        }
    }
    (void)pthread_rwlock_unlock(&store->lock);
    return found;
}
