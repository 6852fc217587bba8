#include "intent/catalog.h"

const zc_asset *zc_catalog_asset(const zc_catalog *catalog, const zc_asset_id *id)
{
    for (size_t i = 0; catalog != NULL && i < catalog->asset_count; i++) {
        if (zc_asset_id_eq(&catalog->assets[i].id, id)) {
            return &catalog->assets[i];
        }
    }
    return NULL;
}

const zc_contract *zc_catalog_contract(const zc_catalog *catalog, uint64_t chain_id,
                                       const zc_address *address)
{
    for (size_t i = 0; catalog != NULL && i < catalog->contract_count; i++) {
        const zc_contract *contract = &catalog->contracts[i];
        if (contract->chain_id == chain_id && zc_address_eq(&contract->address, address)) {
            return contract;
        }
    }
    return NULL;
}
