/* Times as people write them on a command line. */
#ifndef ZC_ZCP_DURATION_H
#define ZC_ZCP_DURATION_H

#include <stdbool.h>
#include <stdint.h>

/* A number of 1 to 6 digits, not 0, and s, m, h or d, in milliseconds. False for anything else. */
bool zc_duration_ms(const char *text, uint64_t *ret_ms);

#endif
