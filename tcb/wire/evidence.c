#include "wire/evidence.h"

#include "wire/fields.h"

static const zc_field evidence_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_BYTES, zc_evidence, document, 1, ZC_DOCUMENT_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_BYTES, zc_evidence, genesis, 1, ZC_STORED_GENESIS_MAX),
};
static const zc_fields evidence_fields = ZC_FIELDS(evidence_table);

zc_result zc_evidence_write(const zc_evidence *evidence, zc_writer *writer)
{
    zc_writer at = *writer;
    uint8_t *head;
    ZC_TRY(zc_write_reserve(&at, ZC_FRAME_HEAD, &head));
    zc_writer body = at;
    ZC_TRY(zc_fields_write(&evidence_fields, evidence, &body));
    zc_frame_head((uint32_t)(body.at - at.at), head);
    *writer = body;
    return ZC_OK;
}

zc_result zc_evidence_read(zc_slice frame, zc_evidence *ret_evidence)
{
    size_t total;
    ZC_TRY(zc_evidence_peek_len(frame, &total));
    zc_reader reader = zc_reader_of(frame);
    ZC_TRY(zc_skip(&reader, ZC_FRAME_HEAD));
    if (total < frame.len) {
        return zc_fail(ZC_BASE_TRAILING);
    }
    if (total > frame.len) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    zc_evidence evidence = {0};
    ZC_TRY(zc_fields_read(&evidence_fields, &reader, &evidence));
    ZC_TRY(zc_reader_end(&reader));
    *ret_evidence = evidence;
    return ZC_OK;
}

zc_result zc_evidence_peek_len(zc_slice head, size_t *ret_total)
{
    return zc_frame_peek(head, 1, ZC_EVIDENCE_MAX - ZC_FRAME_HEAD, ret_total);
}
