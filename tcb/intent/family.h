/* Families of chains: what decides how bytes are read, what an address is and what is signed. */
#ifndef ZC_INTENT_FAMILY_H
#define ZC_INTENT_FAMILY_H

#include <stddef.h>

/* The numbers are in logs, messages and missions: they are only ever added to. */
typedef enum zc_family {
    ZC_FAMILY_NONE = 0, /* no chain: messages and digests of keys that serve none */
    ZC_FAMILY_EVM = 1,
    ZC_FAMILY_BITCOIN = 2,
    ZC_FAMILY_SOLANA = 3,
    ZC_FAMILY_COSMOS = 4,
    ZC_FAMILY_VENUE = 5, /* an exchange: orders, withdrawals, keys */
} zc_family;

/* As JSON and `--chain` have it; NULL for a number that is none. */
const char *zc_family_name(zc_family family);

#endif
