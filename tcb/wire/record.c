#include "wire/record.h"

#include "crypto/hkdf.h"

enum { NONCE_SIZE = 12 };

zc_result zc_record_end_init(zc_record_end *end, const zc_secret32 *key)
{
    zc_aead aead;
    ZC_TRY(zc_aead_init(&aead, key));
    /* Field by field: a compound literal would leave a copy of the key in this stack frame. */
    end->aead = aead;
    end->counter = 0;
    end->key = *key;
    end->over = false;
    end->rests = false;
    return ZC_OK;
}

void zc_record_end_clear(zc_record_end *end)
{
    zc_aead_clear(&end->aead);
    zc_wipe(end, sizeof *end);
}

void zc_record_end_rest(zc_record_end *end)
{
    zc_aead_clear(&end->aead);
    end->rests = true;
}

static zc_result rekey(zc_record_end *end)
{
    ZC_SECRET zc_secret32 next;
    ZC_TRY(zc_hkdf_sha256_secret(&end->key, zc_slice_of(NULL, 0), zc_slice_of_text("zcp rekey"),
                                 next.byte, sizeof next.byte));
    zc_aead fresh;
    ZC_TRY(zc_aead_init(&fresh, &next));
    zc_aead_clear(&end->aead);
    end->aead = fresh;
    end->key = next;
    return ZC_OK;
}

/* Makes `end` ready for its next record and gives the nonce. A nonce is handed out once: the caller
 * counts on, or ends the session. */
static zc_result next_nonce(zc_record_end *end, uint8_t ret_nonce[static NONCE_SIZE])
{
    if (end->over) {
        return zc_fail(ZC_WIRE_SESSION_OVER);
    }
    if (end->counter == UINT64_MAX) {
        return zc_fail(ZC_WIRE_RECORDS_SPENT);
    }
    if (end->rests) {
        ZC_TRY(zc_aead_init(&end->aead, &end->key));
        end->rests = false;
    }
    if (end->counter != 0 && end->counter % ZC_RECORD_REKEY_INTERVAL == 0) {
        ZC_TRY(rekey(end));
    }
    memset(ret_nonce, 0, NONCE_SIZE);
    for (unsigned i = 0; i < 8; i++) {
        ret_nonce[4 + i] = (uint8_t)(end->counter >> (56 - 8 * i));
    }
    return ZC_OK;
}

static zc_result seal_into(zc_record_end *end, zc_slice plain, uint8_t *record)
{
    uint8_t nonce[NONCE_SIZE];
    ZC_TRY(next_nonce(end, nonce));
    zc_frame_head((uint32_t)(plain.len + ZC_RECORD_TAG), record);
    uint8_t *cipher = record + ZC_FRAME_HEAD;
    ZC_TRY(zc_aead_seal(&end->aead, nonce, zc_slice_of(record, ZC_FRAME_HEAD), plain.data,
                        plain.len, cipher, cipher + plain.len));
    end->counter++;
    return ZC_OK;
}

zc_result zc_record_seal(zc_record_end *end, zc_slice plain, zc_writer *writer)
{
    if (plain.len > ZC_RECORD_MAX_PLAIN) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    zc_writer at = *writer;
    uint8_t *record;
    ZC_TRY(zc_write_reserve(&at, plain.len + ZC_RECORD_OVERHEAD, &record));
    zc_result sealed = seal_into(end, plain, record);
    if (!zc_ok(sealed)) {
        end->over = true;
        return sealed;
    }
    *writer = at;
    return ZC_OK;
}

static zc_result open_in_place(zc_record_end *end, uint8_t *record, size_t len, zc_slice *ret_plain)
{
    uint8_t nonce[NONCE_SIZE];
    ZC_TRY(next_nonce(end, nonce));
    size_t total;
    zc_result peeked = zc_record_peek_len(zc_slice_of(record, len), &total);
    if (!zc_ok(peeked) || total != len) {
        return zc_fail(ZC_WIRE_BAD_RECORD);
    }
    uint8_t *text = record + ZC_FRAME_HEAD;
    size_t text_len = len - ZC_RECORD_OVERHEAD;
    if (!zc_ok(zc_aead_open(&end->aead, nonce, zc_slice_of(record, ZC_FRAME_HEAD), text, text_len,
                            text + text_len, text))) {
        return zc_fail(ZC_WIRE_BAD_RECORD);
    }
    end->counter++;
    *ret_plain = zc_slice_of(text, text_len);
    return ZC_OK;
}

zc_result zc_record_open(zc_record_end *end, uint8_t *record, size_t len, zc_slice *ret_plain)
{
    zc_result opened = open_in_place(end, record, len, ret_plain);
    end->over = end->over || !zc_ok(opened);
    return opened;
}

zc_result zc_record_peek_len(zc_slice head, size_t *ret_total)
{
    return zc_frame_peek(head, ZC_RECORD_TAG, ZC_RECORD_MAX_PLAIN + ZC_RECORD_TAG, ret_total);
}
