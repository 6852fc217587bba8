#include "policy/review.h"

#include <string.h>

#include "codec/cbor.h"
#include "crypto/hash.h"
#include "crypto/verify.h"
#include "policy/exposure.h"
#include "policy/score.h"

zc_result zc_approval_write(const uint8_t deployment_id[static 32], const uint8_t leaf[static 32],
                            const uint8_t mission_hash[static 32], int64_t expires_ms,
                            zc_writer *writer)
{
    zc_writer at = *writer;
    ZC_TRY(zc_cbor_put_map(&at, 5));
    ZC_TRY(zc_cbor_put_uint(&at, 1));
    ZC_TRY(zc_cbor_put_text(&at, zc_slice_of_text("zcp-approval-v1")));
    ZC_TRY(zc_cbor_put_uint(&at, 2));
    ZC_TRY(zc_cbor_put_bytes(&at, zc_slice_of(deployment_id, 32)));
    ZC_TRY(zc_cbor_put_uint(&at, 3));
    ZC_TRY(zc_cbor_put_bytes(&at, zc_slice_of(leaf, 32)));
    ZC_TRY(zc_cbor_put_uint(&at, 4));
    ZC_TRY(zc_cbor_put_bytes(&at, zc_slice_of(mission_hash, 32)));
    ZC_TRY(zc_cbor_put_uint(&at, 5));
    ZC_TRY(zc_cbor_put_int(&at, expires_ms));
    *writer = at;
    return ZC_OK;
}

static void hash_text(zc_sha256_ctx *hash, const char *text, size_t size)
{
    uint8_t len = (uint8_t)strnlen(text, size);
    zc_sha256_update(hash, zc_slice_of(&len, 1));
    zc_sha256_update(hash, zc_slice_of(text, len));
}

static void hash_decimal(zc_sha256_ctx *hash, const zc_decimal *decimal)
{
    uint8_t bytes[34] = {decimal->present, decimal->scale};
    zc_u256_to_be(&decimal->units, bytes + 2);
    zc_sha256_update(hash, ZC_SLICE_OF_ARRAY(bytes));
}

/* All that an order must have in common with the one that was approved; of anything else its
 * digest. */
static void envelope_of(const zc_intent *intent, uint8_t ret_envelope[static 32])
{
    const zc_order *order = &intent->order;
    if (!intent->has_order) {
        memcpy(ret_envelope, intent->digest, 32);
        return;
    }
    const uint8_t kinds[] = {(uint8_t)intent->operation, (uint8_t)order->venue,
                             (uint8_t)order->side,       (uint8_t)order->type,
                             (uint8_t)order->tif,        order->reduce_only,
                             order->post_only,           order->test_network};
    zc_sha256_ctx hash;
    zc_sha256_init(&hash);
    zc_sha256_update(&hash, zc_slice_of_text("zcp-envelope-v1"));
    zc_sha256_update(&hash, ZC_SLICE_OF_ARRAY(kinds));
    hash_text(&hash, order->account, sizeof order->account);
    hash_text(&hash, order->market, sizeof order->market);
    hash_text(&hash, order->order_id, sizeof order->order_id);
    hash_text(&hash, order->asset, sizeof order->asset);
    hash_decimal(&hash, &order->amount);
    hash_text(&hash, order->network, sizeof order->network);
    hash_text(&hash, order->to, sizeof order->to);
    hash_text(&hash, order->tag, sizeof order->tag);
    hash_text(&hash, order->call, sizeof order->call);
    zc_sha256_final(&hash, ret_envelope);
}

/* The number × 10^30, so that two of them compare. */
static bool scaled(const zc_decimal *decimal, zc_u256 *ret_units)
{
    zc_u256 units = decimal->units;
    for (unsigned i = decimal->scale; i < ZC_DECIMAL_MAX_SCALE; i++) {
        if (!zc_ok(zc_u256_mul_u64(&units, 10, &units))) {
            return false;
        }
    }
    *ret_units = units;
    return true;
}

static bool not_more(const zc_decimal *asked, const zc_decimal *approved)
{
    zc_u256 a = ZC_U256_ZERO;
    zc_u256 b = ZC_U256_ZERO;
    return asked->present == approved->present && scaled(asked, &a) && scaled(approved, &b) &&
           zc_u256_cmp(&a, &b) <= 0;
}

static bool near(const zc_decimal *asked, const zc_decimal *approved, uint32_t range_bps)
{
    zc_u256 a = ZC_U256_ZERO;
    zc_u256 b = ZC_U256_ZERO;
    zc_u256 apart = ZC_U256_ZERO;
    if (asked->present != approved->present || !scaled(asked, &a) || !scaled(approved, &b)) {
        return false;
    }
    if (!zc_ok(zc_u256_sub(&a, &b, &apart)) && !zc_ok(zc_u256_sub(&b, &a, &apart))) {
        return false;
    }
    zc_u256 range = zc_exposure_share(&b, range_bps);
    return zc_u256_cmp(&apart, &range) <= 0;
}

static bool same_request(const zc_review *review, const zc_request_context *context,
                         const uint8_t envelope[static 32])
{
    return review->in_use && review->principal == context->principal &&
           review->use == context->use &&
           memcmp(review->key_id, context->key_id, sizeof review->key_id) == 0 &&
           memcmp(review->envelope, envelope, sizeof review->envelope) == 0;
}

static bool within(const zc_review *review, const zc_intent *intent, uint32_t range_bps)
{
    const zc_order *order = &intent->order;
    return !intent->has_order || (not_more(&order->quantity, &review->quantity) &&
                                  not_more(&order->quote_quantity, &review->quote_quantity) &&
                                  near(&order->price, &review->price, range_bps) &&
                                  near(&order->trigger_price, &review->trigger_price, range_bps));
}

/* How many of the panel have approved; whether that is enough. */
static bool enough(const zc_policy_state *state, const zc_mission *mission, const zc_review *review,
                   const zc_panel *panel, uint32_t *ret_have)
{
    uint32_t have = 0;
    uint32_t organisations = 0;
    uint64_t counted = 0;
    for (size_t i = 0; i < mission->principal_count; i++) {
        bool says_yes =
            ((review->approved & panel->principals & ~state->revoked_principals) >> i & 1) != 0 &&
            review->expires_ms[i] > state->now_ms;
        if (!says_yes) {
            continue;
        }
        bool seen = false;
        for (size_t j = 0; j < i; j++) {
            seen = seen ||
                   ((counted >> j & 1) != 0 && strcmp(mission->principals[i].organisation,
                                                      mission->principals[j].organisation) == 0);
        }
        counted |= UINT64_C(1) << i;
        organisations += !seen;
        have++;
    }
    *ret_have = have;
    return have >= panel->needed && organisations >= panel->organisations;
}

/* The first REVIEW rule that this review does not satisfy, or ZC_POLICY_NONE. */
static zc_review_answer hold_against_rules(const zc_policy_state *state,
                                           const zc_question *question, const zc_review *review)
{
    zc_review_answer answer = {.rule = ZC_POLICY_NONE, .review = ZC_POLICY_NONE};
    zc_rule_set rules;
    uint16_t at = 0;
    zc_scope_station(question, ZC_STATION_REVIEW, &rules);
    while (zc_rule_set_take(&rules, &at)) {
        const zc_rule *rule = &question->mission->rules[at];
        if (!zc_score_wants_review(state, rule) || !zc_scope_touches(question, rule) ||
            !zc_scope_conditions(question, rule)) {
            continue;
        }
        bool fits = review != NULL && within(review, question->intent, rule->panel.range_bps);
        answer.have = 0;
        answer.needed = rule->panel.needed;
        if (!fits || !enough(state, question->mission, review, &rule->panel, &answer.have)) {
            answer.rule = at;
            return answer;
        }
        answer.review = (uint16_t)(review - state->reviews);
    }
    return answer;
}

zc_review_answer zc_review_ask(const zc_policy_state *state, const zc_question *question)
{
    zc_review_answer first = hold_against_rules(state, question, NULL);
    if (first.rule == ZC_POLICY_NONE) {
        return first;
    }
    uint8_t envelope[32];
    bool met = false;
    envelope_of(question->intent, envelope);
    for (size_t i = 0; i < ZC_REVIEWS_MAX; i++) {
        if (!same_request(&state->reviews[i], question->context, envelope)) {
            continue;
        }
        zc_review_answer answer = hold_against_rules(state, question, &state->reviews[i]);
        if (answer.rule == ZC_POLICY_NONE) {
            return answer;
        }
        first = met ? first : answer;
        met = true;
    }
    return first;
}

void zc_review_use(zc_policy_state *state, uint16_t review)
{
    state->reviews[review].in_use = false;
}

/* How long a review is kept: as long as an approval of any panel can live, twice. */
static int64_t longest_ms(const zc_mission *mission)
{
    int64_t longest = 0;
    for (size_t i = 0; i < mission->rule_count; i++) {
        const zc_rule *rule = &mission->rules[i];
        int64_t valid = rule->has_panel ? (int64_t)rule->panel.valid_s * 2000 : 0;
        longest = valid > longest ? valid : longest;
    }
    return longest;
}

static bool same_decimal(const zc_decimal *a, const zc_decimal *b)
{
    return a->present == b->present && a->scale == b->scale && zc_u256_eq(&a->units, &b->units);
}

static bool same_numbers(const zc_review *review, const zc_order *order)
{
    return same_decimal(&review->price, &order->price) &&
           same_decimal(&review->trigger_price, &order->trigger_price) &&
           same_decimal(&review->quantity, &order->quantity) &&
           same_decimal(&review->quote_quantity, &order->quote_quantity);
}

/* A place for a new review: a free one, else the oldest of those that are too old. */
static zc_review *place_for(zc_policy_state *state, const zc_mission *mission)
{
    zc_review *oldest = NULL;
    int64_t longest = longest_ms(mission);
    for (size_t i = 0; i < ZC_REVIEWS_MAX; i++) {
        zc_review *review = &state->reviews[i];
        if (!review->in_use) {
            return review;
        }
        bool gone = state->now_ms - review->created_ms > longest;
        if (gone && (oldest == NULL || review->created_ms < oldest->created_ms)) {
            oldest = review;
        }
    }
    return oldest;
}

uint16_t zc_policy_held(const zc_policy_state *state, const zc_request_context *context,
                        const zc_intent *intent)
{
    uint8_t envelope[32];
    envelope_of(intent, envelope);
    for (uint16_t i = 0; i < ZC_REVIEWS_MAX; i++) {
        if (same_request(&state->reviews[i], context, envelope) &&
            same_numbers(&state->reviews[i], &intent->order)) {
            return i;
        }
    }
    return ZC_POLICY_NONE;
}

zc_result zc_policy_hold(zc_policy_state *state, const zc_mission *mission,
                         const zc_request_context *context, const zc_intent *intent,
                         const uint8_t leaf[static 32])
{
    uint8_t envelope[32];
    envelope_of(intent, envelope);
    if (context->now_ms > state->now_ms) {
        state->now_ms = context->now_ms;
    }
    if (zc_policy_held(state, context, intent) != ZC_POLICY_NONE) {
        return ZC_OK;
    }
    zc_review *review = place_for(state, mission);
    if (review == NULL) {
        return zc_fail(ZC_POLICY_REVIEWS_FULL);
    }
    memset(review, 0, sizeof *review);
    review->in_use = true;
    review->principal = context->principal;
    review->use = context->use;
    review->created_ms = state->now_ms;
    review->price = intent->order.price;
    review->trigger_price = intent->order.trigger_price;
    review->quantity = intent->order.quantity;
    review->quote_quantity = intent->order.quote_quantity;
    memcpy(review->leaf, leaf, sizeof review->leaf);
    memcpy(review->envelope, envelope, sizeof envelope);
    memcpy(review->key_id, context->key_id, sizeof review->key_id);
    return ZC_OK;
}

static zc_review *review_of(zc_policy_state *state, const uint8_t leaf[static 32])
{
    for (size_t i = 0; i < ZC_REVIEWS_MAX; i++) {
        if (state->reviews[i].in_use && memcmp(state->reviews[i].leaf, leaf, 32) == 0) {
            return &state->reviews[i];
        }
    }
    return NULL;
}

/* The longest that an approval by this principal may live, of any rule's panel; 0 when it sits on
 * none. */
static int64_t longest_of(const zc_mission *mission, uint32_t principal)
{
    int64_t longest = 0;
    for (size_t i = 0; i < mission->rule_count; i++) {
        const zc_rule *rule = &mission->rules[i];
        bool sits = rule->has_panel && ((rule->panel.principals >> principal) & 1) != 0;
        int64_t valid = sits ? (int64_t)rule->panel.valid_s * 1000 : 0;
        longest = valid > longest ? valid : longest;
    }
    return longest;
}

zc_result zc_policy_approve(zc_policy_state *state, const zc_mission *mission,
                            const uint8_t deployment_id[static 32],
                            const uint8_t mission_hash[static 32], const zc_approval *approval,
                            int64_t now_ms)
{
    uint8_t message[ZC_APPROVAL_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(message);
    if (now_ms > state->now_ms) {
        state->now_ms = now_ms;
    }
    zc_review *review = review_of(state, approval->leaf);
    if (review == NULL) {
        return zc_fail(ZC_POLICY_APPROVAL_UNKNOWN);
    }
    if (approval->principal >= mission->principal_count ||
        approval->principal == review->principal ||
        ((state->revoked_principals >> approval->principal) & 1) != 0 ||
        longest_of(mission, approval->principal) == 0) {
        return zc_fail(ZC_POLICY_APPROVAL_PRINCIPAL);
    }
    bool lives = approval->expires_ms > state->now_ms &&
                 approval->expires_ms - state->now_ms <= longest_of(mission, approval->principal);
    if (!lives) {
        return zc_fail(ZC_POLICY_APPROVAL_EXPIRY);
    }
    ZC_TRY(zc_approval_write(deployment_id, approval->leaf, mission_hash, approval->expires_ms,
                             &writer));
    if (!zc_ok(zc_verify_ed25519(mission->principals[approval->principal].pubkey,
                                 zc_writer_written(&writer), approval->signature))) {
        return zc_fail(ZC_POLICY_APPROVAL_SIGNATURE);
    }
    review->approved |= UINT64_C(1) << approval->principal;
    review->expires_ms[approval->principal] = approval->expires_ms;
    return ZC_OK;
}
