/* Values of Ethereum's JSON-RPC: quantities and data in hexadecimal (execution-apis, "Hex value
 * encoding"), read strictly. */
#ifndef ZC_API_ETHEREUM_QUANTITY_H
#define ZC_API_ETHEREUM_QUANTITY_H

#include <jansson.h>

#include "base/u256.h"
#include "support/bytes.h"

/* "0x" and hex digits without zeros in front; "0x0" is zero. False for anything else. */
bool zc_quantity_read(const json_t *value, zc_u256 *ret_value);
/* "0x" and an even number of hex digits. Replaces what `ret_bytes` had. */
bool zc_data_read(const json_t *value, zc_bytes *ret_bytes);
/* Data of exactly `len` bytes. */
bool zc_data_read_fixed(const json_t *value, uint8_t *ret_bytes, size_t len);
/* The other way; NULL when the machine gives no memory. */
json_t *zc_quantity_json(const zc_u256 *value);
json_t *zc_data_json(zc_slice bytes);

#endif
