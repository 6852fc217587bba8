/* Answers of a key service: in every form that BER allows, and with every byte altered. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "attest/genesis.h"
#include "attest/kms_answer.h"

#define HEX_OF_OAEP                                                                                \
    "\x30\x3c\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07\x30\x2f\xa0\x0f\x30\x0d\x06\x09\x60\x86" \
    "\x48\x01\x65\x03\x04\x02\x01\x05\x00\xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01" \
    "\x08\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00"

static zc_recipient recipient;
static uint8_t spki[ZC_RECIPIENT_SPKI_MAX];
static size_t spki_len;
static const zc_secret32 root = {.byte = {1, 2, 3, 4}};
static uint8_t commitment[32];

typedef struct built {
    uint8_t bytes[4096];
    size_t len;
} built;

/* How containers are written, and the content: primitive, or in so many chunks. */
typedef struct form {
    bool indefinite;
    size_t chunks;
} form;

static int start(void **state)
{
    (void)state;
    zc_writer writer = ZC_WRITER_OF_ARRAY(spki);
    assert_true(zc_ok(zc_recipient_init(&recipient)));
    assert_true(zc_ok(zc_recipient_write_spki(&recipient, &writer)));
    spki_len = zc_writer_len(&writer);
    zc_genesis_commit_root(&root, commitment);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    zc_recipient_clear(&recipient);
    return 0;
}

static void put(built *to, const void *bytes, size_t len)
{
    memcpy(to->bytes + to->len, bytes, len);
    to->len += len;
}

static void put_value(built *to, uint8_t tag, const void *bytes, size_t len)
{
    const uint8_t head[] = {tag, 0x82, (uint8_t)(len >> 8), (uint8_t)len};
    put(to, head, sizeof head);
    put(to, bytes, len);
}

static void put_container(built *to, uint8_t tag, const built *inside, form how)
{
    if (!how.indefinite) {
        put_value(to, tag, inside->bytes, inside->len);
        return;
    }
    const uint8_t head[] = {tag, 0x80};
    put(to, head, 2);
    put(to, inside->bytes, inside->len);
    put(to, "\0\0", 2);
}

static void put_content(built *to, const uint8_t *content, size_t len, form how)
{
    built chunks = {.len = 0};
    if (how.chunks == 0) {
        put_value(to, 0x80, content, len);
        return;
    }
    for (size_t i = 0; i < how.chunks; i++) {
        size_t from = len * i / how.chunks;
        put_value(&chunks, 0x04, content + from, len * (i + 1) / how.chunks - from);
    }
    put_container(to, 0xa0, &chunks, how);
}

static built answer_of(const uint8_t *wrapped, const uint8_t *iv, const uint8_t *content,
                       size_t len, form how)
{
    built info = {.len = 0}, set = {.len = 0}, algorithm = {.len = 0}, encrypted = {.len = 0};
    built enveloped = {.len = 0}, wrapper = {.len = 0}, whole = {.len = 0}, out = {.len = 0};
    put(&info,
        "\x02\x01\x02\x80\x20"
        "0123456789abcdef0123456789abcdef",
        37);
    put(&info, HEX_OF_OAEP, sizeof HEX_OF_OAEP - 1);
    put_value(&info, 0x04, wrapped, ZC_RECIPIENT_WRAPPED);
    put_container(&set, 0x30, &info, how);
    put(&enveloped, "\x02\x01\x02", 3);
    put_container(&enveloped, 0x31, &set, how);
    put(&encrypted, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01", 11);
    put(&algorithm, "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a", 11);
    put_value(&algorithm, 0x04, iv, ZC_RECIPIENT_IV);
    put_container(&encrypted, 0x30, &algorithm, how);
    put_content(&encrypted, content, len, how);
    put_container(&enveloped, 0x30, &encrypted, how);
    put_container(&wrapper, 0x30, &enveloped, how);
    put(&whole, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", 11);
    put_container(&whole, 0xa0, &wrapper, how);
    put_container(&out, 0x30, &whole, how);
    return out;
}

/* Where the recipient's name is, when containers are of indefinite length. */
#define KEY_AT 29

/* As the key service does it: with another implementation's calls, from the public half alone. */
static void encrypt(const uint8_t plain[static 48], uint8_t *wrapped, uint8_t *iv, uint8_t *content)
{
    const uint8_t key[32] = {9, 8, 7};
    const unsigned char *at = spki;
    size_t len = ZC_RECIPIENT_WRAPPED;
    int written = 0;
    EVP_PKEY *public = d2i_PUBKEY(NULL, &at, (long)spki_len);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(public, NULL);
    assert_int_equal(EVP_PKEY_encrypt_init(context), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()), 1);
    assert_int_equal(EVP_PKEY_encrypt(context, wrapped, &len, key, sizeof key), 1);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(public);
    memset(iv, 0x17, ZC_RECIPIENT_IV);
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key, iv), 1);
    assert_int_equal(EVP_CIPHER_CTX_set_padding(cipher, 0), 1);
    assert_int_equal(EVP_EncryptUpdate(cipher, content, &written, plain, 48), 1);
    assert_int_equal(written, 48);
    EVP_CIPHER_CTX_free(cipher);
}

/* The root as it is encrypted, with this in the last byte of its padding. */
static built sound(form how, uint8_t last)
{
    uint8_t plain[48], wrapped[ZC_RECIPIENT_WRAPPED], iv[16], content[48];
    memcpy(plain, root.byte, 32);
    memset(plain + 32, 16, 16);
    plain[47] = last;
    encrypt(plain, wrapped, iv, content);
    return answer_of(wrapped, iv, content, sizeof content, how);
}

static int open_answer(const built *from, zc_secret32 *ret_root)
{
    return zc_kms_open_root(&recipient, zc_slice_of(from->bytes, from->len), commitment, ret_root)
        .code;
}

static void open__every_form__the_root(void **state)
{
    (void)state;
    for (size_t chunks = 0; chunks <= 5; chunks++) {
        for (int indefinite = 0; indefinite < 2; indefinite++) {
            zc_secret32 found = {{0}};
            built from = sound((form){indefinite == 1, chunks}, 16);
            assert_int_equal(open_answer(&from, &found), 0);
            assert_memory_equal(found.byte, root.byte, 32);
        }
    }
}

/* What is wrong inside has one reason, and nothing comes out: no oracle of any kind. */
static void open__any_byte_altered__no_root(void **state)
{
    (void)state;
    const zc_secret32 untouched = {.byte = {0x77}};
    built from = sound((form){true, 1}, 16);
    size_t inside = 0;
    for (size_t at = 0; at < from.len; at++) {
        zc_secret32 found = untouched;
        from.bytes[at] ^= 0x40;
        int code = open_answer(&from, &found);
        from.bytes[at] ^= 0x40;
        bool names_key = at >= KEY_AT && at < KEY_AT + 32 && code == 0; /* it is passed over */
        assert_true(names_key || code == ZC_ATTEST_BAD_KMS_ANSWER ||
                    code == ZC_ATTEST_ROOT_NOT_RELEASED);
        inside += code == ZC_ATTEST_ROOT_NOT_RELEASED;
        if (code != 0) {
            assert_memory_equal(found.byte, untouched.byte, 32);
        }
    }
    assert_int_equal(inside, ZC_RECIPIENT_WRAPPED + ZC_RECIPIENT_IV + ZC_RECIPIENT_CONTENT);
}

static void open__other_padding_or_root_or_key__the_same_reason(void **state)
{
    (void)state;
    zc_secret32 found = {{0}};
    built from = sound((form){true, 1}, 15);
    assert_int_equal(open_answer(&from, &found), ZC_ATTEST_ROOT_NOT_RELEASED);
    from = sound((form){true, 1}, 16);
    commitment[0] ^= 1;
    assert_int_equal(open_answer(&from, &found), ZC_ATTEST_ROOT_NOT_RELEASED);
    commitment[0] ^= 1;
    zc_recipient mine = recipient;
    recipient = (zc_recipient){0};
    assert_true(zc_ok(zc_recipient_init(&recipient)));
    assert_int_equal(open_answer(&from, &found), ZC_ATTEST_ROOT_NOT_RELEASED);
    zc_recipient_clear(&recipient);
    recipient = mine;
    assert_int_equal(open_answer(&from, &found), 0);
}

static void parse__cut_or_longer_or_other_content__refused(void **state)
{
    (void)state;
    static zc_kms_answer answer;
    uint8_t wrapped[ZC_RECIPIENT_WRAPPED] = {0}, iv[16] = {0}, content[1024] = {0};
    for (int indefinite = 0; indefinite < 2; indefinite++) {
        form how = {indefinite == 1, 2};
        built from = sound(how, 16);
        for (size_t len = 0; len < from.len; len++) {
            zc_slice cut = zc_slice_of(from.bytes, len);
            assert_true(zc_is(zc_kms_answer_parse(cut, &answer), ZC_ATTEST_BAD_KMS_ANSWER));
        }
        zc_slice longer = zc_slice_of(from.bytes, from.len + 1);
        assert_true(zc_is(zc_kms_answer_parse(longer, &answer), ZC_ATTEST_BAD_KMS_ANSWER));
        for (size_t len = 0; len <= 64; len++) {
            from = answer_of(wrapped, iv, content, len, how);
            zc_slice bytes = zc_slice_of(from.bytes, from.len);
            assert_int_equal(zc_ok(zc_kms_answer_parse(bytes, &answer)), len > 0 && len % 16 == 0);
        }
        how.chunks = ZC_KMS_CHUNKS_MAX + 1;
        from = answer_of(wrapped, iv, content, 1024, how);
        zc_slice many = zc_slice_of(from.bytes, from.len);
        assert_true(zc_is(zc_kms_answer_parse(many, &answer), ZC_ATTEST_BAD_KMS_ANSWER));
        how.chunks--;
        from = answer_of(wrapped, iv, content, 1024, how);
        assert_true(zc_ok(zc_kms_answer_parse(zc_slice_of(from.bytes, from.len), &answer)));
        assert_int_equal(answer.content_len, 1024);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open__every_form__the_root),
        cmocka_unit_test(open__any_byte_altered__no_root),
        cmocka_unit_test(open__other_padding_or_root_or_key__the_same_reason),
        cmocka_unit_test(parse__cut_or_longer_or_other_content__refused),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
