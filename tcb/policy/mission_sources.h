/* Whose word the enclave takes, how assets and markets are valued by it, by which clocks days
 * begin, and what stops signing by itself. */
#ifndef ZC_POLICY_MISSION_SOURCES_H
#define ZC_POLICY_MISSION_SOURCES_H

#include <stdbool.h>

#include "base/u256.h"
#include "intent/intent.h"
#include "policy/mission_bounds.h"

typedef enum zc_says {
    ZC_SAYS_PRICES = 1,
    ZC_SAYS_POSITIONS = 2,
    ZC_SAYS_EQUITY = 4,
    ZC_SAYS_SETTLEMENTS = 8,
} zc_says;
#define ZC_SAYS_KNOWN 15u

/* What goes on while risk is stopped, as far as the rules allow it. */
typedef enum zc_pass {
    ZC_PASS_CANCELS = 1,
    ZC_PASS_REDUCTIONS = 2, /* orders that the venue itself holds to reducing a position */
} zc_pass;
#define ZC_PASS_KNOWN 3u

/* How much an enclave still does. */
typedef enum zc_mode {
    ZC_MODE_NORMAL = 0,
    ZC_MODE_REDUCE_ONLY = 1, /* cancels and reductions */
    ZC_MODE_HALTED = 2,      /* what the mission lets pass */
} zc_mode;

/* What a breaker watches. X(NAME, number, name) */
#define ZC_TRIPS(X)                                                                                \
    X(DENIALS, 1, "denials")        /* more than `count` denials within the window */              \
    X(LOSS, 2, "loss")              /* equity fell by more than `amount` within the window */      \
    X(DRAWDOWN, 3, "drawdown")      /* equity is more than `count` basis points below its peak */  \
    X(UNACKED, 4, "unacknowledged") /* more than `count` log entries are not acknowledged */       \
    X(STALE, 5, "stale-feed")       /* the feed's last word is older than the window */            \
    X(CLOCK, 6, "clock-step")       /* the clock moved more than the window beside the machine's   \
                                       own counter */

typedef enum zc_trip {
#define ZC_DECLARE_TRIP(name, number, text) ZC_TRIP_##name = (number),
    ZC_TRIPS(ZC_DECLARE_TRIP)
#undef ZC_DECLARE_TRIP
} zc_trip;
#define ZC_TRIP_KINDS 7

typedef struct zc_feed {
    char name[ZC_MISSION_NAME_SIZE];
    uint8_t pubkey[32];
    uint32_t says; /* zc_says bits */
    uint32_t oldest_s;
} zc_feed;

typedef struct zc_market {
    char name[ZC_MISSION_NAME_SIZE];
    char symbol[ZC_ORDER_NAME_SIZE];
    uint64_t chain_id; /* of the venue */
    uint16_t asset;    /* in which prices are */
    uint8_t scale;
    bool has_base;
    uint16_t base;      /* the asset that is traded: what orders without a price are valued by */
    zc_u256 multiplier; /* × 10^-scale: how much of the base one unit of quantity is */
} zc_market;

typedef struct zc_price {
    uint16_t asset;
    bool has_feed;
    bool has_fixed;
    uint16_t feed;
    uint32_t haircut_bps;
    zc_u256 fixed;
} zc_price;

typedef struct zc_transition {
    int64_t at_s;
    int32_t offset_s;
} zc_transition;

typedef struct zc_zone {
    char name[ZC_MISSION_NAME_SIZE];
    int32_t offset_s;
    uint16_t count;
    uint16_t first;
} zc_zone;

typedef struct zc_breaker {
    char name[ZC_MISSION_NAME_SIZE];
    zc_trip trip;
    zc_mode mode;
    bool has_feed;
    uint16_t feed;
    uint32_t window_s;
    uint32_t count;
    zc_u256 amount;
} zc_breaker;

/* NULL for a number that is none. */
const char *zc_trip_name(zc_trip trip);

#endif
