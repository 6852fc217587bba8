/* A folder in the layout of C2SP tlog-tiles: `checkpoint` and `tile/…`, and what can be asked of
 * it.
 *
 * Nothing that is read is believed: hashes are compared or lead to a root that a signed checkpoint
 * must name. */
#ifndef ZC_LOG_FOLDER_H
#define ZC_LOG_FOLDER_H

#include "log/builder.h"
#include "support/error.h"
#include "support/file.h"

#define ZC_CHECKPOINT_FILE_MAX ((size_t)65536)
#define ZC_BUNDLE_MAX ((size_t)ZC_TILE_WIDTH * (2 + 65535))
/* An inclusion or consistency proof has at most so many hashes. */
#define ZC_PROOF_HASHES 128

/* Where a tile lies. */
ZC_MUST_USE zc_result zc_folder_path(const char *folder, const zc_tile *tile,
                                     char ret_path[static ZC_PATH_SIZE], zc_error *error);
/* Reads one tile; a partial one may also be the beginning of the full one. The caller clears.
 * Errors: ZC_LOG_TILE_MISSING, ZC_LOG_TILE_SIZE, those of files. */
ZC_MUST_USE zc_result zc_folder_read(const char *folder, const zc_tile *tile, zc_bytes *ret_content,
                                     zc_error *error);
/* Writes one tile atomically. With `durable` it survives a power cut once this returns, and a full
 * tile takes the place of its partial ones; without, both come with zc_folder_settle(). */
ZC_MUST_USE zc_result zc_folder_write(const char *folder, const zc_tile *tile, zc_slice content,
                                      bool durable, zc_error *error);
/* After this, tiles that were written without `durable` survive a power cut. All are on their way
 * to the disk before the first is waited for, so that they share the waits: each wait wakes this
 * thread, and may put off whoever has the processor. A tile that is gone again is passed over.
 * Errors: ZC_SUPPORT_SYNC_FAILED, those of files. */
ZC_MUST_USE zc_result zc_folder_settle(const char *folder, const zc_tile *tiles, size_t count,
                                       zc_error *error);

/* Removes the partial tiles of the full one at this path. */
void zc_folder_drop_partials(const char *path);

/* Cuts a bundle into its entries. Errors: ZC_LOG_BAD_BUNDLE unless it holds exactly `count`. */
ZC_MUST_USE zc_result zc_bundle_split(zc_slice bundle, size_t count, zc_slice *ret_entries);
/* One entry of a log of `size` entries. The entry points into `ret_bundle`, which the caller
 * clears. */
ZC_MUST_USE zc_result zc_folder_entry(const char *folder, uint64_t size, uint64_t sequence,
                                      zc_bytes *ret_bundle, zc_slice *ret_entry, zc_error *error);

/* The tree of the first `size` entries, as the tiles have it. */
typedef struct zc_tile_tree {
    const char *folder;
    uint64_t size;
    zc_tile cached; /* width 0: nothing is */
    zc_bytes content;
} zc_tile_tree;

#define ZC_TILE_TREE __attribute__((cleanup(zc_tile_tree_clear)))
void zc_tile_tree_clear(zc_tile_tree *tree);

/* The root of entries [first, first + 2^height), a complete subtree. */
ZC_MUST_USE zc_result zc_tile_tree_node(zc_tile_tree *tree, unsigned height, uint64_t index,
                                        uint8_t ret_hash[static ZC_TILE_HASH], zc_error *error);
/* The root of the first `size` entries, `size` at most the tree's. */
ZC_MUST_USE zc_result zc_tile_tree_root(zc_tile_tree *tree, uint64_t size,
                                        uint8_t ret_root[static ZC_TILE_HASH], zc_error *error);
/* RFC 9162 §2.1.3.1: that entry `index` is in the tree. ZC_LOG_NOT_COVERED when it is not. */
ZC_MUST_USE zc_result zc_tile_tree_inclusion(zc_tile_tree *tree, uint64_t index,
                                             uint8_t ret_proof[static 32 * ZC_PROOF_HASHES],
                                             size_t *ret_count, zc_error *error);
/* RFC 9162 §2.1.4.1: that the tree continues its own first `old_size` entries. */
ZC_MUST_USE zc_result zc_tile_tree_consistency(zc_tile_tree *tree, uint64_t old_size,
                                               uint8_t ret_proof[static 32 * ZC_PROOF_HASHES],
                                               size_t *ret_count, zc_error *error);

/* Sets a builder up to go on behind the first `size` entries of the folder, whose root must be
 * `root`. Errors: ZC_LOG_TILE_MISMATCH and those above: then the tiles are made anew. */
ZC_MUST_USE zc_result zc_folder_resume(const char *folder, uint64_t size,
                                       const uint8_t root[static ZC_TILE_HASH],
                                       zc_tile_builder *builder, zc_error *error);

#endif
