#include "intent/family.h"

const char *zc_family_name(zc_family family)
{
    switch (family) {
    case ZC_FAMILY_NONE:
        return "none";
    case ZC_FAMILY_EVM:
        return "evm";
    case ZC_FAMILY_BITCOIN:
        return "bitcoin";
    case ZC_FAMILY_SOLANA:
        return "solana";
    case ZC_FAMILY_COSMOS:
        return "cosmos";
    case ZC_FAMILY_VENUE:
        return "venue";
    }
    return NULL;
}
