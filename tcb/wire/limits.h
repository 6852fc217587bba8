/* How long what we send may be. Bytes, unless it says otherwise. */
#ifndef ZC_WIRE_LIMITS_H
#define ZC_WIRE_LIMITS_H

/* Names of keys, principals, rules, assets and missions: text. */
#define ZC_NAME_MAX 63
/* Requests of one record. */
#define ZC_RECORD_REQUESTS 64
/* What may be asked to be signed. */
#define ZC_PAYLOAD_MAX 61440 /* 60 KiB */
#define ZC_NONCE_MAX 512
#define ZC_HALT_REASON_MAX 200
/* A feed's message, and what a list of policy's state or of reviews may take. */
#define ZC_FEED_MESSAGE_MAX 61440
#define ZC_LIST_BYTES_MAX 32768
#define ZC_REVIEW_INFO_MAX 512
/* An attestation document; real ones have 4 to 6 KiB. */
#define ZC_DOCUMENT_MAX 16384      /* 16 KiB */
#define ZC_STORED_GENESIS_MAX 8192 /* 8 KiB */
#define ZC_BIRTH_CERTIFICATE_MAX 512
/* A private key on its way in, encrypted to the import key: RSA keys have 2.4 KiB. */
#define ZC_SEALED_IMPORT_MAX 2560
/* The name that a venue knows a key by: text. */
#define ZC_API_KEY_MAX 256
#define ZC_PUBLIC_KEY_MAX 65
#define ZC_SIGNATURE_MAX 512
/* What goes out beside a signature: it leaves room for the rest of its reply. */
#define ZC_ARTEFACT_MAX 64000
#define ZC_PLATFORM_NAME_MAX 31
/* Keys that one answer to KEY_LIST holds. */
#define ZC_KEY_LIST_MAX 32

/* The host link. */
#define ZC_MISSION_MAX 983040 /* 960 KiB: of one frame; longer ones come in parts (hostlink.h) */
#define ZC_STORED_KEY_MAX 3584
#define ZC_STORED_KEYS_MAX 524288 /* 512 KiB: many of them, one behind the other */
#define ZC_STORED_ROOT_MAX 1024
#define ZC_ENTRY_MAX 24576   /* 24 KiB */
#define ZC_OPENING_MAX 73728 /* 72 KiB */
/* Anything that the enclave hands out to be stored. */
#define ZC_STORE_DATA_MAX 98304 /* 96 KiB */
#define ZC_COSIGNED_MAX 8192    /* a checkpoint and its cosignatures */
#define ZC_STATEMENT_MAX 1024
#define ZC_FOUNDERS_MAX 16
#define ZC_VERSION_MAX 63
#define ZC_DETAIL_MAX 500

/* The front link. */
#define ZC_SPKI_MAX 1024
#define ZC_CERTIFICATE_MAX 2048

#endif
