/* Names of tiles and bundles of entries: a name that is read is the only one of its tile; the
 * entries of a bundle and their lengths are all of it. */
#include "fuzz.h"
#include "log/folder.h"

static void read_name(const uint8_t *data, size_t size)
{
    char name[256];
    char again[ZC_TILE_NAME_SIZE];
    zc_tile tile;
    if (size >= sizeof name || memchr(data, 0, size) != NULL) {
        return;
    }
    memcpy(name, data, size);
    name[size] = '\0';
    if (zc_ok(zc_tile_parse(name, &tile))) {
        zc_tile_name(&tile, again);
        FUZZ_CHECK(strcmp(name, again) == 0 && strstr(name, "..") == NULL && name[0] != '/');
        FUZZ_CHECK(tile.width >= 1 && tile.width <= ZC_TILE_WIDTH && tile.level < ZC_TILE_LEVELS);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_slice entries[ZC_TILE_WIDTH];
    if (size == 0) {
        return 0;
    }
    size_t count = (size_t)data[0] + 1;
    if (zc_ok(zc_bundle_split(zc_slice_of(data + 1, size - 1), count, entries))) {
        size_t sum = 2 * count;
        for (size_t i = 0; i < count; i++) {
            sum += entries[i].len;
        }
        FUZZ_CHECK(sum == size - 1);
    }
    read_name(data, size);
    return 0;
}
