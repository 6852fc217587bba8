#include "ledger.h"

#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

void ledger_init(ledger *book, int64_t window_ms, uint64_t limit, bool counts)
{
    memset(book, 0, sizeof *book);
    book->window_ms = window_ms;
    book->limit = limit;
    book->counts = counts;
}

void ledger_clear(ledger *book)
{
    free(book->event);
    book->event = NULL;
}

static bool has_left(const ledger *book, const ledger_event *event, int64_t now_ms)
{
    return book->window_ms == 0 ? event->at_ms / DAY_MS < now_ms / DAY_MS
                                : event->at_ms <= now_ms - book->window_ms;
}

/* What waited for the log leaves later than what did not, so events are not quite in the order of
 * their times: all of them are looked at. */
static void advance(ledger *book, int64_t now_ms)
{
    for (size_t i = book->first; i < book->count; i++) {
        if (has_left(book, &book->event[i], now_ms)) {
            book->sum -= book->event[i].amount;
            book->event[i].amount = 0;
        }
    }
    while (book->first < book->count && has_left(book, &book->event[book->first], now_ms)) {
        book->first++;
    }
}

/* The event of the last signature with this nonce, or NULL. */
static ledger_event *last_of(ledger *book, uint64_t nonce)
{
    size_t at = book->last_of[nonce % LEDGER_NONCES];
    bool found = !book->counts && at > 0 && book->event[at - 1].nonce == nonce;
    return found ? &book->event[at - 1] : NULL;
}

/* Whether the engine may still count it: a bucket longer than its window, which may be longer than
 * this by the time of a slice. */
#define SLICE_MS 21000
static bool still_counted(const ledger *book, const ledger_event *event, int64_t now_ms)
{
    return book->window_ms == 0
               ? !has_left(book, event, now_ms)
               : event->at_ms > now_ms - book->window_ms - SLICE_MS - book->window_ms / 60;
}

/* Takes out what an earlier signature with this nonce counts within the window. */
static uint64_t take_earlier(ledger *book, ledger_event *last)
{
    if (last == NULL || (size_t)(last - book->event) < book->first) {
        return 0;
    }
    uint64_t amount = last->amount;
    last->amount = 0;
    book->sum -= amount;
    return amount;
}

bool ledger_add(ledger *book, int64_t now_ms, uint64_t nonce, uint64_t digest, uint64_t amount)
{
    advance(book, now_ms);
    ledger_event *last = last_of(book, nonce);
    bool again = last != NULL && last->digest == digest && still_counted(book, last, now_ms);
    if (again || amount == 0) {
        return true; /* it moves nothing, or nothing more */
    }
    uint64_t earlier = take_earlier(book, last);
    amount = amount > earlier ? amount : earlier;
    if (book->count == book->capacity) {
        book->capacity = book->capacity == 0 ? 1024 : 2 * book->capacity;
        book->event = realloc(book->event, book->capacity * sizeof *book->event);
        if (book->event == NULL) {
            abort();
        }
    }
    book->event[book->count++] = (ledger_event){now_ms, amount, nonce, digest};
    book->last_of[nonce % LEDGER_NONCES] = book->count;
    book->sum += amount;
    book->most = book->sum > book->most ? book->sum : book->most;
    return book->sum <= book->limit;
}

uint64_t ledger_left(ledger *book, int64_t now_ms)
{
    advance(book, now_ms);
    return book->limit > book->sum ? book->limit - book->sum : 0;
}
