#include "mission/words.h"

#include <stdio.h>
#include <string.h>

#define LONGEST 64

static const char *array_word(const void *self, size_t index)
{
    return ((const char *const *)self)[index];
}

zc_words zc_words_of(const char *const *list)
{
    size_t count = 0;
    while (list[count] != NULL) {
        count++;
    }
    return (zc_words){count, array_word, (const void *)list};
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, two rows
 * back at a time. Texts are at most LONGEST long. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= b_len; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            bool same = lower(a[i - 1]) == lower(b[j - 1]);
            row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + (same ? 0 : 1));
            bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped) {
                row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + 1);
            }
        }
    }
    return rows[a_len % 3][b_len];
}

const char *zc_words_nearest(const zc_words *words, zc_slice text)
{
    if (text.len == 0 || text.len > LONGEST) {
        return NULL;
    }
    const char *best = NULL;
    size_t best_distance = text.len / 3 + 2;
    for (size_t i = 0; i < words->count; i++) {
        const char *word = words->word(words->self, i);
        size_t len = strlen(word);
        if (len > LONGEST) {
            continue;
        }
        size_t d = distance((const char *)text.data, text.len, word, len);
        if (d < best_distance && d < len) {
            best_distance = d;
            best = word;
        }
    }
    return best;
}

static void append(char *text, size_t size, size_t *at, const char *more)
{
    int put = snprintf(text + *at, size - *at, "%s", more);
    *at = least(*at + (put > 0 ? (size_t)put : 0), size - 1);
}

void zc_words_advise(const zc_words *words, zc_slice text, const char *noun, char *ret_text,
                     size_t size)
{
    size_t at = 0;
    ret_text[0] = 0;
    const char *near = zc_words_nearest(words, text);
    if (near != NULL) {
        append(ret_text, size, &at, "; did you mean '");
        append(ret_text, size, &at, near);
        append(ret_text, size, &at, "'?");
    }
    if (words->count == 0) {
        return;
    }
    append(ret_text, size, &at, " (");
    append(ret_text, size, &at, noun);
    append(ret_text, size, &at, ": ");
    for (size_t i = 0; i < words->count; i++) {
        const char *word = words->word(words->self, i);
        if (at + strlen(word) + 8 > size) {
            append(ret_text, size, &at, i == 0 ? "…" : ", …");
            break;
        }
        append(ret_text, size, &at, i == 0 ? "" : ", ");
        append(ret_text, size, &at, word);
    }
    append(ret_text, size, &at, ")");
}

static const struct chain {
    const char *name;
    uint64_t id;
} chains[] = {
    {"ethereum", 1},  {"optimism", 10},   {"bnb", 56},           {"gnosis", 100},
    {"polygon", 137}, {"base", 8453},     {"arbitrum", 42161},   {"avalanche", 43114},
    {"linea", 59144}, {"holesky", 17000}, {"sepolia", 11155111}, {"hoodi", 560048},
};
#define CHAINS (sizeof chains / sizeof *chains)

static const char *chain_word(const void *self, size_t index)
{
    (void)self;
    return chains[index].name;
}

const zc_words zc_chain_words = {CHAINS, chain_word, NULL};

bool zc_chain_of_word(zc_slice word, uint64_t *ret_chain_id)
{
    for (size_t i = 0; i < CHAINS; i++) {
        if (zc_slice_eq_text(word, chains[i].name)) {
            *ret_chain_id = chains[i].id;
            return true;
        }
    }
    return false;
}

const char *zc_chain_word(uint64_t chain_id)
{
    for (size_t i = 0; i < CHAINS; i++) {
        if (chains[i].id == chain_id) {
            return chains[i].name;
        }
    }
    return NULL;
}
