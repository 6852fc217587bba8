/* What signatures still count against limits: who holds how much in which window.
 *
 * A reservation is what can happen at most once in the world: for EVM one (chain, account, nonce),
 * else one (key, digest). It holds at most one charge in each rule's window. Slots and charges are
 * fixed pools; a slot is free again when all its charges have left their windows. A binary heap
 * knows the slot that leaves first, so nothing is ever swept.
 *
 * The hash is not keyed (the state must be the same everywhere), so a signer can aim at one chain
 * of the table: the cost is bounded by ZC_RESERVATIONS_MAX comparisons. Chains are kept in the
 * order of the ids, and charges in that of the rules, so the table's reading order does not depend
 * on how it was filled. */
#ifndef ZC_POLICY_RESERVATION_H
#define ZC_POLICY_RESERVATION_H

#include "base/u256.h"
#include "intent/intent.h"

#define ZC_RESERVATIONS_MAX 8192
#define ZC_RESERVATION_HEADS 16384
#define ZC_CHARGES_MAX 32768
/* Charges that one reservation may hold at once. */
#define ZC_RESERVATION_MAX_CHARGES 64
/* No slot, no charge. */
#define ZC_RESERVATION_NONE UINT16_MAX
#define ZC_RESERVATION_ID_SIZE 56

typedef struct zc_reservation_id {
    uint8_t byte[ZC_RESERVATION_ID_SIZE];
} zc_reservation_id;

typedef struct zc_charge {
    zc_u256 amount;
    int64_t bucket;    /* of the rule's window */
    int64_t leaves_ms; /* when that bucket no longer counts */
    uint16_t rule;
    uint16_t next; /* of the same reservation, or of the free list */
} zc_charge;

typedef struct zc_reservation {
    zc_reservation_id id;
    uint8_t digest[32];    /* what was last signed for it */
    int64_t leaves_ms;     /* when the last of its charges has left */
    uint16_t charges;      /* head of its list, by rule */
    uint16_t charge_count; /* length of that list */
    uint16_t next;         /* in its chain of the hash table, or in the free list */
    uint16_t heap_at;      /* its place in `heap` */
} zc_reservation;

typedef struct zc_reservations {
    uint16_t count;        /* slots in use: the length of the heap */
    uint16_t charge_count; /* charges in use */
    uint16_t free_slot;    /* head of a list */
    uint16_t free_charge;
    uint16_t fresh_slot; /* slots and charges from here on were never used */
    uint16_t fresh_charge;
    uint16_t head[ZC_RESERVATION_HEADS];
    uint16_t heap[ZC_RESERVATIONS_MAX];
    zc_reservation slot[ZC_RESERVATIONS_MAX];
    zc_charge charge[ZC_CHARGES_MAX];
} zc_reservations;

void zc_reservations_init(zc_reservations *table);

zc_reservation_id zc_reservation_id_of(const zc_intent *intent, const uint8_t key_id[static 16]);

/* The slot, or ZC_RESERVATION_NONE. Charges that have left by `now_ms` are dropped from it, and
 * with the last of them the slot. */
uint16_t zc_reservations_find(zc_reservations *table, const zc_reservation_id *id, int64_t now_ms);
/* The charge that a slot (or none) holds for a rule, or ZC_RESERVATION_NONE. */
uint16_t zc_reservations_charge(const zc_reservations *table, uint16_t slot, uint16_t rule);

/* Frees slots whose charges have all left, until this many slots and charges are free or no more
 * has left. Returns whether they are free. */
bool zc_reservations_make_room(zc_reservations *table, int64_t now_ms, size_t slots,
                               size_t charges);

/* Takes a free slot for an id that has none, for charges of which the last leaves at `leaves_ms`.
 * Room was made. */
uint16_t zc_reservations_open(zc_reservations *table, const zc_reservation_id *id,
                              int64_t leaves_ms);
/* Sets the slot's charge for charge->rule: in place of the one it holds, or as one more, for which
 * room was made. */
void zc_reservations_set(zc_reservations *table, uint16_t slot, const zc_charge *charge);

#endif
