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
/* A list of addresses, appended to the mission's pools; null is any. */
ZC_MUST_USE zc_result zc_mission_read_addresses(zc_reader *reader, zc_mission *mission,
                                                zc_address_list *ret_list);
/* null, or a u256. */
ZC_MUST_USE zc_result zc_mission_read_amount(zc_reader *reader, bool *ret_has, zc_u256 *ret_amount);
/* null, or an index below `bound`. */
ZC_MUST_USE zc_result zc_mission_read_index(zc_reader *reader, size_t bound, bool *ret_has,
                                            uint16_t *ret_index);
/* Key `key`, and a number of at most `max`. */
ZC_MUST_USE zc_result zc_mission_read_number(zc_reader *reader, uint64_t key, uint64_t max,
                                             uint64_t *ret_number);
/* A list of indices below `bound`, as bits; null is any. */
ZC_MUST_USE zc_result zc_mission_read_bits(zc_reader *reader, size_t bound, bool *ret_listed,
                                           uint64_t *ret_bits);
ZC_MUST_USE zc_result zc_mission_write_addresses(zc_writer *writer, const zc_mission *mission,
                                                 const zc_address_list *list);
/* The set bits of `capacity`, as indices below `bound`. */
ZC_MUST_USE zc_result zc_mission_write_bits(zc_writer *writer, bool listed, const uint64_t *bits,
                                            size_t capacity, size_t bound);
/* A rule's scope: key 3. The rule that is read is the mission's next. */
ZC_MUST_USE zc_result zc_mission_read_scope(zc_reader *reader, zc_mission *mission,
                                            zc_scope *scope);
ZC_MUST_USE zc_result zc_mission_write_scope(zc_writer *writer, const zc_mission *mission,
                                             size_t rule);
/* What a rule has beyond scope and amount: keys 7 to 20. */
ZC_MUST_USE zc_result zc_mission_read_terms(zc_reader *reader, zc_mission *mission, zc_rule *rule);
/* Keys 11 to 18 of the mission. Assets and principals were read. */
ZC_MUST_USE zc_result zc_mission_read_reference(zc_reader *reader, zc_mission *mission);
ZC_MUST_USE zc_result zc_mission_read_feed(zc_reader *reader, zc_mission *mission);
ZC_MUST_USE zc_result zc_mission_read_market(zc_reader *reader, zc_mission *mission);
ZC_MUST_USE zc_result zc_mission_read_price(zc_reader *reader, zc_mission *mission);
ZC_MUST_USE zc_result zc_mission_read_zone(zc_reader *reader, zc_mission *mission);
ZC_MUST_USE zc_result zc_mission_read_breaker(zc_reader *reader, zc_mission *mission);
ZC_MUST_USE zc_result zc_mission_write_reference(const zc_mission *mission, zc_writer *writer);
ZC_MUST_USE zc_result zc_mission_write_feed(zc_writer *writer, const zc_mission *mission,
                                            size_t index);
ZC_MUST_USE zc_result zc_mission_write_market(zc_writer *writer, const zc_mission *mission,
                                              size_t index);
ZC_MUST_USE zc_result zc_mission_write_price(zc_writer *writer, const zc_mission *mission,
                                             size_t index);
ZC_MUST_USE zc_result zc_mission_write_zone(zc_writer *writer, const zc_mission *mission,
                                            size_t index);
ZC_MUST_USE zc_result zc_mission_write_breaker(zc_writer *writer, const zc_mission *mission,
                                               size_t index);
/* A rule, appended to the mission. Principals and assets must have been read. */
ZC_MUST_USE zc_result zc_mission_read_rule(zc_reader *reader, zc_mission *mission);

/* A key name, or the beginning of one and *. */
bool zc_key_pattern_valid(zc_slice text);

/* The log's terms: key 8 of a mission. */
ZC_MUST_USE zc_result zc_mission_read_audit(zc_reader *reader, zc_mission *mission);
ZC_MUST_USE zc_result zc_mission_write_audit(const zc_mission *mission, zc_writer *writer);
ZC_MUST_USE zc_result zc_mission_validate_audit(const zc_mission *mission);

/* Key 20 of a rule, and key 18 of the mission: thresholds and risk models. */
ZC_MUST_USE zc_result zc_mission_read_thresholds(zc_reader *reader, zc_rule *rule);
ZC_MUST_USE zc_result zc_mission_write_thresholds(const zc_rule *rule, zc_writer *writer);
ZC_MUST_USE zc_result zc_mission_read_model(zc_reader *reader, zc_mission *mission);
ZC_MUST_USE zc_result zc_mission_write_model(const zc_mission *mission, zc_writer *writer,
                                             size_t index);
/* Whether a rule's thresholds and panel fit each other. */
bool zc_mission_thresholds_fit(const zc_rule *rule);
/* Whether the rules' models exist, models differ in name, and zones that features name exist. */
ZC_MUST_USE zc_result zc_mission_validate_risk(const zc_mission *mission);

/* What holds between the parts: names, keys and addresses that differ, quorums that can be met. */
ZC_MUST_USE zc_result zc_mission_validate(const zc_mission *mission);
/* Whether the rule has the fields of its kind and no others. */
ZC_MUST_USE zc_result zc_rule_validate(const zc_rule *rule);
/* Whether the indices of a rule into feeds, markets and zones, which stand behind the rules, exist;
 * and whether feeds, markets, prices, zones and breakers make sense. */
ZC_MUST_USE zc_result zc_mission_validate_sources(const zc_mission *mission);
/* Whether all who sit are approvers, and as many organisations as are needed are among them. */
bool zc_mission_panel_sits(const zc_mission *mission, const zc_panel *panel);

/* Key 19, which is there only when the mission can be changed. */
ZC_MUST_USE zc_result zc_mission_read_change(zc_reader *reader, zc_mission *mission);
ZC_MUST_USE zc_result zc_mission_write_change(const zc_mission *mission, zc_writer *writer);
ZC_MUST_USE zc_result zc_mission_validate_change(const zc_mission *mission);

#endif
