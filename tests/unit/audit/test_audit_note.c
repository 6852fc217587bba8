#include "unit.h"

#include <string.h>

#include "audit/note.h"
#include "base/hex.h"
#include "codec/base64.h"

/* The example of golang.org/x/mod/sumdb/note (BSD-3-Clause). */
#define TEXT                                                                                       \
    "If you think cryptography is the answer to your problem,\n"                                   \
    "then you don't know what your problem is.\n"
#define PETER_KEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define PETER_SEED "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
#define PETER_LINE                                                                                 \
    "\xe2\x80\x94 PeterNeumann "                                                                   \
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=" \
    "\n"
#define ENOCH_KEY "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
#define ENOCH_LINE                                                                                 \
    "\xe2\x80\x94 EnochRoot "                                                                      \
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=" \
    "\n"

static zc_note_key key_of(const char *text)
{
    zc_note_key key;
    assert_ok(zc_note_key_parse(zc_slice_of_text(text), &key));
    return key;
}

static zc_result open_note(const char *text, const char *key_text)
{
    zc_note note;
    zc_note_key key = key_of(key_text);
    ZC_TRY(zc_note_parse(zc_slice_of_text(text), &note));
    return zc_note_verify(&note, &key);
}

static void note_verify__published_notes__are_accepted(void **state)
{
    (void)state;
    assert_ok(open_note(TEXT "\n" PETER_LINE, PETER_KEY));
    assert_ok(open_note(TEXT "\n" PETER_LINE ENOCH_LINE, PETER_KEY));
    assert_ok(open_note(TEXT "\n" PETER_LINE ENOCH_LINE, ENOCH_KEY));
    assert_ok(open_note(TEXT "\n" PETER_LINE PETER_LINE, PETER_KEY));
}

static void note_verify__other_key_or_text__is_refused(void **state)
{
    (void)state;
    assert_fails(open_note(TEXT "\n" PETER_LINE, ENOCH_KEY), ZC_AUDIT_NOT_SIGNED);
    assert_fails(open_note("Another text.\n\n" PETER_LINE, PETER_KEY), ZC_AUDIT_BAD_NOTE_SIGNATURE);
    /* Two empty lines: the first belongs to the text, which is then another. */
    assert_fails(open_note(TEXT "\n\n" PETER_LINE, PETER_KEY), ZC_AUDIT_BAD_NOTE_SIGNATURE);
}

static void note_parse__malformed_notes__are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\n",
        "\n\n",
        TEXT,
        TEXT "\n",
        TEXT PETER_LINE,
        TEXT "\n" PETER_LINE "\n",
        TEXT "\n" PETER_LINE "x",
        TEXT "\n" PETER_LINE "- PeterNeumann x08go/ZJku==\n",
        TEXT "\n" PETER_LINE "\xe2\x80\x94 PeterNeumann\n",
        TEXT "\n" PETER_LINE "\xe2\x80\x94 PeterNeumann \n",
        TEXT "\n" PETER_LINE "\xe2\x80\x94 PeterNeumann x08goA==\n",
        TEXT "\n" PETER_LINE "\xe2\x80\x94 PeterNeumann x08go/ZJ!uBS\n",
        TEXT "\t\n\n" PETER_LINE,
        TEXT "\r\n\n" PETER_LINE,
        TEXT "\xff\n\n" PETER_LINE,
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        zc_note note;
        assert_fails(zc_note_parse(zc_slice_of_text(bad[i]), &note), ZC_AUDIT_BAD_NOTE);
    }
    zc_note note;
    assert_fails(zc_note_parse(zc_slice_of_text(TEXT "\n\xe2\x80\x94  x08go/ZJkuBS\n"), &note),
                 ZC_AUDIT_BAD_NOTE_NAME);
}

static void note_parse__names_with_space_plus_or_control__are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",      "a b",          "a+b",          "a\tb",         "a\nb",
        "a\x7f", "a\xc2\xa0",    "a\xc2\x85",    "\xe2\x80\x80", "a\xe2\x80\x8a",
        "a\xff", "\xe2\x80\xa8", "\xe2\x81\x9f", "\xe3\x80\x80", "\xe1\x9a\x80",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_fails(zc_note_name_check(zc_slice_of_text(bad[i])), ZC_AUDIT_BAD_NOTE_NAME);
    }
    assert_ok(zc_note_name_check(zc_slice_of_text("example.com/\xc3\xa9/\xe2\x80\x8b")));
    assert_fails(zc_note_name_check(zc_slice_of("a\0b", 3)), ZC_AUDIT_BAD_NOTE_NAME);
}

static void note_parse__more_signatures_than_the_limit__are_refused(void **state)
{
    (void)state;
    static char text[32768];
    for (size_t count = ZC_NOTE_SIGNATURES_MAX; count <= ZC_NOTE_SIGNATURES_MAX + 1; count++) {
        zc_note note;
        strcpy(text, TEXT "\n");
        for (size_t i = 0; i < count; i++) {
            strcat(text, PETER_LINE);
        }
        assert_int_equal(zc_ok(zc_note_parse(zc_slice_of_text(text), &note)),
                         count == ZC_NOTE_SIGNATURES_MAX);
    }
}

static void note_key_parse__what_it_writes__is_what_it_read(void **state)
{
    (void)state;
    zc_note_key key = key_of(PETER_KEY);
    char text[128] = {0};
    zc_writer writer = zc_writer_of(text, sizeof text - 1);
    assert_ok(zc_note_key_write(&key, &writer));
    assert_string_equal(text, PETER_KEY);
}

static void note_key_parse__malformed_keys__are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann",
        "",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        zc_note_key key;
        assert_fails(zc_note_key_parse(zc_slice_of_text(bad[i]), &key), ZC_AUDIT_BAD_NOTE_KEY);
    }
}

static void note_sign__with_the_published_key__gives_the_published_line(void **state)
{
    (void)state;
    zc_secret32 seed;
    uint8_t typed_seed[33];
    size_t len;
    zc_signer signer = {0};
    assert_ok(zc_base64_decode(zc_slice_of_text(PETER_SEED), typed_seed, sizeof typed_seed, &len));
    assert_int_equal(len, sizeof typed_seed);
    memcpy(seed.byte, typed_seed + 1, sizeof seed.byte);
    assert_ok(zc_signer_init(&signer, ZC_CURVE_ED25519, &seed));
    char line[256] = {0};
    zc_writer writer = zc_writer_of(line, sizeof line - 1);
    assert_ok(
        zc_note_sign(zc_slice_of_text(TEXT), zc_slice_of_text("PeterNeumann"), &signer, &writer));
    assert_string_equal(line, PETER_LINE);
    zc_writer small = zc_writer_of(line, strlen(PETER_LINE) - 1);
    assert_fails(
        zc_note_sign(zc_slice_of_text(TEXT), zc_slice_of_text("PeterNeumann"), &signer, &small),
        ZC_BASE_FULL);
    assert_int_equal(zc_writer_len(&small), 0);
    zc_signer_clear(&signer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(note_verify__published_notes__are_accepted),
        cmocka_unit_test(note_verify__other_key_or_text__is_refused),
        cmocka_unit_test(note_parse__malformed_notes__are_refused),
        cmocka_unit_test(note_parse__names_with_space_plus_or_control__are_refused),
        cmocka_unit_test(note_parse__more_signatures_than_the_limit__are_refused),
        cmocka_unit_test(note_key_parse__what_it_writes__is_what_it_read),
        cmocka_unit_test(note_key_parse__malformed_keys__are_refused),
        cmocka_unit_test(note_sign__with_the_published_key__gives_the_published_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
