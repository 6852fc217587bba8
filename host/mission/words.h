/* The words of a mission file: what they may be, and what was probably meant. */
#ifndef ZC_MISSION_WORDS_H
#define ZC_MISSION_WORDS_H

#include "base/slice.h"

/* The words that are allowed in one place. */
typedef struct zc_words {
    size_t count;
    const char *(*word)(const void *self, size_t index); /* index < count */
    const void *self;
} zc_words;

/* A NULL-terminated array of texts as words. */
zc_words zc_words_of(const char *const *list);

/* The word nearest to `text` when it is near enough to have been meant, else NULL. Case differences
 * are near. */
const char *zc_words_nearest(const zc_words *words, zc_slice text);

/* Writes "; did you mean 'x'? (allowed: a, b, c)" or "(allowed: a, b, c)"; long lists end in "…".
 * `noun` stands for "allowed". */
void zc_words_advise(const zc_words *words, zc_slice text, const char *noun, char *ret_text,
                     size_t size);

/* Names of EVM chains that mission files may use instead of numbers; names of all other chains and
 * of venues are those of intent/chain.h. */
extern const zc_words zc_chain_words;
/* False for a word that is none. */
bool zc_chain_of_word(zc_slice word, uint64_t *ret_chain_id);
/* NULL for a chain that has no such name. */
const char *zc_chain_word(uint64_t chain_id);

#endif
