/* What is read differently: methods that a mission describes, and another does not or not so. */
#include <string.h>

#include "mission/diff_parts.h"
#include "mission/page.h"

static const zc_descriptor *same_place(const zc_mission *mission, const zc_descriptor *like)
{
    for (size_t i = 0; i < mission->descriptor_count; i++) {
        if (zc_descriptor_compare(&mission->descriptors[i], like) == 0) {
            return &mission->descriptors[i];
        }
    }
    return NULL;
}

static bool is_same(const zc_descriptor *a, const zc_descriptor *b)
{
    uint8_t first[ZC_DESCRIPTOR_MAX_ENCODED];
    uint8_t second[ZC_DESCRIPTOR_MAX_ENCODED];
    zc_writer one = ZC_WRITER_OF_ARRAY(first);
    zc_writer other = ZC_WRITER_OF_ARRAY(second);
    return zc_ok(zc_descriptor_write(a, &one)) && zc_ok(zc_descriptor_write(b, &other)) &&
           zc_slice_eq(zc_writer_written(&one), zc_writer_written(&other));
}

static void tell(zc_diff *diff, zc_change_effect effect, const zc_mission *mission,
                 const zc_descriptor *descriptor, const char *what)
{
    zc_page page = {0};
    zc_page_put_descriptor(&page, mission, descriptor, "; ");
    zc_slice text = zc_bytes_slice(&page.bytes);
    diff->failed = diff->failed || page.failed;
    zc_diff_tell(diff, effect, "clear-signing", descriptor->name, "%s: %.*s", what, (int)text.len,
                 text.len == 0 ? "" : (const char *)text.data);
    zc_bytes_clear(&page.bytes);
}

/* A call that was unknown before could be refused for that alone. */
void zc_diff_clear_signing(zc_diff *diff)
{
    for (size_t i = 0; i < diff->now->descriptor_count; i++) {
        const zc_descriptor *now = &diff->now->descriptors[i];
        const zc_descriptor *old = same_place(diff->old, now);
        if (old == NULL) {
            tell(diff, ZC_CHANGE_WIDER, diff->now, now, "is read now");
        } else if (!is_same(old, now)) {
            tell(diff, ZC_CHANGE_NEITHER, diff->now, now, "is read in another way");
        }
    }
    for (size_t i = 0; i < diff->old->descriptor_count; i++) {
        const zc_descriptor *old = &diff->old->descriptors[i];
        if (same_place(diff->now, old) == NULL) {
            tell(diff, ZC_CHANGE_NARROWER, diff->old, old, "is unknown from now on");
        }
    }
}
