/* Makes the tiles of a log from its entries, in order. It does no input or output: every tile goes
 * to `emit`, a full one when its last entry comes, partial ones at zc_tile_builder_flush(). */
#ifndef ZC_LOG_BUILDER_H
#define ZC_LOG_BUILDER_H

#include "log/tile.h"
#include "support/bytes.h"

/* A failure ends what the builder was doing and is returned by it. */
typedef zc_result (*zc_tile_emit)(void *self, const zc_tile *tile, zc_slice content);

typedef struct zc_tile_builder {
    zc_tile_emit emit;
    void *self;
    uint64_t size;     /* entries taken */
    bool with_entries; /* bundles are made too; without, hashes alone */
    zc_bytes bundle;   /* the entries of the open bundle, each behind its u16 length */
    uint8_t open[ZC_TILE_LEVELS][ZC_TILE_WIDTH]
                [ZC_TILE_HASH]; /* the rightmost tile of each level */
} zc_tile_builder;

void zc_tile_builder_init(zc_tile_builder *builder, bool with_entries, zc_tile_emit emit,
                          void *self);
/* The next entry and its leaf hash. Errors: ZC_LOG_ENTRY_TOO_LONG, ZC_SUPPORT_NO_MEMORY, emit's. */
ZC_MUST_USE zc_result zc_tile_builder_add(zc_tile_builder *builder, zc_slice entry,
                                          const uint8_t leaf[static ZC_TILE_HASH]);
/* Emits the partial tiles of the present size. */
ZC_MUST_USE zc_result zc_tile_builder_flush(zc_tile_builder *builder);
void zc_tile_builder_clear(zc_tile_builder *builder);

/* The root over 2^`height` hashes, at most 256; `hashes` is overwritten. */
void zc_tile_fold(uint8_t (*hashes)[ZC_TILE_HASH], unsigned height,
                  uint8_t ret_root[static ZC_TILE_HASH]);

#endif
