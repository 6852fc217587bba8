/* Names of tiles (C2SP tlog-tiles): tile/<L>/<N>[.p/<W>] and tile/entries/<N>[.p/<W>].
 *
 * N is written in groups of three digits, all but the last with an x before it: 1234067 is
 * x001/x234/067. A name that is read is the only one of its tile, so it can't lead out of a folder.
 */
#ifndef ZC_LOG_TILE_H
#define ZC_LOG_TILE_H

#include "base/slice.h"
#include "log/reasons.h"

#define ZC_TILE_WIDTH 256
#define ZC_TILE_HASH 32
#define ZC_TILE_LEVELS 8 /* 256^8 entries: more than any log's counter */
#define ZC_TILE_NAME_SIZE 64

typedef struct zc_tile {
    bool entries;   /* a bundle of entries; `level` is 0 */
    unsigned level; /* a hash of level L covers 256^L entries */
    uint64_t number;
    unsigned width; /* 1 … 256; below 256 the tile is partial */
} zc_tile;

void zc_tile_name(const zc_tile *tile, char ret_name[static ZC_TILE_NAME_SIZE]);
/* Errors: ZC_LOG_BAD_TILE_PATH. */
ZC_MUST_USE zc_result zc_tile_parse(const char *name, zc_tile *ret_tile);
/* How wide tile `number` of `level` is in a log of `size` entries; 0: it is not there. */
unsigned zc_tile_width(uint64_t size, unsigned level, uint64_t number);

#endif
