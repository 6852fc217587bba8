/* Whatever parses is written again by zc_attest_make() and then parses to the same content. */
#include <stdlib.h>
#include <string.h>

#include "attest/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static zc_result no_signature(void *self, const uint8_t digest[static 48],
                              uint8_t ret_signature[static 96])
{
    (void)self;
    memcpy(ret_signature, digest, 48);
    memcpy(ret_signature + 48, digest, 48);
    return ZC_OK;
}

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void compare(const zc_attest_doc *a, const zc_attest_doc *b)
{
    require(zc_slice_eq(a->module_id, b->module_id) && a->timestamp_ms == b->timestamp_ms);
    require(a->pcr_mask == b->pcr_mask && memcmp(a->pcr, b->pcr, sizeof a->pcr) == 0);
    require(zc_slice_eq(a->certificate, b->certificate) && a->cabundle_count == b->cabundle_count);
    for (size_t i = 0; i < a->cabundle_count; i++) {
        require(zc_slice_eq(a->cabundle[i], b->cabundle[i]));
    }
    require(a->has_nonce == b->has_nonce && zc_slice_eq(a->nonce, b->nonce));
    require(a->has_user_data == b->has_user_data && zc_slice_eq(a->user_data, b->user_data));
    require(a->has_public_key == b->has_public_key && zc_slice_eq(a->public_key, b->public_key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t payload[2 * ZC_ATTEST_DOCUMENT_MAX];
    static uint8_t document[2 * ZC_ATTEST_DOCUMENT_MAX];
    zc_attest_doc doc;
    zc_attest_doc again;
    zc_slice input = zc_slice_of(data, size);
    /* Nothing that a fuzzer finds is signed: verification never succeeds, under any root. */
    require(!zc_ok(zc_attest_verify(input, input, 1700000000, &doc)));
    if (!zc_ok(zc_attest_parse(input, &doc))) {
        return 0;
    }
    zc_writer out = ZC_WRITER_OF_ARRAY(document);
    zc_buffer scratch = {.data = payload, .len = sizeof payload};
    if (zc_ok(zc_attest_make(&doc, no_signature, NULL, scratch, &out))) {
        require(zc_ok(zc_attest_parse(zc_writer_written(&out), &again)));
        compare(&doc, &again);
    }
    return 0;
}
