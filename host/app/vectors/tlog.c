/* Merkle trees: hashes and proofs. */
#include "tlog.h"

#include "audit/chain.h"
#include "audit/proof.h"
#include "codec/base64.h"
#include "group.h"

#define PROOF_MAX 128

/* Exactly one hash in base64; the product's types hold nothing else. */
static bool read_hash(const json_t *text, uint8_t ret_hash[static 32])
{
    size_t len = 0;
    zc_slice characters = zc_slice_of(json_string_value(text), json_string_length(text));
    return json_is_string(text) && zc_ok(zc_base64_decode(characters, ret_hash, 32, &len)) &&
           len == 32;
}

static bool read_proof(const json_t *hashes, uint8_t ret_proof[static 32 * PROOF_MAX],
                       zc_slice *ret_slice)
{
    size_t count = json_array_size(hashes);
    if (count > PROOF_MAX) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!read_hash(json_array_get(hashes, i), ret_proof + 32 * i)) {
            return false;
        }
    }
    *ret_slice = zc_slice_of(ret_proof, 32 * count);
    return true;
}

static zc_expect expect_of(const json_t *test)
{
    return json_is_true(json_object_get(test, "wantErr")) ? ZC_EXPECT_INVALID : ZC_EXPECT_VALID;
}

static void run_inclusion(zc_report *report, json_t *root)
{
    const char *name;
    json_t *test;
    json_object_foreach(root, name, test)
    {
        static uint8_t hashes[32 * PROOF_MAX];
        uint8_t leaf[32];
        uint8_t top[32];
        zc_slice proof;
        zc_result result = zc_fail(ZC_AUDIT_BAD_PROOF);
        zc_report_begin(report, "%s", name);
        uint64_t index = zc_field_u64(report, test, "leafIdx");
        uint64_t size = zc_field_u64(report, test, "treeSize");
        if (read_hash(json_object_get(test, "leafHash"), leaf) &&
            read_hash(json_object_get(test, "root"), top) &&
            read_proof(json_object_get(test, "proof"), hashes, &proof)) {
            result = zc_audit_check_inclusion(index, size, leaf, proof, top);
        }
        zc_report_verdict(report, expect_of(test), result);
        zc_report_end(report);
    }
}

static void run_consistency(zc_report *report, json_t *root)
{
    const char *name;
    json_t *test;
    json_object_foreach(root, name, test)
    {
        static uint8_t hashes[32 * PROOF_MAX];
        uint8_t old_root[32];
        uint8_t new_root[32];
        zc_slice proof;
        zc_result result = zc_fail(ZC_AUDIT_BAD_PROOF);
        zc_report_begin(report, "%s", name);
        uint64_t old_size = zc_field_u64(report, test, "size1");
        uint64_t new_size = zc_field_u64(report, test, "size2");
        bool whole = read_hash(json_object_get(test, "root1"), old_root) &&
                     read_hash(json_object_get(test, "root2"), new_root);
        if (!whole && expect_of(test) == ZC_EXPECT_VALID) {
            zc_report_skip(report, "the roots are not hashes; the product takes 32 bytes alone");
            continue;
        }
        if (whole && read_proof(json_object_get(test, "proof"), hashes, &proof)) {
            result = zc_audit_check_consistency(old_size, old_root, new_size, new_root, proof);
        }
        zc_report_verdict(report, expect_of(test), result);
        zc_report_end(report);
    }
}

static void empty_root(uint8_t ret_root[static 32])
{
    zc_audit_log log;
    zc_audit_log_init(&log);
    zc_audit_log_root(&log, ret_root);
}

static void run_hashes(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        uint8_t hash[32];
        zc_report_begin(report, "%s", zc_case_name(test, "desc", i));
        if (zc_field_has(test, "leaf_hex")) {
            zc_audit_leaf(zc_field_hex(report, test, "leaf_hex"), hash);
        } else if (zc_field_has(test, "left_hex")) {
            zc_slice left = zc_field_hex(report, test, "left_hex");
            zc_slice right = zc_field_hex(report, test, "right_hex");
            if (left.len != 32 || right.len != 32) {
                zc_report_skip(report, "the product's nodes are over hashes of 32 bytes alone");
                continue;
            }
            zc_audit_node(left.data, right.data, hash);
        } else {
            empty_root(hash);
        }
        zc_report_bytes(report, "hash", ZC_SLICE_OF_ARRAY(hash),
                        zc_field_hex(report, test, "expected"));
        zc_report_end(report);
    }
}

static const zc_group groups[] = {
    {{"leafIdx", "treeSize", NULL}, run_inclusion, NULL},
    {{"size1", "size2", NULL}, run_consistency, NULL},
    {{"desc", "expected", NULL}, run_hashes, NULL},
    {{"vkeys", "msg", NULL}, zc_run_signed_notes, NULL},
    {{"vkey", "why", NULL}, zc_run_bad_keys, NULL},
    {{"checkpoint", "expect", NULL}, zc_run_checkpoints, NULL},
    {{NULL, NULL, NULL}, NULL, "no cases of a form that is known"},
};

void zc_run_tlog(zc_report *report, const char *path, json_t *root)
{
    (void)path;
    zc_group_run(report, groups, root);
}
