/* Records: what travels between client and core once the handshake is over.
 *
 * A record is u32be length ‖ ciphertext ‖ tag 16, the length counting ciphertext and tag. AES-256-
 * GCM; the nonce is 4 zero bytes and the record's number, u64be; the length bytes are the
 * additional data. The number is never sent: each end counts, so a record that is altered,
 * replayed, reordered, dropped or taken from elsewhere does not open. Each direction has a key of
 * its own, replaced by HKDF-SHA256(key, "zcp rekey") before each record whose number is a multiple
 * of ZC_RECORD_REKEY_INTERVAL; the old key is wiped.
 *
 * The first record that fails ends its direction for good (ZC_WIRE_SESSION_OVER ever after): the
 * other end is not to be trusted any more, or the stream is lost. */
#ifndef ZC_WIRE_RECORD_H
#define ZC_WIRE_RECORD_H

#include "base/secret.h"
#include "base/writer.h"
#include "crypto/aead.h"
#include "wire/frame.h"

#define ZC_RECORD_MAX_PLAIN 65536
#define ZC_RECORD_TAG 16
#define ZC_RECORD_OVERHEAD (ZC_FRAME_HEAD + ZC_RECORD_TAG)
#define ZC_RECORD_MAX (ZC_RECORD_MAX_PLAIN + ZC_RECORD_OVERHEAD)
#define ZC_RECORD_REKEY_INTERVAL ((uint64_t)1 << 24)

/* One end of one direction: it seals or it opens, never both. */
typedef struct zc_record_end {
    zc_aead aead;
    uint64_t counter; /* the number of the next record */
    zc_secret32 key;
    bool over;
    bool rests; /* the prepared key is made again with the next record */
} zc_record_end;

/* Copies `key`; the caller wipes its own. On success the caller clears `end`. Errors: those of
 * zc_aead_init(). */
ZC_MUST_USE zc_result zc_record_end_init(zc_record_end *end, const zc_secret32 *key);
void zc_record_end_clear(zc_record_end *end);
/* Gives up what OpenSSL has prepared of the key, more than a kilobyte, until the next record. */
void zc_record_end_rest(zc_record_end *end);

/* Writes one record. Returns ZC_BASE_TOO_LONG beyond ZC_RECORD_MAX_PLAIN and ZC_BASE_FULL when it
 * does not fit: neither ends the session. ZC_WIRE_RECORDS_SPENT after number 2^64 − 2;
 * ZC_WIRE_SESSION_OVER. `plain` may not overlap the writer's free space, except that it may lie
 * exactly where the ciphertext goes. Time depends on the length alone. */
ZC_MUST_USE zc_result zc_record_seal(zc_record_end *end, zc_slice plain, zc_writer *writer);

/* Opens exactly one whole record in place; *ret_plain is a view of it. Returns ZC_WIRE_BAD_RECORD,
 * ZC_WIRE_RECORDS_SPENT, ZC_WIRE_SESSION_OVER; each of them ends the session, and no plaintext of a
 * record that fails is left in the buffer. Time depends on the length alone. */
ZC_MUST_USE zc_result zc_record_open(zc_record_end *end, uint8_t *record, size_t len,
                                     zc_slice *ret_plain);

/* The length of the whole record from its first bytes: as zc_frame_peek(). */
ZC_MUST_USE zc_result zc_record_peek_len(zc_slice head, size_t *ret_total);

#endif
