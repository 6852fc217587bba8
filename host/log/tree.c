/* Roots and proofs out of tiles. Recursion of the definition is unrolled into a walk over the
 * complete subtrees that cover a range. */
#include <string.h>

#include "audit/chain.h"
#include "crypto/hash.h"
#include "log/folder.h"

void zc_tile_tree_clear(zc_tile_tree *tree)
{
    zc_bytes_clear(&tree->content);
    tree->cached.width = 0;
}

static zc_result load(zc_tile_tree *tree, unsigned level, uint64_t number, zc_error *error)
{
    if (tree->cached.width > 0 && tree->cached.level == level && tree->cached.number == number) {
        return ZC_OK;
    }
    zc_tile tile = {
        .level = level, .number = number, .width = zc_tile_width(tree->size, level, number)};
    zc_tile_tree_clear(tree);
    if (tile.width == 0) {
        return zc_error_from(error, zc_fail(ZC_LOG_NOT_COVERED), "cannot read the tree",
                             "wait a second for the next checkpoint");
    }
    ZC_TRY(zc_folder_read(tree->folder, &tile, &tree->content, error));
    tree->cached = tile;
    return ZC_OK;
}

zc_result zc_tile_tree_node(zc_tile_tree *tree, unsigned height, uint64_t index,
                            uint8_t ret_hash[static ZC_TILE_HASH], zc_error *error)
{
    unsigned level = height / 8;
    unsigned inner = height % 8;
    uint64_t first = index << inner; /* hash number at the tile's own level */
    uint8_t hashes[ZC_TILE_WIDTH][ZC_TILE_HASH];
    ZC_TRY(load(tree, level, first / ZC_TILE_WIDTH, error));
    size_t at = (size_t)(first % ZC_TILE_WIDTH) * ZC_TILE_HASH;
    size_t len = ((size_t)1 << inner) * ZC_TILE_HASH;
    if (at + len > tree->content.len) {
        return zc_error_from(error, zc_fail(ZC_LOG_TILE_SIZE), "cannot read the tree", "");
    }
    memcpy(hashes, tree->content.data + at, len);
    zc_tile_fold(hashes, inner, ret_hash);
    return ZC_OK;
}

static unsigned lowest_bit(uint64_t value)
{
    return (unsigned)__builtin_ctzll(value);
}

/* The root of entries [begin, end) where `begin` is a multiple of the power of two that is not
 * smaller than end − begin: a subtree of the log's tree. It is folded from the right. */
static zc_result range_root(zc_tile_tree *tree, uint64_t begin, uint64_t end,
                            uint8_t ret_root[static ZC_TILE_HASH], zc_error *error)
{
    uint8_t root[ZC_TILE_HASH];
    bool begun = false;
    while (end > begin) {
        unsigned height = lowest_bit(end - begin);
        uint8_t left[ZC_TILE_HASH];
        end -= (uint64_t)1 << height;
        ZC_TRY(zc_tile_tree_node(tree, height, end >> height, left, error));
        if (begun) {
            zc_audit_node(left, root, root);
        } else {
            memcpy(root, left, sizeof root);
        }
        begun = true;
    }
    if (!begun) {
        zc_sha256(zc_slice_of(NULL, 0), root);
    }
    memcpy(ret_root, root, sizeof root);
    return ZC_OK;
}

zc_result zc_tile_tree_root(zc_tile_tree *tree, uint64_t size,
                            uint8_t ret_root[static ZC_TILE_HASH], zc_error *error)
{
    return range_root(tree, 0, size, ret_root, error);
}

/* The largest power of two that is smaller than `count`, which is 2 or more. */
static uint64_t split_of(uint64_t count)
{
    return (uint64_t)1 << (63 - (unsigned)__builtin_clzll(count - 1));
}

/* A sibling on the way down; the way is turned round at the end. */
typedef struct zc_range {
    uint64_t begin;
    uint64_t end;
} zc_range;

static zc_result write_ranges(zc_tile_tree *tree, const zc_range *range, size_t count,
                              uint8_t *ret_proof, size_t *ret_count, zc_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const zc_range *at = &range[count - 1 - i];
        ZC_TRY(range_root(tree, at->begin, at->end, ret_proof + 32 * i, error));
    }
    *ret_count = count;
    return ZC_OK;
}

zc_result zc_tile_tree_inclusion(zc_tile_tree *tree, uint64_t index,
                                 uint8_t ret_proof[static 32 * ZC_PROOF_HASHES], size_t *ret_count,
                                 zc_error *error)
{
    zc_range way[64];
    size_t count = 0;
    if (index >= tree->size) {
        return zc_error_from(error, zc_fail(ZC_LOG_NOT_COVERED), "cannot prove the entry",
                             "wait a second for the next checkpoint");
    }
    uint64_t begin = 0;
    uint64_t end = tree->size;
    while (end - begin > 1) {
        uint64_t middle = begin + split_of(end - begin);
        if (index < middle) {
            way[count++] = (zc_range){middle, end};
            end = middle;
        } else {
            way[count++] = (zc_range){begin, middle};
            begin = middle;
        }
    }
    return write_ranges(tree, way, count, ret_proof, ret_count, error);
}

zc_result zc_tile_tree_consistency(zc_tile_tree *tree, uint64_t old_size,
                                   uint8_t ret_proof[static 32 * ZC_PROOF_HASHES],
                                   size_t *ret_count, zc_error *error)
{
    zc_range way[65];
    size_t count = 0;
    if (old_size > tree->size) {
        return zc_error_from(error, zc_fail(ZC_LOG_NOT_COVERED), "cannot prove the growth", "");
    }
    uint64_t begin = 0;
    uint64_t end = tree->size;
    if (old_size == 0 || old_size == end) {
        *ret_count = 0;
        return ZC_OK;
    }
    while (old_size != end) {
        uint64_t middle = begin + split_of(end - begin);
        if (old_size <= middle) {
            way[count++] = (zc_range){middle, end};
            end = middle;
        } else {
            way[count++] = (zc_range){begin, middle};
            begin = middle;
        }
    }
    if (begin != 0) { /* else the old root itself, which the verifier has */
        way[count++] = (zc_range){begin, end};
    }
    return write_ranges(tree, way, count, ret_proof, ret_count, error);
}
