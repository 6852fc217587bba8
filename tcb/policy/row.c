#include "policy/row.h"

#include <string.h>

#include "crypto/hash.h"
#include "policy/calendar.h"

void zc_rows_init(zc_rows *rows)
{
    rows->fresh = 0;
    rows->free = ZC_ROW_NONE;
    rows->free_count = 0;
    memset(rows->whole, 0xff, sizeof rows->whole);
    memset(rows->head, 0xff, sizeof rows->head);
}

zc_row_key zc_row_key_of(zc_per per, zc_slice what)
{
    zc_row_key key = {{0}};
    if (per == ZC_PER_NONE) {
        return key;
    }
    key.byte[0] = (uint8_t)per;
    if (what.len <= ZC_ROW_KEY_SIZE - 2) {
        key.byte[1] = (uint8_t)what.len;
        if (what.len > 0) {
            memcpy(key.byte + 2, what.data, what.len);
        }
        return key;
    }
    uint8_t hash[32];
    zc_sha256(what, hash);
    key.byte[1] = 0xff;
    memcpy(key.byte + 2, hash, ZC_ROW_KEY_SIZE - 2);
    return key;
}

zc_row_key zc_row_key_of_releases(void)
{
    return (zc_row_key){{0xff}};
}

static size_t head_of(uint16_t rule, const zc_row_key *key)
{
    uint64_t hash = rule;
    for (size_t i = 0; i < ZC_ROW_KEY_SIZE; i += 8) {
        uint64_t word = 0;
        memcpy(&word, key->byte + i, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return (size_t)(hash % ZC_ROW_HEADS);
}

static bool is_whole(const zc_row_key *key)
{
    return key->byte[0] == ZC_PER_NONE;
}

uint16_t zc_rows_find(const zc_rows *rows, uint16_t rule, const zc_row_key *key)
{
    if (is_whole(key)) {
        return rows->whole[rule];
    }
    uint16_t at = rows->head[head_of(rule, key)];
    while (at != ZC_ROW_NONE &&
           (rows->row[at].rule != rule ||
            memcmp(rows->row[at].key.byte, key->byte, sizeof key->byte) != 0)) {
        at = rows->row[at].next;
    }
    return at;
}

static void unlink_row(zc_rows *rows, uint16_t at)
{
    zc_row *row = &rows->row[at];
    if (is_whole(&row->key)) {
        rows->whole[row->rule] = ZC_ROW_NONE;
        return;
    }
    uint16_t *link = &rows->head[head_of(row->rule, &row->key)];
    while (*link != at) {
        link = &rows->row[*link].next;
    }
    *link = row->next;
}

static void link_row(zc_rows *rows, uint16_t at)
{
    zc_row *row = &rows->row[at];
    uint16_t *head =
        is_whole(&row->key) ? &rows->whole[row->rule] : &rows->head[head_of(row->rule, &row->key)];
    row->next = *head; /* of a whole row, which is in no chain: none */
    *head = at;
}

static void free_row(zc_rows *rows, uint16_t at)
{
    zc_row *row = &rows->row[at];
    unlink_row(rows, at);
    row->in_use = false;
    row->next = rows->free;
    rows->free = at;
    rows->free_count++;
}

static size_t room_of(const zc_rows *rows)
{
    return (size_t)rows->free_count + (ZC_ROWS_MAX - rows->fresh);
}

bool zc_rows_room(zc_rows *rows, size_t count, int64_t now_ms)
{
    if (room_of(rows) >= count) {
        return true;
    }
    for (uint16_t at = 0; at < rows->fresh; at++) {
        if (rows->row[at].in_use && rows->row[at].leaves_ms <= now_ms) {
            free_row(rows, at);
        }
    }
    return room_of(rows) >= count;
}

uint16_t zc_rows_take(zc_rows *rows, const zc_mission *mission, uint16_t rule,
                      const zc_row_key *key, int64_t now_ms)
{
    uint16_t at = zc_rows_find(rows, rule, key);
    if (at != ZC_ROW_NONE) {
        return at;
    }
    if (rows->free != ZC_ROW_NONE) {
        at = rows->free;
        rows->free = rows->row[at].next;
        rows->free_count--;
    } else {
        at = rows->fresh++;
    }
    zc_row *row = &rows->row[at];
    row->key = *key;
    row->rule = rule;
    row->in_use = true;
    row->leaves_ms = now_ms;
    row->lease_left = ZC_U256_ZERO;
    row->lease_bucket = 0;
    row->lease_until_ms = 0;
    zc_window_init(&row->window, mission->rules[rule].window_s);
    link_row(rows, at);
    return at;
}

void zc_row_advance(zc_row *row, const zc_mission *mission, int64_t now_ms)
{
    const zc_rule *rule = &mission->rules[row->rule];
    if (row->window.calendar) {
        zc_window_enter(&row->window,
                        zc_calendar_period(mission, rule->zone, rule->period, now_ms));
    } else {
        zc_window_advance(&row->window, now_ms);
    }
    if (zc_u256_is_zero(&row->lease_left)) {
        return;
    }
    if (row->lease_bucket < row->window.oldest) {
        row->lease_left = ZC_U256_ZERO; /* the window no longer counts it: nobody may spend it */
    } else if (now_ms >= row->lease_until_ms) {
        zc_result back = zc_window_remove(&row->window, row->lease_bucket, &row->lease_left);
        (void)back; /* cannot fail: the window has counted it since it was taken */
        row->lease_left = ZC_U256_ZERO;
    }
}

int64_t zc_row_leaves_ms(const zc_row *row, const zc_mission *mission, int64_t now_ms)
{
    const zc_rule *rule = &mission->rules[row->rule];
    return row->window.calendar ? zc_calendar_ends_ms(mission, rule->zone, rule->period, now_ms)
                                : zc_window_leaves_ms(&row->window, row->window.newest);
}

bool zc_row_spend_lease(zc_row *row, const zc_mission *mission, const zc_u256 *amount,
                        int64_t now_ms)
{
    const zc_rule *rule = &mission->rules[row->rule];
    zc_u256 left = ZC_U256_ZERO;
    if (zc_ok(zc_u256_sub(&row->lease_left, amount, &left))) {
        row->lease_left = left;
        return false;
    }
    /* None of these can fail: the rest is in the window, and the amount was measured. */
    zc_u256 room = ZC_U256_ZERO;
    zc_u256 slice = zc_u256_max(&rule->lease, amount);
    (void)!zc_ok(zc_window_remove(&row->window, row->lease_bucket, &row->lease_left));
    (void)!zc_ok(zc_u256_sub(&rule->amount, &row->window.total, &room));
    slice = zc_u256_min(&slice, &room);
    (void)!zc_ok(zc_window_add(&row->window, &slice));
    (void)!zc_ok(zc_u256_sub(&slice, amount, &row->lease_left));
    row->lease_bucket = row->window.newest;
    row->lease_until_ms = now_ms + (int64_t)rule->lease_s * 1000;
    return true;
}
