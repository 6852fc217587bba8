/* What signatures still count against limits: who holds how much in which window.
 *
 * A reservation is what can happen at most once in the world: for EVM one (chain, account, nonce),
 * else one (key, digest). It holds at most one charge in each row's window, and counts until the
 * last of them has left. Slots and charges are fixed pools. A binary heap knows the slot that
 * leaves first, so nothing is ever swept.
 *
 * When a pool is used up, the slot that leaves first is forgotten: of those that no longer count
 * first, then of those that do, by (leaves_ms, tie, id). Forgetting touches no window.
 * What was charged stays in the window's buckets until it leaves; only the knowledge is lost that a
 * replacement, or the same digest once more, need not be charged in full.
 *
 * What is forgotten must be the same in a replay that saw only the requests that were allowed. So
 * the order is total, and a charge takes its room from the pool until its slot is charged anew or
 * goes, whether or not its bucket has left meanwhile: looking at a slot changes nothing that
 * counts.
 *
 * The hash is not keyed (the state must be the same everywhere), so a signer can aim at one chain
 * of the table: the cost is bounded by ZC_RESERVATIONS_MAX comparisons. Chains are kept in the
 * order of the ids, and charges in that of the rows. */
#ifndef ZC_POLICY_RESERVATION_H
#define ZC_POLICY_RESERVATION_H

#include "base/u256.h"
#include "intent/intent.h"

#define ZC_RESERVATIONS_MAX 8192
#define ZC_RESERVATION_HEADS 16384
#define ZC_CHARGES_MAX 32768
/* Charges that one reservation may hold at once. */
#define ZC_RESERVATION_MAX_CHARGES 64
_Static_assert(ZC_RESERVATION_MAX_CHARGES <= ZC_CHARGES_MAX,
               "forgetting all others must always make room for one");
/* No slot, no charge. */
#define ZC_RESERVATION_NONE UINT16_MAX
#define ZC_RESERVATION_ID_SIZE 56

typedef struct zc_reservation_id {
    uint8_t byte[ZC_RESERVATION_ID_SIZE];
} zc_reservation_id;

typedef struct zc_charge {
    zc_u256 amount;
    int64_t bucket;    /* of the row's window */
    int64_t leaves_ms; /* when that bucket no longer counts */
    uint16_t row;      /* policy/row.h */
    uint16_t next;     /* of the same reservation, or of the free list */
} zc_charge;

typedef struct zc_reservation {
    int64_t leaves_ms; /* when the last of its charges has left */
    zc_reservation_id id;
    uint8_t digest[32]; /* what was last signed for it… */
    uint32_t principal; /* …for whom… */
    uint8_t key_id[16]; /* …and with which key */
    uint16_t charges;   /* head of its list, by row */
    uint16_t next;      /* in its chain of the hash table, or in the free list */
    uint32_t tie;       /* the nonce, at most 2^32 − 1, or what the digest begins with */
    uint16_t head;      /* of its chain */
} zc_reservation;
_Static_assert(sizeof(zc_reservation) == 128, "a slot is two lines of memory");

/* A slot in the heap, with what it is ordered by: most comparisons need not look at the slot. */
typedef struct zc_reservation_turn {
    int64_t leaves_ms;
    uint32_t tie;
    uint16_t slot;
} zc_reservation_turn;

typedef struct zc_reservations {
    uint16_t count;        /* slots in use: the length of the heap */
    uint16_t charge_count; /* charges in use */
    uint16_t free_slot;    /* head of a list */
    uint16_t free_charge;
    uint16_t fresh_slot; /* slots and charges from here on were never used */
    uint16_t fresh_charge;
    uint16_t head[ZC_RESERVATION_HEADS];
    zc_reservation_turn heap[ZC_RESERVATIONS_MAX];
    uint16_t heap_at[ZC_RESERVATIONS_MAX]; /* of a slot: its place in `heap` */
    zc_reservation slot[ZC_RESERVATIONS_MAX];
    zc_charge charge[ZC_CHARGES_MAX];
} zc_reservations;

void zc_reservations_init(zc_reservations *table);

zc_reservation_id zc_reservation_id_of(const zc_intent *intent, const uint8_t key_id[static 16]);

/* Hints to the processor that these will be looked at soon: the chain of an id, and what is to be
 * forgotten next when the table is full; the second, some time after the first, what hangs on it.
 */
void zc_reservations_expect(const zc_reservations *table, const zc_reservation_id *id);
void zc_reservations_expect_charges(const zc_reservations *table);

/* The slot, or ZC_RESERVATION_NONE: also when all its charges have left by `now_ms`, whereupon it
 * is dropped. */
uint16_t zc_reservations_find(zc_reservations *table, const zc_reservation_id *id, int64_t now_ms);
/* The charge that still counts of a slot (or none) for a row, or ZC_RESERVATION_NONE. */
uint16_t zc_reservations_charge(const zc_reservations *table, uint16_t slot, uint16_t row,
                                int64_t now_ms);
/* How many of the slot's (or none's) charges still count. */
size_t zc_reservations_charges(const zc_reservations *table, uint16_t slot, int64_t now_ms);

/* Frees the slot's charges that no longer count. */
void zc_reservations_trim(zc_reservations *table, uint16_t slot, int64_t now_ms);
/* Forgets slots, the first to leave first but never `keep` (a slot or none), until this many slots
 * and charges are free. They and what `keep` holds must not be more than the pools. */
void zc_reservations_make_room(zc_reservations *table, uint16_t keep, size_t slots, size_t charges);

/* The slot that last signed this digest, or ZC_RESERVATION_NONE. Looks at every slot. */
uint16_t zc_reservations_by_digest(const zc_reservations *table, const uint8_t digest[static 32]);

/* Takes a free slot for an id that has none, for charges of which the last leaves at `leaves_ms`.
 * Room was made. */
uint16_t zc_reservations_open(zc_reservations *table, const zc_reservation_id *id,
                              int64_t leaves_ms);
/* Sets the slot's charge for charge->row: in place of the one it holds, or as one more, for which
 * room was made. */
void zc_reservations_set(zc_reservations *table, uint16_t slot, const zc_charge *charge);

#endif
