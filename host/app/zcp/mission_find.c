#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "mission_input.h"

bool zc_kept_mission_path(const zc_invocation *invocation, const uint8_t hash[static 32],
                          const char *ends, char ret_path[static ZC_PATH_SIZE])
{
    char hex[65];
    char name[96];
    zc_hex_encode(zc_slice_of(hash, 32), hex);
    (void)snprintf(name, sizeof name, "mission/%s%s", hex, ends);
    return zc_in_dir(invocation, name, ret_path);
}

static bool read_compiled(const char *path, const uint8_t hash[static 32], zc_bytes *ret_compiled)
{
    uint8_t found[32];
    zc_bytes bytes = {0};
    if (!zc_file_exists(path) || !zc_ok(zc_file_read(path, ZC_MISSION_MAX_BYTES, &bytes, NULL))) {
        return false;
    }
    zc_mission_hash(zc_bytes_slice(&bytes), found);
    if (memcmp(found, hash, sizeof found) != 0) {
        zc_bytes_clear(&bytes);
        return false;
    }
    *ret_compiled = bytes;
    return true;
}

bool zc_find_mission(const zc_invocation *invocation, const uint8_t hash[static 32],
                     zc_bytes *ret_compiled)
{
    char path[ZC_PATH_SIZE];
    return (zc_in_dir(invocation, "mission.cbor", path) &&
            read_compiled(path, hash, ret_compiled)) ||
           (zc_kept_mission_path(invocation, hash, ".cbor", path) &&
            read_compiled(path, hash, ret_compiled));
}
