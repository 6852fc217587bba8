/* The windows of all limits: one row for each, or one for each key, principal, asset, counterparty,
 * chain or market that a limit with `per` has met.
 *
 * Rows are a fixed pool. One whose charges have all left is the same as none, and its room is used
 * again; when nothing is left, requests that need a new row are denied. Where a row lies decides
 * nothing.
 *
 * Leases. Where a rule has one, budget is taken out of the window in slices, before it is spent: a
 * row holds the rest of its slice, which the window counts already. What is spent comes from the
 * slice; when it is too small, the rest goes back and a greater one is taken. When its time is over
 * the rest goes back. A restart forgets the rest and leaves it counted: it may have been spent. */
#ifndef ZC_POLICY_ROW_H
#define ZC_POLICY_ROW_H

#include "policy/mission.h"
#include "policy/window.h"

#define ZC_ROWS_MAX 4096
#define ZC_ROW_HEADS 4096
#define ZC_ROW_KEY_SIZE 32
#define ZC_ROW_NONE UINT16_MAX
_Static_assert(ZC_ROWS_MAX >= 2 * ZC_MISSION_MAX_RULES, "every rule has its own rows");

typedef struct zc_row_key {
    uint8_t byte[ZC_ROW_KEY_SIZE];
} zc_row_key;

typedef struct zc_row {
    zc_row_key key;
    uint16_t rule;
    uint16_t next; /* in its chain of the hash table, or in the free list */
    bool in_use;
    int64_t leaves_ms;  /* when the last of its charges has left */
    zc_u256 lease_left; /* taken, in the window, and not spent */
    int64_t lease_bucket;
    int64_t lease_until_ms;
    zc_window window;
} zc_row;

typedef struct zc_rows {
    uint16_t fresh; /* rows from here on were never used */
    uint16_t free;  /* head of a list */
    uint16_t free_count;
    uint16_t whole[ZC_MISSION_MAX_RULES]; /* the row of a limit without `per`: in no chain */
    uint16_t head[ZC_ROW_HEADS];
    zc_row row[ZC_ROWS_MAX];
} zc_rows;

void zc_rows_init(zc_rows *rows);

/* The key of all that is one; what is longer than 30 bytes by its SHA-256. */
zc_row_key zc_row_key_of(zc_per per, zc_slice what);
/* The key of what a rule has given back. */
zc_row_key zc_row_key_of_releases(void);

/* The row, or ZC_ROW_NONE. */
uint16_t zc_rows_find(const zc_rows *rows, uint16_t rule, const zc_row_key *key);
/* Whether so many new rows can be had. Frees rows whose charges have left when it must. */
bool zc_rows_room(zc_rows *rows, size_t count, int64_t now_ms);
/* The row, or a new one, for which there is room. */
uint16_t zc_rows_take(zc_rows *rows, const zc_mission *mission, uint16_t rule,
                      const zc_row_key *key, int64_t now_ms);

/* Brings window and lease to this moment. Changes nothing that counts. */
void zc_row_advance(zc_row *row, const zc_mission *mission, int64_t now_ms);
/* When what is added now will have left. */
int64_t zc_row_leaves_ms(const zc_row *row, const zc_mission *mission, int64_t now_ms);
/* Takes `amount` out of the row's lease or, if it has too little, a new slice for it, as large as
 * the limit lets it be. The row was advanced, and its window has room for the amount. Returns
 * whether a slice was taken. */
bool zc_row_spend_lease(zc_row *row, const zc_mission *mission, const zc_u256 *amount,
                        int64_t now_ms);

#endif
