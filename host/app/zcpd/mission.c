/* Which mission is in force: D/mission.cbor, and under D/mission/ every one that was or may be, by
 * the hash of its compiled form.
 *
 * A change is in force once its entry is in the log. By then the root is sealed for the next
 * mission and kept under that mission's hash, beside the one before. So the host changes over by
 * one rename, of mission.cbor: before it the old mission stands with its root, after it the new one
 * with its own. An enclave that is started with the old one sees the entry, refuses, and is the
 * sign to do the rename that was missed. */
#include "daemon.h"

#include <errno.h>
#include <stdio.h>

#include <unistd.h>

#include "audit/change.h"
#include "base/hex.h"
#include "enclave/reasons.h"
#include "policy/mission.h"

static zc_result path_of(const zc_daemon *daemon, const char *name,
                         char ret_path[static ZC_PATH_SIZE], zc_error *error)
{
    return zc_path_join(daemon->dir, name, ret_path)
               ? ZC_OK
               : zc_error_errno(error, ENAMETOOLONG, "cannot use the folder", daemon->dir);
}

static zc_result kept_path(const zc_daemon *daemon, const uint8_t hash[static 32], const char *ends,
                           char ret_path[static ZC_PATH_SIZE], zc_error *error)
{
    char hex[65];
    char name[96];
    zc_hex_encode(zc_slice_of(hash, 32), hex);
    (void)snprintf(name, sizeof name, "mission/%s%s", hex, ends);
    return path_of(daemon, name, ret_path, error);
}

zc_result zc_mission_root(zc_daemon *daemon, zc_slice mission, bool *ret_found, zc_bytes *ret_root,
                          zc_error *error)
{
    uint8_t hash[32];
    char name[2 * ZC_ROOT_NAME_BYTES + 1];
    zc_mission_hash(mission, hash);
    zc_hex_encode(zc_slice_of(hash, ZC_ROOT_NAME_BYTES), name);
    zc_result got =
        zc_store_get(daemon->store, ZC_STORE_ROOT, zc_slice_of_text(name), ret_root, error);
    if (zc_is(got, ZC_SUPPORT_STORE_MISSING)) {
        got = zc_store_get(daemon->store, ZC_STORE_ROOT, zc_slice_of_text(""), ret_root, error);
    }
    *ret_found = zc_ok(got);
    return zc_is(got, ZC_SUPPORT_STORE_MISSING) ? ZC_OK : got;
}

/* The mission that the log's last change put in force; false when there was none. */
static zc_result find_last(const zc_daemon *daemon, uint8_t ret_hash[static 32], bool *ret_found,
                           zc_error *error)
{
    char path[ZC_PATH_SIZE];
    zc_journal_reader reader;
    bool end = false;
    *ret_found = false;
    ZC_TRY(path_of(daemon, "log/journal", path, error));
    ZC_TRY(zc_journal_reader_open(path, &reader, error));
    zc_result read = ZC_OK;
    while (zc_ok(read) && !end) {
        zc_journal_record record;
        zc_audit_entry entry;
        read = zc_journal_reader_next(&reader, &record, &end, error);
        if (zc_ok(read) && !end && zc_ok(zc_audit_entry_read(record.entry, &entry)) &&
            zc_audit_changes_mission(&entry, ret_hash)) {
            *ret_found = true;
        }
    }
    zc_journal_reader_close(&reader);
    return read;
}

/* The one in force now stays for those who replay the log. */
static zc_result keep_old(const zc_daemon *daemon, zc_slice old, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    uint8_t hash[32];
    zc_mission_hash(old, hash);
    ZC_TRY(path_of(daemon, "mission", path, error));
    ZC_TRY(zc_file_make_folder(path, 0750, error));
    ZC_TRY(kept_path(daemon, hash, ".cbor", path, error));
    return zc_file_exists(path) ? ZC_OK : zc_file_write(path, old, 0644, error);
}

static zc_result read_next(const zc_daemon *daemon, const uint8_t hash[static 32],
                           zc_bytes *ret_next, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    uint8_t found[32];
    ZC_TRY(kept_path(daemon, hash, ".cbor", path, error));
    if (!zc_file_exists(path)) {
        return zc_error_set(error, ZC_ENCLAVE_MISSION_SUPERSEDED, "cannot start the next mission",
                            "the log has changed to it, and its file is not in D/mission",
                            "compile it with `zcp mission compile FILE -o` into D/mission, as "
                            "HASH.cbor");
    }
    ZC_TRY(zc_file_read(path, ZC_MISSION_MAX_BYTES, ret_next, error));
    zc_mission_hash(zc_bytes_slice(ret_next), found);
    return memcmp(found, hash, sizeof found) == 0
               ? ZC_OK
               : zc_error_set(error, ZC_ENCLAVE_WRONG_MISSION, "cannot start the next mission",
                              "its file in D/mission does not have the hash of its name",
                              "compile it again");
}

/* What people read follows; nothing rests on it. */
static void follow_source(const zc_daemon *daemon, const uint8_t hash[static 32])
{
    char from[ZC_PATH_SIZE];
    char to[ZC_PATH_SIZE];
    ZC_BYTES zc_bytes text = {0};
    zc_error error = {0};
    if (zc_ok(kept_path(daemon, hash, ".yaml", from, &error)) && zc_file_exists(from) &&
        zc_ok(path_of(daemon, "mission.yaml", to, &error)) &&
        zc_ok(zc_file_read(from, ZC_MISSION_MAX_BYTES, &text, &error)) &&
        !zc_ok(zc_file_write(to, zc_bytes_slice(&text), 0644, &error))) {
        zc_error_print(stderr, "zcpd", &error);
    }
}

zc_result zc_mission_follow(zc_daemon *daemon, bool *ret_changed, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    char snapshot[ZC_PATH_SIZE];
    uint8_t hash[32];
    bool found = false;
    ZC_BYTES zc_bytes old = {0};
    ZC_BYTES zc_bytes next = {0};
    *ret_changed = false;
    ZC_TRY(find_last(daemon, hash, &found, error));
    ZC_TRY(path_of(daemon, "mission.cbor", path, error));
    ZC_TRY(path_of(daemon, "snapshot", snapshot, error));
    if (!found) {
        return ZC_OK;
    }
    ZC_TRY(zc_file_read(path, ZC_MISSION_MAX_BYTES, &old, error));
    ZC_TRY(read_next(daemon, hash, &next, error));
    if (zc_slice_eq(zc_bytes_slice(&old), zc_bytes_slice(&next))) {
        return ZC_OK;
    }
    ZC_TRY(keep_old(daemon, zc_bytes_slice(&old), error));
    ZC_TRY(zc_file_write(path, zc_bytes_slice(&next), 0644, error));
    (void)unlink(snapshot); /* it opens under the old mission alone */
    follow_source(daemon, hash);
    *ret_changed = true;
    return ZC_OK;
}
