/* One page of a list that comes item by item. */
#ifndef ZC_API_PAGE_H
#define ZC_API_PAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct zc_page {
    json_t *list;
    uint64_t from; /* items that stand before the page */
    size_t limit;  /* items of a page */
    uint64_t at;   /* items that came */
    bool more;     /* there are items behind the page */
} zc_page;

typedef enum zc_page_place { ZC_PAGE_BEFORE, ZC_PAGE_HERE, ZC_PAGE_FULL } zc_page_place;

/* Where the item stands that comes now. Whoever hears ZC_PAGE_HERE appends it to the list. */
static inline zc_page_place zc_page_next(zc_page *page)
{
    if (page->at++ < page->from) {
        return ZC_PAGE_BEFORE;
    }
    if (json_array_size(page->list) == page->limit) {
        page->more = true;
        return ZC_PAGE_FULL;
    }
    return ZC_PAGE_HERE;
}

#endif
