/* Makes certificate chains with OpenSSL, good ones and ones with a single fault, for tests. */
#ifndef ZC_TESTS_CRYPTO_CHAIN_MAKER_H
#define ZC_TESTS_CRYPTO_CHAIN_MAKER_H

#include "cmocka_zc.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "base/slice.h"

enum { MAX_LINKS = 12, MAX_DER = 2048 };

/* One certificate to make. Zero and NULL mean "as a good one has it". */
typedef struct link {
    const char *subject;
    const char *issuer;
    const char *basic_constraints; /* "" for none */
    const char *key_usage;         /* "" for none */
    const char *curve;             /* of its key */
    const char *signed_with;       /* digest */
    bool unknown_critical;
    long not_before; /* seconds from the start of validity of a good one */
    long not_after;
    const EVP_PKEY *signer; /* whose signature it bears */
} link;

/* A chain of `count` certificates, root first, the leaf last. */
typedef struct chain {
    size_t count;
    EVP_PKEY *key[MAX_LINKS];
    uint8_t bytes[MAX_LINKS][MAX_DER];
    zc_slice der[MAX_LINKS];
} chain;

/* Good certificates are valid from CHAIN_START for CHAIN_LENGTH seconds. */
#define CHAIN_START 1700000000
#define CHAIN_LENGTH 10000

EVP_PKEY *make_key(const char *curve);
/* Makes certificates for `links`; the caller clears it. */
void chain_make(chain *ret_chain, const link *links, size_t count);
void chain_clear(chain *made);

#endif
