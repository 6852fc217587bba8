#ifndef ZC_EVIDENCE_REASONS_H
#define ZC_EVIDENCE_REASONS_H

#include "base/result.h"

#define ZC_EVIDENCE_REASONS(X)                                                                     \
    X(UNKNOWN_KIND, 1,                                                                             \
      "not evidence of a kind that is known: Nitro document, SEV-SNP report, SGX or TDX quote")    \
    X(TOO_LONG, 2, "longer than any evidence")                                                     \
    X(BAD_REPORT, 3, "not a SEV-SNP report in the form that AMD defines")                          \
    X(BAD_QUOTE, 4, "not an SGX or TDX quote in the form that Intel defines")                      \
    X(UNSUPPORTED, 5, "evidence of a version or algorithm that is not supported")                  \
    X(BAD_WRAPPER, 6, "the conceptual message wrapper around the evidence is malformed")           \
    X(NO_MEMORY, 7, "the machine gave no memory")                                                  \
    X(WRONG_NONCE, 8, "the evidence does not carry the nonce that was asked for")                  \
    X(WRONG_MEASUREMENT, 9, "a measurement in the evidence is not the expected one")               \
    X(MISSING_MEASUREMENT, 10, "the evidence lacks a measurement that is expected")                \
    X(WRONG_MODULE, 11, "the evidence comes from another module than the expected one")            \
    X(WRONG_USER_DATA, 12, "the evidence does not carry the user data that is expected")           \
    X(WRONG_MISSION, 13, "the enclave obeys another mission than the expected one")                \
    X(WRONG_LOG_KEY, 14, "the evidence vouches for another log key than the expected one")         \
    X(NOT_BOUND, 15, "the evidence does not describe a ZeroCopy deployment")                       \
    X(NOT_APPLICABLE, 16, "something is expected that evidence of this kind cannot carry")         \
    X(DEBUG_MODE, 17, "it ran in debug mode: it keeps nothing from its host")                      \
    X(WRONG_DEPLOYMENT, 18, "the evidence comes from another deployment than the expected one")    \
    X(BAD_COLLATERAL, 32, "a certificate, revocation list or statement beside it can't be read")   \
    X(NO_CERTIFICATE, 33, "the certificate of the key that signed it is missing")                  \
    X(NO_COLLATERAL, 34,                                                                           \
      "Intel's statements about the platform (TCB info, QE identity, revocation lists) are "       \
      "missing")                                                                                   \
    X(FOREIGN_ROOT, 35, "the certificates do not lead to a root that is trusted")                  \
    X(BAD_CHAIN, 36, "the certificate chain is not valid")                                         \
    X(EXPIRED, 37, "a certificate or statement is no longer valid at this time")                   \
    X(NOT_YET_VALID, 38, "a certificate or statement is not valid yet at this time")               \
    X(REVOKED, 39, "a certificate of the chain has been revoked")                                  \
    X(BAD_SIGNATURE, 40, "the signature does not fit the evidence: it was altered")                \
    X(BAD_CRL, 41, "a revocation list was not signed by the authority that it speaks for")         \
    X(WRONG_CHIP, 42, "the certificate is for another chip than the report")                       \
    X(WRONG_TCB, 43, "the certificate is for other firmware versions than the report")             \
    X(BAD_QE, 44, "the quoting enclave did not vouch for the key that signed the quote")           \
    X(BAD_STATEMENT_SIGNATURE, 45, "Intel did not sign the TCB info or QE identity")               \
    X(WRONG_PLATFORM, 46, "the TCB info is about another kind of platform than the quote")         \
    X(WRONG_QE, 47, "the quoting enclave is not the one that Intel describes")                     \
    X(WRONG_TDX_MODULE, 48, "the TDX module is not one that Intel describes")                      \
    X(TCB_NOT_ACCEPTED, 49, "the platform's security level (TCB status) is not an accepted one")   \
    X(TCB_REVOKED, 50, "Intel has revoked the platform's security level")                          \
    X(BELOW_EVERY_LEVEL, 51,                                                                       \
      "the platform is older than every security level that Intel still lists")                    \
    X(BAD_ACCEPTED, 64, "the list of accepted measurements is malformed")                          \
    X(ACCEPTED_NOT_SIGNED, 65, "the release key did not sign the list of accepted measurements")   \
    X(NOT_ACCEPTED, 66, "no entry of the accepted measurements fits the evidence")                 \
    X(NOT_ACCEPTED_NOW, 67, "the measurements were accepted, but not at this time")                \
    X(EMPTY_EXPECTATION, 68, "an expectation that anything would meet is no expectation")          \
    X(BAD_LOG_PROOF, 69, "the proof from the measurement log is malformed")                        \
    X(LOG_NOT_SIGNED, 70, "the release key did not sign the measurement log's checkpoint")         \
    X(NOT_IN_LOG, 71, "the measurement log's checkpoint does not cover the entry in the proof")

#define ZC_DECLARE_EVIDENCE_REASON(name, number, text)                                             \
    ZC_EVIDENCE_##name = ZC_REASON_CODE(ZC_MODULE_EVIDENCE, number),
enum { ZC_EVIDENCE_REASONS(ZC_DECLARE_EVIDENCE_REASON) };

#endif
