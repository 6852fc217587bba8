#include "intent/bitcoin/change.h"

#include "crypto/schnorr.h"
#include "intent/bitcoin/wire.h"

/* Wallets look for money at the branches 0 (receiving) and 1 (change), some way ahead of the last
 * address used. Further out it is as good as lost, or held to ransom. */
enum { MAX_CHILD = 1 << 20 };

/* The lock that one key makes alone by this script; 0 for others. */
static unsigned lock_of_script(zc_btc_script_kind kind)
{
    switch (kind) {
    case ZC_BTC_P2PKH:
        return ZC_BITCOIN_P2PKH;
    case ZC_BTC_P2SH:
        return ZC_BITCOIN_P2SH_P2WPKH;
    case ZC_BTC_P2WPKH:
        return ZC_BITCOIN_P2WPKH;
    case ZC_BTC_P2TR:
        return ZC_BITCOIN_P2TR;
    default:
        return 0;
    }
}

/* A P2SH input counts only if it wraps P2WPKH. */
static unsigned lock_of_input(const zc_psbt *psbt, size_t input)
{
    zc_psbt_lock lock = zc_psbt_lock_of(psbt, input);
    if (lock.is_p2wsh || (lock.is_p2sh && lock.kind != ZC_BTC_P2WPKH)) {
        return 0;
    }
    return lock.is_p2sh ? ZC_BITCOIN_P2SH_P2WPKH : lock_of_script(lock.kind);
}

void zc_psbt_change_init(zc_psbt_change *change, const zc_psbt *psbt, const zc_psbt_plan *plan)
{
    *change = (zc_psbt_change){
        .is_provable = !plan->is_partial,
        .has_one_script = true,
        .script = psbt->spent[plan->list[0].input].script,
    };
    for (size_t i = 0; i < plan->count; i++) {
        size_t input = plan->list[i].input;
        change->locks |= (uint8_t)(1u << lock_of_input(psbt, input));
        change->has_one_script =
            change->has_one_script && zc_slice_eq(psbt->spent[input].script, change->script);
    }
}

/* Whether `script` is that of the key alone. `output_key` is its taproot key, NULL where that is
 * not wanted. */
static bool pays_key(const zc_btc_key *key, const uint8_t *output_key, unsigned lock,
                     zc_slice script)
{
    zc_address expected;
    if (lock != ZC_BITCOIN_P2TR) {
        expected = zc_btc_key_script(key, (zc_bitcoin_lock)lock);
    } else if (output_key != NULL) {
        expected = zc_btc_script_make(ZC_BTC_P2TR, output_key);
    } else {
        return false;
    }
    return zc_slice_eq(zc_address_slice(&expected), script);
}

static bool pays_owner(unsigned lock, zc_slice script, zc_btc_owner *owner)
{
    uint8_t output_key[32];
    if (lock == ZC_BITCOIN_P2TR && !zc_ok(zc_btc_owner_output_key(owner, NULL, output_key))) {
        return false;
    }
    return pays_key(&owner->key, output_key, lock, script);
}

/* The path given for an output, if it continues the branch's as a wallet would. */
static bool read_path(const zc_bitcoin_branch *branch, zc_slice path,
                      uint32_t ret_steps[static ZC_BITCOIN_STEPS])
{
    zc_reader reader = zc_reader_of(path);
    zc_slice master;
    uint32_t number;
    if (path.len != 4 + 4 * ((size_t)branch->path_len + ZC_BITCOIN_STEPS) ||
        !zc_ok(zc_read_slice(&reader, 4, &master)) ||
        !zc_slice_eq(master, ZC_SLICE_OF_ARRAY(branch->master))) {
        return false;
    }
    for (size_t i = 0; i < branch->path_len; i++) {
        if (!zc_ok(zc_btc_read_u32(&reader, &number)) || number != branch->path[i]) {
            return false;
        }
    }
    for (size_t i = 0; i < ZC_BITCOIN_STEPS; i++) {
        if (!zc_ok(zc_btc_read_u32(&reader, &ret_steps[i]))) {
            return false;
        }
    }
    return ret_steps[0] <= 1 && ret_steps[1] < MAX_CHILD;
}

static bool derived_output_key(zc_btc_owner *owner, const zc_btc_key *key,
                               uint8_t ret_output_key[static 32])
{
    zc_pubkey point;
    uint8_t parity;
    if (owner->point_operations == 0) {
        return false;
    }
    owner->point_operations--;
    return zc_ok(zc_pubkey_parse(ZC_CURVE_SECP256K1, ZC_SLICE_OF_ARRAY(key->compressed), &point)) &&
           zc_ok(zc_taproot_output_key(&point, NULL, ret_output_key, &parity));
}

/* The path in a record of the output's, where it is of the kind that the lock wants. */
static bool path_of_record(const zc_psbt_record *record, unsigned lock, zc_slice *ret_path)
{
    if (lock != ZC_BITCOIN_P2TR) {
        *ret_path = record->value;
        return record->type == ZC_PSBT_OUT_BIP32;
    }
    if (record->type != ZC_PSBT_OUT_TAP_BIP32 || record->value.len < 1 ||
        record->value.data[0] != 0) { /* a key of a leaf is not the output's */
        return false;
    }
    *ret_path = zc_slice_of(record->value.data + 1, record->value.len - 1);
    return true;
}

static bool record_proves(const zc_psbt_record *record, unsigned lock, zc_slice script,
                          zc_btc_owner *owner)
{
    uint32_t steps[ZC_BITCOIN_STEPS];
    uint8_t output_key[32];
    zc_slice path;
    zc_btc_key key;
    if (!path_of_record(record, lock, &path) || !read_path(owner->account->branch, path, steps) ||
        !zc_btc_owner_derive(owner, steps, &key)) {
        return false;
    }
    if (lock == ZC_BITCOIN_P2TR && !derived_output_key(owner, &key, output_key)) {
        return false;
    }
    return pays_key(&key, output_key, lock, script);
}

static bool pays_branch(const zc_psbt_map *map, unsigned lock, zc_slice script, zc_btc_owner *owner)
{
    zc_psbt_record record;
    zc_reader records = zc_reader_of(map->records);
    while (owner->account->branch != NULL && zc_psbt_next_record(&records, &record)) {
        if (record_proves(&record, lock, script, owner)) {
            return true;
        }
    }
    return false;
}

bool zc_psbt_is_change(const zc_psbt_change *change, const zc_psbt *psbt, size_t output,
                       zc_btc_owner *owner)
{
    zc_slice script = psbt->tx.outputs[output].script;
    unsigned lock = lock_of_script(zc_btc_script_kind_of(script));
    if (!change->is_provable) {
        return false;
    }
    if (change->has_one_script && zc_slice_eq(script, change->script)) {
        return true;
    }
    if (lock == 0 || (change->locks >> lock & 1) == 0) {
        return false;
    }
    return pays_owner(lock, script, owner) ||
           pays_branch(&psbt->outputs[output], lock, script, owner);
}
