#ifndef ZC_ATTEST_REASONS_H
#define ZC_ATTEST_REASONS_H

#include "base/result.h"

#define ZC_ATTEST_REASONS(X)                                                                       \
    X(BAD_REQUEST, 1, "this is not a request to a Nitro security module")                          \
    X(BAD_RESPONSE, 2, "the security module's answer is not in the form that it must have")        \
    X(WRONG_RESPONSE, 3, "the security module answered another question than was asked")           \
    X(NSM_INVALID_ARGUMENT, 4, "the security module refused: invalid argument")                    \
    X(NSM_INVALID_INDEX, 5, "the security module refused: it has no such PCR")                     \
    X(NSM_READ_ONLY, 6, "the security module refused: the PCR is locked")                          \
    X(NSM_INVALID_OPERATION, 7, "the security module refused: not possible in its present state")  \
    X(NSM_TOO_LARGE, 8, "the security module refused: the request is too large")                   \
    X(NSM_INTERNAL, 9, "the security module failed inside")                                        \
    X(DOCUMENT_TOO_LONG, 16, "longer than any attestation document")                               \
    X(NOT_SIGN1, 17, "not an attestation document: the COSE_Sign1 envelope is malformed")          \
    X(WRONG_ALGORITHM, 18, "the document is not signed with ES384 (ECDSA P-384 with SHA-384)")     \
    X(BAD_PAYLOAD, 19, "the document's payload is not in the form that Nitro documents have")      \
    X(DUPLICATE_FIELD, 20, "a field occurs twice in the document's payload")                       \
    X(MISSING_FIELD, 21,                                                                           \
      "a field that every enclave document has is missing from the document's payload")            \
    X(NOT_AN_ENCLAVE, 22, "the document's module is not an enclave")                               \
    X(WRONG_DIGEST, 23, "the document's measurements are not SHA-384")                             \
    X(FOREIGN_ROOT, 32, "the document's certificates do not lead to the root that is trusted")     \
    X(BAD_CHAIN, 33, "the document's certificate chain is not valid")                              \
    X(EXPIRED, 34, "a certificate of the document is no longer valid at this time")                \
    X(NOT_YET_VALID, 35, "a certificate of the document is not valid yet at this time")            \
    X(BAD_SIGNATURE, 36, "the document's signature does not fit its content: it was altered")      \
    X(DEBUG_MODE, 37,                                                                              \
      "the enclave ran in debug mode (PCR0, PCR1, PCR2 are zero): it keeps nothing from its host") \
    X(WRONG_NONCE, 38, "the document does not carry the nonce that was asked for")                 \
    X(WRONG_PCR, 39, "a measurement (PCR) in the document is not the expected one")                \
    X(MISSING_PCR, 40, "the document lacks a measurement (PCR) that is expected")                  \
    X(TOO_OLD, 41, "the document is older than is accepted")                                       \
    X(FROM_THE_FUTURE, 42, "the document's time lies in the future")                               \
    X(EMPTY_EXPECTATION, 43, "nothing to hold the document against: expect at least one PCR")      \
    X(BAD_BINDING, 48, "the document's user data does not describe a ZeroCopy deployment")         \
    X(BAD_GENESIS, 49, "the genesis record is malformed")                                          \
    X(WRONG_DEPLOYMENT_ID, 50, "the genesis record's deployment id does not follow from its keys") \
    X(UNKNOWN_FOUNDER, 51, "a genesis signature is by somebody who is not a founder")              \
    X(DUPLICATE_FOUNDER, 52, "a founder has signed the genesis statement twice")                   \
    X(BAD_FOUNDER_SIGNATURE, 53, "a founder's signature does not fit the genesis statement")       \
    X(QUORUM_NOT_MET, 54, "fewer founders have signed the genesis statement than are needed")      \
    X(EMPTY_QUORUM, 55, "a quorum of no founders proves nothing")                                  \
    X(BAD_KMS_ANSWER, 56, "the key service's answer is not in the one form that is known")         \
    X(ROOT_NOT_RELEASED, 57, "what the key service released is not this deployment's root")

#define ZC_DECLARE_ATTEST_REASON(name, number, text)                                               \
    ZC_ATTEST_##name = ZC_REASON_CODE(ZC_MODULE_ATTEST, number),
enum { ZC_ATTEST_REASONS(ZC_DECLARE_ATTEST_REASON) };

#endif
