/* Documents of an enclave of this test's own: a root, one authority and a leaf, made at start. */
#ifndef ZC_TEST_EVIDENCE_MAKER_H
#define ZC_TEST_EVIDENCE_MAKER_H

#include "attest/document.h"

/* The time at which everything here is valid. */
#define MAKER_NOW INT64_C(1767225600)

/* Makes keys and certificates. */
void maker_start(void);
void maker_stop(void);
zc_slice maker_root(void);
/* Signs a document of this content, with the maker's certificates. The result lives until the next
 * one is made. */
zc_slice maker_document(zc_attest_doc content);
/* A content that every check accepts: PCR0 to PCR2 set, a nonce of 32 bytes 0x5a. */
zc_attest_doc maker_content(void);

#endif
