#include "log/witness.h"

#include <inttypes.h>
#include <stdio.h>

#include "audit/checkpoint.h"
#include "audit/proof.h"
#include "base/reader.h"
#include "base/hex.h"
#include "codec/base64.h"
#include "crypto/hash.h"
#include "support/reasons.h"

#define PROOF_MAX 63 /* of the specification */

/* A request taken apart; everything points into it. */
typedef struct zc_witness_request {
    uint64_t old_size;
    uint8_t proof[PROOF_MAX * 32];
    size_t proof_len;
    zc_slice note_bytes;
    zc_note note;
    zc_checkpoint_lines lines;
    uint8_t root[32];
} zc_witness_request;

zc_result zc_witness_add_log(zc_witness_server *witness, const char *key)
{
    if (witness->log_count == ZC_WITNESS_LOGS_MAX || strlen(key) >= ZC_WITNESS_KEY_TEXT) {
        return zc_fail(ZC_SUPPORT_TOO_LARGE);
    }
    char *kept = witness->log_text[witness->log_count];
    memcpy(kept, key, strlen(key) + 1);
    ZC_TRY(zc_note_key_parse(zc_slice_of_text(kept), &witness->log[witness->log_count]));
    witness->log_count++;
    return ZC_OK;
}

static bool take_line(zc_reader *in, zc_slice *ret_line)
{
    zc_slice rest = zc_reader_rest(in);
    const uint8_t *end = rest.len == 0 ? NULL : memchr(rest.data, '\n', rest.len);
    return end != NULL && zc_ok(zc_read_slice(in, (size_t)(end - rest.data), ret_line)) &&
           zc_ok(zc_skip(in, 1));
}

/* Decimal without leading zeros, as in checkpoints. */
static bool parse_size(zc_slice text, uint64_t *ret_size)
{
    uint64_t size = 0;
    bool good = text.len > 0 && text.len <= 20 && (text.data[0] != '0' || text.len == 1);
    for (size_t i = 0; good && i < text.len; i++) {
        uint8_t c = text.data[i];
        good = c >= '0' && c <= '9' && !__builtin_mul_overflow(size, 10, &size) &&
               !__builtin_add_overflow(size, (uint64_t)(c - '0'), &size);
    }
    *ret_size = size;
    return good;
}

static bool decode_hash(zc_slice text, uint8_t ret_hash[static 32])
{
    size_t len = 0;
    return zc_ok(zc_base64_decode(text, ret_hash, 32, &len)) && len == 32;
}

static bool parse_request(zc_slice bytes, zc_witness_request *request)
{
    static const char old[] = "old ";
    zc_reader in = zc_reader_of(bytes);
    zc_slice line;
    if (!take_line(&in, &line) || line.len < 5 || memcmp(line.data, old, 4) != 0 ||
        !parse_size(zc_slice_of(line.data + 4, line.len - 4), &request->old_size)) {
        return false;
    }
    for (;;) {
        if (!take_line(&in, &line)) {
            return false;
        }
        if (line.len == 0) {
            break;
        }
        if (request->proof_len == sizeof request->proof ||
            !decode_hash(line, request->proof + request->proof_len)) {
            return false;
        }
        request->proof_len += 32;
    }
    request->note_bytes = zc_reader_rest(&in);
    return zc_ok(zc_note_parse(request->note_bytes, &request->note)) &&
           zc_ok(zc_checkpoint_split(request->note.text, &request->lines)) &&
           decode_hash(request->lines.root_base64, request->root);
}

/* 200 when a trusted key of the origin signed it; a wrong signature counts like none. */
static int check_signer(const zc_witness_server *witness, const zc_witness_request *request)
{
    int status = ZC_WITNESS_UNKNOWN_LOG;
    for (size_t i = 0; i < witness->log_count; i++) {
        if (!zc_slice_eq(witness->log[i].name, request->lines.origin)) {
            continue;
        }
        if (zc_ok(zc_note_verify(&request->note, &witness->log[i]))) {
            return ZC_WITNESS_COSIGNED;
        }
        status = ZC_WITNESS_NOT_SIGNED;
    }
    return status;
}

static bool state_path(const zc_witness_server *witness, zc_slice origin,
                       char ret_path[static ZC_PATH_SIZE])
{
    uint8_t hash[32];
    char name[2 * sizeof hash + 1];
    zc_sha256(origin, hash);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(hash), name);
    return zc_path_join(witness->folder, name, ret_path);
}

/* What was cosigned last of this log; size 0 when nothing was. */
static bool recall(const char *path, zc_slice origin, uint64_t *ret_size,
                   uint8_t ret_root[static 32])
{
    ZC_BYTES zc_bytes text = {0};
    zc_checkpoint_lines lines;
    *ret_size = 0;
    if (!zc_file_exists(path)) {
        return true;
    }
    bool good = zc_ok(zc_file_read(path, ZC_NOTE_MAX, &text, NULL)) &&
                zc_ok(zc_checkpoint_split(zc_bytes_slice(&text), &lines)) &&
                zc_slice_eq(lines.origin, origin) && decode_hash(lines.root_base64, ret_root);
    *ret_size = good ? lines.size : 0;
    return good;
}

static void say(zc_witness_answer *answer, int status, const char *text)
{
    answer->status = status;
    answer->type = "text/plain; charset=utf-8";
    answer->len = (size_t)snprintf(answer->body, sizeof answer->body, "%s\n", text);
}

static void say_size(zc_witness_answer *answer, uint64_t size)
{
    answer->status = ZC_WITNESS_CONFLICT;
    answer->type = "text/x.tlog.size";
    answer->len = (size_t)snprintf(answer->body, sizeof answer->body, "%" PRIu64 "\n", size);
}

static bool grows(const zc_witness_request *request, uint64_t size, const uint8_t root[static 32])
{
    zc_slice proof = zc_slice_of(request->proof, request->proof_len);
    if (size == 0) {
        return proof.len == 0;
    }
    return zc_ok(zc_audit_check_consistency(size, root, request->lines.size, request->root, proof));
}

/* The state first, then the signature: a crash between the two loses an answer, never a promise. */
static void cosign(zc_witness_server *witness, const zc_witness_request *request, const char *path,
                   uint64_t now_seconds, zc_witness_answer *answer)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(answer->body);
    if (!zc_ok(zc_file_write(path, request->note.text, 0600, NULL)) ||
        !zc_ok(zc_cosignature_write(request->note.text, zc_slice_of_text(witness->name),
                                    &witness->signer, now_seconds, &writer))) {
        say(answer, ZC_WITNESS_BROKEN, "the witness can't keep what it would sign");
        return;
    }
    answer->status = ZC_WITNESS_COSIGNED;
    answer->type = "text/plain; charset=utf-8";
    answer->len = zc_writer_len(&writer);
}

/* The log is known and signed this; now what the witness remembers counts. */
static void answer_signed(zc_witness_server *witness, const zc_witness_request *request,
                          uint64_t now_seconds, zc_witness_answer *answer)
{
    char path[ZC_PATH_SIZE];
    uint64_t size = 0;
    uint8_t root[32];
    if (request->old_size > request->lines.size) {
        say(answer, ZC_WITNESS_MALFORMED, "the old size is larger than the checkpoint's");
    } else if (!state_path(witness, request->lines.origin, path) ||
               !recall(path, request->lines.origin, &size, root)) {
        say(answer, ZC_WITNESS_BROKEN, "the witness can't read what it signed before");
    } else if (request->old_size != size || (size > 0 && size == request->lines.size &&
                                             memcmp(root, request->root, sizeof root) != 0)) {
        say_size(answer, size);
    } else if (!grows(request, size, root)) {
        say(answer, ZC_WITNESS_BAD_PROOF, "the proof does not lead from the old size to the new");
    } else {
        cosign(witness, request, path, now_seconds, answer);
    }
}

void zc_witness_answer_to(zc_witness_server *witness, zc_slice request, uint64_t now_seconds,
                          zc_witness_answer *ret_answer)
{
    zc_witness_request parsed = {0};
    memset(ret_answer, 0, sizeof *ret_answer);
    if (!parse_request(request, &parsed) || parsed.note.text.len > ZC_AUDIT_CHECKPOINT_MAX) {
        say(ret_answer, ZC_WITNESS_MALFORMED, "not a request to cosign a checkpoint");
        return;
    }
    int status = check_signer(witness, &parsed);
    if (status == ZC_WITNESS_UNKNOWN_LOG) {
        say(ret_answer, status, "no log of this name is witnessed here");
    } else if (status == ZC_WITNESS_NOT_SIGNED) {
        say(ret_answer, status, "no trusted key of this log signed the checkpoint");
    } else {
        answer_signed(witness, &parsed, now_seconds, ret_answer);
    }
}
