/* Numbers that stand in messages, logs and sealed blobs alike: they are only ever added to. */
#ifndef ZC_WIRE_KINDS_H
#define ZC_WIRE_KINDS_H

typedef enum zc_key_tier {
    ZC_TIER_HOT = 1,
    ZC_TIER_WARM = 2,
    ZC_TIER_COLD = 3,
} zc_key_tier;

typedef enum zc_key_origin {
    ZC_ORIGIN_GENERATED = 1,
    ZC_ORIGIN_DERIVED = 2,
    ZC_ORIGIN_IMPORTED = 3, /* somebody else may hold it too, for ever */
} zc_key_origin;

typedef enum zc_key_state {
    ZC_KEY_ACTIVE = 1,
    ZC_KEY_DISABLED = 2, /* for good */
} zc_key_state;

/* What the enclave hands to the host to be kept. */
typedef enum zc_store_kind {
    ZC_STORE_ENTRY = 1,      /* of the log: goes to the journal */
    ZC_STORE_KEY = 2,        /* a sealed key; name: the key's name */
    ZC_STORE_CHECKPOINT = 3, /* a signed checkpoint; name: empty, the newest replaces */
    ZC_STORE_GENESIS = 4,    /* the genesis record; name: empty */
    ZC_STORE_ROOT = 5,       /* the sealed root secret; name: empty, or of a mission that took
                                the place of the one of the birth, ZC_ROOT_NAME_BYTES of its hash
                                in hexadecimal */
    ZC_STORE_DOCUMENT = 6,   /* attestation documents; name: the boot's id */
    ZC_STORE_SNAPSHOT = 7,   /* the next piece of a sealed snapshot; name: empty */
} zc_store_kind;

#define ZC_ROOT_NAME_BYTES 24

/* What a signature is for. X(NAME, number, name in missions) */
#define ZC_USES(X)                                                                                 \
    X(TX, 1, "tx")                                                                                 \
    X(MESSAGE, 2, "message")                                                                       \
    X(TYPED_DATA, 3, "typed-data")                                                                 \
    X(ORDER, 4, "order")                                                                           \
    X(DIGEST, 5, "digest")

typedef enum zc_use {
#define ZC_DECLARE_USE(name, number, text) ZC_USE_##name = (number),
    ZC_USES(ZC_DECLARE_USE)
#undef ZC_DECLARE_USE
} zc_use;

#endif
