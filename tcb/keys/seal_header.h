/* The public header of a sealed key. Internal to this module. */
#ifndef ZC_KEYS_SEAL_HEADER_H
#define ZC_KEYS_SEAL_HEADER_H

#include "base/writer.h"
#include "keys/record.h"

/* Name and owner take 2 × 66 bytes, the API key's name 260, the public part 68, the numbers and the
 * id less than 80. */
#define ZC_SEAL_HEADER_MAX 544

/* The public part of a key on a curve is in the header of version 3. */
#define ZC_SEAL_VERSION_PUBLIC 3

ZC_MUST_USE zc_result zc_seal_header_write(const zc_key *key, uint64_t version, zc_writer *out);
/* Reads exactly one header into a record. Nothing of it may be believed before the seal around it
 * has opened. Errors: those of the CBOR reader, ZC_BASE_TRAILING, ZC_KEYS_BAD_RECORD,
 * ZC_KEYS_BAD_NAME, ZC_KEYS_BAD_API_KEY, ZC_KEYS_OWNER_TOO_LONG. */
ZC_MUST_USE zc_result zc_seal_header_read(zc_slice header, uint64_t version, zc_key *ret_key);

#endif
