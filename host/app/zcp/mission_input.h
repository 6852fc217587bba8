/* Missions that a command line names, as YAML or compiled. */
#ifndef ZC_ZCP_MISSION_INPUT_H
#define ZC_ZCP_MISSION_INPUT_H

#include "invocation.h"
#include "policy/mission.h"
#include "support/bytes.h"
#include "support/file.h"

/* The compiled form of the file that stands as this argument. Reports what is wrong, and returns
 * the exit code. The caller clears the bytes. */
int zc_mission_compiled(const zc_invocation *invocation, size_t argument, zc_bytes *ret_compiled);
/* The same, parsed. */
int zc_mission_loaded(const zc_invocation *invocation, size_t argument, zc_mission *ret_mission);
/* The compiled form with this hash: D/mission.cbor, or D/mission/HASH.cbor. The hash proves it. */
bool zc_find_mission(const zc_invocation *invocation, const uint8_t hash[static 32],
                     zc_bytes *ret_compiled);
/* D/mission/HASH.cbor, or another ending. */
bool zc_kept_mission_path(const zc_invocation *invocation, const uint8_t hash[static 32],
                          const char *ends, char ret_path[static ZC_PATH_SIZE]);
/* Prints what another mission changes; with --json each change on its line. False: no memory. */
bool zc_mission_print_diff(const zc_invocation *invocation, const zc_mission *old,
                           const zc_mission *now);

#endif
