#include "mission/report.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "support/json.h"

void zc_report_init(zc_report *report, const char *file)
{
    memset(report, 0, sizeof *report);
    report->file = file;
}

/* The file's own words are quoted in findings: they never drive the terminal. Bytes that are not
 * UTF-8 come back as '?' too, cut characters included. */
static void make_plain(char *text)
{
    for (unsigned char *at = (unsigned char *)text; *at != 0; at++) {
        if (*at < 0x20 || *at == 0x7f) {
            *at = '?';
        }
    }
}

void zc_report_add(zc_report *report, zc_finding_level level, size_t line, size_t column,
                   const char *path, const char *format, ...)
{
    *(level == ZC_FINDING_ERROR ? &report->errors : &report->warnings) += 1;
    if (report->count == ZC_FINDINGS_MAX) {
        return;
    }
    zc_finding *finding = &report->finding[report->count++];
    *finding = (zc_finding){.level = level, .line = (uint32_t)line, .column = (uint32_t)column};
    (void)snprintf(finding->path, sizeof finding->path, "%s", path);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(finding->text, sizeof finding->text, format, arguments);
    va_end(arguments);
    make_plain(finding->path);
    make_plain(finding->text);
}

static bool comes_later(const zc_finding *a, const zc_finding *b)
{
    return a->line > b->line || (a->line == b->line && a->column > b->column);
}

/* Stable: findings of one place keep the order in which they were found. */
void zc_report_sort(zc_report *report)
{
    for (size_t i = 1; i < report->count; i++) {
        zc_finding moved = report->finding[i];
        size_t at = i;
        while (at > 0 && comes_later(&report->finding[at - 1], &moved)) {
            report->finding[at] = report->finding[at - 1];
            at--;
        }
        report->finding[at] = moved;
    }
}

static const char *level_name(const zc_finding *finding)
{
    return finding->level == ZC_FINDING_ERROR ? "error" : "warning";
}

void zc_report_print(FILE *out, const zc_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        const zc_finding *finding = &report->finding[i];
        (void)fprintf(out, "%s:%u:%u: %s: %s%s%s\n", report->file, finding->line, finding->column,
                      level_name(finding), finding->path, finding->path[0] == 0 ? "" : ": ",
                      finding->text);
    }
    size_t more = report->errors + report->warnings - report->count;
    if (more > 0) {
        (void)fprintf(out, "%s: and %zu more\n", report->file, more);
    }
}

static json_t *finding_json(const zc_finding *finding)
{
    json_t *object = json_object();
    bool ok = zc_json_set_text(object, "level", level_name(finding)) &&
              zc_json_set_u64(object, "line", finding->line) &&
              zc_json_set_u64(object, "column", finding->column) &&
              zc_json_set_text(object, "path", finding->path) &&
              zc_json_set_text(object, "text", finding->text);
    if (!ok) {
        json_decref(object);
        return NULL;
    }
    return object;
}

json_t *zc_report_json(const zc_report *report)
{
    json_t *object = json_object();
    json_t *findings = json_array();
    bool ok = true;
    for (size_t i = 0; i < report->count; i++) {
        ok = json_array_append_new(findings, finding_json(&report->finding[i])) == 0 && ok;
    }
    ok = zc_json_set_text(object, "file", report->file) && ok;
    ok = zc_json_set_u64(object, "errors", report->errors) && ok;
    ok = zc_json_set_u64(object, "warnings", report->warnings) && ok;
    ok = zc_json_set(object, "findings", findings) && ok;
    if (!ok) {
        json_decref(object);
        return NULL;
    }
    return object;
}
