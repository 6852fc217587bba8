/* Private to the module: a page of text about an intent, and the pieces that lines are made of. */
#ifndef ZC_INTENT_RENDER_PAGE_H
#define ZC_INTENT_RENDER_PAGE_H

#include "base/writer.h"
#include "intent/catalog.h"
#include "intent/intent.h"

typedef struct zc_page {
    const zc_intent *intent;
    const zc_catalog *catalog; /* may be NULL */
    size_t depth;              /* how far lines are indented: calls within calls */
    zc_writer writer;
} zc_page;

/* Errors of all: ZC_BASE_FULL. */

/* Begins a line: what it is about, in a column of its own. */
ZC_MUST_USE zc_result zc_page_label(zc_page *page, const char *label);
/* Text of ours, as it is. */
ZC_MUST_USE zc_result zc_page_text(zc_page *page, const char *text);
/* Text of others (a mission's name, an order's market), escaped. The array need not be terminated.
 */
ZC_MUST_USE zc_result zc_page_name(zc_page *page, const char *name, size_t size);
ZC_MUST_USE zc_result zc_page_number(zc_page *page, uint64_t value);
ZC_MUST_USE zc_result zc_page_u256(zc_page *page, const zc_u256 *value);
ZC_MUST_USE zc_result zc_page_hex(zc_page *page, const uint8_t *bytes, size_t len);
/* Milliseconds since 1970 as a date and time of UTC, to the second. */
ZC_MUST_USE zc_result zc_page_time(zc_page *page, uint64_t ms);
/* The chain whose form addresses have: the intent's, or where it names none (messages) the usual
 * one of its family. */
uint64_t zc_page_address_chain(const zc_intent *intent);
/* As the chain writes it, and who it is where that is known. */
ZC_MUST_USE zc_result zc_page_address(zc_page *page, const zc_address *address);
/* The chain that the intent is for. */
ZC_MUST_USE zc_result zc_page_chain(zc_page *page);
/* In units and symbol where the catalog knows the asset, else in base units. */
ZC_MUST_USE zc_result zc_page_amount(zc_page *page, const zc_asset_id *asset,
                                     const zc_u256 *amount);
/* `units` with a point before the last `scale` digits, all of them written. */
ZC_MUST_USE zc_result zc_page_decimal(zc_page *page, const zc_u256 *units, size_t scale, bool trim);

#endif
