/* SSH's forms of keys and signatures (RFC 4251 §5, RFC 5656, RFC 8709). */
#ifndef ZC_API_SSH_AGENT_BLOB_H
#define ZC_API_SSH_AGENT_BLOB_H

#include "base/reader.h"
#include "base/writer.h"
#include "zcp.h"

#define ZC_SSH_BLOB_MAX 128

/* uint32 length and bytes. Reading: ZC_BASE_SHORT. */
ZC_MUST_USE zc_result zc_ssh_get_string(zc_reader *reader, zc_slice *ret_bytes);
ZC_MUST_USE zc_result zc_ssh_put_string(zc_writer *writer, zc_slice bytes);

/* Whether SSH has such keys: P-256 and Ed25519. */
bool zc_ssh_serves(const zcp_key *key);
/* Errors: ZC_BASE_FULL. Only for keys that SSH has. */
ZC_MUST_USE zc_result zc_ssh_put_key(zc_writer *writer, const zcp_key *key);
/* The signature (64 bytes) of such a key. */
ZC_MUST_USE zc_result zc_ssh_put_signature(zc_writer *writer, const zcp_key *key,
                                           const uint8_t signature[static 64]);
/* Whether `signature` is one by the key `blob` over the data. False for kinds of keys that are not
 * these two. */
bool zc_ssh_signature_holds(zc_slice blob, zc_slice signature, zc_slice data);

#endif
