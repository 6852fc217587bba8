#include <string.h>

#include "crypto/hash.h"
#include "policy/charge.h"
#include "policy/policy.h"

static void put_u64(zc_sha256_ctx *hash, uint64_t value)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(value >> (56 - 8 * i));
    }
    zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(bytes));
}

static void put_u256(zc_sha256_ctx *hash, const zc_u256 *value)
{
    uint8_t bytes[32];
    zc_u256_to_be(value, bytes);
    zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(bytes));
}

/* The buckets that count at `now_ms` and hold something. The window itself may not have been
 * advanced so far. */
static void put_window(zc_sha256_ctx *hash, size_t rule, const zc_window *window, int64_t now_ms)
{
    int64_t oldest = zc_window_oldest_at(window, now_ms);
    int64_t from = oldest > window->oldest ? oldest : window->oldest;
    for (int64_t b = from; b <= window->newest; b++) {
        const zc_u256 *amount = &window->bucket[(uint64_t)b % ZC_WINDOW_BUCKETS];
        if (!zc_u256_is_zero(amount)) {
            put_u64(hash, rule);
            put_u64(hash, (uint64_t)b);
            put_u256(hash, amount);
        }
    }
}

/* With the charges that no longer count: they take room, so they decide what is forgotten when. */
static void put_reservation(zc_sha256_ctx *hash, const zc_reservations *table,
                            const zc_reservation *slot)
{
    zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(slot->id.byte));
    zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(slot->digest));
    for (uint16_t at = slot->charges; at != ZC_RESERVATION_NONE; at = table->charge[at].next) {
        const zc_charge *charge = &table->charge[at];
        put_u64(hash, charge->rule);
        put_u64(hash, (uint64_t)charge->bucket);
        put_u256(hash, &charge->amount);
    }
    put_u64(hash, UINT64_MAX);
}

void zc_policy_digest(const zc_policy_state *state, const zc_mission *mission,
                      uint8_t ret_digest[static 32])
{
    const zc_reservations *table = &state->reservations;
    zc_sha256_ctx hash;
    zc_sha256_init(&hash);
    zc_sha256_update(&hash, zc_slice_of_text("zcp-policy-state-v1"));
    put_u64(&hash, (uint64_t)state->now_ms);
    for (size_t i = 0; i < mission->rule_count; i++) {
        if (zc_rule_has_window(&mission->rules[i])) {
            put_window(&hash, i, &state->windows[i], state->now_ms);
        }
    }
    put_u64(&hash, UINT64_MAX);
    for (size_t i = 0; i < ZC_RESERVATION_HEADS; i++) {
        for (uint16_t at = table->head[i]; at != ZC_RESERVATION_NONE; at = table->slot[at].next) {
            if (table->slot[at].leaves_ms > state->now_ms) {
                put_reservation(&hash, table, &table->slot[at]);
            }
        }
    }
    zc_sha256_final(&hash, ret_digest);
}
