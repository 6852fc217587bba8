#include "catalog.h"

#include "policy/mission.h"

zc_mission_names zc_names_of_folder(const zc_invocation *invocation, const char *file)
{
    static zc_mission mission;
    char path[ZC_PATH_SIZE];
    ZC_BYTES zc_bytes compiled = {0};
    if (file == NULL && !zc_in_dir(invocation, "mission.cbor", path)) {
        return (zc_mission_names){0};
    }
    bool loaded =
        zc_ok(zc_file_read(file != NULL ? file : path, ZC_MISSION_MAX_BYTES, &compiled, NULL)) &&
        zc_ok(zc_mission_parse(zc_bytes_slice(&compiled), &mission));
    return loaded ? (zc_mission_names){.catalog = zc_mission_catalog(&mission),
                                       .descriptors = zc_mission_descriptors(&mission)}
                  : (zc_mission_names){0};
}
