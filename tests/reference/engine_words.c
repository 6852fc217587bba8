#include "engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "crypto/hash.h"
#include "crypto/signer.h"

char line[1 << 18];
char *words[4096];
size_t word_count;

void fail(const char *what)
{
    fprintf(stderr, "engine: %s in: %s\n", what, word_count > 0 ? words[0] : "");
    exit(2);
}

void check(zc_result result)
{
    if (!zc_ok(result)) {
        fail("refused");
    }
}

uint64_t number(const char *text)
{
    return strtoull(text, NULL, 0);
}

zc_u256 wide(const char *text)
{
    zc_u256 value = ZC_U256_ZERO;
    check(zc_u256_from_decimal(zc_slice_of_text(text), &value));
    return value;
}

zc_slice bytes_of(const char *text)
{
    static uint8_t bytes[8][128];
    static size_t turn;
    uint8_t *to = bytes[turn++ % 8];
    size_t len = strcmp(text, "-") == 0 ? 0 : strlen(text) / 2;
    for (size_t i = 0; i < len; i++) {
        const char pair[3] = {text[2 * i], text[2 * i + 1], 0};
        to[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return zc_slice_of(to, len);
}

void copy(char *to, size_t size, const char *text)
{
    (void)snprintf(to, size, "%s", text);
}

static zc_signer signer_of(const char *name)
{
    zc_signer signer;
    zc_secret32 secret;
    zc_sha256(zc_slice_of_text(name), secret.byte);
    check(zc_signer_init(&signer, ZC_CURVE_ED25519, &secret));
    return signer;
}

void public_of(const char *name, uint8_t ret_key[static 32])
{
    zc_signer signer = signer_of(name);
    memcpy(ret_key, signer.pubkey.byte, 32);
}

void sign(const char *name, zc_slice message, uint8_t ret_signature[static 64])
{
    zc_signer signer = signer_of(name);
    zc_signature signature;
    check(zc_sign_message_ed25519(&signer, message, &signature));
    memcpy(ret_signature, signature.byte, 64);
}

/* The value of a key=value word, or NULL. */
const char *value_of(const char *key)
{
    size_t len = strlen(key);
    for (size_t i = 0; i < word_count; i++) {
        if (strncmp(words[i], key, len) == 0 && words[i][len] == '=') {
            return words[i] + len + 1;
        }
    }
    return NULL;
}

uint64_t number_of(const char *key)
{
    const char *text = value_of(key);
    return text == NULL ? 0 : number(text);
}

void split_words(void)
{
    word_count = 0;
    for (char *word = strtok(line, " \n"); word != NULL && word_count < 4096;
         word = strtok(NULL, " \n")) {
        words[word_count++] = word;
    }
}
