/** Why a document is refused. The names are those of `zcp verify --json` (`reason_name`). */
export const reasons = {
  ATTEST_DOCUMENT_TOO_LONG: "longer than any attestation document",
  ATTEST_NOT_SIGN1: "not an attestation document: the COSE_Sign1 envelope is malformed",
  ATTEST_WRONG_ALGORITHM: "the document is not signed with ES384 (ECDSA P-384 with SHA-384)",
  ATTEST_BAD_PAYLOAD: "the document's payload is not in the form that Nitro documents have",
  ATTEST_DUPLICATE_FIELD: "a field occurs twice in the document's payload",
  ATTEST_MISSING_FIELD: "a field that every enclave document has is missing from the document's payload",
  ATTEST_NOT_AN_ENCLAVE: "the document's module is not an enclave",
  ATTEST_WRONG_DIGEST: "the document's measurements are not SHA-384",
  ATTEST_FOREIGN_ROOT: "the document's certificates do not lead to the root that is trusted",
  ATTEST_BAD_CHAIN: "the document's certificate chain is not valid",
  ATTEST_EXPIRED: "a certificate of the document is no longer valid at this time",
  ATTEST_NOT_YET_VALID: "a certificate of the document is not valid yet at this time",
  ATTEST_BAD_SIGNATURE: "the document's signature does not fit its content: it was altered",
  ATTEST_DEBUG_MODE: "the enclave ran in debug mode (PCR0, PCR1, PCR2 are zero): it keeps nothing from its host",
  ATTEST_FROM_THE_FUTURE: "the document's time lies in the future",
  ATTEST_WRONG_NONCE: "the document does not carry the nonce that was asked for",
  ATTEST_WRONG_PCR: "a measurement (PCR) in the document is not the expected one",
  ATTEST_MISSING_PCR: "the document lacks a measurement (PCR) that is expected",
  EVIDENCE_WRONG_MODULE: "the evidence comes from another module than the expected one",
  EVIDENCE_WRONG_USER_DATA: "the evidence does not carry the user data that is expected",
  EVIDENCE_WRONG_MISSION: "the enclave obeys another mission than the expected one",
  EVIDENCE_WRONG_LOG_KEY: "the evidence vouches for another log key than the expected one",
  EVIDENCE_WRONG_DEPLOYMENT: "the evidence comes from another deployment than the expected one",
  EVIDENCE_NOT_BOUND: "the evidence does not describe a ZeroCopy deployment",
} as const;

export type Reason = keyof typeof reasons;

/** Ends a verification. Everything else that is thrown is a bug. */
export class Refusal extends Error {
  constructor(readonly reason: Reason) {
    super(reasons[reason]);
  }
}

export function refuse(reason: Reason): never {
  throw new Refusal(reason);
}
