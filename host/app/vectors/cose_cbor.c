#include "cose_cbor.h"

#include <math.h>

#include "codec/cbor.h"
#include "group.h"

/* Numbers are compared as numbers: JSON does not tell 1 from 1.0. */
static bool same_json(const json_t *got, const json_t *wanted)
{
    if (json_is_number(got) && json_is_number(wanted)) {
        double a = json_number_value(got);
        double b = json_number_value(wanted);
        bool exact = json_is_integer(got) && json_is_integer(wanted);
        return exact ? json_integer_value(got) == json_integer_value(wanted)
                     : a <= b && a >= b && signbit(a) == signbit(b);
    }
    return got != NULL && json_equal(got, wanted) != 0;
}

static void check_content(zc_report *report, const json_t *test, zc_slice bytes)
{
    zc_reader reader = zc_reader_of(bytes);
    const json_t *wanted = json_object_get(test, "decoded");
    if (wanted != NULL) {
        json_t *got = zc_cbor_to_json(&reader);
        if (!same_json(got, wanted)) {
            zc_report_problem(report, "decoded: another value than the published one");
        }
        json_decref(got);
    } else if (zc_field_has(test, "diagnostic")) {
        const char *got = zc_cbor_to_diagnostic(report, &reader);
        if (got == NULL || strcmp(got, zc_field_text(test, "diagnostic")) != 0) {
            zc_report_problem(report, "decoded: %s, published is %s", got != NULL ? got : "nothing",
                              zc_field_text(test, "diagnostic"));
        }
    } else {
        return;
    }
    (void)zc_report_ok(report, "reading to the end", zc_reader_end(&reader));
}

static void check_appendix_a(zc_report *report, const json_t *test, zc_slice bytes)
{
    bool roundtrip = json_is_true(json_object_get(test, "roundtrip"));
    zc_writer writer = zc_writer_of(zc_report_room(report, bytes.len + 16), bytes.len + 16);
    zc_reader reader = zc_reader_of(bytes);
    (void)zc_report_ok(report, "well-formed", zc_cbor_check_well_formed(bytes));
    check_content(report, test, bytes);
    zc_result canonical = zc_cbor_check_canonical(bytes);
    if (!roundtrip) {
        zc_report_verdict(report, ZC_EXPECT_INVALID, canonical);
        return;
    }
    if (zc_report_ok(report, "canonical", canonical) &&
        zc_report_ok(report, "writing again", zc_cbor_copy(&reader, &writer))) {
        zc_report_bytes(report, "written again", zc_writer_written(&writer), bytes);
    }
}

static void run_appendix_a(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%s", zc_case_name(test, "hex", i));
        zc_slice bytes = zc_field_hex(report, test, "hex");
        if (bytes.len == 2 && bytes.data[0] == 0xf8 && bytes.data[1] < 32) {
            zc_report_skip(report, "RFC 8949 (3.3) made this form ill-formed, which RFC 7049, the "
                                   "source of the list, still had");
            continue;
        }
        check_appendix_a(report, test, bytes);
        zc_report_end(report);
    }
}

static void run_ill_formed(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%s", zc_case_name(test, "hex", i));
        zc_slice bytes = zc_field_hex(report, test, "hex");
        zc_reader reader = zc_reader_of(bytes);
        zc_report_verdict(report, ZC_EXPECT_INVALID, zc_cbor_check_well_formed(bytes));
        zc_report_verdict(report, ZC_EXPECT_INVALID, zc_cbor_check_canonical(bytes));
        zc_report_verdict(report, ZC_EXPECT_INVALID, zc_cbor_skip(&reader));
        zc_report_u64(report, "bytes passed over", zc_reader_offset(&reader), 0);
        zc_report_end(report);
    }
}

static const zc_group groups[] = {
    {{"input", "output", NULL}, zc_run_cose, NULL},
    {{"hex", "roundtrip", NULL}, run_appendix_a, NULL},
    {{"hex", "why", NULL}, run_ill_formed, NULL},
    {{NULL, NULL, NULL}, NULL, "no cases of a form that is known"},
};

void zc_run_cose_cbor(zc_report *report, const char *path, json_t *root)
{
    (void)path;
    zc_group_run(report, groups, root);
}
