#include "intent/catalog.h"

bool zc_asset_matches(const zc_asset *asset, const zc_asset_id *id)
{
    return asset->chain_id == id->chain_id && asset->native == (id->kind == ZC_ASSET_NATIVE) &&
           (asset->native || memcmp(asset->contract, id->contract, ZC_ADDRESS_SIZE) == 0);
}

const zc_asset *zc_catalog_asset(const zc_catalog *catalog, const zc_asset_id *id)
{
    for (size_t i = 0; catalog != NULL && i < catalog->asset_count; i++) {
        if (zc_asset_matches(&catalog->assets[i], id)) {
            return &catalog->assets[i];
        }
    }
    return NULL;
}

const zc_contract *zc_catalog_contract(const zc_catalog *catalog, uint64_t chain_id,
                                       const uint8_t address[static ZC_ADDRESS_SIZE])
{
    for (size_t i = 0; catalog != NULL && i < catalog->contract_count; i++) {
        const zc_contract *contract = &catalog->contracts[i];
        if (contract->chain_id == chain_id &&
            memcmp(contract->address, address, ZC_ADDRESS_SIZE) == 0) {
            return contract;
        }
    }
    return NULL;
}
