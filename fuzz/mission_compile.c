/* Any text: it compiles or it is reported at a place in the file. What compiles, the enclave's
 * parser takes and `show` can put into words; the same text gives the same bytes. */
#include <stdint.h>
#include <stdlib.h>

#include "mission/compile.h"
#include "mission/show.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static zc_report report;

static void require(bool truth)
{
    if (!truth) {
        abort();
    }
}

static zc_result compile(zc_slice text, zc_bytes *ret_compiled)
{
    zc_mission_source source = {.file = "fuzz.yaml", .text = text};
    zc_report_init(&report, "fuzz.yaml");
    return zc_mission_compile(&source, ret_compiled, &report);
}

static void check_findings(size_t lines)
{
    for (size_t i = 0; i < report.count; i++) {
        const zc_finding *finding = &report.finding[i];
        require(finding->line >= 1 && finding->line <= lines + 1 && finding->column >= 1);
        require(finding->text[0] != 0);
        for (const char *at = finding->text; *at != 0; at++) {
            require((unsigned char)*at >= 0x20 && *at != 0x7f);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_slice text = zc_slice_of(data, size);
    zc_bytes compiled = {0};
    zc_bytes again = {0};
    zc_bytes shown = {0};
    zc_result result = compile(text, &compiled);
    /* YAML ends a line with CR, LF, NEL, LS or PS: no more lines than bytes. */
    check_findings(size);
    require(zc_ok(result) == (report.errors == 0));
    if (zc_ok(result)) {
        require(zc_ok(compile(text, &again)));
        require(zc_slice_eq(zc_bytes_slice(&compiled), zc_bytes_slice(&again)));
        require(zc_ok(zc_mission_show(zc_bytes_slice(&compiled), &shown, NULL)));
    }
    zc_bytes_clear(&compiled);
    zc_bytes_clear(&again);
    zc_bytes_clear(&shown);
    return 0;
}
