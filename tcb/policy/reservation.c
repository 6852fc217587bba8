#include "policy/reservation.h"

#include <string.h>

#define NONE ZC_RESERVATION_NONE

/* Only these are written: slots and charges are taken from untouched memory one by one. */
void zc_reservations_init(zc_reservations *table)
{
    table->count = 0;
    table->charge_count = 0;
    table->free_slot = NONE;
    table->free_charge = NONE;
    table->fresh_slot = 0;
    table->fresh_charge = 0;
    memset(table->head, 0xff, sizeof table->head);
}

static uint8_t *put_u64(uint8_t *at, uint64_t value)
{
    for (int i = 0; i < 8; i++) {
        *at++ = (uint8_t)(value >> (56 - 8 * i));
    }
    return at;
}

/* An id is OF_NONCE, whether there is a chain, the chain, the account and the nonce; or OF_DIGEST,
 * the key and the digest. */
enum { OF_NONCE = 1, OF_DIGEST = 2, NONCE_AT = 30, DIGEST_AT = 17 };

zc_reservation_id zc_reservation_id_of(const zc_intent *intent, const uint8_t key_id[static 16])
{
    zc_reservation_id id = {{0}};
    uint8_t *at = id.byte;
    /* Typed data has no nonce that the chain would let only one of two use. */
    bool replaceable = intent->family == ZC_FAMILY_EVM && !zc_u256_is_zero(&intent->gas_limit) &&
                       intent->account.len == ZC_EVM_ADDRESS_SIZE;
    if (!replaceable) {
        *at++ = OF_DIGEST;
        memcpy(at, key_id, 16);
        memcpy(at + 16, intent->digest, sizeof intent->digest);
        return id;
    }
    *at++ = OF_NONCE;
    *at++ = intent->has_chain_id ? 1 : 0;
    at = put_u64(at, intent->has_chain_id ? intent->chain_id : 0);
    memcpy(at, intent->account.byte, ZC_EVM_ADDRESS_SIZE);
    put_u64(at + ZC_EVM_ADDRESS_SIZE, intent->nonce);
    return id;
}

static size_t head_of(const zc_reservation_id *id)
{
    static const uint64_t odd[ZC_RESERVATION_ID_SIZE / 8] = {
        UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xbf58476d1ce4e5b9), UINT64_C(0x94d049bb133111eb),
        UINT64_C(0xd6e8feb86659fd93), UINT64_C(0xa0761d6478bd642f), UINT64_C(0xe7037ed1a0b428db),
        UINT64_C(0x8ebc6af09c88c6e3)};
    uint64_t hash = 0;
    for (size_t i = 0; i < ZC_RESERVATION_ID_SIZE / 8; i++) {
        uint64_t word = 0;
        memcpy(&word, id->byte + 8 * i, sizeof word);
        hash += word * odd[i]; /* none waits for the one before */
    }
    hash = (hash ^ (hash >> 32)) * odd[0];
    return (size_t)((hash >> 32) % ZC_RESERVATION_HEADS);
}

static uint64_t take_number(const uint8_t *at, int len)
{
    uint64_t number = 0;
    for (int i = 0; i < len; i++) {
        number = number << 8 | at[i];
    }
    return number;
}

/* What mostly tells two ids apart, in four bytes. */
static uint32_t tie_of(const zc_reservation_id *id)
{
    if (id->byte[0] != OF_NONCE) {
        return (uint32_t)take_number(id->byte + DIGEST_AT, 4);
    }
    uint64_t nonce = take_number(id->byte + NONCE_AT, 8);
    return nonce < UINT32_MAX ? (uint32_t)nonce : UINT32_MAX;
}

/* The heap: slots by when they leave, the first on top; equals by tie and then by the id, so that
 * the order depends on nothing else. */

/* Without branches but for the last, which nearly never comes: nobody can guess the outcome. */
static bool leaves_before(const zc_reservations *table, const zc_reservation_turn *a,
                          const zc_reservation_turn *b)
{
    bool together = a->leaves_ms == b->leaves_ms;
    if (together & (a->tie == b->tie)) {
        return memcmp(table->slot[a->slot].id.byte, table->slot[b->slot].id.byte,
                      ZC_RESERVATION_ID_SIZE) < 0;
    }
    return (a->leaves_ms < b->leaves_ms) | (together & (a->tie < b->tie));
}

static void heap_put(zc_reservations *table, size_t at, const zc_reservation_turn *turn)
{
    table->heap[at] = *turn;
    table->heap_at[turn->slot] = (uint16_t)at;
}

/* The four grandchildren of the siblings `child` and the next, and their children: they are asked
 * for before it is known which of them is needed. */
static void fetch_below(const zc_reservations *table, size_t child)
{
    size_t first = 4 * child + 3;
    if (first + 7 < table->count) {
        __builtin_prefetch(&table->heap[first]);
        __builtin_prefetch(&table->heap[first + 4]);
        __builtin_prefetch(&table->heap[first + 7]);
    }
}

/* Moves the slot at `at` to where it belongs: down the path of the first children to the bottom,
 * and back up as far as it must. What is moved mostly leaves late, so the way up is short, and the
 * way down is spared the comparison with it. At most 2 log2(ZC_RESERVATIONS_MAX) steps. */
static void heap_settle(zc_reservations *table, size_t at)
{
    const zc_reservation_turn moved = table->heap[at];
    for (size_t child = 2 * at + 1; child < table->count; child = 2 * at + 1) {
        fetch_below(table, child);
        if (child + 1 < table->count) {
            child += leaves_before(table, &table->heap[child + 1], &table->heap[child]);
        }
        heap_put(table, at, &table->heap[child]);
        at = child;
    }
    while (at > 0 && leaves_before(table, &moved, &table->heap[(at - 1) / 2])) {
        heap_put(table, at, &table->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    heap_put(table, at, &moved);
}

/* Puts the slot, as it is now, at this place and from there to where it belongs. */
static void heap_enter(zc_reservations *table, size_t at, uint16_t slot)
{
    const zc_reservation *reservation = &table->slot[slot];
    const zc_reservation_turn turn = {
        .leaves_ms = reservation->leaves_ms, .tie = reservation->tie, .slot = slot};
    heap_put(table, at, &turn);
    heap_settle(table, at);
}

static void heap_remove(zc_reservations *table, uint16_t slot)
{
    size_t at = table->heap_at[slot];
    const zc_reservation_turn last = table->heap[--table->count];
    if (last.slot != slot) {
        heap_put(table, at, &last);
        heap_settle(table, at);
    }
}

static void free_charge(zc_reservations *table, uint16_t charge)
{
    table->charge[charge].next = table->free_charge;
    table->free_charge = charge;
    table->charge_count--;
}

/* Where the link to the first slot of the chain stands whose id is not below `id`. */
static uint16_t *link_of(zc_reservations *table, size_t head, const zc_reservation_id *id)
{
    uint16_t *link = &table->head[head];
    while (*link != NONE && memcmp(table->slot[*link].id.byte, id->byte, sizeof id->byte) < 0) {
        link = &table->slot[*link].next;
    }
    return link;
}

void zc_reservations_trim(zc_reservations *table, uint16_t slot, int64_t now_ms)
{
    uint16_t *link = &table->slot[slot].charges;
    while (*link != NONE) {
        uint16_t charge = *link;
        if (table->charge[charge].leaves_ms > now_ms) {
            link = &table->charge[charge].next;
            continue;
        }
        *link = table->charge[charge].next;
        free_charge(table, charge);
    }
}

static void free_slot(zc_reservations *table, uint16_t slot)
{
    zc_reservation *reservation = &table->slot[slot];
    zc_reservations_trim(table, slot, INT64_MAX);
    heap_remove(table, slot);
    *link_of(table, reservation->head, &reservation->id) = reservation->next;
    reservation->next = table->free_slot;
    table->free_slot = slot;
}

static bool is_full(const zc_reservations *table)
{
    return table->count == ZC_RESERVATIONS_MAX ||
           table->charge_count + ZC_RESERVATION_MAX_CHARGES > ZC_CHARGES_MAX;
}

void zc_reservations_expect(const zc_reservations *table, const zc_reservation_id *id)
{
    __builtin_prefetch(&table->head[head_of(id)]);
    if (is_full(table)) {
        const zc_reservation *first = &table->slot[table->heap[0].slot];
        __builtin_prefetch(&first->leaves_ms);
        __builtin_prefetch(&first->charges);
    }
}

void zc_reservations_expect_charges(const zc_reservations *table)
{
    if (is_full(table)) {
        const zc_reservation *first = &table->slot[table->heap[0].slot];
        __builtin_prefetch(&table->head[first->head]);
        if (first->charges != NONE) {
            __builtin_prefetch(&table->charge[first->charges]);
            __builtin_prefetch(&table->charge[first->charges].next);
        }
    }
}

uint16_t zc_reservations_find(zc_reservations *table, const zc_reservation_id *id, int64_t now_ms)
{
    uint16_t slot = *link_of(table, head_of(id), id);
    if (slot == NONE || memcmp(table->slot[slot].id.byte, id->byte, sizeof id->byte) != 0) {
        return NONE;
    }
    if (table->slot[slot].leaves_ms <= now_ms) {
        free_slot(table, slot);
        return NONE;
    }
    return slot;
}

/* Where the link to the slot's first charge stands whose row is not below `row`. */
static uint16_t *charge_link(zc_reservations *table, uint16_t slot, uint16_t row)
{
    uint16_t *link = &table->slot[slot].charges;
    while (*link != NONE && table->charge[*link].row < row) {
        link = &table->charge[*link].next;
    }
    return link;
}

uint16_t zc_reservations_charge(const zc_reservations *table, uint16_t slot, uint16_t row,
                                int64_t now_ms)
{
    uint16_t charge = slot == NONE ? NONE : table->slot[slot].charges;
    while (charge != NONE && table->charge[charge].row < row) {
        charge = table->charge[charge].next;
    }
    bool found = charge != NONE && table->charge[charge].row == row;
    return found && table->charge[charge].leaves_ms > now_ms ? charge : NONE;
}

size_t zc_reservations_charges(const zc_reservations *table, uint16_t slot, int64_t now_ms)
{
    size_t count = 0;
    uint16_t charge = slot == NONE ? NONE : table->slot[slot].charges;
    for (; charge != NONE; charge = table->charge[charge].next) {
        count += table->charge[charge].leaves_ms > now_ms;
    }
    return count;
}

static bool has_room(const zc_reservations *table, size_t slots, size_t charges)
{
    return table->count + slots <= ZC_RESERVATIONS_MAX &&
           table->charge_count + charges <= ZC_CHARGES_MAX;
}

/* The first to leave of all but `keep`, or none. Below the top, the first is one of its two
 * children. */
static uint16_t first_but(const zc_reservations *table, uint16_t keep)
{
    const zc_reservation_turn *heap = table->heap;
    if (table->count == 0) {
        return NONE;
    }
    if (heap[0].slot != keep) {
        return heap[0].slot;
    }
    if (table->count < 3) {
        return table->count == 2 ? heap[1].slot : NONE;
    }
    return leaves_before(table, &heap[1], &heap[2]) ? heap[1].slot : heap[2].slot;
}

void zc_reservations_make_room(zc_reservations *table, uint16_t keep, size_t slots, size_t charges)
{
    while (!has_room(table, slots, charges)) {
        uint16_t first = first_but(table, keep);
        if (first == NONE) {
            return;
        }
        free_slot(table, first);
    }
}

uint16_t zc_reservations_by_digest(const zc_reservations *table, const uint8_t digest[static 32])
{
    for (size_t i = 0; i < table->count; i++) {
        if (memcmp(table->slot[table->heap[i].slot].digest, digest, 32) == 0) {
            return table->heap[i].slot;
        }
    }
    return NONE;
}

uint16_t zc_reservations_open(zc_reservations *table, const zc_reservation_id *id,
                              int64_t leaves_ms)
{
    uint16_t slot = table->free_slot;
    if (slot != NONE) {
        table->free_slot = table->slot[slot].next;
    } else {
        slot = table->fresh_slot++;
    }
    size_t head = head_of(id);
    uint16_t *link = link_of(table, head, id);
    zc_reservation *reservation = &table->slot[slot];
    memset(reservation->digest, 0, sizeof reservation->digest);
    memset(reservation->key_id, 0, sizeof reservation->key_id);
    reservation->leaves_ms = leaves_ms;
    reservation->id = *id;
    reservation->principal = 0;
    reservation->charges = NONE;
    reservation->next = *link;
    reservation->tie = tie_of(id);
    reservation->head = (uint16_t)head;
    *link = slot;
    heap_enter(table, table->count++, slot);
    return slot;
}

static uint16_t take_charge(zc_reservations *table)
{
    uint16_t charge = table->free_charge;
    if (charge != NONE) {
        table->free_charge = table->charge[charge].next;
    } else {
        charge = table->fresh_charge++;
    }
    table->charge_count++;
    return charge;
}

void zc_reservations_set(zc_reservations *table, uint16_t slot, const zc_charge *charge)
{
    zc_reservation *reservation = &table->slot[slot];
    uint16_t *link = charge_link(table, slot, charge->row);
    uint16_t at = *link;
    uint16_t next = at == NONE ? NONE : table->charge[at].next;
    if (at == NONE || table->charge[at].row != charge->row) {
        next = at;
        at = take_charge(table);
        *link = at;
    }
    table->charge[at] = *charge;
    table->charge[at].next = next;
    if (charge->leaves_ms > reservation->leaves_ms) {
        reservation->leaves_ms = charge->leaves_ms;
        heap_enter(table, table->heap_at[slot], slot);
    }
}
