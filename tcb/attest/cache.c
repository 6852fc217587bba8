#include "attest/cache.h"

#include "crypto/hash.h"
#include "crypto/x509.h"

#include "envelope.h"

static void hash_one(zc_sha256_ctx *hash, zc_slice der)
{
    uint8_t len[8];
    for (unsigned i = 0; i < sizeof len; i++) {
        len[i] = (uint8_t)((uint64_t)der.len >> (56 - 8 * i));
    }
    zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(len));
    zc_sha256_update(hash, der);
}

static void hash_chain(const zc_attest_doc *doc, zc_slice root_der, uint8_t ret_hash[static 32])
{
    zc_sha256_ctx hash;
    zc_sha256_init(&hash);
    hash_one(&hash, root_der);
    for (size_t i = 0; i < doc->cabundle_count; i++) {
        hash_one(&hash, doc->cabundle[i]);
    }
    hash_one(&hash, doc->certificate);
    zc_sha256_final(&hash, ret_hash);
}

static bool find(const zc_attest_cache *cache, const uint8_t hash[static 32],
                 uint8_t ret_key[static 97])
{
    for (size_t i = 0; i < ZC_ATTEST_CACHE_CHAINS; i++) {
        if (cache->chain[i].used && memcmp(cache->chain[i].chain_sha256, hash, 32) == 0) {
            memcpy(ret_key, cache->chain[i].leaf_key, 97);
            return true;
        }
    }
    return false;
}

static void keep(zc_attest_cache *cache, const uint8_t hash[static 32],
                 const uint8_t key[static 97])
{
    size_t at = cache->next % ZC_ATTEST_CACHE_CHAINS;
    cache->chain[at].used = true;
    memcpy(cache->chain[at].chain_sha256, hash, 32);
    memcpy(cache->chain[at].leaf_key, key, 97);
    cache->next = (at + 1) % ZC_ATTEST_CACHE_CHAINS;
}

zc_result zc_attest_chain_key(zc_attest_cache *cache, const zc_attest_doc *doc, zc_slice root_der,
                              int64_t at_unix_seconds, uint8_t ret_key[static 97])
{
    uint8_t hash[32];
    uint8_t key[97];
    if (cache != NULL) {
        hash_chain(doc, root_der, hash);
        if (find(cache, hash, key)) {
            ZC_TRY(zc_x509_check_dates(doc->cabundle, doc->cabundle_count, doc->certificate,
                                       at_unix_seconds));
            memcpy(ret_key, key, sizeof key);
            return ZC_OK;
        }
    }
    ZC_TRY(zc_x509_verify_chain(root_der, doc->cabundle, doc->cabundle_count, doc->certificate,
                                at_unix_seconds, key));
    if (cache != NULL) {
        keep(cache, hash, key);
    }
    memcpy(ret_key, key, sizeof key);
    return ZC_OK;
}
