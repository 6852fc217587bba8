/* What front sends inside TLS right after the handshake, before anything else: the proof of whose
 * enclave and which code this is. One frame: u32be length ‖ CBOR {1: evidence, 2: genesis record};
 * the evidence in its wrapper (attest/wrapper.h). The client believes neither until it has checked
 * both (attest/). */
#ifndef ZC_WIRE_EVIDENCE_H
#define ZC_WIRE_EVIDENCE_H

#include "base/writer.h"
#include "wire/frame.h"
#include "wire/limits.h"

#define ZC_EVIDENCE_MAX (ZC_DOCUMENT_MAX + ZC_STORED_GENESIS_MAX + 64)

typedef struct zc_evidence {
    zc_slice document; /* wrapped, 1…ZC_DOCUMENT_MAX */
    zc_slice genesis;  /* 1…ZC_STORED_GENESIS_MAX */
} zc_evidence;

/* Writes the whole frame. Errors: ZC_BASE_FULL, ZC_WIRE_FIELD_TOO_LONG, ZC_WIRE_FIELD_RANGE. */
ZC_MUST_USE zc_result zc_evidence_write(const zc_evidence *evidence, zc_writer *writer);
/* Reads exactly one whole frame; the parts are views of it. Errors: those of zc_request_read(), and
 * ZC_WIRE_FRAME_TOO_SHORT, ZC_WIRE_FRAME_TOO_LONG. */
ZC_MUST_USE zc_result zc_evidence_read(zc_slice frame, zc_evidence *ret_evidence);
/* The length of the whole frame from its first bytes: as zc_frame_peek(). */
ZC_MUST_USE zc_result zc_evidence_peek_len(zc_slice head, size_t *ret_total);

#endif
