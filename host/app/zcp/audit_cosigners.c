#include "audit_cosigners.h"

bool zc_cosigners_named(const zc_invocation *invocation, zc_cosigners *ret_cosigners)
{
    zc_cosigners named = {0};
    for (size_t i = 0; i < invocation->options; i++) {
        if (strcmp(invocation->name[i], "witness") != 0) {
            continue;
        }
        if (named.count == ZC_COSIGNERS_MAX ||
            !zc_ok(zc_cosigner_parse(zc_slice_of_text(invocation->value[i]),
                                     &named.key[named.count]))) {
            return false;
        }
        named.count++;
    }
    named.needed = named.count;
    *ret_cosigners = named;
    return true;
}

zc_cosigners zc_cosigners_of(const zc_mission *mission)
{
    zc_cosigners found = {.needed = mission->witnesses_needed};
    for (size_t i = 0; i < mission->witness_count && found.count < ZC_COSIGNERS_MAX; i++) {
        const zc_witness *witness = &mission->witnesses[i];
        if (zc_ok(zc_cosigner_of(zc_slice_of_text(witness->name), witness->pubkey,
                                 &found.key[found.count]))) {
            found.count++;
        }
    }
    return found;
}
