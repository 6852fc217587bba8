/* Whose cosignatures count for who reads a log or a proof: --witness, else the mission's. */
#ifndef ZC_ZCP_AUDIT_COSIGNERS_H
#define ZC_ZCP_AUDIT_COSIGNERS_H

#include "commands.h"
#include "log/cosigners.h"
#include "policy/mission.h"

#define ZC_WITNESS_OPTION                                                                          \
    {                                                                                              \
        "witness", "KEY", "who must have cosigned, name+id+base64; once for each"                  \
    }

/* The witnesses of --witness, all of which are needed; none when the option was not given. False
 * when one of them is not a key of a witness. */
bool zc_cosigners_named(const zc_invocation *invocation, zc_cosigners *ret_cosigners);
/* Those of a mission, and how many it asks for. They point into the mission. */
zc_cosigners zc_cosigners_of(const zc_mission *mission);

#endif
