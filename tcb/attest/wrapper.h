/* Evidence on its way to somebody who verifies: in a conceptual message wrapper, so that both ends
 * know what it is without looking into it.
 *
 * A wrapper is canonical CBOR [media type, message, indicator]; bits of the indicator say which of
 * RFC 9334's conceptual messages it is. Several messages make a collection, a map from names to
 * wrappers: {"evidence": …, "binding": …, "vcek": …}. Nitro documents vouch for our binding
 * (attest/binding.h) themselves; evidence whose report data has 64 bytes holds SHA-512 of it, and
 * the binding stands beside.
 * Source: draft-ietf-rats-msg-wrap §3 and §5. */
#ifndef ZC_ATTEST_WRAPPER_H
#define ZC_ATTEST_WRAPPER_H

#include "base/slice.h"
#include "base/writer.h"

#define ZC_CMW_ENDORSEMENTS 2u
#define ZC_CMW_EVIDENCE 4u

#define ZC_CMW_TYPE_NITRO "application/aws-nitro-document"
#define ZC_CMW_TYPE_BINDING "application/vnd.zerocopy.binding+cbor"

/* What a wrapper adds to a document, at most. */
#define ZC_CMW_OVERHEAD ((size_t)48)

/* Writes a document of a security module as evidence. Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_attest_wrap(zc_slice document, zc_writer *writer);

#endif
