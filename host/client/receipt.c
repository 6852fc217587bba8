/* Whether the log kept its word: a signature's receipt held against the published log.
 *
 * Nothing of the folder is believed: the checkpoint must carry the signature of the log key that
 * the session's attestation document vouches for, and the hashes of its tiles (C2SP tlog-tiles)
 * must lead from the receipt's leaf to the checkpoint's root. */
#include "client/internal.h"

#include <stdio.h>

#include "audit/chain.h"
#include "audit/checkpoint.h"
#include "audit/proof.h"

#define HASH ZC_AUDIT_HASH_SIZE
#define TILE_HASHES 256
#define TILE_HEIGHT 8
#define HEIGHT_MAX 63

static const char what[] = "cannot hold the receipt against the log";

typedef struct zc_tiles {
    const char *folder;
    uint64_t size; /* of the tree */
    uint8_t tile[TILE_HASHES * HASH];
} zc_tiles;

/* tile/<level>/<number>[.p/<width>]; the number in groups of three digits, all but the last with
 * an x before them. */
static bool tile_path(const zc_tiles *tiles, unsigned level, uint64_t number, unsigned width,
                      char ret_path[static ZC_PATH_SIZE])
{
    char groups[64] = "";
    char grown[64];
    bool last = true;
    do {
        int len = snprintf(grown, sizeof grown, "%s%03u%s%s", last ? "" : "x",
                           (unsigned)(number % 1000), last ? "" : "/", groups);
        if (len < 0 || (size_t)len >= sizeof grown) {
            return false;
        }
        memcpy(groups, grown, (size_t)len + 1);
        number /= 1000;
        last = false;
    } while (number > 0);
    char part[16] = "";
    if (width < TILE_HASHES) {
        (void)snprintf(part, sizeof part, ".p/%u", width);
    }
    int len =
        snprintf(ret_path, ZC_PATH_SIZE, "%s/tile/%u/%s%s", tiles->folder, level, groups, part);
    return len > 0 && len < ZC_PATH_SIZE;
}

static bool load_tile(zc_tiles *tiles, unsigned level, uint64_t number)
{
    uint64_t hashes = tiles->size >> (TILE_HEIGHT * level);
    uint64_t left = hashes - number * TILE_HASHES;
    unsigned width = left < TILE_HASHES ? (unsigned)left : TILE_HASHES;
    char path[ZC_PATH_SIZE];
    ZC_BYTES zc_bytes bytes = {0};
    if (!tile_path(tiles, level, number, width, path) ||
        !zc_ok(zc_file_read(path, sizeof tiles->tile, &bytes, NULL)) ||
        bytes.len != (size_t)width * HASH) {
        return false;
    }
    memcpy(tiles->tile, bytes.data, bytes.len);
    return true;
}

/* The root of the complete subtree of 2^height leaves that is number `index` of its height. */
static bool complete(zc_tiles *tiles, unsigned height, uint64_t index,
                     uint8_t ret_hash[static HASH])
{
    unsigned level = height / TILE_HEIGHT;
    unsigned rest = height % TILE_HEIGHT;
    uint64_t first = index << rest;
    if (!load_tile(tiles, level, first / TILE_HASHES)) {
        return false;
    }
    uint8_t *at = tiles->tile + (size_t)(first % TILE_HASHES) * HASH;
    for (size_t count = (size_t)1 << rest; count > 1; count /= 2) {
        for (size_t i = 0; i < count / 2; i++) {
            zc_audit_node(at + 2 * i * HASH, at + (2 * i + 1) * HASH, at + i * HASH);
        }
    }
    memcpy(ret_hash, at, HASH);
    return true;
}

/* The same at the tree's right edge, where the subtree may lack leaves: its complete parts, joined
 * from the right. */
static bool subtree(zc_tiles *tiles, unsigned height, uint64_t index, uint8_t ret_hash[static HASH])
{
    uint64_t begin = index << height;
    uint64_t left = tiles->size - begin;
    uint8_t part[HEIGHT_MAX + 1][HASH];
    size_t parts = 0;
    if (left >= UINT64_C(1) << height) {
        return complete(tiles, height, index, ret_hash);
    }
    for (unsigned bit = height; bit-- > 0;) {
        if ((left >> bit & 1) != 0) {
            if (!complete(tiles, bit, begin >> bit, part[parts++])) {
                return false;
            }
            begin += UINT64_C(1) << bit;
        }
    }
    if (parts == 0) {
        return false;
    }
    memcpy(ret_hash, part[parts - 1], HASH);
    while (--parts > 0) {
        zc_audit_node(part[parts - 1], ret_hash, ret_hash);
    }
    return true;
}

/* The inclusion proof of a leaf (RFC 9162 §2.1.3.1), from the leaf upwards. */
static bool prove(zc_tiles *tiles, uint64_t leaf, uint8_t ret_proof[static(HEIGHT_MAX + 1) * HASH],
                  size_t *ret_count)
{
    uint64_t at = leaf;
    uint64_t last = tiles->size - 1;
    size_t count = 0;
    for (unsigned height = 0; last > 0 && height < HEIGHT_MAX; height++) {
        bool right = (at & 1) != 0;
        if (right || at < last) {
            uint64_t sibling = right ? at - 1 : at + 1;
            if (!subtree(tiles, height, sibling, ret_proof + count * HASH)) {
                return false;
            }
            count++;
        }
        at >>= 1;
        last >>= 1;
    }
    *ret_count = count;
    return true;
}

static zcp_result read_checkpoint(const zcp_session *session, const char *folder, zc_bytes *bytes,
                                  zc_audit_checkpoint *ret_checkpoint, zcp_error *error)
{
    char path[ZC_PATH_SIZE];
    if (!zc_path_join(folder, "checkpoint", path) ||
        !zc_ok(zc_file_read(path, ZC_NOTE_MAX, bytes, NULL))) {
        return zc_report(error, ZCP_FAILED, what, "the folder has no checkpoint",
                         "name the folder that holds `checkpoint` and `tile`: DIR/log");
    }
    zc_result verified =
        zc_audit_checkpoint_verify(zc_bytes_slice(bytes), session->evidence.deployment_id,
                                   session->evidence.log_key, ret_checkpoint);
    return zc_ok(verified) ? ZCP_OK
                           : zc_report_code(error, ZCP_NOT_VERIFIED, verified.code, what,
                                            "keep the receipt: it shows what was promised");
}

zcp_result zcp_receipt_check(zcp_session *session, const char *log_folder,
                             const zcp_signature *receipt, uint64_t *ret_size, zcp_error *error)
{
    ZC_BYTES zc_bytes note = {0};
    zc_audit_checkpoint checkpoint = {0};
    zcp_result read = read_checkpoint(session, log_folder, &note, &checkpoint, error);
    if (read != ZCP_OK) {
        return read;
    }
    if (receipt->entry >= checkpoint.size) {
        return zc_report(error, ZCP_FAILED, what, "the newest checkpoint does not reach its entry",
                         "checkpoints come once a second: ask again later");
    }
    zc_tiles tiles = {.folder = log_folder, .size = checkpoint.size};
    uint8_t proof[(HEIGHT_MAX + 1) * HASH];
    size_t count = 0;
    if (!prove(&tiles, receipt->entry, proof, &count)) {
        return zc_report(error, ZCP_FAILED, what, "a tile is missing, or not of its size",
                         "ask again later, or of another copy of the log");
    }
    zc_result included =
        zc_audit_check_inclusion(receipt->entry, checkpoint.size, receipt->leaf,
                                 zc_slice_of(proof, count * HASH), checkpoint.root);
    if (!zc_ok(included)) {
        return zc_report_code(error, ZCP_NOT_VERIFIED, included.code,
                              "the log did not keep its word",
                              "keep the receipt, the signature and this copy of the log");
    }
    *ret_size = checkpoint.size;
    return ZCP_OK;
}
