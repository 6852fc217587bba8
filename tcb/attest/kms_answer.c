#include "attest/kms_answer.h"

#include "attest/genesis.h"
#include "base/ct.h"

enum {
    INTEGER = 0x02,
    OCTETS = 0x04,
    OID = 0x06,
    SEQUENCE = 0x30,
    SET = 0x31,
    CONTEXT_0 = 0x80,
    CONTEXT_0_HOLDS = 0xa0,
};
#define INDEFINITE 0x80
#define LENGTH_BYTES_MAX 3
#define SKI_MAX 64

/* Contents of the object identifiers, and the whole AlgorithmIdentifier of OAEP. */
static const uint8_t enveloped_data[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03};
static const uint8_t plain_data[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01};
static const uint8_t aes_256_cbc[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a};
static const uint8_t version_2[] = {2};
/* clang-format off */
static const uint8_t oaep_sha256[] = {
    0x30, 0x3c, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x07,
      0x30, 0x2f,
        0xa0, 0x0f, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
        0xa1, 0x1c, 0x30, 0x1a, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08,
          0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00};
/* clang-format on */

static zc_result bad(void)
{
    return zc_fail(ZC_ATTEST_BAD_KMS_ANSWER);
}

/* What has been entered, and what must be left of the input when it ends. */
typedef struct level {
    bool indefinite;
    size_t left;
} level;

static zc_result read_length(zc_reader *reader, bool *ret_indefinite, size_t *ret_len)
{
    uint8_t first;
    size_t len = 0;
    ZC_TRY(zc_read_u8(reader, &first));
    *ret_indefinite = first == INDEFINITE;
    if (first <= INDEFINITE) {
        *ret_len = first & 0x7f;
        return ZC_OK;
    }
    unsigned count = first & 0x7f;
    if (count > LENGTH_BYTES_MAX) {
        return bad();
    }
    for (unsigned i = 0; i < count; i++) {
        uint8_t byte;
        ZC_TRY(zc_read_u8(reader, &byte));
        len = len << 8 | byte;
    }
    *ret_len = len;
    return ZC_OK;
}

static zc_result enter(zc_reader *reader, uint8_t tag, level *ret_level)
{
    uint8_t found;
    size_t len;
    ZC_TRY(zc_read_u8(reader, &found));
    if (found != tag) {
        return bad();
    }
    ZC_TRY(read_length(reader, &ret_level->indefinite, &len));
    if (len > zc_reader_left(reader)) {
        return bad();
    }
    ret_level->left = zc_reader_left(reader) - len;
    return ZC_OK;
}

static zc_result leave(zc_reader *reader, const level *from)
{
    uint16_t end;
    if (!from->indefinite) {
        return zc_reader_left(reader) == from->left ? ZC_OK : bad();
    }
    ZC_TRY(zc_read_u16(reader, &end));
    return end == 0 ? ZC_OK : bad();
}

static zc_result read_primitive(zc_reader *reader, uint8_t tag, size_t max, zc_slice *ret_bytes)
{
    level inside;
    ZC_TRY(enter(reader, tag, &inside));
    size_t len = zc_reader_left(reader) - inside.left;
    if (inside.indefinite || len > max) {
        return bad();
    }
    return zc_read_slice(reader, len, ret_bytes);
}

static zc_result require(zc_reader *reader, uint8_t tag, zc_slice wanted)
{
    zc_slice found;
    ZC_TRY(read_primitive(reader, tag, wanted.len, &found));
    return zc_slice_eq(found, wanted) ? ZC_OK : bad();
}

/* KeyTransRecipientInfo, the only one. */
static zc_result read_recipient(zc_reader *reader, zc_kms_answer *answer)
{
    level set;
    level info;
    zc_slice part;
    ZC_TRY(enter(reader, SET, &set));
    ZC_TRY(enter(reader, SEQUENCE, &info));
    ZC_TRY(require(reader, INTEGER, ZC_SLICE_OF_ARRAY(version_2)));
    ZC_TRY(read_primitive(reader, CONTEXT_0, SKI_MAX, &part)); /* which key: there is one */
    ZC_TRY(zc_read_slice(reader, sizeof oaep_sha256, &part));
    if (!zc_slice_eq(part, ZC_SLICE_OF_ARRAY(oaep_sha256))) {
        return bad();
    }
    ZC_TRY(read_primitive(reader, OCTETS, ZC_RECIPIENT_WRAPPED, &answer->wrapped_key));
    ZC_TRY(leave(reader, &info));
    return leave(reader, &set);
}

static zc_result add_chunk(zc_reader *reader, uint8_t tag, zc_kms_answer *answer)
{
    zc_slice chunk;
    size_t room = sizeof answer->content - answer->content_len;
    ZC_TRY(read_primitive(reader, tag, room, &chunk));
    if (chunk.len > 0) {
        memcpy(answer->content + answer->content_len, chunk.data, chunk.len);
    }
    answer->content_len += chunk.len;
    return ZC_OK;
}

static bool at_end(const zc_reader *reader, const level *from)
{
    uint8_t next = 0;
    return from->indefinite ? zc_ok(zc_peek_u8(reader, &next)) && next == 0
                            : zc_reader_left(reader) <= from->left;
}

/* [0] IMPLICIT OCTET STRING: primitive, or in chunks. */
static zc_result read_content(zc_reader *reader, zc_kms_answer *answer)
{
    uint8_t tag;
    level chunks;
    ZC_TRY(zc_peek_u8(reader, &tag));
    if (tag == CONTEXT_0) {
        return add_chunk(reader, CONTEXT_0, answer);
    }
    ZC_TRY(enter(reader, CONTEXT_0_HOLDS, &chunks));
    for (size_t i = 0; !at_end(reader, &chunks); i++) {
        if (i == ZC_KMS_CHUNKS_MAX) {
            return bad();
        }
        ZC_TRY(add_chunk(reader, OCTETS, answer));
    }
    return leave(reader, &chunks);
}

static zc_result read_encrypted(zc_reader *reader, zc_kms_answer *answer)
{
    level info;
    level algorithm;
    ZC_TRY(enter(reader, SEQUENCE, &info));
    ZC_TRY(require(reader, OID, ZC_SLICE_OF_ARRAY(plain_data)));
    ZC_TRY(enter(reader, SEQUENCE, &algorithm));
    ZC_TRY(require(reader, OID, ZC_SLICE_OF_ARRAY(aes_256_cbc)));
    ZC_TRY(read_primitive(reader, OCTETS, ZC_RECIPIENT_IV, &answer->iv));
    ZC_TRY(leave(reader, &algorithm));
    ZC_TRY(read_content(reader, answer));
    return leave(reader, &info);
}

static zc_result read_all(zc_reader *reader, zc_kms_answer *answer)
{
    level content_info;
    level wrapper;
    level enveloped;
    ZC_TRY(enter(reader, SEQUENCE, &content_info));
    ZC_TRY(require(reader, OID, ZC_SLICE_OF_ARRAY(enveloped_data)));
    ZC_TRY(enter(reader, CONTEXT_0_HOLDS, &wrapper));
    ZC_TRY(enter(reader, SEQUENCE, &enveloped));
    ZC_TRY(require(reader, INTEGER, ZC_SLICE_OF_ARRAY(version_2)));
    ZC_TRY(read_recipient(reader, answer));
    ZC_TRY(read_encrypted(reader, answer));
    ZC_TRY(leave(reader, &enveloped));
    ZC_TRY(leave(reader, &wrapper));
    ZC_TRY(leave(reader, &content_info));
    return zc_reader_end(reader);
}

zc_result zc_kms_answer_parse(zc_slice bytes, zc_kms_answer *ret_answer)
{
    zc_kms_answer answer;
    zc_reader reader = zc_reader_of(bytes);
    answer.content_len = 0;
    bool read = bytes.len <= ZC_KMS_ANSWER_MAX && zc_ok(read_all(&reader, &answer)) &&
                answer.wrapped_key.len == ZC_RECIPIENT_WRAPPED &&
                answer.iv.len == ZC_RECIPIENT_IV && answer.content_len > 0 &&
                answer.content_len % 16 == 0;
    if (!read) {
        return bad();
    }
    ret_answer->wrapped_key = answer.wrapped_key;
    ret_answer->iv = answer.iv;
    ret_answer->content_len = answer.content_len;
    memcpy(ret_answer->content, answer.content, answer.content_len);
    return ZC_OK;
}

zc_result zc_kms_open_root(const zc_recipient *recipient, zc_slice bytes,
                           const uint8_t root_commitment[static 32], zc_secret32 *ret_root)
{
    zc_kms_answer answer;
    ZC_SECRET zc_secret32 root = {{0}};
    uint8_t commitment[32];
    ZC_TRY(zc_kms_answer_parse(bytes, &answer));
    if (answer.content_len != ZC_RECIPIENT_CONTENT) {
        return bad();
    }
    ZC_TRY(zc_recipient_open(recipient, answer.wrapped_key.data, answer.iv.data, answer.content,
                             &root));
    zc_genesis_commit_root(&root, commitment);
    if (!zc_ct_eq(commitment, root_commitment, sizeof commitment)) {
        return zc_fail(ZC_ATTEST_ROOT_NOT_RELEASED);
    }
    *ret_root = root;
    return ZC_OK;
}
