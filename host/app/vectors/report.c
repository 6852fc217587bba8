#include "report.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/hex.h"
#include "support/reason.h"

static uint8_t scratch[(size_t)32 << 20];

void zc_report_begin(zc_report *report, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(report->name, sizeof report->name, format, arguments);
    va_end(arguments);
    report->problem[0] = '\0';
    report->room = 0;
}

void zc_report_problem(zc_report *report, const char *format, ...)
{
    if (report->problem[0] != '\0') {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(report->problem, sizeof report->problem, format, arguments);
    va_end(arguments);
}

bool zc_report_ok(zc_report *report, const char *what, zc_result result)
{
    if (!zc_ok(result)) {
        zc_report_problem(report, "%s: refused: %s", what, zc_reason_text(result));
    }
    return zc_ok(result);
}

void zc_report_verdict(zc_report *report, zc_expect expect, zc_result result)
{
    if (expect == ZC_EXPECT_VALID) {
        (void)zc_report_ok(report, "valid", result);
    } else if (expect == ZC_EXPECT_INVALID && zc_ok(result)) {
        zc_report_problem(report, "invalid, but accepted");
    }
}

/* As much of the bytes as tells them apart at a glance. */
static void show(zc_slice bytes, char ret_text[static 80])
{
    size_t shown = bytes.len < 32 ? bytes.len : 32;
    zc_hex_encode(zc_slice_of(bytes.data, shown), ret_text);
    if (shown < bytes.len) {
        (void)snprintf(ret_text + 64, 16, "...");
    }
}

void zc_report_bytes(zc_report *report, const char *what, zc_slice got, zc_slice wanted)
{
    char got_text[80];
    char wanted_text[80];
    if (zc_slice_eq(got, wanted)) {
        return;
    }
    size_t at = 0;
    while (at < got.len && at < wanted.len && got.data[at] == wanted.data[at]) {
        at++;
    }
    show(got, got_text);
    show(wanted, wanted_text);
    zc_report_problem(report, "%s: %zu bytes %s, published are %zu bytes %s; byte %zu differs",
                      what, got.len, got_text, wanted.len, wanted_text, at);
}

void zc_report_u64(zc_report *report, const char *what, uint64_t got, uint64_t wanted)
{
    if (got != wanted) {
        zc_report_problem(report, "%s: %llu, published is %llu", what, (unsigned long long)got,
                          (unsigned long long)wanted);
    }
}

void zc_report_end(zc_report *report)
{
    if (report->problem[0] == '\0') {
        report->passed++;
        return;
    }
    report->failed++;
    printf("FAILED %s: %s: %s\n", report->file, report->name, report->problem);
}

void zc_report_skip(zc_report *report, const char *why)
{
    report->skipped++;
    printf("skipped %s: %s: %s\n", report->file, report->name, why);
}

void zc_report_note(const zc_report *report, const char *text)
{
    printf("note %s: %s: %s\n", report->file, report->name, text);
}

void zc_report_skip_file(zc_report *report, const char *why)
{
    report->skipped++;
    printf("skipped %s: %s\n", report->file, why);
}

void zc_report_fail_file(zc_report *report, const char *why)
{
    report->failed++;
    printf("FAILED %s: %s\n", report->file, why);
}

uint8_t *zc_report_room(zc_report *report, size_t len)
{
    if (len > sizeof scratch - report->room) {
        (void)fprintf(stderr, "zcp-vectors: %s: %s: the case is too large\n", report->file,
                      report->name);
        exit(1);
    }
    uint8_t *room = scratch + report->room;
    report->room += len;
    return room;
}
