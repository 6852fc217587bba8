/* Giving the enclave back what it once emitted: mission, genesis, root, keys, and the whole log. */
#include "daemon.h"

#include <errno.h>

#include "policy/mission.h"

/* Entries are read on while less than this waits to be sent. */
#define WINDOW ((size_t)1 << 20)

static zc_result get(zc_daemon *daemon, zc_store_kind kind, bool *ret_found, zc_bytes *ret_data,
                     zc_error *error)
{
    zc_result got = zc_store_get(daemon->store, (int)kind, zc_slice_of_text(""), ret_data, error);
    *ret_found = zc_ok(got);
    return zc_is(got, ZC_SUPPORT_STORE_MISSING) ? ZC_OK : got;
}

/* A folder whose deployment.json is there has seen a birth. Another birth would seal a new root
 * over the old one, and every key under it would be lost. */
static zc_result refuse_second_birth(const zc_daemon *daemon, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    if (!zc_path_join(daemon->dir, "deployment.json", path) || !zc_file_exists(path)) {
        return ZC_OK;
    }
    return zc_error_set(error, ZC_SUPPORT_STORE_MISSING, "cannot start the deployment",
                        "its genesis record is no longer in store.db",
                        "restore store.db from a backup, or start a new deployment with another "
                        "--dir");
}

/* All of the mission but what BOOT still holds: that is left in `ret_last`. */
static zc_result send_parts(zc_daemon *daemon, zc_slice mission, zc_slice *ret_last,
                            zc_error *error)
{
    while (mission.len > ZC_MISSION_MAX) {
        zc_host_message part = {.type = ZC_HOST_MISSION,
                                .mission = {.part = zc_slice_of(mission.data, ZC_MISSION_MAX)}};
        ZC_TRY(zc_link_send(daemon, &part, error));
        mission = zc_slice_of(mission.data + ZC_MISSION_MAX, mission.len - ZC_MISSION_MAX);
    }
    *ret_last = mission;
    return ZC_OK;
}

static zc_result send_boot(zc_daemon *daemon, bool *ret_genesis, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    if (!zc_path_join(daemon->dir, "mission.cbor", path)) {
        return zc_error_errno(error, ENAMETOOLONG, "cannot read the mission", daemon->dir);
    }
    ZC_BYTES zc_bytes mission = {0};
    ZC_BYTES zc_bytes genesis = {0};
    ZC_BYTES zc_bytes root = {0};
    bool has_genesis;
    bool has_root;
    ZC_TRY(zc_file_read(path, ZC_MISSION_MAX_BYTES, &mission, error));
    ZC_TRY(get(daemon, ZC_STORE_GENESIS, &has_genesis, &genesis, error));
    ZC_TRY(zc_mission_root(daemon, zc_bytes_slice(&mission), &has_root, &root, error));
    ZC_TRY(has_genesis ? ZC_OK : refuse_second_birth(daemon, error));
    /* A root without a genesis record is a birth that was never finished: nothing was signed under
     * it. */
    zc_slice last = {0};
    ZC_TRY(send_parts(daemon, zc_bytes_slice(&mission), &last, error));
    zc_host_message boot = {.type = ZC_HOST_BOOT,
                            .boot = {.mission = last,
                                     .has_genesis = has_genesis,
                                     .genesis = zc_bytes_slice(&genesis),
                                     .has_root = has_genesis && has_root,
                                     .root = zc_bytes_slice(&root)}};
    ZC_TRY(zc_link_send(daemon, &boot, error));
    *ret_genesis = has_genesis;
    return ZC_OK;
}

/* Rows that are read from the store at a time: one message or two. */
#define KEYS_PAGE 1024

/* Keys on their way into messages. */
typedef struct zc_key_sender {
    zc_daemon *daemon;
    zc_error *error;
    zc_bytes keys;
    size_t count;
} zc_key_sender;

static zc_result flush_keys(zc_key_sender *sender)
{
    if (sender->keys.len == 0) {
        return ZC_OK;
    }
    zc_host_message message = {.type = ZC_HOST_KEYS,
                               .keys = {.sealed = zc_bytes_slice(&sender->keys)}};
    ZC_TRY(zc_link_send(sender->daemon, &message, sender->error));
    sender->keys.len = 0;
    return ZC_OK;
}

static zc_result send_key(void *self, zc_slice name, zc_slice sealed)
{
    zc_key_sender *sender = self;
    (void)name; /* it stands in the seal, too */
    if (sender->keys.len + sealed.len > ZC_STORED_KEYS_MAX) {
        ZC_TRY(flush_keys(sender));
    }
    sender->count++;
    return zc_bytes_append(&sender->keys, sealed)
               ? ZC_OK
               : zc_error_errno(sender->error, ENOMEM, "cannot read the keys", NULL);
}

/* The next page of keys; behind the last one, the journal is opened and the snapshot offered. */
static zc_result send_keys(zc_daemon *daemon, zc_error *error)
{
    zc_key_sender sender = {.daemon = daemon, .error = error};
    zc_result sent = zc_store_each(daemon->store, ZC_STORE_KEY, daemon->keys_sent, KEYS_PAGE,
                                   send_key, &sender, &daemon->keys_sent, error);
    sent = zc_ok(sent) ? flush_keys(&sender) : sent;
    zc_bytes_clear(&sender.keys);
    if (!zc_ok(sent) || sender.count == KEYS_PAGE) {
        return sent;
    }
    ZC_TRY(zc_journal_reader_open(daemon->journal.path, &daemon->loader, error));
    daemon->loading_keys = false;
    daemon->loading = true;
    return zc_snapshot_offer(daemon, error);
}

zc_result zc_load_begin(zc_daemon *daemon, zc_error *error)
{
    bool has_genesis = false;
    ZC_TRY(send_boot(daemon, &has_genesis, error));
    if (!has_genesis) {
        return ZC_OK;
    }
    daemon->loading_keys = true;
    daemon->keys_sent = 0;
    return zc_load_more(daemon, error);
}

zc_result zc_load_more(zc_daemon *daemon, zc_error *error)
{
    while (daemon->loading_keys && daemon->link.out.len < WINDOW) {
        ZC_TRY(send_keys(daemon, error));
    }
    while (daemon->loading && !daemon->snapshot_offered && daemon->link.out.len < WINDOW) {
        zc_journal_record record;
        bool end = false;
        ZC_TRY(zc_journal_reader_next(&daemon->loader, &record, &end, error));
        zc_host_message message = {.type = ZC_HOST_LOAD_DONE};
        if (end) {
            zc_journal_reader_close(&daemon->loader);
            daemon->loading = false;
        } else {
            message = (zc_host_message){
                .type = ZC_HOST_ENTRY, .entry = {.entry = record.entry, .opening = record.opening}};
            memcpy(message.entry.tag, record.tag, sizeof message.entry.tag);
        }
        ZC_TRY(zc_link_send(daemon, &message, error));
    }
    return ZC_OK;
}
