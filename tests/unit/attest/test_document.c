/* Documents that somebody put together to deceive. None is signed by anyone: parsing comes first.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "attest/document.h"
#include "codec/cbor.h"

static uint8_t bytes[2 * ZC_ATTEST_DOCUMENT_MAX];
static uint8_t payload_bytes[2 * ZC_ATTEST_DOCUMENT_MAX];

/* What may be wrong with a document; zero is a good one. */
typedef struct flaw {
    const char *module_id;
    const char *digest;
    const char *without;    /* a field that is left out */
    const char *twice;      /* a field that stands twice */
    size_t pcr_len;         /* 48 */
    size_t pcr_count;       /* 16 */
    bool same_pcr;          /* all under index 3 */
    size_t cabundle_count;  /* 2 */
    size_t certificate_len; /* 8 */
    size_t nonce_len;       /* null */
    bool unknown_field;
    bool indefinite;
    bool trailing;
} flaw;

static size_t or_default(size_t value, size_t fallback)
{
    return value != 0 ? value : fallback;
}

static void put_text(zc_writer *w, const char *text)
{
    assert_true(zc_ok(zc_cbor_put_text(w, zc_slice_of_text(text))));
}

static void put_zeros(zc_writer *w, size_t len)
{
    static const uint8_t zeros[4096];
    assert_true(zc_ok(zc_cbor_put_bytes(w, zc_slice_of(zeros, len))));
}

static void put_pcrs(zc_writer *w, const flaw *f)
{
    size_t count = or_default(f->pcr_count, 16);
    assert_true(zc_ok(zc_cbor_put_map(w, count)));
    for (size_t i = 0; i < count; i++) {
        assert_true(zc_ok(zc_cbor_put_uint(w, f->same_pcr ? 3 : i)));
        put_zeros(w, or_default(f->pcr_len, 48));
    }
}

static void put_value(zc_writer *w, const flaw *f, const char *name)
{
    if (strcmp(name, "module_id") == 0) {
        put_text(w, f->module_id != NULL ? f->module_id : "i-0-enc0");
    } else if (strcmp(name, "digest") == 0) {
        put_text(w, f->digest != NULL ? f->digest : "SHA384");
    } else if (strcmp(name, "timestamp") == 0) {
        assert_true(zc_ok(zc_cbor_put_uint(w, 1700000000000)));
    } else if (strcmp(name, "pcrs") == 0) {
        put_pcrs(w, f);
    } else if (strcmp(name, "certificate") == 0) {
        put_zeros(w, or_default(f->certificate_len, 8));
    } else if (strcmp(name, "cabundle") == 0) {
        size_t count = or_default(f->cabundle_count, 2);
        assert_true(zc_ok(zc_cbor_put_array(w, count)));
        for (size_t i = 0; i < count; i++) {
            put_zeros(w, 8);
        }
    } else if (strcmp(name, "nonce") == 0 && f->nonce_len != 0) {
        put_zeros(w, f->nonce_len);
    } else {
        assert_true(zc_ok(zc_cbor_put_null(w)));
    }
}

static const char *const names[] = {"module_id", "digest",     "timestamp", "pcrs", "certificate",
                                    "cabundle",  "public_key", "user_data", "nonce"};

static zc_slice payload_of(const flaw *f)
{
    zc_writer w = ZC_WRITER_OF_ARRAY(payload_bytes);
    const char *order[12];
    size_t count = 0;
    for (size_t i = 0; i < 9; i++) {
        if (f->without == NULL || strcmp(names[i], f->without) != 0) {
            order[count++] = names[i];
        }
    }
    if (f->twice != NULL) {
        order[count++] = f->twice;
    }
    if (f->unknown_field) {
        order[count++] = "something new";
    }
    assert_true(zc_ok(f->indefinite ? zc_write_u8(&w, 0xbf) : zc_cbor_put_map(&w, count)));
    for (size_t i = 0; i < count; i++) {
        put_text(&w, order[i]);
        put_value(&w, f, order[i]);
    }
    if (f->indefinite) {
        assert_true(zc_ok(zc_write_u8(&w, 0xff)));
    }
    if (f->trailing) {
        assert_true(zc_ok(zc_write_u8(&w, 0x00)));
    }
    return zc_writer_written(&w);
}

static zc_slice envelope(zc_slice header, const char *unprotected, zc_slice payload, size_t sig_len)
{
    zc_writer w = ZC_WRITER_OF_ARRAY(bytes);
    assert_true(zc_ok(zc_cbor_put_array(&w, 4)));
    assert_true(zc_ok(zc_cbor_put_bytes(&w, header)));
    assert_true(zc_ok(zc_write_text(&w, unprotected)));
    assert_true(zc_ok(zc_cbor_put_bytes(&w, payload)));
    put_zeros(&w, sig_len);
    return zc_writer_written(&w);
}

static const uint8_t es384[] = {0xa1, 0x01, 0x38, 0x22};

static zc_result parse(flaw f)
{
    zc_attest_doc doc;
    return zc_attest_parse(envelope(ZC_SLICE_OF_ARRAY(es384), "\xa0", payload_of(&f), 96), &doc);
}

static void attest_parse__sound_forms__taken(void **state)
{
    (void)state;
    assert_true(zc_ok(parse((flaw){0})));
    assert_true(zc_ok(parse((flaw){.indefinite = true})));
    assert_true(zc_ok(parse((flaw){.unknown_field = true})));
    assert_true(zc_ok(parse((flaw){.nonce_len = 1024})));
    assert_true(zc_ok(parse((flaw){.without = "nonce"})));
    assert_true(zc_ok(parse((flaw){.pcr_count = 32})));
    assert_true(zc_ok(parse((flaw){.cabundle_count = 8})));
}

static void attest_parse__unsound_payload__own_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        assert_true(zc_is(parse((flaw){.without = names[i]}), ZC_ATTEST_MISSING_FIELD));
    }
    for (size_t i = 0; i < 9; i++) {
        assert_true(zc_is(parse((flaw){.twice = names[i]}), ZC_ATTEST_DUPLICATE_FIELD));
    }
    assert_true(zc_is(parse((flaw){.module_id = "i-0-tpm0"}), ZC_ATTEST_NOT_AN_ENCLAVE));
    assert_true(zc_is(parse((flaw){.module_id = ""}), ZC_ATTEST_NOT_AN_ENCLAVE));
    assert_true(zc_is(parse((flaw){.digest = "SHA256"}), ZC_ATTEST_WRONG_DIGEST));
    assert_true(zc_is(parse((flaw){.pcr_len = 32}), ZC_ATTEST_WRONG_DIGEST));
    assert_true(zc_is(parse((flaw){.same_pcr = true}), ZC_ATTEST_DUPLICATE_FIELD));
    assert_true(zc_is(parse((flaw){.pcr_count = 33}), ZC_ATTEST_BAD_PAYLOAD));
    assert_true(zc_is(parse((flaw){.cabundle_count = 9}), ZC_ATTEST_BAD_PAYLOAD));
    assert_true(zc_is(parse((flaw){.certificate_len = 1025}), ZC_ATTEST_BAD_PAYLOAD));
    assert_true(zc_is(parse((flaw){.nonce_len = 1025}), ZC_ATTEST_BAD_PAYLOAD));
    assert_true(zc_is(parse((flaw){.trailing = true}), ZC_ATTEST_BAD_PAYLOAD));
    assert_true(zc_is(parse((flaw){.trailing = true, .indefinite = true}), ZC_ATTEST_BAD_PAYLOAD));
}

static void attest_parse__unsound_envelope__own_reason(void **state)
{
    (void)state;
    static const uint8_t es256[] = {0xa1, 0x01, 0x26};
    static const uint8_t with_more[] = {0xa2, 0x01, 0x38, 0x22, 0x04, 0x40};
    static const uint8_t emulated[] = {0xa1, 0x01, 0x20};
    zc_attest_doc doc;
    zc_slice payload = payload_of(&(flaw){0});
    zc_slice header = ZC_SLICE_OF_ARRAY(es384);
    assert_true(
        zc_is(zc_attest_parse(envelope(ZC_SLICE_OF_ARRAY(es256), "\xa0", payload, 96), &doc),
              ZC_ATTEST_WRONG_ALGORITHM));
    assert_true(
        zc_is(zc_attest_parse(envelope(ZC_SLICE_OF_ARRAY(with_more), "\xa0", payload, 96), &doc),
              ZC_ATTEST_WRONG_ALGORITHM));
    assert_true(
        zc_is(zc_attest_parse(envelope(ZC_SLICE_OF_ARRAY(emulated), "\xa0", payload, 96), &doc),
              ZC_ATTEST_WRONG_ALGORITHM));
    assert_true(zc_is(zc_attest_parse(envelope(header, "\xa1\x04\x40", payload, 96), &doc),
                      ZC_ATTEST_NOT_SIGN1));
    assert_true(
        zc_is(zc_attest_parse(envelope(header, "\xa0", payload, 95), &doc), ZC_ATTEST_NOT_SIGN1));
    zc_slice good = envelope(header, "\xa0", payload, 96);
    assert_true(
        zc_is(zc_attest_parse(zc_slice_of(good.data, good.len + 1), &doc), ZC_ATTEST_NOT_SIGN1));
    for (size_t len = 0; len < good.len; len++) {
        assert_false(zc_ok(zc_attest_parse(zc_slice_of(good.data, len), &doc)));
    }
    assert_true(zc_is(zc_attest_parse(zc_slice_of(bytes, ZC_ATTEST_DOCUMENT_MAX + 1), &doc),
                      ZC_ATTEST_DOCUMENT_TOO_LONG));
}

static void attest_parse__failure__output_untouched(void **state)
{
    (void)state;
    zc_attest_doc doc;
    zc_attest_doc before;
    memset(&doc, 0x5a, sizeof doc);
    memcpy(&before, &doc, sizeof doc);
    flaw f = {.without = "pcrs"};
    zc_slice document = envelope(ZC_SLICE_OF_ARRAY(es384), "\xa0", payload_of(&f), 96);
    assert_false(zc_ok(zc_attest_parse(document, &doc)));
    assert_memory_equal(&doc, &before, sizeof doc);
}

static zc_attest_doc sound_doc(void)
{
    zc_attest_doc doc = {.timestamp_ms = 1000000, .pcr_mask = 0x7};
    memset(doc.pcr[0], 1, 48);
    memset(doc.pcr[1], 2, 48);
    return doc;
}

static void attest_check__measurements__exactly_these(void **state)
{
    (void)state;
    zc_attest_doc doc = sound_doc();
    zc_attest_expect expect = {0};
    assert_true(zc_is(zc_attest_check(&doc, &expect), ZC_ATTEST_EMPTY_EXPECTATION));
    expect.pcr_mask = 1;
    memset(expect.pcr[0], 1, 48);
    assert_true(zc_ok(zc_attest_check(&doc, &expect)));
    for (size_t i = 0; i < 48; i++) {
        expect.pcr[0][i] ^= 0x80;
        assert_true(zc_is(zc_attest_check(&doc, &expect), ZC_ATTEST_WRONG_PCR));
        expect.pcr[0][i] ^= 0x80;
    }
    expect.pcr_mask = 1U << 16;
    assert_true(zc_is(zc_attest_check(&doc, &expect), ZC_ATTEST_MISSING_PCR));
    expect.pcr_mask = 1U << 2; /* zero in the document, zero expected */
    assert_true(zc_is(zc_attest_check(&doc, &expect), ZC_ATTEST_WRONG_PCR));
    expect.pcr_mask = 1;
    memset(doc.pcr, 0, sizeof doc.pcr);
    assert_true(zc_is(zc_attest_check(&doc, &expect), ZC_ATTEST_DEBUG_MODE));
}

static void attest_check__nonce__exactly_this(void **state)
{
    (void)state;
    zc_attest_doc doc = sound_doc();
    zc_attest_expect expect = {
        .pcr_mask = 1, .has_nonce = true, .nonce = zc_slice_of_text("nonce")};
    memset(expect.pcr[0], 1, 48);
    assert_true(zc_is(zc_attest_check(&doc, &expect), ZC_ATTEST_WRONG_NONCE));
    doc.has_nonce = true;
    doc.nonce = zc_slice_of_text("nonc");
    assert_true(zc_is(zc_attest_check(&doc, &expect), ZC_ATTEST_WRONG_NONCE));
    doc.nonce = zc_slice_of_text("nonce");
    assert_true(zc_ok(zc_attest_check(&doc, &expect)));
    /* An empty nonce is expected: a document without one does not have it. */
    expect.nonce = zc_slice_of(NULL, 0);
    doc.has_nonce = false;
    doc.nonce = expect.nonce;
    assert_true(zc_is(zc_attest_check(&doc, &expect), ZC_ATTEST_WRONG_NONCE));
}

static zc_result check_at(int64_t now, uint64_t timestamp)
{
    zc_attest_doc doc = sound_doc();
    doc.timestamp_ms = timestamp;
    zc_attest_expect expect = {.pcr_mask = 1, .has_time = true, .now_ms = now, .max_age_ms = 500};
    memset(expect.pcr[0], 1, 48);
    return zc_attest_check(&doc, &expect);
}

static void attest_check__age__held_to_its_bounds(void **state)
{
    (void)state;
    assert_true(zc_ok(check_at(1000000, 1000000)));
    assert_true(zc_ok(check_at(1000500, 1000000)));
    assert_true(zc_is(check_at(1000501, 1000000), ZC_ATTEST_TOO_OLD));
    assert_true(zc_ok(check_at(1000000, 1000000 + (uint64_t)ZC_ATTEST_CLOCK_SKEW_MS)));
    assert_true(zc_is(check_at(1000000, 1000001 + (uint64_t)ZC_ATTEST_CLOCK_SKEW_MS),
                      ZC_ATTEST_FROM_THE_FUTURE));
    assert_true(zc_is(check_at(INT64_MIN, INT64_MAX), ZC_ATTEST_FROM_THE_FUTURE));
    assert_true(zc_is(check_at(INT64_MAX, 0), ZC_ATTEST_TOO_OLD));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attest_parse__sound_forms__taken),
        cmocka_unit_test(attest_parse__unsound_payload__own_reason),
        cmocka_unit_test(attest_parse__unsound_envelope__own_reason),
        cmocka_unit_test(attest_parse__failure__output_untouched),
        cmocka_unit_test(attest_check__measurements__exactly_these),
        cmocka_unit_test(attest_check__nonce__exactly_this),
        cmocka_unit_test(attest_check__age__held_to_its_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
