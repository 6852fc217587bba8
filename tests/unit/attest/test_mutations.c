/* Mutated documents: real ones, altered in every way that somebody may try. None changes a claim
 * that is accepted, none crashes. `test_attest_mutations N` makes N of them instead of a few
 * thousand; the slowest verdict is printed. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "attest/cache.h"
#include "codec/cbor.h"
#include "codec/cose.h"

#ifndef VECTORS
#define VECTORS "../shared/vectors"
#endif

#define DOCUMENTS_MAX 64
#define ROOM (2 * ZC_ATTEST_DOCUMENT_MAX)

typedef struct document {
    uint8_t bytes[ZC_ATTEST_DOCUMENT_MAX];
    size_t len;
    int64_t made;
    zc_attest_doc doc; /* what it says */
    zc_cose_sign1 envelope;
} document;

static document documents[DOCUMENTS_MAX];
static size_t document_count;
static uint8_t root[2048];
static size_t root_len;
static size_t wanted = 4000;
static uint64_t seed = 20261121;

static uint64_t next(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static size_t below(size_t limit)
{
    return limit > 0 ? (size_t)(next() % limit) : 0;
}

static size_t read_file(const char *name, uint8_t *bytes, size_t capacity)
{
    char path[1024];
    const char *vectors = getenv("ZCP_VECTORS");
    (void)snprintf(path, sizeof path, "%s/nitro/%s", vectors != NULL ? vectors : VECTORS, name);
    FILE *file = fopen(path, "rb");
    size_t len = file != NULL ? fread(bytes, 1, capacity, file) : 0;
    if (file != NULL) {
        (void)fclose(file);
    }
    return len;
}

static void take(const json_t *row)
{
    document *d = &documents[document_count];
    const char *kind = json_string_value(json_object_get(row, "kind"));
    if (document_count == DOCUMENTS_MAX || strcmp(kind, "prod") != 0) {
        return;
    }
    d->len = read_file(json_string_value(json_object_get(row, "file")), d->bytes, sizeof d->bytes);
    d->made = json_integer_value(json_object_get(row, "timestamp_ms")) / 1000;
    zc_slice bytes = zc_slice_of(d->bytes, d->len);
    assert_true(zc_ok(zc_attest_verify(bytes, zc_slice_of(root, root_len), d->made, &d->doc)));
    assert_true(zc_ok(zc_cose_sign1_parse(bytes, &d->envelope)));
    document_count++;
}

static int load(void **state)
{
    (void)state;
    static uint8_t text[1 << 20];
    size_t i;
    json_t *row;
    root_len = read_file("aws-nitro-enclaves-root-g1.der", root, sizeof root);
    size_t len = read_file("manifest.json", text, sizeof text);
    json_t *manifest = json_loadb((const char *)text, len, 0, NULL);
    json_array_foreach(manifest, i, row)
    {
        take(row);
    }
    json_decref(manifest);
    return 0;
}

/* Mutations: each writes the altered document. */
typedef void mutate_fn(const document *d, zc_writer *out);

static void put(zc_writer *out, zc_slice bytes)
{
    assert_true(zc_ok(zc_write_slice(out, bytes)));
}

static void put_u8(zc_writer *out, uint8_t byte)
{
    assert_true(zc_ok(zc_write_u8(out, byte)));
}

static zc_slice whole(const document *d)
{
    return zc_slice_of(d->bytes, d->len);
}

static void flip_bits(const document *d, zc_writer *out)
{
    uint8_t *start = out->at;
    put(out, whole(d));
    for (size_t i = 0, count = 1 + below(3); i < count; i++) {
        start[below(d->len)] ^= (uint8_t)(1U << below(8));
    }
}

static void truncate_it(const document *d, zc_writer *out)
{
    put(out, zc_slice_of(d->bytes, below(d->len)));
}

static void append(const document *d, zc_writer *out)
{
    put(out, whole(d));
    for (size_t i = 0, count = 1 + below(40); i < count; i++) {
        put_u8(out, (uint8_t)next());
    }
}

static void insert(const document *d, zc_writer *out)
{
    size_t at = below(d->len);
    put(out, zc_slice_of(d->bytes, at));
    put_u8(out, (uint8_t)next());
    put(out, zc_slice_of(d->bytes + at, d->len - at));
}

static void splice(const document *d, zc_writer *out)
{
    const document *other = &documents[below(document_count)];
    size_t at = below(d->len < other->len ? d->len : other->len);
    put(out, zc_slice_of(d->bytes, at));
    put(out, zc_slice_of(other->bytes + at, other->len - at));
}

static void put_envelope(zc_writer *out, zc_slice header, zc_slice unprotected, zc_slice payload,
                         zc_slice signature)
{
    assert_true(zc_ok(zc_cbor_put_array(out, 4)));
    assert_true(zc_ok(zc_cbor_put_bytes(out, header)));
    put(out, unprotected);
    assert_true(zc_ok(zc_cbor_put_bytes(out, payload)));
    assert_true(zc_ok(zc_cbor_put_bytes(out, signature)));
}

static void swap_algorithm(const document *d, zc_writer *out)
{
    static const uint8_t headers[][8] = {
        {3, 0xa1, 0x01, 0x26},             /* ES256 */
        {4, 0xa1, 0x01, 0x38, 0x23},       /* ES512 */
        {3, 0xa1, 0x01, 0x27},             /* EdDSA */
        {3, 0xa1, 0x01, 0x20},             /* what an emulated module writes */
        {1, 0xa0},                         /* none */
        {0},                               /* none at all */
        {5, 0xa1, 0x01, 0x39, 0x00, 0x22}, /* ES384, one byte longer */
        {6, 0xa2, 0x01, 0x38, 0x22, 0x04, 0x40},
        {5, 0xbf, 0x01, 0x38, 0x22, 0xff}, /* of indefinite length */
    };
    const uint8_t *header = headers[below(sizeof headers / sizeof *headers)];
    put_envelope(out, zc_slice_of(header + 1, header[0]), d->envelope.unprotected,
                 d->envelope.payload, d->envelope.signature);
}

static void resize_signature(const document *d, zc_writer *out)
{
    uint8_t signature[200] = {0};
    memcpy(signature, d->envelope.signature.data, 96);
    size_t len = below(sizeof signature);
    put_envelope(out, d->envelope.protected_header, d->envelope.unprotected, d->envelope.payload,
                 zc_slice_of(signature, len == 96 ? 97 : len));
}

static void unprotected_header(const document *d, zc_writer *out)
{
    static const uint8_t maps[][8] = {
        {3, 0xa1, 0x04, 0x40}, {4, 0xa1, 0x01, 0x38, 0x22}, {2, 0xbf, 0xff}, {3, 0xb8, 0x00, 0x00}};
    const uint8_t *map = maps[below(3)];
    put_envelope(out, d->envelope.protected_header, zc_slice_of(map + 1, map[0]),
                 d->envelope.payload, d->envelope.signature);
}

/* Deep or long runs of containers and string pieces, in place of a part or around it. */
static void nest(const document *d, zc_writer *out)
{
    static const uint8_t heads[] = {0x9f, 0xbf, 0x5f, 0x7f, 0x81, 0xa1, 0xc1};
    uint8_t items[6000];
    size_t len = 1 + below(sizeof items);
    memset(items, heads[below(sizeof heads)], len);
    if (below(2) == 0) {
        memset(items + len / 2, 0xff, len - len / 2);
    }
    zc_slice nested = zc_slice_of(items, len);
    if (below(2) == 0) {
        put_envelope(out, d->envelope.protected_header, d->envelope.unprotected, nested,
                     d->envelope.signature);
    } else {
        put_envelope(out, d->envelope.protected_header, nested, d->envelope.payload,
                     d->envelope.signature);
    }
}

/* A longer head in place of the shortest: the same content in another encoding. */
static void widen(const document *d, zc_writer *out)
{
    if (below(2) == 0) {
        put(out, ZC_SLICE_OF_ARRAY(((const uint8_t[]){0x98, 0x04})));
    } else {
        put_u8(out, 0x9f);
    }
    put(out, zc_slice_of(d->bytes + 1, d->len - 1));
    if (d->bytes[0] == 0x84 && out->start[0] == 0x9f) {
        put_u8(out, 0xff);
    }
}

static zc_result keep_signature(void *self, const uint8_t digest[static 48],
                                uint8_t ret_signature[static 96])
{
    const document *d = self;
    (void)digest;
    memcpy(ret_signature, d->envelope.signature.data, 96);
    return ZC_OK;
}

/* Written anew with the old signature, after one change. */
static void make(const document *d, const zc_attest_doc *changed, zc_writer *out)
{
    static uint8_t payload[ROOM];
    document copy = *d;
    zc_result made = zc_attest_make(changed, keep_signature, &copy,
                                    (zc_buffer){.data = payload, .len = sizeof payload}, out);
    if (!zc_ok(made)) {
        truncate_it(d, out);
    }
}

static void reorder_bundle(const document *d, zc_writer *out)
{
    zc_attest_doc changed = d->doc;
    size_t a = below(changed.cabundle_count);
    size_t b = below(changed.cabundle_count);
    zc_slice kept = changed.cabundle[a];
    changed.cabundle[a] = changed.cabundle[b];
    changed.cabundle[b] = kept;
    if (below(3) == 0 && changed.cabundle_count > 1) {
        changed.cabundle_count--;
    }
    make(d, &changed, out);
}

static void change_claim(const document *d, zc_writer *out)
{
    zc_attest_doc changed = d->doc;
    switch (below(5)) {
    case 0:
        changed.pcr[below(16)][below(48)] ^= 1;
        break;
    case 1:
        changed.timestamp_ms++;
        break;
    case 2:
        changed.has_nonce = !changed.has_nonce;
        changed.nonce = zc_slice_of_text("mine");
        break;
    case 3:
        changed.user_data = zc_slice_of_text("mine");
        changed.has_user_data = true;
        break;
    default:
        changed.certificate = documents[below(document_count)].doc.certificate;
        break;
    }
    make(d, &changed, out);
}

/* A second value for a field, in front of the rest or behind it. */
static void duplicate_key(const document *d, zc_writer *out)
{
    static const char *const names[] = {"module_id", "pcrs",       "certificate", "cabundle",
                                        "nonce",     "public_key", "user_data",   "timestamp"};
    uint8_t room[ROOM];
    zc_writer payload = ZC_WRITER_OF_ARRAY(room);
    zc_slice old = d->envelope.payload;
    bool indefinite = old.data[0] == 0xbf;
    put_u8(&payload, indefinite ? 0xbf : (uint8_t)(old.data[0] + 1));
    assert_true(zc_ok(zc_cbor_put_text(&payload, zc_slice_of_text(names[below(8)]))));
    assert_true(zc_ok(zc_cbor_put_null(&payload)));
    put(&payload, zc_slice_of(old.data + 1, old.len - 1));
    put_envelope(out, d->envelope.protected_header, d->envelope.unprotected,
                 zc_writer_written(&payload), d->envelope.signature);
}

static mutate_fn *const mutations[] = {
    flip_bits,      flip_bits,        truncate_it,        append, insert, splice,
    swap_algorithm, resize_signature, unprotected_header, nest,   widen,  reorder_bundle,
    change_claim,   duplicate_key};

static bool same_claims(const zc_attest_doc *a, const zc_attest_doc *b)
{
    return zc_slice_eq(a->module_id, b->module_id) && a->timestamp_ms == b->timestamp_ms &&
           a->pcr_mask == b->pcr_mask && memcmp(a->pcr, b->pcr, sizeof a->pcr) == 0 &&
           zc_slice_eq(a->certificate, b->certificate) && a->has_nonce == b->has_nonce &&
           zc_slice_eq(a->nonce, b->nonce) && a->has_user_data == b->has_user_data &&
           zc_slice_eq(a->user_data, b->user_data) && a->has_public_key == b->has_public_key &&
           zc_slice_eq(a->public_key, b->public_key);
}

/* Processor time: what else the machine does is no work of ours. */
static double now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void attest_verify__mutated_documents__no_claim_changes(void **state)
{
    (void)state;
    if (document_count == 0) {
        print_message("no vectors (set ZCP_VECTORS): skipped\n");
        skip();
    }
    static uint8_t room[ROOM];
    zc_attest_cache cache = {0};
    double slowest = 0;
    size_t accepted = 0;
    for (size_t i = 0; i < wanted; i++) {
        const document *d = &documents[below(document_count)];
        zc_writer out = ZC_WRITER_OF_ARRAY(room);
        mutations[i % (sizeof mutations / sizeof *mutations)](d, &out);
        zc_slice bytes = zc_writer_written(&out);
        zc_attest_doc doc;
        double before = now_ms();
        zc_result verified = zc_attest_verify_cached(bytes, zc_slice_of(root, root_len), d->made,
                                                     i % 2 == 0 ? &cache : NULL, &doc);
        double took = now_ms() - before;
        slowest = took > slowest ? took : slowest;
        /* A flip may undo itself, and a mutation may change nothing: then it is the document. */
        if (zc_ok(verified)) {
            accepted++;
            assert_true(same_claims(&doc, &d->doc));
            assert_true(zc_slice_eq(bytes, whole(d)));
        }
    }
    print_message(
        "%zu mutated documents, %zu of them unchanged, slowest %.2f ms of processor time\n", wanted,
        accepted, slowest);
}

int main(int argc, char **argv)
{
    if (argc == 2) {
        wanted = strtoul(argv[1], NULL, 10);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attest_verify__mutated_documents__no_claim_changes),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
