#include "log/builder.h"

#include <string.h>

#include "audit/chain.h"
#include "support/reasons.h"

#define ENTRY_MAX 65535

void zc_tile_builder_init(zc_tile_builder *builder, bool with_entries, zc_tile_emit emit,
                          void *self)
{
    memset(builder, 0, sizeof *builder);
    builder->emit = emit;
    builder->self = self;
    builder->with_entries = with_entries;
}

void zc_tile_builder_clear(zc_tile_builder *builder)
{
    zc_bytes_clear(&builder->bundle);
}

void zc_tile_fold(uint8_t (*hashes)[ZC_TILE_HASH], unsigned height,
                  uint8_t ret_root[static ZC_TILE_HASH])
{
    for (size_t count = (size_t)1 << height; count > 1; count /= 2) {
        for (size_t i = 0; i < count / 2; i++) {
            zc_audit_node(hashes[2 * i], hashes[2 * i + 1], hashes[i]);
        }
    }
    memcpy(ret_root, hashes[0], ZC_TILE_HASH);
}

static zc_result bundle_entry(zc_tile_builder *builder, zc_slice entry)
{
    if (entry.len > ENTRY_MAX) {
        return zc_fail(ZC_LOG_ENTRY_TOO_LONG);
    }
    const uint8_t head[2] = {(uint8_t)(entry.len >> 8), (uint8_t)entry.len};
    bool taken = zc_bytes_append(&builder->bundle, ZC_SLICE_OF_ARRAY(head)) &&
                 zc_bytes_append(&builder->bundle, entry);
    return taken ? ZC_OK : zc_fail(ZC_SUPPORT_NO_MEMORY);
}

/* The open tile of `level` is full: it goes out, and its root is the next hash of the level above.
 */
static zc_result close_tile(zc_tile_builder *builder, unsigned level)
{
    uint64_t number = (builder->size >> (8 * level)) / ZC_TILE_WIDTH - 1;
    zc_tile tile = {.level = level, .number = number, .width = ZC_TILE_WIDTH};
    uint8_t(*hashes)[ZC_TILE_HASH] = builder->open[level];
    ZC_TRY(builder->emit(builder->self, &tile,
                         zc_slice_of(hashes[0], (size_t)ZC_TILE_WIDTH * ZC_TILE_HASH)));
    if (level + 1 < ZC_TILE_LEVELS) {
        zc_tile_fold(hashes, 8, builder->open[level + 1][number % ZC_TILE_WIDTH]);
    }
    return ZC_OK;
}

zc_result zc_tile_builder_add(zc_tile_builder *builder, zc_slice entry,
                              const uint8_t leaf[static ZC_TILE_HASH])
{
    if (builder->with_entries) {
        ZC_TRY(bundle_entry(builder, entry));
    }
    memcpy(builder->open[0][builder->size % ZC_TILE_WIDTH], leaf, ZC_TILE_HASH);
    builder->size++;
    if (builder->with_entries && builder->size % ZC_TILE_WIDTH == 0) {
        zc_tile bundle = {
            .entries = true, .number = builder->size / ZC_TILE_WIDTH - 1, .width = ZC_TILE_WIDTH};
        ZC_TRY(builder->emit(builder->self, &bundle, zc_bytes_slice(&builder->bundle)));
        builder->bundle.len = 0;
    }
    for (unsigned level = 0; level < ZC_TILE_LEVELS; level++) {
        if ((builder->size >> (8 * level)) % ZC_TILE_WIDTH != 0) {
            break;
        }
        ZC_TRY(close_tile(builder, level));
    }
    return ZC_OK;
}

zc_result zc_tile_builder_flush(zc_tile_builder *builder)
{
    unsigned open = (unsigned)(builder->size % ZC_TILE_WIDTH);
    if (builder->with_entries && open > 0) {
        zc_tile bundle = {.entries = true, .number = builder->size / ZC_TILE_WIDTH, .width = open};
        ZC_TRY(builder->emit(builder->self, &bundle, zc_bytes_slice(&builder->bundle)));
    }
    for (unsigned level = 0; level < ZC_TILE_LEVELS; level++) {
        uint64_t hashes = builder->size >> (8 * level);
        zc_tile tile = {.level = level,
                        .number = hashes / ZC_TILE_WIDTH,
                        .width = (unsigned)(hashes % ZC_TILE_WIDTH)};
        if (tile.width > 0) {
            ZC_TRY(builder->emit(
                builder->self, &tile,
                zc_slice_of(builder->open[level][0], (size_t)tile.width * ZC_TILE_HASH)));
        }
    }
    return ZC_OK;
}
