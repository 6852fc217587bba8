/* What must hold of every intent that a decoder gives. */
#ifndef FUZZ_INTENT_CHECK_H
#define FUZZ_INTENT_CHECK_H

#include <stdlib.h>

#include "intent/intent_cbor.h"
#include "intent/render.h"

static inline void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* It has an encoding that reads back to the same encoding, and a rendering that is plain text. */
static inline void check_intent(const zc_intent *intent)
{
    static uint8_t first[ZC_INTENT_MAX_ENCODED];
    static uint8_t second[ZC_INTENT_MAX_ENCODED];
    static uint8_t text[ZC_INTENT_MAX_RENDERED];
    static zc_intent back;
    zc_writer a = ZC_WRITER_OF_ARRAY(first);
    zc_writer b = ZC_WRITER_OF_ARRAY(second);
    zc_writer page = ZC_WRITER_OF_ARRAY(text);
    require(zc_ok(zc_intent_write(intent, &a)));
    require(zc_ok(zc_intent_read(zc_writer_written(&a), &back)));
    require(zc_ok(zc_intent_write(&back, &b)));
    require(zc_slice_eq(zc_writer_written(&a), zc_writer_written(&b)));
    require(zc_ok(zc_intent_render(intent, NULL, &page)));
    for (size_t i = 0; i < zc_writer_len(&page); i++) {
        require(text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~'));
    }
}

#endif
