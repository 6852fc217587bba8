/* Proofs as `zcp` makes them, for outside readers to check:
 *
 *     tlog_driver FOLDER SIZE NUMBER SEED
 *
 * prints NUMBER lines of each kind for the log in FOLDER, of SIZE entries:
 *
 *     inclusion INDEX SIZE ROOT ENTRY HASH…
 *     consistency OLD ROOT SIZE ROOT HASH…
 */
#include <stdio.h>
#include <stdlib.h>

#include "log/folder.h"

static uint64_t state;

/* SplitMix64: the same lines for the same seed. */
static uint64_t draw(uint64_t below)
{
    state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = state;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

static void print_hex(zc_slice bytes)
{
    (void)putchar(' ');
    for (size_t i = 0; i < bytes.len; i++) {
        (void)printf("%02x", bytes.data[i]);
    }
}

static void print_hashes(const uint8_t *proof, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        print_hex(zc_slice_of(proof + 32 * i, 32));
    }
    (void)putchar('\n');
}

static bool inclusion(const char *folder, uint64_t all)
{
    uint8_t proof[32 * ZC_PROOF_HASHES];
    size_t count = 0;
    zc_slice entry;
    uint64_t index = draw(all);
    ZC_BYTES zc_bytes bundle = {0};
    ZC_TILE_TREE zc_tile_tree tree = {.folder = folder, .size = all};
    if (!zc_ok(zc_folder_entry(folder, all, index, &bundle, &entry, NULL)) ||
        !zc_ok(zc_tile_tree_inclusion(&tree, index, proof, &count, NULL))) {
        return false;
    }
    uint8_t root[32];
    if (!zc_ok(zc_tile_tree_root(&tree, all, root, NULL))) {
        return false;
    }
    (void)printf("inclusion %llu %llu", (unsigned long long)index, (unsigned long long)all);
    print_hex(ZC_SLICE_OF_ARRAY(root));
    print_hex(entry);
    print_hashes(proof, count);
    return true;
}

static bool consistency(const char *folder, uint64_t all)
{
    uint8_t proof[32 * ZC_PROOF_HASHES];
    uint8_t old_root[32];
    uint8_t root[32];
    size_t count = 0;
    uint64_t old = 1 + draw(all - 1);
    ZC_TILE_TREE zc_tile_tree tree = {.folder = folder, .size = all};
    if (!zc_ok(zc_tile_tree_consistency(&tree, old, proof, &count, NULL)) ||
        !zc_ok(zc_tile_tree_root(&tree, old, old_root, NULL)) ||
        !zc_ok(zc_tile_tree_root(&tree, all, root, NULL))) {
        return false;
    }
    (void)printf("consistency %llu", (unsigned long long)old);
    print_hex(ZC_SLICE_OF_ARRAY(old_root));
    (void)printf(" %llu", (unsigned long long)all);
    print_hex(ZC_SLICE_OF_ARRAY(root));
    print_hashes(proof, count);
    return true;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        (void)fprintf(stderr, "usage: tlog_driver FOLDER SIZE NUMBER SEED\n");
        return 2;
    }
    uint64_t size = strtoull(argv[2], NULL, 10);
    uint64_t number = strtoull(argv[3], NULL, 10);
    state = strtoull(argv[4], NULL, 10);
    bool good = size > 1;
    for (uint64_t i = 0; good && i < number; i++) {
        good = inclusion(argv[1], size) && consistency(argv[1], size);
    }
    return good ? 0 : 1;
}
