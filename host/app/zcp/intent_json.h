/* An intent as JSON, for programs that hold it against what they meant. */
#ifndef ZC_ZCP_INTENT_JSON_H
#define ZC_ZCP_INTENT_JSON_H

#include <jansson.h>

#include "intent/catalog.h"

/* NULL when the machine gives no memory. The caller decrefs. */
json_t *zc_intent_json(const zc_intent *intent, const zc_catalog *catalog);
/* The names of its flags. */
json_t *zc_intent_flags_json(const zc_intent *intent);

#endif
