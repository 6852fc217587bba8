#include "intent/bitcoin/plan.h"

#include "intent/bitcoin/sighash.h"
#include "intent/bitcoin/wire.h"

static bool contains(zc_slice bytes, zc_slice part)
{
    return bytes.len >= part.len && memmem(bytes.data, bytes.len, part.data, part.len) != NULL;
}

static bool is_in_multisig(const zc_psbt_lock *lock, zc_slice key)
{
    zc_btc_multisig multisig;
    if (!zc_btc_script_multisig(lock->script, &multisig)) {
        return false;
    }
    for (size_t i = 0; i < multisig.count; i++) {
        if (zc_slice_eq(multisig.keys[i], key)) {
            return true;
        }
    }
    return false;
}

/* Whether the key is said to be part of a taproot output's scripts. */
static bool is_in_taproot_script(const zc_psbt_map *map, zc_slice x)
{
    zc_psbt_record record;
    zc_reader records = zc_reader_of(map->records);
    while (zc_psbt_next_record(&records, &record)) {
        if ((record.type == ZC_PSBT_IN_TAP_BIP32 && zc_slice_eq(record.key_data, x)) ||
            (record.type == ZC_PSBT_IN_TAP_LEAF && contains(record.value, x))) {
            return true;
        }
    }
    return false;
}

/* The key path is ours when our key with the tweak makes the output key. `*ret_root` is then the
 * merkle root of the tweak, or NULL. */
static zc_result owns_taproot(const zc_psbt_map *map, const zc_psbt_lock *lock, zc_btc_owner *owner,
                              bool *ret_owns, const uint8_t **ret_root)
{
    uint8_t key[32];
    zc_slice output = zc_btc_script_payload(lock->script);
    zc_slice x = zc_btc_owner_x(owner);
    bool names_us = zc_slice_eq(map->slot[ZC_PSBT_TAP_KEY], x);
    const uint8_t *root = map->slot[ZC_PSBT_TAP_ROOT].data;
    *ret_owns = false;
    *ret_root = NULL;
    if (root == NULL || names_us) {
        ZC_TRY(zc_btc_owner_output_key(owner, root, key));
        *ret_owns = zc_slice_eq(output, ZC_SLICE_OF_ARRAY(key));
        *ret_root = root;
    }
    if (!*ret_owns && names_us) {
        return zc_fail(ZC_INTENT_PSBT_SCRIPT_MISMATCH);
    }
    if (!*ret_owns && is_in_taproot_script(map, x)) {
        return zc_fail(ZC_INTENT_PSBT_SCRIPT_PATH);
    }
    return ZC_OK;
}

/* A script without a name that has our key or its hash in it: signing could do anything. */
static zc_result refuse_if_named(const zc_psbt_lock *lock, const zc_btc_owner *owner)
{
    bool is_named = contains(lock->script, zc_btc_owner_key(owner)) ||
                    contains(lock->script, ZC_SLICE_OF_ARRAY(owner->key.hash));
    return is_named ? zc_fail(ZC_INTENT_PSBT_SCRIPT_UNKNOWN) : ZC_OK;
}

static zc_result owns(const zc_psbt *psbt, size_t input, const zc_psbt_lock *lock,
                      zc_btc_owner *owner, bool *ret_owns, const uint8_t **ret_root)
{
    zc_slice payload = zc_btc_script_payload(lock->script);
    *ret_owns = false;
    *ret_root = NULL;
    switch (lock->kind) {
    case ZC_BTC_P2PK:
        *ret_owns = zc_slice_eq(payload, zc_btc_owner_key(owner));
        return ZC_OK;
    case ZC_BTC_P2PKH:
    case ZC_BTC_P2WPKH:
        *ret_owns = zc_slice_eq(payload, ZC_SLICE_OF_ARRAY(owner->key.hash));
        return ZC_OK;
    case ZC_BTC_MULTISIG:
        *ret_owns = is_in_multisig(lock, zc_btc_owner_key(owner));
        return ZC_OK;
    case ZC_BTC_P2TR:
        return owns_taproot(&psbt->inputs[input], lock, owner, ret_owns, ret_root);
    case ZC_BTC_ODD:
        return refuse_if_named(lock, owner);
    case ZC_BTC_P2SH:
    case ZC_BTC_P2WSH:
    case ZC_BTC_WITNESS:
    case ZC_BTC_RETURN:
        break;
    }
    return ZC_OK;
}

static bool is_signed(const zc_psbt *psbt, size_t input, const zc_psbt_lock *lock,
                      const zc_btc_owner *owner)
{
    zc_slice signature;
    return zc_psbt_is_final(psbt, input) ||
           (lock->rules == ZC_PSBT_TAPROOT
                ? zc_psbt_has(&psbt->inputs[input], ZC_PSBT_TAP_SIG)
                : zc_psbt_partial_signature(psbt, input, zc_btc_owner_key(owner), &signature));
}

static zc_result sighash_type(const zc_psbt *psbt, size_t input, zc_psbt_rules rules,
                              uint8_t *ret_type)
{
    bool is_taproot = rules == ZC_PSBT_TAPROOT;
    zc_slice value = psbt->inputs[input].slot[ZC_PSBT_SIGHASH];
    zc_reader reader = zc_reader_of(value);
    uint32_t type = is_taproot ? ZC_BTC_SIGHASH_DEFAULT : ZC_BTC_SIGHASH_ALL;
    if (value.data != NULL) {
        ZC_TRY(zc_btc_read_u32(&reader, &type));
    }
    uint32_t base = type & ~(uint32_t)ZC_BTC_SIGHASH_ANYONECANPAY;
    bool exists = (base >= ZC_BTC_SIGHASH_ALL && base <= ZC_BTC_SIGHASH_SINGLE) ||
                  (is_taproot && type == ZC_BTC_SIGHASH_DEFAULT);
    if (!exists) {
        return zc_fail(ZC_INTENT_PSBT_SIGHASH_TYPE);
    }
    if (base == ZC_BTC_SIGHASH_SINGLE && input >= psbt->tx.output_count) {
        return zc_fail(ZC_INTENT_PSBT_SIGHASH_SINGLE);
    }
    *ret_type = (uint8_t)type;
    return ZC_OK;
}

static bool knows_all_spent(const zc_psbt *psbt)
{
    for (size_t i = 0; i < psbt->tx.input_count; i++) {
        if (!psbt->is_known[i]) {
            return false;
        }
    }
    return true;
}

/* What signing one input needs to know of the PSBT as a whole. */
typedef struct zc_plan_work {
    const zc_psbt *psbt;
    zc_btc_hashes hashes;
    bool has_all_spent;
    size_t legacy_left; /* bytes that old-style signatures may still hash */
} zc_plan_work;

static zc_result digest_legacy(zc_plan_work *work, size_t input, zc_slice code, uint8_t type,
                               uint8_t ret_digest[static 32])
{
    size_t cost = zc_btc_tx_base_size(&work->psbt->tx) + code.len;
    if (!work->psbt->is_proven[input]) {
        return zc_fail(ZC_INTENT_PSBT_UTXO_MISSING);
    }
    if (cost > work->legacy_left) {
        return zc_fail(ZC_INTENT_PSBT_HASHING);
    }
    work->legacy_left -= cost;
    zc_btc_sighash_legacy(&work->psbt->tx, input, code, type, ret_digest);
    return ZC_OK;
}

static zc_result make_digest(zc_plan_work *work, const zc_psbt_lock *lock,
                             zc_bitcoin_signing *signing)
{
    const zc_psbt *psbt = work->psbt;
    size_t input = signing->input;
    uint8_t type = signing->sighash_type;
    zc_address storage;
    zc_slice code = zc_psbt_script_code(lock, &storage);
    switch (lock->rules) {
    case ZC_PSBT_LEGACY:
        return digest_legacy(work, input, code, type, signing->digest);
    case ZC_PSBT_V0:
        zc_btc_sighash_v0(&psbt->tx, &work->hashes, input, code, psbt->spent[input].amount, type,
                          signing->digest);
        return ZC_OK;
    case ZC_PSBT_TAPROOT:
        break;
    }
    if (!work->has_all_spent && (type & ZC_BTC_SIGHASH_ANYONECANPAY) == 0) {
        return zc_fail(ZC_INTENT_PSBT_TAPROOT_AMOUNTS);
    }
    zc_btc_sighash_taproot(&psbt->tx, &work->hashes, psbt->spent, input, type, signing->digest);
    return ZC_OK;
}

static zc_result plan_input(zc_plan_work *work, size_t input, zc_btc_owner *owner,
                            zc_psbt_plan *plan)
{
    const uint8_t *root;
    bool is_ours;
    const zc_psbt *psbt = work->psbt;
    zc_bitcoin_signing signing = {.input = (uint16_t)input};
    if (!psbt->is_known[input]) {
        return ZC_OK;
    }
    zc_psbt_lock lock = zc_psbt_lock_of(psbt, input);
    if (zc_psbt_is_final(psbt, input)) {
        return ZC_OK;
    }
    ZC_TRY(owns(psbt, input, &lock, owner, &is_ours, &root));
    if (!is_ours || is_signed(psbt, input, &lock, owner)) {
        return ZC_OK;
    }
    ZC_TRY(sighash_type(psbt, input, lock.rules, &signing.sighash_type));
    signing.is_schnorr = lock.rules == ZC_PSBT_TAPROOT;
    signing.has_merkle_root = root != NULL;
    if (root != NULL) {
        memcpy(signing.merkle_root, root, sizeof(signing.merkle_root));
    }
    ZC_TRY(make_digest(work, &lock, &signing));
    bool is_whole = signing.sighash_type <= ZC_BTC_SIGHASH_ALL;
    plan->is_partial = plan->is_partial || !is_whole;
    plan->proves_amounts = plan->proves_amounts || (signing.is_schnorr && is_whole);
    plan->list[plan->count++] = signing;
    return ZC_OK;
}

zc_result zc_psbt_make_plan(const zc_psbt *psbt, zc_btc_owner *owner, zc_psbt_plan *ret_plan)
{
    zc_plan_work work = {
        .psbt = psbt,
        .has_all_spent = knows_all_spent(psbt),
        .legacy_left = ZC_PSBT_MAX_LEGACY_HASHING,
    };
    zc_btc_hashes_make(&psbt->tx, psbt->spent, &work.hashes);
    ret_plan->count = 0;
    ret_plan->is_partial = false;
    ret_plan->proves_amounts = false;
    for (size_t i = 0; i < psbt->tx.input_count; i++) {
        ZC_TRY(plan_input(&work, i, owner, ret_plan));
    }
    return ret_plan->count > 0 ? ZC_OK : zc_fail(ZC_INTENT_PSBT_NOTHING_TO_SIGN);
}

zc_result zc_psbt_signings(zc_slice psbt, const zc_bitcoin_account *account,
                           zc_bitcoin_signing ret_list[static ZC_PSBT_MAX_INPUTS],
                           size_t *ret_count)
{
    zc_psbt parsed;
    zc_psbt_plan plan;
    zc_btc_owner owner;
    size_t offset;
    ZC_TRY(zc_btc_owner_init(&owner, account));
    ZC_TRY(zc_psbt_parse(psbt, &parsed, &offset));
    ZC_TRY(zc_psbt_resolve(&parsed));
    ZC_TRY(zc_psbt_make_plan(&parsed, &owner, &plan));
    memcpy(ret_list, plan.list, plan.count * sizeof(plan.list[0]));
    *ret_count = plan.count;
    return ZC_OK;
}
