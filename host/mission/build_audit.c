/* The section "audit": how far the disk may lag behind, what is logged of refusals, and who
 * witnesses the log. */
#include "mission/build.h"

#include <string.h>

#include "audit/cosignature.h"
#include "mission/value.h"

static void read_witness(zc_build *build, const zc_place *place)
{
    zc_mission *mission = &build->mission;
    zc_cosigner cosigner;
    zc_slice text = zc_place_text(place);
    if (!zc_place_is_scalar(place) || !zc_ok(zc_cosigner_parse(text, &cosigner))) {
        zc_place_error(place, "a witness is its verifier key as `zcp witness` prints it: "
                              "name+8 hex digits+base64 that begins with B");
        return;
    }
    zc_witness *witness = &mission->witnesses[mission->witness_count];
    if (cosigner.name.len >= sizeof witness->name) {
        zc_place_error(place, "the witness's name has more than %zu characters",
                       sizeof witness->name - 1);
        return;
    }
    for (size_t i = 0; i < mission->witness_count; i++) {
        if (memcmp(mission->witnesses[i].pubkey, cosigner.public_key, 32) == 0 ||
            zc_slice_eq_text(cosigner.name, mission->witnesses[i].name)) {
            zc_place_error(place, "this witness is named twice");
            return;
        }
    }
    memcpy(witness->name, cosigner.name.data, cosigner.name.len);
    memcpy(witness->pubkey, cosigner.public_key, sizeof witness->pubkey);
    mission->witness_count++;
}

static void read_witnesses(zc_build *build, const zc_place *audit)
{
    zc_place part;
    uint64_t needed;
    bool some = zc_place_member(audit, "witnesses", &part);
    size_t count = some && !zc_place_is_empty_list(&part) ? zc_place_items(&part) : 0;
    if (count > ZC_MISSION_MAX_WITNESSES) {
        zc_place_error(&part, "%zu are too many: a log has at most %d witnesses", count,
                       ZC_MISSION_MAX_WITNESSES);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        zc_place item = zc_place_item(&part, i);
        read_witness(build, &item);
    }
    /* All of them, unless it says less. */
    build->mission.witnesses_needed = (uint32_t)build->mission.witness_count;
    if (zc_place_member(audit, "witnesses-needed", &part) &&
        zc_value_number(&part, "witnesses-needed", 1, ZC_MISSION_MAX_WITNESSES, &needed)) {
        if (needed > count) {
            zc_place_error(&part, "%llu are needed, and the log has %zu",
                           (unsigned long long)needed, count);
            return;
        }
        build->mission.witnesses_needed = (uint32_t)needed;
    }
}

void zc_build_audit(zc_build *build, const zc_place *root)
{
    static const char *const keys[] = {"max-unacked", "denials-per-minute", "witnesses",
                                       "witnesses-needed", NULL};
    build->mission.denial_quota = 60;
    zc_place audit;
    zc_place part;
    uint64_t number;
    if (!zc_place_member(root, "audit", &audit) ||
        !zc_place_want_mapping(&audit,
                               "max-unacked, denials-per-minute, witnesses and witnesses-needed")) {
        return;
    }
    zc_place_only_keys(&audit, keys);
    if (zc_place_member(&audit, "max-unacked", &part) &&
        zc_value_number(&part, "max-unacked", 0, ZC_MISSION_MAX_UNACKED, &number)) {
        build->mission.max_unacked = (uint32_t)number;
    }
    if (zc_place_member(&audit, "denials-per-minute", &part) &&
        zc_value_number(&part, "denials-per-minute", 1, ZC_MISSION_MAX_DENIAL_QUOTA, &number)) {
        build->mission.denial_quota = (uint32_t)number;
    }
    read_witnesses(build, &audit);
}
