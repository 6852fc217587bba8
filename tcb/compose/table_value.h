/* Private to the module: what a parameter of a table says of an order, as text. */
#ifndef ZC_COMPOSE_TABLE_VALUE_H
#define ZC_COMPOSE_TABLE_VALUE_H

#include "compose/table.h"

#define ZC_ACCOUNT_MAX_PARTS 4

/* The order's account, divided at its colons. */
typedef struct zc_account_parts {
    size_t count; /* beyond the maximum: there are more, and no parameter takes those */
    zc_slice part[ZC_ACCOUNT_MAX_PARTS];
    uint32_t left; /* mask of parts that nothing took yet */
} zc_account_parts;

typedef struct zc_value {
    bool present;
    bool bare;
    uint8_t byte[2 * ZC_ORDER_TEXT_SIZE];
    size_t len;
} zc_value;

void zc_account_split(const zc_order *order, zc_account_parts *ret_parts);

/* The parameter's value, if the order has one, and takes the field or the part that it is made of.
 * `style` may be NULL. */
ZC_MUST_USE zc_result zc_compose_value_of(zc_compose_job *job, zc_account_parts *parts,
                                          const zc_compose_style *style,
                                          const zc_compose_param *param, zc_value *value);

#endif
