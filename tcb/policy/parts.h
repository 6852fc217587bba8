/* What a request comes to under one limit, divided by rows. */
#ifndef ZC_POLICY_PARTS_H
#define ZC_POLICY_PARTS_H

#include "policy/charge.h"

typedef struct zc_parts {
    size_t count;
    uint16_t feed; /* whose price was taken, or ZC_POLICY_NONE */
    struct zc_part {
        zc_row_key key;
        zc_u256 amount;
    } item[ZC_CHARGE_MAX_PARTS];
} zc_parts;

/* The parts of a LIMIT_… rule that the request touches. Where the limit has one row for the whole
 * request there is one part, be it 0. Returns 0, or why it can't be told: OVERFLOW, NO_PRICE,
 * STALE, TOO_MANY_LIMITS. */
uint16_t zc_parts_of(const zc_policy_state *state, const zc_question *question, uint16_t rule,
                     zc_parts *ret_parts);

/* The key of a principal, asset, chain or market by its number. */
zc_row_key zc_parts_number_key(zc_per per, uint64_t number);
/* The key of the row that the whole request is charged to, for limits by key, principal, chain or
 * none of these. */
zc_row_key zc_parts_key(const zc_question *question, zc_per per);

#endif
