#include "log/witness_client.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit/checkpoint.h"
#include "codec/base64.h"
#include "log/http_client.h"
#include "support/reasons.h"

#define TIMEOUT_MS 3000
#define CONFLICT 409

static zc_result no_memory(zc_error *error)
{
    return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot ask a witness",
                        "the machine gave no memory", "free some memory and try again");
}

static bool append_proof(const uint8_t *proof, size_t count, zc_bytes *request)
{
    bool made = true;
    for (size_t i = 0; made && i < count; i++) {
        uint8_t text[ZC_BASE64_LEN(32) + 1];
        zc_writer line = ZC_WRITER_OF_ARRAY(text);
        made = zc_ok(zc_write_base64(&line, zc_slice_of(proof + 32 * i, 32))) &&
               zc_ok(zc_write_u8(&line, '\n')) &&
               zc_bytes_append(request, zc_writer_written(&line));
    }
    return made;
}

/* "old <size>", the proof, an empty line, the checkpoint. */
static zc_result write_request(const zc_witness_peer *peer, const char *folder, uint64_t size,
                               zc_slice note, zc_bytes *request, zc_error *error)
{
    static _Thread_local uint8_t proof[32 * ZC_PROOF_HASHES];
    size_t count = 0;
    char head[40];
    ZC_TILE_TREE zc_tile_tree tree = {.folder = folder, .size = size};
    if (peer->size > 0 && peer->size <= size) {
        ZC_TRY(zc_tile_tree_consistency(&tree, peer->size, proof, &count, error));
    }
    (void)snprintf(head, sizeof head, "old %" PRIu64 "\n", peer->size);
    bool made = zc_bytes_append(request, zc_slice_of_text(head)) &&
                append_proof(proof, count, request) &&
                zc_bytes_append(request, zc_slice_of_text("\n")) && zc_bytes_append(request, note);
    return made ? ZC_OK : no_memory(error);
}

static zc_result refused(const zc_witness_peer *peer, const zc_http_answer *answer, zc_error *error)
{
    zc_result result = zc_error_from(error, zc_fail(ZC_LOG_WITNESS_REFUSED), "", "");
    zc_error_what(error, "the witness at %.160s answers %ld", peer->url, answer->status);
    zc_error_why(error, "%.*s", (int)(answer->body.len < 200 ? answer->body.len : 200),
                 answer->body.len == 0 ? "" : (const char *)answer->body.data);
    zc_error_next(error, "if this log was restored from a copy, entries that it saw are lost");
    return result;
}

static zc_result ask_once(const zc_witness_peer *peer, const char *folder, uint64_t size,
                          zc_slice note, zc_http_answer *ret_answer, zc_error *error)
{
    char url[ZC_WITNESS_URL_SIZE + 32];
    ZC_BYTES zc_bytes body = {0};
    ZC_TRY(write_request(peer, folder, size, note, &body, error));
    (void)snprintf(url, sizeof url, "%s/add-checkpoint", peer->url);
    zc_http_request request = {.method = "POST",
                               .url = url,
                               .header = {"Content-Type: text/plain"},
                               .body = zc_bytes_slice(&body),
                               .timeout_ms = TIMEOUT_MS};
    return zc_http_ask(&request, ret_answer, error);
}

/* An answer is taken only when it would be the end of a note. */
static bool lines_ok(zc_slice lines)
{
    static _Thread_local zc_note note;
    static const char text[] = "text\n\n";
    ZC_BYTES zc_bytes whole = {0};
    return zc_bytes_append(&whole, zc_slice_of(text, sizeof text - 1)) &&
           zc_bytes_append(&whole, lines) && zc_ok(zc_note_parse(zc_bytes_slice(&whole), &note)) &&
           note.text.len == sizeof text - 2;
}

zc_result zc_witness_ask(zc_witness_peer *peer, const char *folder, zc_slice note, zc_bytes *lines,
                         zc_error *error)
{
    static _Thread_local zc_note parsed;
    zc_checkpoint_lines checkpoint;
    zc_http_answer answer = {0};
    ZC_TRY(zc_note_parse(note, &parsed));
    ZC_TRY(zc_checkpoint_split(parsed.text, &checkpoint));
    zc_result asked = ask_once(peer, folder, checkpoint.size, note, &answer, error);
    if (zc_ok(asked) && answer.status == CONFLICT && answer.body.len > 0 &&
        strtoull((const char *)answer.body.data, NULL, 10) != peer->size) {
        peer->size = strtoull((const char *)answer.body.data, NULL, 10);
        zc_bytes_clear(&answer.body);
        asked = ask_once(peer, folder, checkpoint.size, note, &answer, error);
    }
    if (zc_ok(asked) && (answer.status != 200 || !lines_ok(zc_bytes_slice(&answer.body)))) {
        asked = refused(peer, &answer, error);
    }
    if (zc_ok(asked)) {
        peer->size = checkpoint.size;
        asked = zc_bytes_append(lines, zc_bytes_slice(&answer.body)) ? ZC_OK : no_memory(error);
    }
    zc_bytes_clear(&answer.body);
    return asked;
}
