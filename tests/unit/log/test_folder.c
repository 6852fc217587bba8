/* Tiles that are written in bulk and reach the disk together. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ftw.h>
#include <sys/stat.h>

#include "log/folder.h"
#include "unit.h"

static char folder[] = "/tmp/zc-folder-XXXXXX";

static int make(void **state)
{
    (void)state;
    (void)strcpy(folder + sizeof folder - 7, "XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

static int unmake(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static bool is_there(const zc_tile *tile)
{
    char path[ZC_PATH_SIZE];
    assert_ok(zc_folder_path(folder, tile, path, NULL));
    return zc_file_exists(path);
}

static void put(const zc_tile *tile)
{
    uint8_t hashes[ZC_TILE_WIDTH * ZC_TILE_HASH];
    memset(hashes, (int)tile->number, sizeof hashes);
    assert_ok(zc_folder_write(folder, tile, zc_slice_of(hashes, tile->width * ZC_TILE_HASH), false,
                              NULL));
}

static void settle__full_tile__its_partial_ones_stay_until_then(void **state)
{
    (void)state;
    const zc_tile tiles[] = {{.number = 7, .width = 12}, {.number = 7, .width = ZC_TILE_WIDTH}};
    put(&tiles[0]);
    put(&tiles[1]);
    assert_true(is_there(&tiles[0]) && is_there(&tiles[1]));
    assert_ok(zc_folder_settle(folder, tiles, 2, NULL));
    assert_true(!is_there(&tiles[0]) && is_there(&tiles[1]));
    /* Once more: what is gone is passed over. */
    assert_ok(zc_folder_settle(folder, tiles, 2, NULL));
}

static void settle__many_folders__all_read_back(void **state)
{
    (void)state;
    zc_tile tiles[64];
    for (size_t i = 0; i < 64; i++) {
        tiles[i] = (zc_tile){.level = (unsigned)i % 3, .number = i * 500, .width = ZC_TILE_WIDTH};
        put(&tiles[i]);
    }
    assert_ok(zc_folder_settle(folder, tiles, 64, NULL));
    for (size_t i = 0; i < 64; i++) {
        ZC_BYTES zc_bytes content = {0};
        assert_ok(zc_folder_read(folder, &tiles[i], &content, NULL));
        assert_int_equal(content.data[0], (uint8_t)tiles[i].number);
    }
}

static void settle__nothing__nothing_to_do(void **state)
{
    (void)state;
    assert_ok(zc_folder_settle("/nowhere", NULL, 0, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(settle__full_tile__its_partial_ones_stay_until_then, make,
                                        unmake),
        cmocka_unit_test_setup_teardown(settle__many_folders__all_read_back, make, unmake),
        cmocka_unit_test(settle__nothing__nothing_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
