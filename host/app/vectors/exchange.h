/* Groups of the folder exchange: venues that sign requests with an API secret. */
#ifndef ZC_VECTORS_EXCHANGE_H
#define ZC_VECTORS_EXCHANGE_H

#include <jansson.h>

#include "compose/venue.h"
#include "report.h"

/* Puts the request that a case describes into `out` and lets the venue's own code authenticate it.
 * False when the case is no REST request of a venue that is known, or lacks a part of one; nothing
 * is then reported. */
bool zc_exchange_frame(const json_t *venue, const json_t *inputs, zc_compose_key key,
                       zc_composition *out);
/* The same for a preimage alone: "1658384314791XXXXXXXXXX5000category=option". */
bool zc_exchange_frame_bybit(const char *signing_string, zc_composition *out);

#endif
