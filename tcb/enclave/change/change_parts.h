/* The parts of the step that change the mission. Private to the module. */
#ifndef ZC_ENCLAVE_CHANGE_PARTS_H
#define ZC_ENCLAVE_CHANGE_PARTS_H

#include "enclave/policy_parts.h"

/* handle.c */
/* What a member asks for. */
zc_handler zc_on_mission;
/* The platform's wrapping key, for the root under the next mission. */
zc_handler zc_on_activation_key;
/* Appends the entry that puts the next mission in force, if the stop is for that. */
ZC_MUST_USE zc_result zc_activation_log(zc_enclave *enclave, zc_effects *effects);
/* Whether nothing may follow the log's last entry but a boot. */
bool zc_activation_done(const zc_enclave *enclave);
zc_change_side zc_change_side_of(const zc_enclave *enclave);

/* descent.c */
/* Takes an entry that is of another mission, a step of this one's change, or the genesis;
 * `*ret_own` when it is another one of this mission, and still to be taken. */
ZC_MUST_USE zc_result zc_descent_take(zc_enclave *enclave, const zc_audit_entry *entry,
                                      const zc_audit_opening *opening, bool *ret_own);
/* After the last entry: the log must lead from the genesis to this mission. Errors:
 * ZC_ENCLAVE_WRONG_MISSION, ZC_ENCLAVE_MISSION_SUPERSEDED, ZC_ENCLAVE_BAD_JOURNAL. */
ZC_MUST_USE zc_result zc_descent_check(const zc_enclave *enclave);
/* What a snapshot holds of it: [change under way, SHA-256 of the genesis record]. */
ZC_MUST_USE zc_result zc_descent_write(const zc_enclave *enclave, zc_writer *writer);
ZC_MUST_USE zc_result zc_descent_read(zc_enclave *enclave, zc_reader *reader);

#endif
