/* libzcp: a ZeroCopy enclave as a C program sees it.
 *
 * A session is attested: before the first request leaves, the library has checked that the other
 * end is an enclave of the deployment you pinned, with the code you pinned, and that this very
 * connection ends inside it. If any of that fails there is no session.
 *
 *     zcp_error error;
 *     zcp_session *session;
 *     if (zcp_open(&(zcp_options){.dir = "var", .credential = "trader"}, &session, &error) !=
 * ZCP_OK) { fprintf(stderr, "%s: %s. %s\n", error.what, error.why, error.next);
 *     }
 *
 * Threads: a session belongs to one thread at a time. Sessions are independent; open one per
 * thread. Errors: every call returns a zcp_result, which is also the exit code that `zcp` would
 * give, and fills `error` (which may be NULL). Outputs are untouched on failure. No secret ever
 * appears in an error. Times are milliseconds since 1970; amounts are decimal text in base units.
 */
#ifndef ZCP_H
#define ZCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ZCP_API __attribute__((visibility("default"), warn_unused_result))
#define ZCP_API_VOID __attribute__((visibility("default")))
#else
#define ZCP_API
#define ZCP_API_VOID
#endif

typedef enum zcp_result {
    ZCP_OK = 0,
    ZCP_FAILED = 1, /* the request could not be carried out; error says why */
    ZCP_USAGE = 2,  /* the call's arguments don't make sense */
    ZCP_DENIED = 3, /* policy refused: zcp_denial has the rule and the numbers */
    ZCP_NOT_VERIFIED =
        4, /* the other end is not the enclave that was pinned, or a document is not valid */
    ZCP_UNREACHABLE = 5,     /* nobody answers */
    ZCP_APPROVAL_NEEDED = 6, /* people have to say yes first */
} zcp_result;

typedef struct zcp_error {
    zcp_result result;
    char reason[48]; /* a stable name for programs, such as "POLICY_PER_TX"; may be empty */
    char what[256];  /* what failed */
    char why[256];
    char next[256];  /* what to do */
    bool has_offset; /* the byte of the payload where decoding failed */
    uint64_t offset;
} zcp_error;

/* What a key is: one of a curve, or a secret that a trading venue gave out. */
typedef enum zcp_curve {
    ZCP_SECP256K1 = 1,
    ZCP_P256 = 2,
    ZCP_ED25519 = 3,
    ZCP_HMAC_SHA256 = 4,
    ZCP_HMAC_SHA384 = 5,
    ZCP_HMAC_SHA512 = 6,
    ZCP_RSA = 7,
} zcp_curve;
typedef enum zcp_tier { ZCP_HOT = 1, ZCP_WARM = 2, ZCP_COLD = 3 } zcp_tier;
/* How ECDSA nonces are made: RFC 6979 with fresh randomness (§3.6), or RFC 6979 exactly. */
typedef enum zcp_nonce { ZCP_HEDGED = 1, ZCP_DETERMINISTIC = 2 } zcp_nonce;
/* What is signed, and in which form the payload is given:
 *   TX          EVM: the unsigned transaction, or 0x05 and an EIP-7702 authorization. Bitcoin: a
 *               PSBT. Solana: a message. Cosmos: a SignDoc
 *   MESSAGE     the text
 *   TYPED_DATA  EIP-712 in the form of zcp_typed_data()
 *   ORDER       a venue's order in the form of zcp_order()
 *   DIGEST      32 bytes */
typedef enum zcp_use {
    ZCP_TX = 1,
    ZCP_MESSAGE = 2,
    ZCP_TYPED_DATA = 3,
    ZCP_ORDER = 4,
    ZCP_DIGEST = 5,
} zcp_use;
typedef enum zcp_chain {
    ZCP_CHAIN_NONE = 0,
    ZCP_CHAIN_EVM = 1,
    ZCP_CHAIN_BITCOIN = 2,
    ZCP_CHAIN_SOLANA = 3,
    ZCP_CHAIN_COSMOS = 4,
    ZCP_CHAIN_VENUE = 5,
} zcp_chain;
typedef enum zcp_phase {
    ZCP_SEALED = 1,
    ZCP_GENESIS = 2,
    ZCP_SERVING = 3,
    ZCP_HALTED = 4
} zcp_phase;

/* Where the enclave is, and what is believed about it. Zeroed members take what stands in `dir`, as
 * `zcp up` left it there: deployment.json, platform/root.pem, credentials/NAME.key,
 * run/enclave.sock. */
typedef struct zcp_options {
    const char *dir;              /* NULL: $ZCP_DIR, else ./var */
    const char *credential;       /* name of the principal; NULL: "admin" */
    const char *credential_file;  /* instead: a .key file */
    const char *socket;           /* path of the enclave's socket */
    const char *root_pem;         /* the pinned root of attestation */
    const uint8_t *deployment_id; /* 32 bytes */
    const uint8_t *pcr0;          /* 48 bytes: the code */
    uint32_t timeout_ms;          /* for connecting and for each answer; 0: 10,000 */
    bool no_reconnect;            /* give up at the first lost connection */
    uint32_t spin_us; /* look for an answer this long before sleeping: for a client with a processor
                         of its own, beside a core that has one (docs/performance.md). 0: sleep */
    bool shared_memory; /* on the enclave's machine: records go through memory instead of the
                           socket, where the enclave has some to give */
} zcp_options;

typedef struct zcp_session zcp_session;

/* Opens an attested session. Errors: ZCP_UNREACHABLE; ZCP_NOT_VERIFIED with the first check that
 * failed; ZCP_FAILED when the mission does not know the credential. The caller closes it. */
ZCP_API zcp_result zcp_open(const zcp_options *options, zcp_session **ret_session,
                            zcp_error *error);
ZCP_API_VOID void zcp_close(zcp_session *session); /* NULL is fine */

/* After a lost connection the library opens a new attested session and asks again, until the
 * timeout: reading is harmless, and signing the same digest with the same key is charged once.
 * Making a key is not repeated. */

/* How much the enclave still does, as breakers have it. */
typedef enum zcp_mode {
    ZCP_MODE_NORMAL = 0,
    ZCP_MODE_REDUCE_ONLY = 1, /* cancels and reductions */
    ZCP_MODE_HALTED = 2,      /* what the mission lets pass */
} zcp_mode;

typedef struct zcp_status {
    zcp_phase phase;
    uint8_t deployment_id[32];
    uint8_t mission_hash[32];
    char mission[64];
    char platform[32];
    char principal[64]; /* who this session is */
    uint8_t boot_id[16];
    uint64_t log_next; /* sequence that the next log entry will have */
    uint8_t log_head[32];
    uint64_t keys;
    uint64_t uptime_ms;
    uint64_t time_ms;         /* the enclave's clock */
    uint32_t isolation;       /* bits: zcp_isolation_name() */
    bool memory_out_of_reach; /* secrets are in memfd_secret pages: not even root reads them */
    bool rollback_protected;
    bool hardware;       /* the platform is attested by hardware */
    uint64_t signatures; /* since this boot, as the next two */
    uint64_t denials;
    uint64_t reservations; /* still counting against limits */
    uint64_t max_unacked;
    zcp_mode mode;
    char tripped[64]; /* the breaker that set the mode; empty: none */
    uint64_t reviews; /* requests that wait for approvals, or were approved and not used */
    uint64_t revoked; /* principals and rules */
} zcp_status;
ZCP_API zcp_result zcp_get_status(zcp_session *session, zcp_status *ret_status, zcp_error *error);
/* Name and meaning of isolation layer `index` (from 0); NULL beyond the last. `ret_bit` may be
 * NULL. */
ZCP_API_VOID const char *zcp_isolation_name(size_t index, uint32_t *ret_bit, const char **ret_text);

typedef struct zcp_key {
    char name[64];
    char owner[64];
    zcp_curve curve;
    zcp_tier tier;
    zcp_nonce nonce;
    bool imported; /* somebody else may hold it too */
    bool disabled;
    uint8_t public_key[65]; /* SEC 1 uncompressed; 32 bytes for Ed25519; an RSA key's is the SHA-256
                               of its SubjectPublicKeyInfo, an HMAC secret's a hash of it */
    size_t public_key_len;
    char address[43]; /* secp256k1: the Ethereum address, EIP-55; else empty */
    uint64_t uses;
    uint64_t created_ms;
    uint8_t birth[512]; /* certificate of the deployment identity */
    size_t birth_len;
    char api_key[257]; /* its name at the venue; empty: none */
    char venue[24];    /* the only venue that it signs for; empty: not said */
} zcp_key;
ZCP_API zcp_result zcp_key_create(zcp_session *session, const char *name, zcp_curve curve,
                                  zcp_tier tier, zcp_nonce nonce, zcp_key *ret_key,
                                  zcp_error *error);
/* Encrypts the private key (32 bytes, secret, wiped nowhere but in the library's own copies) to a
 * freshly attested import key, and sends that. */
ZCP_API zcp_result zcp_key_import(zcp_session *session, const char *name, zcp_curve curve,
                                  zcp_tier tier, zcp_nonce nonce, const uint8_t private_key[32],
                                  zcp_key *ret_key, zcp_error *error);
/* A key as it is to be. One with an API key's name, a passphrase or a venue, and every HMAC and RSA
 * key, signs orders for trading venues and nothing else. */
typedef struct zcp_key_wanted {
    const char *name;
    zcp_curve curve;
    zcp_tier tier;
    zcp_nonce nonce;
    const char *api_key; /* the key's name at its venue; NULL: none */
    const char *venue;   /* the only venue that it is to sign for ("kraken"); NULL: any */
} zcp_key_wanted;
/* Its secret: 32 bytes of a curve's private key; an API secret of up to 256 bytes in the form that
 * the venue's API takes as HMAC key (Kraken's is decoded from base64, most others' are the text
 * itself); an RSA key in PKCS #8, DER. The passphrase is that of OKX, KuCoin and Bitget. */
typedef struct zcp_key_secret {
    const uint8_t *secret;
    size_t secret_len;
    const uint8_t *passphrase; /* NULL: none; at most 64 characters of printable ASCII */
    size_t passphrase_len;
} zcp_key_secret;
/* As zcp_key_create() and zcp_key_import(). HMAC and RSA keys are imported, never created. */
ZCP_API zcp_result zcp_key_create_wanted(zcp_session *session, const zcp_key_wanted *wanted,
                                         zcp_key *ret_key, zcp_error *error);
ZCP_API zcp_result zcp_key_import_wanted(zcp_session *session, const zcp_key_wanted *wanted,
                                         const zcp_key_secret *secret, zcp_key *ret_key,
                                         zcp_error *error);
ZCP_API zcp_result zcp_key_show(zcp_session *session, const char *name, zcp_key *ret_key,
                                zcp_error *error);
ZCP_API zcp_result zcp_key_disable(zcp_session *session, const char *name, zcp_key *ret_key,
                                   zcp_error *error);
/* Keys from number `from`: at most `capacity` of them, and how many there are in all. */
ZCP_API zcp_result zcp_key_list(zcp_session *session, uint64_t from, zcp_key *ret_keys,
                                size_t capacity, size_t *ret_count, uint64_t *ret_total,
                                zcp_error *error);

typedef struct zcp_sign_request {
    const char *key;
    zcp_use use;
    zcp_chain chain;        /* whose rules the payload follows */
    const uint8_t *payload; /* an unsigned transaction, a message, 32 bytes of digest … (zcp_use) */
    size_t payload_len;     /* at most 60 KiB */
    uint64_t chain_id; /* 0: not said. Typed data: the EVM chain that it is for. Bitcoin: a network
                          of zcp_chain_id() */
    uint8_t form;      /* Bitcoin messages: 0 BIP-322 for P2WPKH, 1 P2PKH, 2 P2SH-P2WPKH, 3 P2WPKH,
                          4 P2TR; with 16 added the older form */
} zcp_sign_request;

/* What policy compared, whatever it decided. */
typedef struct zcp_decision {
    char rule[64];   /* the rule that settled it; empty: none allows it */
    char reason[48]; /* "POLICY_PER_TX"; empty when allowed */
    char why[160];
    char measured[80]; /* decimal, in base units of `asset`, or a count */
    char limit[80];
    char asset[16];
    bool has_entry; /* false where refusals are logged as a count */
    uint64_t entry; /* sequence in the log; where approvals are needed, the review's id */
    char feed[64];  /* whose word the numbers rest on; empty: enforced by the enclave alone */
} zcp_decision;

typedef struct zcp_signature {
    uint8_t digest[32];
    uint8_t signature[64]; /* r ‖ s, or Ed25519's R ‖ S; the first of several; zeros where another
                              kind of signature stands in the artefact alone */
    uint8_t recovery;      /* secp256k1: 0 or 1 */
    /* How many of the last log entries a power cut could take when this was sent; 0: none. */
    uint32_t max_unacked;
    uint64_t entry;   /* the log entry that authorised it */
    uint8_t leaf[32]; /* its leaf hash */
    zcp_decision decision;
    /* What goes out, where the signature alone is not enough: the signed PSBT, the Solana or Cosmos
     * transaction, a Bitcoin message's proof, a venue's request (CBOR). Borrowed from the session
     * until its next call; NULL for EVM, see zcp_evm_signed(). A venue's request may hold the key's
     * passphrase, as the venue wants it: don't log it. */
    const uint8_t *artefact;
    size_t artefact_len;
    /* The first signature whatever its length, borrowed as the artefact: venues' HMACs have 32 to
     * 64 bytes, RSA up to 512. */
    const uint8_t *raw;
    size_t raw_len;
} zcp_signature;

/* The number of a chain by its name: "1", "bitcoin", "bitcoin-test", "cosmos:<id>",
 * "venue:<name>". 0 for what is no chain's name. */
ZCP_API uint64_t zcp_chain_id(const char *name);

/* Decodes, decides, logs and signs. Errors: ZCP_DENIED or ZCP_APPROVAL_NEEDED with *ret_decision
 * filled (it may be NULL); ZCP_FAILED with error->offset where the payload can't be read. */
ZCP_API zcp_result zcp_sign(zcp_session *session, const zcp_sign_request *request,
                            zcp_signature *ret_signature, zcp_decision *ret_decision,
                            zcp_error *error);

/* Whether the log kept its word: `receipt` is a signature that this deployment gave, in whatever
 * session; `log_folder` holds a copy of the log, `checkpoint` and `tile` in it (DIR/log). Its
 * entry must be in the tree of a checkpoint that is signed with the session's attested log key.
 * *ret_size is the number of entries under that checkpoint. Errors: ZCP_FAILED when the folder does
 * not tell (yet), ZCP_NOT_VERIFIED when the log is another than was promised. */
ZCP_API zcp_result zcp_receipt_check(zcp_session *session, const char *log_folder,
                                     const zcp_signature *receipt, uint64_t *ret_size,
                                     zcp_error *error);

/* Pipelining: several requests may be under way; answers come in the order of the requests.
 * A lost connection fails every request under way with ZCP_UNREACHABLE. */
ZCP_API zcp_result zcp_sign_send(zcp_session *session, const zcp_sign_request *request,
                                 zcp_error *error);
ZCP_API zcp_result zcp_sign_receive(zcp_session *session, zcp_signature *ret_signature,
                                    zcp_decision *ret_decision, zcp_error *error);

/* The forms of payloads that people hold as JSON: eth_signTypedData_v4's for ZCP_TYPED_DATA, an
 * order file (docs/venues.md) for ZCP_ORDER. Nothing here is trusted: the enclave computes what is
 * signed from the form itself. ZCP_FAILED names the place in the JSON. 60 KiB of room are enough.
 */
ZCP_API zcp_result zcp_typed_data(const char *json, size_t len, uint8_t *ret_form, size_t capacity,
                                  size_t *ret_len, zcp_error *error);
ZCP_API zcp_result zcp_order(const char *json, size_t len, uint8_t *ret_form, size_t capacity,
                             size_t *ret_len, zcp_error *error);

#define ZCP_BATCH_MAX 64

typedef struct zcp_outcome {
    zcp_result result; /* of this request: ZCP_OK, ZCP_DENIED, ZCP_APPROVAL_NEEDED, ZCP_FAILED */
    zcp_signature signature; /* ZCP_OK; without an artefact */
    zcp_decision decision;   /* ZCP_DENIED, ZCP_APPROVAL_NEEDED */
    zcp_error error;
} zcp_outcome;

/* Up to ZCP_BATCH_MAX requests in one record of 64 KiB; each is decided, logged and answered by
 * itself, and P-256 signatures over messages and digests are made together, for half the price.
 * ZCP_OK: every request has its outcome. A lost connection is not repeated. */
ZCP_API zcp_result zcp_sign_batch(zcp_session *session, const zcp_sign_request *requests,
                                  size_t count, zcp_outcome *ret_outcomes, zcp_error *error);

/* The complete signed EVM transaction for an unsigned one and its signature: at most payload_len +
 * 80 bytes. */
ZCP_API zcp_result zcp_evm_signed(const uint8_t *unsigned_tx, size_t len,
                                  const zcp_signature *signature, uint8_t *ret_signed,
                                  size_t capacity, size_t *ret_len, zcp_error *error);

/* A fresh attestation document over `nonce` (at most 512 bytes) into the caller's buffer (16 KiB
 * are enough). Without a nonce: the one that sessions are shown, which is made anew every ten
 * minutes and there at once. */
ZCP_API zcp_result zcp_attest(zcp_session *session, const uint8_t *nonce, size_t nonce_len,
                              uint8_t *ret_document, size_t capacity, size_t *ret_len,
                              zcp_error *error);

typedef struct zcp_expectation {
    const char *root_pem; /* the pinned root; NULL: the AWS Nitro Enclaves root G1 */
    int64_t at_seconds;   /* the time the document is held against, since 1970 */
    const uint8_t *nonce; /* NULL: not checked */
    size_t nonce_len;
    uint32_t pcr_mask; /* bit i: pcr[i] must be in the document with this value */
    const uint8_t (*pcr)[48];
} zcp_expectation;

typedef struct zcp_evidence {
    bool hardware; /* true only under the AWS root */
    char module_id[128];
    uint64_t timestamp_ms;
    uint32_t pcr_mask;
    uint8_t pcr[32][48];
    bool ours; /* user_data is a ZeroCopy binding: the next four are set */
    uint8_t deployment_id[32];
    uint8_t mission_hash[32];
    uint8_t log_key[32];
    uint8_t boot_id[16];
} zcp_evidence;

/* Verifies a document offline: chain to the pinned root, validity at the given time, signature,
 * debug mode, nonce and measurements. Errors: ZCP_NOT_VERIFIED with the first reason. Pure, and
 * safe from any thread. */
ZCP_API zcp_result zcp_verify_document(const uint8_t *document, size_t len,
                                       const zcp_expectation *expect, zcp_evidence *ret_evidence,
                                       zcp_error *error);

/* Evidence of any kind: AWS Nitro documents, AMD SEV-SNP reports, Intel SGX and TDX quotes, bare or
 * in a conceptual message wrapper. Words are those of RFC 9334. */
typedef enum zcp_evidence_kind {
    ZCP_ANY_EVIDENCE = 0, /* found out from the bytes */
    ZCP_NITRO = 1,
    ZCP_SEV_SNP = 2,
    ZCP_SGX = 3,
    ZCP_TDX = 4,
} zcp_evidence_kind;

/* A register of the attester: PCR0…PCR31 (Nitro); MEASUREMENT, HOST_DATA (SNP); MRENCLAVE, MRSIGNER
 * (SGX); MRTD, RTMR0…RTMR3 (TDX). */
typedef struct zcp_measurement {
    char name[24];
    size_t len;
    uint8_t value[64];
} zcp_measurement;

typedef struct zcp_bytes {
    const uint8_t *data;
    size_t len;
} zcp_bytes;

/* How Intel rates a platform. */
enum {
    ZCP_TCB_UP_TO_DATE = 1 << 1,
    ZCP_TCB_SW_HARDENING_NEEDED = 1 << 2,
    ZCP_TCB_CONFIGURATION_NEEDED = 1 << 3,
    ZCP_TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED = 1 << 4,
    ZCP_TCB_OUT_OF_DATE = 1 << 5,
    ZCP_TCB_OUT_OF_DATE_CONFIGURATION_NEEDED = 1 << 6,
};

/* What evidence is held against. Zeroed members ask for nothing; all that are given must hold. */
typedef struct zcp_policy {
    zcp_evidence_kind kind;
    int64_t at_seconds;   /* the time it is held against, since 1970: now for live evidence */
    const char *root_pem; /* a root in place of the maker's own: then never hardware */
    const zcp_bytes *collateral; /* certificates and revocation lists (PEM, DER), Intel's JSON */
    size_t collateral_count;     /* at most 16 */
    uint32_t tcb_accepted;       /* 0: up to date, or with software hardening needed */
    bool accept_debug;           /* SNP, SGX, TDX: valid, but never hardware. Nitro: never */
    zcp_bytes nonce;             /* data NULL: not asked. Not Nitro: the report data */
    const zcp_measurement *measurements;
    size_t measurement_count; /* at most 32 */
    const char *module_id;
    zcp_bytes user_data;
    const uint8_t *mission_hash;  /* 32 bytes: measured in PCR16 and named by the enclave */
    const uint8_t *log_key;       /* 32 bytes */
    const uint8_t *deployment_id; /* 32 bytes */
    zcp_bytes accepted;           /* published measurements (docs/verify.md): a signed list, or an
                                     entry of the public log with its proof */
    const uint8_t *release_key;   /* 32 bytes, Ed25519: signs that list or log */
} zcp_policy;

typedef enum zcp_check_state {
    ZCP_CHECK_PASSED = 1,
    ZCP_CHECK_FAILED = 2,
    ZCP_CHECK_NOT_ASKED = 3, /* nothing was given to hold it against */
} zcp_check_state;

typedef struct zcp_check {
    char name[24];
    zcp_check_state state;
    char detail[120]; /* what was found, or what that means */
} zcp_check;

/* The conclusion. Apart from the checks all claims are empty unless `valid`. */
typedef struct zcp_conclusion {
    bool valid;
    bool hardware;    /* valid, under the maker's own root, and not in debug mode */
    bool development; /* under a root of the caller's */
    bool debug;
    zcp_evidence_kind kind;
    size_t check_count;
    zcp_check check[24]; /* in their order; the last is the one that failed, if any did */
    size_t measurement_count;
    zcp_measurement measurement[32];
    char module_id[256];
    bool has_time;
    uint64_t timestamp_ms;
    size_t nonce_len;
    uint8_t nonce[1024];
    size_t user_data_len;
    uint8_t user_data[1024];
    size_t public_key_len;
    uint8_t public_key[1024];
    bool ours; /* the user data describes a ZeroCopy deployment: the next four are set */
    uint8_t deployment_id[32];
    uint8_t mission_hash[32];
    uint8_t log_key[32];
    uint8_t boot_id[16];
    char tcb_status[48];  /* Intel's word: "UpToDate"; empty for others */
    char advisories[512]; /* "INTEL-SA-00289 INTEL-SA-00615" */
    char platform[64];    /* for people */
    char accepted_as[96]; /* label of the accepted measurement that fits */
} zcp_conclusion;

/* Verifies evidence offline. ZCP_OK: every check passed. ZCP_NOT_VERIFIED: error says which failed
 * first, and *ret_conclusion, which is written then too, has the table up to it. Pure, and safe
 * from any thread. Other errors: ZCP_USAGE, ZCP_FAILED (the root can't be read). */
ZCP_API zcp_result zcp_verify_evidence(const uint8_t *evidence, size_t len,
                                       const zcp_policy *policy, zcp_conclusion *ret_conclusion,
                                       zcp_error *error);

/* The kill switch: from the answer on nothing is signed. Any approver may pull it. */
ZCP_API zcp_result zcp_halt(zcp_session *session, const char *reason, uint64_t *ret_entry,
                            zcp_error *error);
/* Asks for signing to go on; ZCP_APPROVAL_NEEDED until enough approvers have asked. */
ZCP_API zcp_result zcp_resume(zcp_session *session, uint64_t *ret_entry, zcp_error *error);

/* A request that a rule of the mission holds back until people have said yes. Its id is the number
 * of the log entry that holds it: zcp_decision.entry of an answer ZCP_APPROVAL_NEEDED. Whoever
 * asked asks again with the same request once it is approved; it is then decided anew, and signed
 * once. */
typedef struct zcp_review {
    uint64_t entry;
    uint8_t leaf[32];   /* of that entry: what approvers sign */
    char principal[64]; /* who asked */
    char key[64];
    char rule[64]; /* that wants approvals */
    uint64_t created_ms;
    uint32_t have; /* approvals of its panel that have not expired */
    uint32_t needed;
    bool approved; /* enough of them, of enough organisations */
    uint64_t
        valid_ms; /* how long an approval by this session's principal may live; 0: none counts */
} zcp_review;

/* Those that this principal may see: their own; all of them for approvers and auditors. */
ZCP_API zcp_result zcp_review_list(zcp_session *session, uint64_t from, zcp_review *ret_reviews,
                                   size_t capacity, size_t *ret_count, uint64_t *ret_total,
                                   zcp_error *error);
/* One of them, and what it would do in the enclave's own words (text of several lines, at most
 * 64 KiB; NULL: not wanted). ZCP_FAILED with reason POLICY_APPROVAL_UNKNOWN when it is not there
 * any more: signed, or forgotten. */
ZCP_API zcp_result zcp_review_status(zcp_session *session, uint64_t entry, zcp_review *ret_review,
                                     char *ret_text, size_t capacity, zcp_error *error);
/* Approves it with the session's credential, for `valid_ms` from now (0: as long as the mission
 * lets it be). */
ZCP_API zcp_result zcp_approve(zcp_session *session, const zcp_review *review, uint64_t valid_ms,
                               uint64_t *ret_entry, zcp_error *error);

/* Brings what a feed of the mission has said and signed (docs/policy.md). Anybody may bring it. */
ZCP_API zcp_result zcp_feed(zcp_session *session, const uint8_t *message, size_t len,
                            const uint8_t signature[64], uint64_t *ret_entry, zcp_error *error);

typedef enum zcp_revocable { ZCP_REVOKE_PRINCIPAL = 1, ZCP_REVOKE_RULE = 2 } zcp_revocable;
/* Asks for a principal, or what an `allow` rule allows, to be taken away for as long as this
 * mission lasts; ZCP_APPROVAL_NEEDED until as many approvers have asked as resuming needs. */
ZCP_API zcp_result zcp_revoke(zcp_session *session, zcp_revocable kind, const char *name,
                              uint64_t *ret_entry, zcp_error *error);

/* The mission in force, and its change that is under way (docs/mission.md). */
typedef struct zcp_mission {
    uint64_t entry;       /* in the log: of the step just taken; 0 of zcp_mission_get() */
    uint8_t hash[32];     /* of the mission in force */
    uint8_t born[32];     /* of the one that the deployment was born with */
    int changeable;       /* it says who may change it */
    int begun;            /* a change is under way; what follows is about it */
    uint8_t next[32];     /* hash of the next mission */
    uint64_t began;       /* the entry that began it */
    uint64_t earliest_ms; /* when it may take effect, and when it is void; since 1970 */
    uint64_t expires_ms;
    uint32_t have; /* signatures that count now, and organisations of those who gave them */
    uint32_t needed;
    uint32_t organisations;
    uint32_t organisations_needed;
    int member;       /* the session's principal may sign */
    uint64_t time_ms; /* the enclave's clock */
} zcp_mission;

ZCP_API zcp_result zcp_mission_get(zcp_session *session, zcp_mission *ret_mission,
                                   zcp_error *error);
/* Begins a change to the mission with this hash. */
ZCP_API zcp_result zcp_mission_begin(zcp_session *session, const uint8_t next[32],
                                     zcp_mission *ret_mission, zcp_error *error);
/* Signs the change to this mission, with the session's credential: for `valid_ms` from now; 0: for
 * as long as the change lives. */
ZCP_API zcp_result zcp_mission_sign(zcp_session *session, const uint8_t next[32], uint64_t valid_ms,
                                    zcp_mission *ret_mission, zcp_error *error);
ZCP_API zcp_result zcp_mission_withdraw(zcp_session *session, const uint8_t next[32],
                                        zcp_mission *ret_mission, zcp_error *error);
/* Puts it in force, and so ends this enclave: the next one serves under that mission.
 * ZCP_APPROVAL_NEEDED while signatures lack, or the delay has not passed. */
ZCP_API zcp_result zcp_mission_activate(zcp_session *session, const uint8_t next[32],
                                        zcp_mission *ret_mission, zcp_error *error);

/* What the policy's state shows, a section at a time. */
typedef enum zcp_policy_section {
    ZCP_SECTION_RADIUS = 1, /* what could still move if the host turned hostile now, of each asset
                               that is spent in slices, and until when */
    ZCP_SECTION_LIMITS = 2, /* what is left of each window */
    ZCP_SECTION_FEEDS = 3,
    ZCP_SECTION_BREAKERS = 4,
    ZCP_SECTION_REVOKED = 5,
} zcp_policy_section;

typedef struct zcp_policy_line {
    char name[64];    /* rule, feed, breaker or principal; RADIUS: empty */
    char asset[64];   /* of the amounts */
    char amount[80];  /* RADIUS: what could move. LIMITS: what is left */
    char limit[80];   /* LIMITS */
    char leased[80];  /* LIMITS: the rest of the present slice, which may be signed at once */
    uint64_t time_ms; /* RADIUS: until when. FEEDS: of its last word; 0: none yet */
    char feed[64];    /* LIMITS, BREAKERS: whose word it takes; empty: enforced */
    uint8_t state;    /* FEEDS: 1 fresh. BREAKERS: 1 it set the mode. REVOKED: zcp_revocable */
    uint8_t mode;     /* BREAKERS: the zcp_mode that it trips to */
} zcp_policy_line;

ZCP_API zcp_result zcp_policy_list(zcp_session *session, zcp_policy_section section, uint64_t from,
                                   zcp_policy_line *ret_lines, size_t capacity, size_t *ret_count,
                                   uint64_t *ret_total, zcp_error *error);

/* "socket" or "shared memory". */
ZCP_API_VOID const char *zcp_session_transport(const zcp_session *session);

/* What the session checked when it was opened. */
ZCP_API_VOID const zcp_evidence *zcp_session_evidence(const zcp_session *session);

#ifdef __cplusplus
}
#endif

#endif
