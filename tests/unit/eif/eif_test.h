/* A small image for tests. */
#ifndef ZC_TESTS_EIF_TEST_H
#define ZC_TESTS_EIF_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants these four first */
#include <cmocka.h>

#include "eif/measure.h"

static const zc_slice ramdisks[] = {
    {(const uint8_t *)"drivers", 7}, {(const uint8_t *)"signer", 6}, {(const uint8_t *)"more", 4}};

static inline zc_eif_parts small_parts(void)
{
    return (zc_eif_parts){.memory = 512 << 20,
                          .cpus = 2,
                          .kernel = zc_slice_of_text("a kernel"),
                          .cmdline = zc_slice_of_text("reboot=k panic=1"),
                          .metadata = zc_slice_of_text("{\"ImageName\":\"x\"}"),
                          .ramdisk = ramdisks,
                          .ramdisks = 3};
}

static inline zc_bytes small_image(void)
{
    zc_bytes file = {0};
    const zc_eif_parts parts = small_parts();
    assert_true(zc_ok(zc_eif_build(&parts, &file)));
    return file;
}

#endif
