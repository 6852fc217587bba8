#include "unit.h"

#include <string.h>

#include "audit/chain.h"
#include "audit/proof.h"
#include "base/hex.h"
#include "crypto/hash.h"

#define LEAVES 300
#define PROOF_LEAVES 70

typedef struct hash {
    uint8_t byte[ZC_AUDIT_HASH_SIZE];
} hash;

static hash leaf[LEAVES];

static int make_leaves(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEAVES; i++) {
        zc_audit_leaf(zc_slice_of(&i, sizeof i), leaf[i].byte);
    }
    return 0;
}

/* RFC 6962 §2.1, word for word. */
static hash naive_root(size_t from, size_t count)
{
    hash root;
    if (count == 0) {
        zc_sha256(zc_slice_of(NULL, 0), root.byte);
        return root;
    }
    if (count == 1) {
        return leaf[from];
    }
    size_t split = 1;
    while (split * 2 < count) {
        split *= 2;
    }
    hash left = naive_root(from, split);
    hash right = naive_root(from + split, count - split);
    zc_audit_node(left.byte, right.byte, root.byte);
    return root;
}

typedef struct proof {
    hash item[64];
    size_t count;
} proof;

static zc_slice proof_slice(const proof *path)
{
    return zc_slice_of(path->item, path->count * sizeof(hash));
}

/* §2.1.1: PATH(m, D[n]). */
static void naive_path(size_t index, size_t from, size_t count, proof *ret_path)
{
    if (count == 1) {
        return;
    }
    size_t split = 1;
    while (split * 2 < count) {
        split *= 2;
    }
    if (index < split) {
        naive_path(index, from, split, ret_path);
        ret_path->item[ret_path->count++] = naive_root(from + split, count - split);
    } else {
        naive_path(index - split, from + split, count - split, ret_path);
        ret_path->item[ret_path->count++] = naive_root(from, split);
    }
}

/* §2.1.2: SUBPROOF(m, D[n], b). */
static void naive_subproof(size_t old, size_t from, size_t count, bool whole, proof *ret_path)
{
    if (old == count) {
        if (!whole) {
            ret_path->item[ret_path->count++] = naive_root(from, count);
        }
        return;
    }
    size_t split = 1;
    while (split * 2 < count) {
        split *= 2;
    }
    if (old <= split) {
        naive_subproof(old, from, split, whole, ret_path);
        ret_path->item[ret_path->count++] = naive_root(from + split, count - split);
    } else {
        naive_subproof(old - split, from + split, count - split, false, ret_path);
        ret_path->item[ret_path->count++] = naive_root(from, split);
    }
}

static void assert_hex(const uint8_t bytes[static 32], const char *hex)
{
    char text[65];
    zc_hex_encode(zc_slice_of(bytes, 32), text);
    assert_string_equal(text, hex);
}

/* Values that the transparency-dev/merkle project publishes. */
static void hashes__of_published_trees__are_the_published_ones(void **state)
{
    (void)state;
    uint8_t got[32];
    zc_audit_log log;
    zc_audit_log_init(&log);
    zc_audit_log_root(&log, got);
    assert_hex(got, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    zc_audit_leaf(zc_slice_of(NULL, 0), got);
    assert_hex(got, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    zc_audit_leaf(zc_slice_of_text("L123456"), got);
    assert_hex(got, "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
}

static void log_root__of_sizes_0_to_300__is_that_of_the_definition(void **state)
{
    (void)state;
    zc_audit_log log;
    zc_audit_log_init(&log);
    for (size_t size = 0; size <= LEAVES; size++) {
        uint8_t root[32];
        hash expected = naive_root(0, size);
        zc_audit_log_root(&log, root);
        assert_memory_equal(root, expected.byte, sizeof root);
        assert_int_equal(log.next, size);
        if (size < LEAVES) {
            zc_audit_log_append(&log, leaf[size].byte);
            assert_memory_equal(log.head, leaf[size].byte, sizeof log.head);
        }
    }
}

static void check_inclusion__every_leaf_of_every_tree__holds_for_no_other_place(void **state)
{
    (void)state;
    for (size_t size = 1; size <= PROOF_LEAVES; size++) {
        hash root = naive_root(0, size);
        for (size_t index = 0; index < size; index++) {
            proof path = {.count = 0};
            naive_path(index, 0, size, &path);
            zc_slice bytes = proof_slice(&path);
            assert_ok(zc_audit_check_inclusion(index, size, leaf[index].byte, bytes, root.byte));
            for (size_t other = 0; other < size + 2; other++) {
                assert_int_equal(zc_ok(zc_audit_check_inclusion(other, size, leaf[index].byte,
                                                                bytes, root.byte)),
                                 other == index);
            }
            assert_false(zc_ok(zc_audit_check_inclusion(
                index, size, leaf[(index + 1) % LEAVES].byte, bytes, root.byte)));
        }
    }
}

static void check_inclusion__every_bit_and_length_changed__is_refused(void **state)
{
    (void)state;
    const size_t size = 53;
    hash root = naive_root(0, size);
    for (size_t index = 0; index < size; index++) {
        proof path = {.count = 0};
        naive_path(index, 0, size, &path);
        for (size_t bit = 0; bit < path.count * 256; bit++) {
            uint8_t *byte = &path.item[bit / 256].byte[bit % 256 / 8];
            *byte ^= (uint8_t)(1U << bit % 8);
            assert_fails(zc_audit_check_inclusion(index, size, leaf[index].byte, proof_slice(&path),
                                                  root.byte),
                         ZC_AUDIT_ROOT_MISMATCH);
            *byte ^= (uint8_t)(1U << bit % 8);
        }
        for (size_t len = 0; len <= (path.count + 1) * 32; len++) {
            if (len != path.count * 32) {
                assert_fails(zc_audit_check_inclusion(index, size, leaf[index].byte,
                                                      zc_slice_of(path.item, len), root.byte),
                             ZC_AUDIT_BAD_PROOF);
            }
        }
    }
}

static void check_consistency__every_pair_of_sizes__holds(void **state)
{
    (void)state;
    for (size_t size = 1; size <= PROOF_LEAVES; size++) {
        hash root = naive_root(0, size);
        for (size_t old = 1; old <= size; old++) {
            hash old_root = naive_root(0, old);
            proof path = {.count = 0};
            naive_subproof(old, 0, size, true, &path);
            assert_ok(zc_audit_check_consistency(old, old_root.byte, size, root.byte,
                                                 proof_slice(&path)));
        }
    }
}

static void check_consistency__anything_changed__is_refused(void **state)
{
    (void)state;
    const size_t size = 53;
    hash root = naive_root(0, size);
    for (size_t old = 1; old < size; old++) {
        hash old_root = naive_root(0, old);
        hash other_root = naive_root(1, old);
        proof path = {.count = 0};
        naive_subproof(old, 0, size, true, &path);
        zc_slice bytes = proof_slice(&path);
        assert_false(
            zc_ok(zc_audit_check_consistency(old, other_root.byte, size, root.byte, bytes)));
        assert_false(
            zc_ok(zc_audit_check_consistency(old, old_root.byte, size, other_root.byte, bytes)));
        for (size_t bit = 0; bit < path.count * 256; bit += 5) {
            uint8_t *byte = &path.item[bit / 256].byte[bit % 256 / 8];
            *byte ^= (uint8_t)(1U << bit % 8);
            assert_fails(zc_audit_check_consistency(old, old_root.byte, size, root.byte, bytes),
                         ZC_AUDIT_ROOT_MISMATCH);
            *byte ^= (uint8_t)(1U << bit % 8);
        }
        bytes.len -= 32;
        assert_fails(zc_audit_check_consistency(old, old_root.byte, size, root.byte, bytes),
                     ZC_AUDIT_BAD_PROOF);
    }
}

static void check_consistency__sizes_that_make_no_sense__are_refused(void **state)
{
    (void)state;
    zc_slice none = zc_slice_of(NULL, 0);
    hash root = naive_root(0, 4);
    assert_ok(zc_audit_check_consistency(0, root.byte, 0, root.byte, none));
    assert_fails(zc_audit_check_consistency(0, root.byte, 0, leaf[0].byte, none),
                 ZC_AUDIT_ROOT_MISMATCH);
    assert_fails(zc_audit_check_consistency(0, root.byte, 4, root.byte, none), ZC_AUDIT_BAD_PROOF);
    assert_fails(zc_audit_check_consistency(5, root.byte, 4, root.byte, none), ZC_AUDIT_BAD_PROOF);
    assert_fails(
        zc_audit_check_consistency(4, root.byte, 4, root.byte, zc_slice_of(leaf, sizeof leaf[0])),
        ZC_AUDIT_BAD_PROOF);
    assert_fails(zc_audit_check_consistency(4, leaf[0].byte, 4, root.byte, none),
                 ZC_AUDIT_ROOT_MISMATCH);
}

static void check_inclusion__the_largest_numbers__need_no_more_than_64_hashes(void **state)
{
    (void)state;
    static uint8_t hashes[66 * 32];
    for (size_t count = 0; count <= 66; count++) {
        zc_result result = zc_audit_check_inclusion(UINT64_MAX - 1, UINT64_MAX, leaf[0].byte,
                                                    zc_slice_of(hashes, count * 32), leaf[1].byte);
        assert_false(zc_ok(result));
        if (count > 64) {
            assert_fails(result, ZC_AUDIT_BAD_PROOF);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes__of_published_trees__are_the_published_ones),
        cmocka_unit_test(log_root__of_sizes_0_to_300__is_that_of_the_definition),
        cmocka_unit_test(check_inclusion__every_leaf_of_every_tree__holds_for_no_other_place),
        cmocka_unit_test(check_inclusion__every_bit_and_length_changed__is_refused),
        cmocka_unit_test(check_consistency__every_pair_of_sizes__holds),
        cmocka_unit_test(check_consistency__anything_changed__is_refused),
        cmocka_unit_test(check_consistency__sizes_that_make_no_sense__are_refused),
        cmocka_unit_test(check_inclusion__the_largest_numbers__need_no_more_than_64_hashes),
    };
    return cmocka_run_group_tests(tests, make_leaves, NULL);
}
