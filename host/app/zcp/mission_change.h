/* The mission in force and its change, as `zcp mission status` and `zcp status` show them. */
#ifndef ZC_ZCP_MISSION_CHANGE_H
#define ZC_ZCP_MISSION_CHANGE_H

#include "invocation.h"
#include "support/json.h"

/* NULL: there is no memory. */
json_t *zc_mission_json(const zcp_mission *mission);
void zc_mission_lines(const zcp_mission *mission);

#endif
