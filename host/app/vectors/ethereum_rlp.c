/* RLP both ways: what the cases describe is written by the product's writer, and the published
 * bytes are read by its reader and must hold what the case describes. */
#include <openssl/bn.h>

#include "codec/rlp.h"
#include "ethereum.h"
#include "group.h"

/* How a text of the case stands for bytes. */
typedef zc_slice zc_leaf_fn(zc_report *report, const json_t *leaf);

/* ethereum/tests: text as it is, numbers, and decimals of any size behind '#'. */
static zc_slice plain_leaf(zc_report *report, const json_t *leaf)
{
    const char *text = json_string_value(leaf);
    char small[24];
    if (text != NULL && text[0] != '#') {
        return zc_slice_of(text, json_string_length(leaf));
    }
    (void)snprintf(small, sizeof small, "%lld", (long long)json_integer_value(leaf));
    BIGNUM *number = NULL;
    if (BN_dec2bn(&number, text != NULL ? text + 1 : small) == 0 || number == NULL) {
        zc_report_problem(report, "the case is malformed: not a number");
        return zc_slice_of(NULL, 0);
    }
    size_t len = (size_t)BN_num_bytes(number);
    uint8_t *bytes = zc_report_room(report, len + 1);
    (void)BN_bn2bin(number, bytes);
    BN_free(number);
    return zc_slice_of(bytes, len);
}

static void write_item(zc_report *report, zc_leaf_fn *leaf, const json_t *item, zc_writer *writer,
                       unsigned depth)
{
    zc_rlp_list list;
    size_t i;
    json_t *below;
    if (!json_is_array(item)) {
        (void)zc_report_ok(report, "writing", zc_rlp_put_string(writer, leaf(report, item)));
        return;
    }
    if (depth > ZC_RLP_MAX_DEPTH) {
        zc_report_problem(report, "lists are nested deeper than the product reads");
        return;
    }
    zc_rlp_list_begin(writer, &list);
    json_array_foreach(item, i, below)
    {
        write_item(report, leaf, below, writer, depth + 1);
    }
    (void)zc_report_ok(report, "writing", zc_rlp_list_end(writer, &list));
}

static void read_item(zc_report *report, zc_leaf_fn *leaf, const json_t *item, zc_reader *reader,
                      unsigned depth)
{
    zc_reader items;
    zc_slice bytes;
    size_t i;
    json_t *below;
    if (!json_is_array(item)) {
        if (zc_report_ok(report, "reading", zc_rlp_get_string(reader, &bytes))) {
            zc_report_bytes(report, "read", bytes, leaf(report, item));
        }
        return;
    }
    if (depth > ZC_RLP_MAX_DEPTH ||
        !zc_report_ok(report, "reading", zc_rlp_get_list(reader, &items))) {
        return;
    }
    json_array_foreach(item, i, below)
    {
        read_item(report, leaf, below, &items, depth + 1);
    }
    (void)zc_report_ok(report, "reading a list to its end", zc_reader_end(&items));
}

static void check_rlp(zc_report *report, zc_leaf_fn *leaf, const json_t *item, zc_slice encoded)
{
    size_t capacity = encoded.len + 4096;
    zc_writer writer = zc_writer_of(zc_report_room(report, capacity), capacity);
    zc_reader reader = zc_reader_of(encoded);
    write_item(report, leaf, item, &writer, 1);
    zc_report_bytes(report, "encoding", zc_writer_written(&writer), encoded);
    read_item(report, leaf, item, &reader, 1);
    (void)zc_report_ok(report, "reading to the end", zc_reader_end(&reader));
    (void)zc_report_ok(report, "checking", zc_rlp_check(encoded));
}

void zc_run_rlp_tests(zc_report *report, json_t *root)
{
    const char *name;
    json_t *test;
    json_object_foreach(root, name, test)
    {
        zc_report_begin(report, "%s", name);
        const json_t *in = json_object_get(test, "in");
        zc_slice encoded = zc_field_hex(report, test, "out");
        if (zc_field_is(test, "in", "INVALID")) {
            zc_report_verdict(report, ZC_EXPECT_INVALID, zc_rlp_check(encoded));
        } else if (zc_field_is(test, "in", "VALID")) {
            zc_report_verdict(report, ZC_EXPECT_VALID, zc_rlp_check(encoded));
        } else {
            check_rlp(report, plain_leaf, in, encoded);
        }
        zc_report_end(report);
    }
}

void zc_run_ethers_rlp(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%s", zc_case_name(test, "name", i));
        check_rlp(report, zc_hex_of, json_object_get(test, "decoded"),
                  zc_field_hex(report, test, "encoded"));
        zc_report_end(report);
    }
}
