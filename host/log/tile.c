#include "log/tile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void zc_tile_name(const zc_tile *tile, char ret_name[static ZC_TILE_NAME_SIZE])
{
    char *at = ret_name;
    char *end = ret_name + ZC_TILE_NAME_SIZE;
    at += tile->entries ? snprintf(at, (size_t)(end - at), "tile/entries")
                        : snprintf(at, (size_t)(end - at), "tile/%u", tile->level);
    unsigned groups = 1;
    uint64_t unit = 1;
    while (tile->number / unit >= 1000) {
        unit *= 1000;
        groups++;
    }
    for (; groups > 0; groups--, unit /= 1000) {
        at += snprintf(at, (size_t)(end - at), groups > 1 ? "/x%03u" : "/%03u",
                       (unsigned)(tile->number / unit % 1000));
    }
    if (tile->width < ZC_TILE_WIDTH) {
        (void)snprintf(at, (size_t)(end - at), ".p/%u", tile->width);
    }
}

static bool take(const char **at, const char *prefix)
{
    size_t len = strlen(prefix);
    bool there = strncmp(*at, prefix, len) == 0;
    *at += there ? len : 0;
    return there;
}

static bool take_number(const char **at, uint64_t most, uint64_t *ret_number)
{
    uint64_t number = 0;
    const char *start = *at;
    while (**at >= '0' && **at <= '9' && number <= most && *at - start < 20) {
        number = number * 10 + (uint64_t)(**at - '0');
        (*at)++;
    }
    *ret_number = number;
    return *at > start && number <= most;
}

/* Reads what may be a name; zc_tile_parse() then sees whether it is the tile's only one. */
static bool read_name(const char *at, zc_tile *tile)
{
    uint64_t number = 0;
    if (!take(&at, "tile/")) {
        return false;
    }
    tile->entries = take(&at, "entries");
    if (!tile->entries) {
        if (!take_number(&at, ZC_TILE_LEVELS - 1, &number)) {
            return false;
        }
        tile->level = (unsigned)number;
    }
    for (bool more = true; more;) {
        if (!take(&at, "/")) {
            return false;
        }
        more = take(&at, "x");
        if (tile->number > UINT64_MAX / 1000 - 1 || !take_number(&at, 999, &number)) {
            return false;
        }
        tile->number = tile->number * 1000 + number;
    }
    tile->width = ZC_TILE_WIDTH;
    if (take(&at, ".p/")) {
        if (!take_number(&at, ZC_TILE_WIDTH - 1, &number) || number == 0) {
            return false;
        }
        tile->width = (unsigned)number;
    }
    return *at == '\0';
}

zc_result zc_tile_parse(const char *name, zc_tile *ret_tile)
{
    zc_tile tile = {0};
    char again[ZC_TILE_NAME_SIZE];
    if (strlen(name) >= sizeof again || !read_name(name, &tile)) {
        return zc_fail(ZC_LOG_BAD_TILE_PATH);
    }
    zc_tile_name(&tile, again);
    if (strcmp(name, again) != 0) {
        return zc_fail(ZC_LOG_BAD_TILE_PATH);
    }
    *ret_tile = tile;
    return ZC_OK;
}

unsigned zc_tile_width(uint64_t size, unsigned level, uint64_t number)
{
    uint64_t hashes = level >= ZC_TILE_LEVELS ? 0 : size >> (8 * level);
    if (number > hashes / ZC_TILE_WIDTH) {
        return 0;
    }
    uint64_t left = hashes - number * ZC_TILE_WIDTH;
    return left < ZC_TILE_WIDTH ? (unsigned)left : ZC_TILE_WIDTH;
}
