/* The parts of the engine's text interface (engine.c). */
#ifndef ZC_TEST_REFERENCE_ENGINE_H
#define ZC_TEST_REFERENCE_ENGINE_H

#include "policy/policy.h"

/* The line at hand, and its words. */
extern char line[1 << 18];
extern char *words[4096];
extern size_t word_count;
void split_words(void);

/* The mission of this world. */
extern zc_mission mission;
/* A line that says what a world is; false for any other. */
bool run_world_line(void);
/* A new world: nothing has happened yet. */
void begin(void);

/* Who asks for what, by the line at hand. */
extern zc_intent intent;
extern zc_request_context context;
void read_request(void);

_Noreturn void fail(const char *what);
void check(zc_result result);
uint64_t number(const char *text);
zc_u256 wide(const char *text);
/* Up to 128 bytes of hexadecimal; eight of them live at a time. "-" is none. */
zc_slice bytes_of(const char *text);
void copy(char *to, size_t size, const char *text);
/* Keys are made from names. */
void public_of(const char *name, uint8_t ret_key[static 32]);
void sign(const char *name, zc_slice message, uint8_t ret_signature[static 64]);
/* The value of a key=value word, or NULL; as a number, 0. */
const char *value_of(const char *key);
uint64_t number_of(const char *key);

#endif
