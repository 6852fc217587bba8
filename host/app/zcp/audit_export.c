/* `zcp audit export`: the log as JSON Lines or CSV, for whoever keeps it elsewhere. */
#include <stdio.h>
#include <stdlib.h>

#include "audit_filter.h"
#include "audit_place.h"
#include "audit_text.h"
#include "catalog.h"
#include "commands.h"
#include "log/reasons.h"
#include "support/json.h"
#include "support/reasons.h"

const zc_option zc_audit_export_options[] = {
    {"format", "FORMAT", "jsonl (default) or csv"},
    ZC_AUDIT_FILTER_OPTIONS,
    {NULL, NULL, NULL},
};

typedef struct zc_export {
    zc_audit_filter filter;
    zc_catalog catalog;
    bool csv;
    uint64_t fault_at;
    zc_result fault;
} zc_export;

static const char *const columns[] = {"sequence", "time",   "kind",     "decision", "principal",
                                      "key",      "key_id", "key_uses", "rule",     "reason",
                                      "measured", "limit",  "asset",    "digest"};
#define COLUMNS (sizeof columns / sizeof columns[0])

/* Quoted always, quotes doubled; what a spreadsheet would take for a formula gets an apostrophe. */
static void print_field(const json_t *value)
{
    char *made = value == NULL || json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY);
    const char *text = made != NULL ? made : value != NULL ? json_string_value(value) : "";
    (void)putchar('"');
    if (text != NULL && text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL) {
        (void)putchar('\'');
    }
    for (; text != NULL && *text != '\0'; text++) {
        if (*text == '"') {
            (void)putchar('"');
        }
        (void)putchar(*text);
    }
    (void)putchar('"');
    free(made);
}

static bool print_entry(const zc_export *export, const json_t *entry)
{
    if (!export->csv) {
        return zc_json_print(stdout, entry);
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        print_field(json_object_get(entry, columns[i]));
        (void)fputs(i + 1 < COLUMNS ? "," : "\r\n", stdout); /* RFC 4180 */
    }
    return ferror(stdout) == 0;
}

static bool take(void *self, const zc_scanned *scanned)
{
    zc_export *export = self;
    zc_audit_opening opening = {0};
    zc_result read = scanned->fault;
    if (zc_ok(read) && scanned->opening.len > 0) {
        read = zc_audit_opening_read(scanned->opening, &opening);
    }
    if (!zc_ok(read)) {
        export->fault = read;
        export->fault_at = scanned->index;
        return false;
    }
    if (!zc_audit_filter_public(&export->filter, &scanned->entry)) {
        return true;
    }
    json_t *entry = zc_audit_json(&scanned->entry, &opening, &export->catalog);
    bool printed = entry != NULL &&
                   (!zc_audit_filter_private(&export->filter, entry) || print_entry(export, entry));
    json_decref(entry);
    return printed;
}

/* The last entry that the index has before the time, 0 where none is. */
static bool find_before(zc_log_index *index, uint64_t since_ms, zc_indexed *ret_before)
{
    zc_indexed first = {.sequence = zc_log_index_size(index)};
    zc_result found = zc_log_index_since(index, since_ms, &first);
    return (zc_ok(found) || zc_is(found, ZC_LOG_NO_SUCH_ENTRY)) && first.sequence > 0 &&
           zc_ok(zc_log_index_sequence(index, first.sequence - 1, ret_before));
}

/* With an index, what is older than --since is passed over, if the journal itself shows that it is:
 * the frame before the first is of an earlier time, and time never runs backwards in a log. */
static void pass_over(const zc_invocation *invocation, uint64_t since_ms, zc_scan_source *source)
{
    zc_audit_place place;
    zc_indexed before;
    zc_journal_reader reader;
    zc_journal_record record;
    zc_audit_entry entry;
    bool end = true;
    if (since_ms == 0 || !zc_ok(zc_audit_place_of(invocation, &place, NULL))) {
        return;
    }
    zc_log_index *index = zc_audit_place_index(&place);
    if (index != NULL && find_before(index, since_ms, &before) &&
        zc_ok(zc_journal_reader_open(place.journal, &reader, NULL))) {
        zc_journal_reader_seek(&reader, before.offset, before.sequence);
        if (zc_ok(zc_journal_reader_next(&reader, &record, &end, NULL)) && !end &&
            zc_ok(zc_audit_entry_read(record.entry, &entry)) && entry.sequence == before.sequence &&
            entry.time_ms < since_ms) {
            source->first = before.sequence + 1;
            source->offset = before.offset;
        }
        zc_journal_reader_close(&reader);
    }
    zc_log_index_close(index);
}

int zc_run_audit_export(zc_invocation *invocation)
{
    static zc_export export;
    char journal[ZC_PATH_SIZE];
    const char *format = zc_option_value(invocation, "format");
    export.csv = format != NULL && strcmp(format, "csv") == 0;
    if ((format != NULL && !export.csv && strcmp(format, "jsonl") != 0) ||
        !zc_in_dir(invocation, "log/journal", journal)) {
        return zc_fail_usage(invocation, "cannot export the log", "--format is jsonl or csv");
    }
    if (!zc_audit_filter_read(invocation, &export.filter)) {
        return zc_fail_usage(invocation, "cannot read the command line",
                             "--since and --until want RFC 3339 times, --min-amount a number");
    }
    export.catalog = zc_names_of_folder(invocation, NULL).catalog;
    for (size_t i = 0; export.csv && i < COLUMNS; i++) {
        (void)printf("%s%s", columns[i], i + 1 < COLUMNS ? "," : "\r\n");
    }
    zc_error error = {0};
    zc_scan_source source = {.journal = journal, .light = true};
    pass_over(invocation, export.filter.since_ms, &source);
    zc_result done = zc_scan(&source, take, &export, &error);
    if (zc_ok(done) && !zc_ok(export.fault)) {
        done = zc_error_from(&error, export.fault, "", "`zcp audit verify` finds the place");
        zc_error_what(&error, "cannot read entry %llu", (unsigned long long)export.fault_at);
    }
    return zc_ok(done) ? ZC_EXIT_DONE : zc_fail_with(invocation, &error);
}
