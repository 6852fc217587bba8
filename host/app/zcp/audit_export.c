/* `zcp audit export`: the log as JSON Lines or CSV, for whoever keeps it elsewhere. */
#include <stdio.h>
#include <stdlib.h>

#include "audit_filter.h"
#include "audit_text.h"
#include "catalog.h"
#include "commands.h"
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
    zc_result done = zc_scan(&source, take, &export, &error);
    if (zc_ok(done) && !zc_ok(export.fault)) {
        done = zc_error_from(&error, export.fault, "", "`zcp audit verify` finds the place");
        zc_error_what(&error, "cannot read entry %llu", (unsigned long long)export.fault_at);
    }
    return zc_ok(done) ? ZC_EXIT_DONE : zc_fail_with(invocation, &error);
}
