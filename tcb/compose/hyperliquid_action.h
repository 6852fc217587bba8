/* A Hyperliquid action, written twice at once: as JSON, which is sent, and as MessagePack, which is
 * hashed. What the venue reads is so by construction what was signed: same keys, same order, same
 * values.
 *
 * Counts are given before the items, as MessagePack wants them; zc_hl_action_end() checks that the
 * JSON is whole. Errors: ZC_BASE_FULL, and those of codec/json_write.h. */
#ifndef ZC_COMPOSE_HYPERLIQUID_ACTION_H
#define ZC_COMPOSE_HYPERLIQUID_ACTION_H

#include "codec/json_write.h"

typedef struct zc_hl_action {
    zc_json json;
    zc_writer *packed;
} zc_hl_action;

/* Both writers are the caller's, and are appended to. */
zc_hl_action zc_hl_action_of(zc_writer *json, zc_writer *packed);
ZC_MUST_USE zc_result zc_hl_open_map(zc_hl_action *action, size_t pairs);
ZC_MUST_USE zc_result zc_hl_close_map(zc_hl_action *action);
ZC_MUST_USE zc_result zc_hl_open_array(zc_hl_action *action, size_t items);
ZC_MUST_USE zc_result zc_hl_close_array(zc_hl_action *action);
ZC_MUST_USE zc_result zc_hl_key(zc_hl_action *action, const char *key);
ZC_MUST_USE zc_result zc_hl_text(zc_hl_action *action, zc_slice text);
ZC_MUST_USE zc_result zc_hl_u64(zc_hl_action *action, uint64_t value);
ZC_MUST_USE zc_result zc_hl_i64(zc_hl_action *action, int64_t value);
ZC_MUST_USE zc_result zc_hl_bool(zc_hl_action *action, bool value);
ZC_MUST_USE zc_result zc_hl_null(zc_hl_action *action);
ZC_MUST_USE zc_result zc_hl_action_end(const zc_hl_action *action);

#endif
