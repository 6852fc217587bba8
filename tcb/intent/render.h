/* The intent in words, for whoever must say yes. The same intent and catalog give the same text
 * everywhere: `zcp tx decode`, the log and approvals show what this function wrote. */
#ifndef ZC_INTENT_RENDER_H
#define ZC_INTENT_RENDER_H

#include "base/writer.h"
#include "intent/catalog.h"
#include "intent/intent.h"

/* No rendering is longer. */
#define ZC_INTENT_MAX_RENDERED 524288

/* Writes several lines of ASCII, each ended by a newline: what, how much (with decimals and symbol
 * where the catalog knows the asset, else base units and contract), from, to, fee at most, nonce,
 * and each flag in plain words. Whatever comes from the bytes or the catalog is escaped: beyond
 * printable ASCII as \u{…}, bytes that are not UTF-8 as \x…, so nothing can pose as a line of ours,
 * reorder or hide text, or look like another letter. `catalog` may be NULL. Errors: ZC_BASE_FULL;
 * what was written before stays unwritten. */
ZC_MUST_USE zc_result zc_intent_render(const zc_intent *intent, const zc_catalog *catalog,
                                       zc_writer *writer);

#endif
