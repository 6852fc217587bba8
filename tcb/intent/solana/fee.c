#include "intent/solana/instruction.h"

#define LAMPORTS_PER_SIGNATURE 5000
#define MAX_COMPUTE_UNITS 1400000
#define MICRO 1000000
/* A tenth of a SOL: a thousand times what a hurried transaction pays. */
#define EXCESSIVE_LAMPORTS 100000000

/* Limit times price, rounded up to whole lamports. */
static zc_result priority_fee(const zc_solana_budget *budget, zc_u256 *ret_fee)
{
    uint64_t limit = budget->has_limit ? budget->limit : budget->default_limit;
    const zc_u256 price = zc_u256_of(budget->price);
    zc_u256 micro;
    zc_u256 fee;
    uint64_t rest;
    limit = limit < MAX_COMPUTE_UNITS ? limit : MAX_COMPUTE_UNITS;
    ZC_TRY(zc_u256_mul_u64(&price, limit, &micro));
    ZC_TRY(zc_u256_div_u64(&micro, MICRO, &fee, &rest));
    const zc_u256 up = zc_u256_of(rest != 0 ? 1 : 0);
    return zc_u256_add(&fee, &up, ret_fee);
}

zc_result zc_solana_add_fee(zc_solana_reading *reading)
{
    zc_intent *intent = reading->intent;
    const uint64_t signatures =
        (uint64_t)reading->message->required + reading->budget.extra_signatures;
    const zc_u256 base = zc_u256_of(signatures * LAMPORTS_PER_SIGNATURE);
    const zc_u256 excessive = zc_u256_of(EXCESSIVE_LAMPORTS);
    zc_u256 priority;
    ZC_TRY(priority_fee(&reading->budget, &priority));
    ZC_TRY(zc_u256_add(&base, &priority, &intent->max_fee));
    if (zc_u256_cmp(&intent->max_fee, &excessive) > 0) {
        intent->flags |= ZC_FLAG_EXCESSIVE_FEE;
    }
    const zc_movement fee = {
        .kind = ZC_MOVEMENT_FEE,
        .call = ZC_CALL_NONE,
        .asset = zc_asset_id_native(ZC_CHAIN_SOLANA),
        .from = zc_address_of(zc_solana_key(reading->message, 0)),
        .amount = intent->max_fee,
    };
    return zc_intent_add_movement(intent, &fee);
}
