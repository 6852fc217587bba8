/* What stands in front of everything that is sent over a stream: its length, four bytes
 * big-endian. */
#ifndef ZC_WIRE_FRAME_H
#define ZC_WIRE_FRAME_H

#include "base/reasons.h"
#include "base/slice.h"
#include "wire/reasons.h"

#define ZC_FRAME_HEAD 4

void zc_frame_head(uint32_t len, uint8_t ret_head[static ZC_FRAME_HEAD]);
/* The length of the whole frame, head included, from its first bytes. Returns ZC_BASE_TRUNCATED
 * while fewer than four bytes are there; ZC_WIRE_FRAME_TOO_SHORT and ZC_WIRE_FRAME_TOO_LONG when
 * the content is not within [min, max]: the stream can't be followed any further. */
ZC_MUST_USE zc_result zc_frame_peek(zc_slice head, size_t min, size_t max, size_t *ret_total);

#endif
