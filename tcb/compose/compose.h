/* Venue orders: from a structured order to exactly the request bytes that the venue wants.
 *
 * The order is what policy judges; the bytes are made here, from it alone, and signed inside, so
 * nobody can have one order judged and another one sent. Three steps:
 *
 *     zc_compose_prepare()   the request without its signatures, and what is to be signed
 *     zc_compose_intent()    what policy, log and people see of it
 *     zc_compose_finish()    the request with its signatures, ready to send
 *
 * What the order says and the venue's call cannot carry is refused, never dropped; what the order
 * leaves open is the venue's default. Numbers are written as the order has them, digit for digit.
 * Every text of the order is held against the alphabet that names at venues have and encoded for
 * the place where it goes: no text of an order can begin another parameter, field or header.
 *
 * Nothing here allocates, and the structs hold no secret. All input is public but the passphrase,
 * which only zc_compose_finish() sees and only copies. */
#ifndef ZC_COMPOSE_COMPOSE_H
#define ZC_COMPOSE_COMPOSE_H

#include "base/secret.h"
#include "base/writer.h"
#include "compose/reasons.h"
#include "crypto/curve.h"
#include "intent/intent.h"

/* Bytes of a path with its query, of a body, of what is signed, and of all header values. */
#define ZC_COMPOSE_TEXT_MAX 4096
#define ZC_COMPOSE_MAX_HEADERS 10
#define ZC_COMPOSE_MAX_SIGNINGS 2
#define ZC_COMPOSE_MAX_HOLES 4
/* Longest signature: RSA with 4096 bits. */
#define ZC_COMPOSE_MAX_SIGNATURE 512
#define ZC_COMPOSE_MAX_API_KEY 256
#define ZC_COMPOSE_MAX_PASSPHRASE 64
/* Decimals of every asset at a venue: amounts of movements are in units of 10^-18. */
#define ZC_COMPOSE_DECIMALS 18
/* No finished request is longer. */
#define ZC_COMPOSE_MAX_FINISHED 20480

typedef enum zc_compose_key {
    ZC_COMPOSE_KEY_HMAC =
        1, /* the venue's API secret: bytes, decoded where it is base64 (Kraken) */
    ZC_COMPOSE_KEY_ED25519 = 2,
    ZC_COMPOSE_KEY_RSA = 3,
    ZC_COMPOSE_KEY_P256 = 4,
    ZC_COMPOSE_KEY_SECP256K1 = 5,
} zc_compose_key;

/* How the venue knows the key. All of it is public. */
typedef struct zc_compose_account {
    zc_compose_key key;
    zc_slice api_key;        /* the key's name at the venue; empty where the key is its own name */
    const zc_pubkey *pubkey; /* of Ed25519, P-256 and secp256k1 keys; otherwise NULL */
} zc_compose_account;

/* A venue's passphrase (OKX, KuCoin, Bitget): a secret beside the API secret. */
typedef struct zc_compose_passphrase {
    uint8_t len;
    uint8_t byte[ZC_COMPOSE_MAX_PASSPHRASE]; /* printable ASCII */
} zc_compose_passphrase;
void zc_compose_passphrase_wipe(zc_compose_passphrase *passphrase);
#define ZC_COMPOSE_PASSPHRASE __attribute__((cleanup(zc_compose_passphrase_wipe)))

/* What the key does with the preimage; the result is raw bytes, which zc_compose_finish() encodes.
 */
typedef enum zc_compose_scheme {
    ZC_COMPOSE_HMAC_SHA256 = 1,      /* 32 bytes */
    ZC_COMPOSE_HMAC_SHA512 = 2,      /* 64 bytes */
    ZC_COMPOSE_ED25519 = 3,          /* 64 bytes over the preimage itself */
    ZC_COMPOSE_RSA_PKCS1_SHA256 = 4, /* as long as the modulus */
    ZC_COMPOSE_ECDSA_SHA256 = 5,     /* r ‖ s over SHA-256: P-256 (ES256), secp256k1 (Cosmos) */
    ZC_COMPOSE_ECDSA_KECCAK256 = 6,  /* r ‖ s ‖ recovery id (0, 1) over Keccak-256: EIP-712 */
} zc_compose_scheme;

/* One thing to sign with the account's key. */
typedef struct zc_compose_signing {
    zc_compose_scheme scheme;
    bool is_passphrase; /* the preimage is the passphrase (KuCoin), not a part of `preimage` */
} zc_compose_signing;

typedef enum zc_compose_encoding {
    ZC_COMPOSE_HEX = 1, /* lower case */
    ZC_COMPOSE_BASE64 = 2,
    ZC_COMPOSE_BASE64_PERCENT = 3, /* base64, with what a query cannot hold percent-encoded */
    ZC_COMPOSE_BASE64_URL = 4,     /* RFC 4648 §5 without padding (JWT) */
    ZC_COMPOSE_PLAIN = 5,          /* the passphrase as it is */
    ZC_COMPOSE_OWN = 6,            /* the venue's own function writes it (venue.h) */
} zc_compose_encoding;

typedef enum zc_compose_part {
    ZC_COMPOSE_PATH = 1,
    ZC_COMPOSE_BODY = 2,
    ZC_COMPOSE_HEADER = 3,
} zc_compose_part;

/* Where something goes that the composition does not have: a signature, or the passphrase. */
#define ZC_COMPOSE_OF_PASSPHRASE 0xff
typedef struct zc_compose_hole {
    zc_compose_part part;
    zc_compose_encoding encoding;
    uint8_t of;     /* 0, 1: which signature; or ZC_COMPOSE_OF_PASSPHRASE */
    uint8_t header; /* which header, when part is one */
    uint16_t at;    /* offset in the path, the body or the header's value */
} zc_compose_hole;

typedef enum zc_compose_method {
    ZC_COMPOSE_GET = 1,
    ZC_COMPOSE_POST = 2,
    ZC_COMPOSE_PUT = 3,
    ZC_COMPOSE_DELETE = 4,
    ZC_COMPOSE_PATCH = 5,
} zc_compose_method;

typedef struct zc_compose_text {
    uint16_t len;
    uint8_t byte[ZC_COMPOSE_TEXT_MAX];
} zc_compose_text;

typedef struct zc_compose_header {
    const char *name; /* static */
    uint16_t at;      /* of its value in `values` */
    uint16_t len;
} zc_compose_header;

/* A request but for its signatures. Holds no secret. */
typedef struct zc_composition {
    zc_venue venue;
    zc_compose_method method;
    bool needs_passphrase;
    bool is_key_call; /* changes who may act at the venue */
    uint8_t signing_count;
    uint8_t header_count;
    uint8_t hole_count;
    bool has_expiry;
    uint64_t expiry_ms;       /* the venue refuses the request from then on */
    uint64_t nonce;           /* as the request carries it; 0: it carries none */
    char call[ZC_METHOD_MAX]; /* what is called, for people and rules: "POST /api/v3/order" */
    zc_compose_signing signings[ZC_COMPOSE_MAX_SIGNINGS];
    zc_compose_hole holes[ZC_COMPOSE_MAX_HOLES]; /* in one part by ascending offset */
    zc_compose_header headers[ZC_COMPOSE_MAX_HEADERS];
    zc_compose_text path; /* relative to the venue's host, with the query */
    zc_compose_text body;
    zc_compose_text values;   /* of the headers */
    zc_compose_text preimage; /* of the signing that is not over the passphrase */
} zc_composition;

/* Makes the request. `now_ms` is the clock; `nonce` is a number that this key has not used before
 * and greater than all it has (venues that take no nonce do not look at it). An order's own time_ms
 * replaces both. Errors: reasons.h; ret_composition is then untouched. */
ZC_MUST_USE zc_result zc_compose_prepare(const zc_order *order, const zc_compose_account *account,
                                         uint64_t now_ms, uint64_t nonce,
                                         zc_composition *ret_composition);

/* What is to be signed by signing `index`: a part of the composition. Empty for one over the
 * passphrase. */
zc_slice zc_compose_preimage(const zc_composition *composition, size_t index);

/* The intent of a prepared order: the order itself, the venue as chain, the call as method, and as
 * digest the Keccak-256 of the preimage where that is what is signed, else its SHA-256. A
 * withdrawal is an OUT movement of the asset (token: its symbol) to the address as text, a transfer
 * one to the account that receives it. Errors: ZC_COMPOSE_AMOUNT, and those of intent.h; the intent
 * is then reset. */
ZC_MUST_USE zc_result zc_compose_intent(const zc_order *order, const zc_composition *composition,
                                        zc_intent *ret_intent);

/* Writes the finished request, deterministic CBOR:
 *
 *     {1: method tstr, 2: path with query tstr, 3: [* [name tstr, value tstr]], 4: body bstr}
 *
 * signatures[i] are the raw bytes for composition->signings[i]; `passphrase` is looked at only
 * where needs_passphrase, and may be NULL otherwise. Errors: ZC_COMPOSE_SIGNATURE (one is missing
 * or not as long as its scheme makes it), ZC_COMPOSE_PASSPHRASE_MISSING, ZC_COMPOSE_TOO_LONG,
 * ZC_BASE_FULL; the writer is then where it was. */
ZC_MUST_USE zc_result zc_compose_finish(const zc_composition *composition,
                                        const zc_slice signatures[static ZC_COMPOSE_MAX_SIGNINGS],
                                        const zc_compose_passphrase *passphrase, zc_writer *writer);

/* "GET", "POST" …; NULL for a number that is none. */
const char *zc_compose_method_name(zc_compose_method method);

#endif
