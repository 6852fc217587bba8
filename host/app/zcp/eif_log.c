#include "eif_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include <sys/file.h>
#include <unistd.h>

#include "audit/checkpoint.h"
#include "base/hex.h"
#include "codec/base64.h"
#include "crypto/signer.h"
#include "evidence/accepted_line.h"
#include "evidence/logged.h"
#include "key_secret.h"
#include "log/folder.h"

#define WHAT "cannot append to the log"

typedef struct release_log {
    const char *folder;
    zc_signer signer;
    zc_tile_builder builder;
    uint64_t size;
} release_log;

static int fail(const zc_invocation *invocation, zc_result why, const char *next)
{
    return zc_eif_fail(invocation, why, WHAT, next);
}

static zc_result emit(void *self, const zc_tile *tile, zc_slice content)
{
    const release_log *log = self;
    return zc_folder_write(log->folder, tile, content, true, NULL);
}

/* "nitro FROM UNTIL LABEL PCR0=… PCR1=… PCR2=…": a signed image's certificate is not code. */
static bool write_line(const zc_invocation *invocation, const zc_eif_register *registers,
                       size_t count, char ret_line[static 2048])
{
    zc_accepted_line line;
    const char *label = zc_option_value(invocation, "label");
    const char *from = zc_option_value(invocation, "from");
    const char *until = zc_option_value(invocation, "until");
    if (label == NULL || from == NULL || until == NULL) {
        return false;
    }
    int len = snprintf(ret_line, 2048, "nitro %.32s %.32s %.95s", from, until, label);
    for (size_t i = 0; i < count; i++) {
        if (registers[i].index <= 2 && len > 0 && len < 1024) {
            char hex[2 * ZC_EIF_PCR_SIZE + 1];
            zc_hex_encode(ZC_SLICE_OF_ARRAY(registers[i].value), hex);
            len +=
                snprintf(ret_line + len, 2048 - (size_t)len, " PCR%u=%s", registers[i].index, hex);
        }
    }
    return zc_accepted_line_read(zc_slice_of_text(ret_line), &line) &&
           zc_slice_eq_text(line.label, label);
}

static int read_key(const zc_invocation *invocation, zc_signer *ret_signer)
{
    ZC_BYTES zc_bytes bytes = {0};
    ZC_SECRET zc_secret32 secret = {{0}};
    int code = zc_key_secret_read(invocation, ZC_KEY_KIND_ED25519, &bytes);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    if (bytes.len != sizeof secret.byte) {
        return zc_fail_usage(invocation, WHAT, "--private-key wants an Ed25519 key");
    }
    memcpy(secret.byte, bytes.data, sizeof secret.byte);
    zc_wipe(bytes.data, bytes.len);
    zc_result made = zc_signer_init(ret_signer, ZC_CURVE_ED25519, &secret);
    return zc_ok(made) ? ZC_EXIT_DONE : fail(invocation, made, "give another key");
}

static zc_result read_checkpoint(zc_slice bytes, const zc_signer *signer, uint64_t *ret_size,
                                 uint8_t ret_root[static 32])
{
    zc_note note;
    zc_note_key key;
    zc_checkpoint_lines lines;
    size_t len;
    ZC_TRY(zc_note_parse(bytes, &note));
    ZC_TRY(zc_note_key_of(zc_slice_of_text(ZC_LOGGED_NAME), signer->pubkey.byte, &key));
    ZC_TRY(zc_note_verify(&note, &key));
    ZC_TRY(zc_checkpoint_split(note.text, &lines));
    if (!zc_slice_eq_text(lines.origin, ZC_LOGGED_NAME)) {
        return zc_fail(ZC_AUDIT_WRONG_ORIGIN);
    }
    ZC_TRY(zc_base64_decode(lines.root_base64, ret_root, 32, &len));
    *ret_size = lines.size;
    return len == 32 ? ZC_OK : zc_fail(ZC_AUDIT_BAD_CHECKPOINT);
}

/* Goes on where the checkpoint ends, whose tiles must be there. */
static zc_result open_log(release_log *log, const char *checkpoint_path, zc_error *error)
{
    ZC_BYTES zc_bytes note = {0};
    uint8_t root[32];
    zc_tile_builder_init(&log->builder, true, emit, log);
    if (!zc_file_exists(checkpoint_path)) {
        return ZC_OK;
    }
    ZC_TRY(zc_file_read(checkpoint_path, ZC_CHECKPOINT_FILE_MAX, &note, error));
    zc_result read = read_checkpoint(zc_bytes_slice(&note), &log->signer, &log->size, root);
    if (!zc_ok(read)) {
        return zc_error_from(error, read, WHAT, "give the key that signed it, or another folder");
    }
    return log->size == 0 ? ZC_OK
                          : zc_folder_resume(log->folder, log->size, root, &log->builder, error);
}

static zc_result put_text(zc_writer *writer, const char *text)
{
    return zc_write_slice(writer, zc_slice_of_text(text));
}

static zc_result write_checkpoint(const release_log *log, const uint8_t root[static 32],
                                  zc_writer *writer)
{
    char head[96];
    const uint8_t *from = writer->at;
    (void)snprintf(head, sizeof head, ZC_LOGGED_NAME "\n%llu\n", (unsigned long long)log->size);
    ZC_TRY(put_text(writer, head));
    ZC_TRY(zc_write_base64(writer, zc_slice_of(root, 32)));
    ZC_TRY(put_text(writer, "\n"));
    zc_slice text = zc_slice_of(from, (size_t)(writer->at - from));
    ZC_TRY(put_text(writer, "\n"));
    return zc_note_sign(text, zc_slice_of_text(ZC_LOGGED_NAME), &log->signer, writer);
}

static zc_result write_proof(const release_log *log, zc_tile_tree *tree, const char *line,
                             zc_slice checkpoint, zc_writer *writer)
{
    uint8_t hashes[32 * ZC_PROOF_HASHES];
    size_t count;
    char index[32];
    ZC_TRY(zc_tile_tree_inclusion(tree, log->size - 1, hashes, &count, NULL));
    (void)snprintf(index, sizeof index, "\nindex %llu\n", (unsigned long long)(log->size - 1));
    ZC_TRY(put_text(writer, ZC_LOGGED_HEAD "\nextra "));
    ZC_TRY(zc_write_base64(writer, zc_slice_of_text(line)));
    ZC_TRY(put_text(writer, index));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(zc_write_base64(writer, zc_slice_of(hashes + 32 * i, 32)));
        ZC_TRY(put_text(writer, "\n"));
    }
    ZC_TRY(put_text(writer, "\n"));
    return zc_write_slice(writer, checkpoint);
}

/* Tiles first, then the checkpoint that covers them: a crash in between leaves the old log. */
static zc_result append(release_log *log, const char *line, const char *checkpoint_path,
                        const char *proof_path, zc_error *error)
{
    uint8_t leaf[32];
    uint8_t root[32];
    uint8_t note_bytes[1024];
    uint8_t proof_bytes[16384];
    zc_writer note = ZC_WRITER_OF_ARRAY(note_bytes);
    zc_writer proof = ZC_WRITER_OF_ARRAY(proof_bytes);
    zc_slice entry = zc_slice_of_text(line);
    zc_audit_leaf(entry, leaf);
    ZC_TRY(zc_tile_builder_add(&log->builder, entry, leaf));
    ZC_TRY(zc_tile_builder_flush(&log->builder));
    log->size++;
    ZC_TILE_TREE zc_tile_tree tree = {.folder = log->folder, .size = log->size};
    ZC_TRY(zc_tile_tree_root(&tree, log->size, root, error));
    ZC_TRY(write_checkpoint(log, root, &note));
    ZC_TRY(write_proof(log, &tree, line, zc_writer_written(&note), &proof));
    ZC_TRY(zc_file_write(checkpoint_path, zc_writer_written(&note), 0644, error));
    return proof_path == NULL ? ZC_OK
                              : zc_file_write(proof_path, zc_writer_written(&proof), 0644, error);
}

/* Two at once would sign two logs of the same length: the second waits. −1 with an error. */
static int lock_folder(const char *folder, zc_error *error)
{
    if (!zc_ok(zc_file_make_folder(folder, 0755, error))) {
        return -1;
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX) == 0) {
        return fd;
    }
    zc_result set = zc_error_errno(error, errno, "cannot lock", folder);
    (void)set;
    if (fd >= 0) {
        close(fd);
    }
    return -1;
}

static int run(const zc_invocation *invocation, release_log *log, const char *line)
{
    char path[ZC_PATH_SIZE];
    zc_error error = {0};
    if (!zc_path_join(log->folder, "checkpoint", path)) {
        return zc_fail_usage(invocation, WHAT, "the path of --append is too long");
    }
    int lock = lock_folder(log->folder, &error);
    if (lock < 0) {
        return zc_fail_with(invocation, &error);
    }
    zc_result done = open_log(log, path, &error);
    if (zc_ok(done)) {
        done = append(log, line, path, zc_option_value(invocation, "proof"), &error);
    }
    close(lock);
    if (zc_ok(done)) {
        return ZC_EXIT_DONE;
    }
    return error.what[0] != '\0' ? zc_fail_with(invocation, &error)
                                 : fail(invocation, done, "look after the folder");
}

int zc_eif_log_append(const zc_invocation *invocation, const zc_eif_register *registers,
                      size_t count, zc_eif_logged *ret_logged)
{
    release_log log = {.folder = zc_option_value(invocation, "append")};
    *ret_logged = (zc_eif_logged){0};
    if (log.folder == NULL) {
        return ZC_EXIT_DONE;
    }
    if (!write_line(invocation, registers, count, ret_logged->line)) {
        return zc_fail_usage(invocation, WHAT,
                             "--append wants --label without spaces, --from and --until such as "
                             "2026-01-01T00:00:00Z in this order, and an image that is not empty");
    }
    int code = read_key(invocation, &log.signer);
    if (code == ZC_EXIT_DONE) {
        code = run(invocation, &log, ret_logged->line);
        zc_tile_builder_clear(&log.builder);
    }
    ret_logged->appended = code == ZC_EXIT_DONE;
    ret_logged->index = log.size > 0 ? log.size - 1 : 0;
    zc_signer_clear(&log.signer);
    return code;
}
