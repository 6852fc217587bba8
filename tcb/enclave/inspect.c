/* What the policy's state shows to whoever asks: how much could still move if the host turned
 * hostile now, what is left of limits, who feeds it, what is watched, what was taken away. */
#include "enclave/policy_parts.h"

#include "policy/breaker.h"
#include "policy/source.h"

/* One answer in the making. */
typedef struct zc_listing {
    zc_enclave *enclave;
    zc_writer items;
    uint64_t from;
    uint64_t count;
    uint64_t total;
    bool full;
} zc_listing;

static void put(zc_listing *listing, const zc_policy_item *item)
{
    if (listing->total++ < listing->from || listing->full) {
        return;
    }
    listing->full = !zc_ok(zc_policy_item_write(item, &listing->items));
    listing->count += !listing->full;
}

static zc_slice asset_name(const zc_mission *mission, uint16_t asset)
{
    return zc_slice_of_text(asset == ZC_POLICY_NONE ? mission->reference
                                                    : mission->assets[asset].name);
}

static zc_slice feed_name(const zc_mission *mission, bool has, uint16_t feed)
{
    return zc_slice_of_text(has ? mission->feeds[feed].name : "");
}

/* Only what is spent in slices is bounded by them; an asset without has no line. */
static bool has_slices(const zc_mission *mission, uint16_t asset)
{
    for (size_t i = 0; i < mission->rule_count; i++) {
        const zc_rule *rule = &mission->rules[i];
        bool same =
            asset == ZC_POLICY_NONE ? !rule->has_asset : rule->has_asset && rule->asset == asset;
        if (rule->has_lease && same) {
            return true;
        }
    }
    return false;
}

static void put_radius(zc_listing *listing, uint16_t asset)
{
    zc_enclave *enclave = listing->enclave;
    int64_t until = 0;
    zc_policy_item item = {.asset = asset_name(&enclave->mission, asset)};
    if (!has_slices(&enclave->mission, asset)) {
        return;
    }
    zc_policy_blast(&enclave->policy, &enclave->mission, asset, &item.amount, &until);
    item.time_ms = (uint64_t)until;
    put(listing, &item);
}

static void list_radius(zc_listing *listing)
{
    for (size_t i = 0; i < listing->enclave->mission.asset_count; i++) {
        put_radius(listing, (uint16_t)i);
    }
    put_radius(listing, ZC_POLICY_NONE);
}

static void list_limits(zc_listing *listing)
{
    zc_enclave *enclave = listing->enclave;
    for (size_t i = 0; i < enclave->mission.rule_count; i++) {
        const zc_rule *rule = &enclave->mission.rules[i];
        zc_policy_item item = {
            .name = zc_slice_of_text(rule->name),
            .limit = rule->has_amount ? rule->amount : zc_u256_of(rule->count),
            .asset = rule->has_amount ? asset_name(&enclave->mission,
                                                   rule->has_asset ? rule->asset : ZC_POLICY_NONE)
                                      : zc_slice_of_text(""),
            .feed = feed_name(&enclave->mission, rule->has_feed, rule->feed)};
        bool window = rule->per == ZC_PER_NONE &&
                      zc_ok(zc_policy_headroom(&enclave->policy, &enclave->mission, (uint16_t)i,
                                               &item.amount, &item.leased));
        if (window) {
            put(listing, &item);
        }
    }
}

static void list_feeds(zc_listing *listing)
{
    zc_enclave *enclave = listing->enclave;
    for (size_t i = 0; i < enclave->mission.feed_count; i++) {
        const zc_feed_state *feed = &enclave->policy.sources.feed[i];
        bool fresh = feed->spoke && zc_source_fresh(&enclave->mission, (uint16_t)i, feed->time_ms,
                                                    enclave->now_ms);
        put(listing, &(zc_policy_item){.name = zc_slice_of_text(enclave->mission.feeds[i].name),
                                       .time_ms = feed->spoke ? (uint64_t)feed->time_ms : 0,
                                       .state = fresh});
    }
}

static void list_breakers(zc_listing *listing)
{
    zc_enclave *enclave = listing->enclave;
    for (size_t i = 0; i < enclave->mission.breaker_count; i++) {
        const zc_breaker *breaker = &enclave->mission.breakers[i];
        put(listing, &(zc_policy_item){
                         .name = zc_slice_of_text(breaker->name),
                         .feed = feed_name(&enclave->mission, breaker->has_feed, breaker->feed),
                         .state = enclave->policy.tripped == i,
                         .mode = (uint8_t)breaker->mode});
    }
}

static void list_revoked(zc_listing *listing)
{
    const zc_policy_state *policy = &listing->enclave->policy;
    const zc_mission *mission = &listing->enclave->mission;
    for (size_t i = 0; i < mission->principal_count; i++) {
        if ((policy->revoked_principals >> i & 1) != 0) {
            put(listing, &(zc_policy_item){.name = zc_slice_of_text(mission->principals[i].name),
                                           .state = ZC_REVOKE_PRINCIPAL});
        }
    }
    for (size_t i = 0; i < mission->rule_count; i++) {
        if ((policy->revoked_rules.word[i / 64] >> (i % 64) & 1) != 0) {
            put(listing, &(zc_policy_item){.name = zc_slice_of_text(mission->rules[i].name),
                                           .state = ZC_REVOKE_RULE});
        }
    }
}

uint64_t zc_revoked_count(const zc_enclave *enclave)
{
    uint64_t count = (uint64_t)__builtin_popcountll(enclave->policy.revoked_principals);
    for (size_t i = 0; i < ZC_RULE_WORDS; i++) {
        count += (uint64_t)__builtin_popcountll(enclave->policy.revoked_rules.word[i]);
    }
    return count;
}

zc_result zc_on_policy(zc_enclave *enclave, const zc_message *message)
{
    static void (*const sections[])(zc_listing *) = {[ZC_SECTION_RADIUS] = list_radius,
                                                     [ZC_SECTION_LIMITS] = list_limits,
                                                     [ZC_SECTION_FEEDS] = list_feeds,
                                                     [ZC_SECTION_BREAKERS] = list_breakers,
                                                     [ZC_SECTION_REVOKED] = list_revoked};
    zc_listing listing = {.enclave = enclave,
                          .items = zc_writer_of(enclave->list_bytes, ZC_LIST_BYTES_MAX),
                          .from = message->request->policy.from};
    /* What is over is over, whoever asked last: limits are shown as of now. */
    if (enclave->now_ms > enclave->policy.now_ms) {
        enclave->policy.now_ms = enclave->now_ms;
    }
    sections[message->request->policy.section](&listing);
    zc_reply reply = {.id = message->request->id,
                      .op = ZC_OP_POLICY,
                      .status = ZC_STATUS_OK,
                      .list = {.count = listing.count,
                               .items = zc_writer_written(&listing.items),
                               .total = listing.total}};
    return zc_emit_reply(message->effects, message->session->id, 0, &reply);
}
