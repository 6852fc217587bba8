/* Private to the module: whether bytes are what a Solana transaction signs. An Ed25519 key signs a
 * message's bytes as they are, so a "message" of this shape would be a transaction. */
#ifndef ZC_INTENT_SOLANA_SHAPE_H
#define ZC_INTENT_SOLANA_SHAPE_H

#include "base/slice.h"

/* Legacy and version 0 messages, by structure alone: to the last byte, or with a header that could
 * be one's and bytes behind it. Later versions by their first byte. What zc_solana_parse() takes is
 * always among them. */
bool zc_solana_is_message(zc_slice bytes);

#endif
