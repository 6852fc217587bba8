/* Names of tiles, their widths, bundles of entries: each has one form. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log/folder.h"
#include "unit.h"

static void name__of_the_specification__both_ways(void **state)
{
    (void)state;
    static const struct {
        zc_tile tile;
        const char *name;
    } cases[] = {
        {{.level = 0, .number = 0, .width = 256}, "tile/0/000"},
        {{.level = 1, .number = 999, .width = 1}, "tile/1/999.p/1"},
        {{.level = 7, .number = 1000, .width = 255}, "tile/7/x001/000.p/255"},
        {{.level = 0, .number = 1234067, .width = 256}, "tile/0/x001/x234/067"},
        {{.entries = true, .number = 1234067, .width = 8}, "tile/entries/x001/x234/067.p/8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[ZC_TILE_NAME_SIZE];
        zc_tile back;
        zc_tile_name(&cases[i].tile, name);
        assert_string_equal(name, cases[i].name);
        assert_ok(zc_tile_parse(name, &back));
        assert_int_equal(back.level, cases[i].tile.level);
        assert_int_equal(back.number, cases[i].tile.number);
        assert_int_equal(back.width, cases[i].tile.width);
        assert_int_equal(back.entries, cases[i].tile.entries);
    }
}

static void name__not_the_only_one_of_a_tile__refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "tile",
                                        "tile/",
                                        "tile/0",
                                        "tile/0/",
                                        "tile/0/0",
                                        "tile/0/00",
                                        "tile/0/0000",
                                        "tile/00/000",
                                        "tile/8/000",
                                        "tile/0/x000/000",
                                        "tile/0/x00/000",
                                        "tile/0/x001000",
                                        "tile/0/001/000",
                                        "tile/0/x001",
                                        "tile/0/000.p/0",
                                        "tile/0/000.p/256",
                                        "tile/0/000.p/01",
                                        "tile/0/000.p/",
                                        "tile/0/000/",
                                        "tile/entries",
                                        "tile/entries/0",
                                        "tile/entriesx/000",
                                        "/tile/0/000",
                                        "tile/0/../000",
                                        "tile/0/000 ",
                                        "tile/0/-01",
                                        "tile/0/+01",
                                        "Tile/0/000",
                                        "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        zc_tile tile;
        assert_fails(zc_tile_parse(wrong[i], &tile), ZC_LOG_BAD_TILE_PATH);
    }
}

static void width__of_each_tile__adds_up_to_the_log(void **state)
{
    (void)state;
    for (uint64_t size = 0; size < 70000; size += 1 + size / 7) {
        for (unsigned level = 0; level < ZC_TILE_LEVELS; level++) {
            uint64_t hashes = 0;
            uint64_t number = 0;
            for (unsigned width = 1; width > 0; number++) {
                width = zc_tile_width(size, level, number);
                hashes += width;
                assert_true(width <= ZC_TILE_WIDTH);
            }
            assert_int_equal(hashes, size >> (8 * level));
        }
    }
    assert_int_equal(zc_tile_width(1000, ZC_TILE_LEVELS, 0), 0);
}

static void bundle__split__is_what_was_put_in(void **state)
{
    (void)state;
    static const uint8_t bundle[] = {0, 1, 'a', 0, 0, 0, 2, 'b', 'c'};
    zc_slice entries[ZC_TILE_WIDTH];
    assert_ok(zc_bundle_split(ZC_SLICE_OF_ARRAY(bundle), 3, entries));
    assert_true(zc_slice_eq_text(entries[0], "a") && entries[1].len == 0 &&
                zc_slice_eq_text(entries[2], "bc"));
    assert_fails(zc_bundle_split(ZC_SLICE_OF_ARRAY(bundle), 2, entries), ZC_LOG_BAD_BUNDLE);
    assert_fails(zc_bundle_split(ZC_SLICE_OF_ARRAY(bundle), 4, entries), ZC_LOG_BAD_BUNDLE);
    for (size_t cut = 1; cut < sizeof bundle; cut++) {
        assert_fails(zc_bundle_split(zc_slice_of(bundle, cut), 3, entries), ZC_LOG_BAD_BUNDLE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(name__of_the_specification__both_ways),
        cmocka_unit_test(name__not_the_only_one_of_a_tile__refused),
        cmocka_unit_test(width__of_each_tile__adds_up_to_the_log),
        cmocka_unit_test(bundle__split__is_what_was_put_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
