/* Whole numbers out of the texts and decimals of an order, exactly: for venues whose requests count
 * in units of their own. Private to the module; all input is public. */
#ifndef ZC_COMPOSE_CHAIN_NUMBER_H
#define ZC_COMPOSE_CHAIN_NUMBER_H

#include "compose/compose.h"

/* Digits without a leading zero, at most `max`; false for anything else. */
bool zc_compose_read_u64(zc_slice text, uint64_t max, uint64_t *ret_value);
/* The same with an optional '-' in front, and a magnitude of at most `max`. "-0" is none. */
bool zc_compose_read_int(zc_slice text, int max, int *ret_value);
/* The parts before and behind the last `mark`; false when there is none. */
bool zc_compose_split_last(zc_slice text, char mark, zc_slice *ret_before, zc_slice *ret_behind);
/* The same, where behind the mark stands a number of at most `max`. */
bool zc_compose_split_number(zc_slice text, char mark, uint64_t max, zc_slice *ret_before,
                             uint64_t *ret_number);

/* decimal × 10^exponent, exactly. ZC_COMPOSE_NUMBER when that is no whole number or has more than
 * 64 bits; |exponent| is at most 100. */
ZC_MUST_USE zc_result zc_compose_scaled_u64(const zc_decimal *decimal, int exponent,
                                            uint64_t *ret_value);

#endif
