#include "intent/bitcoin/owner.h"

#include "crypto/hash160.h"
#include "crypto/schnorr.h"

zc_btc_key zc_btc_key_of(const uint8_t compressed[static 33])
{
    zc_btc_key key;
    memcpy(key.compressed, compressed, sizeof(key.compressed));
    zc_hash160(ZC_SLICE_OF_ARRAY(key.compressed), key.hash);
    return key;
}

zc_address zc_btc_key_script(const zc_btc_key *key, zc_bitcoin_lock lock)
{
    uint8_t hash[20];
    zc_address program;
    switch (lock) {
    case ZC_BITCOIN_P2PKH:
        return zc_btc_script_make(ZC_BTC_P2PKH, key->hash);
    case ZC_BITCOIN_P2WPKH:
        return zc_btc_script_make(ZC_BTC_P2WPKH, key->hash);
    case ZC_BITCOIN_P2SH_P2WPKH:
        program = zc_btc_script_make(ZC_BTC_P2WPKH, key->hash);
        zc_hash160(zc_address_slice(&program), hash);
        return zc_btc_script_make(ZC_BTC_P2SH, hash);
    case ZC_BITCOIN_P2TR:
        break;
    }
    return (zc_address){0};
}

zc_result zc_btc_owner_init(zc_btc_owner *owner, const zc_bitcoin_account *account)
{
    uint8_t compressed[33];
    if (account->key.curve != ZC_CURVE_SECP256K1 ||
        (account->branch != NULL && account->branch->path_len > ZC_BITCOIN_MAX_PATH) ||
        zc_chain_family(account->chain_id) != ZC_FAMILY_BITCOIN) {
        return zc_fail(ZC_INTENT_BITCOIN_KEY);
    }
    ZC_TRY(zc_pubkey_compress(&account->key, compressed));
    *owner = (zc_btc_owner){
        .account = account,
        .key = zc_btc_key_of(compressed),
        .point_operations = ZC_BTC_MAX_POINT_OPERATIONS,
    };
    return ZC_OK;
}

zc_slice zc_btc_owner_key(const zc_btc_owner *owner)
{
    return ZC_SLICE_OF_ARRAY(owner->key.compressed);
}

zc_slice zc_btc_owner_x(const zc_btc_owner *owner)
{
    return zc_slice_of(owner->key.compressed + 1, 32);
}

static bool derive(zc_btc_owner *owner, const uint32_t steps[static ZC_BITCOIN_STEPS],
                   zc_btc_key *ret_key)
{
    zc_bip32_public child = owner->account->branch->key;
    if (owner->point_operations < ZC_BITCOIN_STEPS) {
        return false;
    }
    owner->point_operations -= ZC_BITCOIN_STEPS;
    for (size_t i = 0; i < ZC_BITCOIN_STEPS; i++) {
        if (!zc_ok(zc_bip32_derive_public(&child, steps[i], &child))) {
            return false;
        }
    }
    *ret_key = zc_btc_key_of(child.key);
    return true;
}

static bool is_of_branch(zc_btc_owner *owner)
{
    zc_btc_key own;
    if (owner->account->branch == NULL) {
        return false;
    }
    if (!owner->has_branch_answer) {
        owner->has_branch_answer = true;
        owner->is_of_branch =
            derive(owner, owner->account->branch->steps, &own) &&
            memcmp(own.compressed, owner->key.compressed, sizeof(own.compressed)) == 0;
    }
    return owner->is_of_branch;
}

bool zc_btc_owner_derive(zc_btc_owner *owner, const uint32_t steps[static ZC_BITCOIN_STEPS],
                         zc_btc_key *ret_key)
{
    return is_of_branch(owner) && derive(owner, steps, ret_key);
}

/* The key that is known already, or NULL. */
static const uint8_t *known_output_key(const zc_btc_owner *owner, const uint8_t *merkle_root)
{
    if (merkle_root == NULL) {
        return owner->has_output_key ? owner->output_key : NULL;
    }
    return owner->has_rooted_key && memcmp(owner->root, merkle_root, sizeof(owner->root)) == 0
               ? owner->rooted_key
               : NULL;
}

static void keep_output_key(zc_btc_owner *owner, const uint8_t *merkle_root,
                            const uint8_t key[static 32])
{
    if (merkle_root == NULL) {
        owner->has_output_key = true;
        memcpy(owner->output_key, key, sizeof(owner->output_key));
        return;
    }
    owner->has_rooted_key = true;
    memcpy(owner->root, merkle_root, sizeof(owner->root));
    memcpy(owner->rooted_key, key, sizeof(owner->rooted_key));
}

zc_result zc_btc_owner_output_key(zc_btc_owner *owner, const uint8_t *merkle_root,
                                  uint8_t ret_key[static 32])
{
    uint8_t parity;
    const uint8_t *known = known_output_key(owner, merkle_root);
    if (known != NULL) {
        memcpy(ret_key, known, 32);
        return ZC_OK;
    }
    if (owner->point_operations == 0) {
        return zc_fail(ZC_INTENT_PSBT_HASHING);
    }
    owner->point_operations--;
    ZC_TRY(zc_taproot_output_key(&owner->account->key, merkle_root, ret_key, &parity));
    keep_output_key(owner, merkle_root, ret_key);
    return ZC_OK;
}

zc_result zc_bitcoin_script(const zc_pubkey *key, zc_bitcoin_lock lock, zc_address *ret_script)
{
    uint8_t bytes[33];
    uint8_t parity;
    if (key->curve != ZC_CURVE_SECP256K1) {
        return zc_fail(ZC_INTENT_BITCOIN_KEY);
    }
    if (lock == ZC_BITCOIN_P2TR) {
        ZC_TRY(zc_taproot_output_key(key, NULL, bytes, &parity));
        *ret_script = zc_btc_script_make(ZC_BTC_P2TR, bytes);
        return ZC_OK;
    }
    ZC_TRY(zc_pubkey_compress(key, bytes));
    zc_btc_key made = zc_btc_key_of(bytes);
    zc_address script = zc_btc_key_script(&made, lock);
    if (script.len == 0) {
        return zc_fail(ZC_INTENT_BIP322);
    }
    *ret_script = script;
    return ZC_OK;
}
