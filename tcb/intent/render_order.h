/* Private to the module: the lines of a venue's order. */
#ifndef ZC_INTENT_RENDER_ORDER_H
#define ZC_INTENT_RENDER_ORDER_H

#include "intent/render_page.h"

/* Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_page_order(zc_page *page, const zc_order *order);

#endif
