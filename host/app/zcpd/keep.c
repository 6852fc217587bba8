/* What the enclave hands out to be kept, made durable in its order. */
#include "daemon.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/json.h"

static zc_result path_of(const zc_daemon *daemon, const char *name,
                         char ret_path[static ZC_PATH_SIZE], zc_error *error)
{
    return zc_path_join(daemon->dir, name, ret_path)
               ? ZC_OK
               : zc_error_set(error, ZC_SUPPORT_IO, "cannot use the folder", "its path is too long",
                              "choose a shorter --dir");
}

zc_result zc_keep_open(zc_daemon *daemon, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    ZC_TRY(path_of(daemon, "log", path, error));
    ZC_TRY(zc_file_make_folder(path, 0750, error));
    ZC_TRY(path_of(daemon, "store.db", path, error));
    ZC_TRY(zc_store_open(path, &daemon->store, error));
    ZC_TRY(path_of(daemon, "log/journal", path, error));
    zc_journal_recovery recovery;
    ZC_TRY(zc_journal_open(path, NULL, &daemon->journal, &recovery, error));
    daemon->journal_open = true;
    ZC_TRY(zc_publish_open(daemon, error));
    daemon->cut_bytes = recovery.cut_bytes;
    if (recovery.cut_bytes > 0) {
        (void)fprintf(
            stderr,
            "zcpd: the log ended in %llu bytes of an entry that was never confirmed; they "
            "were cut off\n",
            (unsigned long long)recovery.cut_bytes);
    }
    return ZC_OK;
}

void zc_keep_close(zc_daemon *daemon)
{
    zc_publish_close(daemon);
    zc_bytes_clear(&daemon->snapshot.file);
    daemon->snapshot.open = false;
    daemon->last_entry_at = 0;
    daemon->loading_keys = false;
    if (daemon->loading) {
        zc_journal_reader_close(&daemon->loader);
        daemon->loading = false;
    }
    if (daemon->journal_open) {
        zc_journal_close(&daemon->journal);
        daemon->journal_open = false;
    }
    zc_store_close(daemon->store);
    daemon->store = NULL;
}

static zc_result keep_blob(zc_daemon *daemon, const zc_host_store *item, zc_error *error)
{
    if (item->kind == ZC_STORE_CHECKPOINT) {
        /* Signed anew once a second: one that is lost costs nobody anything. */
        zc_publish_checkpoint(daemon, item->data);
        return ZC_OK;
    }
    if (item->kind == ZC_STORE_SNAPSHOT) {
        zc_snapshot_keep(daemon, item->data); /* without it, a start takes longer */
        return ZC_OK;
    }
    return zc_store_put(daemon->store, item->kind, item->name, item->data, error);
}

zc_result zc_keep_take(zc_daemon *daemon, const zc_host_store *item, zc_error *error)
{
    if (item->ordinal != daemon->append_ordinal + 1) {
        return zc_error_set(error, ZC_SUPPORT_IO, "cannot keep what the enclave sent",
                            "something was lost on the way", "restart the enclave");
    }
    if (item->kind == ZC_STORE_ENTRY) {
        zc_journal_record record = {.entry = item->data, .opening = item->opening};
        memcpy(record.tag, item->tag, sizeof record.tag);
        daemon->last_entry_at = daemon->journal.durable + daemon->journal.pending.len + 1;
        ZC_TRY(zc_journal_append(&daemon->journal, &record, error));
    } else {
        /* In order: the log must never know less than the store. */
        ZC_TRY(zc_journal_commit(&daemon->journal, error));
        ZC_TRY(keep_blob(daemon, item, error));
    }
    daemon->append_ordinal = item->ordinal;
    return ZC_OK;
}

zc_result zc_keep_commit(zc_daemon *daemon, zc_error *error)
{
    return zc_journal_commit(&daemon->journal, error);
}

zc_result zc_keep_deployment(zc_daemon *daemon, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    ZC_TRY(path_of(daemon, "deployment.json", path, error));
    if (zc_file_exists(path)) {
        return ZC_OK; /* clients pin what was written at genesis: it never changes */
    }
    json_t *object = json_object();
    bool made =
        object != NULL && zc_json_set_text(object, "platform", daemon->platform) &&
        zc_json_set_hex(object, "deployment_id", ZC_SLICE_OF_ARRAY(daemon->deployment_id)) &&
        zc_json_set_hex(object, "pcr0", ZC_SLICE_OF_ARRAY(daemon->pcr0)) &&
        zc_json_set_text(object, "root", "platform/root.pem");
    char *text = made ? json_dumps(object, JSON_INDENT(2)) : NULL;
    json_decref(object);
    if (text == NULL) {
        return zc_error_errno(error, ENOMEM, "cannot write deployment.json", NULL);
    }
    zc_result written = zc_file_write(path, zc_slice_of_text(text), 0644, error);
    free(text);
    return written;
}
