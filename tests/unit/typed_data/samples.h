/* Typed data for the tests: from JSON as wallets give it, or byte by byte as an enemy would. */
#ifndef TESTS_UNIT_TYPED_DATA_SAMPLES_H
#define TESTS_UNIT_TYPED_DATA_SAMPLES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"
#include "codec/cbor.h"
#include "intent/typed_data.h"
#include "support/typed_data.h"

static const uint8_t account[ZC_EVM_ADDRESS_SIZE] = {0xac, 0xc0};
static zc_intent intent;
static zc_error error;

/* A domain with chain 1 and a contract of 20 bytes 0xcc; its checksum-free spelling. */
#define CONTRACT "0xcccccccccccccccccccccccccccccccccccccccc"
#define DOMAIN "\"domain\": {\"chainId\": 1, \"verifyingContract\": \"" CONTRACT "\"}"
#define ALICE "0xa11cea11cea11cea11cea11cea11cea11cea11ce"
#define BOB "0xb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb"

static inline zc_result to_form(unsigned semantics, const char *json, zc_bytes *form)
{
    memset(&error, 0, sizeof error);
    return zc_typed_data_parse(zc_slice_of_text(json), semantics, form, &error);
}

/* Converts and decodes; the form has to be good JSON. */
static inline zc_result decode_under(unsigned semantics, const char *json,
                                     const zc_typed_data_expectation *expected)
{
    ZC_BYTES zc_bytes form = {0};
    if (!zc_ok(to_form(semantics, json, &form))) {
        fail_msg("%s", error.why);
    }
    return zc_intent_decode_typed_data(zc_bytes_slice(&form), account, expected, &intent, NULL);
}

static inline void decode(const char *json)
{
    assert_int_equal(decode_under(4, json, NULL).code, 0);
}

/* Appends the types of an encodeType text ("A(B b,uint8 c)B(bool d)") as JSON. */
static inline size_t put_types(char *json, size_t capacity, const char *types)
{
    size_t len = 0;
    for (const char *at = types; *at != '\0';) {
        const size_t name = strcspn(at, "(");
        len += (size_t)snprintf(json + len, capacity - len, "%s\"%.*s\": [",
                                at == types ? "" : ", ", (int)name, at);
        at += name + 1;
        for (bool first = true; *at != ')'; first = false) {
            at += *at == ',' ? 1 : 0;
            const size_t type = strcspn(at, " ");
            const size_t member = strcspn(at + type + 1, ",)");
            len += (size_t)snprintf(json + len, capacity - len,
                                    "%s{\"type\": \"%.*s\", \"name\": \"%.*s\"}", first ? "" : ", ",
                                    (int)type, at, (int)member, at + type + 1);
            at += type + 1 + member;
        }
        len += (size_t)snprintf(json + len, capacity - len, "]");
        at++;
    }
    return len;
}

/* Decodes a message of the first of the types, in a domain; in both, ' stands for ". */
static inline void decode_in(const char *domain, const char *types, const char *message)
{
    static char json[16384];
    size_t len = (size_t)snprintf(json, sizeof json, "{\"types\": {");
    len += put_types(json + len, sizeof json - len, types);
    const size_t start = len;
    len += (size_t)snprintf(json + len, sizeof json - len,
                            "}, \"primaryType\": \"%.*s\", \"domain\": %s, \"message\": %s}",
                            (int)strcspn(types, "("), types, domain, message);
    assert_true(len < sizeof json);
    for (char *at = json + start; *at != '\0'; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    decode(json);
}

/* The same in the usual domain. */
static inline void decode_message(const char *types, const char *message)
{
    decode_in("{'chainId': 1, 'verifyingContract': '" CONTRACT "'}", types, message);
}

static inline void assert_digest(const char *hex)
{
    uint8_t digest[32];
    assert_int_equal(zc_hex_decode(zc_slice_of_text(hex), digest, sizeof digest).code, 0);
    assert_memory_equal(intent.digest, digest, sizeof digest);
}

static inline const zc_argument *argument(const char *label)
{
    for (size_t i = 0; i < intent.argument_count; i++) {
        if (strcmp(intent.arguments[i].label, label) == 0) {
            return &intent.arguments[i];
        }
    }
    fail_msg("no argument %s", label);
    return NULL;
}

static inline bool has_flag(uint64_t flag)
{
    return (intent.flags & flag) != 0;
}

static inline zc_address address_of(const char *hex)
{
    uint8_t bytes[ZC_EVM_ADDRESS_SIZE];
    assert_int_equal(zc_hex_decode(zc_slice_of_text(hex), bytes, sizeof bytes).code, 0);
    return zc_address_of_evm(bytes);
}

static inline void assert_address(const zc_address *got, const char *hex)
{
    const zc_address wanted = address_of(hex);
    assert_true(zc_address_eq(got, &wanted));
}

#endif
