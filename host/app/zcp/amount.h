/* Amounts for people. */
#ifndef ZC_ZCP_AMOUNT_H
#define ZC_ZCP_AMOUNT_H

#include "intent/catalog.h"

/* Base units as people write them, where the catalog knows the asset; with its name. */
void zc_amount_text(const zc_catalog *catalog, const char *base_units, const char *asset,
                    char ret_text[static 128]);

#endif
