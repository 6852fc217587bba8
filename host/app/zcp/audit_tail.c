#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "audit_filter.h"
#include "audit_place.h"
#include "audit_text.h"
#include "catalog.h"
#include "commands.h"
#include "payload.h"
#include "support/journal.h"
#include "support/json.h"

#define FOLLOW_MS 200

const zc_option zc_audit_tail_options[] = {
    {"n", "NUMBER", "the last so many entries (default: 10)"},
    {"f", NULL, "go on as entries are written"},
    ZC_AUDIT_FILTER_OPTIONS,
    {NULL, NULL, NULL},
};

static int show(const zc_invocation *invocation, const zc_journal_record *record,
                const zc_catalog *catalog)
{
    zc_audit_entry entry;
    zc_audit_opening opening = {0};
    zc_result read = zc_audit_entry_read(record->entry, &entry);
    if (zc_ok(read) && record->opening.len > 0) {
        read = zc_audit_opening_read(record->opening, &opening);
    }
    if (!zc_ok(read)) {
        zc_error error = {0};
        zc_result set = zc_error_from(&error, read, "cannot read an entry of the log",
                                      "`zcp audit verify` finds the place");
        (void)set;
        return zc_fail_with(invocation, &error);
    }
    static zc_audit_filter filter;
    if (!zc_audit_filter_read(invocation, &filter)) {
        return zc_fail_usage(invocation, "cannot read the command line",
                             "--since and --until want RFC 3339 times, --min-amount a number");
    }
    if (!zc_audit_filter_public(&filter, &entry)) {
        return ZC_EXIT_DONE;
    }
    json_t *out = zc_audit_json(&entry, &opening, catalog);
    bool wanted = out != NULL && zc_audit_filter_private(&filter, out);
    if (out != NULL && (!wanted || !invocation->json)) {
        json_decref(out);
    }
    if (out != NULL && !wanted) {
        return ZC_EXIT_DONE;
    }
    if (!invocation->json) {
        zc_audit_print(&entry, &opening, catalog);
        return ZC_EXIT_DONE;
    }
    bool printed = out != NULL && zc_json_print(stdout, out);
    json_decref(out);
    return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

/* Shows what the reader has from entry `first` on, and, when following, what comes. */
static int show_from(const zc_invocation *invocation, zc_journal_reader *reader, uint64_t first)
{
    bool follow = zc_option_given(invocation, "f");
    const zc_catalog catalog = zc_names_of_folder(invocation, NULL).catalog;
    for (;;) {
        zc_journal_record record;
        bool end = false;
        zc_error error = {0};
        uint64_t index = reader->index;
        if (!zc_ok(zc_journal_reader_next(reader, &record, &end, &error))) {
            return zc_fail_with(invocation, &error);
        }
        if (end && !follow) {
            return ZC_EXIT_DONE;
        }
        if (end) {
            (void)fflush(stdout);
            struct timespec pause = {.tv_nsec = FOLLOW_MS * 1000000L};
            nanosleep(&pause, NULL);
            continue;
        }
        int code = index >= first ? show(invocation, &record, &catalog) : ZC_EXIT_DONE;
        if (code != ZC_EXIT_DONE) {
            return code;
        }
    }
}

static int open_log(const zc_invocation *invocation, zc_journal_reader *ret_reader)
{
    char path[ZC_PATH_SIZE];
    zc_error error = {0};
    if (!zc_in_dir(invocation, "log/journal", path)) {
        return zc_fail_usage(invocation, "cannot read the log", "the path is too long");
    }
    return zc_ok(zc_journal_reader_open(path, ret_reader, &error))
               ? ZC_EXIT_DONE
               : zc_fail_with(invocation, &error);
}

static int count_entries(const zc_invocation *invocation, uint64_t *ret_count)
{
    zc_journal_reader reader = {0};
    int code = open_log(invocation, &reader);
    bool end = false;
    zc_error error = {0};
    while (code == ZC_EXIT_DONE && !end) {
        zc_journal_record record;
        if (!zc_ok(zc_journal_reader_next(&reader, &record, &end, &error))) {
            code = zc_fail_with(invocation, &error);
        }
    }
    if (code == ZC_EXIT_DONE) {
        *ret_count = reader.index;
        zc_journal_reader_close(&reader);
    }
    return code;
}

/* With an index, the end is found without reading what is before it; its place is believed when the
 * journal has that entry there. */
static bool jump(const zc_invocation *invocation, zc_journal_reader *reader, uint64_t last)
{
    zc_audit_place place;
    zc_indexed found;
    zc_journal_record record;
    zc_audit_entry entry;
    bool end = true;
    zc_log_index *index =
        zc_ok(zc_audit_place_of(invocation, &place, NULL)) ? zc_audit_place_index(&place) : NULL;
    uint64_t size = index == NULL ? 0 : zc_log_index_size(index);
    bool there =
        last > 0 && size > last && zc_ok(zc_log_index_sequence(index, size - last, &found));
    zc_log_index_close(index);
    if (!there) {
        return false;
    }
    zc_journal_reader_seek(reader, found.offset, found.sequence);
    there = zc_ok(zc_journal_reader_next(reader, &record, &end, NULL)) && !end &&
            zc_ok(zc_audit_entry_read(record.entry, &entry)) && entry.sequence == found.sequence;
    zc_journal_reader_seek(reader, there ? found.offset : 0, there ? found.sequence : 0);
    return there;
}

int zc_run_audit_tail(zc_invocation *invocation)
{
    const char *wanted = zc_option_value(invocation, "n");
    char *end;
    uint64_t last = wanted != NULL ? strtoull(wanted, &end, 10) : 10;
    if (wanted != NULL && (*wanted == '\0' || *end != '\0')) {
        return zc_fail_usage(invocation, "cannot read the command line", "-n wants a number");
    }
    uint64_t count = 0;
    zc_journal_reader reader = {0};
    int code = open_log(invocation, &reader);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    if (!jump(invocation, &reader, last)) {
        code = count_entries(invocation, &count);
    }
    if (code == ZC_EXIT_DONE) {
        code = show_from(invocation, &reader, count > last ? count - last : 0);
    }
    zc_journal_reader_close(&reader);
    return code;
}
