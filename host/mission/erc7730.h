/* ERC-7730 clear-signing files (JSON, version 1) → descriptors that the mission holds and the
 * enclave decodes by (intent/descriptor.h).
 *
 * Taken: contracts with deployments; formats by signature with names ("pay(address to,uint256
 * amount)"), or by selector or bare signature where the ABI stands in the file; fields with raw,
 * amount, tokenAmount, addressName, date, duration and the formats that say no more than the value;
 * definitions by $ref. Refused, with its JSON path: whatever else would change what a person sees.
 *
 * The standard says how to show a call, not what it moves. So a format may have members of ours:
 *
 *     "operation": "token-transfer",
 *     "movements": [{"kind": "out", "token": "token", "from": "@.from", "to": "to",
 *                    "amount": "amount", "item": "tokenId"}]
 *
 * with paths as in fields; no token: the native asset; "@.to": the contract; "@.from": who calls;
 * "@.value": what is sent along. Without movements a call moves what it sends along, and nothing
 * else. */
#ifndef ZC_MISSION_ERC7730_H
#define ZC_MISSION_ERC7730_H

#include <jansson.h>

#include "intent/descriptor.h"
#include "support/error.h"

/* One for each format and deployment. */
#define ZC_ERC7730_MAX_DESCRIPTORS 1024

typedef struct zc_descriptor_list {
    zc_descriptor *items; /* sorted as a zc_descriptor_set wants it */
    size_t count;
} zc_descriptor_list;

/* Compiles one file. `ret_list` is cleared by the caller. Errors: ZC_MISSION_CLEAR_SIGNING (the
 * error's `why` begins with the JSON path), ZC_MISSION_NO_MEMORY. */
ZC_MUST_USE zc_result zc_erc7730_compile(const json_t *file, zc_descriptor_list *ret_list,
                                         zc_error *error);
void zc_descriptor_list_clear(zc_descriptor_list *list);

#endif
