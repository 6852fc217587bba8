#include "unit.h"

#include <string.h>

#include "audit/checkpoint.h"

static const uint8_t deployment[32] = {0xab, 1, 2, 3};
static const uint8_t other_deployment[32] = {0xac, 1, 2, 3};

static zc_signer signer_of(uint8_t fill)
{
    zc_secret32 seed;
    zc_signer signer = {0};
    memset(seed.byte, fill, sizeof seed.byte);
    assert_ok(zc_signer_init(&signer, ZC_CURVE_ED25519, &seed));
    return signer;
}

static zc_audit_checkpoint a_checkpoint(const char *extension)
{
    zc_audit_checkpoint checkpoint = {.size = 12345, .extension = zc_slice_of_text(extension)};
    memset(checkpoint.root, 0x3c, sizeof checkpoint.root);
    return checkpoint;
}

static size_t write_note(const char *extension, uint8_t ret_note[static ZC_AUDIT_CHECKPOINT_MAX])
{
    zc_signer signer = signer_of(7);
    zc_audit_checkpoint checkpoint = a_checkpoint(extension);
    zc_writer writer = zc_writer_of(ret_note, ZC_AUDIT_CHECKPOINT_MAX);
    assert_ok(zc_audit_checkpoint_write(deployment, &checkpoint, &signer, &writer));
    return zc_writer_len(&writer);
}

static zc_result verify(const uint8_t *note, size_t len, zc_audit_checkpoint *ret_checkpoint)
{
    zc_signer signer = signer_of(7);
    return zc_audit_checkpoint_verify(zc_slice_of(note, len), deployment, signer.pubkey.byte,
                                      ret_checkpoint);
}

static void checkpoint_verify__what_was_written__comes_back(void **state)
{
    (void)state;
    static const char *const extension[] = {"", "policy abc\n", "one\ntwo\n"};
    for (size_t i = 0; i < 3; i++) {
        uint8_t note[ZC_AUDIT_CHECKPOINT_MAX];
        zc_audit_checkpoint back;
        zc_audit_checkpoint wanted = a_checkpoint(extension[i]);
        size_t len = write_note(extension[i], note);
        assert_ok(verify(note, len, &back));
        assert_int_equal(back.size, wanted.size);
        assert_memory_equal(back.root, wanted.root, sizeof back.root);
        assert_true(zc_slice_eq(back.extension, wanted.extension));
    }
}

static void checkpoint_write__text__is_that_of_the_specification(void **state)
{
    (void)state;
    static const char text[] =
        "zerocopy/ab01020300000000000000000000000000000000000000000000000000000000\n"
        "12345\n"
        "PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw=\n"
        "\n"
        "\xe2\x80\x94 zerocopy/ab01020300000000000000000000000000000000000000000000000000000000 ";
    uint8_t note[ZC_AUDIT_CHECKPOINT_MAX];
    size_t len = write_note("", note);
    assert_true(len > sizeof text);
    assert_memory_equal(note, text, sizeof text - 1);
}

static void checkpoint_verify__every_byte_changed_or_cut__is_refused(void **state)
{
    (void)state;
    uint8_t note[ZC_AUDIT_CHECKPOINT_MAX];
    size_t len = write_note("policy abc\n", note);
    zc_audit_checkpoint before;
    memset(&before, 0x5a, sizeof before);
    zc_audit_checkpoint after = before;
    for (size_t i = 0; i < len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            note[i] ^= (uint8_t)(1U << bit);
            assert_false(zc_ok(verify(note, len, &after)));
            note[i] ^= (uint8_t)(1U << bit);
        }
        assert_false(zc_ok(verify(note, i, &after)));
    }
    assert_memory_equal(&after, &before, sizeof before);
}

static void checkpoint_verify__another_deployment_or_key__is_refused(void **state)
{
    (void)state;
    uint8_t note[ZC_AUDIT_CHECKPOINT_MAX];
    zc_audit_checkpoint checkpoint;
    zc_signer own = signer_of(7);
    zc_signer foreign = signer_of(8);
    zc_slice bytes = zc_slice_of(note, write_note("", note));
    assert_fails(zc_audit_checkpoint_verify(bytes, other_deployment, own.pubkey.byte, &checkpoint),
                 ZC_AUDIT_WRONG_ORIGIN);
    assert_fails(zc_audit_checkpoint_verify(bytes, deployment, foreign.pubkey.byte, &checkpoint),
                 ZC_AUDIT_NOT_SIGNED);
}

/* Another deployment's text under our name: the key id fits, the signature can't. */
static void checkpoint_verify__signature_line_of_another_checkpoint__is_refused(void **state)
{
    (void)state;
    uint8_t first[ZC_AUDIT_CHECKPOINT_MAX];
    uint8_t second[ZC_AUDIT_CHECKPOINT_MAX];
    zc_audit_checkpoint checkpoint;
    size_t first_len = write_note("a\n", first);
    size_t second_len = write_note("b\n", second);
    assert_int_equal(first_len, second_len);
    /* The last line is 4 + 73 + 1 + 92 + 1 bytes long. */
    memcpy(first + first_len - 171, second + second_len - 171, 171);
    assert_fails(verify(first, first_len, &checkpoint), ZC_AUDIT_BAD_NOTE_SIGNATURE);
}

static void checkpoint_verify__cosigned__is_accepted(void **state)
{
    (void)state;
    uint8_t note[2 * ZC_AUDIT_CHECKPOINT_MAX];
    zc_audit_checkpoint checkpoint;
    zc_signer witness = signer_of(9);
    size_t len = write_note("", note);
    zc_note parsed;
    assert_ok(zc_note_parse(zc_slice_of(note, len), &parsed));
    zc_writer writer = zc_writer_of(note + len, sizeof note - len);
    assert_ok(zc_note_sign(parsed.text, zc_slice_of_text("witness.example"), &witness, &writer));
    assert_ok(verify(note, len + zc_writer_len(&writer), &checkpoint));
    assert_int_equal(checkpoint.size, 12345);
}

static void checkpoint_write__malformed_extension__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"x", "\n", "a\n\n", "\nb\n", "a\n\nb\n"};
    zc_signer signer = signer_of(7);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint8_t note[ZC_AUDIT_CHECKPOINT_MAX];
        zc_writer writer = ZC_WRITER_OF_ARRAY(note);
        zc_audit_checkpoint checkpoint = a_checkpoint(bad[i]);
        assert_fails(zc_audit_checkpoint_write(deployment, &checkpoint, &signer, &writer),
                     ZC_AUDIT_BAD_CHECKPOINT);
        assert_int_equal(zc_writer_len(&writer), 0);
    }
}

static void checkpoint_split__published_texts__are_read_as_published(void **state)
{
    (void)state;
    zc_checkpoint_lines lines;
    assert_ok(zc_checkpoint_split(zc_slice_of_text("example.com/behind-the-sofa\n20852163\n"
                                                   "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
                                                   "\n"),
                                  &lines));
    assert_true(zc_slice_eq_text(lines.origin, "example.com/behind-the-sofa"));
    assert_int_equal(lines.size, 20852163);
    assert_int_equal(lines.extension.len, 0);
    assert_ok(zc_checkpoint_split(zc_slice_of_text("Log\n9944\ndGhl\nlots\nof\nlines\n"), &lines));
    assert_true(zc_slice_eq_text(lines.extension, "lots\nof\nlines\n"));
    assert_ok(zc_checkpoint_split(zc_slice_of_text("Log\n0\ndGhl\n"), &lines));
}

static void checkpoint_split__malformed_texts__are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\n9944\ndGhl\n",
        "Log\n123\ndGhl",
        "Log\n-34\ndGhl\n",
        "Log\n+34\ndGhl\n",
        "Log\n 34\ndGhl\n",
        "Log\n034\ndGhl\n",
        "Log\n00\ndGhl\n",
        "Log\n0x34\ndGhl\n",
        "Log\n3438945738945739845734895735\ndGhl\n",
        "Log\n18446744073709551616\ndGhl\n",
        "Log\n\ndGhl\n",
        "Log\n34\n\n",
        "Log\n34\n",
        "Log\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        zc_checkpoint_lines lines;
        assert_fails(zc_checkpoint_split(zc_slice_of_text(bad[i]), &lines),
                     ZC_AUDIT_BAD_CHECKPOINT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checkpoint_verify__what_was_written__comes_back),
        cmocka_unit_test(checkpoint_write__text__is_that_of_the_specification),
        cmocka_unit_test(checkpoint_verify__every_byte_changed_or_cut__is_refused),
        cmocka_unit_test(checkpoint_verify__another_deployment_or_key__is_refused),
        cmocka_unit_test(checkpoint_verify__signature_line_of_another_checkpoint__is_refused),
        cmocka_unit_test(checkpoint_verify__cosigned__is_accepted),
        cmocka_unit_test(checkpoint_write__malformed_extension__is_refused),
        cmocka_unit_test(checkpoint_split__published_texts__are_read_as_published),
        cmocka_unit_test(checkpoint_split__malformed_texts__are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
