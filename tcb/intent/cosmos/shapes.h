/* Private to the module: what the messages of Cosmos chains hold and do, as data.
 *
 * A shape lists the fields of a protobuf message with the part that each plays; one loop (walk.c)
 * reads them all. Numbers and names are those of the .proto files of cosmos-sdk, ibc-go and wasmd.
 */
#ifndef ZC_INTENT_COSMOS_SHAPES_H
#define ZC_INTENT_COSMOS_SHAPES_H

#include "intent/intent.h"

#define ZC_COSMOS_MAX_FIELDS 9

typedef enum zc_cosmos_kind {
    ZC_COSMOS_END = 0,
    ZC_COSMOS_TEXT,
    ZC_COSMOS_TEXTS, /* repeated */
    ZC_COSMOS_UINT,
    ZC_COSMOS_INT,
    ZC_COSMOS_BOOL,
    ZC_COSMOS_BYTES,
    ZC_COSMOS_COIN,
    ZC_COSMOS_COINS,
    ZC_COSMOS_TIME, /* Timestamp or Duration: its seconds */
    ZC_COSMOS_SUB,  /* an embedded message of the field's own shape */
    ZC_COSMOS_SUBS,
    ZC_COSMOS_ANY,      /* of an authorization's or an allowance's shape */
    ZC_COSMOS_MESSAGES, /* repeated Any: messages that this one runs */
    ZC_COSMOS_OPAQUE,   /* repeated: noted as not read */
} zc_cosmos_kind;

typedef enum zc_cosmos_role {
    ZC_COSMOS_SHOW = 0, /* an argument */
    ZC_COSMOS_ACTOR,    /* an address: for whom the message acts */
    ZC_COSMOS_TO,       /* an address: the counterparty of its movements */
    ZC_COSMOS_AMOUNT,   /* coins: a movement of the shape's kind */
    ZC_COSMOS_LIMIT,    /* coins: an allowance of the counterparty's */
    ZC_COSMOS_EXPIRY,   /* a time: when the grant ends */
    ZC_COSMOS_SILENT,   /* checked, but says nothing that is not said elsewhere */
    ZC_COSMOS_MEMO,     /* a text that another chain may run if it is a JSON object */
} zc_cosmos_role;

typedef struct zc_cosmos_shape zc_cosmos_shape;

typedef struct zc_cosmos_field {
    uint16_t number;
    uint8_t kind;
    uint8_t role;
    const char *label;
    const zc_cosmos_shape *sub;
} zc_cosmos_field;

struct zc_cosmos_shape {
    const char *type_url; /* NULL: only embedded */
    uint8_t operation;    /* 0: whatever it runs */
    uint8_t movement;     /* zc_movement_kind of its amounts; 0: none */
    bool hands_control;   /* its counterparty gets power: a movement of its own */
    bool is_open;         /* without a LIMIT it has none */
    bool may_expire;      /* without an EXPIRY it never does */
    uint64_t flags;
    zc_cosmos_field field[ZC_COSMOS_MAX_FIELDS];
};

/* A message by its type URL; NULL for one that is not known. */
const zc_cosmos_shape *zc_cosmos_message_shape(zc_slice type_url);
/* An authorization of authz or an allowance of feegrant. */
const zc_cosmos_shape *zc_cosmos_grant_shape(zc_slice type_url);

/* Tables: ended by a shape without type URL. */
extern const zc_cosmos_shape zc_cosmos_sdk_messages[];
extern const zc_cosmos_shape zc_cosmos_grant_messages[];
extern const zc_cosmos_shape zc_cosmos_other_messages[];

#endif
