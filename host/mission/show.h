/* A compiled mission in plain words. It reads the compiled form only: what a member of the quorum
 * sees is what the enclave will do. */
#ifndef ZC_MISSION_SHOW_H
#define ZC_MISSION_SHOW_H

#include <jansson.h>

#include "support/bytes.h"
#include "support/error.h"

/* UTF-8 text, ending with the hash that is measured into PCR16. The caller clears it. Errors:
 * ZC_MISSION_NOT_COMPILED with the parser's reason in `error`, ZC_MISSION_NO_MEMORY. */
ZC_MUST_USE zc_result zc_mission_show(zc_slice compiled, zc_bytes *ret_text, zc_error *error);
/* The same facts for programs: {"name", "hash", "pcr16", "open", "principals", "assets",
 * "contracts", "rules": [{"name", "kind", "text"}], "quorum", "audit"}. The caller decrefs. */
ZC_MUST_USE zc_result zc_mission_show_json(zc_slice compiled, json_t **ret_object, zc_error *error);

#endif
