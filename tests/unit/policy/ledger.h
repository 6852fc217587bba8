/* What signatures could have moved, kept apart from the engine: events in a list, summed over any
 * window that ends now. Of several signatures with one nonce only one can happen: the greatest
 * counts, at the time of the last. The same digest once more is the same transaction, and counts at
 * the time of its first signature. */
#ifndef TESTS_POLICY_LEDGER_H
#define TESTS_POLICY_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEDGER_NONCES 65536

typedef struct ledger_event {
    int64_t at_ms;
    uint64_t amount;
    uint64_t nonce;
    uint64_t digest;
} ledger_event;

/* One limit, or one of its rows. */
typedef struct ledger {
    int64_t window_ms; /* 0: a day of UTC */
    uint64_t limit;
    bool counts; /* signatures, each of its own */
    uint64_t sum;
    uint64_t most; /* the highest sum so far */
    size_t first;  /* the oldest event within the window */
    size_t count;
    size_t capacity;
    ledger_event *event;
    size_t last_of[LEDGER_NONCES]; /* of a nonce: its event + 1 */
} ledger;

void ledger_init(ledger *book, int64_t window_ms, uint64_t limit, bool counts);
void ledger_clear(ledger *book);
/* Adds a signature that left. False when the window that ends now holds more than the limit. */
bool ledger_add(ledger *book, int64_t now_ms, uint64_t nonce, uint64_t digest, uint64_t amount);
/* What the limit leaves at this moment. */
uint64_t ledger_left(ledger *book, int64_t now_ms);

#endif
