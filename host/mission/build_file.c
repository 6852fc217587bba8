#include <stdio.h>
#include <string.h>

#include "mission/build.h"

bool zc_build_file_path(const zc_build *build, const zc_place *place, const char *advice,
                        char *ret_path, size_t size)
{
    zc_slice name = zc_place_text(place);
    const char *slash = strrchr(build->source->file, '/');
    int folder = slash == NULL ? 0 : (int)(slash - build->source->file) + 1;
    bool plain = name.len > 0 && name.data[0] != '/' && memchr(name.data, 0, name.len) == NULL &&
                 memmem(name.data, name.len, "..", 2) == NULL;
    int len = snprintf(ret_path, size, "%.*s%.*s", folder, build->source->file, (int)name.len,
                       (const char *)(name.len > 0 ? name.data : (const uint8_t *)""));
    if (!plain || len < 0 || (size_t)len >= size) {
        zc_place_error(place, "%s", advice);
        return false;
    }
    return true;
}
