/* Which keys stand in the vault, and in what order they were used. Internal to this module. */
#ifndef ZC_KEYS_RESIDENTS_H
#define ZC_KEYS_RESIDENTS_H

#include "keys/keyring.h"

/* All places free. */
void zc_residents_init(zc_keyring *ring);
/* The place is the newest from now on. */
void zc_residents_touch(zc_keyring *ring, uint16_t at);
/* Wipes the oldest place and gives it. The key that stood there is sealed in its card still. */
uint16_t zc_residents_vacate(zc_keyring *ring);
/* The place holds the key of its record. */
void zc_residents_settle(zc_keyring *ring, uint16_t at);

#endif
