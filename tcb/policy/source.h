/* What feeds have said: prices, positions, equity. And what settles reservations.
 *
 *   message = {1: "zcp-feed-v1", 2: feed name, 3: bstr .size 32 / null ; deployment id,
 *              4: sequence, 5: Unix milliseconds, 6: [* item]}
 *   item    = [1, asset name, u256, scale]        ; one whole asset is so much of the reference
 *           / [2, [* [market name, u256]]]        ; all positions, in the reference's base units
 *           / [3, u256]                           ; equity, in the reference's base units
 *           / [4, bstr .size 32, [* [asset name, u256]]] ; of what was signed over this digest, so
 *                                                 ; much was used; of other assets nothing
 *
 * The signature is Ed25519 over the message's bytes, by the feed's key. Only prices may be for any
 * deployment (null). Sequences ascend; times never go backwards; a message that is older than the
 * mission lets it be, or more than ZC_FEED_AHEAD_MS from the future, is refused as a whole. */
#ifndef ZC_POLICY_SOURCE_H
#define ZC_POLICY_SOURCE_H

#include "policy/mission.h"

#define ZC_FEED_MAX_BYTES 65536
#define ZC_FEED_MAX_ITEMS 1024
#define ZC_FEED_AHEAD_MS 10000

/* Each number with the time at which it held. */
typedef struct zc_feed_state {
    bool spoke;
    uint64_t sequence;
    int64_t time_ms;
    bool has_positions;
    int64_t positions_ms;
    bool has_equity;
    int64_t equity_ms;
    zc_u256 equity;
} zc_feed_state;

typedef struct zc_price_state {
    bool known;
    uint8_t scale;
    int64_t time_ms;
    zc_u256 price;
} zc_price_state;

typedef struct zc_sources {
    zc_feed_state feed[ZC_MISSION_MAX_FEEDS];
    zc_price_state price[ZC_MISSION_MAX_ASSETS];
    zc_u256 position[ZC_MISSION_MAX_FEEDS][ZC_MISSION_MAX_MARKETS];
} zc_sources;

/* Whether something said at `time_ms` is young enough to decide by. */
bool zc_source_fresh(const zc_mission *mission, uint16_t feed, int64_t time_ms, int64_t now_ms);

#endif
