/* Any bytes as a compiled mission: refused, or shown in printable text, as text and as JSON. */
#include <stdint.h>
#include <stdlib.h>

#include "mission/show.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_bytes shown = {0};
    json_t *object = NULL;
    zc_result text = zc_mission_show(zc_slice_of(data, size), &shown, NULL);
    zc_result json = zc_mission_show_json(zc_slice_of(data, size), &object, NULL);
    if (zc_ok(text) != zc_ok(json)) {
        abort();
    }
    for (size_t i = 0; i < shown.len; i++) {
        uint8_t c = shown.data[i];
        if ((c < 0x20 && c != '\n') || c > 0x7e) {
            abort();
        }
    }
    zc_bytes_clear(&shown);
    json_decref(object);
    return 0;
}
