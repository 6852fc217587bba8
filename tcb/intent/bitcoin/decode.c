#include "intent/bitcoin.h"

#include "intent/bitcoin/change.h"
#include "intent/bitcoin/sighash.h"
#include "intent/bitcoin/wire.h"

/* A fee is absurd beyond these (intent/bitcoin.h). */
enum { MAX_FEE_RATE = 1000, FREE_FEE = 50000, MAX_FEE_SHARE = 10, UNLOCKING_WEIGHT = 107 };

/* What the parts of a PSBT come to. */
typedef struct zc_psbt_sums {
    uint64_t ours;  /* of the inputs signed here */
    uint64_t known; /* of all inputs that are known */
    uint64_t outputs;
    uint32_t unknown;      /* inputs that nothing is known of */
    uint32_t claimed;      /* inputs whose amount is only claimed, */
    uint32_t claimed_ours; /* and signed here */
} zc_psbt_sums;

static zc_result sum_outputs(const zc_btc_tx *tx, zc_psbt_sums *sums)
{
    for (size_t i = 0; i < tx->output_count; i++) {
        if (tx->outputs[i].amount > ZC_BTC_MAX_MONEY ||
            tx->outputs[i].amount > ZC_BTC_MAX_MONEY - sums->outputs) {
            return zc_fail(ZC_INTENT_BITCOIN_AMOUNT);
        }
        sums->outputs += tx->outputs[i].amount;
    }
    return ZC_OK;
}

/* At most 256 amounts of at most 21 million bitcoins: 64 bits hold their sum. */
static zc_result make_sums(const zc_psbt *psbt, const zc_psbt_plan *plan, zc_psbt_sums *ret_sums)
{
    zc_psbt_sums sums = {0};
    ZC_TRY(sum_outputs(&psbt->tx, &sums));
    for (size_t i = 0; i < psbt->tx.input_count; i++) {
        sums.known += psbt->spent[i].amount;
        sums.unknown += !psbt->is_known[i];
        sums.claimed += psbt->is_known[i] && !psbt->is_proven[i];
    }
    for (size_t i = 0; i < plan->count; i++) {
        sums.ours += psbt->spent[plan->list[i].input].amount;
        sums.claimed_ours += !psbt->is_proven[plan->list[i].input];
    }
    if (sums.known > ZC_BTC_MAX_MONEY) {
        return zc_fail(ZC_INTENT_BITCOIN_AMOUNT);
    }
    if (sums.unknown == 0 && sums.outputs > sums.known) {
        return zc_fail(ZC_INTENT_BITCOIN_OVERSPENT);
    }
    *ret_sums = sums;
    return ZC_OK;
}

static bool is_fee_proven(const zc_psbt_sums *sums, const zc_psbt_plan *plan)
{
    if (sums->unknown > 0 || plan->is_partial) {
        return false;
    }
    return sums->claimed == 0 || plan->proves_amounts ||
           (sums->claimed == 1 && sums->claimed_ours == 1);
}

static bool is_fee_excessive(const zc_btc_tx *tx, uint64_t fee, uint64_t inputs)
{
    uint64_t size = zc_btc_tx_base_size(tx) + (uint64_t)tx->input_count * UNLOCKING_WEIGHT / 4;
    return fee > size * MAX_FEE_RATE || (fee > FREE_FEE && fee > inputs / MAX_FEE_SHARE);
}

/* A script as the address that it is; what has no room stands as its hash. */
static zc_address address_of(zc_slice script, uint64_t *flags)
{
    uint8_t hash[32];
    switch (zc_btc_script_kind_of(script)) {
    case ZC_BTC_P2PKH:
    case ZC_BTC_P2SH:
    case ZC_BTC_P2WPKH:
    case ZC_BTC_P2WSH:
    case ZC_BTC_P2TR:
        break;
    default:
        *flags |= ZC_FLAG_ODD_SCRIPT;
        break;
    }
    if (script.len <= ZC_ADDRESS_MAX) {
        return zc_address_of(script);
    }
    zc_sha256(script, hash);
    return zc_address_of(ZC_SLICE_OF_ARRAY(hash));
}

static zc_result add_movement(zc_intent *intent, zc_movement_kind kind, const zc_address *to,
                              uint64_t amount)
{
    zc_movement movement = {
        .kind = kind,
        .call = ZC_CALL_NONE,
        .asset = zc_asset_id_native(intent->chain_id),
        .from = intent->account,
        .amount = zc_u256_of(amount),
    };
    if (to != NULL) {
        movement.to = *to;
    }
    return zc_intent_add_movement(intent, &movement);
}

static zc_result add_number(zc_intent *intent, const char *label, uint64_t number)
{
    zc_argument *argument;
    ZC_TRY(zc_intent_add_argument(intent, ZC_CALL_NONE, ZC_ARGUMENT_NUMBER, label, &argument));
    argument->number = zc_u256_of(number);
    return ZC_OK;
}

/* What follows OP_RETURN: the data of its push where there is just one. */
static zc_result add_return(zc_intent *intent, zc_slice script)
{
    zc_argument *argument;
    zc_slice rest = zc_slice_of(script.data + 1, script.len - 1);
    zc_reader reader = zc_reader_of(rest);
    uint8_t opcode;
    zc_slice data;
    if (zc_btc_script_next(&reader, &opcode, &data) && zc_reader_left(&reader) == 0 &&
        opcode <= ZC_BTC_OP_PUSHDATA4) {
        rest = data;
    }
    ZC_TRY(zc_intent_add_argument(intent, ZC_CALL_NONE, ZC_ARGUMENT_BYTES, "OP_RETURN", &argument));
    if (rest.len > ZC_ARGUMENT_BYTES_MAX) {
        argument->is_hash = true;
        argument->len = 32;
        zc_sha256(rest, argument->byte);
    } else if (rest.len > 0) {
        argument->len = (uint8_t)rest.len;
        memcpy(argument->byte, rest.data, rest.len);
    }
    return ZC_OK;
}

/* Each output in full, but never more than the inputs that are signed for it hold together. */
static zc_result add_output(zc_intent *intent, const zc_btc_output *output, bool is_change,
                            uint64_t ours)
{
    uint64_t ignored = 0;
    zc_address to = address_of(output->script, is_change ? &ignored : &intent->flags);
    if (is_change) {
        return add_movement(intent, ZC_MOVEMENT_RECEIVE, &to, output->amount);
    }
    if (zc_btc_script_kind_of(output->script) == ZC_BTC_RETURN) {
        ZC_TRY(add_return(intent, output->script));
        if (output->amount == 0) {
            return ZC_OK;
        }
    }
    uint64_t amount = output->amount < ours ? output->amount : ours;
    const zc_u256 more = zc_u256_of(amount);
    ZC_TRY(zc_u256_add(&intent->value, &more, &intent->value));
    if (intent->to.len == 0) {
        intent->to = to;
    }
    return add_movement(intent, ZC_MOVEMENT_OUT, &to, amount);
}

static zc_result add_outputs(const zc_psbt *psbt, const zc_psbt_plan *plan, zc_btc_owner *owner,
                             uint64_t ours, zc_intent *intent)
{
    zc_psbt_change change;
    zc_psbt_change_init(&change, psbt, plan);
    for (size_t i = 0; i < psbt->tx.output_count; i++) {
        bool is_change = zc_psbt_is_change(&change, psbt, i, owner);
        ZC_TRY(add_output(intent, &psbt->tx.outputs[i], is_change, ours));
    }
    return ZC_OK;
}

static zc_result add_fee(const zc_psbt *psbt, const zc_psbt_plan *plan, const zc_psbt_sums *sums,
                         zc_intent *intent)
{
    uint64_t fee = sums->known > sums->outputs ? sums->known - sums->outputs : 0;
    if (!is_fee_proven(sums, plan)) {
        intent->flags |= ZC_FLAG_UNKNOWN_FEE;
    }
    if (is_fee_excessive(&psbt->tx, fee, sums->known)) {
        intent->flags |= ZC_FLAG_EXCESSIVE_FEE;
    }
    fee = fee < sums->ours ? fee : sums->ours;
    intent->max_fee = zc_u256_of(fee);
    return add_movement(intent, ZC_MOVEMENT_FEE, NULL, fee);
}

static zc_result add_arguments(const zc_psbt *psbt, const zc_psbt_plan *plan, zc_intent *intent)
{
    const zc_btc_tx *tx = &psbt->tx;
    ZC_TRY(add_number(intent, "inputs", tx->input_count));
    if (plan->count < tx->input_count) {
        ZC_TRY(add_number(intent, "inputs not signed here", tx->input_count - plan->count));
    }
    if (tx->locktime != 0) {
        ZC_TRY(add_number(intent, "lock time", tx->locktime));
    }
    for (size_t i = 0; plan->is_partial && i < plan->count; i++) {
        if (plan->list[i].sighash_type > ZC_BTC_SIGHASH_ALL) {
            return add_number(intent, "signature hash type", plan->list[i].sighash_type);
        }
    }
    return ZC_OK;
}

static void set_digest(const zc_psbt_plan *plan, zc_intent *intent)
{
    zc_sha256_ctx ctx;
    intent->signatures = (uint32_t)plan->count;
    if (plan->count == 1) {
        memcpy(intent->digest, plan->list[0].digest, sizeof(intent->digest));
        return;
    }
    zc_sha256_init(&ctx);
    for (size_t i = 0; i < plan->count; i++) {
        zc_sha256_update(&ctx, ZC_SLICE_OF_ARRAY(plan->list[i].digest));
    }
    zc_sha256_final(&ctx, intent->digest);
}

static zc_result describe(const zc_psbt *psbt, const zc_psbt_plan *plan, zc_btc_owner *owner,
                          zc_intent *intent)
{
    zc_psbt_sums sums;
    uint64_t ignored = 0;
    ZC_TRY(make_sums(psbt, plan, &sums));
    intent->family = ZC_FAMILY_BITCOIN;
    intent->operation = ZC_OPERATION_TRANSFER;
    intent->has_chain_id = true;
    intent->chain_id = owner->account->chain_id;
    intent->account = address_of(psbt->spent[plan->list[0].input].script, &ignored);
    set_digest(plan, intent);
    if (plan->is_partial) {
        intent->flags |= ZC_FLAG_UNUSUAL_SIGHASH;
    }
    ZC_TRY(add_outputs(psbt, plan, owner, sums.ours, intent));
    ZC_TRY(add_fee(psbt, plan, &sums, intent));
    return add_arguments(psbt, plan, intent);
}

static zc_result decode(zc_slice psbt, const zc_bitcoin_account *account, zc_intent *intent,
                        size_t *ret_offset)
{
    zc_psbt parsed;
    zc_psbt_plan plan;
    zc_btc_owner owner;
    *ret_offset = 0;
    ZC_TRY(zc_btc_owner_init(&owner, account));
    ZC_TRY(zc_psbt_parse(psbt, &parsed, ret_offset));
    ZC_TRY(zc_psbt_resolve(&parsed));
    ZC_TRY(zc_psbt_make_plan(&parsed, &owner, &plan));
    return describe(&parsed, &plan, &owner, intent);
}

zc_result zc_intent_decode_psbt(zc_slice psbt, const zc_bitcoin_account *account,
                                zc_intent *ret_intent, size_t *ret_offset)
{
    size_t ignored;
    zc_intent_reset(ret_intent);
    zc_result result =
        decode(psbt, account, ret_intent, ret_offset != NULL ? ret_offset : &ignored);
    if (!zc_ok(result)) {
        zc_intent_reset(ret_intent);
    }
    return result;
}
