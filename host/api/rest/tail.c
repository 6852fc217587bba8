#include "api/rest/tail.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "audit/entry.h"
#include "support/file.h"
#include "support/journal.h"
#include "support/json.h"
#include "support/reasons.h"

/* Where the last entries begin, so that no request reads the log from its start again. */
struct zc_rest_tail {
    pthread_mutex_t lock;
    char path[ZC_PATH_SIZE];
    uint64_t offset[ZC_REST_TAIL_MAX]; /* of entry i at i mod ZC_REST_TAIL_MAX */
    uint64_t count;
    uint64_t end; /* offset behind the last that was seen */
};

#define ZC_KIND_TEXT(name, number, text) [number] = (text),
static const char *const kinds[] = {ZC_AUDIT_KINDS(ZC_KIND_TEXT)};
#define KINDS (sizeof kinds / sizeof kinds[0])

static const char *const decisions[] = {[ZC_AUDIT_NO_DECISION] = "",
                                        [ZC_AUDIT_ALLOW] = "allow",
                                        [ZC_AUDIT_DENY] = "deny",
                                        [ZC_AUDIT_REVIEW] = "review"};

zc_rest_tail *zc_rest_tail_new(const char *dir)
{
    zc_rest_tail *tail = calloc(1, sizeof *tail);
    if (tail == NULL || !zc_path_join(dir, "log/journal", tail->path) ||
        pthread_mutex_init(&tail->lock, NULL) != 0) {
        free(tail);
        return NULL;
    }
    return tail;
}

void zc_rest_tail_free(zc_rest_tail *tail)
{
    if (tail != NULL) {
        (void)pthread_mutex_destroy(&tail->lock);
        free(tail);
    }
}

static json_t *entry_json(const zc_audit_entry *entry)
{
    char when[40];
    time_t seconds = (time_t)(entry->time_ms / 1000);
    struct tm utc;
    size_t kind = (size_t)entry->kind;
    (void)gmtime_r(&seconds, &utc);
    size_t len = strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", &utc);
    (void)snprintf(when + len, sizeof when - len, ".%03uZ", (unsigned)(entry->time_ms % 1000));
    json_t *out = json_object();
    bool made =
        out != NULL && zc_json_set_u64(out, "sequence", entry->sequence) &&
        zc_json_set_text(out, "time", when) &&
        zc_json_set_text(out, "kind",
                         kind < KINDS && kinds[kind] != NULL ? kinds[kind] : "other") &&
        zc_json_set_hex(out, "previous", ZC_SLICE_OF_ARRAY(entry->previous)) &&
        zc_json_set_hex(out, "boot_id", ZC_SLICE_OF_ARRAY(entry->boot_id)) &&
        (entry->decision == ZC_AUDIT_NO_DECISION || entry->decision > ZC_AUDIT_REVIEW ||
         zc_json_set_text(out, "decision", decisions[entry->decision])) &&
        (!entry->has_key || (zc_json_set_hex(out, "key_id", ZC_SLICE_OF_ARRAY(entry->key_id)) &&
                             zc_json_set_u64(out, "key_uses", entry->key_uses))) &&
        (!entry->has_digest || zc_json_set_hex0x(out, "digest", ZC_SLICE_OF_ARRAY(entry->digest)));
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

/* Goes to the end of the log as it is now. */
static zc_result advance(zc_rest_tail *tail, zc_journal_reader *reader, zc_error *error)
{
    zc_journal_record record;
    bool end = false;
    zc_journal_reader_seek(reader, tail->end, tail->count);
    for (;;) {
        uint64_t at = reader->offset;
        ZC_TRY(zc_journal_reader_next(reader, &record, &end, error));
        if (end) {
            return ZC_OK;
        }
        tail->offset[tail->count % ZC_REST_TAIL_MAX] = at;
        tail->count++;
        tail->end = reader->offset;
    }
}

static zc_result read_last(zc_rest_tail *tail, zc_journal_reader *reader, size_t count,
                           json_t *entries, zc_error *error)
{
    bool end = false;
    zc_journal_record record;
    zc_audit_entry entry;
    ZC_TRY(advance(tail, reader, error));
    uint64_t first = tail->count > count ? tail->count - count : 0;
    if (first == tail->count) {
        return ZC_OK;
    }
    zc_journal_reader_seek(reader, tail->offset[first % ZC_REST_TAIL_MAX], first);
    while (reader->index < tail->count) {
        ZC_TRY(zc_journal_reader_next(reader, &record, &end, error));
        if (end) {
            break;
        }
        zc_result read = zc_audit_entry_read(record.entry, &entry);
        if (!zc_ok(read)) {
            return zc_error_from(error, read, "cannot read an entry of the log",
                                 "`zcp audit verify` finds the place");
        }
        if (json_array_append_new(entries, entry_json(&entry)) != 0) {
            return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot show the log",
                                "the machine gave no memory", "ask for fewer entries");
        }
    }
    return ZC_OK;
}

zc_result zc_rest_tail_read(zc_rest_tail *tail, size_t count, json_t **ret_entries, zc_error *error)
{
    zc_journal_reader reader = {0};
    ZC_TRY(zc_journal_reader_open(tail->path, &reader, error));
    json_t *entries = json_array();
    (void)pthread_mutex_lock(&tail->lock);
    zc_result read = read_last(tail, &reader, count < ZC_REST_TAIL_MAX ? count : ZC_REST_TAIL_MAX,
                               entries, error);
    (void)pthread_mutex_unlock(&tail->lock);
    zc_journal_reader_close(&reader);
    if (!zc_ok(read)) {
        json_decref(entries);
        return read;
    }
    *ret_entries = entries;
    return ZC_OK;
}
