/* The parts of the mission's parser, for its own files alone. Each reads one thing or fails; the
 * caller discards the mission on failure. */
#ifndef ZC_POLICY_MISSION_FORM_H
#define ZC_POLICY_MISSION_FORM_H

#include "base/reader.h"
#include "policy/mission.h"

#define ZC_MISSION_VERSION "zcp-mission-v1"

/* Enters a map of exactly `keys` keys: more or fewer is ZC_CODEC_WRONG_KEY. */
ZC_MUST_USE zc_result zc_mission_enter(zc_reader *reader, size_t keys);
/* A name of at most `size` − 1 printable ASCII characters, no space at either end. */
ZC_MUST_USE zc_result zc_mission_read_name(zc_reader *reader, char *ret_name, size_t size);
/* 1 to ZC_ADDRESS_MAX bytes. */
ZC_MUST_USE zc_result zc_mission_read_address(zc_reader *reader, zc_address *ret_address);
/* A rule, appended to the mission. Principals and assets must have been read. */
ZC_MUST_USE zc_result zc_mission_read_rule(zc_reader *reader, zc_mission *mission);

/* A key name, or the beginning of one and *. */
bool zc_key_pattern_valid(zc_slice text);

/* What holds between the parts: names, keys and addresses that differ, quorums that can be met. */
ZC_MUST_USE zc_result zc_mission_validate(const zc_mission *mission);
/* Whether the rule has the fields of its kind and no others. */
ZC_MUST_USE zc_result zc_rule_validate(const zc_rule *rule);

#endif
