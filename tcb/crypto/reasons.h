#ifndef ZC_CRYPTO_REASONS_H
#define ZC_CRYPTO_REASONS_H

#include "base/result.h"

#define ZC_CRYPTO_REASONS(X)                                                                       \
    X(BAD_PRIVATE_KEY, 1, "not a private key of this curve: zero, or not below the group's order") \
    X(BAD_PUBLIC_KEY, 2, "not a public key of this curve")                                         \
    X(BAD_SIGNATURE, 3, "the signature does not fit the message and the key")                      \
    X(WRONG_CURVE, 4, "this operation does not exist on the key's curve")                          \
    X(LIBRARY, 5, "the cryptographic library refused: out of memory or not usable here")           \
    X(FAULT, 6, "a signature failed its check before release: the machine computes wrongly")       \
    X(BAD_TAG, 7, "the ciphertext was altered, or belongs to another key or place")                \
    X(TOO_LONG, 8, "more bytes than this algorithm takes or gives in one call")                    \
    X(BAD_DER, 9, "not in the one encoding that DER allows")                                       \
    X(BAD_SEALED_BOX, 10, "too short or too long for a sealed box of this content")                \
    X(ROOT_NOT_PINNED, 11, "the chain does not start at the pinned root certificate")              \
    X(CHAIN_LENGTH, 12, "the certificate chain is empty or longer than the limit")                 \
    X(BAD_CERTIFICATE, 13, "a certificate of the chain can't be read")                             \
    X(CERTIFICATE_KEY, 14, "a certificate's key is not on the curve P-384")                        \
    X(CERTIFICATE_ALGORITHM, 15, "a certificate is not signed with the expected algorithm")        \
    X(CERTIFICATE_NAME, 16, "a certificate does not name the one before it as its issuer")         \
    X(CERTIFICATE_SIGNATURE, 17, "a certificate was not signed by its issuer")                     \
    X(NOT_A_CA, 18, "a certificate that issued another is not allowed to issue")                   \
    X(PATH_LENGTH, 19, "the chain is longer than one of its certificates allows")                  \
    X(KEY_USAGE, 20, "a certificate's key is used for what the certificate does not allow")        \
    X(CRITICAL_EXTENSION, 21, "a certificate has a critical extension that is not understood")     \
    X(NOT_YET_VALID, 22, "a certificate of the chain is not valid yet at the given time")          \
    X(EXPIRED, 23, "a certificate of the chain has expired at the given time")                     \
    X(WRONG_CERTIFICATE_KEY, 24, "the certificate is for another key")                             \
    X(LEAF_IS_A_CA, 25, "the last certificate of the chain may itself issue certificates")         \
    X(BAD_NAME, 26, "a certificate's name must be 1 to 64 printable characters")                   \
    X(BAD_TIME, 27, "a certificate's time is outside the years 1970 to 9999")                      \
    X(UNUSABLE_NONCE, 28, "a nonce gave a signature with a zero in it; the next one is taken")     \
    X(BAD_SECRET_LENGTH, 29, "an API secret must have 1 to 256 bytes")                             \
    X(UNKNOWN_SCHEME, 30, "this key has no such signature scheme")                                 \
    X(BAD_PKCS8, 31, "not an unencrypted RSA private key in PKCS #8's DER form")                   \
    X(RSA_SIZE, 32, "an RSA key must have 2048 to 4096 bits, in two primes of half the length")    \
    X(RSA_EXPONENT, 33, "an RSA key's public exponent must be odd, from 65537 to 4294967295")      \
    X(RSA_INCONSISTENT, 34, "the parts of an RSA private key do not belong together")              \
    X(BATCH_SIZE, 35, "a batch has 1 to 64 signatures")

#define ZC_DECLARE_CRYPTO_REASON(name, number, text)                                               \
    ZC_CRYPTO_##name = ZC_REASON_CODE(ZC_MODULE_CRYPTO, number),
enum { ZC_CRYPTO_REASONS(ZC_DECLARE_CRYPTO_REASON) };

#endif
