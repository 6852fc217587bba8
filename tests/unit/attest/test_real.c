/* Real documents of real enclaves, each held to its published verdict. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "attest/document.h"
#include "base/hex.h"

#ifndef VECTORS
#define VECTORS "../shared/vectors"
#endif

static uint8_t root[2048];
static size_t root_len;
static json_t *manifest;

static const char *path_of(const char *name)
{
    static char path[1024];
    const char *vectors = getenv("ZCP_VECTORS");
    (void)snprintf(path, sizeof path, "%s/nitro/%s", vectors != NULL ? vectors : VECTORS, name);
    return path;
}

static size_t read_file(const char *name, uint8_t *bytes, size_t capacity)
{
    FILE *file = fopen(path_of(name), "rb");
    size_t len = file != NULL ? fread(bytes, 1, capacity, file) : 0;
    if (file != NULL) {
        fclose(file);
    }
    return len;
}

static int load(void **state)
{
    (void)state;
    root_len = read_file("aws-nitro-enclaves-root-g1.der", root, sizeof root);
    manifest = json_load_file(path_of("manifest.json"), 0, NULL);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    json_decref(manifest);
    return 0;
}

static int expected_code(const char *kind)
{
    if (strcmp(kind, "prod") == 0) {
        return 0;
    }
    if (strcmp(kind, "debug") == 0) {
        return ZC_ATTEST_DEBUG_MODE;
    }
    return strcmp(kind, "badsig") == 0 ? ZC_ATTEST_BAD_SIGNATURE : ZC_ATTEST_FOREIGN_ROOT;
}

static void check_pcrs(const zc_attest_doc *doc, json_t *pcrs)
{
    const char *index;
    json_t *value;
    json_object_foreach(pcrs, index, value)
    {
        uint8_t expected[48];
        zc_slice text = zc_slice_of_text(json_string_value(value));
        assert_true(zc_ok(zc_hex_decode(text, expected, sizeof expected)));
        assert_memory_equal(doc->pcr[atoi(index)], expected, sizeof expected);
    }
}

static void check_one(json_t *row)
{
    static uint8_t bytes[ZC_ATTEST_DOCUMENT_MAX];
    const char *name = json_string_value(json_object_get(row, "file"));
    const char *kind = json_string_value(json_object_get(row, "kind"));
    size_t len = read_file(name, bytes, sizeof bytes);
    zc_slice document = zc_slice_of(bytes, len);
    zc_slice trusted = zc_slice_of(root, root_len);
    zc_attest_doc doc;
    assert_true(zc_ok(zc_attest_parse(document, &doc)));
    int64_t made = json_integer_value(json_object_get(row, "timestamp_ms"));
    assert_int_equal(doc.timestamp_ms, made);
    assert_int_equal(doc.cabundle_count, json_integer_value(json_object_get(row, "cabundle_n")));
    const char *module = json_string_value(json_object_get(row, "module_id"));
    assert_true(zc_slice_eq_text(doc.module_id, module));
    check_pcrs(&doc, json_object_get(row, "nonzero_pcrs"));
    zc_result verdict = zc_attest_verify(document, trusted, made / 1000, &doc);
    if (verdict.code != expected_code(kind)) {
        fail_msg("%s: %04x", name, verdict.code);
    }
    if (strcmp(kind, "foreignroot") != 0) {
        zc_result late = zc_attest_verify(document, trusted, made / 1000 + 86400, &doc);
        assert_true(zc_is(late, ZC_ATTEST_EXPIRED));
    }
}

static void attest_verify__real_documents__as_published(void **state)
{
    (void)state;
    if (manifest == NULL || root_len == 0) {
        print_message("no vectors at %s: skipped\n", path_of(""));
        skip();
    }
    size_t i;
    json_t *row;
    json_array_foreach(manifest, i, row)
    {
        check_one(row);
    }
    assert_true(i >= 20);
}

/* The same documents under the tag that the format allows. */
static void attest_verify__tagged__the_same(void **state)
{
    (void)state;
    if (manifest == NULL || root_len == 0) {
        skip();
    }
    static uint8_t bytes[ZC_ATTEST_DOCUMENT_MAX];
    json_t *row = json_array_get(manifest, 0);
    bytes[0] = 0xd2;
    size_t len =
        1 + read_file(json_string_value(json_object_get(row, "file")), bytes + 1, sizeof bytes - 1);
    zc_attest_doc doc;
    int64_t at = json_integer_value(json_object_get(row, "timestamp_ms")) / 1000;
    zc_slice trusted = zc_slice_of(root, root_len);
    assert_true(zc_ok(zc_attest_verify(zc_slice_of(bytes, len), trusted, at, &doc)));
    bytes[0] = 0xd1; /* Mac0 */
    assert_true(
        zc_is(zc_attest_verify(zc_slice_of(bytes, len), trusted, at, &doc), ZC_ATTEST_NOT_SIGN1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attest_verify__real_documents__as_published),
        cmocka_unit_test(attest_verify__tagged__the_same),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
