/* Private to the module: a page of text about an intent, and the pieces that lines are made of. */
#ifndef ZC_INTENT_RENDER_PAGE_H
#define ZC_INTENT_RENDER_PAGE_H

#include "base/writer.h"
#include "intent/catalog.h"
#include "intent/intent.h"

typedef struct zc_page {
    const zc_intent *intent;
    const zc_catalog *catalog; /* may be NULL */
    zc_writer writer;
} zc_page;

/* Errors of all: ZC_BASE_FULL. */

/* Begins a line: what it is about, in a column of its own. */
ZC_MUST_USE zc_result zc_page_label(zc_page *page, const char *label);
/* Text of ours, as it is. */
ZC_MUST_USE zc_result zc_page_text(zc_page *page, const char *text);
/* A name out of the mission, escaped. The array need not be terminated. */
ZC_MUST_USE zc_result zc_page_name(zc_page *page, const char *name, size_t size);
ZC_MUST_USE zc_result zc_page_number(zc_page *page, uint64_t value);
ZC_MUST_USE zc_result zc_page_u256(zc_page *page, const zc_u256 *value);
ZC_MUST_USE zc_result zc_page_hex(zc_page *page, const uint8_t *bytes, size_t len);
/* EIP-55, and who it is where that is known. */
ZC_MUST_USE zc_result zc_page_address(zc_page *page, const uint8_t address[static ZC_ADDRESS_SIZE]);
/* In units and symbol where the catalog knows the asset, else in base units. */
ZC_MUST_USE zc_result zc_page_amount(zc_page *page, const zc_asset_id *asset,
                                     const zc_u256 *amount);

#endif
