/* The assets and contracts that the mission names. Only rendering and policy look at it: decoders
 * work from the bytes alone. The arrays belong to the caller (policy's parsed mission). */
#ifndef ZC_INTENT_CATALOG_H
#define ZC_INTENT_CATALOG_H

#include "intent/intent.h"

#define ZC_ASSET_NAME_SIZE 16
#define ZC_CONTRACT_NAME_SIZE 32
/* 10^77 is the greatest power of ten in 256 bits. */
#define ZC_ASSET_MAX_DECIMALS 77

typedef struct zc_asset {
    char name[ZC_ASSET_NAME_SIZE]; /* terminated */
    uint8_t decimals;
    zc_asset_id id;
} zc_asset;

typedef struct zc_contract {
    char name[ZC_CONTRACT_NAME_SIZE]; /* terminated */
    uint64_t chain_id;
    zc_address address;
} zc_contract;

typedef struct zc_catalog {
    const zc_asset *assets; /* may be NULL when the count is 0 */
    size_t asset_count;
    const zc_contract *contracts;
    size_t contract_count;
} zc_catalog;

/* The entry, or NULL. The first of equals wins; `catalog` may be NULL (nothing is known). */
const zc_asset *zc_catalog_asset(const zc_catalog *catalog, const zc_asset_id *id);
const zc_contract *zc_catalog_contract(const zc_catalog *catalog, uint64_t chain_id,
                                       const zc_address *address);

#endif
