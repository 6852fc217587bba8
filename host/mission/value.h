/* The single values of a mission file: numbers, amounts, windows, addresses, methods.
 *
 * Each function reports what is wrong at the place and returns false; outputs are then untouched.
 */
#ifndef ZC_MISSION_VALUE_H
#define ZC_MISSION_VALUE_H

#include "base/u256.h"
#include "intent/intent.h"
#include "mission/document.h"
#include "policy/mission.h"

/* 1 to size − 1 printable ASCII characters, no space at either end. */
bool zc_value_title(const zc_place *place, const char *what, char *ret_text, size_t size);
/* The text of a key as a name: letters, digits, '.', '_' and '-', beginning with a letter or a
 * digit; lower case only where `lower`. */
bool zc_value_name(const zc_place *place, const char *what, bool lower, char *ret_name,
                   size_t size);
/* A whole number from `min` to `max`. */
bool zc_value_number(const zc_place *place, const char *what, uint64_t min, uint64_t max,
                     uint64_t *ret_number);
/* true or false. */
bool zc_value_bool(const zc_place *place, bool *ret_value);
/* A chain's or venue's name, or an EVM chain's number. */
bool zc_value_chain(const zc_place *place, uint64_t *ret_chain_id);
/* An address as its chain writes it (intent/address.h); where an EVM address is in mixed case,
 * EIP-55's. */
bool zc_value_address(const zc_place *place, uint64_t chain, zc_address *ret_address);
/* A token by its chain's own name for it: contract, mint, denomination or symbol. */
bool zc_value_token(const zc_place *place, uint64_t chain, zc_asset_id *ret_id);
/* transfer(address,uint256), whose Keccak-256 begins with the selector; 0x and hex digits; or a
 * Cosmos type URL, which begins with '/'. */
bool zc_value_method(const zc_place *place, zc_method *ret_method);
/* 64 hex digits. */
bool zc_value_public_key(const zc_place *place, uint8_t ret_key[static 32]);

/* The same for parts of a text; they return what is wrong, or NULL. */

/* 5,000.25 with the asset's decimals, exactly: no rounding. */
extern const char zc_text_too_fine[]; /* the answer to more decimals than the asset has */
const char *zc_text_amount(zc_slice text, unsigned decimals, zc_u256 *ret_amount);
/* 30s, 1m, 1h, 24h, 7d, 2w, or second, minute, hour, day, week. */
const char *zc_text_window(zc_slice text, uint32_t *ret_seconds);
const char *zc_text_count(zc_slice text, uint32_t *ret_count);

#endif
