/* Notes, verifier keys and checkpoints. A checkpoint that verifies is one of the corpus: the fuzzer
 * can't sign. */
#include <stdlib.h>

#include "audit/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The Ed25519 key of the seed 07…07, which signed the corpus for deployment 00…00. */
static const uint8_t log_key[32] = {
    0xea, 0x4a, 0x6c, 0x63, 0xe2, 0x9c, 0x52, 0x0a, 0xbe, 0xf5, 0x50, 0x7b, 0x13, 0x2e, 0xc5, 0xf9,
    0x95, 0x47, 0x76, 0xae, 0xbe, 0xbe, 0x7b, 0x92, 0x42, 0x1e, 0xea, 0x69, 0x14, 0x46, 0xd2, 0x2c,
};

static void read_key(zc_slice bytes)
{
    zc_note_key key;
    uint8_t text[ZC_NOTE_NAME_MAX + 64];
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    if (zc_ok(zc_note_key_parse(bytes, &key)) && !zc_ok(zc_note_key_write(&key, &writer))) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t deployment[32] = {0};
    static zc_note note;
    zc_slice bytes = zc_slice_of(data, size);
    zc_checkpoint_lines lines;
    zc_audit_checkpoint checkpoint;
    read_key(bytes);
    if (zc_ok(zc_note_parse(bytes, &note)) && zc_ok(zc_checkpoint_split(note.text, &lines)) &&
        lines.extension.len >= note.text.len) {
        abort();
    }
    if (zc_ok(zc_checkpoint_split(bytes, &lines)) && lines.origin.len == 0) {
        abort();
    }
    if (zc_ok(zc_audit_checkpoint_verify(bytes, deployment, log_key, &checkpoint)) &&
        checkpoint.size != 12345) {
        abort();
    }
    return 0;
}
